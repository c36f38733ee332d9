//! Near misses: what of a grant keeps it from giving a right to a user, named part by part. In: a grant and a question.
//! Out: everything that it misses; nothing where it gives the right at some time, from somewhere.

use std::collections::BTreeSet;

use super::routes::{Membership, groups_in_only};
use super::why::{Asker, scopes_of};
use crate::graph::Resource;
use crate::model::{Consent, Grant, GrantIx, RoleIx, RoleRef, Scope};
use crate::source::Span;
use crate::vocabulary::{CapabilityClass, CapabilitySet, ResourceKind, vocabulary};

/// What a grant misses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Miss {
    /// It does not name the subject.
    NotNamed,
    /// Its `except` names the subject, by this item.
    Excepted(Span),
    /// None of its scopes reaches the resource.
    NotReached,
    /// Its `except_scope` reaches the resource, by this item.
    ScopeExcepted(Span),
    /// Its `kinds` leave the resource out.
    Kinds(Span),
    /// Its `only` leaves the resource out, or the capability on a recorder.
    Only(Span),
    /// It has no such capability.
    NoCapability,
    /// `read_only` leaves the capability out.
    ReadOnly(Span),
    /// A role takes it out again.
    Without(RoleIx, Span),
    /// It is not enabled.
    NotEnabled(Span),
    /// It was not accepted.
    Consent(Consent, Span),
}

impl Miss {
    /// Whether the grant would be another without it: it speaks of others, of other resources or of other capabilities.
    #[must_use]
    pub fn is_other(self) -> bool {
        matches!(self, Miss::NotNamed | Miss::NotReached | Miss::NoCapability)
    }
}

/// A grant that does not give the right.
#[derive(Clone, Debug)]
pub struct NearMiss {
    /// The grant.
    pub grant: GrantIx,
    /// What it misses.
    pub misses: Vec<Miss>,
}

/// The grants that come near.
#[derive(Clone, Debug, Default)]
pub struct Near {
    /// Those that speak of the subject, the resource and the capability, and are narrowed away or not in force: all.
    pub narrowed: Vec<NearMiss>,
    /// Those that speak of two of the three.
    pub others: Vec<NearMiss>,
}

/// The grants that come near to giving a right. Denials are none.
pub(super) fn near_misses(
    asker: &Asker<'_>,
    membership: &Membership<'_>,
    resource: Resource,
    capability: usize,
) -> Near {
    let scopes = scopes_of(asker.rights, resource);
    let mut near = Near::default();
    for (index, grant) in asker.rights.org.grants.iter() {
        if grant.denial {
            continue;
        }
        let misses = misses(asker, membership, &scopes, resource, capability, index);
        match misses.iter().filter(|miss| miss.is_other()).count() {
            0 if misses.is_empty() => {}
            0 => near.narrowed.push(NearMiss { grant: index, misses }),
            1 => near.others.push(NearMiss { grant: index, misses }),
            _ => {}
        }
    }
    near.others.sort_by_key(|near| near.misses.len());
    near
}

/// What a grant or denial misses; conditions, and what bars a device from everybody, aside.
pub(super) fn misses(
    asker: &Asker<'_>,
    membership: &Membership<'_>,
    scopes: &BTreeSet<Scope>,
    resource: Resource,
    capability: usize,
    index: GrantIx,
) -> Vec<Miss> {
    let grant = &asker.rights.org.grants[index];
    let mut misses = Vec::new();
    if !membership.is_named(&grant.to) {
        misses.push(Miss::NotNamed);
    } else if let Some(item) = grant.except.iter().find(|item| membership.is_named(std::slice::from_ref(item))) {
        misses.push(Miss::Excepted(item.1));
    }
    where_it_misses(asker, grant, scopes, resource, capability, &mut misses);
    what_it_misses(asker, grant, capability, resource.kind(&asker.rights.org), &mut misses);
    let place = |key: &str| grant.keys.at(key).unwrap_or(grant.span);
    if !grant.enabled {
        misses.push(Miss::NotEnabled(place("enabled")));
    }
    if grant.consent != Consent::Accepted {
        misses.push(Miss::Consent(grant.consent, place("consent")));
    }
    misses
}

/// `reach(scope)` less `except_scope`, `kinds` and `only` (`semantics §1`).
fn where_it_misses(
    asker: &Asker<'_>,
    grant: &Grant,
    scopes: &BTreeSet<Scope>,
    resource: Resource,
    capability: usize,
    misses: &mut Vec<Miss>,
) {
    let rights = asker.rights;
    let reaches = |(scope, _): &&(Scope, Span)| match scope {
        Scope::All => grant.denial || resource != Resource::Org,
        named => scopes.contains(named),
    };
    if !grant.scope.iter().any(|item| reaches(&item)) {
        misses.push(Miss::NotReached);
        return;
    }
    if let Some((_, place)) = grant.except_scope.iter().find(reaches) {
        misses.push(Miss::ScopeExcepted(*place));
    }
    let place = |key: &str| grant.keys.at(key).unwrap_or(grant.span);
    let device = match resource {
        Resource::Device(device) => Some(device),
        _ => None,
    };
    if let Some(kinds) = &grant.kinds
        && !device.is_some_and(|device| kinds.iter().any(|(kind, _)| *kind == rights.org.devices[device].kind))
    {
        misses.push(Miss::Kinds(place("kinds")));
    }
    if let Some(only) = &grant.only {
        let grouped = !groups_in_only(rights, resource, only).is_empty();
        let ungrouped = device.is_some_and(|device| {
            rights.graph.containment.groups_of[device].is_empty() && !rights.org.devices[device].exclude
        });
        let looked_at = vocabulary().of_class(CapabilityClass::View) | vocabulary().of_class(CapabilityClass::Operate);
        let recorder = matches!(resource, Resource::Recorder(_)) && looked_at.has(capability);
        if !(grouped || !grant.denial && (ungrouped && rights.org.ungrouped_visible || recorder)) {
            misses.push(Miss::Only(place("only")));
        }
    }
}

/// `caps(grant)` and what applies (`semantics §3`).
fn what_it_misses(asker: &Asker<'_>, grant: &Grant, capability: usize, kind: ResourceKind, misses: &mut Vec<Miss>) {
    let inheritance = &asker.rights.graph.inheritance;
    let of_role = |role: &RoleRef| match role {
        RoleRef::Declared(role) => inheritance.capabilities[*role],
        RoleRef::BuiltIn(role) => role.capabilities,
    };
    let own = grant.capabilities.iter().map(|(set, _)| *set);
    let all: CapabilitySet = grant.roles.iter().map(|(role, _)| of_role(role)).chain(own).collect();
    if !vocabulary().of_kind(kind).has(capability) {
        misses.push(Miss::NoCapability);
    } else if !all.has(capability) {
        misses.push(match taken_out(asker, grant, capability) {
            Some((role, place)) => Miss::Without(role, place),
            None => Miss::NoCapability,
        });
    } else if grant.read_only && !vocabulary().of_class(CapabilityClass::View).has(capability) {
        misses.push(Miss::ReadOnly(grant.keys.at("read_only").unwrap_or(grant.span)));
    }
}

/// A role of the grant, or one that such a role extends, which has the capability and takes it out again.
fn taken_out(asker: &Asker<'_>, grant: &Grant, capability: usize) -> Option<(RoleIx, Span)> {
    let org = &asker.rights.org;
    let declared = |roles: &[(RoleRef, Span)]| -> Vec<RoleIx> {
        let roles = roles.iter().filter_map(|(role, _)| match role {
            RoleRef::Declared(role) => Some(*role),
            RoleRef::BuiltIn(_) => None,
        });
        roles.collect()
    };
    let mut seen = BTreeSet::new();
    let mut open = declared(&grant.roles);
    while let Some(index) = open.pop() {
        if !seen.insert(index) {
            continue;
        }
        let role = &org.roles[index];
        let bases = role.extends.iter().map(|(base, _)| match base {
            RoleRef::Declared(base) => asker.rights.graph.inheritance.capabilities[*base],
            RoleRef::BuiltIn(role) => role.capabilities,
        });
        let before: CapabilitySet = bases.chain([role.allow]).collect();
        if before.has(capability) && role.without.has(capability) {
            return Some((index, role.keys.at("without").unwrap_or(role.span)));
        }
        open.extend(declared(&role.extends));
    }
    None
}
