//! A difference is exactly that of the two tables, cell by cell and condition by condition, whether each version is a policy
//! or a table in any layout; no cell is in two blocks.

#![allow(clippy::disallowed_methods)] // the number of cases comes from the environment
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // a test fails by panicking

#[path = "diff/edits.rs"]
mod edits;
mod support;

use std::collections::{BTreeMap, BTreeSet};

use camgrant::catalogue;
use camgrant::compile::{Compiled, Options, compile};
use camgrant::declared;
use camgrant::diagnostics::Level;
use camgrant::diff::told::{DiffTold, TurnTold, diff};
use camgrant::diff::{Cond, HeldIx, OrgDifference, Side, Turn, Version, compare};
use camgrant::source::MemoryWorld;
use camgrant::table::Table;
use camgrant::table::format::Document;
use camgrant::vocabulary::vocabulary;
use camgrant_naive::random::{Rng, draft};
use serde_json::{Value, json};
use support::{Files, LAYOUTS, compile_text, table_of};

/// Organisation, subject, capability, resource.
type Cell = [String; 4];

/// How each cell was held, and is.
type Cells = BTreeMap<Cell, [Option<Value>; 2]>;

fn cases() -> u64 {
    std::env::var("CAMGRANT_CASES").ok().and_then(|count| count.parse().ok()).unwrap_or(120)
}

/// A policy whose lints do not count: they change no right.
fn compiled(files: &Files) -> Compiled {
    let levels = catalogue::lints().filter_map(|rule| Some((rule.name?.to_owned(), Level::Allow))).collect();
    compile(&MemoryWorld::new(files.iter().cloned()), &Options { levels, ..Options::default() })
}

/// What a table says of each cell, with schedules written out: by reading its JSON, and nothing else.
fn cells_of(table: &str) -> BTreeMap<Cell, Value> {
    let table: Value = serde_json::from_str(table).unwrap();
    let mut cells = BTreeMap::new();
    for (id, org) in table["orgs"].as_object().unwrap() {
        for (subject, told) in org["subjects"].as_object().unwrap() {
            let account: serde_json::Map<String, Value> = ["from", "until", "networks"]
                .into_iter()
                .filter_map(|key| Some((key.to_owned(), told.get(key)?.clone())))
                .collect();
            let account = if account.is_empty() { Value::Null } else { Value::Object(account) };
            for entry in told["access"].as_array().unwrap() {
                let when = |key: &str, capability: &Value| -> Vec<Value> {
                    let items = entry.get(key).and_then(Value::as_array).into_iter().flatten();
                    let item =
                        items.into_iter().find(|item| item["capabilities"].as_array().unwrap().contains(capability));
                    item.map(|item| item["when"].as_array().unwrap().clone()).unwrap_or_default()
                };
                let listed = entry.get("allow").and_then(Value::as_array).into_iter().flatten();
                let conditional = entry.get("allow_when").and_then(Value::as_array).into_iter().flatten();
                let conditional = conditional.flat_map(|item| item["capabilities"].as_array().unwrap());
                for capability in listed.chain(conditional) {
                    let held =
                        written_out(&when("allow_when", capability), &when("deny_when", capability), &account, org);
                    for resource in entry["resources"].as_array().unwrap() {
                        let cell = [id, subject, capability.as_str().unwrap(), resource.as_str().unwrap()];
                        cells.insert(cell.map(str::to_owned), held.clone());
                    }
                }
            }
        }
    }
    cells
}

/// Conditions with their schedules in place of the schedules' ids, in an order of their own.
fn written_out(when: &[Value], except: &[Value], account: &Value, org: &Value) -> Value {
    let condition = |condition: &Value| {
        let mut condition = condition.clone();
        let ids = condition.get("schedules").and_then(Value::as_array).cloned().unwrap_or_default();
        let mut schedules: Vec<String> =
            ids.iter().map(|id| org["schedules"][id.as_str().unwrap()].to_string()).collect();
        schedules.sort();
        schedules.dedup();
        condition.as_object_mut().unwrap().insert("schedules".into(), json!(schedules));
        // `24:00` and `00:00` of the next day are one end
        condition.to_string().replace("-00:00\\\"", "-24:00\\\"")
    };
    let all = |conditions: &[Value]| {
        let mut all: Vec<String> = conditions.iter().map(condition).collect();
        all.sort();
        all
    };
    json!([all(when), all(except), account])
}

/// What a difference says of each cell.
fn cells_in(difference: &[OrgDifference], tables: [&str; 2]) -> Cells {
    let tables = tables.map(|table| serde_json::from_str::<Value>(table).unwrap());
    let mut cells = Cells::new();
    for org in difference {
        let held = |number: HeldIx, account: Cond, version: Version| {
            let table = &tables[usize::from(version == Version::New)];
            let written = |all: &[Cond]| -> Vec<Value> {
                let stated = all.iter().filter(|one| **one != Cond::ALWAYS);
                stated.map(|one| serde_json::to_value(org.conditions().write(*one, version)).unwrap()).collect()
            };
            let held = org.held(number);
            let account = written(&[account]).pop().unwrap_or_default();
            (number != HeldIx::NOT)
                .then(|| written_out(&written(&held.when), &written(&held.denied), &account, &table["orgs"][&org.org]))
        };
        for block in &org.blocks {
            let turned = block.turned;
            let was = held(turned.old, turned.old_account, Version::Old);
            let is = held(turned.new, turned.new_account, Version::New);
            let mut count = 0;
            for subject in &block.subjects {
                for capability in vocabulary().names(block.capabilities) {
                    for resource in &block.resources {
                        let cell = [&org.org, org.subject(*subject), capability, org.resource(*resource)];
                        let cell = cell.map(str::to_owned);
                        let before = cells.insert(cell.clone(), [was.clone(), is.clone()]);
                        assert!(before.is_none(), "{cell:?} is in two blocks");
                        count += 1;
                    }
                }
            }
            assert_eq!(count, block.rights());
        }
    }
    cells
}

fn expected(old: &str, new: &str) -> Cells {
    let (mut old, new) = (cells_of(old), cells_of(new));
    let mut cells: Cells = new
        .into_iter()
        .filter_map(|(cell, is)| {
            let was = old.remove(&cell);
            (was.as_ref() != Some(&is)).then_some((cell, [was, Some(is)]))
        })
        .collect();
    cells.extend(old.into_iter().map(|(cell, was)| (cell, [Some(was), None])));
    cells
}

/// Judges each pair of a random policy and one that was made of it, or that has nothing to do with it.
fn each_pair(mut judge: impl FnMut(u64, &Compiled, &Compiled)) {
    let mut count = 0;
    for seed in 0..cases() {
        let mut rng = Rng::new(seed + 77_000);
        let before = draft(seed);
        let after = if rng.chance(10) { draft(seed + 1) } else { edits::edited(&before, &mut rng) };
        let (old, new) = (compiled(&before.files()), compiled(&after.files()));
        if old.policy.is_some() && new.policy.is_some() {
            judge(seed, &old, &new);
            count += 1;
        }
    }
    assert!(count * 4 > cases(), "only {count} pairs could be judged: too few to mean anything");
}

fn side(compiled: &Compiled) -> Side<'_> {
    Side::Policy(compiled.policy.as_ref().unwrap(), &compiled.sources)
}

#[test]
fn a_difference_is_exactly_that_of_the_two_tables() {
    let (mut judged, mut conditions, mut blocks) = (0, 0, 0);
    each_pair(|seed, old, new| {
        let tables = [old, new].map(|side| table_of(side.policy.as_ref().unwrap(), "expanded"));
        let expected = expected(&tables[0], &tables[1]);
        let difference = compare(side(old), side(new), None).unwrap();
        let ours = cells_in(&difference, [&tables[0], &tables[1]]);
        for (cell, turned) in &expected {
            assert_eq!(ours.get(cell), Some(turned), "seed {seed}: {cell:?}");
        }
        let more: Vec<_> = ours.keys().filter(|cell| !expected.contains_key(*cell)).collect();
        assert!(more.is_empty(), "seed {seed}: {more:?} do not differ");
        judged += expected.len();
        conditions += expected.values().filter(|turned| turned.iter().all(Option::is_some)).count();
        blocks += difference.iter().map(|org| org.blocks.len()).sum::<usize>();
    });
    println!("{judged} cells differ, {conditions} of them in their conditions: {blocks} blocks");
    assert!(judged > 1000 && conditions > 100, "{judged} cells, {conditions} in their conditions");
    assert!(blocks * 5 < judged, "{blocks} blocks for {judged} cells");
}

#[test]
fn tables_in_any_layout_are_compared_as_their_policies_are() {
    each_pair(|seed, old, new| {
        let expanded = [old, new].map(|side| table_of(side.policy.as_ref().unwrap(), "expanded"));
        let cells =
            |old: Side<'_>, new: Side<'_>| cells_in(&compare(old, new, None).unwrap(), [&expanded[0], &expanded[1]]);
        let expected = cells(side(old), side(new));
        for (layout, other) in LAYOUTS.into_iter().zip(["compact", "factored", "expanded"]) {
            let texts =
                [(old, layout), (new, other)].map(|(side, layout)| table_of(side.policy.as_ref().unwrap(), layout));
            texts.iter().for_each(|text| drop(Table::load(text).unwrap()));
            let [was, is] = texts.each_ref().map(|text| serde_json::from_str::<Document<'_>>(text).unwrap());
            let what = format!("seed {seed}: {layout} and {other}");
            assert!(cells(Side::Table(&was), side(old)).is_empty(), "{what}: a table differs from its policy");
            assert!(cells(side(new), Side::Table(&is)).is_empty(), "{what}: a policy differs from its table");
            let found = cells(Side::Table(&was), Side::Table(&is));
            for (cell, turned) in expected.iter().chain(&found) {
                assert_eq!((found.get(cell), expected.get(cell)), (Some(turned), Some(turned)), "{what}: {cell:?}");
            }
            assert!(cells(side(old), Side::Table(&is)) == expected, "{what}");
        }
    });
}

#[test]
fn the_way_back_is_the_way_there_turned_round() {
    each_pair(|seed, old, new| {
        let there = diff(side(old), side(new), ["old", "new"], None, None).unwrap();
        let back = diff(side(new), side(old), ["new", "old"], None, None).unwrap();
        assert_eq!((there.counts.gained, there.counts.lost), (back.counts.lost, back.counts.gained), "seed {seed}");
        assert_eq!(there.counts.changed, back.counts.changed, "seed {seed}");
        let turns = |told: &DiffTold, turn| {
            told.blocks().filter(|block| block.turn == turn).map(|block| block.rights).sum::<u64>()
        };
        for (turn, turned) in [(TurnTold::Gained, TurnTold::Lost), (TurnTold::Wider, TurnTold::Narrower)] {
            assert_eq!(turns(&there, turn), turns(&back, turned), "seed {seed}: {turn:?}");
        }
        assert!(diff(side(old), side(old), ["old", "old"], None, None).unwrap().is_empty(), "seed {seed}");
    });
}

/// A house whose guards watch the lobby.
const BEFORE: &str = "
orgs: { acme: { owner: root } }
users: { root: , nina: , ben: , eve: }
teams: { security: { members: [nina, ben] } }
schedules: { nights: { weekly: { mon-sun: 22:00-06:00 } }, days: { weekly: { mon-fri: 08:00-18:00 } } }
sites: { hq: { groups: { lobby: } } }
devices: { gate: { in: hq }, lobby-1: { in: hq/lobby }, lobby-2: { in: hq/lobby }, safe: { in: hq, device_groups: exclude } }
grants:
  - { to: team:security, allow: live.view, scope: group:hq/lobby, schedule: nights }
  - { to: eve, allow: [archive.view], scope: site:hq, until: 2026-12-31 }
";

fn told(changes: &[(&str, &str)]) -> DiffTold {
    let after = changes.iter().fold(BEFORE.to_owned(), |text, (from, to)| {
        assert!(text.contains(from), "{from}");
        text.replace(from, to)
    });
    let (old, new) = (compile_text(BEFORE), compile_text(&after));
    assert!(new.policy.is_some(), "{:?}", support::lines(&new));
    with_causes(&old, &new)
}

/// The difference, with the changes in the source that it comes from.
fn with_causes(old: &Compiled, new: &Compiled) -> DiffTold {
    let [was, is] = [old, new].map(|version| declared::read(&version.sources, version.budgets));
    diff(side(old), side(new), ["old", "new"], None, Some(&declared::changes(&was, &is))).unwrap()
}

#[test]
fn whatever_differs_comes_from_a_change_in_the_source() {
    let (mut blocks, mut causes, mut changed) = (0, 0, 0);
    each_pair(|seed, old, new| {
        let told = with_causes(old, new);
        let [was, is] = [old, new].map(|version| declared::read(&version.sources, version.budgets));
        for org in told.orgs.iter().filter(|org| org.only.is_none()) {
            for block in &org.blocks {
                assert!(
                    !block.causes.is_empty(),
                    "seed {seed}: nothing is the cause of {block:#?}\n{:#?}",
                    declared::changes(&was, &is)
                );
                blocks += 1;
                causes += block.causes.len();
            }
            let used: BTreeSet<usize> = org.blocks.iter().flat_map(|block| block.causes.iter().copied()).collect();
            assert!(used.into_iter().eq(0..org.causes.len()), "seed {seed}: each cause is that of some block");
        }
        changed += declared::changes(&was, &is).orgs.iter().map(|org| org.changes.len()).sum::<usize>();
    });
    println!("{causes} causes of {blocks} blocks, {changed} changes");
}

fn text(changes: &[(&str, &str)]) -> String {
    camgrant::diff::told::diff_text(&told(changes), false)
}

#[test]
fn what_changed_is_told_in_the_names_of_the_policy() {
    let changes = [
        ("no effect", "", ""),
        ("a grant for a team", "grants:", "grants:\n  - { to: team:security, allow: archive.export, scope: site:hq }"),
        ("longer", "until: 2026-12-31", "until: 2027-12-31"),
        ("other hours under the old name", "mon-sun: 22:00-06:00", "mon-sun: 20:00-06:00"),
        ("another schedule", "schedule: nights", "schedule: days"),
        (
            "nobody sees it",
            "  - { to: team:security, allow: live.view, scope: group:hq/lobby, schedule: nights }\n",
            "",
        ),
        ("an excluded device is opened", ", device_groups: exclude", ""),
        (
            "someone administers",
            "grants:",
            "grants:\n  - { to: eve, allow: [access.manage, live.view], scope: group:hq/lobby }",
        ),
        ("an account is bound", "eve: }", "eve: { networks: 10.0.0.0/8 } }"),
        (
            "a link",
            "grants:",
            "links: { dock: { devices: gate, created_by: root, from: 2026-12-20, until: 2026-12-27 } }\ngrants:",
        ),
    ];
    let mut all = String::new();
    for (name, from, to) in changes {
        let told = if from.is_empty() { text(&[]) } else { text(&[(from, to)]) };
        all.push_str(&format!("=== {name}\n{told}\n"));
    }
    support::reviewed("diff", "told", &all);
}

#[test]
fn what_wants_a_look_comes_first() {
    let both = told(&[(
        "grants:",
        "grants:\n  - { to: team:security, allow: archive.view, scope: all }\n  - { to: eve, allow: access.manage, scope: group:hq/lobby }",
    )]);
    let first = both.blocks().next().unwrap();
    assert_eq!(first.capabilities, ["access.manage"]);
    assert!(both.blocks().all(|block| block.turn == TurnTold::Gained), "{both:?}");
    assert!(!matches!(Turn::Gained, Turn::Lost));
}

#[test]
fn a_way_that_changes_is_a_cause_even_where_the_same_people_are_reached() {
    let causes = |changes: &[(&str, &str)]| -> Vec<String> {
        let told = told(changes);
        assert!(!told.is_empty(), "{changes:?}");
        told.orgs
            .iter()
            .flat_map(|org| org.causes.iter().map(|cause| format!("{} {:?}", cause.kind, cause.fields)))
            .collect()
    };
    // the same two guards, now by a team that binds them
    let bound = "teams: { bound: { members: [nina, ben], networks: 10.0.0.0/8 }, security: { members: team:bound }";
    let moved = causes(&[("teams: { security: { members: [nina, ben] }", bound)]);
    assert_eq!(moved, ["team []", "team [\"members\"]"], "the team that binds is new");
    let named = causes(&[("to: team:security", "to: [nina, ben]"), ("schedule: nights", "schedule: days")]);
    assert_eq!(named, ["grant [\"schedule\", \"to\"]"]);
    // what changes beside is no cause
    let beside = causes(&[
        ("until: 2026-12-31", "until: 2027-12-31"),
        ("members: [nina, ben]", "members: [nina, ben], name: Guards"),
    ]);
    assert_eq!(beside, ["grant [\"until\"]"]);
}
