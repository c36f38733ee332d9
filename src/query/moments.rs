//! The instants that one has to look at to know what may ever be. In: schedules, dates, a first instant. Out: few instants
//! from then on, such that whatever is true at any is true at one of these.
//!
//! Exact, since the world repeats: between two dates, hours in one zone repeat each week, and hours in several zones as
//! often as the years do, whose calendars are fourteen. What happens at no instant looked at, happens at none.

use std::collections::{BTreeSet, HashSet};

use crate::model::{Org, Schedule, ScheduleIx};

const DAY: i64 = 24 * 60 * 60;
/// Where all schedules tell one time: more than two weeks, so that an hour that a change of the clock skips comes again.
const WEEKS: i64 = 22 * DAY;
/// Where they tell several: all calendars of a year come within 40 years, also where a leap year is left out.
const YEARS: i64 = 40 * 366 * DAY;
/// 1 January of these years, so that no zone changes its rules in between: 2040, 2065, 2090. Zones with a calendar of
/// their own are written out until 2087.
const RULES: [i64; 3] = [2_208_988_800, 2_997_993_600, 3_786_912_000];
/// 1 January 9999: policies know no later date.
const END: i64 = 253_370_764_800;

/// The instants from `now` on, ascending; `now` is the first.
#[must_use]
pub fn moments(org: &Org, schedules: &BTreeSet<ScheduleIx>, dates: &BTreeSet<i64>, now: i64) -> Vec<i64> {
    let mut starts: BTreeSet<i64> = dates.iter().copied().chain([now]).collect();
    if schedules.is_empty() {
        return starts.split_off(&now).into_iter().collect();
    }
    let schedules: Vec<&Schedule> = schedules.iter().map(|schedule| &org.schedules[*schedule]).collect();
    for date in schedules.iter().flat_map(|schedule| &schedule.except) {
        // wherever the zone: no window of the day is open two days before, or three days after
        let day = date.to_zoned(jiff::tz::TimeZone::UTC).map_or(now, |at| at.timestamp().as_second());
        starts.extend([day - 2 * DAY, day + 3 * DAY]);
    }
    let span = if tell_one_time(&schedules, now) {
        WEEKS
    } else {
        starts.extend(RULES);
        YEARS
    };
    let starts = starts.split_off(&now);
    let ends = starts.iter().copied().skip(1).chain([END.max(now.saturating_add(1))]);
    let mut moments = Vec::new();
    for (start, end) in starts.iter().copied().zip(ends) {
        between(&schedules, start, end.min(start.saturating_add(span)), &mut moments);
    }
    moments
}

/// Whether local times of these schedules never drift apart from an instant on.
fn tell_one_time(schedules: &[&Schedule], now: i64) -> bool {
    let mut zones = schedules.iter().map(|schedule| &schedule.zone);
    let first = zones.next();
    let same = first.is_none_or(|first| zones.all(|zone| zone.name == first.name));
    same || schedules.iter().all(|schedule| schedule.clock_change(now) == i64::MAX)
}

/// Of the instants of `start..end`, the first of each kind: with the same schedules open.
fn between(schedules: &[&Schedule], start: i64, end: i64, moments: &mut Vec<i64>) {
    let changes = schedules.iter().flat_map(|schedule| schedule.changes(start, end));
    let changes: BTreeSet<i64> = changes.chain([start]).collect();
    let mut seen: HashSet<Vec<bool>> = HashSet::new();
    for at in changes {
        if seen.insert(schedules.iter().map(|schedule| schedule.holds(at)).collect()) {
            moments.push(at);
        }
        if u32::try_from(schedules.len()).ok().and_then(|all| 1_usize.checked_shl(all)) == Some(seen.len()) {
            return; // nothing else can come
        }
    }
}
