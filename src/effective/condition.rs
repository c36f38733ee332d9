//! Conditions: joined along ways, compared, and reduced to the fewest that say the same.
//!
//! Conditions are kept once and named by number. The parts of a condition are judged one by one, and conditions are
//! never solved: two schedules that never meet make a condition like any other.

use std::collections::HashMap;

use rustc_hash::{FxBuildHasher, FxHashMap};

use super::containment::lies_in;
use crate::model::{AddressSet, Arena, Org, Schedule, ScheduleIx, Stated, format_instant};
use crate::table::format;

/// A condition by number; equal numbers are equal conditions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct CondIx(pub u32);

/// When and from where something holds. All parts must hold; none stated: always.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Condition {
    /// Seconds since 1970.
    pub from: Option<i64>,
    /// Seconds since 1970, excluded.
    pub until: Option<i64>,
    /// Each of these, ascending.
    pub schedules: Vec<ScheduleIx>,
    /// The address is one of these.
    pub networks: Option<AddressSet>,
    /// The address is none of these.
    pub outside: Option<AddressSet>,
}

impl Condition {
    /// Whether nothing is stated.
    #[must_use]
    pub fn is_always(&self) -> bool {
        *self == Condition::default()
    }

    /// Whether nothing but dates is stated, or nothing at all.
    #[must_use]
    pub fn is_dates_only(&self) -> bool {
        self.schedules.is_empty() && self.networks.is_none() && self.outside.is_none()
    }

    /// Whether no instant or no address can meet it, known or not (`semantics §4`).
    #[must_use]
    pub fn is_never(&self) -> bool {
        self.has_no_date() || self.addresses().is_some_and(|left| left.is_empty())
    }

    /// The dates alone.
    #[must_use]
    pub fn dates(&self) -> Condition {
        Condition { from: self.from, until: self.until, ..Condition::default() }
    }

    /// Whether its dates leave no instant.
    pub(super) fn has_no_date(&self) -> bool {
        matches!((self.from, self.until), (Some(from), Some(until)) if until <= from)
    }

    /// Whether its dates lie in those of another, whatever else either states.
    pub(super) fn is_within_dates_of(&self, wide: &Condition) -> bool {
        let from = wide.from.is_none_or(|wide| self.from.is_some_and(|narrow| narrow >= wide));
        from && wide.until.is_none_or(|wide| self.until.is_some_and(|narrow| narrow <= wide))
    }

    /// Both at once: the later `from`, the earlier `until`, all schedules, the intersection of networks, the union of
    /// what is outside.
    #[must_use]
    pub fn and(&self, other: &Condition) -> Condition {
        let earlier = |a: Option<i64>, b: Option<i64>| match (a, b) {
            (Some(a), Some(b)) => Some(a.min(b)),
            (one, None) | (None, one) => one,
        };
        let mut schedules = [&self.schedules[..], &other.schedules].concat();
        schedules.sort_unstable();
        schedules.dedup();
        Condition {
            from: self.from.max(other.from),
            until: earlier(self.until, other.until),
            schedules,
            networks: both(&self.networks, &other.networks, AddressSet::intersection),
            outside: both(&self.outside, &other.outside, AddressSet::union),
        }
    }

    /// The addresses left, where any part speaks of addresses.
    fn addresses(&self) -> Option<AddressSet> {
        if self.networks.is_none() && self.outside.is_none() {
            return None;
        }
        let all = self.networks.clone().unwrap_or_else(AddressSet::everything);
        let left = self.outside.as_ref().map_or(all.clone(), |outside| all.difference(outside));
        Some(left.addresses())
    }
}

fn both<T: Clone>(a: &Option<T>, b: &Option<T>, join: impl Fn(&T, &T) -> T) -> Option<T> {
    match (a, b) {
        (Some(a), Some(b)) => Some(join(a, b)),
        (one, None) | (None, one) => one.clone(),
    }
}

impl From<&Stated> for Condition {
    fn from(stated: &Stated) -> Condition {
        Condition {
            from: stated.from,
            until: stated.until,
            schedules: stated.schedule.into_iter().collect(),
            networks: stated.networks.clone(),
            outside: stated.outside.clone(),
        }
    }
}

/// A condition with what is often asked of it.
#[derive(Clone, Debug)]
struct Known {
    condition: Condition,
    /// The addresses left, where it speaks of addresses.
    addresses: Option<AddressSet>,
    /// Whether no instant or no address can meet it.
    never: bool,
    /// As tables write it; its order is the table's.
    written: format::Condition<'static>,
}

/// All conditions of an organisation.
#[derive(Clone, Debug)]
pub struct Conditions {
    known: Vec<Known>,
    numbers: HashMap<Condition, CondIx, FxBuildHasher>,
    joined: FxHashMap<(CondIx, CondIx), CondIx>,
    schedules: Arena<ScheduleIx, Schedule>,
}

impl Conditions {
    /// The condition of those that state none.
    pub const ALWAYS: CondIx = CondIx(0);

    pub(super) fn new(org: &Org) -> Conditions {
        let mut conditions = Conditions {
            known: Vec::new(),
            numbers: HashMap::default(),
            joined: FxHashMap::default(),
            schedules: org.schedules.clone(),
        };
        conditions.add(Condition::default());
        conditions
    }

    /// The number of a condition.
    pub(super) fn add(&mut self, condition: Condition) -> CondIx {
        if let Some(number) = self.numbers.get(&condition) {
            return *number;
        }
        let number = CondIx(self.known.len() as u32);
        self.numbers.insert(condition.clone(), number);
        self.known.push(self.look_at(condition));
        number
    }

    fn look_at(&self, condition: Condition) -> Known {
        let (addresses, never) = (condition.addresses(), condition.is_never());
        Known { addresses, never, written: self.write(&condition), condition }
    }

    /// A condition as tables write it.
    #[must_use]
    pub fn write(&self, condition: &Condition) -> format::Condition<'static> {
        let blocks = |set: &AddressSet| set.blocks().into_iter().map(Into::into).collect::<Vec<_>>();
        let mut schedules: Vec<String> =
            condition.schedules.iter().map(|s| self.schedules[*s].id.to_string()).collect();
        schedules.sort_unstable();
        format::Condition {
            from: condition.from.map(|instant| format_instant(instant).into()),
            until: condition.until.map(|instant| format_instant(instant).into()),
            schedules: schedules.into_iter().map(Into::into).collect(),
            networks: condition.networks.as_ref().map(blocks),
            outside: condition.outside.as_ref().map(blocks).unwrap_or_default(),
        }
    }

    fn known(&self, number: CondIx) -> &Known {
        // numbers come from `add` alone
        &self.known[number.0 as usize]
    }

    /// The condition with this number.
    #[must_use]
    pub fn get(&self, number: CondIx) -> &Condition {
        &self.known(number).condition
    }

    /// As tables write it.
    #[must_use]
    pub fn written(&self, number: CondIx) -> &format::Condition<'static> {
        &self.known(number).written
    }

    /// The addresses left, where it speaks of addresses.
    pub(super) fn addresses(&self, number: CondIx) -> Option<&AddressSet> {
        self.known(number).addresses.as_ref()
    }

    /// Whether no instant or no address can meet it.
    #[must_use]
    pub fn is_never(&self, number: CondIx) -> bool {
        self.known(number).never
    }

    /// Both at once.
    pub(super) fn and(&mut self, a: CondIx, b: CondIx) -> CondIx {
        let (a, b) = if a <= b { (a, b) } else { (b, a) };
        if a == Self::ALWAYS || a == b {
            return b;
        }
        if let Some(joined) = self.joined.get(&(a, b)) {
            return *joined;
        }
        let joined = self.get(a).and(self.get(b));
        let joined = self.add(joined);
        self.joined.insert((a, b), joined);
        joined
    }

    /// Each of `a` with each of `b`.
    pub(super) fn product(&mut self, a: &[CondIx], b: &[CondIx]) -> Vec<CondIx> {
        let mut all: Vec<CondIx> = Vec::with_capacity(a.len() * b.len());
        for x in a {
            for y in b {
                all.push(self.and(*x, *y));
            }
        }
        all.sort_unstable();
        all.dedup();
        all
    }

    /// Whether `narrow` lies in `wide`, part by part (`semantics §5`).
    #[must_use]
    pub fn lies_in(&self, narrow: CondIx, wide: CondIx) -> bool {
        if narrow == wide || wide == Self::ALWAYS {
            return true;
        }
        self.compare(self.known(narrow), self.known(wide))
    }

    fn compare(&self, narrow: &Known, wide: &Known) -> bool {
        let (n, w) = (&narrow.condition, &wide.condition);
        let addresses = || match (&narrow.addresses, &wide.addresses) {
            (_, None) => true,
            (None, Some(_)) => false,
            (Some(narrow), Some(wide)) => narrow.is_subset(wide),
        };
        let schedules = || {
            let inside = |narrow: &ScheduleIx, wide: &ScheduleIx| {
                narrow == wide || lies_in(&self.schedules[*narrow], &self.schedules[*wide])
            };
            w.schedules.iter().all(|wide| n.schedules.iter().any(|narrow| inside(narrow, wide)))
        };
        n.is_within_dates_of(w) && schedules() && addresses()
    }

    /// The fewest alternatives that say the same, in the table's order: what can never hold is left out, and of two
    /// of which one lies in the other only the wider is kept; where each lies in the other, the first in order.
    #[must_use]
    pub fn reduce(&self, alternatives: &[CondIx]) -> Vec<CondIx> {
        let mut left: Vec<CondIx> = alternatives.iter().copied().filter(|c| !self.is_never(*c)).collect();
        if left.contains(&Self::ALWAYS) {
            return vec![Self::ALWAYS];
        }
        left.sort_by(|a, b| self.written(*a).cmp(self.written(*b)));
        left.dedup();
        widest(left, |narrow, wide| self.lies_in(*narrow, *wide))
    }

    /// What is left of alternatives beside denials, of conditions that need no numbers: both reduced as by
    /// [`Conditions::reduce`], without the alternatives that lie in a denial.
    #[must_use]
    pub fn left(&self, when: Vec<Condition>, denied: Vec<Condition>) -> (Vec<Condition>, Vec<Condition>) {
        let denied = self.reduce_known(denied);
        let mut when = self.reduce_known(when);
        when.retain(|held| !denied.iter().any(|denied| self.compare(held, denied)));
        let conditions = |known: Vec<Known>| known.into_iter().map(|known| known.condition).collect();
        if when.is_empty() { (Vec::new(), Vec::new()) } else { (conditions(when), conditions(denied)) }
    }

    fn reduce_known(&self, alternatives: Vec<Condition>) -> Vec<Known> {
        let mut left: Vec<Known> = alternatives.into_iter().map(|one| self.look_at(one)).collect();
        left.retain(|one| !one.never);
        left.sort_by(|a, b| a.written.cmp(&b.written));
        left.dedup_by(|a, b| a.condition == b.condition);
        widest(left, |narrow, wide| self.compare(narrow, wide))
    }

    /// Those that no other strictly contains; what is equal in meaning stays side by side, as only a whole condition
    /// decides which of them the table names.
    pub(super) fn without_narrower(&self, alternatives: &[CondIx]) -> Vec<CondIx> {
        let strictly = |narrow: CondIx, wide: CondIx| self.lies_in(narrow, wide) && !self.lies_in(wide, narrow);
        let all = alternatives.iter().copied();
        all.filter(|one| !alternatives.iter().any(|other| strictly(*one, *other))).collect()
    }
}

/// Those that lie in no other, in their order; of two of which each lies in the other, the first.
fn widest<T>(all: Vec<T>, lies_in: impl Fn(&T, &T) -> bool) -> Vec<T> {
    let mut kept: Vec<T> = Vec::with_capacity(all.len());
    for candidate in all {
        if !kept.iter().any(|other| lies_in(&candidate, other)) {
            kept.retain(|other| !lies_in(other, &candidate));
            kept.push(candidate);
        }
    }
    kept
}
