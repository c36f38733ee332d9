//! The survey: which grants, and which of their items, the table needs whatever else is taken away. What is left after
//! it may be taken away alone, and perhaps with others.

use std::collections::{HashMap, HashSet};

use super::cells::{Cell, Cells};
use super::items::{Alone, Item, Unit, units};
use super::loose::Loose;
use super::needs::{Need, What, provides};
use crate::effective::OrgRights;
use crate::effective::condition::CondIx;
use crate::effective::statements::{Entry, StatementIx, SubjectClassIx};
use crate::model::{Arena, UserIx};

/// What is known of a statement.
#[derive(Clone, Debug)]
pub(super) struct Tracked {
    /// Whether the table needs it.
    pub needed: bool,
    /// Its items, where its lists have more than one.
    pub units: Vec<Unit>,
}

impl Tracked {
    /// Whether it or an item of it may be taken away, as far as is known.
    fn is_open(&self) -> bool {
        !self.needed || self.units.iter().any(|unit| !unit.needed)
    }

    /// What of it may be taken away, as far as is known.
    pub(super) fn loose(&self, rights: &OrgRights, statement: StatementIx) -> Loose {
        let items = self.units.iter().filter(|unit| !unit.needed).map(|unit| unit.item);
        Loose::new(rights, statement, !self.needed, items)
    }
}

/// Whom entries name: what is asked of items of `to`.
#[derive(Debug)]
pub(super) struct Named<'r> {
    rights: &'r OrgRights,
    users: HashMap<Entry, Vec<UserIx>>,
}

impl<'r> Named<'r> {
    /// Knows the users of these entries.
    fn new(rights: &'r OrgRights, entries: HashSet<Entry>) -> Named<'r> {
        let mut users: HashMap<Entry, Vec<UserIx>> = entries.into_iter().map(|entry| (entry, Vec::new())).collect();
        for (user, named) in rights.statements.entries.iter() {
            for (entry, _) in named {
                users.entry(*entry).and_modify(|users| users.push(user));
            }
        }
        Named { rights, users }
    }

    /// The users of a class whom an entry names.
    pub(super) fn among(&self, entry: Entry, class: SubjectClassIx) -> impl Iterator<Item = UserIx> + '_ {
        let statements = &self.rights.statements;
        let members = &statements.classes[class].members;
        let named = self.users.get(&entry).map_or(&[][..], Vec::as_slice);
        let (few, of_class) = if members.len() < named.len() { (members.as_slice(), true) } else { (named, false) };
        few.iter().copied().filter(move |user| {
            if of_class { named.binary_search(user).is_ok() } else { statements.class_of[*user] == Some(class) }
        })
    }

    /// Whether an entry names anybody of a class.
    pub(super) fn names(&self, entry: Entry, class: SubjectClassIx) -> bool {
        self.among(entry, class).next().is_some()
    }

    /// Of entries, those that name anybody of a class.
    pub(super) fn that_name(&self, class: SubjectClassIx, entries: impl Iterator<Item = Entry>) -> HashSet<Entry> {
        let mut all: HashSet<Entry> = entries.collect();
        all.retain(|entry| self.names(*entry, class));
        all
    }

    /// Under which alternatives a statement comes to a user by those of its entries that stay.
    pub(super) fn alternatives(
        &self,
        statement: StatementIx,
        user: UserIx,
        stays: impl Fn(Entry) -> bool,
    ) -> Vec<CondIx> {
        let statements = &self.rights.statements;
        let grant = &self.rights.org.grants[statements.all[statement].grant];
        let of_user = &statements.entries[user];
        let mut all = Vec::new();
        for (subject, _) in &grant.to {
            let entry = Entry::of(*subject);
            if stays(entry)
                && let Ok(at) = of_user.binary_search_by_key(&entry, |(entry, _)| *entry)
                && let Some((_, ways)) = of_user.get(at)
            {
                all.extend(statements.alternatives(statement, *ways));
            }
        }
        all
    }

    /// Whether a user loses something with an entry.
    fn loses(&self, statement: StatementIx, user: UserIx, lost: Entry, what: What) -> bool {
        let conditions = &self.rights.conditions;
        provides(what, &self.alternatives(statement, user, |_| true), conditions)
            && !provides(what, &self.alternatives(statement, user, |entry| entry != lost), conditions)
    }
}

/// Walks all rows in which something is still open.
pub(super) fn survey<'r>(rights: &'r OrgRights, cells: &mut Cells<'r>) -> (Arena<StatementIx, Tracked>, Named<'r>) {
    let statements = &rights.statements;
    let mut tracked: Arena<StatementIx, Tracked> =
        statements.all.iter().map(|(_, s)| Tracked { needed: false, units: units(rights, s) }).collect();
    let items = tracked.iter().flat_map(|(_, tracked)| &tracked.units);
    let entries = items.filter_map(|unit| match unit.item {
        Item::To(entry) => Some(entry),
        _ => None,
    });
    let named = Named::new(rights, entries.collect());
    for (subjects, _) in statements.classes.iter().filter(|(_, class)| !class.owns_org) {
        let mut by_ways: HashSet<(StatementIx, What)> = HashSet::new();
        let wanted = cells.wanted(subjects, |statement, add| {
            let Tracked { needed, units } = &tracked[statement];
            let reached = statements.reached(&statements.all[statement]);
            if !needed {
                return add(reached);
            }
            let names = |entry| named.names(entry, subjects);
            units.iter().for_each(|unit| add(unit.where_it_may_be_needed(reached, names)));
        });
        cells.row(subjects, &wanted, |cell| mark(cell, &mut tracked, &mut by_ways));
        for (statement, what) in by_ways {
            for unit in tracked[statement].units.iter_mut().filter(|unit| !unit.needed) {
                let Item::To(entry) = unit.item else { continue };
                unit.needed = named.among(entry, subjects).any(|user| named.loses(statement, user, entry, what));
            }
        }
    }
    (tracked, named)
}

/// Marks what alone provides a need of a cell.
fn mark(cell: &Cell<'_>, tracked: &mut Arena<StatementIx, Tracked>, by_ways: &mut HashSet<(StatementIx, What)>) {
    for (group, alone) in cell.groups().zip(&cell.needs.alone) {
        let [party] = group else { continue };
        let statement = &mut tracked[party.statement];
        if alone.is_empty() || !statement.is_open() {
            continue;
        }
        statement.needed = true;
        for need in alone.iter().filter_map(|need| cell.needs.all.get(*need)) {
            mark_items(cell, &mut statement.units, need);
            let open_ways = |unit: &Unit| !unit.needed && matches!(unit.alone, Alone::Ways);
            if statement.units.iter().any(open_ways) {
                by_ways.insert((party.statement, need.what));
            }
        }
    }
}

fn mark_items(cell: &Cell<'_>, units: &mut [Unit], need: &Need) {
    for unit in units.iter_mut().filter(|unit| !unit.needed) {
        unit.needed = match &unit.alone {
            Alone::Capabilities(alone) => !(*alone & need.capabilities).is_empty(),
            Alone::Resources(alone) => alone.binary_search(&cell.resource).is_ok(),
            Alone::Ways => false,
        };
    }
}
