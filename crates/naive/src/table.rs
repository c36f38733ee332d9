//! table: the expanded layout, written whole.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};

use crate::access::{Access, Accesses, Conditions, Right};
use crate::condition::Condition;
use crate::model::Org;
use crate::offers::{Offer, offers};
use crate::read::Policy;
use crate::resources::recorder_of;
use crate::rights::Rights;
use crate::subjects::{licenses, own_condition};
use crate::time::{DAYS, Schedule, instant_text, window_text};

impl Policy {
    /// table: the expanded layout.
    #[must_use]
    pub fn table(&self) -> Value {
        let orgs: Map<String, Value> =
            self.orgs.iter().map(|(id, org)| (id.clone(), self.org_table(org, &self.rights[id]))).collect();
        json!({ "format": "camgrant.table/1", "layout": "expanded", "orgs": orgs })
    }

    /// table: the table as it is written, byte for byte.
    #[must_use]
    pub fn table_text(&self) -> String {
        serde_json::to_string_pretty(&self.table()).expect("a table is plain data") + "\n"
    }

    fn org_table(&self, org: &Org, rights: &Rights) -> Value {
        let accesses = Accesses::new(org, rights, &self.vocabulary);
        let mut subjects: BTreeMap<String, (Access, Value)> = BTreeMap::new();
        for id in org.users.keys() {
            let access = accesses.user(id);
            if !access.is_empty() {
                let mut object = user_head(org, id);
                object.insert("access".to_owned(), access_json(&access));
                subjects.insert(format!("user:{id}"), (access, Value::Object(object)));
            }
        }
        for (id, link) in &org.links {
            let access = accesses.link(link);
            if !access.is_empty() {
                let object = json!({ "access": access_json(&access) });
                subjects.insert(format!("link:{id}"), (access, object));
            }
        }
        let offers = offers(org, rights, &self.vocabulary);
        let mut used: BTreeSet<String> = BTreeSet::new();
        let mut conditions: BTreeSet<&Condition> = offers.iter().flat_map(|offer| &offer.when).collect();
        for (access, _) in subjects.values() {
            used.extend(access.keys().cloned());
            let lists = access.values().flat_map(|right| right.allow_when.values().chain(right.deny_when.values()));
            conditions.extend(lists.flatten());
        }
        used.extend(offers.iter().flat_map(|offer| offer.scope.iter().cloned()));
        let schedules: BTreeSet<&String> = conditions.iter().flat_map(|condition| &condition.schedules).collect();

        let mut object = Map::new();
        let owners: Vec<String> = org.owners.iter().map(|id| format!("user:{id}")).collect();
        put_list(&mut object, "owners", owners.into_iter().map(Value::from).collect());
        put_map(&mut object, "recorders", recorders(org, &used));
        put_map(&mut object, "devices", devices(org, &used));
        put_map(&mut object, "refs", refs(org, subjects.keys(), &used));
        let schedules = schedules.into_iter().map(|id| (id.clone(), schedule_json(&org.schedules[id]))).collect();
        put_map(&mut object, "schedules", schedules);
        let subjects: Map<String, Value> = subjects.into_iter().map(|(id, (_, value))| (id, value)).collect();
        object.insert("subjects".to_owned(), Value::Object(subjects));
        put_list(&mut object, "offers", offers.iter().map(offer_json).collect());
        Value::Object(object)
    }
}

/// table: empty lists and maps are left out.
fn put_list(object: &mut Map<String, Value>, key: &str, list: Vec<Value>) {
    if !list.is_empty() {
        object.insert(key.to_owned(), Value::Array(list));
    }
}

fn put_map(object: &mut Map<String, Value>, key: &str, map: Map<String, Value>) {
    if !map.is_empty() {
        object.insert(key.to_owned(), Value::Object(map));
    }
}

fn texts<'a>(all: impl IntoIterator<Item = &'a String>) -> Value {
    all.into_iter().map(|text| Value::from(text.as_str())).collect()
}

/// table: a user's own `from`, `until` and `networks`, its licences, and what the policy names its owner of.
fn user_head(org: &Org, user: &str) -> Map<String, Value> {
    let own = own_condition(org, user);
    let mut object = condition_map(&own);
    let licenses = licenses(org, user).into_iter().map(|(level, count)| (level, Value::from(count))).collect();
    put_map(&mut object, "licenses", licenses);
    let mut owns = BTreeSet::new();
    if org.owners.contains(user) {
        owns.insert("org".to_owned());
    }
    let recorders = org.recorders.iter().filter(|(_, one)| one.owners.contains(user));
    owns.extend(recorders.map(|(id, _)| format!("recorder:{id}")));
    let devices = org.devices.iter().filter(|(_, one)| one.owners.contains(user));
    owns.extend(devices.map(|(id, _)| format!("device:{id}")));
    put_list(&mut object, "owns", owns.into_iter().map(Value::from).collect());
    object
}

/// table: `access` parts the resources into entries with the same rights, in the order of their first resources.
fn access_json(access: &Access) -> Value {
    let mut entries: Vec<(&Right, Vec<&String>)> = Vec::new();
    for (resource, right) in access {
        match entries.iter_mut().find(|(other, _)| *other == right) {
            Some((_, resources)) => resources.push(resource),
            None => entries.push((right, vec![resource])),
        }
    }
    let entry = |(right, resources): (&Right, Vec<&String>)| {
        let mut object = Map::new();
        object.insert("resources".to_owned(), texts(resources));
        put_list(&mut object, "allow", right.allow.iter().map(|text| Value::from(text.as_str())).collect());
        put_list(&mut object, "allow_when", items(&right.allow_when));
        put_list(&mut object, "deny_when", items(&right.deny_when));
        Value::Object(object)
    };
    entries.into_iter().map(entry).collect()
}

/// table: capabilities with the same `when` share an item; items by their first capability.
fn items(by_capability: &BTreeMap<String, Conditions>) -> Vec<Value> {
    let mut items: Vec<(&Conditions, Vec<&String>)> = Vec::new();
    for (capability, when) in by_capability {
        match items.iter_mut().find(|(other, _)| *other == when) {
            Some((_, capabilities)) => capabilities.push(capability),
            None => items.push((when, vec![capability])),
        }
    }
    let item = |(when, capabilities): (&Conditions, Vec<&String>)| json!({ "capabilities": texts(capabilities), "when": when_json(when) });
    items.into_iter().map(item).collect()
}

fn when_json(when: &Conditions) -> Value {
    when.iter().map(|condition| Value::Object(condition_map(condition))).collect()
}

/// table: `from`, `until`, `schedules`, `networks`, `outside`.
fn condition_map(condition: &Condition) -> Map<String, Value> {
    let mut object = Map::new();
    if let Some(from) = condition.from {
        object.insert("from".to_owned(), Value::from(instant_text(from)));
    }
    if let Some(until) = condition.until {
        object.insert("until".to_owned(), Value::from(instant_text(until)));
    }
    put_list(&mut object, "schedules", condition.schedules.iter().map(|id| Value::from(id.as_str())).collect());
    if let Some(networks) = &condition.networks {
        object.insert("networks".to_owned(), texts(&networks.texts()));
    }
    if let Some(outside) = &condition.outside {
        object.insert("outside".to_owned(), texts(&outside.texts()));
    }
    object
}

/// table: every device that is a resource in an `access` entry or an offer.
fn devices(org: &Org, used: &BTreeSet<String>) -> Map<String, Value> {
    let mut all = Map::new();
    for (id, device) in org.devices.iter().filter(|(id, _)| used.contains(&format!("device:{id}"))) {
        let mut object = Map::new();
        object.insert("kind".to_owned(), Value::from(device.kind.as_str()));
        if let Some(recorder) = recorder_of(org, id) {
            object.insert("recorder".to_owned(), Value::from(recorder));
        }
        if let Some(reference) = &device.reference {
            object.insert("ref".to_owned(), Value::from(reference.as_str()));
        }
        all.insert(id.clone(), Value::Object(object));
    }
    all
}

/// table: every recorder that is one, or records one of those devices.
fn recorders(org: &Org, used: &BTreeSet<String>) -> Map<String, Value> {
    let mut needed: BTreeSet<String> =
        used.iter().filter_map(|r| r.strip_prefix("recorder:")).map(str::to_owned).collect();
    let devices = used.iter().filter_map(|resource| resource.strip_prefix("device:"));
    needed.extend(devices.filter_map(|device| recorder_of(org, device)));
    let mut all = Map::new();
    for (id, recorder) in org.recorders.iter().filter(|(id, _)| needed.contains(*id)) {
        let mut object = Map::new();
        object.insert("kind".to_owned(), Value::from(recorder.kind.as_str()));
        object.insert("server".to_owned(), Value::from(recorder.server.as_str()));
        if let Some(reference) = &recorder.reference {
            object.insert("ref".to_owned(), Value::from(reference.as_str()));
        }
        all.insert(id.clone(), Value::Object(object));
    }
    all
}

/// table: `refs` maps each listed subject, and each site, group and layout in `access` or an offer, to its `ref`.
fn refs<'a>(org: &Org, subjects: impl Iterator<Item = &'a String>, used: &'a BTreeSet<String>) -> Map<String, Value> {
    let mut all: BTreeMap<String, &String> = BTreeMap::new();
    for name in subjects.chain(used) {
        let reference = match name.split_once(':') {
            Some(("user", id)) => org.users.get(id).and_then(|one| one.reference.as_ref()),
            Some(("site" | "group", path)) => org.places.get(path).and_then(|one| one.reference.as_ref()),
            Some(("layout", id)) => org.layouts.get(id).and_then(|one| one.reference.as_ref()),
            _ => None,
        };
        if let Some(reference) = reference {
            all.insert(name.clone(), reference);
        }
    }
    all.into_iter().map(|(name, reference)| (name, Value::from(reference.as_str()))).collect()
}

/// table: schedules: days one by one, windows sorted, repeats dropped, never merged; maps bytewise.
fn schedule_json(schedule: &Schedule) -> Value {
    let mut weekly: BTreeMap<&str, Value> = BTreeMap::new();
    for (day, windows) in &schedule.weekly {
        let texts: BTreeSet<String> = windows.iter().map(|window| window_text(*window)).collect();
        weekly.insert(DAYS[*day], texts.into_iter().map(Value::from).collect());
    }
    let mut object = Map::new();
    object.insert("timezone".to_owned(), Value::from(schedule.timezone.as_str()));
    put_map(&mut object, "weekly", weekly.into_iter().map(|(day, windows)| (day.to_owned(), windows)).collect());
    put_list(&mut object, "except", schedule.except.iter().map(|date| Value::from(date.to_string())).collect());
    Value::Object(object)
}

fn offer_json(offer: &Offer) -> Value {
    let mut object = Map::new();
    object.insert("to".to_owned(), texts(&offer.to));
    object.insert("scope".to_owned(), texts(&offer.scope));
    object.insert("capabilities".to_owned(), texts(&offer.capabilities));
    object.insert("consent".to_owned(), Value::from(offer.consent.as_str()));
    if !offer.when.is_empty() {
        object.insert("when".to_owned(), when_json(&offer.when));
    }
    Value::Object(object)
}
