//! What is written for Cedar's engine: a policy in, three files out. That they mean what the table means is judged by
//! the engine itself, in `crates/cedar-judge`.

#![allow(clippy::disallowed_methods)] // tests read their cases and write to temporary folders
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // a test fails by panicking

mod support;

use camgrant::effective::Effective;
use camgrant::emit::{ALL, Artefact, EmitFault};
use camgrant_naive::random;
use support::{compile_files, compile_text, files_below, lines, repository, reviewed};

fn emitted(policy: &Effective, limit: u64) -> Result<Vec<Artefact>, EmitFault> {
    let emitter = ALL.iter().find(|emitter| emitter.name == "cedar").unwrap();
    (emitter.emit)(&policy.orgs.iter().collect::<Vec<_>>(), limit)
}

fn cedar(policy: &Effective) -> Vec<Artefact> {
    emitted(policy, u64::MAX).unwrap()
}

fn text(text: &str, path: &str) -> String {
    let compiled = compile_text(text);
    let policy = compiled.policy.as_ref().unwrap_or_else(|| panic!("{:#?}", lines(&compiled)));
    cedar(policy).into_iter().find(|file| file.path == path).unwrap().text
}

/// A policy with something of everything.
const POLICY: &str = "
orgs: { acme: { owner: root, ungrouped_devices: hidden } }
users:
  root: {}
  nina: { networks: [10.0.0.0/8, '2001:db8::/32'], until: 2026-12-31 }
  ben: { same_as: nina }
  eve: { same_as: ben, networks: 0.0.0.0/0 }
  old: { disabled: true }
teams:
  all-hands: { members: [root, team:security] }
  security: { members: [ben, team:night] }
  night: { members: [nina], schedule: nights, networks: office }
roles:
  base: { extends: std/live, allow: [archive.*] }
  guard: { extends: base, allow: ptz.control, without: archive.delete }
networks: { office: [10.1.0.0/16] }
schedules: { nights: { weekly: { mon-sun: 22:00-06:00 } }, weekend: { weekly: { sat-sun: 00:00-24:00 } } }
sites: { hq: { recorder: nvr, groups: { lobby: {}, vault: { exclude: true } } } }
recorders: { nvr: { owner: nina }, dark: { sharing: false } }
device_groups: { Police: { devices: [gate] } }
devices:
  gate: { in: hq }
  lobby-1: { in: hq/lobby, kind: microphone, recorder: dark }
  safe: { in: hq/vault }
  drone: { owner: ben, device_groups: [exclude] }
layouts: { doors: { devices: [gate], in: hq, recorder: nvr } }
grants:
  - { id: watch, to: team:all-hands, role: guard, scope: [site:hq, layout:doors], except_scope: device:safe }
  - { id: police, to: everyone, except: team:security, allow: ['*'], scope: all, only: Police, read_only: true, kinds: camera }
  - { id: sharing, to: nina, allow: [live.view, link.share], scope: all, from: 2026-01-01, schedule: weekend }
  - { to: [nina, eve], allow: map.view, scope: [org, recorder:nvr] }
  - { id: stays, to: everyone, deny: class:take, scope: all, outside: office }
  - { id: until-then, to: everyone, deny: [live.view], scope: unassigned, until: 2026-06-01 }
  - { id: never, to: team:night, deny: live.view, scope: all, networks: 192.168.0.0/16 }
  - { id: asked, to: eve, allow: live.view, scope: all, consent: pending }
links:
  dock: { devices: [gate, drone], created_by: nina, from: 2026-11-01, until: 2026-12-01, networks: office }
  off: { devices: [gate], created_by: nina, from: 2026-11-01, until: 2026-12-01, enabled: false }
";

#[test]
fn a_policy_with_something_of_everything() {
    reviewed("cedar", "policies", &text(POLICY, "policies.cedar"));
    reviewed("cedar", "schema", &text(POLICY, "schema.cedarschema"));
    let entities = text(POLICY, "entities.json");
    let actions = |line: &&str| !line.contains(r#""uid":{"type":"Action""#);
    reviewed("cedar", "entities", &entities.lines().filter(actions).collect::<Vec<_>>().join("\n"));
    assert!(serde_json::from_str::<serde_json::Value>(&entities).is_ok());
}

#[test]
fn the_document_shows_what_is_written() {
    let page = std::fs::read_to_string(repository("docs/cedar.md")).unwrap();
    let fences = support::markdown::fences(&page);
    let of = |info: &str| fences.iter().find(|fence| fence.info == info).unwrap().text.clone();
    let written = text(&of("yaml policy"), "policies.cedar");
    for policy in of("text").split("\n\n") {
        assert!(written.contains(policy.trim()), "not written:\n{policy}\nbut:\n{written}");
    }
}

#[test]
fn several_organisations_have_ids_of_their_own() {
    let two = "\
orgs: { acme: {}, beta: {} }
---
org: acme
users: { nina: {} }
roles: { viewer: { allow: live.view } }
devices: { gate: {} }
schedules: { day: { weekly: { mon: 08:00-18:00 } } }
grants: [{ id: g, to: everyone, role: [viewer, std/viewer], scope: unassigned, schedule: day }]
---
org: beta
users: { nina: {} }
devices: { gate: { device_groups: exclude } }
";
    let policies = text(two, "policies.cedar");
    for part in [
        "@id(\"acme:grant:g\")",
        "principal in Team::\"acme:everyone\"",
        "Action::\"role:acme:viewer\", Action::\"role:std/viewer\"",
        "resource in DeviceSet::\"acme:unassigned\"",
        "context.schedules.contains(\"acme:day\")",
        "@id(\"beta:owners\")",
        "resource in Org::\"beta\"",
    ] {
        assert!(policies.contains(part), "{part} in\n{policies}");
    }
    let entities = text(two, "entities.json");
    assert!(entities.contains(r#""id":"beta:exclude""#) && entities.contains(r#""id":"acme:gate""#), "{entities}");
}

#[test]
fn a_limit_stops_it() {
    let compiled = compile_text(POLICY);
    let policy = compiled.policy.unwrap();
    assert!(matches!(emitted(&policy, 1000), Err(EmitFault::TooLarge)));
}

/// Layers of teams, each with two shifts that state different things: the ways into the top double with every layer.
#[test]
fn ways_that_multiply_are_bounded() {
    let mut policy = "orgs: { acme: {} }\nusers: { nina: {} }\nschedules:\n".to_owned();
    const LAYERS: usize = 16;
    for layer in 0..LAYERS {
        // the second schedule of a layer lies within the first, so the compiler sees one way where there are two
        policy.push_str(&format!("  w{layer}: {{ weekly: {{ mon: 0{}:00-20:00 }} }}\n", layer % 8));
        policy.push_str(
            &format!("  n{layer}: {{ weekly: {{ mon: 0{}:00-19:{layer}0 }} }}\n", layer % 8)
                .replace(&format!("19:{layer}0"), &format!("19:{:02}", layer + 10)),
        );
    }
    policy.push_str("teams:\n  t0: { members: [nina] }\n");
    for layer in 0..LAYERS {
        let (below, above) = (format!("t{layer}"), format!("t{}", layer + 1));
        policy.push_str(&format!("  w{layer}: {{ members: team:{below}, schedule: w{layer} }}\n"));
        policy.push_str(&format!("  n{layer}: {{ members: team:{below}, schedule: n{layer} }}\n"));
        policy.push_str(&format!("  {above}: {{ members: [team:w{layer}, team:n{layer}] }}\n"));
    }
    policy.push_str(&format!(
        "devices: {{ d: {{}} }}\ngrants: [{{ to: team:t{LAYERS}, allow: live.view, scope: all }}]\n"
    ));
    let compiled = compile_text(&policy);
    let policy = compiled.policy.as_ref().unwrap_or_else(|| panic!("{:#?}", lines(&compiled)));
    match emitted(policy, u64::MAX) {
        Err(EmitFault::Finding(finding)) => assert_eq!(finding.rule.code, "CG0506"),
        other => panic!("{:?}", other.map(|files| files.iter().map(|file| file.text.len()).sum::<usize>())),
    }
}

#[test]
fn the_same_declarations_give_the_same_files() {
    let mut compared = 0;
    for seed in 0..60 {
        let draft = random::draft(seed);
        let Some(policy) = compile_files(&draft.files()).policy else { continue };
        let expected = cedar(&policy);
        for other in 0..2 {
            let shuffled = compile_files(&draft.files_shuffled(seed * 7 + other));
            let shuffled = shuffled.policy.unwrap_or_else(|| panic!("seed {seed}, {other}"));
            for (ours, theirs) in cedar(&shuffled).iter().zip(&expected) {
                assert!(ours == theirs, "seed {seed}, {other}: {} differs:\n{}", ours.path, difference(ours, theirs));
            }
            compared += 1;
        }
    }
    assert!(compared > 60, "{compared}");
}

fn difference(ours: &Artefact, theirs: &Artefact) -> String {
    let lines = ours.text.lines().zip(theirs.text.lines());
    lines.filter(|(a, b)| a != b).take(3).map(|(a, b)| format!("{a}\n{b}\n")).collect()
}

#[test]
fn every_example_can_be_written() {
    for entry in std::fs::read_dir(repository("examples")).unwrap() {
        let folder = entry.unwrap().path();
        if folder.is_dir() {
            let compiled = compile_files(&files_below(&folder, &["yaml"]));
            let files = cedar(compiled.policy.as_ref().unwrap_or_else(|| panic!("{:#?}", lines(&compiled))));
            assert_eq!(files.len(), 3);
        }
    }
}
