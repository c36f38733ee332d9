//! Rights of two versions by what they mean: equal numbers are equal rights.
//!
//! In: for each right, which capabilities are held under which conditions. Out: numbers; and of two rights, which
//! capabilities are held otherwise.

use std::collections::{BTreeMap, HashMap};

use rustc_hash::FxBuildHasher;

use super::conditions::Cond;
use crate::vocabulary::CapabilitySet;

/// Under which conditions something is held.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Held {
    /// Any one of these, ascending; none where it is not held.
    pub when: Vec<Cond>,
    /// And none of these, ascending.
    pub denied: Vec<Cond>,
}

impl Held {
    /// Whether it is held without any condition.
    #[must_use]
    pub fn is_always(&self) -> bool {
        self.when == [Cond::ALWAYS] && self.denied.is_empty()
    }

    /// With both lists in order.
    pub(super) fn sorted(mut self) -> Held {
        self.when.sort_unstable();
        self.denied.sort_unstable();
        self
    }
}

/// How something is held, by number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct HeldIx(u32);

impl HeldIx {
    /// Not held at all.
    pub const NOT: HeldIx = HeldIx(0);
}

/// A right by number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct RightIx(u32);

impl RightIx {
    /// The right to nothing.
    pub(super) const NONE: RightIx = RightIx(0);
}

/// Capabilities by how they are held; each in one part.
type Right = Vec<(HeldIx, CapabilitySet)>;

/// How a capability was held, and is.
pub(super) type Turn = (HeldIx, HeldIx);

/// Capabilities by how they are held otherwise.
type Turns = Vec<(Turn, CapabilitySet)>;

/// The rights of both versions of an organisation.
#[derive(Debug)]
pub(super) struct Rights {
    held: Vec<Held>,
    held_numbers: HashMap<Held, HeldIx, FxBuildHasher>,
    rights: Vec<Right>,
    right_numbers: HashMap<Right, RightIx, FxBuildHasher>,
    turns: HashMap<(RightIx, RightIx, bool), Turns, FxBuildHasher>,
}

impl Rights {
    pub(super) fn new() -> Rights {
        let mut rights = Rights {
            held: Vec::new(),
            held_numbers: HashMap::default(),
            rights: Vec::new(),
            right_numbers: HashMap::default(),
            turns: HashMap::default(),
        };
        rights.number_held(Held::default());
        rights.number(BTreeMap::new());
        rights
    }

    fn number_held(&mut self, held: Held) -> HeldIx {
        let all = &mut self.held;
        *self.held_numbers.entry(held).or_insert_with_key(|held| {
            all.push(held.clone());
            HeldIx(all.len() as u32 - 1)
        })
    }

    /// The number of a right.
    pub(super) fn number(&mut self, right: BTreeMap<Held, CapabilitySet>) -> RightIx {
        let held = right.into_iter().filter(|(held, capabilities)| !held.when.is_empty() && !capabilities.is_empty());
        let mut right: Right =
            held.map(|(held, capabilities)| (self.number_held(held.sorted()), capabilities)).collect();
        right.sort_unstable();
        let all = &mut self.rights;
        *self.right_numbers.entry(right).or_insert_with_key(|right| {
            all.push(right.clone());
            RightIx(all.len() as u32 - 1)
        })
    }

    /// How many capabilities a right has.
    pub(super) fn size(&self, number: RightIx) -> u64 {
        let right = self.rights.get(number.0 as usize);
        right.into_iter().flatten().map(|(_, capabilities)| capabilities.len() as u64).sum()
    }

    /// How something is held.
    pub(super) fn held(&self, number: HeldIx) -> &Held {
        // numbers come from `number_held` alone
        &self.held[number.0 as usize]
    }

    /// The capabilities that are held otherwise by the second right than by the first, or, where that is asked for, all that
    /// either has.
    pub(super) fn turns(&mut self, old: RightIx, new: RightIx, all: bool) -> &[(Turn, CapabilitySet)] {
        let rights = &self.rights;
        self.turns.entry((old, new, all)).or_insert_with(|| {
            let (old, new) = (&rights[old.0 as usize], &rights[new.0 as usize]);
            let every = |right: &Right| right.iter().map(|(_, capabilities)| *capabilities).collect::<CapabilitySet>();
            let (in_old, in_new) = (every(old), every(new));
            let mut turns = Vec::new();
            let mut add = |turn: Turn, capabilities: CapabilitySet| {
                if !capabilities.is_empty() && (all || turn.0 != turn.1) {
                    turns.push((turn, capabilities));
                }
            };
            for (held, capabilities) in old {
                add((*held, HeldIx::NOT), capabilities.without(in_new));
                new.iter().for_each(|(now, others)| add((*held, *now), *capabilities & *others));
            }
            new.iter().for_each(|(held, capabilities)| add((HeldIx::NOT, *held), capabilities.without(in_old)));
            turns
        })
    }
}
