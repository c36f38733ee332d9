//! Cells: row by row, which statements come to a class of subjects on each class of resources, and what each is needed
//! for. What the same contributions are needed for is found out once.

use std::collections::HashMap;

use rustc_hash::FxBuildHasher;

use super::needs::{Marks, Needs};
use super::views::Views;
use crate::effective::OrgRights;
use crate::effective::contributions::{Contribution, Contributions};
use crate::effective::resources::ResourceClassIx;
use crate::effective::search::in_both;
use crate::effective::statements::{StatementIx, SubjectClassIx};
use crate::model::Arena;

/// A statement in a cell.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Party {
    resource: ResourceClassIx,
    /// The number of what it contributes. Within a cell, parties stand by it.
    contribution: u32,
    pub statement: StatementIx,
}

/// What comes to a class of subjects on one class of resources.
#[derive(Debug)]
pub(super) struct Cell<'c> {
    pub subjects: SubjectClassIx,
    pub resource: ResourceClassIx,
    /// Its statements, by contribution.
    parties: &'c [Party],
    pub contributions: &'c [Contribution],
    pub needs: &'c Needs,
}

impl<'c> Cell<'c> {
    /// The statements of each contribution, in the order of `contributions`.
    pub(super) fn groups(&self) -> impl Iterator<Item = &'c [Party]> + use<'c> {
        self.parties.chunk_by(|a, b| a.contribution == b.contribution)
    }

    pub(super) fn statements(&self) -> impl Iterator<Item = StatementIx> + use<'c> {
        self.parties.iter().map(|party| party.statement)
    }
}

/// What is known of all cells with the same contributions.
#[derive(Debug)]
struct Known {
    contributions: Vec<Contribution>,
    needs: Needs,
}

/// Makes cells, and remembers needs.
#[derive(Debug)]
pub(super) struct Cells<'r> {
    rights: &'r OrgRights,
    contributions: Contributions<'r>,
    views: Views<'r>,
    known: Vec<Known>,
    /// By the numbers of a cell's contributions and, last, its marks.
    numbers: HashMap<Box<[u32]>, usize, FxBuildHasher>,
    /// For each class of resources the last row that wanted it, and the last that had a grant on it.
    wanted: Arena<ResourceClassIx, u32>,
    granted: Arena<ResourceClassIx, u32>,
    rows_made: u32,
}

impl<'r> Cells<'r> {
    pub(super) fn new(rights: &'r OrgRights) -> Cells<'r> {
        Cells {
            rights,
            contributions: Contributions::new(rights),
            views: Views::new(rights),
            known: Vec::new(),
            numbers: HashMap::default(),
            wanted: rights.resources.classes.iter().map(|_| 0).collect(),
            granted: rights.resources.classes.iter().map(|_| 0).collect(),
            rows_made: 0,
        }
    }

    /// Where a row has to be looked at: what `places` adds for each of its statements, ascending; but for what they own:
    /// there, statements mean nothing.
    pub(super) fn wanted(
        &mut self,
        subjects: SubjectClassIx,
        mut places: impl FnMut(StatementIx, &mut dyn FnMut(&[ResourceClassIx])),
    ) -> Vec<ResourceClassIx> {
        let rights = self.rights;
        let class = &rights.statements.classes[subjects];
        self.rows_made += 1;
        for owned in class.owner.and_then(|owner| rights.resources.owned.get(&owner)).into_iter().flatten() {
            self.wanted[*owned] = self.rows_made;
        }
        let mut all = Vec::new();
        let (marks, now) = (&mut self.wanted, self.rows_made);
        let mut add = |places: &[ResourceClassIx]| {
            for place in places {
                if marks[*place] != now {
                    marks[*place] = now;
                    all.push(*place);
                }
            }
        };
        class.statements.iter().for_each(|(statement, _)| places(*statement, &mut add));
        all.sort_unstable();
        all
    }

    /// Looks at those cells of a class of subjects in which something is granted.
    pub(super) fn row(
        &mut self,
        subjects: SubjectClassIx,
        wanted: &[ResourceClassIx],
        mut look: impl FnMut(&Cell<'_>),
    ) {
        if wanted.is_empty() {
            return;
        }
        let parties = self.parties(subjects, wanted);
        let marks = self.views.marks(subjects);
        let mut key: Vec<u32> = Vec::new();
        for parties in parties.chunk_by(|a, b| a.resource == b.resource) {
            let Some(resource) = parties.first().map(|party| party.resource) else { continue };
            let marks = marks.get(&resource).copied().unwrap_or_default();
            key.clear();
            key.extend(parties.iter().map(|party| party.contribution));
            key.dedup();
            key.push(marks.number());
            let number = match self.numbers.get(&key[..]) {
                Some(number) => *number,
                None => self.add(&key, parties, marks),
            };
            let Some(Known { contributions, needs }) = self.known.get(number) else { continue };
            look(&Cell { subjects, resource, parties, contributions, needs });
        }
    }

    fn add(&mut self, key: &[u32], parties: &[Party], marks: Marks) -> usize {
        let mut numbers: Vec<u32> = parties.iter().map(|party| party.contribution).collect();
        numbers.dedup();
        let contributions: Vec<Contribution> = numbers.iter().map(|n| self.contributions.get(*n)).collect();
        let rights = self.rights;
        let needs = Needs::of(&contributions, marks, |set| rights.statements.set(set), &rights.conditions);
        self.known.push(Known { contributions, needs });
        self.numbers.insert(key.into(), self.known.len() - 1);
        self.known.len() - 1
    }

    /// What comes to a class of subjects, cell by cell. Denials count only where something is granted.
    fn parties(&mut self, subjects: SubjectClassIx, wanted: &[ResourceClassIx]) -> Vec<Party> {
        let rights = self.rights;
        let class = &rights.statements.classes[subjects];
        self.rows_made += 1;
        let mut parties = Vec::new();
        for denials in [false, true] {
            for (statement, set) in &class.statements {
                let stated = &rights.statements.all[*statement];
                if stated.denial != denials {
                    continue;
                }
                let by_kind = self.contributions.of(*statement, *set);
                let reached = rights.statements.reached(stated);
                let meet = |resource: ResourceClassIx| {
                    let kind = rights.resources.classes[resource].standing.kind;
                    let Some(contribution) = by_kind[kind as usize] else { return };
                    if !denials {
                        self.granted[resource] = self.rows_made;
                    } else if self.granted[resource] != self.rows_made {
                        return;
                    }
                    parties.push(Party { resource, contribution, statement: *statement });
                };
                in_both(wanted, reached).for_each(meet);
            }
        }
        parties.sort_unstable();
        parties
    }
}
