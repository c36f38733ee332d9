//! Schedules: weekly windows become minutes, dates become days since 1970, and an instant is looked up by its local
//! time in the schedule's zone (`semantics §3`). Zones come from the built-in database, never from the machine's.

use std::borrow::Cow;
use std::collections::BTreeMap;

use jiff::civil::Date;
use jiff::tz::{TimeZone, TimeZoneDatabase};

use super::condition::Instant;
use super::error::{Fault, LoadError};
use super::format;

const MINUTES_A_DAY: i64 = 24 * 60;
const SECONDS_A_DAY: i64 = 24 * 60 * 60;

/// An organisation's schedules, by number, in the order of their ids.
#[derive(Debug, Default)]
pub(super) struct Schedules {
    ids: Vec<Box<str>>,
    schedules: Vec<Schedule>,
}

impl Schedules {
    pub(super) fn load(from: &BTreeMap<Cow<'_, str>, format::Schedule<'_>>, org: &str) -> Result<Self, LoadError> {
        let zones = TimeZoneDatabase::bundled();
        let mut loaded = Self::default();
        for (id, schedule) in from {
            let schedule = Schedule::load(schedule, &zones)
                .map_err(|fault| fault.at(format!("organisation `{org}`, schedule `{id}`")))?;
            loaded.ids.push(id.as_ref().into());
            loaded.schedules.push(schedule);
        }
        Ok(loaded)
    }

    /// The number of the schedule of that id.
    pub(super) fn find(&self, id: &str) -> Result<usize, Fault> {
        self.ids.binary_search_by(|known| known.as_ref().cmp(id)).map_err(|_| Fault::Schedule(id.to_owned()))
    }

    /// Whether the schedule of that number holds. Cannot fail: the number comes from `find`.
    pub(super) fn holds(&self, number: usize, instant: &Instant) -> bool {
        self.schedules[number].holds(instant)
    }
}

#[derive(Debug)]
struct Schedule {
    zone: TimeZone,
    /// From Monday.
    week: [Box<[Window]>; 7],
    /// Days since 1970, in order.
    except: Box<[i64]>,
}

/// Minutes of the day, the end excluded; beyond a day's for a window that runs into the next.
type Window = std::ops::Range<i64>;

impl Schedule {
    fn load(from: &format::Schedule<'_>, zones: &TimeZoneDatabase) -> Result<Self, Fault> {
        let zone = zones.get(&from.timezone).ok();
        let zone = zone.filter(|zone| zone.iana_name() == Some(from.timezone.as_ref()));
        let zone = zone.ok_or_else(|| Fault::Zone(from.timezone.to_string()))?;
        let mut week: [Box<[Window]>; 7] = Default::default();
        for (day, windows) in week.iter_mut().zip(from.weekly.days()) {
            *day = windows.iter().map(|text| window(text)).collect::<Result<_, _>>()?;
        }
        if week.iter().all(|day| day.is_empty()) {
            return Err(Fault::NoWindow);
        }
        let mut except = from.except.iter().map(|text| date(text)).collect::<Result<Box<[_]>, _>>()?;
        except.sort_unstable();
        Ok(Self { zone, week, except })
    }

    fn holds(&self, instant: &Instant) -> bool {
        let local = instant.second + i64::from(self.zone.to_offset(instant.timestamp).seconds());
        let day = local.div_euclid(SECONDS_A_DAY);
        let minute = local.rem_euclid(SECONDS_A_DAY) / 60;
        self.opened(day, minute) || self.opened(day - 1, minute + MINUTES_A_DAY)
    }

    /// Whether a window that opens on `day` holds at that minute, counted from the start of `day`.
    fn opened(&self, day: i64, minute: i64) -> bool {
        // 1970 began on a Thursday
        let weekday = usize::try_from((day + 3).rem_euclid(7)).ok();
        let windows = weekday.and_then(|weekday| self.week.get(weekday)).map_or(&[][..], |windows| windows);
        windows.iter().any(|window| window.contains(&minute)) && self.except.binary_search(&day).is_err()
    }
}

/// `HH:MM-HH:MM`.
fn window(text: &str) -> Result<Window, Fault> {
    let parsed = text.split_once('-').and_then(|(opens, closes)| {
        let (opens, closes) = (minute(opens)?, minute(closes)?);
        let closes_next_day = if closes < opens { MINUTES_A_DAY } else { 0 };
        (opens < MINUTES_A_DAY && opens != closes).then_some(opens..closes + closes_next_day)
    });
    parsed.ok_or_else(|| Fault::Window(text.to_owned()))
}

/// `HH:MM` to `24:00`.
fn minute(text: &str) -> Option<i64> {
    let &[h1, h2, b':', m1, m2] = text.as_bytes() else {
        return None;
    };
    let number = |tens: u8, ones: u8| {
        let digits = tens.is_ascii_digit() && ones.is_ascii_digit();
        digits.then(|| i64::from(tens - b'0') * 10 + i64::from(ones - b'0'))
    };
    let (hour, minute) = (number(h1, h2)?, number(m1, m2)?);
    (minute < 60 && hour * 60 + minute <= MINUTES_A_DAY).then_some(hour * 60 + minute)
}

/// `YYYY-MM-DD`, as days since 1970.
fn date(text: &str) -> Result<i64, Fault> {
    match text.parse::<Date>() {
        Ok(date) if date.to_string() == text => {
            Ok(date.duration_since(Date::constant(1970, 1, 1)).as_secs().div_euclid(SECONDS_A_DAY))
        }
        _ => Err(Fault::Date(text.to_owned())),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use super::*;

    fn schedule(json: &str) -> Result<Schedule, Fault> {
        Schedule::load(&serde_json::from_str(json).unwrap(), &TimeZoneDatabase::bundled())
    }

    fn holds(schedule: &Schedule, instant: &str) -> bool {
        schedule.holds(&Instant::new(instant.parse().unwrap()))
    }

    #[test]
    fn windows_include_their_start_alone() {
        let office = schedule(r#"{"timezone": "UTC", "weekly": {"mon": ["08:00-12:00", "13:00-17:30"]}}"#).unwrap();
        // 2026-01-05 is a Monday
        assert!(!holds(&office, "2026-01-05T07:59:59.999Z"));
        assert!(holds(&office, "2026-01-05T08:00:00Z"));
        assert!(holds(&office, "2026-01-05T11:59:59.999Z"));
        assert!(!holds(&office, "2026-01-05T12:00:00Z"));
        assert!(holds(&office, "2026-01-05T17:29:59Z"));
        assert!(!holds(&office, "2026-01-05T17:30:00Z"));
        assert!(!holds(&office, "2026-01-06T09:00:00Z"));
        // a Monday before 1970
        assert!(holds(&office, "1969-12-29T08:00:00.5Z"));
        assert!(!holds(&office, "1969-12-29T07:59:59.5Z"));
    }

    #[test]
    fn windows_run_over_midnight() {
        let night = schedule(r#"{"timezone": "UTC", "weekly": {"sun": ["22:00-06:00"]}}"#).unwrap();
        assert!(!holds(&night, "2026-01-04T05:00:00Z"), "Saturday opens nothing");
        assert!(holds(&night, "2026-01-04T22:00:00Z"));
        assert!(holds(&night, "2026-01-04T23:59:59Z"));
        assert!(holds(&night, "2026-01-05T00:00:00Z"));
        assert!(holds(&night, "2026-01-05T05:59:59Z"));
        assert!(!holds(&night, "2026-01-05T06:00:00Z"));
        assert!(!holds(&night, "2026-01-05T22:00:00Z"));
    }

    #[test]
    fn midnight_ends_a_window() {
        for weekly in [r#"{"mon": ["00:00-24:00"]}"#, r#"{"mon": ["00:00-12:00", "12:00-00:00"]}"#] {
            let day = schedule(&format!(r#"{{"timezone": "UTC", "weekly": {weekly}}}"#)).unwrap();
            assert!(holds(&day, "2026-01-05T00:00:00Z") && holds(&day, "2026-01-05T23:59:59Z"));
            assert!(!holds(&day, "2026-01-04T23:59:59Z") && !holds(&day, "2026-01-06T00:00:00Z"));
        }
    }

    #[test]
    fn no_window_opens_on_an_excepted_date() {
        let json = r#"{"timezone": "UTC", "weekly": {"thu": ["22:00-06:00"], "fri": ["00:00-02:00", "22:00-06:00"]}, "except": ["2026-12-25"]}"#;
        let night = schedule(json).unwrap();
        // 2026-12-25 is a Friday: Thursday's night runs into it, its own windows are gone
        assert!(holds(&night, "2026-12-24T23:00:00Z"));
        assert!(holds(&night, "2026-12-25T05:00:00Z"));
        assert!(!holds(&night, "2026-12-25T22:30:00Z"));
        assert!(!holds(&night, "2026-12-26T01:00:00Z"));
        assert!(holds(&night, "2027-01-02T01:00:00Z"));
        let without_thursday = json.replace(r#""thu": ["22:00-06:00"], "#, "");
        assert!(!holds(&schedule(&without_thursday).unwrap(), "2026-12-25T01:00:00Z"));
    }

    #[test]
    fn local_time_follows_the_clock() {
        let json = r#"{"timezone": "Europe/Berlin", "weekly": {"sun": ["02:00-03:00", "04:00-05:00"]}}"#;
        let sunday = schedule(json).unwrap();
        // 2026-03-29: 02:00 to 03:00 does not exist
        assert!(!holds(&sunday, "2026-03-29T00:59:59Z"));
        assert!(!holds(&sunday, "2026-03-29T01:00:00Z"));
        assert!(holds(&sunday, "2026-03-29T02:00:00Z"));
        // 2026-10-25: 02:00 to 03:00 happens twice
        assert!(!holds(&sunday, "2026-10-24T23:59:59Z"));
        assert!(holds(&sunday, "2026-10-25T00:00:00Z") && holds(&sunday, "2026-10-25T01:59:59Z"));
        assert!(!holds(&sunday, "2026-10-25T02:00:00Z"));
        // the date is the local one: Sunday 00:30 in Berlin is Saturday in UTC
        let night = schedule(r#"{"timezone": "Europe/Berlin", "weekly": {"sun": ["00:00-01:00"]}}"#).unwrap();
        assert!(holds(&night, "2026-01-03T23:30:00Z"));
        let new_york = schedule(r#"{"timezone": "America/New_York", "weekly": {"sun": ["12:03-12:04"]}}"#).unwrap();
        // an offset with seconds: local mean time, -04:56:02, until 1883-11-18
        assert!(holds(&new_york, "1883-11-11T16:59:02Z") && !holds(&new_york, "1883-11-11T16:59:01Z"));
    }

    #[test]
    fn the_ends_of_time_are_instants_too() {
        let always =
            ["mon", "tue", "wed", "thu", "fri", "sat", "sun"].map(|day| format!(r#""{day}": ["00:00-24:00"]"#));
        for zone in ["UTC", "Pacific/Kiritimati", "Pacific/Pago_Pago"] {
            let json = format!(r#"{{"timezone": "{zone}", "weekly": {{{}}}}}"#, always.join(","));
            let always = schedule(&json).unwrap();
            assert!(
                always.holds(&Instant::new(jiff::Timestamp::MIN)) && always.holds(&Instant::new(jiff::Timestamp::MAX))
            );
        }
    }

    #[test]
    fn what_is_malformed_is_refused() {
        for text in [
            "",
            "08:00",
            "8:00-9:00",
            "08:00-08:00",
            "24:00-25:00",
            "24:00-01:00",
            "08:00-24:01",
            "08:60-09:00",
            "08:00 - 09:00",
            "+8:00-09:00",
            "08:00-09:00-10:00",
        ] {
            assert_eq!(window(text), Err(Fault::Window(text.to_owned())));
        }
        for text in ["", "2026-02-29", "20261225", "2026-12-25T00:00", "2026-12-25 ", "26-12-25"] {
            assert_eq!(date(text), Err(Fault::Date(text.to_owned())));
        }
        assert_eq!(date("1970-01-02"), Ok(1));
        assert_eq!(date("9999-12-31"), Ok(2_932_896));
        for zone in ["", "europe/berlin", "Mars/Olympus", "Etc/Unknown", "+01:00", "utc"] {
            let json = format!(r#"{{"timezone": "{zone}", "weekly": {{"mon": ["00:00-24:00"]}}}}"#);
            assert_eq!(schedule(&json).unwrap_err(), Fault::Zone(zone.to_owned()));
        }
        assert_eq!(schedule(r#"{"timezone": "UTC", "weekly": {}}"#).unwrap_err(), Fault::NoWindow);
    }
}
