//! Review by effect, cell by cell: the five rules as they are written, on the JSON of two tables and nothing else. In:
//! random pairs of policies and each of a few authors. Out: the codes that must be found, or must not.
//!
//! Rights on added, removed and moved resources are judged by rule 1 alone here: what rules 2 to 5 pass over has cases of
//! its own.

use std::collections::{BTreeMap, BTreeSet};

use camgrant::compile::Compiled;
use camgrant::table::Table;
use camgrant::vocabulary::{CapabilityClass, vocabulary};
use camgrant_naive::random::{Rng, draft, grant};
use serde_json::Value;

use super::support::table_of;
use super::{NOW, compiled, edits, reviewed};

/// Subject, capability, resource.
type Cell = (String, String, String);

/// Alternatives and denials, each with the account joined, schedules written out.
type Held = (BTreeSet<String>, BTreeSet<String>);

struct Naive {
    json: Value,
    table: Table,
    cells: BTreeMap<Cell, Held>,
}

fn strings(value: &Value) -> Vec<String> {
    value.as_array().into_iter().flatten().map(|one| one.as_str().unwrap().to_owned()).collect()
}

impl Naive {
    /// The table of an organisation; the author's own networks are passed over where it decides.
    fn of(text: &str, org: &str, author: &str) -> Naive {
        let json: Value = serde_json::from_str(text).unwrap();
        let mut open = json.clone();
        if let Some(subject) = open["orgs"][org]["subjects"].get_mut(format!("user:{author}")) {
            subject.as_object_mut().unwrap().remove("networks");
        }
        let table = Table::load(open.to_string().into_bytes()).unwrap();
        let json = json["orgs"][org].clone();
        let mut cells = BTreeMap::new();
        for (subject, told) in json["subjects"].as_object().into_iter().flatten() {
            for entry in told["access"].as_array().into_iter().flatten() {
                let capabilities = strings(&entry["allow"]).into_iter().chain(
                    entry["allow_when"]
                        .as_array()
                        .into_iter()
                        .flatten()
                        .flat_map(|item| strings(&item["capabilities"])),
                );
                for capability in capabilities.collect::<BTreeSet<_>>() {
                    let when = |key: &str| -> Vec<Value> {
                        let items = entry[key].as_array().into_iter().flatten();
                        let mut item = items.filter(|item| strings(&item["capabilities"]).contains(&capability));
                        item.next().map(|item| item["when"].as_array().unwrap().clone()).unwrap_or_default()
                    };
                    let mut alternatives = when("allow_when");
                    if strings(&entry["allow"]).contains(&capability) {
                        alternatives = vec![Value::Object(Default::default())];
                    }
                    let text = |one: &Value, account: bool| written(one, account.then_some(told), &json);
                    let held: Held = (
                        alternatives.iter().map(|one| text(one, true)).collect(),
                        when("deny_when").iter().map(|one| text(one, false)).collect(),
                    );
                    for resource in strings(&entry["resources"]) {
                        cells.insert((subject.clone(), capability.clone(), resource), held.clone());
                    }
                }
            }
        }
        Naive { json, table, cells }
    }

    fn owns(&self, subject: &str, resource: &str) -> bool {
        let names = strings(&self.json["owners"]);
        let own = strings(&self.json["subjects"][subject]["owns"]);
        let recorder = resource.strip_prefix("device:").and_then(|id| self.json["devices"][id]["recorder"].as_str());
        names.iter().any(|name| name == subject)
            || own.iter().any(|one| one == resource || recorder.is_some_and(|id| *one == format!("recorder:{id}")))
    }

    fn administers(&self, subject: &str, resource: &str) -> bool {
        let administer = vocabulary().of_class(CapabilityClass::Administer);
        vocabulary()
            .names(administer)
            .any(|one| self.cells.contains_key(&(subject.into(), one.into(), resource.into())))
    }

    /// Whether somebody holds a capability now, from an unknown address.
    fn may(&self, org: &str, subject: &str, capability: &str, resource: &str) -> bool {
        let now = jiff::Timestamp::from_second(NOW).unwrap();
        self.table.decide(org, subject, capability, resource, Some(now), None)
    }
}

/// A condition with its schedules written out and, where that is asked for, the account's dates and networks beside it.
fn written(condition: &Value, account: Option<&Value>, org: &Value) -> String {
    let mut schedules: Vec<String> =
        strings(&condition["schedules"]).iter().map(|id| org["schedules"][id].to_string()).collect();
    schedules.sort();
    schedules.dedup();
    let own = |key: &str| account.map(|account| account[key].clone()).unwrap_or_default();
    let from = [condition["from"].clone(), own("from")].iter().filter_map(|one| Some(one.as_str()?.to_owned())).max();
    let until =
        [condition["until"].clone(), own("until")].iter().filter_map(|one| Some(one.as_str()?.to_owned())).min();
    format!("{from:?} {until:?} {schedules:?} {} {} {}", condition["networks"], own("networks"), condition["outside"])
        .replace("-00:00\\\\\\\"", "-24:00\\\\\\\"")
}

/// Names of all resources, with the place where each is.
fn resources(compiled: &Compiled, org: &str) -> BTreeMap<String, Option<String>> {
    let rights = compiled.policy.as_ref().unwrap().orgs.iter().find(|rights| &*rights.org.id == org).unwrap();
    let containment = &rights.graph.containment;
    let place = |resource| {
        use camgrant::graph::Resource;
        let place = match resource {
            Resource::Device(device) => rights.org.devices[device].place,
            Resource::Layout(layout) => rights.org.layouts[layout].place,
            _ => None,
        };
        place.map(|place| rights.org.places[place].path.to_string())
    };
    containment.resources().map(|(_, resource)| (resource.text(&rights.org), place(resource))).collect()
}

/// Where access to a resource that is new is managed: the nearest place above that is there, or the organisation.
fn stands(name: &str, place: Option<&str>, old: &BTreeMap<String, Option<String>>) -> String {
    let known = |path: &str| {
        let kind = if path.contains('/') { "group" } else { "site" };
        Some(format!("{kind}:{path}")).filter(|name| old.contains_key(name))
    };
    let path = match name.split_once(':') {
        Some(("device", _)) => place.unwrap_or_default().to_owned(),
        Some(("group", path)) => path.rsplit_once('/').map(|(above, _)| above.to_owned()).unwrap_or_default(),
        _ => String::new(),
    };
    let mut path = path.as_str();
    loop {
        if let Some(found) = known(path) {
            return found;
        }
        match path.rsplit_once('/') {
            Some((above, _)) => path = above,
            None => return "org".to_owned(),
        }
    }
}

/// The codes by effect that must be found, and those of which this judgement is not certain: of what is gained under
/// conditions, whether they contain each other is not worked out here.
fn naive(old: &Compiled, new: &Compiled, org: &str, author: &str) -> (BTreeSet<&'static str>, BTreeSet<&'static str>) {
    let tables = [old, new].map(|side| table_of(side.policy.as_ref().unwrap(), "expanded"));
    let [was, is] = tables.each_ref().map(|text| Naive::of(text, org, author));
    let (before, after) = (resources(old, org), resources(new, org));
    let me = format!("user:{author}");
    let (mut certain, mut perhaps) = (BTreeSet::new(), BTreeSet::new());
    let cells: BTreeSet<&Cell> = was.cells.keys().chain(is.cells.keys()).collect();
    for cell in cells {
        let (subject, capability, resource) = cell;
        let (in_old, in_new) = (was.cells.get(cell), is.cells.get(cell));
        if in_old == in_new {
            continue;
        }
        let place = match before.get(resource) {
            Some(_) => resource.clone(),
            None => stands(resource, after[resource].as_deref(), &before),
        };
        let special = before.get(resource) != after.get(resource);
        if special {
            // rule 1 alone, where another would not take its place
            if !was.may(org, &me, "access.manage", &place) && *subject != me {
                certain.insert("CG0702");
            }
            perhaps.extend(["CG0702", "CG0703", "CG0704", "CG0705", "CG0706"]);
            continue;
        }
        if *subject == me {
            certain.insert("CG0705");
            continue;
        }
        if !was.may(org, &me, "access.manage", resource) {
            certain.insert("CG0702");
        }
        let administer = vocabulary().of_class(CapabilityClass::Administer);
        let concerns = vocabulary().names(administer).any(|one| one == capability)
            || was.administers(subject, resource)
            || is.administers(subject, resource);
        if concerns && !was.may(org, &me, "access.manage_admins", resource) {
            certain.insert("CG0703");
        }
        if let Some(now) = in_new
            && !was.may(org, &me, "access.grant_any", resource)
        {
            let mine = was.cells.get(&(me.clone(), capability.clone(), resource.clone()));
            let always = "None None [] null null null";
            match mine {
                None if in_old.is_none() => _ = certain.insert("CG0704"),
                // held always, whatever is given lies in it; given as it is held, too
                Some((mine, denied)) if denied.is_empty() && mine.contains(always) => {}
                Some(mine) if mine == now => {}
                Some(_) if in_old.is_none() && now.0.contains(always) => _ = certain.insert("CG0704"),
                _ => _ = perhaps.insert("CG0704"),
            }
        }
        if (was.owns(subject, resource) || is.owns(subject, resource)) && !was.owns(&me, resource) {
            certain.insert("CG0706");
        }
    }
    (certain, perhaps)
}

fn cases() -> u64 {
    std::env::var("CAMGRANT_CASES").ok().and_then(|count| count.parse().ok()).unwrap_or(60)
}

/// Random pairs, each with an organisation and an author who administers something in it.
fn each(mut judge: impl FnMut(u64, &Compiled, &Compiled, &str, &str)) {
    let mut count = 0;
    for seed in 0..cases() {
        let mut rng = Rng::new(seed + 91_000);
        let mut before = draft(seed);
        for org in &mut before.orgs {
            let users: Vec<String> = org.users.iter().map(|user| user.id.clone()).collect();
            for capability in ["access.manage", "access.manage_admins", "access.grant_any", "*"] {
                if users.is_empty() || rng.chance(40) {
                    continue;
                }
                let mut more = grant(org, &mut rng);
                more.to = vec![users[0].clone()];
                more.allow = vec![capability.to_owned()];
                (more.except, more.enabled, more.consent) = (Vec::new(), None, None);
                if rng.chance(60) {
                    more.scope = vec!["all".to_owned(), "org".to_owned()];
                }
                org.grants.push(more);
            }
        }
        let after = edits::edited(&before, &mut rng);
        let files = |draft: &camgrant_naive::random::Draft| draft.files();
        let (old, new) = (compiled(&files(&before)), compiled(&files(&after)));
        if old.policy.is_none() || new.policy.is_none() {
            continue;
        }
        for org in &old.policy.as_ref().unwrap().orgs {
            let id = org.org.id.to_string();
            if new.policy.as_ref().unwrap().orgs.iter().all(|other| other.org.id != org.org.id) {
                continue;
            }
            for (_, author) in org.org.users.iter().take(2) {
                judge(seed, &old, &new, &id, &author.id);
                count += 1;
            }
        }
    }
    assert!(count > cases() / 2, "only {count} were judged: too few to mean anything");
}

pub(super) fn compare() {
    let mut found: BTreeMap<&'static str, usize> = BTreeMap::new();
    each(|seed, old, new, org, author| {
        let (certain, perhaps) = naive(old, new, org, author);
        let review = reviewed(old, new, author, &[]);
        let ours: BTreeSet<&'static str> =
            review.violations.iter().filter(|one| one.org == org).map(|one| one.rule.code).collect();
        if ours.contains("CG0701") {
            return; // an author who may change nothing at all
        }
        for code in ["CG0702", "CG0703", "CG0704", "CG0705", "CG0706"] {
            if certain.contains(code) {
                *found.entry(code).or_default() += 1;
                assert!(ours.contains(code), "seed {seed}, {org}, {author}: {code} was not found, but {ours:?}");
            } else if ours.contains(code) && !perhaps.contains(code) {
                // who owns something, and whose licences, are no cells
                let by_text = review.violations.iter().filter(|one| one.rule.code == code && one.org == org);
                let by_text = by_text.into_iter().all(|one| {
                    one.example.contains("owner")
                        || one.example.contains("the user")
                        || one.example.contains("licences")
                });
                assert!(
                    by_text,
                    "seed {seed}, {org}, {author}: {code} was found, and should not: {:#?}",
                    review.violations
                );
            }
        }
    });
    println!("{found:?}");
    assert!(found.len() >= 4, "{found:?}: too few to mean anything");
}

/// Whoever is named as one whose approval would do: it does; and approvals never take anything away.
pub(super) fn approvers_suffice() {
    let mut named = 0;
    each(|seed, old, new, org, author| {
        let before = reviewed(old, new, author, &[]);
        let bare = |name: &String| name.trim_start_matches("user:").to_owned();
        let mut choices: Vec<Vec<String>> = before.approvals.any_of.iter().take(2).map(|one| vec![bare(one)]).collect();
        if !before.approvals.together.is_empty() {
            choices.push(before.approvals.together.iter().map(bare).collect());
        }
        for approvers in choices {
            let after = reviewed(old, new, author, &approvers);
            assert!(
                after.violations.is_empty(),
                "seed {seed}, {org}, {author}, {approvers:?}: {:#?}",
                after.violations
            );
            named += 1;
        }
    });
    println!("{named} approvals");
}
