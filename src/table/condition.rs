//! Conditions: dates, schedules and addresses, judged part by part (`table: Expanded layout`, `semantics §4`).

use std::net::IpAddr;
use std::ops::Range;

use jiff::Timestamp;

use super::address::{self, AddressSet};
use super::error::Fault;
use super::format;
use super::schedule::Schedules;

/// When and from where something is asked, as far as is known.
#[derive(Debug)]
pub(super) struct Request {
    instant: Option<Instant>,
    address: Option<u128>,
}

impl Request {
    pub(super) fn new(at: Option<Timestamp>, from: Option<IpAddr>) -> Self {
        Self { instant: at.map(Instant::new), address: from.map(address::number) }
    }
}

/// An instant, and the whole second that it lies in.
#[derive(Debug)]
pub(super) struct Instant {
    pub(super) timestamp: Timestamp,
    pub(super) second: i64,
}

impl Instant {
    pub(super) fn new(timestamp: Timestamp) -> Self {
        // jiff rounds towards 1970
        let second = timestamp.as_second() - i64::from(timestamp.subsec_nanosecond() < 0);
        Self { timestamp, second }
    }
}

/// What must hold, all of it; a part that is not stated always does.
#[derive(Debug, PartialEq, Eq, Hash)]
pub(super) struct Condition {
    /// Seconds since 1970.
    dates: Option<Range<i64>>,
    schedules: Box<[usize]>,
    addresses: Option<AddressSet>,
}

impl Condition {
    /// A condition of the table; none where it can never hold, by its dates or by its addresses.
    pub(super) fn load(from: &format::Condition<'_>, schedules: &Schedules) -> Result<Option<Self>, Fault> {
        if *from == format::Condition::default() {
            return Err(Fault::NoPart);
        }
        let mut ids = from.schedules.iter().map(|id| schedules.find(id)).collect::<Result<Vec<_>, _>>()?;
        ids.sort_unstable();
        ids.dedup();
        let asks_address = from.networks.is_some() || !from.outside.is_empty();
        let condition = Self {
            dates: dates(from.from.as_deref(), from.until.as_deref())?,
            schedules: ids.into_boxed_slice(),
            addresses: asks_address.then(|| AddressSet::load(from.networks.as_deref(), &from.outside)).transpose()?,
        };
        Ok(condition.can_hold().then_some(condition))
    }

    /// What binds all access of a subject; none where it has no such bound.
    pub(super) fn load_own(from: &format::Subject<'_>) -> Result<Option<Self>, Fault> {
        let dates = dates(from.from.as_deref(), from.until.as_deref())?;
        let addresses = from.networks.as_deref().map(|networks| AddressSet::load(Some(networks), &[])).transpose()?;
        let bound = dates.is_some() || addresses.is_some();
        Ok(bound.then(|| Self { dates, schedules: Box::default(), addresses }))
    }

    fn can_hold(&self) -> bool {
        self.dates.as_ref().is_none_or(|dates| !dates.is_empty())
            && self.addresses.as_ref().is_none_or(|addresses| !addresses.is_empty())
    }

    /// Whether all parts hold. A part that asks for what is not known counts as `unknown`: `false` where it allows,
    /// `true` where it denies (`semantics §4`).
    pub(super) fn holds(&self, request: &Request, schedules: &Schedules, unknown: bool) -> bool {
        let in_dates = |dates: &Range<i64>| request.instant.as_ref().map_or(unknown, |at| dates.contains(&at.second));
        let in_set = |set: &AddressSet| request.address.map_or(unknown, |address| set.contains(address));
        let in_schedule = |&id: &usize| request.instant.as_ref().map_or(unknown, |at| schedules.holds(id, at));
        self.dates.as_ref().is_none_or(in_dates)
            && self.addresses.as_ref().is_none_or(in_set)
            && self.schedules.iter().all(in_schedule)
    }
}

/// From the one instant until just before the other; none where neither is stated.
fn dates(from: Option<&str>, until: Option<&str>) -> Result<Option<Range<i64>>, Fault> {
    if from.is_none() && until.is_none() {
        return Ok(None);
    }
    let from = from.map_or(Ok(i64::MIN), second)?;
    let until = until.map_or(Ok(i64::MAX), second)?;
    Ok(Some(from..until))
}

/// `YYYY-MM-DDTHH:MM:SSZ`, as seconds since 1970.
fn second(text: &str) -> Result<i64, Fault> {
    match text.parse::<Timestamp>() {
        Ok(instant) if instant.subsec_nanosecond() == 0 && instant.to_string() == text => Ok(instant.as_second()),
        _ => Err(Fault::Instant(text.to_owned())),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use super::*;

    /// The condition of that JSON, beside the schedules `mondays` and `mornings` in UTC.
    fn load(json: &str) -> Result<(Option<Condition>, Schedules), Fault> {
        let day = |windows: &str| {
            ["mon", "tue", "wed", "thu", "fri", "sat", "sun"].map(|day| format!(r#""{day}": [{windows}]"#)).join(",")
        };
        let schedules = format!(
            r#"{{"mondays": {{"timezone": "UTC", "weekly": {{"mon": ["00:00-24:00"]}}}},
                "mornings": {{"timezone": "UTC", "weekly": {{{}}}}}}}"#,
            day(r#""06:00-12:00""#)
        );
        let schedules = Schedules::load(&serde_json::from_str(&schedules).unwrap(), "acme").unwrap();
        Ok((Condition::load(&serde_json::from_str(json).unwrap(), &schedules)?, schedules))
    }

    /// Whether it holds to allow, and to deny.
    fn holds(json: &str, at: &str, from: &str) -> (bool, bool) {
        let (condition, schedules) = load(json).unwrap();
        let request = Request::new(at.parse().ok(), from.parse().ok());
        let holds =
            |unknown| condition.as_ref().is_some_and(|condition| condition.holds(&request, &schedules, unknown));
        (holds(false), holds(true))
    }

    const YES: (bool, bool) = (true, true);
    const NO: (bool, bool) = (false, false);
    const UNKNOWN: (bool, bool) = (false, true);

    #[test]
    fn dates_include_their_start_alone() {
        let year = r#"{"from": "2026-01-01T00:00:00Z", "until": "2027-01-01T00:00:00Z"}"#;
        assert_eq!(holds(year, "2025-12-31T23:59:59.999Z", ""), NO);
        assert_eq!(holds(year, "2026-01-01T00:00:00Z", ""), YES);
        assert_eq!(holds(year, "2026-12-31T23:59:59.999Z", ""), YES);
        assert_eq!(holds(year, "2027-01-01T00:00:00Z", ""), NO);
        assert_eq!(holds(year, "", "10.0.0.1"), UNKNOWN);
        assert_eq!(holds(r#"{"from": "2026-01-01T00:00:00Z"}"#, "2030-01-01T00:00:00Z", ""), YES);
        assert_eq!(holds(r#"{"until": "2026-01-01T00:00:00Z"}"#, "2030-01-01T00:00:00Z", ""), NO);
        assert_eq!(holds(r#"{"from": "1969-12-31T23:59:59Z"}"#, "1969-12-31T23:59:58.5Z", ""), NO);
        assert_eq!(holds(r#"{"from": "1969-12-31T23:59:59Z"}"#, "1969-12-31T23:59:59.5Z", ""), YES);
    }

    #[test]
    fn every_schedule_must_hold() {
        let both = r#"{"schedules": ["mondays", "mornings"]}"#;
        assert_eq!(holds(both, "2026-01-05T08:00:00Z", ""), YES);
        assert_eq!(holds(both, "2026-01-05T13:00:00Z", ""), NO);
        assert_eq!(holds(both, "2026-01-06T08:00:00Z", ""), NO);
        assert_eq!(holds(both, "", ""), UNKNOWN);
    }

    #[test]
    fn the_address_is_inside_and_not_outside() {
        let office = r#"{"networks": ["10.0.0.0/8"], "outside": ["10.9.0.0/16"]}"#;
        assert_eq!(holds(office, "", "10.1.2.3"), YES);
        assert_eq!(holds(office, "", "::ffff:10.1.2.3"), YES);
        assert_eq!(holds(office, "", "10.9.0.1"), NO);
        assert_eq!(holds(office, "", "11.0.0.1"), NO);
        assert_eq!(holds(office, "2026-01-01T00:00:00Z", ""), UNKNOWN);
        assert_eq!(holds(r#"{"outside": ["10.0.0.0/8"]}"#, "", "::ffff:10.1.2.3"), NO);
        assert_eq!(holds(r#"{"outside": ["10.0.0.0/8"]}"#, "", "::1"), YES);
        // all addresses are still a question for the address
        assert_eq!(holds(r#"{"networks": ["0.0.0.0/0", "::/0"]}"#, "", ""), UNKNOWN);
    }

    #[test]
    fn parts_are_judged_one_by_one() {
        let all = r#"{"until": "2026-02-01T00:00:00Z", "schedules": ["mondays"], "networks": ["10.0.0.0/8"]}"#;
        assert_eq!(holds(all, "2026-01-05T08:00:00Z", "10.0.0.1"), YES);
        assert_eq!(holds(all, "2026-01-05T08:00:00Z", ""), UNKNOWN);
        assert_eq!(holds(all, "2026-01-06T08:00:00Z", ""), NO, "not a Monday, whatever the address");
        assert_eq!(holds(all, "2026-02-02T08:00:00Z", ""), NO, "too late, whatever the address");
        assert_eq!(holds(all, "", "10.0.0.1"), UNKNOWN);
        assert_eq!(holds(all, "", "11.0.0.1"), NO, "elsewhere, whatever the instant");
        assert_eq!(holds(all, "", ""), UNKNOWN);
    }

    #[test]
    fn what_can_never_be_met_never_holds() {
        for never in [
            r#"{"from": "2026-01-01T00:00:00Z", "until": "2026-01-01T00:00:00Z"}"#,
            r#"{"from": "2026-01-02T00:00:00Z", "until": "2026-01-01T00:00:00Z", "networks": ["10.0.0.0/8"]}"#,
            r#"{"networks": []}"#,
            r#"{"networks": ["10.1.0.0/16"], "outside": ["10.0.0.0/8"]}"#,
            r#"{"outside": ["0.0.0.0/0", "::/0"], "schedules": ["mondays"]}"#,
        ] {
            assert_eq!(holds(never, "", ""), NO, "{never}");
            assert_eq!(holds(never, "2026-01-01T00:00:00Z", "10.1.0.1"), NO, "{never}");
        }
    }

    #[test]
    fn what_is_malformed_is_refused() {
        for text in [
            "",
            "2026-01-01",
            "2026-01-01T00:00:00",
            "2026-01-01T00:00:00+00:00",
            "2026-01-01T00:00:00.5Z",
            "2026-13-01T00:00:00Z",
            "2026-01-01t00:00:00z",
            "10000-01-01T00:00:00Z",
        ] {
            assert_eq!(second(text), Err(Fault::Instant(text.to_owned())));
        }
        assert_eq!(load("{}").unwrap_err(), Fault::NoPart);
        assert_eq!(load(r#"{"schedules": []}"#).unwrap_err(), Fault::NoPart);
        assert_eq!(load(r#"{"schedules": ["tuesdays"]}"#).unwrap_err(), Fault::Schedule("tuesdays".to_owned()));
        assert_eq!(load(r#"{"outside": ["10.0.0.0"]}"#).unwrap_err(), Fault::Block("10.0.0.0".to_owned()));
    }
}
