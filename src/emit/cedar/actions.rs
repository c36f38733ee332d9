//! Capabilities as Cedar's actions; patterns and roles as groups of actions.

use std::collections::{BTreeMap, BTreeSet};

use super::names::Names;
use super::text::Uid;
use crate::graph::Graph;
use crate::model::{Org, Role, RoleRef};
use crate::vocabulary::{CapabilityClass, CapabilitySet, vocabulary};

/// The action of a capability.
fn action(number: usize) -> Uid {
    Uid::new("Action", vocabulary().name(number))
}

/// The patterns that stand for several capabilities, with their groups.
fn patterns() -> impl Iterator<Item = (String, CapabilitySet)> {
    let families = vocabulary().capabilities().iter().filter_map(|c| c.name.split_once('.'));
    let families: BTreeSet<String> = families.map(|(family, _)| format!("{family}.*")).collect();
    let classes = CapabilityClass::ALL.into_iter().map(|class| format!("class:{}", class.name()));
    let all = std::iter::once("*".to_owned()).chain(classes).chain(families);
    all.filter_map(|pattern| Some((vocabulary().expand(&pattern)?, pattern))).map(|(set, pattern)| (pattern, set))
}

/// What stands for one item of a list of capabilities: the action, the group of its pattern.
pub(super) fn action_of(item: CapabilitySet) -> Vec<Uid> {
    if item.len() > 1
        && let Some((pattern, _)) = patterns().find(|(_, set)| *set == item)
    {
        return vec![Uid::new("Action", pattern)];
    }
    item.iter().map(action).collect()
}

/// Every action and group with the groups that it is in directly.
pub(super) fn hierarchy<'m>(
    orgs: impl Iterator<Item = (&'m Org, &'m Graph, Names<'m>)>,
) -> BTreeMap<Uid, BTreeSet<Uid>> {
    let mut parents: BTreeMap<Uid, BTreeSet<Uid>> = BTreeMap::new();
    let mut put = |group: Uid, members: Vec<Uid>| {
        for member in members {
            parents.entry(member).or_default().insert(group.clone());
        }
        parents.entry(group).or_default();
    };
    for (pattern, set) in patterns() {
        put(Uid::new("Action", pattern), set.iter().map(action).collect());
    }
    let mut built_in = BTreeSet::new();
    for (org, graph, names) in orgs {
        for (index, role) in org.roles.iter() {
            let capabilities = graph.inheritance.capabilities[index];
            put(names.role(RoleRef::Declared(index)), members(role, capabilities, &names));
        }
        let extended = org.roles.iter().flat_map(|(_, role)| &role.extends);
        let granted = org.grants.iter().flat_map(|(_, grant)| &grant.roles);
        for (role, _) in extended.chain(granted) {
            if let RoleRef::BuiltIn(role) = role {
                built_in.insert(&*role.name);
            }
        }
    }
    for role in vocabulary().roles() {
        if built_in.contains(&*role.name) {
            let group = Uid::new("Action", format!("role:{}", role.name));
            put(group, role.capabilities.iter().map(action).collect());
        }
    }
    parents
}

/// What is in a role's group: its own capabilities and the groups of the roles that it extends. Cedar takes nothing out
/// of a group again, so a role with `without` has its capabilities one by one.
fn members(role: &Role, capabilities: CapabilitySet, names: &Names<'_>) -> Vec<Uid> {
    if !role.without.is_empty() {
        return capabilities.iter().map(action).collect();
    }
    let extended = role.extends.iter().map(|(base, _)| names.role(*base));
    extended.chain(role.allow.iter().map(action)).collect()
}
