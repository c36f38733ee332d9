//! Conditions as they are stated: from, until, schedules, networks.

use std::collections::BTreeSet;

use ipnet::IpNet;
use jiff::civil::Date;

use super::AddressSet;
use super::forms::{Misfit, shortened};
use super::instants::{Edge, Zone, date, digits};
use super::names::Kind;
use super::references::Resolver;
use super::types::{At, Day, Network, NetworkIx, ScheduleIx};
use crate::diagnostics::Diagnostic;
use crate::source::Span;
use crate::syntax::decl;
use crate::syntax::rules;
use crate::syntax::{Entry, Field, Many, Pairs};

/// What a grant, a team or a link states of when and from where it holds. Nothing stated: always.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Stated {
    /// Seconds since 1970.
    pub from: Option<i64>,
    /// Seconds since 1970, excluded.
    pub until: Option<i64>,
    /// Within this schedule.
    pub schedule: Option<ScheduleIx>,
    /// From these addresses.
    pub networks: Option<AddressSet>,
    /// From any other address.
    pub outside: Option<AddressSet>,
}

/// A window of a day, in minutes; one that runs into the next day ends beyond 24:00.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Window {
    /// Included.
    pub start: u16,
    /// Excluded; above 1440 where it runs into the next day.
    pub end: u16,
    /// Whether the end was written as `24:00` and not as `00:00` of the next day.
    pub to_midnight: bool,
}

impl Window {
    /// As tables write it.
    #[must_use]
    pub fn text(self) -> String {
        let end = if self.end == 1440 && self.to_midnight { 1440 } else { self.end % 1440 };
        format!("{:02}:{:02}-{:02}:{:02}", self.start / 60, self.start % 60, end / 60, end % 60)
    }
}

/// A schedule.
#[derive(Clone, Debug)]
pub struct Schedule {
    /// Its id.
    pub id: Box<str>,
    /// Where it is declared.
    pub span: Span,
    /// The zone of its hours.
    pub zone: Zone,
    /// The windows that open on each day, from Monday; sorted, each once.
    pub weekly: [Vec<Window>; 7],
    /// Dates on which none opens.
    pub except: BTreeSet<Date>,
    /// Whether its declaration has a mistake.
    pub broken: bool,
}

/// The four fields that conditions share.
pub(super) struct ConditionFields<'f, 'd> {
    pub from: &'f Option<Field<decl::Instant<'d>>>,
    pub until: &'f Option<Field<decl::Instant<'d>>>,
    pub schedule: &'f Option<Field<decl::Id<'d>>>,
    pub networks: &'f Option<Field<Many<decl::NetworkItem<'d>>>>,
}

/// Reads a condition. `blocks` are the declared networks, by number.
pub(super) fn stated<'d>(r: &mut Resolver<'_, 'd>, fields: &ConditionFields<'_, 'd>, blocks: &[AddressSet]) -> Stated {
    let (from, until) = interval(r, fields.from, fields.until);
    let schedule = match r.value(fields.schedule) {
        Some((id, span)) => r.name(Kind::Schedule, id.0, span).map(ScheduleIx),
        None => None,
    };
    let networks = networks(r, "networks", fields.networks, blocks);
    Stated { from, until, schedule, networks, outside: None }
}

/// `from` and `until`, of which the second must lie after the first.
pub(super) fn interval<'d>(
    r: &mut Resolver<'_, 'd>,
    from: &Option<Field<decl::Instant<'d>>>,
    until: &Option<Field<decl::Instant<'d>>>,
) -> (Option<i64>, Option<i64>) {
    let start = r.instant(from, Edge::Start);
    let end = r.instant(until, Edge::End);
    if let (Some(start), Some(end), Some(from), Some(until)) = (start, end, from, until)
        && end <= start
    {
        r.report(
            Diagnostic::new(&rules::EMPTY_INTERVAL, until.span, "`until` is not after `from`")
                .label("it ends here")
                .other(from.span, "it begins here")
                .help("swap the two, or mend one of them"),
        );
    }
    (start, end)
}

/// A list of blocks and of declared networks.
pub(super) fn networks<'d>(
    r: &mut Resolver<'_, 'd>,
    name: &str,
    field: &Option<Field<Many<decl::NetworkItem<'d>>>>,
    blocks: &[AddressSet],
) -> Option<AddressSet> {
    r.not_empty(name, field);
    let mut named = Vec::new();
    let (items, _) = r.list(field, |r, item, span| {
        if reads_as_block(item.0) {
            let block = parse_block(item.0);
            return r.formed(block, span).map(|block| AddressSet::from_blocks([block]));
        }
        let number = r.name(Kind::Network, item.0, span)?;
        named.push((NetworkIx(number), span));
        blocks.get(number as usize).cloned()
    });
    if !named.is_empty() {
        r.network_lists.push(named);
    }
    field.as_ref()?;
    Some(AddressSet::union_of(items.iter().map(|(set, _)| set)))
}

/// The declared networks, in order.
pub(super) fn declared_networks<'d>(
    r: &mut Resolver<'_, 'd>,
    pairs: impl Iterator<Item = &'d (Field<&'d str>, Field<Many<decl::NetworkItem<'d>>>)>,
) -> Vec<Network> {
    pairs
        .map(|(id, blocks)| {
            r.begin(id.span, blocks.end);
            let name: Box<str> = id.value.unwrap_or_default().into();
            let mut network = Network { id: name, span: id.span, addresses: AddressSet::default() };
            let Some(Many(items)) = &blocks.value else { return network };
            if items.is_empty() {
                let found = format!("the network `{}` has no blocks", id.value.unwrap_or_default());
                r.report(
                    Diagnostic::new(&rules::EMPTY_LIST, id.span, found)
                        .help("write at least one address or CIDR block, such as `10.0.0.0/8`"),
                );
            }
            let parsed: Vec<At<IpNet>> = items
                .iter()
                .filter_map(|item| {
                    let text = item.value?;
                    let block = parse_block(text.0);
                    Some((r.formed(block, item.span)?, item.span))
                })
                .collect();
            r.find_repeated(&parsed);
            network.addresses = AddressSet::from_blocks(parsed.into_iter().map(|(block, _)| block));
            network
        })
        .collect()
}

/// Whether a network item is meant as an address or block, and not as the name of a network.
fn reads_as_block(text: &str) -> bool {
    text.contains([':', '/']) || reads_as_address(text)
}

/// Whether text is an address, or looks so much like one that it cannot be a name: `10.0.0.300`.
pub(super) fn reads_as_address(text: &str) -> bool {
    let dotted = text.matches('.').count() == 3 && text.bytes().all(|b| b.is_ascii_digit() || b == b'.');
    dotted || text.parse::<std::net::IpAddr>().is_ok()
}

/// An address or CIDR block.
fn parse_block(text: &str) -> Result<IpNet, Misfit> {
    let malformed = || {
        let found = format!("`{}` is no address or block", shortened(text));
        Misfit::new(
            &rules::MALFORMED_NETWORK,
            found,
            "write an address such as `10.1.2.3`, or a block such as `10.0.0.0/8`",
        )
    };
    let (address, prefix) = match text.split_once('/') {
        Some((address, prefix)) => (address, Some(prefix)),
        None => (text, None),
    };
    // the standard library's parser takes no leading zeros and no zone ids, which ipnet's would
    let address: std::net::IpAddr = address.parse().map_err(|_| malformed())?;
    let Some(prefix) = prefix else { return Ok(IpNet::from(address)) };
    let well_formed =
        prefix.len() <= 3 && prefix.bytes().all(|b| b.is_ascii_digit()) && (prefix == "0" || !prefix.starts_with('0'));
    let length: u8 = prefix.parse().ok().filter(|_| well_formed).ok_or_else(malformed)?;
    let block = IpNet::new(address, length).map_err(|_| malformed())?;
    if block.network() != address {
        let found = format!("`{text}` has bits set behind the prefix");
        let help = format!("write `{}/{length}` for the block, or `{address}` for the one address", block.network());
        return Err(Misfit::new(&rules::HOST_BITS, found, help));
    }
    Ok(block)
}

/// Reads a schedule.
pub(super) fn schedule<'d>(r: &mut Resolver<'_, 'd>, entry: &'d Entry<'d, decl::Schedule<'d>>) -> Schedule {
    r.begin(entry.span, entry.end);
    let mut schedule = Schedule {
        id: entry.id.into(),
        span: entry.span,
        zone: r.zone.clone(),
        weekly: Default::default(),
        except: BTreeSet::new(),
        broken: true,
    };
    let Some(body) = &entry.body else { return schedule };
    let decl::Schedule { name, reason, timezone, weekly, except } = body;
    let _ = (r.value(name), r.value(reason));
    if let Some((zone, span)) = r.value(timezone) {
        let zone = Zone::parse(zone.0);
        schedule.zone = r.formed(zone, span).unwrap_or(schedule.zone);
    }
    r.required("weekly", weekly, &format!("the schedule `{}`", entry.id), entry.span);
    if let Some((Pairs(pairs), span)) = r.value(weekly) {
        for (days, windows) in pairs {
            let key = days.value.unwrap_or_default();
            let parsed_days = parse_days(key);
            let days = r.formed(parsed_days, days.span).unwrap_or_default();
            let field = Some(Field::at(windows.span, windows.end, windows.value.as_ref()));
            let Some((Many(items), _)) = r.value(&field).map(|(many, span)| (*many, span)) else { continue };
            let mut written = Vec::new();
            for item in items {
                let Some(text) = item.value else {
                    r.value(&Some(Field::at(item.span, item.end, None::<()>)));
                    continue;
                };
                let parsed = parse_window(text.0);
                let Some(window) = r.formed(parsed, item.span) else { continue };
                written.push((window, item.span));
                for day in &days {
                    schedule.weekly[*day as usize].push(window);
                }
            }
            r.find_repeated(&written);
        }
        if !r.is_broken() && schedule.weekly.iter().all(Vec::is_empty) {
            let found = format!("the schedule `{}` has no windows", entry.id);
            r.report(
                Diagnostic::new(&rules::EMPTY_LIST, span, found)
                    .help("write at least one, such as `mon-fri: [08:00-18:00]`"),
            );
        }
    }
    for windows in &mut schedule.weekly {
        windows.sort_unstable();
        windows.dedup();
    }
    let (dates, _) = r.list(except, |r, text, span| {
        let date = date(text.0);
        r.formed(date, span)
    });
    schedule.except = dates.into_iter().map(|(date, _)| date).collect();
    schedule.broken = r.is_broken();
    schedule
}

/// The days that a key of `weekly` means, in the order of the key; none where it is malformed.
#[must_use]
pub fn weekdays(text: &str) -> Option<Vec<Day>> {
    parse_days(text).ok()
}

/// `mon`, `fri-mon`, `sat,sun`.
fn parse_days(text: &str) -> Result<Vec<Day>, Misfit> {
    let day = |name: &str| {
        Day::WEEK.into_iter().find(|day| day.name() == name).ok_or_else(|| {
            let found = format!("`{}` is no day of the week", shortened(name));
            Misfit::new(
                &rules::MALFORMED_SCHEDULE,
                found,
                "days are `mon`, `tue`, `wed`, `thu`, `fri`, `sat`, `sun`; write `mon-fri` or `sat,sun` for several",
            )
        })
    };
    let mut days = Vec::new();
    for part in text.split(',') {
        let part = part.trim();
        match part.split_once('-') {
            None => days.push(day(part)?),
            Some((first, last)) => {
                let (first, last) = (day(first.trim())? as usize, day(last.trim())? as usize);
                let count = (last + 7 - first) % 7 + 1;
                days.extend((0..count).map(|step| Day::WEEK[(first + step) % 7]));
            }
        }
    }
    Ok(days)
}

/// `22:00-06:00`.
fn parse_window(text: &str) -> Result<Window, Misfit> {
    let wrong = |what: String| {
        Misfit::new(
            &rules::MALFORMED_SCHEDULE,
            what,
            "write `HH:MM-HH:MM`, as in `08:00-18:00`; an end before its start runs into the next day",
        )
    };
    let numbers = digits(text, "##:##-##:##").ok_or_else(|| wrong(format!("`{}` is no window", shortened(text))))?;
    let [h1, m1, h2, m2] = numbers[..] else { return Err(wrong(format!("`{text}` is no window"))) };
    let end_of_day = h2 == 24 && m2 == 0;
    if h1 > 23 || m1 > 59 || m2 > 59 || (h2 > 23 && !end_of_day) {
        return Err(wrong(format!("`{text}` has a time that no clock shows")));
    }
    let (start, end) = (h1 * 60 + m1, h2 * 60 + m2);
    if start == end {
        return Err(wrong(format!("`{text}` ends where it starts")));
    }
    let end = if end < start { end + 1440 } else { end };
    // minutes of two days at most
    Ok(Window { start: start as u16, end: end as u16, to_midnight: end_of_day })
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn windows_run_into_the_next_day() {
        let text = |window: &str| parse_window(window).unwrap().text();
        assert_eq!(parse_window("22:00-06:00").unwrap().end, 30 * 60);
        for window in ["22:00-06:00", "00:00-24:00", "22:00-00:00", "18:00-24:00", "00:00-00:01"] {
            assert_eq!(text(window), window);
        }
        for wrong in ["8:00-9:00", "08:00-08:00", "24:00-25:00", "24:00-06:00", "08:60-09:00", "08:00", "08:00–09:00"]
        {
            assert!(parse_window(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn days_wrap() {
        assert_eq!(parse_days("fri-mon").unwrap(), [Day::Fri, Day::Sat, Day::Sun, Day::Mon]);
        assert_eq!(parse_days("sat, sun").unwrap(), [Day::Sat, Day::Sun]);
        assert!(parse_days("Mon").is_err() && parse_days("").is_err() && parse_days("mon-").is_err());
    }

    #[test]
    fn blocks() {
        assert!(parse_block("10.0.0.0/8").is_ok() && parse_block("::1").is_ok() && parse_block("10.1.2.3").is_ok());
        for wrong in
            ["10.0.0.0/33", "010.0.0.0/8", "10.0.0/8", "10.0.0.0/08", "fe80::1%eth0", "10.0.0.0/", "10.0.0.0/+8"]
        {
            assert!(parse_block(wrong).is_err_and(|m| m.rule.code == "CG0208"), "{wrong}");
        }
        assert!(parse_block("10.0.0.1/8").is_err_and(|m| m.help.contains("10.0.0.0/8")));
        assert!(parse_block("::ffff:10.0.0.1/104").is_err_and(|m| m.rule.code == "CG0209"));
    }
}
