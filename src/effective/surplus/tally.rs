//! Tallies: by which other statements each single thing is covered that a statement says, and the few that cover all.

use std::collections::{BTreeMap, HashSet};

use super::Others;
use crate::effective::OrgRights;
use crate::effective::statements::StatementIx;
use crate::model::GrantIx;

/// How many grants are named at most.
const NAMED: usize = 3;

/// How many different sets of covering statements are looked at; a reason need not be complete.
const LOOKED_AT: usize = 1000;

/// Sets of statements, each of which covers one thing.
#[derive(Clone, Debug, Default)]
pub(super) struct Tally {
    sets: HashSet<Box<[StatementIx]>>,
}

impl Tally {
    /// One thing is covered by any of these, ascending.
    pub(super) fn add(&mut self, any_of: Vec<StatementIx>) {
        if !any_of.is_empty() && self.sets.len() < LOOKED_AT {
            self.sets.insert(any_of.into());
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.sets.is_empty()
    }

    /// A few statements that cover as much as a few can: each time the one that covers most of what is left.
    pub(super) fn others(&self, rights: &OrgRights) -> Others {
        let mut left: Vec<&[StatementIx]> = self.sets.iter().map(|set| &**set).collect();
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
        Others { grants, more: !left.is_empty() }
    }
}
