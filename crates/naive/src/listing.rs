//! Lists of what can be asked: organisations, subjects, resources, capabilities, and the instants and addresses at which
//! an answer may change.

use std::collections::BTreeSet;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use jiff::civil::{Date, date};
use jiff::{Timestamp, ToSpan};

use crate::address::Block;
use crate::condition::Condition;
use crate::read::Policy;
use crate::time::Schedule;

impl Policy {
    /// The ids of the organisations.
    #[must_use]
    pub fn orgs(&self) -> Vec<String> {
        self.orgs.keys().cloned().collect()
    }

    /// All users and links of an organisation, disabled ones too, as `user:a@x` and `link:z`.
    #[must_use]
    pub fn subjects(&self, org: &str) -> Vec<String> {
        let Some(org) = self.orgs.get(org) else {
            return Vec::new();
        };
        let links = org.links.keys().map(|id| format!("link:{id}"));
        links.chain(org.users.keys().map(|id| format!("user:{id}"))).collect()
    }

    /// All resources of an organisation, as the table spells them.
    #[must_use]
    pub fn resources(&self, org: &str) -> Vec<String> {
        self.rights.get(org).map(|rights| rights.resources.iter().cloned().collect()).unwrap_or_default()
    }

    /// All capabilities.
    #[must_use]
    pub fn capabilities(&self) -> Vec<String> {
        self.vocabulary.capabilities.keys().cloned().collect()
    }

    /// Instants at which an answer may change, with the seconds before and after each: every `from` and `until`, and
    /// the starts and ends of windows in some weeks (with changes of the clock, and with dates in `except`).
    #[must_use]
    pub fn moments(&self, org: &str) -> Vec<i64> {
        let Some(org) = self.orgs.get(org) else {
            return Vec::new();
        };
        let mut all: BTreeSet<i64> = BTreeSet::new();
        let conditions = org.users.values().map(|user| &user.own);
        let conditions = conditions.chain(org.teams.values().map(|team| &team.condition));
        let conditions = conditions.chain(org.grants.iter().map(|grant| &grant.condition));
        let conditions: Vec<&Condition> = conditions.chain(org.links.values().map(|link| &link.condition)).collect();
        all.extend(conditions.iter().flat_map(|condition| condition.from.into_iter().chain(condition.until)));
        for schedule in org.schedules.values() {
            for day in days(schedule) {
                let windows = schedule.weekly.values().flatten();
                for minute in windows.flat_map(|(start, end)| [*start, *end]) {
                    let local = day.at(0, 0, 0, 0).saturating_add(i64::from(minute).minutes());
                    // a local time may come twice, or never: both readings
                    let both = schedule.zone.to_ambiguous_zoned(local);
                    all.extend(both.clone().earlier().ok().map(|at| at.timestamp().as_second()));
                    all.extend(both.later().ok().map(|at| at.timestamp().as_second()));
                }
            }
        }
        if all.is_empty() {
            all.insert(start_of_2026());
        }
        all.into_iter().flat_map(|at| [at - 1, at, at + 1]).collect::<BTreeSet<_>>().into_iter().collect()
    }

    /// The schedules of an organisation that hold at an instant.
    #[must_use]
    pub fn schedules_at(&self, org: &str, at: i64) -> BTreeSet<String> {
        let schedules = self.orgs.get(org).map(|org| &org.schedules);
        let holding = schedules.into_iter().flatten().filter(|(_, schedule)| schedule.holds(at));
        holding.map(|(id, _)| id.clone()).collect()
    }

    /// Addresses at which an answer may change: the ends of every block, one outside each, one IPv4-mapped.
    #[must_use]
    pub fn addresses(&self, org: &str) -> Vec<IpAddr> {
        let Some(org) = self.orgs.get(org) else {
            return Vec::new();
        };
        let mut all = BTreeSet::from([IpAddr::V4(Ipv4Addr::new(203, 0, 113, 9)), IpAddr::V6(Ipv6Addr::LOCALHOST)]);
        for block in &org.blocks {
            all.extend([block.first(), block.last()]);
            all.extend(outside(*block));
            if let IpAddr::V4(four) = block.first() {
                all.insert(IpAddr::V6(four.to_ipv6_mapped()));
            }
        }
        all.into_iter().collect()
    }
}

fn start_of_2026() -> i64 {
    date(2026, 1, 1).at(0, 0, 0, 0).in_tz("UTC").expect("a date").timestamp().as_second()
}

/// An address next to a block and outside it.
fn outside(block: Block) -> Option<IpAddr> {
    match (block.first(), block.last()) {
        (IpAddr::V4(first), IpAddr::V4(last)) => {
            let before = u32::from(first).checked_sub(1);
            Some(IpAddr::V4(before.or_else(|| u32::from(last).checked_add(1))?.into()))
        }
        (IpAddr::V6(first), IpAddr::V6(last)) => {
            let before = u128::from(first).checked_sub(1);
            Some(IpAddr::V6(before.or_else(|| u128::from(last).checked_add(1))?.into()))
        }
        _ => None,
    }
}

/// Some days for a schedule: one whole week, the days around two changes of the clock, and those around `except`.
fn days(schedule: &Schedule) -> BTreeSet<Date> {
    let mut all: BTreeSet<Date> = (0..7).map(|day| date(2026, 6, 1).saturating_add(day.days())).collect();
    let start = Timestamp::from_second(start_of_2026()).expect("a date");
    let changes = schedule.zone.following(start).take(2).map(|change| {
        let local = change.timestamp().to_zoned(schedule.zone.clone());
        local.date()
    });
    for day in changes.chain(schedule.except.iter().copied()) {
        all.extend([day.saturating_sub(1.days()), day, day.saturating_add(1.days())]);
    }
    all
}
