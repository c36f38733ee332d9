//! The survey: which grants, and which of their items, the table needs whatever else is taken away. What is left after
//! it may be taken away alone, and perhaps with others.

use std::collections::HashSet;

use super::cells::{Ask, Cell, Cells};
use super::items::{Alone, Item, Unit, units};
use super::loose::Loose;
use super::named::{ByEntry, Named};
use super::needs::What;
use crate::effective::OrgRights;
use crate::effective::resources::ResourceClassIx;
use crate::effective::statements::{Entry, Statement, StatementIx, SubjectClassIx};
use crate::model::Arena;
use crate::vocabulary::CapabilitySet;

/// What is known of a statement.
#[derive(Clone, Debug)]
pub(super) struct Tracked {
    /// Whether the table needs it.
    pub needed: bool,
    /// Its items, where its lists have more than one.
    pub units: Vec<Unit>,
    /// Places that only one of its items reaches, ascending, and which item.
    alone_at: Vec<(ResourceClassIx, usize)>,
    alone_places: Vec<ResourceClassIx>,
    /// How many of its items may still be found to be needed: by whom they name, and by what they alone reach.
    open_ways: usize,
    open_places: usize,
    /// Items that may still be found to be needed since they alone have some capability.
    open_capabilities: Vec<(usize, CapabilitySet)>,
}

impl Tracked {
    fn new(rights: &OrgRights, statement: &Statement) -> Tracked {
        let units = units(rights, statement);
        let mut tracked = Tracked {
            needed: false,
            alone_at: Vec::new(),
            alone_places: Vec::new(),
            open_ways: 0,
            open_places: 0,
            open_capabilities: Vec::new(),
            units: Vec::new(),
        };
        for (at, (unit, alone)) in units.into_iter().enumerate() {
            match alone {
                Alone::Ways => tracked.open_ways += 1,
                Alone::Capabilities(alone) if alone.is_empty() => {}
                Alone::Capabilities(alone) => tracked.open_capabilities.push((at, alone)),
                Alone::Resources(alone) => {
                    tracked.open_places += usize::from(!alone.is_empty());
                    tracked.alone_at.extend(alone.into_iter().map(|place| (place, at)));
                }
            }
            tracked.units.push(unit);
        }
        tracked.alone_at.sort_unstable();
        tracked.alone_places = tracked.alone_at.iter().map(|(place, _)| *place).collect();
        tracked.alone_places.dedup();
        tracked
    }

    /// Whether the survey may still find it or an item of it to be needed.
    fn is_open(&self) -> bool {
        !self.needed || self.open_ways > 0 || self.open_places > 0 || !self.open_capabilities.is_empty()
    }

    fn is_needed(&self, at: usize) -> bool {
        self.units.get(at).is_none_or(|unit| unit.needed)
    }

    /// An item is needed.
    fn need(&mut self, at: usize) {
        let Some(unit) = self.units.get_mut(at).filter(|unit| !unit.needed) else { return };
        unit.needed = true;
        match unit.item {
            Item::To(_) => self.open_ways -= 1,
            Item::Scope(_) | Item::Only(_) => self.open_places -= 1,
            Item::Capability(..) => self.open_capabilities.retain(|(other, _)| *other != at),
        }
    }

    /// What of it may be taken away, as far as is known.
    pub(super) fn loose(&self, rights: &OrgRights, statement: StatementIx) -> Loose {
        let units = self.units.iter().enumerate().filter(|(_, unit)| !unit.needed);
        Loose::new(rights, statement, !self.needed, units.map(|(at, unit)| (at, unit.item)), false)
    }
}

/// Items of `to` by entry: the statement, and which unit it is.
fn items_of_to(tracked: &Arena<StatementIx, Tracked>) -> ByEntry<usize> {
    ByEntry::new(tracked.iter().flat_map(|(statement, tracked)| {
        let units = tracked.units.iter().enumerate();
        units.filter_map(move |(at, unit)| match unit.item {
            Item::To(entry) => Some((entry, statement, at)),
            _ => None,
        })
    }))
}

/// Walks all rows in which something is still open.
pub(super) fn survey<'r>(rights: &'r OrgRights, cells: &mut Cells<'r>) -> (Arena<StatementIx, Tracked>, Named<'r>) {
    let statements = &rights.statements;
    let mut tracked: Arena<StatementIx, Tracked> =
        statements.all.iter().map(|(_, statement)| Tracked::new(rights, statement)).collect();
    let items = tracked.iter().flat_map(|(_, tracked)| &tracked.units);
    let entries = items.filter_map(|unit| match unit.item {
        Item::To(entry) => Some(entry),
        _ => None,
    });
    let named = Named::new(rights, &entries.collect());
    let by_entry = items_of_to(&tracked);
    for turn in &*cells.turns() {
        let subjects = turn.subjects;
        let items_of_to = by_entry.of(&named, subjects);
        let ask = ask(rights, &tracked, subjects, &items_of_to);
        let row = cells.row(turn, &ask);
        drop(ask);
        let mut by_ways: HashSet<(StatementIx, What)> = HashSet::new();
        cells.look(&row, |cell| mark(cell, &mut tracked, &mut by_ways));
        for (statement, what) in by_ways {
            let from = items_of_to.partition_point(|(other, ..)| *other < statement);
            let of_this = items_of_to.get(from..).unwrap_or_default().iter();
            for (_, entry, at) in of_this.take_while(|(other, ..)| *other == statement) {
                if tracked[statement].is_needed(*at) {
                    continue;
                }
                let mut users = named.among(*entry, subjects).iter();
                if users.any(|user| named.loses(statement, *user, *entry, what)) {
                    tracked[statement].need(*at);
                }
            }
        }
    }
    (tracked, named)
}

/// Where a row has to be looked at.
fn ask<'t>(
    rights: &'t OrgRights,
    tracked: &'t Arena<StatementIx, Tracked>,
    subjects: SubjectClassIx,
    items_of_to: &[(StatementIx, Entry, usize)],
) -> Ask<'t> {
    let reached = |statement: StatementIx| rights.statements.reached(&rights.statements.all[statement]);
    let mut ask = Ask::default();
    for (statement, _) in &rights.statements.classes[subjects].statements {
        let tracked = &tracked[*statement];
        if !tracked.needed || !tracked.open_capabilities.is_empty() {
            ask.places.push(reached(*statement));
        }
        if tracked.open_places > 0 {
            ask.places.push(&tracked.alone_places);
            ask.parts.push((*statement, &tracked.alone_at));
        }
    }
    for (statement, _, at) in items_of_to {
        if !tracked[*statement].is_needed(*at) && rights.statements.comes_to(*statement, subjects) {
            ask.always.push(reached(*statement));
        }
    }
    ask
}

/// Marks what alone provides a need of a cell.
fn mark(cell: &Cell<'_>, tracked: &mut Arena<StatementIx, Tracked>, by_ways: &mut HashSet<(StatementIx, What)>) {
    let needs = cell.needs();
    for (group, alone) in cell.groups().zip(&needs.alone) {
        let [party] = group else { continue };
        let statement = &mut tracked[party.statement];
        if alone.is_empty() || !statement.is_open() {
            continue;
        }
        statement.needed = true;
        for need in alone.iter().filter_map(|need| needs.all.get(*need)) {
            let brought = |(_, alone): &&(usize, CapabilitySet)| !(*alone & need.capabilities).is_empty();
            let items: Vec<usize> = statement.open_capabilities.iter().filter(brought).map(|(at, _)| *at).collect();
            items.into_iter().chain(cell.parts_of(party.statement)).for_each(|at| statement.need(at));
            if statement.open_ways > 0 {
                by_ways.insert((party.statement, need.what));
            }
        }
    }
}
