//! Instants, days and schedules.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use jiff::civil::{Date, Weekday};
use jiff::tz::TimeZone;

use crate::raw::RawSchedule;
use crate::vocabulary::ListOf;

/// The days as policies and tables write them.
pub(crate) const DAYS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

/// A window: minutes of the day. An end before its start runs into the next day.
pub(crate) type Window = (u32, u32);

/// A schedule, day by day.
#[derive(Debug, Clone)]
pub(crate) struct Schedule {
    pub(crate) timezone: String,
    pub(crate) zone: TimeZone,
    /// By weekday (0 is Monday).
    pub(crate) weekly: BTreeMap<usize, BTreeSet<Window>>,
    pub(crate) except: BTreeSet<Date>,
}

impl Schedule {
    /// language: schedules.
    pub(crate) fn from_raw(raw: RawSchedule, org_zone: &str) -> Result<Self, String> {
        let timezone = raw.timezone.unwrap_or_else(|| org_zone.to_owned());
        let mut weekly: BTreeMap<usize, BTreeSet<Window>> = BTreeMap::new();
        for (key, windows) in raw.weekly {
            for day in days(&key)? {
                for text in &windows.0 {
                    weekly.entry(day).or_default().insert(window(text)?);
                }
            }
        }
        if weekly.values().all(BTreeSet::is_empty) {
            return Err("a schedule without windows".to_owned());
        }
        let except = raw.except.list().iter().map(|text| date(text)).collect::<Result<_, _>>()?;
        Ok(Self { zone: zone(&timezone)?, timezone, weekly, except })
    }

    /// semantics §3: whether the schedule holds at an instant.
    pub(crate) fn holds(&self, at: i64) -> bool {
        let local = Timestamp::from_second(at).expect("within jiff's range").to_zoned(self.zone.clone());
        let minute = u32::from(local.hour().unsigned_abs()) * 60 + u32::from(local.minute().unsigned_abs());
        let today = local.date();
        let yesterday = today.yesterday().expect("within jiff's range");
        let today_opens = !self.except.contains(&today)
            && self.windows(today).iter().any(|&(start, end)| start <= minute && (end < start || minute < end));
        let yesterday_runs_on = !self.except.contains(&yesterday)
            && self.windows(yesterday).iter().any(|&(start, end)| end < start && minute < end);
        today_opens || yesterday_runs_on
    }

    fn windows(&self, day: Date) -> BTreeSet<Window> {
        self.weekly.get(&weekday(day)).cloned().unwrap_or_default()
    }

    /// semantics §5, Containment: whether this schedule, of another id, lies in `other`.
    pub(crate) fn lies_in(&self, other: &Self) -> bool {
        let past = |(start, end): Window| {
            if end < start { (start, end + 24 * 60) } else { (start, end) }
        };
        let inside = |one: Window, two: Window| {
            let (one, two) = (past(one), past(two));
            two.0 <= one.0 && one.1 <= two.1
        };
        self.timezone == other.timezone
            && self.weekly.iter().all(|(day, windows)| {
                windows
                    .iter()
                    .all(|&one| other.weekly.get(day).is_some_and(|all| all.iter().any(|&two| inside(one, two))))
            })
            && other.except.is_subset(&self.except)
    }
}

fn weekday(day: Date) -> usize {
    match day.weekday() {
        Weekday::Monday => 0,
        Weekday::Tuesday => 1,
        Weekday::Wednesday => 2,
        Weekday::Thursday => 3,
        Weekday::Friday => 4,
        Weekday::Saturday => 5,
        Weekday::Sunday => 6,
    }
}

/// language: schedules. A day, a range (`fri-mon` wraps), or a comma-separated list of either.
pub(crate) fn days(key: &str) -> Result<BTreeSet<usize>, String> {
    let named = |text: &str| DAYS.iter().position(|day| *day == text).ok_or_else(|| format!("day `{text}`"));
    let mut all = BTreeSet::new();
    for part in key.split(',') {
        let part = part.trim();
        let (first, last) = part.split_once('-').unwrap_or((part, part));
        let (mut day, last) = (named(first)?, named(last)?);
        all.insert(day);
        while day != last {
            day = (day + 1) % 7;
            all.insert(day);
        }
    }
    Ok(all)
}

/// language: schedules. `HH:MM-HH:MM`; `24:00` may end one, equal ends are an error.
pub(crate) fn window(text: &str) -> Result<Window, String> {
    let minutes = |part: &str| -> Option<u32> {
        let (hours, minutes) = part.split_once(':')?;
        let (hours, minutes): (u32, u32) = (hours.parse().ok()?, minutes.parse().ok()?);
        (minutes < 60 && hours * 60 + minutes <= 24 * 60).then_some(hours * 60 + minutes)
    };
    let (start, end) = text.split_once('-').ok_or_else(|| format!("window `{text}`"))?;
    match (minutes(start), minutes(end)) {
        (Some(start), Some(end)) if start != end && start < 24 * 60 => Ok((start, end)),
        _ => Err(format!("window `{text}`")),
    }
}

/// A window as the table writes it.
pub(crate) fn window_text((start, end): Window) -> String {
    format!("{:02}:{:02}-{:02}:{:02}", start / 60, start % 60, end / 60, end % 60)
}

/// A date.
pub(crate) fn date(text: &str) -> Result<Date, String> {
    text.parse().map_err(|error| format!("date `{text}`: {error}"))
}

/// A zone by its name.
pub(crate) fn zone(name: &str) -> Result<TimeZone, String> {
    TimeZone::get(name).map_err(|error| format!("zone `{name}`: {error}"))
}

/// language: grants. A day starts at the first instant whose local date is that day or later.
pub(crate) fn start_of_day(day: Date, zone: &TimeZone) -> i64 {
    let midnight = day.at(0, 0, 0, 0).to_zoned(TimeZone::UTC).expect("within jiff's range").timestamp().as_second();
    let early = midnight - 48 * 3600;
    let late = midnight + 48 * 3600;
    // the stretches between two changes of the clock, each with one offset
    let mut starts = vec![early];
    let from = Timestamp::from_second(early).expect("within jiff's range");
    starts.extend(zone.following(from).map(|change| change.timestamp().as_second()).take_while(|&at| at < late));
    for (index, &start) in starts.iter().enumerate() {
        let end = starts.get(index + 1).copied().unwrap_or(late);
        let offset = zone.to_offset(Timestamp::from_second(start).expect("within jiff's range")).seconds();
        let first = start.max(midnight - i64::from(offset));
        if first < end {
            return first;
        }
    }
    late
}

/// language: grants, `from`. The first instant.
pub(crate) fn from_instant(text: &str, zone: &TimeZone) -> Result<i64, String> {
    if text.len() == 10 { Ok(start_of_day(date(text)?, zone)) } else { instant(text) }
}

/// language: grants, `until`. The first instant that is no longer within: of a date, the start of the next.
pub(crate) fn until_instant(text: &str, zone: &TimeZone) -> Result<i64, String> {
    if text.len() == 10 {
        Ok(start_of_day(date(text)?.tomorrow().map_err(|error| error.to_string())?, zone))
    } else {
        instant(text)
    }
}

fn instant(text: &str) -> Result<i64, String> {
    let at: Timestamp = text.parse().map_err(|error| format!("instant `{text}`: {error}"))?;
    Ok(at.as_second())
}

/// table: instants end in `Z`, whole seconds.
pub(crate) fn instant_text(at: i64) -> String {
    Timestamp::from_second(at).expect("within jiff's range").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_and_windows() {
        assert_eq!(days("fri-mon").unwrap(), BTreeSet::from([4, 5, 6, 0]));
        assert_eq!(days("sat,sun").unwrap(), BTreeSet::from([5, 6]));
        assert_eq!(window("22:00-06:00").unwrap(), (1320, 360));
        assert!(window("06:00-06:00").is_err() && window("24:00-06:00").is_err());
        assert_eq!(window_text((1080, 1440)), "18:00-24:00");
    }

    #[test]
    fn starts_of_days() {
        let start = |day: &str, name: &str| instant_text(start_of_day(date(day).unwrap(), &zone(name).unwrap()));
        assert_eq!(start("2026-03-29", "Europe/Berlin"), "2026-03-28T23:00:00Z");
        assert_eq!(start("2026-09-06", "America/Santiago"), "2026-09-06T04:00:00Z"); // no midnight on that day
        assert_eq!(start("2011-12-30", "Pacific/Apia"), "2011-12-30T10:00:00Z"); // no such day
        assert_eq!(start("2010-11-07", "America/St_Johns"), "2010-11-07T02:30:00Z"); // begun twice
    }

    #[test]
    fn over_midnight_and_except() {
        let raw: RawSchedule = serde_yaml::from_str("{weekly: {fri: '22:00-06:00'}, except: ['2026-12-25']}").unwrap();
        let schedule = Schedule::from_raw(raw, "UTC").unwrap();
        let at = |text: &str| schedule.holds(instant(text).unwrap());
        assert!(at("2026-12-18T22:00:00Z") && at("2026-12-19T05:59:59Z"));
        assert!(!at("2026-12-18T21:59:59Z") && !at("2026-12-19T06:00:00Z") && !at("2026-12-18T05:00:00Z"));
        assert!(!at("2026-12-25T23:00:00Z") && !at("2026-12-26T05:00:00Z"));
    }
}
