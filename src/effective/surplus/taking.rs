//! Taking away: grants and items go one by one, from the last to the first, each where the table stays as it is without
//! it and without all that went before.

use std::collections::{HashMap, HashSet};

use rustc_hash::FxBuildHasher;

use super::cells::{Cell, Cells};
use super::items::{Item, Unit, capability_items};
use super::links::LinkCheck;
use super::loose::{Loose, Losses};
use super::needs::{What, provides};
use super::survey::{Named, Tracked};
use crate::effective::OrgRights;
use crate::effective::resources::ResourceClassIx;
use crate::effective::statements::{Entry, StatementIx, SubjectClassIx};
use crate::effective::targets::Aim;
use crate::model::{Arena, UserIx};
use crate::vocabulary::CapabilitySet;

/// What is left of the statements.
#[derive(Debug)]
pub(super) struct Left<'r> {
    rights: &'r OrgRights,
    named: Named<'r>,
    gone: Arena<StatementIx, bool>,
    lessened: HashMap<StatementIx, Less>,
}

/// What is left of a statement that lost items.
#[derive(Clone, Debug)]
pub(super) struct Less {
    pub lost: Vec<Item>,
    pub capabilities: CapabilitySet,
    pub aim: Aim,
    /// Whether it lost some of whom it names.
    loses_ways: bool,
}

/// Something that may be taken away.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Taken {
    pub statement: StatementIx,
    /// The whole of it where none.
    pub unit: Option<usize>,
}

/// A need all of whose providers may lose something.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Contested {
    providers: Box<[StatementIx]>,
    what: What,
    /// Those that must be provided; none where any provider provides all of them.
    capabilities: CapabilitySet,
    /// Where, if some provider may lose resources.
    resource: Option<ResourceClassIx>,
    /// To whom, if some provider may lose users.
    subjects: Option<SubjectClassIx>,
}

impl Less {
    /// The statement without some of its items.
    fn new(rights: &OrgRights, statement: StatementIx, lost: Vec<Item>) -> Less {
        let grant = &rights.org.grants[rights.statements.all[statement].grant];
        let mut aim = Aim::of(grant);
        for item in &lost {
            match item {
                Item::Scope(scope) => aim.drop_scope(*scope),
                Item::Only(group) => aim.drop_only(*group),
                Item::To(_) | Item::Capability(..) => {}
            }
        }
        let items = capability_items(rights, grant).into_iter().enumerate();
        let kept = items.filter(|(at, (set, _))| !lost.contains(&Item::Capability(*at, *set)));
        let capabilities = kept.map(|(_, (set, _))| set).collect();
        let loses_ways = lost.iter().any(|item| matches!(item, Item::To(_)));
        Less { lost, capabilities, aim, loses_ways }
    }

    pub(super) fn keeps(&self, entry: Entry) -> bool {
        !self.lost.contains(&Item::To(entry))
    }
}

impl<'r> Left<'r> {
    pub(super) fn new(rights: &'r OrgRights, named: Named<'r>) -> Left<'r> {
        let gone = rights.statements.all.iter().map(|_| false).collect();
        Left { rights, named, gone, lessened: HashMap::new() }
    }

    pub(super) fn is_gone(&self, statement: StatementIx) -> bool {
        self.gone[statement]
    }

    pub(super) fn less(&self, statement: StatementIx) -> Option<&Less> {
        self.lessened.get(&statement)
    }

    pub(super) fn named(&self) -> &Named<'r> {
        &self.named
    }

    /// The capabilities for which a statement still provides something: in one place and to one user, where these count.
    fn provided(
        &self,
        statement: StatementIx,
        what: What,
        resource: Option<ResourceClassIx>,
        user: Option<UserIx>,
    ) -> Option<CapabilitySet> {
        if self.gone[statement] {
            return None;
        }
        let Some(less) = self.lessened.get(&statement) else {
            return Some(self.rights.statements.all[statement].capabilities);
        };
        let standing = |class: ResourceClassIx| &self.rights.resources.classes[class].standing;
        if resource.is_some_and(|class| !less.aim.takes(&self.rights.org, standing(class))) {
            return None;
        }
        if let (true, Some(user)) = (less.loses_ways, user) {
            let left = self.named.alternatives(statement, user, |entry| less.keeps(entry));
            if !provides(what, &left, &self.rights.conditions) {
                return None;
            }
        }
        Some(less.capabilities)
    }

    /// Whether a statement still provides something to all of a class, or to none who is asked for.
    pub(super) fn still_provides(
        &self,
        statement: StatementIx,
        what: What,
        capabilities: CapabilitySet,
        cell: &Cell<'_>,
    ) -> bool {
        let user = self.rights.statements.classes[cell.subjects].members.first().copied();
        self.provided(statement, what, Some(cell.resource), user).is_some_and(|left| !(left & capabilities).is_empty())
    }

    fn is_met(&self, need: &Contested) -> bool {
        let loses_ways = |provider| self.lessened.get(provider).is_some_and(|less| less.loses_ways);
        match need.subjects {
            Some(class) if need.providers.iter().any(loses_ways) => {
                let members = &self.rights.statements.classes[class].members;
                members.iter().all(|user| self.is_met_for(need, Some(*user)))
            }
            _ => self.is_met_for(need, None),
        }
    }

    fn is_met_for(&self, need: &Contested, user: Option<UserIx>) -> bool {
        let mut missing = need.capabilities;
        for provider in &need.providers {
            if let Some(provided) = self.provided(*provider, need.what, need.resource, user) {
                missing = missing.without(provided);
                if missing.is_empty() {
                    return true;
                }
            }
        }
        false
    }
}

/// The needs that are met only by what may lose something.
#[derive(Debug, Default)]
struct Needed {
    contested: Vec<Contested>,
    of: HashMap<StatementIx, Vec<usize>>,
}

impl Needed {
    fn gather(
        rights: &OrgRights,
        tracked: &Arena<StatementIx, Tracked>,
        named: &Named<'_>,
        cells: &mut Cells<'_>,
    ) -> Needed {
        let loose: Arena<StatementIx, Loose> =
            tracked.iter().map(|(statement, tracked)| tracked.loose(rights, statement)).collect();
        let mut numbers: HashMap<Contested, usize, FxBuildHasher> = HashMap::default();
        for (subjects, class) in rights.statements.classes.iter().filter(|(_, class)| !class.owns_org) {
            let of_class = class.statements.iter().map(|(statement, _)| &loose[*statement]);
            let names = named.that_name(subjects, of_class.flat_map(Loose::entries));
            let wanted = cells.wanted(subjects, |statement, add| {
                loose[statement].places(rights.statements.reached(&rights.statements.all[statement]), &names, add);
            });
            cells.row(subjects, &wanted, |cell| {
                for need in contested(rights, &loose, &names, cell) {
                    let number = numbers.len();
                    numbers.entry(need).or_insert(number);
                }
            });
        }
        let mut contested: Vec<(usize, Contested)> = numbers.into_iter().map(|(need, number)| (number, need)).collect();
        contested.sort_unstable_by_key(|(number, _)| *number);
        let mut needed = Needed::default();
        for (number, need) in contested {
            for provider in &need.providers {
                needed.of.entry(*provider).or_default().push(number);
            }
            needed.contested.push(need);
        }
        needed
    }
}

/// The needs of a cell all of whose providers may miss something there.
fn contested(
    rights: &OrgRights,
    loose: &Arena<StatementIx, Loose>,
    names: &HashSet<Entry>,
    cell: &Cell<'_>,
) -> Vec<Contested> {
    let groups: Vec<_> = cell.groups().collect();
    let mut contested = Vec::new();
    for need in &cell.needs.all {
        let mut losses = Losses::default();
        let mut providers: Vec<StatementIx> = Vec::new();
        let mut may_all_miss = true;
        for party in need.providers.iter().filter_map(|at| groups.get(*at)).copied().flatten() {
            let statement = party.statement;
            let Some(of_this) = loose[statement].losses(rights, statement, cell.resource, need.capabilities, names)
            else {
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

/// Takes away what may go. Denials first, so that what a denial keeps from coming through is judged by all grants.
pub(super) fn take<'r>(
    rights: &'r OrgRights,
    tracked: &Arena<StatementIx, Tracked>,
    named: Named<'r>,
    cells: &mut Cells<'r>,
) -> (Left<'r>, Vec<Taken>) {
    let needed = Needed::gather(rights, tracked, &named, cells);
    let mut links = LinkCheck::new(rights);
    let mut left = Left::new(rights, named);
    let mut taken = Vec::new();
    for denials in [true, false] {
        let statements = rights.statements.all.iter().rev().filter(|(_, stated)| stated.denial == denials);
        for (statement, _) in statements {
            let Tracked { needed: whole, units } = &tracked[statement];
            if !whole {
                left.gone[statement] = true;
                if needed.are_met(&left, statement) && links.hold(&left, statement) {
                    taken.push(Taken { statement, unit: None });
                    continue;
                }
                left.gone[statement] = false;
            }
            take_items(rights, units, statement, &needed, &mut left, &mut links, &mut taken);
        }
    }
    (left, taken)
}

impl Needed {
    fn are_met(&self, left: &Left<'_>, statement: StatementIx) -> bool {
        let needs = self.of.get(&statement).into_iter().flatten();
        needs.filter_map(|number| self.contested.get(*number)).all(|need| left.is_met(need))
    }
}

fn take_items(
    rights: &OrgRights,
    units: &[Unit],
    statement: StatementIx,
    needed: &Needed,
    left: &mut Left<'_>,
    links: &mut LinkCheck<'_>,
    taken: &mut Vec<Taken>,
) {
    let mut open: Vec<usize> = (0..units.len()).filter(|at| !units[*at].needed).collect();
    open.sort_by_key(|at| std::cmp::Reverse((units[*at].span, *at)));
    for at in open {
        let before = left.lessened.get(&statement).cloned();
        let mut lost = before.as_ref().map_or(Vec::new(), |less| less.lost.clone());
        lost.push(units[at].item);
        let same_list = |unit: &&Unit| unit.item.list() == units[at].item.list();
        if units.iter().filter(same_list).all(|unit| lost.contains(&unit.item)) {
            continue; // the last of its list stays
        }
        left.lessened.insert(statement, Less::new(rights, statement, lost));
        if needed.are_met(left, statement) && links.hold(left, statement) {
            taken.push(Taken { statement, unit: Some(at) });
        } else {
            match before {
                Some(before) => left.lessened.insert(statement, before),
                None => left.lessened.remove(&statement),
            };
        }
    }
}
