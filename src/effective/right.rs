//! What grants and denials come to on one kind of resource: the algebra of `semantics §4` and of the table's `allow`,
//! `allow_when`, `deny_when`.

use std::collections::HashMap;

use rustc_hash::FxBuildHasher;

use super::condition::{CondIx, Conditions};
use super::contributions::Contribution;
use super::ways::SetIx;
use crate::vocabulary::{CapabilitySet, ResourceKind, vocabulary};

/// Capabilities that are held, or denied, under the same alternatives.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Conditional {
    /// The capabilities.
    pub capabilities: CapabilitySet,
    /// The alternatives, reduced, in the table's order.
    pub when: Vec<CondIx>,
}

/// A right: what one subject holds on one resource.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Right {
    /// Held always.
    pub allow: CapabilitySet,
    /// Held under any one of the conditions, ordered by first capability.
    pub allow_when: Vec<Conditional>,
    /// Not held under any of the conditions; names only what some allow names.
    pub deny_when: Vec<Conditional>,
}

impl Right {
    /// Whether nothing is held.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.allow.is_empty() && self.allow_when.is_empty()
    }

    /// What is held under some condition, or always.
    #[must_use]
    pub fn held(&self) -> CapabilitySet {
        self.allow_when.iter().fold(self.allow, |held, item| held | item.capabilities)
    }

    /// All that the owner of a resource of this kind holds.
    #[must_use]
    pub fn of_owner(kind: ResourceKind) -> Right {
        Right { allow: vocabulary().of_kind(kind), ..Right::default() }
    }

    /// The alternatives of one capability: none where it is not held.
    #[must_use]
    pub fn alternatives(&self, capability: usize) -> Option<&[CondIx]> {
        if self.allow.has(capability) {
            return Some(&[Conditions::ALWAYS]);
        }
        self.allow_when.iter().find(|c| c.capabilities.has(capability)).map(|c| &c.when[..])
    }

    /// Whether a denial stands on one capability.
    #[must_use]
    pub fn is_limited(&self, capability: usize) -> bool {
        self.deny_when.iter().any(|c| c.capabilities.has(capability))
    }
}

/// What contributions come to.
#[derive(Clone, Debug, Default)]
pub(super) struct Sum {
    pub right: Right,
    /// What some grant gives, whatever its condition.
    pub granted: CapabilitySet,
    /// What some denial takes without any condition.
    pub denied: CapabilitySet,
    /// The most alternatives under which one capability is held.
    pub most_alternatives: usize,
}

/// Sums contributions up. Capabilities to which the same statements apply are judged together.
pub(super) fn sum<'s>(
    contributions: &[Contribution],
    set: impl Fn(SetIx) -> &'s [CondIx],
    conditions: &Conditions,
) -> Sum {
    let mut total = Sum::default();
    for contribution in contributions {
        if !contribution.denial {
            total.granted = total.granted | contribution.capabilities;
        } else if set(contribution.set).contains(&Conditions::ALWAYS) {
            total.denied = total.denied | contribution.capabilities;
        }
    }
    let mut allows = Grouped::default();
    let mut denies = Grouped::default();
    for (capabilities, applying) in parted(contributions, total.granted.without(total.denied)) {
        let gather = |denial: bool| -> Vec<CondIx> {
            let applying = applying.iter().filter_map(|number| contributions.get(*number));
            let sets = applying.filter(|c| c.denial == denial).flat_map(|c| set(c.set));
            conditions.reduce(&sets.copied().collect::<Vec<_>>())
        };
        let denied = gather(true);
        let mut held = gather(false);
        held.retain(|held| !denied.iter().any(|denied| conditions.lies_in(*held, *denied)));
        if held.is_empty() {
            continue;
        }
        total.most_alternatives = total.most_alternatives.max(held.len());
        if held == [Conditions::ALWAYS] {
            total.right.allow = total.right.allow | capabilities;
        } else {
            allows.add(capabilities, held);
        }
        if !denied.is_empty() {
            denies.add(capabilities, denied);
        }
    }
    total.right.allow_when = allows.sorted();
    total.right.deny_when = denies.sorted();
    total
}

/// Parts capabilities by the contributions that apply to them, which are named by their positions.
pub(super) fn parted(contributions: &[Contribution], wanted: CapabilitySet) -> Vec<(CapabilitySet, Vec<usize>)> {
    let mut parts: Vec<(CapabilitySet, Vec<usize>)> = vec![(wanted, Vec::new())];
    for (position, contribution) in contributions.iter().enumerate() {
        let mut next = Vec::with_capacity(parts.len() + 1);
        for (capabilities, applying) in parts {
            let inside = capabilities & contribution.capabilities;
            let outside = capabilities.without(contribution.capabilities);
            if !outside.is_empty() && !inside.is_empty() {
                next.push((outside, applying.clone()));
            }
            if inside.is_empty() {
                next.push((capabilities, applying));
            } else {
                let mut applying = applying;
                applying.push(position);
                next.push((inside, applying));
            }
        }
        parts = next;
    }
    parts.retain(|(capabilities, _)| !capabilities.is_empty());
    parts
}

/// Capabilities with the same alternatives share an item.
#[derive(Default)]
pub(super) struct Grouped {
    by_when: HashMap<Vec<CondIx>, CapabilitySet, FxBuildHasher>,
}

impl Grouped {
    pub(super) fn add(&mut self, capabilities: CapabilitySet, when: Vec<CondIx>) {
        let set = self.by_when.entry(when).or_default();
        *set = *set | capabilities;
    }

    /// By first capability; items share none, so their order is clear.
    pub(super) fn sorted(self) -> Vec<Conditional> {
        let items = self.by_when.into_iter().map(|(when, capabilities)| Conditional { capabilities, when });
        let mut items: Vec<Conditional> = items.collect();
        items.sort_unstable_by_key(|item| item.capabilities.iter().next());
        items
    }
}
