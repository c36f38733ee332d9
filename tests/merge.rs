//! The rights that a merge has and neither change alone, counted against the tables, on random policies of which two changes
//! are made alone and one after the other.

#![allow(clippy::disallowed_methods)] // the number of cases comes from the environment
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // a test fails by panicking

#[path = "diff/edits.rs"]
mod edits;
mod support;

use std::collections::{BTreeMap, BTreeSet};

use camgrant::catalogue;
use camgrant::compile::{Compiled, Options, compile};
use camgrant::diagnostics::Level;
use camgrant::merge::emergent;
use camgrant::source::MemoryWorld;
use camgrant_naive::random::{Draft, Rng, draft, grant};
use serde_json::Value;
use support::table_of;

/// Organisation, subject, capability, resource.
type Cell = [String; 4];

fn cases() -> u64 {
    std::env::var("CAMGRANT_CASES").ok().and_then(|count| count.parse().ok()).unwrap_or(100)
}

/// A policy whose lints do not count: they change no right.
fn compiled(draft: &Draft) -> Compiled {
    let levels = catalogue::lints().filter_map(|rule| Some((rule.name?.to_owned(), Level::Allow))).collect();
    compile(&MemoryWorld::new(draft.files()), &Options { levels, ..Options::default() })
}

/// A change of a policy.
type Edit = fn(&Draft, &mut Rng) -> Draft;

/// The cells of a table that hold anything.
fn cells(compiled: &Compiled) -> BTreeSet<Cell> {
    let table: Value = serde_json::from_str(&table_of(compiled.policy.as_ref().unwrap(), "expanded")).unwrap();
    let mut cells = BTreeSet::new();
    for (id, org) in table["orgs"].as_object().unwrap() {
        for (subject, told) in org["subjects"].as_object().unwrap() {
            for entry in told["access"].as_array().unwrap() {
                let list = |key: &str| entry.get(key).and_then(Value::as_array).into_iter().flatten();
                let conditional = list("allow_when").flat_map(|item| item["capabilities"].as_array().unwrap());
                for capability in list("allow").chain(conditional) {
                    for resource in entry["resources"].as_array().unwrap() {
                        let cell = [id, subject, capability.as_str().unwrap(), resource.as_str().unwrap()];
                        cells.insert(cell.map(str::to_owned));
                    }
                }
            }
        }
    }
    cells
}

/// How many of some cells there are for each organisation and capability.
fn counted<'c>(cells: impl Iterator<Item = &'c Cell>) -> BTreeMap<(String, String), u64> {
    let mut counts = BTreeMap::new();
    for [org, _, capability, _] in cells {
        *counts.entry((org.clone(), capability.clone())).or_default() += 1;
    }
    counts
}

/// Somebody joins each team: half of what lets rights emerge.
fn joined(draft: &Draft, rng: &mut Rng) -> Draft {
    let mut joined = draft.clone();
    for org in &mut joined.orgs {
        let users: Vec<String> = org.users.iter().map(|user| user.id.clone()).collect();
        for team in org.teams.iter_mut().filter(|_| !users.is_empty()) {
            let user = rng.pick(&users).clone();
            if !team.members.contains(&user) {
                team.members.push(user);
            }
        }
    }
    joined
}

/// More is granted: the other half.
fn granted(draft: &Draft, rng: &mut Rng) -> Draft {
    let mut granted = draft.clone();
    for org in &mut granted.orgs {
        for _ in 0..4 {
            let added = grant(org, rng);
            org.grants.push(added);
        }
    }
    granted
}

#[test]
fn what_emerges_is_exactly_what_is_in_the_merge_and_in_neither_change() {
    let (mut judged, mut gained) = (0, 0);
    for seed in 0..cases() {
        let base = draft(seed);
        let (first, second) = (|| Rng::new(seed + 91_000), || Rng::new(seed + 191_000));
        let (one, other): (Edit, Edit) = if seed % 2 == 0 { (edits::edited, edits::edited) } else { (joined, granted) };
        let (ours, theirs) = (one(&base, &mut first()), other(&base, &mut second()));
        let both = other(&ours, &mut second());
        let [ours, theirs, both] = [ours, theirs, both].map(|draft| compiled(&draft));
        if [&ours, &theirs, &both].iter().any(|one| one.policy.is_none()) {
            continue;
        }
        judged += 1;

        let found = emergent(
            [(ours.policy.as_ref().unwrap(), &ours.sources), (theirs.policy.as_ref().unwrap(), &theirs.sources)],
            (both.policy.as_ref().unwrap(), &both.sources),
        )
        .unwrap();
        let [ours, theirs, both] = [&ours, &theirs, &both].map(cells);
        let wanted = counted(both.iter().filter(|cell| !ours.contains(*cell) && !theirs.contains(*cell)));
        let most = counted(both.iter().filter(|cell| ours.contains(*cell) || theirs.contains(*cell)));
        let mut told: [BTreeMap<(String, String), u64>; 2] = Default::default();
        for one in &found {
            for capability in &one.capabilities {
                let rights = one.rights / one.capabilities.len() as u64;
                *told[usize::from(one.gained)].entry((one.org.clone(), capability.clone())).or_default() += rights;
            }
        }
        assert_eq!(told[1], wanted, "seed {seed}");
        for (key, count) in &told[0] {
            assert!(most.get(key).is_some_and(|most| count <= most), "seed {seed}: {key:?}");
        }
        gained += wanted.values().sum::<u64>();
    }
    println!("{judged} merges, {gained} rights that emerge");
    assert!(
        judged * 4 > cases() && gained > 200,
        "{judged} merges, {gained} rights that emerge: too few to mean anything"
    );
}
