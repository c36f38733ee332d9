//! When a condition holds, and when it next does. In: conditions, an instant, an address. Out: yes or no, or an instant.
//!
//! Exact: between two changes of a zone's offset local time runs evenly, so that the next opening of a schedule is found
//! window by window and not by trying instants. Nothing here looks at the clock of the machine.

use std::net::IpAddr;

use jiff::civil::Date;
use jiff::{Timestamp, ToSpan as _};

use crate::effective::{CondIx, Condition, OrgRights};
use crate::model::{Org, Schedule};

/// When and from where something is asked; what is `None` is not known (`semantics §4`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Request {
    /// Whole seconds since 1970.
    pub at: Option<i64>,
    /// The address.
    pub address: Option<IpAddr>,
}

/// How far ahead the next opening is looked for, in seconds: more than a year, so that a week in it is never missed.
const HORIZON: i64 = 400 * DAY;
const DAY: i64 = 24 * 60 * 60;

impl Schedule {
    /// Whether it holds at an instant (`semantics §3`).
    #[must_use]
    pub fn holds(&self, second: i64) -> bool {
        let local = second + offset(self, second);
        let (day, minute) = (local.div_euclid(DAY), local.rem_euclid(DAY) / 60);
        let open =
            |day: i64, minute: i64| self.opening(day).any(|(start, end)| start / 60 <= minute && minute < end / 60);
        open(day, minute) || open(day - 1, minute + DAY / 60)
    }

    /// The windows that open on a day since 1970, in seconds from its start.
    fn opening(&self, day: i64) -> impl Iterator<Item = (i64, i64)> + '_ {
        let date = Date::constant(1970, 1, 1).checked_add(day.days());
        let closed = date.is_ok_and(|date| self.except.contains(&date));
        // 1970 began on a Thursday
        let weekday = usize::try_from((day + 3).rem_euclid(7)).unwrap_or_default();
        let windows = self.weekly.get(weekday).filter(|_| !closed);
        windows.into_iter().flatten().map(|window| (i64::from(window.start) * 60, i64::from(window.end) * 60))
    }

    /// The first instant from `second` on at which it holds, within a year and a month.
    #[must_use]
    pub fn next_holding(&self, second: i64) -> Option<i64> {
        let last = second.saturating_add(HORIZON);
        let mut from = second;
        while from <= last {
            // until the zone's next change, local time is the instant and this offset
            let offset = offset(self, from);
            let end = self.clock_change(from).min(last.saturating_add(1));
            if let Some(local) = self.next_local(from + offset, end.saturating_add(offset)) {
                return Some(local - offset);
            }
            from = end;
        }
        None
    }

    /// The instants in `from..until` at which it begins or ceases to hold, in order.
    #[must_use]
    pub fn changes(&self, from: i64, until: i64) -> Vec<i64> {
        let mut instants = Vec::new();
        let mut begin = from;
        while begin < until {
            // a change of the clock may open or close a window by itself
            instants.push(begin);
            let (offset, end) = (offset(self, begin), self.clock_change(begin).min(until));
            for day in (begin + offset).div_euclid(DAY) - 1..=(end + offset).div_euclid(DAY) {
                let edges = self.opening(day).flat_map(|(start, close)| [day * DAY + start, day * DAY + close]);
                instants.extend(edges.map(|local| local - offset).filter(|at| (begin..end).contains(at)));
            }
            begin = end;
        }
        instants.sort_unstable();
        instants.dedup();
        let mut held = self.holds(from.saturating_sub(1));
        instants.retain(|at| std::mem::replace(&mut held, self.holds(*at)) != held);
        instants
    }

    /// The next change of the zone's offset after an instant; the last of all numbers where there is none.
    #[must_use]
    pub fn clock_change(&self, second: i64) -> i64 {
        let at = Timestamp::from_second(second).ok();
        let next = at.and_then(|at| self.zone.rules.following(at).next());
        next.map_or(i64::MAX, |change| change.timestamp().as_second())
    }

    /// The first local second in `from..end` at which a window is open.
    fn next_local(&self, from: i64, end: i64) -> Option<i64> {
        let mut day = from.div_euclid(DAY) - 1;
        while day * DAY < end {
            let open = self.opening(day).map(|(start, close)| (day * DAY + start, day * DAY + close));
            let first = open.filter(|(_, close)| from < *close).map(|(start, _)| start.max(from)).min();
            if let Some(first) = first {
                return (first < end).then_some(first);
            }
            day += 1;
        }
        None
    }
}

fn offset(schedule: &Schedule, second: i64) -> i64 {
    let at = Timestamp::from_second(second).unwrap_or(if second < 0 { Timestamp::MIN } else { Timestamp::MAX });
    i64::from(schedule.zone.rules.to_offset(at).seconds())
}

impl Request {
    /// Whether one of these alternatives holds. A part that asks for what is not known counts as `unknown`: `false` for
    /// a grant, `true` for a denial; what no instant or no address can meet never holds (`semantics §4`).
    #[must_use]
    pub fn meets_any(&self, alternatives: &[CondIx], rights: &OrgRights, unknown: bool) -> bool {
        let conditions = &rights.conditions;
        alternatives
            .iter()
            .any(|one| !conditions.is_never(*one) && self.meets_parts(conditions.get(*one), &rights.org, unknown))
    }

    /// Whether a condition holds; as [`Request::meets_any`].
    #[must_use]
    pub fn meets(&self, condition: &Condition, org: &Org, unknown: bool) -> bool {
        !condition.is_never() && self.meets_parts(condition, org, unknown)
    }

    fn meets_parts(&self, condition: &Condition, org: &Org, unknown: bool) -> bool {
        let dates =
            |at: i64| condition.from.is_none_or(|from| from <= at) && condition.until.is_none_or(|end| at < end);
        let dated = condition.from.is_some() || condition.until.is_some();
        let schedules = || {
            condition.schedules.iter().all(|schedule| self.at.map_or(unknown, |at| org.schedules[*schedule].holds(at)))
        };
        let addresses = |address: IpAddr| {
            condition.networks.as_ref().is_none_or(|set| set.contains(address))
                && !condition.outside.as_ref().is_some_and(|set| set.contains(address))
        };
        let asks_address = condition.networks.is_some() || condition.outside.is_some();
        (!dated || self.at.map_or(unknown, dates))
            && schedules()
            && (!asks_address || self.address.map_or(unknown, addresses))
    }
}

/// The first instant from `second` on that lies within the dates of a condition and in all of its schedules; none within
/// a year and a month. Addresses are passed over.
#[must_use]
pub fn next_holding(condition: &Condition, org: &Org, second: i64) -> Option<i64> {
    let last = second.saturating_add(HORIZON);
    let mut at = condition.from.map_or(second, |from| from.max(second));
    while condition.until.is_none_or(|until| at < until) && at <= last {
        let closed = condition.schedules.iter().map(|schedule| &org.schedules[*schedule]).find(|one| !one.holds(at));
        match closed {
            None => return Some(at),
            Some(schedule) => at = schedule.next_holding(at)?,
        }
    }
    None
}
