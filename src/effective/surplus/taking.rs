//! Taking away: grants and items go one by one, from the last to the first, each where the table stays as it is without
//! it and without all that went before.

use super::cells::Cells;
use super::items::{Item, Unit};
use super::left::Left;
use super::less::Less;
use super::links::LinkCheck;
use super::named::Named;
use super::needed::Needed;
use super::survey::Tracked;
use crate::effective::OrgRights;
use crate::effective::statements::StatementIx;
use crate::model::Arena;
use crate::vocabulary::CapabilitySet;

/// Something that may be taken away.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Taken {
    pub statement: StatementIx,
    /// The whole of it where none.
    pub unit: Option<usize>,
}

/// What the taking goes by.
struct Taking<'t, 'r> {
    rights: &'r OrgRights,
    needed: Needed,
    links: LinkCheck<'r>,
    left: Left<'r>,
    taken: &'t mut Vec<Taken>,
}

/// Takes away what may go. Denials first, so that what a denial keeps from coming through is judged by all grants.
pub(super) fn take<'r>(
    rights: &'r OrgRights,
    tracked: &Arena<StatementIx, Tracked>,
    named: Named<'r>,
    cells: &mut Cells<'r>,
) -> (Left<'r>, Vec<Taken>) {
    let needed = Needed::gather(rights, tracked, &named, cells);
    let mut taken = Vec::new();
    let mut taking =
        Taking { rights, needed, links: LinkCheck::new(rights), left: Left::new(rights, named), taken: &mut taken };
    for denials in [true, false] {
        let statements = rights.statements.all.iter().rev().filter(|(_, stated)| stated.denial == denials);
        for (statement, _) in statements {
            let Tracked { needed, units, .. } = &tracked[statement];
            if *needed || !taking.takes_whole(statement) {
                taking.take_items(statement, units);
            }
        }
    }
    let left = taking.left;
    (left, taken)
}

impl Taking<'_, '_> {
    fn takes_whole(&mut self, statement: StatementIx) -> bool {
        self.left.gone[statement] = true;
        let goes = self.needed.are_met(&self.left, statement) && self.links.hold(&self.left, statement);
        if goes {
            self.taken.push(Taken { statement, unit: None });
        } else {
            self.left.gone[statement] = false;
        }
        goes
    }

    fn take_items(&mut self, statement: StatementIx, units: &[Unit]) {
        let mut open: Vec<(usize, &Unit)> = units.iter().enumerate().filter(|(_, unit)| !unit.needed).collect();
        if open.is_empty() {
            return;
        }
        open.sort_by_key(|(at, unit)| std::cmp::Reverse((unit.span, *at)));
        self.left.lessened.insert(statement, Less::new(self.rights, statement, units));
        for (at, unit) in open {
            let Some(less) = self.left.lessened.get_mut(&statement) else { continue };
            if !less.may_lose(unit.item) {
                continue;
            }
            let lost = less.lose(unit.item);
            if self.is_met_without(statement, at, unit.item, lost) && self.links.hold(&self.left, statement) {
                self.taken.push(Taken { statement, unit: Some(at) });
            } else if let Some(less) = self.left.lessened.get_mut(&statement) {
                less.regain(unit.item);
            }
        }
        if self.left.less(statement).is_some_and(Less::has_lost_nothing) {
            self.left.lessened.remove(&statement);
        }
    }

    fn is_met_without(&self, statement: StatementIx, at: usize, item: Item, lost: CapabilitySet) -> bool {
        match item {
            Item::Capability(..) => self.needed.are_met_with(&self.left, statement, lost),
            Item::To(entry) => self.needed.are_met_beside(&self.left, statement, at, Some(entry)),
            Item::Scope(_) | Item::Only(_) => self.needed.are_met_beside(&self.left, statement, at, None),
        }
    }
}
