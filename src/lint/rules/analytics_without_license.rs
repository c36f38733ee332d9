//! `analytics-without-license`: who may create analytics cases and has no licence; who has a licence and no analytics.

use std::collections::BTreeMap;

use crate::diagnostics::{Diagnostic, Level, Rule, listed};
use crate::effective::{Evaluator, OrgRights, SubjectClassIx, capabilities_of, licenses_of};
use crate::lint::{Basis, Findings, Lint, Rights};
use crate::model::{GrantIx, RoleRef, UserIx};
use crate::source::Span;
use crate::vocabulary::{CapabilitySet, vocabulary};

pub(in crate::lint) static LINT: Lint = Lint {
    rule: Rule::lint("CG1009", "analytics-without-license", Level::Warn, include_str!("analytics_without_license.md")),
    basis: Basis::Rights(look),
};

fn look(policy: &Rights<'_>, findings: &mut Findings) {
    let rights = policy.rights;
    // where there is no pool, licences are given elsewhere
    if rights.org.licenses.as_ref().is_none_or(BTreeMap::is_empty) {
        return;
    }
    let Some(create) = vocabulary().number("analytics.create") else { return };
    let analytics = vocabulary().expand("analytics.*").unwrap_or_default();
    let mut evaluator = Evaluator::new(rights);
    let mut unlicensed: BTreeMap<GrantIx, Vec<UserIx>> = BTreeMap::new();
    for (index, class) in rights.statements.classes.iter().filter(|(_, class)| !class.owns_org) {
        let (held, granted) = held(rights, index, analytics, &mut evaluator);
        for user in &class.members {
            let licensed = licenses_of(&rights.org, &rights.graph, *user);
            let licensed = licensed.is_some_and(|levels| levels.iter().any(|(_, count, _)| *count > 0));
            if granted.has(create) && !licensed {
                if let Some(grant) = giving(rights, index, create) {
                    unlicensed.entry(grant).or_default().push(*user);
                }
            } else if licensed && held.is_empty() {
                idle_licence(rights, *user, findings);
            }
        }
    }
    for (grant, users) in unlicensed {
        let who = listed(users.iter().map(|user| &*rights.org.users[*user].id), "user");
        let verb = if users.len() == 1 { "has" } else { "have" };
        let found = format!("{who} may create analytics cases, and {verb} no licence");
        let at = item_giving(rights, grant, create);
        findings.push(
            Diagnostic::new(&LINT.rule, at, found)
                .label("given here")
                .help("give a licence with `licenses:`, or take `analytics.create` away"),
        );
    }
}

/// What of analytics a class of subjects holds, and what of it by grants and not by ownership.
fn held(
    rights: &OrgRights,
    index: SubjectClassIx,
    analytics: CapabilitySet,
    evaluator: &mut Evaluator<'_>,
) -> (CapabilitySet, CapabilitySet) {
    let owner = rights.statements.classes[index].owner;
    let mut grants = rights.statements.applying(index).map(|(grant, _)| &rights.org.grants[grant]);
    let concerned = owner.is_some()
        || grants.any(|grant| !grant.denial && !(capabilities_of(&rights.graph, grant) & analytics).is_empty());
    let (mut held, mut granted) = (CapabilitySet::default(), CapabilitySet::default());
    if !concerned {
        return (held, granted); // most people: no row need be made
    }
    for (class, right) in evaluator.row(index) {
        let right = evaluator.right(right);
        let all = right.allow_when.iter().fold(right.allow, |all, item| all | item.capabilities) & analytics;
        held = held | all;
        let owns = owner.is_some_and(|owner| rights.resources.classes[class].standing.owners.contains(&owner));
        if !owns {
            granted = granted | all;
        }
    }
    (held, granted)
}

/// The first grant that gives a capability to a class of subjects.
fn giving(rights: &OrgRights, index: SubjectClassIx, capability: usize) -> Option<GrantIx> {
    let mut grants = rights.statements.applying(index).map(|(grant, _)| grant);
    grants.find(|grant| {
        let grant = &rights.org.grants[*grant];
        !grant.denial && capabilities_of(&rights.graph, grant).has(capability)
    })
}

/// The item of a grant that has a capability.
fn item_giving(rights: &OrgRights, grant: GrantIx, capability: usize) -> Span {
    let grant = &rights.org.grants[grant];
    let of_role = |role: &RoleRef| match role {
        RoleRef::Declared(role) => rights.graph.inheritance.capabilities[*role],
        RoleRef::BuiltIn(role) => role.capabilities,
    };
    let roles = grant.roles.iter().map(|(role, at)| (of_role(role), *at));
    let mut items = grant.capabilities.iter().copied().chain(roles);
    items.find(|(set, _)| set.has(capability)).map_or(grant.span, |(_, at)| at)
}

fn idle_licence(rights: &OrgRights, user: UserIx, findings: &mut Findings) {
    let user = &rights.org.users[user];
    // who takes a licence over by `same_as` is told of at the one who has it
    let Some((_, _, at)) = user.licenses.iter().flatten().find(|(_, count, _)| *count > 0) else { return };
    let found = format!("`{}` has a licence, and holds nothing of analytics", user.id);
    findings.push(
        Diagnostic::new(&LINT.rule, *at, found).help("take the licence away, or grant something of `analytics.*`"),
    );
}
