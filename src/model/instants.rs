//! Zones, dates and instants: text to seconds since 1970, by the built-in time zone database.

use jiff::civil::{Date, DateTime, Time};
use jiff::tz::{AmbiguousOffset, Offset, TimeZone, TimeZoneDatabase};
use jiff::{Span, Timestamp, ToSpan};

use super::forms::{Misfit, shortened};
use crate::diagnostics::nearest;
use crate::syntax::rules;

/// A time zone of the built-in database.
#[derive(Clone, Debug)]
pub struct Zone {
    /// Its name, in the database's own spelling.
    pub name: Box<str>,
    /// Its rules.
    pub rules: TimeZone,
}

impl Zone {
    /// UTC.
    #[must_use]
    pub fn utc() -> Zone {
        Zone { name: "UTC".into(), rules: TimeZone::UTC }
    }

    /// The day here in which an instant lies: as policies write it, its start, and its end, in seconds since 1970. None
    /// outside the years that policies know.
    #[must_use]
    pub fn day_of(&self, second: i64) -> Option<(String, i64, i64)> {
        let date = Timestamp::from_second(second).ok()?.to_zoned(self.rules.clone()).date();
        in_years(date).ok()?;
        let next = date.saturating_add(1.day());
        Some((date.to_string(), day_start(date, self).as_second(), day_start(next, self).as_second()))
    }

    /// The instants whose local time here is within a window of this day, in seconds since 1970, ends excluded: two where
    /// the clock is put back in it, none where it is put forward over it. The window is in minutes of the day.
    #[must_use]
    pub fn instants_of(&self, day: Date, window: (u16, u16)) -> Vec<(i64, i64)> {
        // no offset is as long as this
        const FAR: i64 = 26 * 3600;
        let midnight = DateTime::from_parts(day, Time::midnight());
        let Ok(midnight) = Offset::UTC.to_timestamp(midnight).map(Timestamp::as_second) else { return Vec::new() };
        let (first, last) = (midnight + i64::from(window.0) * 60, midnight + i64::from(window.1) * 60);
        let Ok(mut at) = Timestamp::from_second(first - FAR) else { return Vec::new() };
        let mut changes = self.rules.following(at);
        let mut found = Vec::new();
        loop {
            let next = changes.next().map(|change| change.timestamp()).filter(|next| next.as_second() < last + FAR);
            let offset = i64::from(self.rules.to_offset(at).seconds());
            let starts = at.as_second().max(first - offset);
            let ends = next.map_or(last - offset, |next| next.as_second().min(last - offset));
            if starts < ends {
                found.push((starts, ends));
            }
            match next {
                Some(next) => at = next,
                None => return found,
            }
        }
    }

    /// The local day and minute of an instant; none outside the years of the calendar.
    #[must_use]
    pub fn local(&self, second: i64) -> Option<(Date, u16)> {
        let local = Timestamp::from_second(second).ok()?.to_zoned(self.rules.clone()).datetime();
        let minute = u16::from(local.hour().unsigned_abs()) * 60 + u16::from(local.minute().unsigned_abs());
        Some((local.date(), minute))
    }

    /// The zone with this name.
    pub(super) fn parse(text: &str) -> Result<Zone, Misfit> {
        let database = TimeZoneDatabase::bundled();
        match database.get(text) {
            Ok(rules) if rules.iana_name() == Some(text) => Ok(Zone { name: text.into(), rules }),
            Ok(rules) => {
                let spelling = rules.iana_name().unwrap_or("UTC");
                let found = format!("the zone `{}` is spelt otherwise", shortened(text));
                Err(Misfit::new(&rules::UNKNOWN_ZONE, found, format!("write `{spelling}`")).instead(spelling))
            }
            Err(_) => {
                let names: Vec<String> = database.available().map(|name| name.to_string()).collect();
                let help = match nearest(text, names.iter().map(String::as_str)) {
                    Some(near) => format!("did you mean `{near}`?"),
                    None => "write a name of the IANA database, such as `Europe/Berlin`".into(),
                };
                let found = format!("there is no time zone `{}`", shortened(text));
                Err(Misfit::new(&rules::UNKNOWN_ZONE, found, help))
            }
        }
    }
}

/// Which end of a day a date means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Edge {
    /// In `from`: the start of the day.
    Start,
    /// In `until`: its end, which is the start of the next.
    End,
}

/// An instant with its offset, or a date in `zone` (`language: grants`), as seconds since 1970.
pub(super) fn instant(text: &str, edge: Edge, zone: &Zone) -> Result<i64, Misfit> {
    if text.len() == 10 {
        let date = date(text)?;
        let day = match edge {
            Edge::Start => date,
            // years end at 9998, so there is always a day after
            Edge::End => date.saturating_add(1.day()),
        };
        return Ok(day_start(day, zone).as_second());
    }
    parse_rfc3339(text)
}

/// A date of the years 1970 to 9998.
pub(super) fn date(text: &str) -> Result<Date, Misfit> {
    let wrong = |what: String| Misfit::new(&rules::MALFORMED_INSTANT, what, "write a date as in `2026-12-31`");
    let parts = digits(text, "####-##-##").ok_or_else(|| wrong(format!("`{}` is no date", shortened(text))))?;
    let date = civil_date(&parts).ok_or_else(|| wrong(format!("there is no day `{text}`")))?;
    in_years(date)?;
    Ok(date)
}

fn in_years(date: Date) -> Result<(), Misfit> {
    if (1970..=9998).contains(&date.year()) {
        return Ok(());
    }
    let found = format!("the year {} is out of bounds", date.year());
    Err(Misfit::new(&rules::MALFORMED_INSTANT, found, "years run from 1970 to 9998"))
}

fn civil_date(parts: &[i64]) -> Option<Date> {
    let [year, month, day, ..] = parts else { return None };
    Date::new(i16::try_from(*year).ok()?, i8::try_from(*month).ok()?, i8::try_from(*day).ok()?).ok()
}

/// RFC 3339 with whole seconds.
fn parse_rfc3339(text: &str) -> Result<i64, Misfit> {
    let help = "write a date as in `2026-12-31`, or an instant with its offset as in `2026-12-31T18:00:00+01:00`";
    let wrong = || {
        let found = format!("`{}` is neither a date nor an instant with an offset", shortened(text));
        Misfit::new(&rules::MALFORMED_INSTANT, found, help)
    };
    let local = text.get(..19).ok_or_else(wrong)?;
    let rest = text.get(19..).ok_or_else(wrong)?;
    let parts = digits(&local.replace('t', "T"), "####-##-##T##:##:##").ok_or_else(wrong)?;
    if rest.starts_with('.') {
        let found = format!("`{}` has fractions of a second", shortened(text));
        return Err(Misfit::new(&rules::MALFORMED_INSTANT, found, "write whole seconds"));
    }
    if rest.is_empty() {
        let found = format!("`{text}` has no offset");
        let help = format!("write the offset from UTC behind it: `{text}+01:00`, or `{text}Z`");
        return Err(Misfit::new(&rules::MALFORMED_INSTANT, found, help));
    }
    let offset_seconds = if rest == "Z" || rest == "z" {
        0
    } else {
        let sign = match rest.as_bytes().first() {
            Some(b'+') => 1,
            Some(b'-') => -1,
            _ => return Err(wrong()),
        };
        match digits(rest.get(1..).unwrap_or(""), "##:##").as_deref() {
            Some([hours, minutes]) if *hours < 24 && *minutes < 60 => sign * (hours * 3600 + minutes * 60),
            _ => return Err(wrong()),
        }
    };
    let none = || Misfit::new(&rules::MALFORMED_INSTANT, format!("there is no instant `{text}`"), help);
    let date = civil_date(&parts).ok_or_else(none)?;
    in_years(date)?;
    let [.., hour, minute, second] = parts[..] else { return Err(wrong()) };
    if hour > 23 || minute > 59 || second > 59 {
        return Err(none());
    }
    let midnight = DateTime::from_parts(date, Time::midnight());
    let midnight = Offset::UTC.to_timestamp(midnight).map_err(|_| none())?.as_second();
    Ok(midnight + hour * 3600 + minute * 60 + second - offset_seconds)
}

/// The numbers of a text that has digits where the form has `#`, and the form's own signs elsewhere.
pub(super) fn digits(text: &str, form: &str) -> Option<Vec<i64>> {
    if text.len() != form.len() {
        return None;
    }
    let mut numbers = Vec::new();
    let mut in_number = false;
    for (found, expected) in text.bytes().zip(form.bytes()) {
        if expected == b'#' {
            if !found.is_ascii_digit() {
                return None;
            }
            if !in_number {
                numbers.push(0);
            }
            if let Some(number) = numbers.last_mut() {
                *number = *number * 10 + i64::from(found - b'0');
            }
        } else if found != expected {
            return None;
        }
        in_number = expected == b'#';
    }
    Some(numbers)
}

/// The first instant whose local date is that day or later.
fn day_start(day: Date, zone: &Zone) -> Timestamp {
    let midnight = DateTime::from_parts(day, Time::midnight());
    let at = |offset: Offset| offset.to_timestamp(midnight).unwrap_or(Timestamp::MAX);
    match zone.rules.to_ambiguous_timestamp(midnight).offset() {
        AmbiguousOffset::Unambiguous { offset } => at(offset),
        // the clock is put back over midnight: the first of the two midnights
        AmbiguousOffset::Fold { before, .. } => at(before),
        // the clock is put forward over midnight: the instant at which it is
        AmbiguousOffset::Gap { before, .. } => {
            let within = at(before);
            let just_after = within.saturating_add(1.second()).unwrap_or(within);
            zone.rules.preceding(just_after).next().map_or(within, |transition| transition.timestamp())
        }
    }
}

/// The instant so many days later by the calendar of a zone, since days are not all equally long; none where calendars
/// end before.
#[must_use]
pub fn days_after(from: i64, days: u64, zone: &Zone) -> Option<i64> {
    let start = Timestamp::from_second(from).ok()?.to_zoned(zone.rules.clone());
    let days = Span::new().try_days(i64::try_from(days).ok()?).ok()?;
    Some(start.checked_add(days).ok()?.timestamp().as_second())
}

/// An instant as tables write it.
#[must_use]
pub fn format_instant(seconds: i64) -> String {
    Timestamp::from_second(seconds).map_or_else(|_| seconds.to_string(), |instant| instant.to_string())
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn the_instants_of_a_window_follow_the_clock() {
        let berlin = Zone::parse("Europe/Berlin").unwrap();
        let hours = |day: &str, window| {
            let instants = berlin.instants_of(day.parse().unwrap(), window);
            instants.iter().map(|(from, until)| (until - from) / 60).collect::<Vec<_>>()
        };
        assert_eq!(hours("2026-03-28", (120, 180)), [60]);
        // put forward over 02:00 to 03:00, put back over it
        assert_eq!(hours("2026-03-29", (120, 180)), Vec::<i64>::new());
        assert_eq!(hours("2026-03-29", (60, 240)), [60, 60]);
        assert_eq!(hours("2026-10-25", (120, 180)), [60, 60]);
        assert_eq!(hours("2026-10-25", (0, 1440)).iter().sum::<i64>(), 25 * 60);
        let day = berlin.instants_of("2026-11-24".parse().unwrap(), (0, 1440));
        assert_eq!(day.first().map(|(from, _)| berlin.local(*from).unwrap()), Some(("2026-11-24".parse().unwrap(), 0)));
    }

    fn seconds(text: &str, edge: Edge, zone: &str) -> String {
        format_instant(instant(text, edge, &Zone::parse(zone).unwrap()).unwrap())
    }

    #[test]
    fn days_are_those_of_the_calendar() {
        let zone = Zone::parse("Europe/Berlin").unwrap();
        let at = |text: &str, edge| instant(text, edge, &zone).unwrap();
        let from = at("2026-10-01", Edge::Start);
        assert_eq!(days_after(from, 31, &zone), Some(at("2026-10-31", Edge::End)));
        assert_eq!(days_after(from, 0, &zone), Some(from));
        assert_eq!(days_after(from, u64::MAX, &zone), None);
        assert_eq!(days_after(from, 10_000_000, &zone), None);
    }

    #[test]
    fn a_date_is_a_day_in_the_zone() {
        assert_eq!(seconds("2026-12-31", Edge::Start, "UTC"), "2026-12-31T00:00:00Z");
        assert_eq!(seconds("2026-12-31", Edge::End, "Europe/Berlin"), "2026-12-31T23:00:00Z");
        assert_eq!(seconds("9998-12-31", Edge::End, "America/New_York"), "9999-01-01T05:00:00Z");
    }

    #[test]
    fn a_day_whose_midnight_is_skipped_or_repeated_starts_at_its_first_instant() {
        // Santiago puts the clock forward at midnight
        assert_eq!(seconds("2026-09-06", Edge::Start, "America/Santiago"), "2026-09-06T04:00:00Z");
        // Apia skipped 2011-12-30
        assert_eq!(seconds("2011-12-30", Edge::Start, "Pacific/Apia"), "2011-12-30T10:00:00Z");
        assert_eq!(seconds("2011-12-29", Edge::End, "Pacific/Apia"), "2011-12-30T10:00:00Z");
        // Havana repeats the hour after midnight
        assert_eq!(seconds("2026-11-01", Edge::Start, "America/Havana"), "2026-11-01T04:00:00Z");
    }

    #[test]
    fn an_instant_bears_its_offset() {
        assert_eq!(seconds("2026-12-31T18:00:00+01:00", Edge::End, "UTC"), "2026-12-31T17:00:00Z");
        assert_eq!(seconds("2026-12-31t18:00:00z", Edge::Start, "UTC"), "2026-12-31T18:00:00Z");
        for wrong in [
            "2026-12-31T18:00:00",
            "2026-12-31T18:00Z",
            "2026-02-30",
            "2026-12-31T24:00:00Z",
            "2026-12-31T18:00:00.5Z",
            "1969-12-31",
            "9999-01-01",
            "31.12.2026",
            "2026-12-31 18:00:00Z",
            "2026-12-31T23:59:60Z",
            "tomorrow",
            "",
            "2026-12-31T18:00:00+24:00",
            "２０２６-12-31",
        ] {
            assert!(instant(wrong, Edge::Start, &Zone::utc()).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_zone_is_written_as_the_database_writes_it() {
        assert!(Zone::parse("Europe/Berlin").is_ok() && Zone::parse("UTC").is_ok());
        assert!(Zone::parse("europe/berlin").is_err_and(|m| m.help.contains("Europe/Berlin")));
        assert!(Zone::parse("Europe/Berlni").is_err_and(|m| m.help.contains("Europe/Berlin")));
    }
}
