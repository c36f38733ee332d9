//! Reasons: why what was taken away could go. Only the rows of what was taken away are looked at again.

use std::collections::HashMap;

use rustc_hash::FxBuildHasher;

use super::cells::{Ask, Cell, Cells};
use super::items::Item;
use super::left::Left;
use super::loose::Loose;
use super::named::ByEntry;
use super::needs::{What, provides};
use super::reach::{Reach, Reaches};
use super::states::Party;
use super::survey::Tracked;
use super::taking::Taken;
use super::tally::{Covering, SetNumber, Tally};
use super::{Covered, Part, Reason, Surplus};
use crate::effective::OrgRights;
use crate::effective::condition::CondIx;
use crate::effective::search::in_both;
use crate::effective::statements::{Entry, Statement, StatementIx};
use crate::effective::turns::Turn;
use crate::model::Arena;
use crate::vocabulary::CapabilitySet;

/// What is found out of one thing that was taken away.
#[derive(Debug, Default)]
struct Found {
    coming: Coming,
    same_grant: bool,
    covering: Tally,
    denying: Tally,
}

/// What is found out of how something comes to subjects.
#[derive(Clone, Copy, Debug, Default)]
struct Coming {
    /// Whether it comes to somebody who holds not all by ownership.
    comes: bool,
    ownership: bool,
    /// Whether something that it says could ever hold.
    can_hold: bool,
}

/// What was taken away of a statement, by number.
#[derive(Debug, Default)]
struct OfStatement {
    whole: Option<usize>,
    capabilities: Vec<usize>,
    loose: Loose,
}

struct Reasons<'s, 'r> {
    rights: &'r OrgRights,
    left: &'s Left<'r>,
    taken: &'s [Taken],
    items: Vec<Option<Item>>,
    found: Vec<Found>,
    covering: Covering,
    reaches: Reaches<'r>,
}

/// What covers one contribution of a cell: for each alternative whether denials do, and which statements.
type Told = Vec<(bool, SetNumber)>;

pub(super) fn tell(
    rights: &OrgRights,
    tracked: &Arena<StatementIx, Tracked>,
    left: &Left<'_>,
    taken: &[Taken],
    cells: &mut Cells<'_>,
) -> Vec<Surplus> {
    let unit = |taken: &Taken| taken.unit.and_then(|unit| tracked[taken.statement].units.get(unit));
    let items: Vec<Option<Item>> = taken.iter().map(|taken| unit(taken).map(|unit| unit.item)).collect();
    let found = taken.iter().map(|_| Found::default()).collect();
    let (covering, reaches) = (Covering::default(), Reaches::new(rights));
    let mut reasons = Reasons { rights, left, taken, items, found, covering, reaches };
    reasons.look(cells);
    let mut all: Vec<Surplus> = Vec::with_capacity(taken.len());
    for (number, taken) in taken.iter().enumerate() {
        let grant = rights.statements.all[taken.statement].grant;
        let span = unit(taken).map_or(rights.org.grants[grant].span, |unit| unit.span);
        let part = match unit(taken).map(|unit| unit.item) {
            None => Part::Whole,
            Some(Item::To(_)) => Part::To,
            Some(Item::Scope(_)) => Part::Scope,
            Some(Item::Only(_)) => Part::Only,
            Some(Item::Capability(..)) => Part::Capability,
        };
        all.push(Surplus { grant, part, span, why: reasons.why(number) });
    }
    all.sort_by_key(|surplus| (surplus.grant, surplus.span, surplus.part));
    all
}

impl<'r> Reasons<'_, 'r> {
    fn look(&mut self, cells: &mut Cells<'_>) {
        let rights = self.rights;
        let of = self.by_statement();
        let by_entry = ByEntry::new(of.iter().flat_map(|(statement, of_this)| {
            of_this.loose.entries.iter().map(move |(entry, number)| (*entry, *statement, *number))
        }));
        let mut coming: HashMap<StatementIx, Coming, FxBuildHasher> = HashMap::default();
        for turn in &*cells.turns() {
            let mut of_to = by_entry.of(self.left.named(), turn.subjects);
            of_to.retain(|(statement, ..)| rights.statements.comes_to(*statement, turn.subjects));
            let mut ask = Ask::default();
            for (statement, _) in &rights.statements.classes[turn.subjects].statements {
                let Some(of_this) = of.get(statement) else { continue };
                of_this.loose.ask(*statement, rights.statements.reached_of(*statement), &mut ask);
                self.look_at_class(coming.entry(*statement).or_default(), *statement, turn);
            }
            for (statement, _, number) in &of_to {
                ask.always.push(rights.statements.reached_of(*statement));
                let mut of_item = std::mem::take(&mut self.found[*number].coming);
                self.look_at_class(&mut of_item, *statement, turn);
                self.found[*number].coming = of_item;
            }
            let row = cells.row(turn, &ask);
            cells.look(&row, |cell| self.look_at_cell(cell, &of, &of_to));
        }
        for (number, item) in self.items.iter().enumerate() {
            if !matches!(item, Some(Item::To(_)))
                && let Some(of_statement) = coming.get(&self.taken[number].statement)
            {
                self.found[number].coming = *of_statement;
            }
        }
    }

    fn by_statement(&self) -> HashMap<StatementIx, OfStatement, FxBuildHasher> {
        let mut numbers: HashMap<StatementIx, Vec<usize>, FxBuildHasher> = HashMap::default();
        for (number, taken) in self.taken.iter().enumerate() {
            numbers.entry(taken.statement).or_default().push(number);
        }
        let of = |(statement, numbers): (StatementIx, Vec<usize>)| {
            let item = |number: &usize| self.items.get(*number).copied().flatten();
            let whole = numbers.iter().copied().find(|number| item(number).is_none());
            let is_capability = |number: &usize| matches!(item(number), Some(Item::Capability(..)));
            let capabilities = numbers.iter().copied().filter(is_capability).collect();
            let items = numbers.iter().filter_map(|number| Some((*number, item(number)?)));
            let loose = Loose::new(self.rights, statement, whole.is_some(), items, true);
            (statement, OfStatement { whole, capabilities, loose })
        };
        numbers.into_iter().map(of).collect()
    }

    fn stated(&self, number: usize) -> &'r Statement {
        &self.rights.statements.all[self.taken[number].statement]
    }

    /// The capabilities at stake.
    fn capabilities(&self, number: usize) -> CapabilitySet {
        match self.items[number] {
            Some(Item::Capability(_, set)) => set,
            _ => self.stated(number).capabilities,
        }
    }

    /// How a statement comes to a class.
    fn look_at_class(&self, coming: &mut Coming, statement: StatementIx, turn: &Turn) {
        let rights = self.rights;
        let of_class = &rights.statements.classes[turn.subjects];
        coming.comes = true;
        if !coming.ownership {
            let owned = of_class.owner.and_then(|owner| rights.resources.owned.get(&owner));
            let target = rights.statements.reached_of(statement);
            coming.ownership = owned.is_some_and(|owned| in_both(owned, target).next().is_some());
        }
        if !coming.can_hold {
            let at = of_class.statements.binary_search_by_key(&statement, |(index, _)| *index).ok();
            let set = at.and_then(|at| of_class.statements.get(at)).map(|(_, set)| rights.statements.set(*set));
            coming.can_hold = set.is_some_and(|set| set.iter().any(|one| !rights.conditions.is_never(*one)));
        }
    }

    fn look_at_cell(
        &mut self,
        cell: &Cell<'_>,
        of: &HashMap<StatementIx, OfStatement, FxBuildHasher>,
        of_to: &[(StatementIx, Entry, usize)],
    ) {
        let groups: Vec<&[Party]> = cell.groups().collect();
        let mut standing: Vec<Option<Vec<StatementIx>>> = vec![None; groups.len()];
        for (at, group) in groups.iter().enumerate() {
            let Some(own) = cell.contributions().get(at) else { continue };
            let mut told: Vec<(CapabilitySet, Told)> = Vec::new();
            for party in *group {
                let Some(of_this) = of.get(&party.statement) else { continue };
                let from = of_to.partition_point(|(other, ..)| *other < party.statement);
                let of_to = of_to.get(from..).unwrap_or_default().iter();
                let of_to = of_to.take_while(|(other, ..)| *other == party.statement).map(|(_, _, number)| *number);
                let others = of_this.whole.into_iter().chain(of_this.capabilities.iter().copied());
                let of_places = cell.parts_of(party.statement).filter(|number| *number < self.taken.len());
                for number in others.chain(of_places).chain(of_to) {
                    let wanted = own.capabilities & self.capabilities(number);
                    let known = told.iter().position(|(capabilities, _)| *capabilities == wanted);
                    let known = known.unwrap_or_else(|| {
                        told.push((wanted, self.look_at_contribution(cell, &groups, &mut standing, at, wanted)));
                        told.len() - 1
                    });
                    let Some((_, told)) = told.get(known) else { continue };
                    self.note(number, party.statement, told);
                }
            }
        }
    }

    /// What one contribution says in a cell: each capability under each alternative is covered by another, or denied.
    fn look_at_contribution(
        &mut self,
        cell: &Cell<'_>,
        groups: &[&[Party]],
        standing: &mut [Option<Vec<StatementIx>>],
        at: usize,
        wanted: CapabilitySet,
    ) -> Told {
        let (rights, left) = (self.rights, self.left);
        let Some(own) = cell.contributions().get(at) else { return Told::new() };
        let mut told = Told::new();
        for (part, applying) in cell.parted() {
            let capabilities = *part & wanted;
            if capabilities.is_empty() {
                continue;
            }
            let mut covering = |narrow: CondIx, denials: bool| -> Vec<StatementIx> {
                let mut all = Vec::new();
                for at in applying {
                    let Some(contribution) = cell.contributions().get(*at) else { continue };
                    let Some((standing, group)) = standing.get_mut(*at).zip(groups.get(*at)) else { continue };
                    let standing = standing.get_or_insert_with(|| {
                        let statements = group.iter().map(|party| party.statement);
                        statements.filter(|statement| !left.is_gone(*statement)).collect()
                    });
                    let set = rights.statements.set(contribution.set);
                    if contribution.denial == denials
                        && !standing.is_empty()
                        && provides(What::Covered(narrow), set, &rights.conditions)
                    {
                        let what = What::Covered(narrow);
                        let provides = |one: &StatementIx| left.still_provides(*one, what, capabilities, cell);
                        all.extend(standing.iter().copied().filter(provides));
                    }
                }
                all.sort_unstable();
                all
            };
            for condition in rights.statements.set(own.set).iter().filter(|c| !rights.conditions.is_never(**c)) {
                let denying = covering(*condition, true);
                let (denied, by) = if denying.is_empty() && !own.denial {
                    (false, covering(*condition, false))
                } else {
                    (!own.denial, denying)
                };
                if !by.is_empty() {
                    told.push((denied, self.covering.add(by)));
                }
            }
        }
        told
    }

    fn note(&mut self, number: usize, statement: StatementIx, told: &Told) {
        let found = &mut self.found[number];
        for (denied, by) in told {
            if *denied {
                found.denying.add(*by);
            } else if self.covering.has(*by, statement) {
                found.same_grant = true;
            } else {
                found.covering.add(*by);
            }
        }
    }

    fn why(&mut self, number: usize) -> Reason {
        let rights = self.rights;
        let Coming { comes, ownership, can_hold } = self.found[number].coming;
        if !comes {
            let ownership = self.names_an_owner(number);
            return if ownership {
                Reason::Covered(Covered { ownership, ..Covered::default() })
            } else {
                Reason::NoUser
            };
        }
        match self.reaches.of(self.taken[number].statement, self.items[number], self.capabilities(number)) {
            Reach::Nothing => return Reason::NoResource,
            Reach::Barred => return Reason::Barred,
            Reach::Some if !can_hold => return Reason::Never,
            Reach::Some => {}
        }
        let found = &self.found[number];
        let same_grant = found.same_grant;
        let is_covered = !found.covering.is_empty() || same_grant || ownership;
        let (others, denials) =
            (self.covering.others(&found.covering, rights), self.covering.others(&found.denying, rights));
        if !is_covered {
            return if self.stated(number).denial { Reason::Idle } else { Reason::Denied(denials) };
        }
        Reason::Covered(Covered { same_grant, ownership, others, denials })
    }

    /// Whether it comes to an owner of the organisation, to whom no statement means anything.
    fn names_an_owner(&self, number: usize) -> bool {
        let statements = &self.rights.statements;
        let statement = self.taken[number].statement;
        let named = |entry: Entry| match self.items[number] {
            Some(Item::To(item)) => entry == item,
            _ => statements.by_entry.get(&entry).is_some_and(|all| all.binary_search(&statement).is_ok()),
        };
        self.rights.org.owners.iter().any(|(owner, _)| {
            statements.entries[*owner].iter().any(|(entry, _)| named(*entry))
                && !statements.excepted.get(&statement).is_some_and(|users| users.contains(owner))
        })
    }
}
