//! Needed: the needs that are met only by what may be taken away, and what each of these could cost.

use std::collections::HashMap;

use rustc_hash::FxBuildHasher;

use super::cells::{Ask, Cell, Cells};
use super::left::Left;
use super::loose::{Loose, Losses};
use super::named::{ByEntry, Named};
use super::needs::What;
use super::survey::Tracked;
use crate::effective::OrgRights;
use crate::effective::resources::ResourceClassIx;
use crate::effective::statements::{Entry, StatementIx, SubjectClassIx};
use crate::model::Arena;
use crate::vocabulary::CapabilitySet;

/// A need all of whose providers may lose something.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Contested {
    pub providers: Box<[StatementIx]>,
    pub what: What,
    /// Those that must be provided; one where any provider provides all of them.
    pub capabilities: CapabilitySet,
    /// Where, if some provider may lose resources.
    pub resource: Option<ResourceClassIx>,
    /// To whom, if some provider may lose users.
    pub subjects: Option<SubjectClassIx>,
}

/// Contested needs, and which of them rest on what.
#[derive(Debug, Default)]
pub(super) struct Needed {
    contested: Vec<Contested>,
    of: HashMap<StatementIx, Vec<u32>, FxBuildHasher>,
    /// By item of `to`, `scope` and `only`.
    of_item: HashMap<(StatementIx, usize), Vec<u32>, FxBuildHasher>,
}

/// The items of `to` that may go and name somebody of a class: the statement, the entry, and the number of the item.
type OfTo = [(StatementIx, Entry, usize)];

impl Needed {
    pub(super) fn gather(
        rights: &OrgRights,
        tracked: &Arena<StatementIx, Tracked>,
        named: &Named<'_>,
        cells: &mut Cells<'_>,
    ) -> Needed {
        let loose: Arena<StatementIx, Loose> =
            tracked.iter().map(|(statement, tracked)| tracked.loose(rights, statement)).collect();
        let by_entry = ByEntry::new(loose.iter().flat_map(|(statement, loose)| {
            loose.entries.iter().map(move |(entry, number)| (*entry, statement, *number))
        }));
        let mut needed = Needed::default();
        let mut numbers: HashMap<Contested, u32, FxBuildHasher> = HashMap::default();
        for turn in &*cells.turns() {
            let of_to = by_entry.of(named, turn.subjects);
            let mut ask = Ask::default();
            for (statement, _) in &rights.statements.classes[turn.subjects].statements {
                loose[*statement].ask(*statement, rights.statements.reached_of(*statement), &mut ask);
                if of_to.binary_search_by_key(statement, |(other, ..)| *other).is_ok() {
                    ask.always.push(rights.statements.reached_of(*statement));
                }
            }
            let row = cells.row(turn, &ask);
            cells.look(&row, |cell| {
                for need in contested(&loose, &of_to, cell) {
                    let next = numbers.len() as u32;
                    if *numbers.entry(need.clone()).or_insert(next) == next {
                        needed.add(next, need, cell, &of_to);
                    }
                }
            });
        }
        needed
    }

    fn add(&mut self, number: u32, need: Contested, cell: &Cell<'_>, of_to: &OfTo) {
        for provider in &need.providers {
            self.of.entry(*provider).or_default().push(number);
            if need.resource.is_some() {
                for item in cell.parts_of(*provider) {
                    self.of_item.entry((*provider, item)).or_default().push(number);
                }
            }
            if need.subjects.is_some() {
                let from = of_to.partition_point(|(other, ..)| other < provider);
                let of_this = of_to.get(from..).unwrap_or_default().iter();
                for (_, _, item) in of_this.take_while(|(other, ..)| other == provider) {
                    self.of_item.entry((*provider, *item)).or_default().push(number);
                }
            }
        }
        self.contested.push(need);
    }

    /// Whether all needs of a statement are met.
    pub(super) fn are_met(&self, left: &Left<'_>, statement: StatementIx) -> bool {
        self.all(self.of.get(&statement)).all(|need| left.is_met(need, None))
    }

    /// Whether those are that need some of these capabilities.
    pub(super) fn are_met_with(&self, left: &Left<'_>, statement: StatementIx, lost: CapabilitySet) -> bool {
        let mut needs = self.all(self.of.get(&statement)).filter(|need| !(need.capabilities & lost).is_empty());
        lost.is_empty() || needs.all(|need| left.is_met(need, None))
    }

    /// Whether those are that rest on an item of `to`, by which an entry comes, or of `scope` or `only`.
    pub(super) fn are_met_beside(
        &self,
        left: &Left<'_>,
        statement: StatementIx,
        item: usize,
        entry: Option<Entry>,
    ) -> bool {
        self.all(self.of_item.get(&(statement, item))).all(|need| left.is_met(need, entry))
    }

    fn all<'n>(&'n self, numbers: Option<&'n Vec<u32>>) -> impl Iterator<Item = &'n Contested> {
        numbers.into_iter().flatten().filter_map(|number| self.contested.get(*number as usize))
    }
}

/// The needs of a cell all of whose providers may miss something there.
fn contested(loose: &Arena<StatementIx, Loose>, of_to: &OfTo, cell: &Cell<'_>) -> Vec<Contested> {
    let groups: Vec<_> = cell.groups().collect();
    let mut contested = Vec::new();
    for need in &cell.needs().all {
        let mut losses = Losses::default();
        let mut providers: Vec<StatementIx> = Vec::new();
        let mut may_all_miss = true;
        for party in need.providers.iter().filter_map(|at| groups.get(*at)).copied().flatten() {
            let statement = party.statement;
            let in_parts = cell.parts_of(statement).next().is_some();
            let named = of_to.binary_search_by_key(&statement, |(other, ..)| *other).is_ok();
            let Some(of_this) = loose[statement].losses(need.capabilities, in_parts, named) else {
                may_all_miss = false;
                break;
            };
            losses.resources |= of_this.resources;
            losses.ways |= of_this.ways;
            losses.capabilities |= of_this.capabilities;
            providers.push(statement);
        }
        if may_all_miss {
            providers.sort_unstable();
            contested.push(Contested {
                // one that all provide stands for all of them
                capabilities: if losses.capabilities { need.capabilities } else { need.capabilities.first() },
                what: if losses.ways { need.what } else { What::Granted },
                resource: losses.resources.then_some(cell.resource),
                subjects: losses.ways.then_some(cell.subjects),
                providers: providers.into(),
            });
        }
    }
    contested
}
