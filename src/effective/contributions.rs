//! Contributions: what a statement gives or denies on each kind of resource, under which alternatives. Statements that
//! contribute the same share a number, so that sets of them can be compared and remembered.

use std::collections::HashMap;

use rustc_hash::FxBuildHasher;

use super::OrgRights;
use super::statements::StatementIx;
use super::ways::SetIx;
use crate::vocabulary::{CapabilitySet, ResourceKind};

/// What one statement contributes on one kind of resource.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct Contribution {
    pub denial: bool,
    pub capabilities: CapabilitySet,
    pub set: SetIx,
}

/// Contributions by number, and numbers by contribution.
#[derive(Debug)]
pub(super) struct Contributions<'r> {
    rights: &'r OrgRights,
    all: Vec<Contribution>,
    numbers: HashMap<Contribution, u32, FxBuildHasher>,
    by_statement: HashMap<(StatementIx, SetIx), [Option<u32>; 7], FxBuildHasher>,
}

impl<'r> Contributions<'r> {
    pub(super) fn new(rights: &'r OrgRights) -> Contributions<'r> {
        Contributions { rights, all: Vec::new(), numbers: HashMap::default(), by_statement: HashMap::default() }
    }

    /// The contribution with a number.
    pub(super) fn get(&self, number: u32) -> Contribution {
        self.all[number as usize]
    }

    /// What a statement that comes under these alternatives contributes on each kind of resource.
    pub(super) fn of(&mut self, index: StatementIx, set: SetIx) -> [Option<u32>; 7] {
        if let Some(known) = self.by_statement.get(&(index, set)) {
            return *known;
        }
        let statement = &self.rights.statements.all[index];
        let target = &self.rights.statements.targets.targets[statement.target];
        let by_kind = ResourceKind::ALL.map(|kind| {
            let capabilities = statement.capabilities & target.mask(kind);
            if capabilities.is_empty() {
                return None;
            }
            let contribution = Contribution { denial: statement.denial, capabilities, set };
            let all = &mut self.all;
            Some(*self.numbers.entry(contribution).or_insert_with(|| {
                all.push(contribution);
                all.len() as u32 - 1
            }))
        });
        self.by_statement.insert((index, set), by_kind);
        by_kind
    }
}
