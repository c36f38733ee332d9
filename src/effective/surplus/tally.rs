//! Tallies: by which other statements each single thing is covered that a statement says, and the few that cover all.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use rustc_hash::FxBuildHasher;

use super::Others;
use crate::effective::OrgRights;
use crate::effective::statements::StatementIx;
use crate::model::GrantIx;

/// How many grants are named at most.
const NAMED: usize = 3;

/// How many different sets of covering statements are looked at; a reason need not be complete.
const LOOKED_AT: usize = 1000;

/// A set of statements by number, in one [`Covering`].
pub(super) type SetNumber = u32;

/// Sets of statements, each of which covers one thing; each set once.
#[derive(Clone, Debug, Default)]
pub(super) struct Covering {
    sets: Vec<Box<[StatementIx]>>,
    numbers: HashMap<Box<[StatementIx]>, SetNumber, FxBuildHasher>,
    /// What tallies came to before.
    others: HashMap<Tally, Others, FxBuildHasher>,
}

/// By which sets the single things are covered that something says.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(super) struct Tally {
    sets: BTreeSet<SetNumber>,
}

impl Tally {
    /// One thing is covered by any of a set.
    pub(super) fn add(&mut self, any_of: SetNumber) {
        if self.sets.len() < LOOKED_AT {
            self.sets.insert(any_of);
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.sets.is_empty()
    }
}

impl Covering {
    /// The number of a set, whose statements are ascending.
    pub(super) fn add(&mut self, any_of: Vec<StatementIx>) -> SetNumber {
        if let Some(number) = self.numbers.get(&any_of[..]) {
            return *number;
        }
        let (number, set) = (self.sets.len() as SetNumber, Box::from(any_of));
        self.sets.push(Box::clone(&set));
        self.numbers.insert(set, number);
        number
    }

    pub(super) fn has(&self, set: SetNumber, statement: StatementIx) -> bool {
        self.sets.get(set as usize).is_some_and(|set| set.binary_search(&statement).is_ok())
    }

    /// A few statements that cover as much as a few can: each time the one that covers most of what is left.
    pub(super) fn others(&mut self, tally: &Tally, rights: &OrgRights) -> Others {
        if let Some(known) = self.others.get(tally) {
            return known.clone();
        }
        let mut left: Vec<&[StatementIx]> =
            tally.sets.iter().filter_map(|set| self.sets.get(*set as usize)).map(|set| &**set).collect();
        let mut grants: Vec<GrantIx> = Vec::new();
        while !left.is_empty() && grants.len() < NAMED {
            let mut times: BTreeMap<StatementIx, usize> = BTreeMap::new();
            left.iter().copied().flatten().for_each(|statement| *times.entry(*statement).or_default() += 1);
            let most = times.into_iter().max_by_key(|(statement, times)| (*times, std::cmp::Reverse(*statement)));
            let Some((best, _)) = most else { break };
            left.retain(|set| set.binary_search(&best).is_err());
            grants.push(rights.statements.all[best].grant);
        }
        grants.sort_unstable();
        let others = Others { grants, more: !left.is_empty() };
        self.others.insert(tally.clone(), others.clone());
        others
    }
}
