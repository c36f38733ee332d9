//! How a grant has a capability: by its name or a pattern, or through roles.

use std::collections::HashMap;

use super::{Routes, SHOWN, ways_down};
use crate::effective::OrgRights;
use crate::model::{Grant, RoleIx, RoleRef};
use crate::source::{Sources, Span};
use crate::vocabulary::{CapabilitySet, Role as BuiltIn, vocabulary};

/// A step from a grant towards a capability.
#[derive(Clone, Copy, Debug)]
pub enum CapabilityStep {
    /// A role of the policy.
    Role {
        /// The role.
        role: RoleIx,
        /// Where it is named: by the grant, or by the role before.
        place: Span,
    },
    /// A built-in role.
    BuiltIn {
        /// The role.
        role: &'static BuiltIn,
        /// Where the policy names it, or the built-in role that extends it.
        place: Span,
    },
    /// The capability by its name, or a pattern that it matches.
    Named {
        /// Where it stands; for a built-in role, where the role is named.
        place: Span,
    },
}

/// How a grant has a capability.
pub type CapabilityRoute = Vec<CapabilityStep>;

/// The routes by which a grant or denial has a capability, before `read_only`.
#[must_use]
pub(crate) fn capability_routes(
    rights: &OrgRights,
    sources: &Sources,
    grant: &Grant,
    capability: usize,
) -> Routes<CapabilityRoute> {
    let roles = Roles { rights, sources, capability };
    let named = grant.capabilities.iter().find(|(set, _)| set.has(capability)).map(|(_, place)| *place);
    let roots = roles.below(named, &grant.roles);
    let total = roots.iter().fold(0_u64, |sum, (node, _)| sum.saturating_add(roles.count(*node)));
    let ways = ways_down(roots, |node| match node {
        Node::Declared(role) => {
            let role = &rights.org.roles[*role];
            let named = role.allow.has(capability).then(|| role.keys.at("allow").unwrap_or(role.span));
            Some(roles.below(named, &role.extends))
        }
        Node::BuiltIn | Node::Named => None,
    });
    let mut shown: Vec<CapabilityRoute> = ways.into_iter().map(|way| roles.through_built_in(way)).collect();
    shown.sort_by_key(Vec::len);
    shown.truncate(SHOWN);
    Routes { shown, total }
}

/// What leads to a capability.
#[derive(Clone, Copy)]
enum Node {
    Declared(RoleIx),
    BuiltIn,
    Named,
}

/// What is looked for.
#[derive(Clone, Copy)]
struct Roles<'r> {
    rights: &'r OrgRights,
    sources: &'r Sources,
    capability: usize,
}

impl Roles<'_> {
    /// What follows a grant or role: the capability itself, where it is named there, and the roles that have it.
    fn below(&self, named: Option<Span>, roles: &[(RoleRef, Span)]) -> Vec<(Node, CapabilityStep)> {
        let named = named.map(|place| (Node::Named, CapabilityStep::Named { place }));
        let roles = roles.iter().filter(|(role, _)| self.has(*role)).map(|(role, place)| {
            let place = *place;
            match role {
                RoleRef::Declared(role) => (Node::Declared(*role), CapabilityStep::Role { role: *role, place }),
                RoleRef::BuiltIn(role) => match self.built_in(role.capabilities, place) {
                    Some(role) => (Node::BuiltIn, CapabilityStep::BuiltIn { role, place }),
                    None => (Node::Named, CapabilityStep::Named { place }),
                },
            }
        });
        named.into_iter().chain(roles).collect()
    }

    fn has(&self, role: RoleRef) -> bool {
        match role {
            RoleRef::BuiltIn(role) => role.capabilities.has(self.capability),
            RoleRef::Declared(role) => self.rights.graph.inheritance.capabilities[role].has(self.capability),
        }
    }

    /// The built-in role that is named here; where an alias stands here, the first that comes to the same.
    fn built_in(&self, set: CapabilitySet, place: Span) -> Option<&'static BuiltIn> {
        let named = vocabulary().role(unquoted(self.sources.slice(place))).filter(|role| role.capabilities == set);
        named.or_else(|| vocabulary().roles().iter().find(|role| role.capabilities == set))
    }

    /// Adds the built-in roles that a built-in role at the end extends, as far as they have the capability.
    fn through_built_in(&self, mut way: CapabilityRoute) -> CapabilityRoute {
        while let Some(CapabilityStep::BuiltIn { role, place }) = way.last().copied() {
            let base = role.extends.as_deref().and_then(|base| vocabulary().role(base));
            way.push(match base.filter(|base| base.capabilities.has(self.capability)) {
                Some(base) => CapabilityStep::BuiltIn { role: base, place },
                None => CapabilityStep::Named { place },
            });
        }
        way
    }

    /// How many ways there are from a node to the capability.
    fn count(&self, node: Node) -> u64 {
        let Node::Declared(first) = node else { return 1 };
        let roles = &self.rights.org.roles;
        let mut known: HashMap<RoleIx, u64> = HashMap::new();
        let mut open = vec![first];
        while let Some(index) = open.last().copied() {
            let role = &roles[index];
            let bases = || role.extends.iter().map(|(base, _)| *base).filter(|base| self.has(*base));
            let unknown = bases().find_map(|base| match base {
                RoleRef::Declared(base) => Some(base).filter(|base| !known.contains_key(base)),
                RoleRef::BuiltIn(_) => None,
            });
            if let Some(base) = unknown {
                open.push(base);
                continue;
            }
            let own = u64::from(role.allow.has(self.capability));
            let through = |base| match base {
                RoleRef::Declared(base) => known.get(&base).copied().unwrap_or_default(),
                RoleRef::BuiltIn(_) => 1,
            };
            let sum = bases().map(through).fold(own, u64::saturating_add);
            known.insert(index, sum);
            open.pop();
        }
        known.get(&first).copied().unwrap_or_default()
    }
}

/// A scalar as written, without its quotes.
pub(crate) fn unquoted(text: &str) -> &str {
    let inner = |quote: char| text.strip_prefix(quote)?.strip_suffix(quote);
    inner('"').or_else(|| inner('\'')).unwrap_or(text)
}
