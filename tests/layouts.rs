//! The three layouts say the same, and each of their slices what the whole says of it.

#![allow(clippy::disallowed_methods)] // tests read their cases and write to temporary folders
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // a test fails by panicking

mod support;

use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;

use camgrant::effective::Effective;
use camgrant::emit::table;
use camgrant::table::Table;
use camgrant::table::format::{Document, Layout};
use camgrant::vocabulary::{applies, vocabulary};
use camgrant_naive::random::{self, DeviceDraft, Draft, PlaceDraft, Rng};
use camgrant_naive::{Policy, consult};
use jiff::Timestamp;
use support::{LAYOUTS, compile_files, lines, slice_of, table_of, written};

/// The seeds that are looked at; some of their policies do not compile.
const SEEDS: std::ops::Range<u64> = 0..60;

/// A compilable policy, and what can be asked of it.
struct Case {
    seed: u64,
    draft: Draft,
    naive: Policy,
    policy: Effective,
}

/// One organisation's questions.
struct Questions {
    org: String,
    subjects: Vec<String>,
    /// Resources, each with the capabilities that apply to it.
    resources: Vec<(String, Vec<&'static str>)>,
    moments: Vec<i64>,
    addresses: Vec<IpAddr>,
}

fn each_case(mut test: impl FnMut(&Case)) {
    let mut count = 0;
    for seed in SEEDS {
        let draft = random::draft(seed);
        let files = draft.files();
        let compiled = compile_files(&files);
        let Some(policy) = compiled.policy else { continue };
        count += 1;
        let naive = Policy::read(&files).unwrap_or_else(|error| panic!("seed {seed}: {error}"));
        test(&Case { seed, draft, naive, policy });
    }
    assert!(count * 2 > SEEDS.end, "only {count} policies compile: too few to mean anything");
}

impl Case {
    fn questions(&self) -> Vec<Questions> {
        let of_org = |org: String| {
            let resources = self.naive.resources(&org).into_iter().map(|resource| {
                let kind = resource.split(':').next().unwrap();
                let all = vocabulary().capabilities().iter().map(|capability| capability.name.as_str());
                let capabilities = all.filter(|capability| applies(capability, kind)).collect();
                (resource, capabilities)
            });
            Questions {
                subjects: self.naive.subjects(&org),
                resources: resources.collect(),
                moments: self.naive.moments(&org),
                addresses: self.naive.addresses(&org),
                org,
            }
        };
        self.naive.orgs().into_iter().map(of_org).collect()
    }

    fn load(&self, layout: &str) -> Table {
        load(&table_of(&self.policy, layout))
    }

    /// What of the policy a recorder's slice keeps, from the draft alone.
    fn kept_by(&self, org: &str, recorder: &str) -> BTreeSet<String> {
        let org_draft = self.draft.orgs.iter().find(|draft| draft.id == org).unwrap();
        let recorded = |device: &DeviceDraft| {
            let nearest = device.place.as_deref().and_then(|path| recorder_of_place(&org_draft.sites, path));
            device.recorder.as_deref().or(nearest) == Some(recorder)
        };
        let mut kept = BTreeSet::from([format!("recorder:{recorder}")]);
        let devices = org_draft.devices.iter().filter(|device| recorded(device)).collect::<Vec<_>>();
        kept.extend(devices.iter().map(|device| format!("device:{}", device.id)));
        for layout in &org_draft.layouts {
            let holds_one = devices.iter().any(|device| layout.devices.contains(&device.id));
            if holds_one || layout.recorder.as_deref() == Some(recorder) {
                kept.insert(format!("layout:{}", layout.id));
            }
        }
        for group in &org_draft.device_groups {
            let named = |names: &[String]| names.iter().any(|name| name.eq_ignore_ascii_case(&group.id));
            if devices.iter().any(|device| group.devices.contains(&device.id) || named(&device.device_groups)) {
                kept.insert(format!("device_group:{}", group.id));
            }
        }
        kept
    }
}

/// What the place, or the nearest above it, names as its recorder.
fn recorder_of_place<'d>(places: &'d [PlaceDraft], path: &str) -> Option<&'d str> {
    let (first, rest) = path.split_once('/').map_or((path, None), |(first, rest)| (first, Some(rest)));
    let place = places.iter().find(|place| place.id == first)?;
    let below = rest.and_then(|rest| recorder_of_place(&place.groups, rest));
    below.or(place.recorder.as_deref())
}

fn load(json: &str) -> Table {
    Table::load(json).unwrap_or_else(|error| panic!("{error}\n{json}"))
}

/// An instant and an address, either unknown now and then.
fn when_and_where(questions: &Questions, rng: &mut Rng) -> (Option<i64>, Option<IpAddr>) {
    let at = (!rng.chance(20)).then(|| *rng.pick(&questions.moments));
    let address = (!rng.chance(20)).then(|| *rng.pick(&questions.addresses));
    (at, address)
}

fn instant(at: Option<i64>) -> Option<Timestamp> {
    at.map(|at| Timestamp::from_second(at).unwrap())
}

#[test]
fn the_layouts_and_the_naive_evaluator_agree() {
    let (mut asked, mut yes) = (0u64, 0u64);
    each_case(|case| {
        let tables = LAYOUTS.map(|layout| case.load(layout));
        let naive_table = case.naive.table();
        let mut rng = Rng::new(case.seed);
        for questions in case.questions() {
            let org = &questions.org;
            for subject in &questions.subjects {
                for (resource, capabilities) in &questions.resources {
                    for capability in capabilities {
                        let (at, address) = when_and_where(&questions, &mut rng);
                        let [expanded, compact, factored] = tables
                            .each_ref()
                            .map(|t| t.decide(org, subject, capability, resource, instant(at), address));
                        let question = || format!("{org} {subject} {capability} {resource} {at:?} {address:?}");
                        assert_eq!(expanded, compact, "seed {}: compact, {}", case.seed, question());
                        assert_eq!(expanded, factored, "seed {}: factored, {}", case.seed, question());
                        asked += 1;
                        yes += u64::from(expanded);
                        // the naive evaluator takes its time: it judges every yes, and some of the nos
                        if expanded || rng.chance(10) {
                            let decided = case.naive.decide(org, subject, capability, resource, at, address);
                            assert_eq!(expanded, decided, "seed {}: naive, {}", case.seed, question());
                        }
                        if rng.chance(2) {
                            let consulted = consult(&naive_table, org, subject, capability, resource, at, address);
                            assert_eq!(expanded, consulted, "seed {}: consulted, {}", case.seed, question());
                        }
                    }
                }
            }
        }
    });
    assert!(yes > asked / 20, "only {yes} of {asked} are allowed: too few to mean anything");
}

#[test]
fn what_does_not_apply_or_is_not_there_is_denied() {
    each_case(|case| {
        let tables = LAYOUTS.map(|layout| case.load(layout));
        for questions in case.questions() {
            let org = &questions.org;
            for subject in &questions.subjects {
                for (resource, capabilities) in &questions.resources {
                    for capability in vocabulary().capabilities().iter().map(|c| c.name.as_str()) {
                        if capabilities.contains(&capability) {
                            continue;
                        }
                        for table in &tables {
                            let held = table.decide(org, subject, capability, resource, None, None);
                            assert!(!held, "seed {}: {org} {subject} {capability} {resource}", case.seed);
                        }
                    }
                }
            }
            let subject = questions.subjects.first().map_or("user:nobody", String::as_str);
            for table in &tables {
                for (org, subject, capability, resource) in [
                    ("no-such-org", subject, "live.view", "org"),
                    (org.as_str(), "user:no-such-user", "live.view", "org"),
                    (org.as_str(), subject, "no.such", "org"),
                    (org.as_str(), subject, "live.view", "device:no-such-device"),
                ] {
                    assert!(!table.decide(org, subject, capability, resource, None, None), "seed {}", case.seed);
                }
            }
        }
    });
}

#[test]
fn every_layout_is_what_the_format_says() {
    each_case(|case| {
        for (layout, expected) in LAYOUTS.into_iter().zip([Layout::Expanded, Layout::Compact, Layout::Factored]) {
            let json = table_of(&case.policy, layout);
            let document: Document<'_> =
                serde_json::from_str(&json).unwrap_or_else(|error| panic!("{layout}: {error}"));
            assert_eq!(document.layout, expected);
            // keys in their order, maps and lists sorted, nothing empty: the types write what they read
            let again = serde_json::to_string_pretty(&document).unwrap() + "\n";
            assert!(again == json, "seed {}: the {layout} table is not in the format's own order", case.seed);
            for org in document.orgs.values() {
                for list in org.subjects.values().flat_map(|subject| &subject.access).map(|entry| &entry.resources) {
                    assert!(list.is_sorted() && !list.is_empty(), "{list:?}");
                }
                assert!(org.offers.is_sorted_by_key(|offer| (&offer.to, &offer.scope, &offer.capabilities)));
                let rights = &org.rights;
                let twice = rights.iter().enumerate().find(|(at, right)| rights[..*at].contains(right));
                assert!(twice.is_none(), "seed {}: {layout}: a right stands twice: {twice:?}", case.seed);
            }
        }
    });
}

/// The factored layout finds out who holds anything without rows of rights, the others by them.
#[test]
fn the_layouts_list_the_same_subjects_and_resources() {
    let mut slices = 0;
    for seed in 0..300 {
        let draft = random::draft(seed);
        let Some(policy) = compile_files(&draft.files()).policy else { continue };
        let of_org = |org: &random::OrgDraft| {
            let ids = org.recorders.iter().map(|recorder| Some((org.id.clone(), recorder.id.clone())));
            ids.collect::<Vec<_>>()
        };
        for slice in std::iter::once(None).chain(draft.orgs.iter().flat_map(of_org)) {
            let slice = slice.as_ref().map(|(org, recorder)| (org.as_str(), recorder.as_str()));
            slices += usize::from(slice.is_some());
            let [expanded, compact, factored] = LAYOUTS.map(|layout| listed(&slice_of(&policy, layout, slice)));
            assert_eq!(expanded, compact, "seed {seed}, {slice:?}: expanded and compact");
            assert_eq!(expanded, factored, "seed {seed}, {slice:?}: expanded and factored");
        }
    }
    assert!(slices > 300, "only {slices} slices: too few to mean anything");
}

/// What a table says beside rights and the schedules on which they rest.
fn listed(json: &str) -> serde_json::Value {
    let mut table: serde_json::Value = serde_json::from_str(json).unwrap();
    for (_, org) in table["orgs"].as_object_mut().unwrap() {
        let org = org.as_object_mut().unwrap();
        org.retain(|key, _| ["owners", "recorders", "devices", "refs", "subjects", "offers"].contains(&key.as_str()));
        for (_, subject) in org["subjects"].as_object_mut().unwrap() {
            subject.as_object_mut().unwrap().remove("access");
        }
    }
    table["orgs"].take()
}

#[test]
fn compact_classes_are_the_coarsest() {
    each_case(|case| {
        let json = table_of(&case.policy, "compact");
        let document: Document<'_> = serde_json::from_str(&json).unwrap();
        for (id, org) in &document.orgs {
            let place = format!("seed {}, {id}", case.seed);
            let mut rows: BTreeMap<u32, BTreeMap<u32, u32>> = BTreeMap::new();
            let mut columns: BTreeMap<u32, BTreeMap<u32, u32>> = BTreeMap::new();
            for [subjects, resources, right] in &org.access {
                rows.entry(*subjects).or_default().insert(*resources, *right);
                columns.entry(*resources).or_default().insert(*subjects, *right);
            }
            assert!(org.access.is_sorted(), "{place}");
            assert_eq!(rows.len(), org.subject_classes.len(), "{place}: a class of subjects without rights");
            assert_eq!(columns.len(), org.resource_classes.len(), "{place}: a class of resources without rights");
            let different: BTreeSet<_> = rows.values().collect();
            assert_eq!(different.len(), rows.len(), "{place}: two classes of subjects have the same rights");
            let different: BTreeSet<_> = columns.values().collect();
            assert_eq!(different.len(), columns.len(), "{place}: on two classes of resources the rights are the same");
            for classes in [&org.subject_classes, &org.resource_classes] {
                assert!(classes.iter().all(|class| class.is_sorted() && !class.is_empty()), "{place}");
                assert!(classes.is_sorted_by_key(|class| class.first()), "{place}");
            }
            // by first use
            let mut used = Vec::new();
            for [_, _, right] in &org.access {
                if !used.contains(right) {
                    used.push(*right);
                }
            }
            assert!(used.iter().copied().eq(0..org.rights.len() as u32), "{place}: {used:?}");
            let members: BTreeSet<_> = org.subject_classes.iter().flatten().collect();
            assert!(members.into_iter().eq(org.subjects.keys()), "{place}: subjects and their classes differ");
        }
    });
}

#[test]
fn a_slice_says_what_the_whole_says_of_it() {
    let mut slices = 0;
    each_case(|case| {
        let whole = case.load("factored");
        let mut rng = Rng::new(case.seed);
        for questions in case.questions() {
            let org = &questions.org;
            let draft = case.draft.orgs.iter().find(|draft| draft.id == *org).unwrap();
            for recorder in &draft.recorders {
                slices += 1;
                let kept = case.kept_by(org, &recorder.id);
                for layout in LAYOUTS {
                    let slice = load(&slice_of(&case.policy, layout, Some((org, &recorder.id))));
                    let place = || format!("seed {}, {org}, {}, {layout}", case.seed, recorder.id);
                    assert_eq!(slice.orgs().collect::<Vec<_>>(), [org.as_str()], "{}", place());
                    for subject in &questions.subjects {
                        for (resource, capabilities) in &questions.resources {
                            let capability = *rng.pick(capabilities);
                            for capability in [capability, capabilities[0]] {
                                let (at, address) = when_and_where(&questions, &mut rng);
                                let ask =
                                    |t: &Table| t.decide(org, subject, capability, resource, instant(at), address);
                                let expected = kept.contains(resource) && ask(&whole);
                                let question = format!("{subject} {capability} {resource} {at:?} {address:?}");
                                assert_eq!(ask(&slice), expected, "{}: {question}", place());
                            }
                        }
                        // no subject without access to any of it
                        if slice.subjects(org).any(|there| there == subject) && layout != "factored" {
                            let some = slice.resources(org, subject).next();
                            assert!(some.is_some(), "{}: {subject} holds nothing in the slice", place());
                        }
                        for resource in slice.resources(org, subject) {
                            assert!(kept.contains(resource), "{}: {resource} does not belong there", place());
                        }
                    }
                }
            }
        }
    });
    assert!(slices > 60, "only {slices} slices: too few to mean anything");
}

#[test]
fn the_slices_together_cover_the_whole() {
    each_case(|case| {
        let whole = case.load("expanded");
        let selection = table::select(&case.policy, None, None).unwrap();
        let slices = table::slices(&selection);
        assert!(slices.is_sorted_by(|a, b| a.path < b.path));
        let mut rng = Rng::new(case.seed ^ 0x51);
        for questions in case.questions() {
            let org = &questions.org;
            let of_org = slices.iter().filter(|slice| slice.path.starts_with(&format!("{org}/")));
            let tables: Vec<Table> = of_org.map(|slice| load(&written(&slice.selection, "expanded"))).collect();
            let draft = case.draft.orgs.iter().find(|draft| draft.id == *org).unwrap();
            assert_eq!(tables.len(), draft.recorders.len() + 1, "one for each recorder, and one for the rest");
            for subject in &questions.subjects {
                let listed: BTreeSet<&str> = tables.iter().flat_map(|table| table.resources(org, subject)).collect();
                assert_eq!(listed, whole.resources(org, subject).collect(), "seed {}: {subject}", case.seed);
                for (resource, capabilities) in &questions.resources {
                    for capability in capabilities {
                        let (at, address) = when_and_where(&questions, &mut rng);
                        let ask = |t: &Table| t.decide(org, subject, capability, resource, instant(at), address);
                        let in_slices = tables.iter().any(ask);
                        let question = format!("{subject} {capability} {resource} {at:?} {address:?}");
                        assert_eq!(ask(&whole), in_slices, "seed {}: {question}", case.seed);
                    }
                }
            }
        }
    });
}

/// What is said of a slice's head: nothing that it does not need, everything that it does.
#[test]
fn a_slice_lists_the_devices_and_schedules_that_it_uses() {
    each_case(|case| {
        for org in &case.draft.orgs {
            for recorder in &org.recorders {
                let json = slice_of(&case.policy, "expanded", Some((&org.id, &recorder.id)));
                let document: Document<'_> = serde_json::from_str(&json).unwrap();
                let slice = document.orgs.values().next().unwrap();
                let entries = || slice.subjects.values().flat_map(|subject| &subject.access);
                let offers = || slice.offers.iter();
                let resources: BTreeSet<&str> = entries()
                    .flat_map(|entry| &entry.resources)
                    .chain(offers().flat_map(|offer| &offer.scope))
                    .map(AsRef::as_ref)
                    .collect();
                let place = format!("seed {}, {}/{}", case.seed, org.id, recorder.id);
                let devices: BTreeSet<&str> = resources.iter().filter_map(|r| r.strip_prefix("device:")).collect();
                assert!(slice.devices.keys().map(AsRef::as_ref).eq(devices), "{place}: devices");
                let conditions = entries()
                    .flat_map(|entry| entry.allow_when.iter().chain(&entry.deny_when))
                    .flat_map(|item| &item.when)
                    .chain(offers().flat_map(|offer| &offer.when));
                let schedules: BTreeSet<&str> = conditions.flat_map(|c| &c.schedules).map(AsRef::as_ref).collect();
                assert!(slice.schedules.keys().map(AsRef::as_ref).eq(schedules), "{place}: schedules");
            }
        }
    });
}

/// A table that is no table is refused as a whole, and says where.
#[test]
fn what_is_no_table_is_refused() {
    let compiled = compile_files(&random::draft(0).files());
    assert!(compiled.policy.is_some(), "{:#?}", lines(&compiled));
    for layout in LAYOUTS {
        let json = table_of(compiled.policy.as_ref().unwrap(), layout);
        assert!(Table::load(&json).is_ok());
        for (what, wrong) in [
            ("cut off", json[..json.len() / 2].to_owned()),
            ("another version", json.replacen("camgrant.table/1", "camgrant.table/2", 1)),
            ("another layout", json.replacen(&format!("\"{layout}\""), "\"other\"", 1)),
            ("an unknown key", json.replacen("\"orgs\"", "\"more\": 1, \"orgs\"", 1)),
        ] {
            assert!(Table::load(wrong).is_err(), "{layout}: {what}");
        }
    }
}
