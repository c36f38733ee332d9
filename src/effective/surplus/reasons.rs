//! Reasons: why what was taken away could go. Only the rows of what was taken away are looked at again.

use std::collections::HashMap;

use super::cells::{Cell, Cells, Party};
use super::items::Item;
use super::loose::Loose;
use super::needs::{What, provides};
use super::survey::Tracked;
use super::taking::{Left, Taken};
use super::tally::Tally;
use super::{Covered, Part, Reason, Surplus};
use crate::effective::OrgRights;
use crate::effective::condition::CondIx;
use crate::effective::resources::ResourceClassIx;
use crate::effective::right::parted;
use crate::effective::statements::{Entry, Statement, StatementIx, SubjectClassIx};
use crate::effective::targets::{Aim, reaches};
use crate::model::Arena;
use crate::vocabulary::CapabilitySet;

/// What is found out of one thing that was taken away.
#[derive(Debug, Default)]
struct Found {
    /// Whether it comes to somebody who holds not all by ownership.
    comes: bool,
    same_grant: bool,
    ownership: bool,
    /// Whether something that it says could ever hold.
    can_hold: bool,
    covering: Tally,
    denying: Tally,
}

struct Reasons<'s, 'r> {
    rights: &'r OrgRights,
    left: &'s Left<'r>,
    taken: &'s [Taken],
    items: Vec<Option<Item>>,
    found: Vec<Found>,
}

pub(super) fn tell(
    rights: &OrgRights,
    tracked: &Arena<StatementIx, Tracked>,
    left: &Left<'_>,
    taken: &[Taken],
    cells: &mut Cells<'_>,
) -> Vec<Surplus> {
    let item = |taken: &Taken| taken.unit.and_then(|unit| tracked[taken.statement].units.get(unit)).map(|u| u.item);
    let items: Vec<Option<Item>> = taken.iter().map(item).collect();
    let found = taken.iter().map(|_| Found::default()).collect();
    let mut reasons = Reasons { rights, left, taken, items, found };
    let mut of: HashMap<StatementIx, Vec<usize>> = HashMap::new();
    for (number, taken) in taken.iter().enumerate() {
        of.entry(taken.statement).or_default().push(number);
    }
    let at_stake: HashMap<StatementIx, Loose> = of
        .iter()
        .map(|(statement, numbers)| {
            let whole = numbers.iter().any(|number| reasons.items[*number].is_none());
            let items = numbers.iter().filter_map(|number| reasons.items[*number]);
            (*statement, Loose::new(rights, *statement, whole, items))
        })
        .collect();
    for (subjects, class) in rights.statements.classes.iter() {
        let of_class = || class.statements.iter().map(|(statement, _)| statement);
        of_class().filter_map(|statement| of.get(statement)).flatten().for_each(|number| {
            reasons.look_at_class(*number, subjects);
        });
        let entries = of_class().filter_map(|statement| at_stake.get(statement)).flat_map(Loose::entries);
        let names = left.named().that_name(subjects, entries);
        let wanted = cells.wanted(subjects, |statement, add| {
            let Some(loose) = at_stake.get(&statement) else { return };
            loose.places(rights.statements.reached(&rights.statements.all[statement]), &names, add);
        });
        cells.row(subjects, &wanted, |cell| reasons.look_at_cell(cell, &of));
    }
    let mut all: Vec<Surplus> = Vec::with_capacity(taken.len());
    for (number, taken) in taken.iter().enumerate() {
        let grant = rights.statements.all[taken.statement].grant;
        let unit = taken.unit.and_then(|unit| tracked[taken.statement].units.get(unit));
        let span = unit.map_or(rights.org.grants[grant].span, |unit| unit.span);
        let part = match unit.map(|unit| unit.item) {
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

impl Reasons<'_, '_> {
    fn stated(&self, number: usize) -> &Statement {
        &self.rights.statements.all[self.taken[number].statement]
    }

    /// The capabilities that are at stake.
    fn capabilities(&self, number: usize) -> CapabilitySet {
        match self.items[number] {
            Some(Item::Capability(_, set)) => set,
            _ => self.stated(number).capabilities,
        }
    }

    /// Whether resources of a class are at stake, barred or not.
    fn concerns(&self, number: usize, class: ResourceClassIx) -> bool {
        let standing = &self.rights.resources.classes[class].standing;
        match self.items[number] {
            Some(Item::Scope(scope)) => reaches(scope, standing, self.stated(number).denial),
            Some(Item::Only(group)) => standing.only.contains(&group),
            _ => true,
        }
    }

    /// Whether a class comes by it through what is at stake.
    fn names(&self, number: usize, class: SubjectClassIx) -> bool {
        match self.items[number] {
            Some(Item::To(entry)) => self.left.named().names(entry, class),
            _ => true,
        }
    }

    fn look_at_class(&mut self, number: usize, class: SubjectClassIx) {
        if !self.names(number, class) {
            return;
        }
        let rights = self.rights;
        let statement = self.taken[number].statement;
        let of_class = &rights.statements.classes[class];
        let owned = of_class.owner.and_then(|owner| rights.resources.owned.get(&owner));
        let target = rights.statements.reached(&rights.statements.all[statement]);
        let owns = owned.is_some_and(|owned| owned.iter().any(|class| target.binary_search(class).is_ok()));
        let at = of_class.statements.binary_search_by_key(&statement, |(index, _)| *index).ok();
        let set = at.and_then(|at| of_class.statements.get(at)).map(|(_, set)| *set);
        let can_hold = set.is_some_and(|set| {
            rights.statements.set(set).iter().any(|condition| !rights.conditions.is_never(*condition))
        });
        let found = &mut self.found[number];
        found.comes = true;
        found.ownership |= owns;
        found.can_hold |= can_hold;
    }

    fn look_at_cell(&mut self, cell: &Cell<'_>, of: &HashMap<StatementIx, Vec<usize>>) {
        if !cell.statements().any(|statement| of.contains_key(&statement)) {
            return;
        }
        let groups: Vec<&[Party]> = cell.groups().collect();
        for (at, group) in groups.iter().enumerate() {
            for party in *group {
                for number in of.get(&party.statement).into_iter().flatten() {
                    if self.concerns(*number, cell.resource) && self.names(*number, cell.subjects) {
                        self.look_at_party(*number, cell, &groups, at);
                    }
                }
            }
        }
    }

    /// What one statement says in a cell: each capability under each alternative is covered by another, or denied.
    fn look_at_party(&mut self, number: usize, cell: &Cell<'_>, groups: &[&[Party]], at: usize) {
        let Some(own) = cell.contributions.get(at) else { return };
        let rights = self.rights;
        let wanted = own.capabilities & self.capabilities(number);
        let statement = self.taken[number].statement;
        for (capabilities, applying) in parted(cell.contributions, wanted) {
            let covering = |narrow: CondIx, denials: bool| -> Vec<StatementIx> {
                let mut all = Vec::new();
                for at in &applying {
                    let (Some(contribution), Some(group)) = (cell.contributions.get(*at), groups.get(*at)) else {
                        continue;
                    };
                    let set = rights.statements.set(contribution.set);
                    if contribution.denial == denials && provides(What::Covered(narrow), set, &rights.conditions) {
                        let provides = |statement: &StatementIx| {
                            self.left.still_provides(*statement, What::Covered(narrow), capabilities, cell)
                        };
                        all.extend(group.iter().map(|party| party.statement).filter(provides));
                    }
                }
                all.sort_unstable();
                all
            };
            let mut results: Vec<(bool, Vec<StatementIx>)> = Vec::new();
            for condition in rights.statements.set(own.set).iter().filter(|c| !rights.conditions.is_never(**c)) {
                let denying = covering(*condition, true);
                if denying.is_empty() && !own.denial {
                    results.push((false, covering(*condition, false)));
                } else {
                    results.push((!own.denial, denying));
                }
            }
            let found = &mut self.found[number];
            for (denied, mut by) in results {
                if denied {
                    found.denying.add(by);
                } else if by.binary_search(&statement).is_ok() {
                    found.same_grant = true;
                } else {
                    by.retain(|other| *other != statement);
                    found.covering.add(by);
                }
            }
        }
    }

    fn why(&self, number: usize) -> Reason {
        let rights = self.rights;
        let found = &self.found[number];
        if !found.comes {
            let ownership = self.names_an_owner(number);
            return if ownership {
                Reason::Covered(Covered { ownership, ..Covered::default() })
            } else {
                Reason::NoUser
            };
        }
        match self.in_reach(number) {
            Reach::Nothing => return Reason::NoResource,
            Reach::Barred => return Reason::Barred,
            Reach::Some if !found.can_hold => return Reason::Never,
            Reach::Some => {}
        }
        let (others, denials) = (found.covering.others(rights), found.denying.others(rights));
        if found.covering.is_empty() && !found.same_grant && !found.ownership {
            return if self.stated(number).denial { Reason::Idle } else { Reason::Denied(denials) };
        }
        Reason::Covered(Covered { same_grant: found.same_grant, ownership: found.ownership, others, denials })
    }

    /// Whether it comes to an owner of the organisation, to whom no statement means anything.
    fn names_an_owner(&self, number: usize) -> bool {
        let statements = &self.rights.statements;
        let statement = self.taken[number].statement;
        let grant = &self.rights.org.grants[statements.all[statement].grant];
        let named = |entry: Entry| match self.items[number] {
            Some(Item::To(item)) => entry == item,
            _ => grant.to.iter().any(|(subject, _)| Entry::of(*subject) == entry),
        };
        self.rights.org.owners.iter().any(|(owner, _)| {
            statements.entries[*owner].iter().any(|(entry, _)| named(*entry))
                && !statements.excepted.get(&statement).is_some_and(|users| users.contains(owner))
        })
    }

    fn in_reach(&self, number: usize) -> Reach {
        let rights = self.rights;
        let stated = self.stated(number);
        let capabilities = self.capabilities(number);
        let target = &rights.statements.targets.targets[stated.target];
        let of_use = |class: ResourceClassIx| {
            let kind = rights.resources.classes[class].standing.kind;
            self.concerns(number, class) && !(capabilities & target.mask(kind)).is_empty()
        };
        if target.classes.iter().any(|class| of_use(*class)) {
            return Reach::Some;
        }
        let aim = Aim::of(&rights.org.grants[stated.grant]);
        let barred = rights.resources.classes.iter().filter(|(_, class)| class.standing.barred);
        let mut reached = barred.filter(|(_, class)| aim.takes(&rights.org, &class.standing));
        if reached.any(|(class, _)| of_use(class)) { Reach::Barred } else { Reach::Nothing }
    }
}

enum Reach {
    Nothing,
    Barred,
    Some,
}
