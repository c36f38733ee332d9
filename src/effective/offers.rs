//! Offers: grants that are pending or were rejected. They give nothing, and the table lists them for a portal to show.

use std::collections::BTreeMap;

use super::condition::{CondIx, Condition, Conditions};
use super::resources::Resources;
use super::statements::{capabilities, named_users};
use super::targets::{Aim, Target};
use super::ways::Ways;
use crate::graph::{Graph, ResourceIx};
use crate::model::{Consent, Grant, GrantIx, Org, Subject, UserIx};
use crate::vocabulary::CapabilitySet;

/// What one set of users was offered.
#[derive(Clone, Debug)]
pub struct Offer {
    /// The grant.
    pub grant: GrantIx,
    /// The users, ascending.
    pub to: Vec<UserIx>,
    /// The resources, ascending.
    pub scope: Vec<ResourceIx>,
    /// The capabilities.
    pub capabilities: CapabilitySet,
    /// Pending or rejected.
    pub consent: Consent,
    /// Under which conditions; always where empty.
    pub when: Vec<CondIx>,
}

pub(super) fn offers(
    org: &Org,
    graph: &Graph,
    ways: &Ways,
    resources: &Resources,
    conditions: &mut Conditions,
) -> Vec<Offer> {
    let mut offers = Vec::new();
    for (index, grant) in org.grants.iter() {
        if grant.denial || !grant.enabled || grant.consent == Consent::Accepted || grant.broken.any {
            continue;
        }
        let offered = capabilities(graph, grant);
        let scope = resources_of(org, resources, grant, offered);
        if scope.is_empty() {
            continue;
        }
        for (when, to) in users_by_condition(org, graph, ways, grant, conditions) {
            let when = if when == [Conditions::ALWAYS] { Vec::new() } else { when };
            offers.push(Offer {
                grant: index,
                to,
                scope: scope.clone(),
                capabilities: offered,
                consent: grant.consent,
                when,
            });
        }
    }
    offers
}

fn resources_of(org: &Org, resources: &Resources, grant: &Grant, offered: CapabilitySet) -> Vec<ResourceIx> {
    let target = Target { narrowed: grant.only.is_some(), denial: false, classes: Vec::new() };
    let classes = Aim::of(grant).classes(org, resources).into_iter().map(|class| &resources.classes[class]);
    let applying = classes.filter(|class| !(offered & target.mask(class.standing.kind)).is_empty());
    let mut scope: Vec<ResourceIx> = applying.flat_map(|class| class.members.iter().copied()).collect();
    scope.sort_unstable();
    scope
}

/// The users to whom something is offered, by the conditions under which it would come to them.
fn users_by_condition(
    org: &Org,
    graph: &Graph,
    ways: &Ways,
    grant: &Grant,
    conditions: &mut Conditions,
) -> Vec<(Vec<CondIx>, Vec<UserIx>)> {
    let own = conditions.add(Condition::from(&grant.condition));
    let excepted = named_users(org, graph, ways, &grant.except);
    let mut alternatives: BTreeMap<UserIx, Vec<CondIx>> = BTreeMap::new();
    let mut add = |user: UserIx, conditions: &[CondIx]| {
        if org.users[user].disabled == Some(false) && !excepted.contains(&user) {
            alternatives.entry(user).or_default().extend(conditions);
        }
    };
    for (subject, _) in &grant.to {
        match subject {
            Subject::Everyone => org.users.indices().for_each(|user| add(user, &[own])),
            Subject::User(user) => graph.inheritance.equals[*user].iter().for_each(|user| add(*user, &[own])),
            Subject::Team(team) => {
                for (user, set) in &ways.members[*team] {
                    let through = conditions.product(ways.sets.get(*set), &[own]);
                    add(*user, &through);
                }
            }
        }
    }
    let mut by_condition: BTreeMap<Vec<CondIx>, Vec<UserIx>> = BTreeMap::new();
    for (user, alternatives) in alternatives {
        let when = conditions.reduce(&alternatives);
        if !when.is_empty() {
            by_condition.entry(when).or_default().push(user);
        }
    }
    by_condition.into_iter().collect()
}
