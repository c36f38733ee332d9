//! Questions to a table: everybody it names, everything it names, and the instants and addresses at which an answer may
//! change.

use std::collections::BTreeSet;
use std::net::IpAddr;

use camgrant_naive::random::Rng;
use jiff::Timestamp;
use serde_json::Value;

/// What can be asked of a table.
#[derive(Debug)]
pub struct Questions {
    orgs: Vec<String>,
    subjects: Vec<String>,
    resources: Vec<String>,
    capabilities: Vec<String>,
    instants: Vec<Timestamp>,
    addresses: Vec<IpAddr>,
}

/// One question.
#[derive(Debug)]
#[allow(missing_docs)] // the parts of `Table::decide`
pub struct Question<'q> {
    pub org: &'q str,
    pub subject: &'q str,
    pub capability: &'q str,
    pub resource: &'q str,
    pub at: Option<Timestamp>,
    pub address: Option<IpAddr>,
}

impl Questions {
    /// From all texts of a table, keys and values alike, each taken for whatever it may be.
    #[must_use]
    pub fn of(table: &Value) -> Self {
        let mut texts = BTreeSet::new();
        gather(table, &mut texts);
        let orgs = table["orgs"].as_object().into_iter().flat_map(|orgs| orgs.keys().cloned());
        let subjects = texts.iter().filter(|text| text.starts_with("user:") || text.starts_with("link:"));
        let kinds = ["site:", "group:", "device:", "device_group:", "layout:", "recorder:"];
        let resources = texts.iter().filter(|text| **text == "org" || kinds.iter().any(|kind| text.starts_with(kind)));
        let dotted = texts.iter().filter(|text| text.contains('.') && !text.contains([':', '/', '@']));
        let mut instants = Vec::new();
        let mut addresses: BTreeSet<IpAddr> =
            ["203.0.113.9", "::1"].iter().filter_map(|text| text.parse().ok()).collect();
        for text in &texts {
            if let Ok(instant) = text.parse::<Timestamp>() {
                let beside = [-1, 0, 1].into_iter();
                instants.extend(beside.filter_map(|by| Timestamp::from_second(instant.as_second() + by).ok()));
            }
            addresses.extend(text.split('/').next().and_then(|address| address.parse::<IpAddr>().ok()));
        }
        // a week by the hour, for schedules
        let monday = 1_780_272_000; // 2026-06-01T00:00:00Z
        instants.extend((0..7 * 24).filter_map(|hour| Timestamp::from_second(monday + hour * 3600).ok()));
        Self {
            orgs: orgs.collect(),
            subjects: subjects.map(|text| (*text).to_owned()).collect(),
            resources: resources.map(|text| (*text).to_owned()).collect(),
            capabilities: dotted.map(|text| (*text).to_owned()).chain(["live.view".to_owned()]).collect(),
            instants,
            addresses: addresses.into_iter().collect(),
        }
    }

    /// One of the questions; none where nobody or nothing is there to ask about.
    #[must_use]
    pub fn one<'q>(&'q self, rng: &mut Rng) -> Option<Question<'q>> {
        if self.orgs.is_empty() || self.subjects.is_empty() || self.resources.is_empty() {
            return None;
        }
        Some(Question {
            org: rng.pick::<String>(&self.orgs),
            subject: rng.pick::<String>(&self.subjects),
            capability: rng.pick::<String>(&self.capabilities),
            resource: rng.pick::<String>(&self.resources),
            at: (!rng.chance(15)).then(|| *rng.pick(&self.instants)),
            address: (!rng.chance(15)).then(|| *rng.pick(&self.addresses)),
        })
    }
}

fn gather<'t>(value: &'t Value, texts: &mut BTreeSet<&'t str>) {
    match value {
        Value::String(text) => drop(texts.insert(text)),
        Value::Array(items) => items.iter().for_each(|item| gather(item, texts)),
        Value::Object(entries) => entries.iter().for_each(|(key, value)| {
            texts.insert(key);
            gather(value, texts);
        }),
        _ => {}
    }
}
