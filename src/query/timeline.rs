//! How rights change with time. In: a frame and a period. Out: blocks of subjects × capabilities × resources with the exact
//! spans in which something is held, and what is left of its conditions then.
//!
//! Between two breakpoints (a date, an opening or closing of a schedule, a change of the clock that does either) nothing
//! changes, so that one instant between them speaks for all. No instant is tried beside these.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::net::IpAddr;

use super::blocks::{Account, Block, Frame, blocks, everybody};
use super::clock::Request;
use super::held::Held;
use super::why::Who;
use crate::effective::{Condition, OrgRights};
use crate::graph::ResourceIx;
use crate::model::{AddressSet, ScheduleIx};
use crate::vocabulary::CapabilitySet;

/// How many openings and closings are looked at, each counted for every alternative that it may open or close. A period
/// with more of them is cut.
const MOST: usize = 200_000;
/// In slices of this many seconds.
const SLICE: i64 = 30 * 24 * 60 * 60;

/// Which parts of conditions are judged; the others stay.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Judged {
    /// Dates and schedules, and the address where it is known.
    Time(Option<IpAddr>),
    /// Dates alone.
    Dates,
}

/// What is left of the conditions of a right at some time.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Left {
    /// Any one of these, reduced; none where nothing is held.
    pub when: Vec<Condition>,
    /// And none of these.
    pub denied: Vec<Condition>,
    /// And from one of these, where the account has any.
    pub networks: Option<AddressSet>,
}

/// A time in which what is left stays the same.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Span {
    /// Seconds since 1970.
    pub from: i64,
    /// Seconds since 1970, excluded.
    pub until: i64,
    /// What is left.
    pub left: Left,
}

/// Each of the subjects holds each of the capabilities on each of the resources in these spans.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TimedBlock {
    /// The subjects, ascending.
    pub subjects: Vec<Who>,
    /// The capabilities.
    pub capabilities: CapabilitySet,
    /// The resources, ascending.
    pub resources: Vec<ResourceIx>,
    /// When something is held, in order; two that meet differ.
    pub spans: Vec<Span>,
}

/// The rights of a frame in a period.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Timeline {
    /// Seconds since 1970.
    pub from: i64,
    /// Seconds since 1970, excluded.
    pub until: i64,
    /// Whether it ends before the period that was asked for, since too much changes in it.
    pub cut: bool,
    /// What is held at some time in it: each right in one block.
    pub blocks: Vec<TimedBlock>,
}

impl Left {
    /// Whether nothing is held.
    #[must_use]
    pub fn is_nothing(&self) -> bool {
        self.when.is_empty()
    }
}

/// When what of a frame is held from `from` until just before `until`. A request in the frame is passed over.
#[must_use]
pub fn timeline(rights: &OrgRights, frame: &Frame, from: i64, until: i64, judged: Judged) -> Timeline {
    let blocks = blocks(rights, &Frame { request: None, ..frame.clone() });
    let mut weights: BTreeMap<ScheduleIx, usize> = BTreeMap::new();
    let mut states: Vec<(&Held, &Account)> = blocks.iter().map(|block| (&block.held, &block.account)).collect();
    states.sort_unstable();
    states.dedup();
    if let Judged::Time(_) = judged {
        for condition in states.iter().flat_map(|(held, _)| conditions_of(rights, held)) {
            condition.schedules.iter().for_each(|schedule| *weights.entry(*schedule).or_default() += 1);
        }
    }
    let (openings, end) = openings(rights, &weights, from, until);
    let spans: BTreeMap<(&Held, &Account), Vec<Span>> = states
        .into_iter()
        .map(|(held, account)| {
            let right = Timed { rights, held, account, judged };
            ((held, account), right.spans(&openings, from, end))
        })
        .collect();
    Timeline { from, until: end, cut: end < until, blocks: together(&blocks, &spans) }
}

/// The subjects whose rights may change by a date in a period: links, and users to whom something comes, or whose account
/// opens or closes, at a date in it.
#[must_use]
pub fn dated(rights: &OrgRights, from: i64, until: i64) -> Vec<Who> {
    let inside = |date: &Option<i64>| date.is_some_and(|date| from < date && date < until);
    let dated = |condition: &Condition| inside(&condition.from) || inside(&condition.until);
    let classes: BTreeSet<_> = rights
        .statements
        .classes
        .indices()
        .filter(|class| {
            let mut ways = rights.statements.coming(*class).flat_map(|(_, _, ways)| ways);
            ways.any(|way| dated(rights.conditions.get(*way)))
        })
        .collect();
    let changes = |who: &Who| match who {
        Who::Link(_) => true,
        Who::User(user) => rights.statements.class_of[*user].is_some_and(|class| {
            let declared = &rights.org.users[*user];
            classes.contains(&class) || inside(&declared.from) || inside(&declared.until)
        }),
    };
    everybody(rights).into_iter().filter(changes).collect()
}

fn conditions_of<'r>(rights: &'r OrgRights, held: &'r Held) -> impl Iterator<Item = &'r Condition> {
    held.when.iter().chain(&held.denied).map(|condition| rights.conditions.get(*condition))
}

/// When each schedule opens and closes, and until when that is known.
fn openings(
    rights: &OrgRights,
    weights: &BTreeMap<ScheduleIx, usize>,
    from: i64,
    until: i64,
) -> (BTreeMap<ScheduleIx, Vec<i64>>, i64) {
    let mut known: BTreeMap<ScheduleIx, Vec<i64>> = BTreeMap::new();
    let (mut begin, mut looked_at) = (from, 0);
    while begin < until && !weights.is_empty() {
        let end = until.min(begin.saturating_add(SLICE));
        let mut found: Vec<(i64, ScheduleIx)> = Vec::new();
        for schedule in weights.keys() {
            let changes = rights.org.schedules[*schedule].changes(begin, end);
            found.extend(changes.into_iter().filter(|at| *at > from).map(|at| (at, *schedule)));
        }
        found.sort_unstable();
        for (at, schedule) in found {
            looked_at += weights.get(&schedule).copied().unwrap_or_default();
            if looked_at > MOST {
                return (known, at);
            }
            known.entry(schedule).or_default().push(at);
        }
        // that nothing was found had to be looked for too
        looked_at += weights.len();
        if looked_at > MOST {
            return (known, end);
        }
        begin = end;
    }
    (known, until)
}

/// A right over time.
struct Timed<'r> {
    rights: &'r OrgRights,
    held: &'r Held,
    account: &'r Account,
    judged: Judged,
}

impl Timed<'_> {
    fn spans(&self, openings: &BTreeMap<ScheduleIx, Vec<i64>>, from: i64, until: i64) -> Vec<Span> {
        let mut breakpoints: BTreeSet<i64> = [self.account.from, self.account.until].into_iter().flatten().collect();
        for condition in conditions_of(self.rights, self.held) {
            breakpoints.extend([condition.from, condition.until].into_iter().flatten());
            if let Judged::Time(_) = self.judged {
                breakpoints.extend(condition.schedules.iter().filter_map(|schedule| openings.get(schedule)).flatten());
            }
        }
        breakpoints.retain(|at| from < *at && *at < until);
        // what is left depends on nothing but which of the conditions hold
        let mut known: HashMap<Vec<usize>, Left> = HashMap::new();
        let mut spans: Vec<Span> = Vec::new();
        let ends = breakpoints.iter().copied().chain([until]);
        for (from, until) in [from].into_iter().chain(breakpoints.iter().copied()).zip(ends) {
            let holding = self.holding(from);
            let left = known.entry(holding).or_insert_with_key(|holding| self.left(holding)).clone();
            match spans.last_mut() {
                Some(last) if last.until == from && last.left == left => last.until = until,
                _ if left.is_nothing() => {}
                _ => spans.push(Span { from, until, left }),
            }
        }
        spans
    }

    /// The numbers of the conditions that hold at an instant, as far as they are judged; none outside of the account.
    fn holding(&self, at: i64) -> Vec<usize> {
        let within = |from: Option<i64>, until: Option<i64>| {
            from.is_none_or(|from| from <= at) && until.is_none_or(|until| at < until)
        };
        if !within(self.account.from, self.account.until) {
            return Vec::new();
        }
        let holds = |condition: &Condition| {
            let schedules = &self.rights.org.schedules;
            within(condition.from, condition.until)
                && (self.judged == Judged::Dates || condition.schedules.iter().all(|one| schedules[*one].holds(at)))
        };
        let numbered = conditions_of(self.rights, self.held).enumerate();
        numbered.filter(|(_, condition)| holds(condition)).map(|(number, _)| number).collect()
    }

    fn left(&self, holding: &[usize]) -> Left {
        let (mut when, mut denied) = (Vec::new(), Vec::new());
        for (number, condition) in conditions_of(self.rights, self.held).enumerate() {
            if holding.binary_search(&number).is_ok() && !condition.is_never() {
                let rest = match self.judged {
                    Judged::Time(_) => Vec::new(),
                    Judged::Dates => condition.schedules.clone(),
                };
                let rest = Condition { from: None, until: None, schedules: rest, ..condition.clone() };
                if number < self.held.when.len() { &mut when } else { &mut denied }.push(rest);
            }
        }
        let (when, denied) = self.rights.conditions.left(when, denied);
        let networks = self.account.networks.clone().filter(|_| !when.is_empty());
        let left = Left { when, denied, networks };
        match self.judged {
            Judged::Time(Some(address)) if left.holds(self.rights, address) => {
                Left { when: vec![Condition::default()], ..Left::default() }
            }
            Judged::Time(Some(_)) => Left::default(),
            _ => left,
        }
    }
}

impl Left {
    fn holds(&self, rights: &OrgRights, address: IpAddr) -> bool {
        let request = Request { at: None, address: Some(address) };
        let any = |all: &[Condition]| all.iter().any(|one| request.meets(one, &rights.org, false));
        any(&self.when) && !any(&self.denied) && self.networks.as_ref().is_none_or(|set| set.contains(address))
    }
}

/// Subjects, capabilities, resources.
type Part = (Vec<Who>, CapabilitySet, Vec<ResourceIx>);

/// Blocks with the same spans in as few as come of joining two that differ in one respect.
fn together(blocks: &[Block], spans: &BTreeMap<(&Held, &Account), Vec<Span>>) -> Vec<TimedBlock> {
    let mut numbers: HashMap<&[Span], usize> = HashMap::new();
    let mut by_spans: Vec<(&[Span], Vec<Part>)> = Vec::new();
    for block in blocks {
        let Some(spans) = spans.get(&(&block.held, &block.account)).filter(|spans| !spans.is_empty()) else { continue };
        let number = *numbers.entry(spans).or_insert(by_spans.len());
        if number == by_spans.len() {
            by_spans.push((spans, Vec::new()));
        }
        if let Some((_, parts)) = by_spans.get_mut(number) {
            parts.push((block.subjects.clone(), block.capabilities, block.resources.clone()));
        }
    }
    let mut all: Vec<TimedBlock> = Vec::new();
    for (spans, parts) in by_spans {
        all.extend(join(parts).into_iter().map(|(subjects, capabilities, resources)| TimedBlock {
            subjects,
            capabilities,
            resources,
            spans: spans.to_vec(),
        }));
    }
    all.sort_by_cached_key(|block| {
        let size = block.subjects.len() * block.resources.len() * block.capabilities.len();
        let first = (block.subjects.first().copied(), block.capabilities, block.resources.first().copied());
        (std::cmp::Reverse(size), first)
    });
    all
}

/// Parts without a cell in common, joined where they differ in their subjects, capabilities or resources alone.
pub(super) fn join(parts: Vec<Part>) -> Vec<Part> {
    let mut by_rest: BTreeMap<(CapabilitySet, Vec<ResourceIx>), BTreeSet<Who>> = BTreeMap::new();
    for (subjects, capabilities, resources) in parts {
        by_rest.entry((capabilities, resources)).or_default().extend(subjects);
    }
    let mut by_sets: BTreeMap<(Vec<Who>, Vec<ResourceIx>), CapabilitySet> = BTreeMap::new();
    for ((capabilities, resources), subjects) in by_rest {
        let all = by_sets.entry((subjects.into_iter().collect(), resources)).or_default();
        *all = *all | capabilities;
    }
    let mut by_rights: BTreeMap<(Vec<Who>, CapabilitySet), BTreeSet<ResourceIx>> = BTreeMap::new();
    for ((subjects, resources), capabilities) in by_sets {
        by_rights.entry((subjects, capabilities)).or_default().extend(resources);
    }
    let part = |((subjects, capabilities), resources): ((Vec<Who>, CapabilitySet), BTreeSet<ResourceIx>)| {
        (subjects, capabilities, resources.into_iter().collect())
    };
    by_rights.into_iter().map(part).collect()
}
