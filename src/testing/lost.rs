//! What grants lose where a role is dropped. In: roles that extend each other, and grants that name them. Out: for each
//! grant the roles that it could lose something with, and what (`semantics §3`).

use std::collections::{HashMap, HashSet};

use crate::effective::{OrgRights, capabilities_of, left_by_read_only};
use crate::model::{GrantIx, RoleIx, RoleRef};
use crate::vocabulary::CapabilitySet;

/// For each grant what it loses with each role; roles that make no difference to it are left out.
#[derive(Debug, Default)]
pub(super) struct Lost {
    by_grant: HashMap<GrantIx, Vec<(RoleIx, CapabilitySet)>>,
}

impl Lost {
    pub(super) fn new(rights: &OrgRights) -> Lost {
        let org = &rights.org;
        let mut naming: HashMap<RoleIx, Vec<GrantIx>> = HashMap::new();
        for (grant, stated) in org.grants.iter() {
            for (role, _) in &stated.roles {
                if let RoleRef::Declared(role) = role {
                    naming.entry(*role).or_default().push(grant);
                }
            }
        }
        let mut lost = Lost::default();
        for dropped in org.roles.indices() {
            let changed = without(rights, dropped);
            let grants: HashSet<GrantIx> =
                changed.keys().filter_map(|role| naming.get(role)).flatten().copied().collect();
            for grant in grants {
                let stated = &org.grants[grant];
                let roles = stated.roles.iter().map(|(role, _)| capabilities(rights, &changed, role));
                let named = roles.chain(stated.capabilities.iter().map(|(set, _)| *set)).collect();
                let left = left_by_read_only(stated, named);
                let gone = capabilities_of(&rights.graph, stated).without(left);
                if !gone.is_empty() {
                    lost.by_grant.entry(grant).or_default().push((dropped, gone));
                }
            }
        }
        lost
    }

    /// The roles with which a grant loses something, and what.
    pub(super) fn by(&self, grant: GrantIx) -> &[(RoleIx, CapabilitySet)] {
        self.by_grant.get(&grant).map(|lost| &lost[..]).unwrap_or_default()
    }
}

/// What roles come to where one of them has no capability; those that stay as they are are left out.
fn without(rights: &OrgRights, dropped: RoleIx) -> HashMap<RoleIx, CapabilitySet> {
    let mut changed = HashMap::from([(dropped, CapabilitySet::EMPTY)]);
    for index in rights.graph.inheritance.role_order.iter().filter(|index| **index != dropped) {
        let role = &rights.org.roles[*index];
        let is_changed =
            |(extended, _): &(RoleRef, _)| matches!(extended, RoleRef::Declared(one) if changed.contains_key(one));
        if !role.extends.iter().any(is_changed) {
            continue;
        }
        let extended: CapabilitySet =
            role.extends.iter().map(|(extended, _)| capabilities(rights, &changed, extended)).collect();
        let now = (extended | role.allow).without(role.without);
        if now != rights.graph.inheritance.capabilities[*index] {
            changed.insert(*index, now);
        }
    }
    changed
}

fn capabilities(rights: &OrgRights, changed: &HashMap<RoleIx, CapabilitySet>, role: &RoleRef) -> CapabilitySet {
    match role {
        RoleRef::BuiltIn(role) => role.capabilities,
        RoleRef::Declared(role) => {
            changed.get(role).copied().unwrap_or_else(|| rights.graph.inheritance.capabilities[*role])
        }
    }
}
