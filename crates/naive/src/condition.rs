//! Conditions: what they are, when they hold, how they join, and which lies in which.

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;

use crate::address::Addresses;
use crate::time::Schedule;

/// A conjunction of parts.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Condition {
    pub(crate) from: Option<i64>,
    pub(crate) until: Option<i64>,
    pub(crate) schedules: BTreeSet<String>,
    pub(crate) networks: Option<Addresses>,
    pub(crate) outside: Option<Addresses>,
}

impl PartialOrd for Condition {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// The table's order: by (`from`, `until`, `schedules`, `networks`, `outside`), absent before present, lists of strings
/// bytewise.
impl Ord for Condition {
    fn cmp(&self, other: &Self) -> Ordering {
        let key = |one: &Self| {
            let texts = |set: &Option<Addresses>| set.as_ref().map(Addresses::texts);
            (one.from, one.until, one.schedules.clone(), texts(&one.networks), texts(&one.outside))
        };
        key(self).cmp(&key(other))
    }
}

/// What a condition stands on: it decides what holds for an unknown instant or address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Of {
    Grant,
    Denial,
}

/// The organisation's schedules.
pub(crate) type Schedules = BTreeMap<String, Schedule>;

impl Condition {
    /// semantics §3: "None stated: it always holds."
    pub(crate) fn states_nothing(&self) -> bool {
        *self == Self::default()
    }

    /// semantics §4, links: states nothing but dates, or nothing at all.
    pub(crate) fn states_only_dates(&self) -> bool {
        self.schedules.is_empty() && self.networks.is_none() && self.outside.is_none()
    }

    /// semantics §4, links: the dates alone.
    pub(crate) fn dates(&self) -> Self {
        Self { from: self.from, until: self.until, ..Self::default() }
    }

    /// table: the later `from`, the earlier `until`, all schedules, the intersection of networks, the union of outside.
    pub(crate) fn and(&self, other: &Self) -> Self {
        Self {
            from: self.from.max(other.from),
            until: match (self.until, other.until) {
                (Some(one), Some(two)) => Some(one.min(two)),
                (one, two) => one.or(two),
            },
            schedules: self.schedules.union(&other.schedules).cloned().collect(),
            networks: match (&self.networks, &other.networks) {
                (Some(one), Some(two)) => Some(one.intersection(two)),
                (one, two) => one.clone().or_else(|| two.clone()),
            },
            outside: match (&self.outside, &other.outside) {
                (Some(one), Some(two)) => Some(one.union(two)),
                (one, two) => one.clone().or_else(|| two.clone()),
            },
        }
    }

    /// The addresses that its parts on addresses leave; none where it has no such part.
    fn addresses_left(&self) -> Option<Addresses> {
        let all = match (&self.networks, &self.outside) {
            (None, None) => return None,
            (Some(networks), _) => networks.clone(),
            (None, Some(_)) => Addresses::all(),
        };
        Some(match &self.outside {
            Some(outside) => all.minus(outside),
            None => all,
        })
    }

    /// semantics §4 and table: one that can never hold (`until` not after `from`, no address left).
    pub(crate) fn can_hold(&self) -> bool {
        let in_time = match (self.from, self.until) {
            (Some(from), Some(until)) => from < until,
            _ => true,
        };
        in_time && self.addresses_left().is_none_or(|left| !left.is_empty())
    }

    /// semantics §3 and §4: whether it holds. Where the instant or the address is not known, a condition on it does not
    /// hold for a grant, and does for a denial; one that can never hold never holds.
    pub(crate) fn holds(&self, of: Of, at: Option<i64>, address: Option<IpAddr>, schedules: &Schedules) -> bool {
        let unknown = of == Of::Denial;
        let from = self.from.is_none_or(|from| at.map_or(unknown, |at| from <= at));
        let until = self.until.is_none_or(|until| at.map_or(unknown, |at| at < until));
        let in_schedules =
            self.schedules.iter().all(|id| at.map_or(unknown, |at| schedules.get(id).is_some_and(|one| one.holds(at))));
        let networks = self.networks.as_ref().is_none_or(|set| address.map_or(unknown, |one| set.contains(one)));
        let outside = self.outside.as_ref().is_none_or(|set| address.map_or(unknown, |one| !set.contains(one)));
        self.can_hold() && from && until && in_schedules && networks && outside
    }

    /// semantics §5, Containment: whether this condition lies in `other`, part by part.
    pub(crate) fn lies_in(&self, other: &Self, schedules: &Schedules) -> bool {
        let from = match (self.from, other.from) {
            (_, None) => true,
            (None, Some(_)) => false,
            (Some(one), Some(two)) => two <= one,
        };
        let until = match (self.until, other.until) {
            (_, None) => true,
            (None, Some(_)) => false,
            (Some(one), Some(two)) => one <= two,
        };
        let addresses = match (self.addresses_left(), other.addresses_left()) {
            (_, None) => true,
            (None, Some(_)) => false,
            (Some(one), Some(two)) => one.minus(&two).is_empty(),
        };
        let in_it = |narrow: &String, wide: &String| {
            narrow == wide
                || match (schedules.get(narrow), schedules.get(wide)) {
                    (Some(narrow), Some(wide)) => narrow.lies_in(wide),
                    _ => false,
                }
        };
        let in_schedules = other.schedules.iter().all(|wide| self.schedules.iter().any(|narrow| in_it(narrow, wide)));
        from && until && addresses && in_schedules
    }
}

/// table: of two conditions of which one lies in the other only the wider is kept; of two that lie in each other, the
/// first in the table's order.
pub(crate) fn widest(all: &BTreeSet<Condition>, schedules: &Schedules) -> BTreeSet<Condition> {
    let beaten = |one: &Condition| {
        all.iter().any(|two| two != one && one.lies_in(two, schedules) && (!two.lies_in(one, schedules) || two < one))
    };
    all.iter().filter(|one| !beaten(one)).cloned().collect()
}
