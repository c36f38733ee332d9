//! What a class of subjects, or a link, holds of one capability on one resource: the cell of the table, without its table.

use super::clock::Request;
use super::unmet::{Bearer, Counting, unmet};
use super::why::{Question, Who};
use crate::effective::{CondIx, Conditions, LinkRights, OrgRights, ResourceClassIx, Right, SubjectClassIx};
use crate::graph::ResourceIx;

/// Under which conditions a right is held.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Held {
    /// Any one of these, reduced, in the table's order; none where it is not held.
    pub when: Vec<CondIx>,
    /// And none of these.
    pub denied: Vec<CondIx>,
}

impl Held {
    /// Held whatever the time and the address.
    #[must_use]
    pub fn always() -> Held {
        Held { when: vec![Conditions::ALWAYS], denied: Vec::new() }
    }

    /// Whether it is not held at all.
    #[must_use]
    pub fn is_nothing(&self) -> bool {
        self.when.is_empty()
    }

    /// Whether it is held without any condition.
    #[must_use]
    pub fn is_always(&self) -> bool {
        self.when == [Conditions::ALWAYS] && self.denied.is_empty()
    }

    /// Whether it holds; the subject's own dates and networks aside.
    #[must_use]
    pub fn holds(&self, rights: &OrgRights, request: &Request) -> bool {
        request.meets_any(&self.when, rights, false) && !request.meets_any(&self.denied, rights, true)
    }

    /// What a right says of one capability.
    pub(super) fn of(right: &Right, capability: usize) -> Held {
        let denied = right.deny_when.iter().find(|item| item.capabilities.has(capability));
        match right.alternatives(capability) {
            Some(when) => {
                Held { when: when.to_vec(), denied: denied.map(|item| item.when.clone()).unwrap_or_default() }
            }
            None => Held::default(),
        }
    }
}

/// What a class of users holds on a class of resources; the users' own dates and networks aside.
#[must_use]
pub fn held(rights: &OrgRights, subjects: SubjectClassIx, resources: ResourceClassIx, capability: usize) -> Held {
    let standing = &rights.resources.classes[resources].standing;
    let class = &rights.statements.classes[subjects];
    if !crate::vocabulary::vocabulary().of_kind(standing.kind).has(capability) {
        return Held::default();
    }
    if class.owns_org || class.owner.is_some_and(|owner| standing.owners.binary_search(&owner).is_ok()) {
        return Held::always();
    }
    let (mut when, mut denied) = (Vec::new(), Vec::new());
    for (index, statement, alternatives) in rights.statements.coming(subjects) {
        // what is barred is no target of any statement
        if rights.statements.capabilities_on(index, resources, standing.kind).has(capability) {
            if statement.denial { &mut denied } else { &mut when }.extend(alternatives);
        }
    }
    if when.is_empty() {
        return Held::default();
    }
    let conditions = &rights.conditions;
    let denied = conditions.reduce(&denied);
    let mut when = conditions.reduce(&when);
    when.retain(|held| !denied.iter().any(|denied| conditions.lies_in(*held, *denied)));
    if when.is_empty() { Held::default() } else { Held { when, denied } }
}

/// Whether a subject may: what the table says.
#[must_use]
pub fn decide(rights: &OrgRights, question: &Question) -> bool {
    let Question { who, capability, resource, request } = question;
    match who {
        Who::User(user) => {
            let Some(subjects) = rights.statements.class_of[*user] else { return false };
            let own = unmet(Bearer::User(*user), &rights.org, &rights.graph, request, Counting::All);
            let class = rights.resources.class_of[*resource];
            own.is_empty() && held(rights, subjects, class, *capability).holds(rights, request)
        }
        Who::Link(link) => {
            let given = rights.links.iter().find(|given| given.link == *link);
            given.is_some_and(|given| held_by_link(given, *resource, *capability).holds(rights, request))
        }
    }
}

/// What a link gives on a resource.
#[must_use]
pub fn held_by_link(link: &LinkRights, resource: ResourceIx, capability: usize) -> Held {
    let right = link.access.binary_search_by_key(&resource, |(device, _)| *device);
    right.ok().and_then(|at| link.access.get(at)).map_or_else(Held::default, |(_, right)| Held::of(right, capability))
}
