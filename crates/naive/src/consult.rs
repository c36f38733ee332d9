//! table: how a consumer decides from an expanded table, with nothing but the table at hand.

use std::net::IpAddr;

use serde_json::Value;

use crate::address::{Addresses, Block};
use crate::raw::RawSchedule;
use crate::time::Schedule;

/// One question to one organisation of a table.
struct Question<'a> {
    org: &'a Value,
    at: Option<i64>,
    address: Option<IpAddr>,
}

/// table: to decide. Find the subject, the entry that names the resource, and the capability in `allow` or in an
/// `allow_when` with a condition that holds, and in no `deny_when` with a condition that holds.
#[must_use]
pub fn consult(
    table: &Value,
    org: &str,
    subject: &str,
    capability: &str,
    resource: &str,
    at: Option<i64>,
    address: Option<IpAddr>,
) -> bool {
    let org = &table["orgs"][org];
    let subject = &org["subjects"][subject];
    if subject.is_null() {
        return false;
    }
    let question = Question { org, at, address };
    let own_holds = question.holds(subject, false);
    let named = |entry: &&Value| list(&entry["resources"]).any(|one| one == resource);
    let Some(entry) = list(&subject["access"]).find(named) else {
        return false;
    };
    let some = |key: &str, unknown: bool| {
        list(&entry[key])
            .filter(|item| list(&item["capabilities"]).any(|one| one == capability))
            .any(|item| list(&item["when"]).any(|when| question.holds(when, unknown)))
    };
    let allowed = list(&entry["allow"]).any(|one| one == capability) || some("allow_when", false);
    own_holds && allowed && !some("deny_when", true)
}

fn list(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

impl Question<'_> {
    /// All parts of a condition; `unknown` is the answer of a part on what is not known.
    fn holds(&self, condition: &Value, unknown: bool) -> bool {
        let instant = |key: &str| -> Option<i64> {
            let text = condition[key].as_str()?;
            Some(text.parse::<jiff::Timestamp>().expect("an instant").as_second())
        };
        let set = |key: &str| -> Option<Addresses> {
            let blocks = condition[key].as_array()?.iter();
            let blocks: Vec<Block> =
                blocks.map(|block| Block::parse(block.as_str().expect("a block")).expect("a block")).collect();
            Some(Addresses::new(&blocks))
        };
        let schedules = list(&condition["schedules"]).map(|id| {
            let schedule = self.org["schedules"][id.as_str().expect("an id")].clone();
            let raw: RawSchedule = serde_json::from_value(schedule).expect("a schedule");
            Schedule::from_raw(raw, "UTC").expect("a schedule")
        });
        instant("from").is_none_or(|from| self.at.map_or(unknown, |at| from <= at))
            && instant("until").is_none_or(|until| self.at.map_or(unknown, |at| at < until))
            && schedules.into_iter().all(|schedule| self.at.map_or(unknown, |at| schedule.holds(at)))
            && set("networks").is_none_or(|set| self.address.map_or(unknown, |one| set.contains(one)))
            && set("outside").is_none_or(|set| self.address.map_or(unknown, |one| !set.contains(one)))
    }
}
