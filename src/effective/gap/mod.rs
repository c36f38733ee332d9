//! Gaps: when and from where one right holds and another does not, exactly.
//!
//! In: two rights as alternatives, and what binds the user anyhow. Out: the difference as pieces: from one instant until
//! another, within hours of the week or of a day, from certain addresses. A part of a condition changes only at its ends,
//! so time and addresses are cut at the ends of all parts, and each cell is judged whole. Where
//! schedules of several zones meet, hours are told by their names. Never a guess: where that cannot be said in one
//! stretch, or the work would grow beyond its bounds, that is the answer.

mod cells;
mod hours;

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use rustc_hash::FxHashMap;

use self::cells::{Atom, atoms};
use self::hours::{Times, times};
use super::condition::{CondIx, Condition, Conditions};
use super::right::Right;
use super::{OrgRights, networks_of};
use crate::model::{AddressSet, ScheduleIx, UserIx};

pub use self::hours::{Days, Hours, Windows};

/// When one capability is held on one resource: under one of some conditions, and under none of others.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Held {
    /// The alternatives.
    pub allow: Vec<CondIx>,
    /// The alternatives of denials.
    pub deny: Vec<CondIx>,
}

impl Held {
    /// As a right says of one capability.
    #[must_use]
    pub fn of(right: &Right, capability: usize) -> Held {
        let denied = right.deny_when.iter().find(|item| item.capabilities.has(capability));
        Held {
            allow: right.alternatives(capability).unwrap_or_default().to_vec(),
            deny: denied.map(|item| item.when.clone()).unwrap_or_default(),
        }
    }
}

/// Two rights of which the one may hold where the other does not.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Differing {
    /// The one that holds.
    pub holds: Held,
    /// The one that does not.
    pub lacks: Held,
}

/// When and from where one right holds, and another does not.
#[derive(Clone, Debug)]
pub enum Gap {
    /// In these pieces and no others, the earlier first; none: there is no such time and place.
    Told {
        /// The pieces, which share no instant from one address.
        pieces: Vec<Piece>,
        /// The schedule that the right states in every alternative, where there is one.
        within: Option<ScheduleIx>,
    },
    /// Schedules of several zones meet, whose hours shift against one another, in more than one condition.
    Zones,
    /// There is too much to compare.
    TooMuch,
}

impl Gap {
    /// Whether there is surely no such time and place.
    #[must_use]
    pub fn is_nowhere(&self) -> bool {
        matches!(self, Gap::Told { pieces, .. } if pieces.is_empty())
    }
}

/// Instants and addresses: all of these parts hold.
#[derive(Clone, Debug)]
pub struct Piece {
    /// Seconds since 1970.
    pub from: Option<i64>,
    /// Seconds since 1970, excluded.
    pub until: Option<i64>,
    /// Within these hours; none: at any.
    pub hours: Option<Hours>,
    /// From these addresses; none: from any.
    pub addresses: Option<AddressSet>,
}

/// What all gaps of an organisation may cost together, in comparisons of a part with a cell.
const STEPS: u64 = 12_000_000;

/// What one gap may cost.
const STEPS_OF_ONE: u64 = 1_000_000;

/// Gaps of an organisation, each computed once.
#[derive(Debug)]
pub struct Gaps<'r> {
    rights: &'r OrgRights,
    known: FxHashMap<(Condition, Differing), Rc<Gap>>,
    left: u64,
}

impl<'r> Gaps<'r> {
    /// None computed yet.
    #[must_use]
    pub fn new(rights: &'r OrgRights) -> Gaps<'r> {
        Gaps { rights, known: FxHashMap::default(), left: STEPS }
    }

    /// When and from where a user holds the one and lacks the other. Their own dates and networks are minded.
    pub fn of(&mut self, user: UserIx, differing: &Differing) -> Rc<Gap> {
        let org = &self.rights.org;
        let own = Condition {
            from: org.users[user].from,
            until: org.users[user].until,
            networks: networks_of(org, &self.rights.graph, user).cloned(),
            ..Condition::default()
        };
        self.within(own, differing)
    }

    /// When and from where somebody whose account has neither dates nor networks holds the one and lacks the other.
    pub fn of_anybody(&mut self, differing: &Differing) -> Rc<Gap> {
        self.within(Condition::default(), differing)
    }

    fn within(&mut self, own: Condition, differing: &Differing) -> Rc<Gap> {
        // to find a known one costs what there is to compare
        let looking = own.networks.as_ref().map_or(0, AddressSet::ranges) as u64 + 16;
        self.left = self.left.saturating_sub(looking);
        if self.left == 0 {
            return Rc::new(Gap::TooMuch);
        }
        let key = (own, differing.clone());
        if let Some(known) = self.known.get(&key) {
            return Rc::clone(known);
        }
        let mut steps = Steps(self.left.min(STEPS_OF_ONE));
        let before = steps.0;
        let gap = compute(self.rights, &key.0, differing, &mut steps).unwrap_or_else(|why| match why {
            Beyond::Zones => Gap::Zones,
            Beyond::Steps => Gap::TooMuch,
        });
        self.left -= before - steps.0;
        let gap = Rc::new(gap);
        self.known.insert(key, Rc::clone(&gap));
        gap
    }
}

/// Why a gap is not computed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Beyond {
    Zones,
    Steps,
}

/// What may still be done.
struct Steps(u64);

impl Steps {
    fn take(&mut self, count: usize) -> Result<(), Beyond> {
        match self.0.checked_sub(count as u64) {
            Some(left) => {
                self.0 = left;
                Ok(())
            }
            None => {
                self.0 = 0;
                Err(Beyond::Steps)
            }
        }
    }
}

/// What a condition does in the comparison.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Role {
    Holds,
    HoldsNot,
    Lacks,
    LacksNot,
}

/// Whether there is a gap where the conditions of these roles hold, and no others.
fn differs(roles: impl Iterator<Item = Role>) -> bool {
    let (mut holds, mut held_off, mut had, mut had_off) = (false, false, false, false);
    for role in roles {
        match role {
            Role::Holds => holds = true,
            Role::HoldsNot => held_off = true,
            Role::Lacks => had = true,
            Role::LacksNot => had_off = true,
        }
    }
    holds && !held_off && (!had || had_off)
}

/// A condition that takes part.
struct Part<'c> {
    role: Role,
    condition: &'c Condition,
    addresses: Option<&'c AddressSet>,
}

impl<'c> Part<'c> {
    fn all(conditions: &'c Conditions, differing: &Differing) -> Vec<Part<'c>> {
        let Differing { holds, lacks } = differing;
        let lists = [
            (Role::Holds, &holds.allow),
            (Role::HoldsNot, &holds.deny),
            (Role::Lacks, &lacks.allow),
            (Role::LacksNot, &lacks.deny),
        ];
        let all = lists.into_iter().flat_map(|(role, list)| list.iter().map(move |number| (role, *number)));
        all.filter(|(_, number)| !conditions.is_never(*number))
            .map(|(role, number)| Part {
                role,
                condition: conditions.get(number),
                addresses: conditions.addresses(number),
            })
            .collect()
    }

    fn covers(&self, stretch: Stretch) -> bool {
        let started = self.condition.from.is_none_or(|from| stretch.from.is_some_and(|at| from <= at));
        let going = self.condition.until.is_none_or(|until| stretch.until.is_some_and(|end| end <= until));
        started && going
    }
}

/// From one instant until another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Stretch {
    from: Option<i64>,
    until: Option<i64>,
}

/// The stretches between the instants at which a part begins or ends, within a user's own dates.
fn stretches(own: &Condition, parts: &[Part<'_>]) -> Vec<Stretch> {
    let ends = parts.iter().flat_map(|part| [part.condition.from, part.condition.until]).flatten();
    let within = |at: &i64| own.from.is_none_or(|from| from < *at) && own.until.is_none_or(|until| *at < until);
    let cuts: BTreeSet<i64> = ends.filter(within).collect();
    let mut from = own.from;
    let mut all = Vec::with_capacity(cuts.len() + 1);
    for cut in cuts {
        all.push(Stretch { from, until: Some(cut) });
        from = Some(cut);
    }
    all.push(Stretch { from, until: own.until });
    all
}

fn compute(rights: &OrgRights, own: &Condition, differing: &Differing, steps: &mut Steps) -> Result<Gap, Beyond> {
    let parts = Part::all(&rights.conditions, differing);
    let within = common_schedule(&parts);
    if own.is_never() {
        return Ok(Gap::Told { pieces: Vec::new(), within });
    }
    let everywhere = AddressSet::everything().addresses();
    let own_addresses = own.networks.as_ref().map_or(everywhere.clone(), AddressSet::addresses);
    let atoms = atoms(own_addresses, parts.iter().map(|part| part.addresses), steps)?;
    let mut cells = Cells { rights, parts: &parts, atoms: &atoms, known: BTreeMap::new() };
    let mut told: Vec<(Stretch, Differences)> = Vec::new();
    for stretch in stretches(own, &parts) {
        let here = cells.within(stretch, steps)?;
        steps.take(here.iter().map(|(_, addresses)| addresses.ranges()).sum())?;
        match told.last_mut() {
            Some((last, same)) if *same == here => last.until = stretch.until,
            _ => told.push((stretch, here)),
        }
    }
    let mut pieces = Vec::new();
    for (stretch, here) in told {
        for (times, addresses) in here {
            let addresses = (addresses != everywhere).then_some(addresses);
            let hours = times.within(&rights.org, stretch, steps)?;
            pieces.extend(hours.into_iter().map(|hours| Piece {
                from: stretch.from,
                until: stretch.until,
                hours,
                addresses: addresses.clone(),
            }));
        }
    }
    Ok(Gap::Told { pieces, within })
}

/// At which times, from which addresses; no address comes twice.
type Differences = Vec<(Rc<Times>, AddressSet)>;

/// The cells into which addresses and dates are cut.
struct Cells<'c> {
    rights: &'c OrgRights,
    parts: &'c [Part<'c>],
    atoms: &'c [Atom],
    /// At which times there is a gap where the dates and addresses of these parts hold.
    known: BTreeMap<Vec<usize>, Rc<Times>>,
}

impl Cells<'_> {
    /// The gap in a stretch.
    fn within(&mut self, stretch: Stretch, steps: &mut Steps) -> Result<Differences, Beyond> {
        let mut here: Differences = Vec::new();
        for atom in self.atoms {
            let found = self.times(stretch, atom, steps)?;
            if *found == Times::Never {
                continue;
            }
            match here.iter_mut().find(|(times, _)| *times == found) {
                Some((_, addresses)) => {
                    steps.take(addresses.ranges() + atom.addresses.ranges())?;
                    *addresses = addresses.union(&atom.addresses);
                }
                None => here.push((found, atom.addresses.clone())),
            }
        }
        Ok(here)
    }

    fn times(&mut self, stretch: Stretch, atom: &Atom, steps: &mut Steps) -> Result<Rc<Times>, Beyond> {
        steps.take(self.parts.len() + 1)?;
        let covering = self.parts.iter().zip(&atom.inside).enumerate();
        let active = covering.filter(|(_, (part, inside))| **inside && part.covers(stretch));
        let active: Vec<usize> = active.map(|(number, _)| number).collect();
        if let Some(times) = self.known.get(&active) {
            return Ok(Rc::clone(times));
        }
        let of_these: Vec<&Part<'_>> = active.iter().filter_map(|number| self.parts.get(*number)).collect();
        let times = Rc::new(times(self.rights, &of_these, steps)?);
        self.known.insert(active, Rc::clone(&times));
        Ok(times)
    }
}

/// The one schedule that the right states in every alternative.
fn common_schedule(parts: &[Part<'_>]) -> Option<ScheduleIx> {
    let mut stated = parts.iter().filter(|part| part.role == Role::Holds).map(|part| &part.condition.schedules[..]);
    match stated.next()? {
        [one] if stated.all(|other| other == [*one]) => Some(*one),
        _ => None,
    }
}
