//! In what the declarations of two policies differ, and in what they do not.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // a test fails by panicking

use std::fmt::Write as _;

use camgrant::compile::{Options, compile};
use camgrant::declared::{Declaration, changes, read};
use camgrant::source::MemoryWorld;

/// What differs between two policies of the same head, one line each.
fn told(old: &[(&str, &str)], new: &[(&str, &str)]) -> String {
    let [old, new] = [old, new].map(|files| {
        let files = files.iter().map(|(path, text)| (path.to_string(), text.to_string()));
        let compiled = compile(&MemoryWorld::new(files), &Options::default());
        let errors: Vec<_> = compiled.diagnostics.iter().filter(|one| one.is_error()).collect();
        assert!(errors.is_empty(), "{errors:?}");
        (read(&compiled.sources, compiled.budgets), compiled.sources)
    });
    let all = changes(&old.0, &new.0);
    let mut text = String::new();
    for org in &all.orgs {
        for change in &org.changes {
            let id = |one: Option<&Declaration>| one.and_then(|one| one.id.as_deref()).unwrap_or("-").to_owned();
            let ids = if change.old.is_some() && change.new.is_some() && id(change.old) != id(change.new) {
                format!("{} -> {}", id(change.old), id(change.new))
            } else {
                id(change.either())
            };
            let comments = if change.comments { " comments" } else { "" };
            let fields = change.fields.join(",");
            let _ = writeln!(text, "{:?} {} {ids} [{fields}]{comments}", change.turn(), change.kind().name());
            // every place is one that can be shown
            for (one, sources) in [(change.old, &old.1), (change.new, &new.1)] {
                assert!(one.is_none_or(|one| sources.holds(one.span)), "{one:?}");
            }
        }
    }
    all.manifest.iter().for_each(|change| _ = writeln!(text, "manifest {}", change.field));
    for (side, comments) in ["old", "new"].into_iter().zip(&all.comments) {
        comments.iter().for_each(|comment| _ = writeln!(text, "{side}: {}", comment.words));
    }
    text.trim_end().to_owned()
}

const HEAD: &str = "
orgs: { acme: { owner: root } }
users: { root: {}, Nina@x: {}, ben: {} }
teams: { guards: { members: [nina@x, ben] } }
sites: { hq: { groups: { lobby: {} } } }
device_groups: { front: {} }
networks: { office: [10.0.0.0/8] }
";

fn body(old: &str, new: &str) -> String {
    told(&[("a.yaml", HEAD), ("b.yaml", old)], &[("a.yaml", HEAD), ("b.yaml", new)])
}

#[test]
fn other_words_for_the_same_are_no_difference() {
    let old = "
devices: { gate: { in: hq, device_groups: [front], kind: camera }, yard: {} }
schedules: { work: { weekly: { mon-tue: [08:00-12:00, 13:00-17:00] } } }
grants:
  - { to: [Nina@X, user:ben], allow: [live.view, archive.view], scope: 'device_group:front', until: 2026-12-31T12:00:00Z, enabled: true }
  - { to: everyone, allow: live.view, scope: device:yard, networks: [10.1.2.3, office] }
tests:
  - { name: t, to: ben, can: live.view, scope: device:gate, nobody_else: false }
";
    let new = "
# a comment
grants:
  - to: team:Everyone
    scope: [device:yard]
    allow: [live.view]
    networks: [office, 10.1.2.3/32]
---
grants:
  - to: [ben, nina@x]
    allow: [archive.view, live.view, live.view]
    scope: [device_group:Front]
    until: 2026-12-31T13:00:00+01:00
devices:
  yard: { device_groups: [] }
  gate: { in: hq, device_groups: FRONT }
tests: [{ name: t, to: [ben], can: [live.view], scope: [device:gate] }]
schedules: { work: { weekly: { tue: [13:00-17:00, 08:00-12:00], mon: [08:00-12:00, 13:00-17:00] } } }
";
    assert_eq!(body(old, new), "");
    // over other files
    let (first, second) = new.split_once("---").unwrap_or_default();
    assert_eq!(
        told(&[("a.yaml", HEAD), ("b.yaml", old)], &[("x.yaml", first), ("y.yaml", second), ("z.yaml", HEAD)]),
        ""
    );
}

#[test]
fn what_has_an_id_is_known_by_it() {
    let old = "
devices: { gate: { in: hq, ref: '1' }, yard: { ref: '2' }, ramp: {}, dock: {} }
layouts: { wall: { devices: [gate] } }
";
    let new = "
devices: { gate: { in: hq/lobby, ref: '1' }, field: { ref: '2' }, ramp: { name: Ramp, kind: sensor }, door: {} }
layouts: { wall: { devices: [gate, door], locked: true } }
";
    assert_eq!(
        body(old, new),
        "Removed device dock []\nAdded device door []\nRenamed device yard -> field []\nMoved device gate [in]\n\
         Changed device ramp [kind,name]\nChanged layout wall [devices,locked]"
    );
}

#[test]
fn a_ref_that_several_bear_tells_nothing() {
    let old = "devices: { a: { ref: '1' }, b: { ref: '1' } }";
    let new = "devices: { c: { ref: '1' }, b: { ref: '1' } }";
    assert_eq!(body(old, new), "Renamed device a -> c []");
    let new = "devices: { c: { ref: '1' }, d: { ref: '1' } }";
    let removed = "Removed device a []\nRemoved device b []";
    assert_eq!(body(old, new), format!("{removed}\nAdded device c []\nAdded device d []"));
}

#[test]
fn places_are_known_by_their_paths() {
    let places = |old: &str, new: &str| {
        told(&[("a.yaml", "orgs: { acme: {} }"), ("b.yaml", old)], &[("a.yaml", "orgs: { acme: {} }"), ("b.yaml", new)])
    };
    assert_eq!(
        places(
            "sites: { hq: { groups: { a: { groups: { b: {} } } } } }",
            "sites: { hq: { groups: { a: { exclude: true } } } }"
        ),
        "Changed group hq/a [exclude]\nRemoved group hq/a/b []"
    );
    assert_eq!(
        places(
            "sites: { hq: { groups: { a: { ref: r } } }, x: {} }",
            "sites: { hq: {}, x: { groups: { a: { ref: r } } } }"
        ),
        "Moved group hq/a -> x/a []"
    );
    assert_eq!(
        places("sites: { hq: { groups: { a: { ref: r } } } }", "sites: { hq: { groups: { b: { ref: r } } } }"),
        "Renamed group hq/a -> hq/b []"
    );
}

#[test]
fn grants_without_an_id_are_paired_by_what_they_say() {
    let old = "
devices: { gate: {}, yard: {} }
grants:
  - { to: ben, allow: live.view, scope: device:gate }
  - { to: nina@x, allow: live.view, scope: device:gate }
  - { to: root, allow: archive.view, scope: device:gate }
  - { id: g, to: root, allow: audio.listen, scope: device:gate }
  - { to: ben, deny: audio.listen, scope: device:yard }
";
    let new = "
devices: { gate: {}, yard: {} }
grants:
  - { id: g, to: ben, allow: audio.talk, scope: device:yard }
  - { to: nina@x, allow: live.view, scope: device:yard }
  - { to: ben, allow: [live.view, live.zoom], scope: device:gate }
  - { to: ben, allow: audio.listen, scope: device:yard }
";
    assert_eq!(
        body(old, new),
        "Changed grant - [scope]\nChanged grant - [allow]\nAdded grant - []\nRemoved grant - []\nRemoved grant - []\n\
         Changed grant g [allow,scope,to]"
    );
    // the same twice, and once
    let twice = "devices: { gate: {} }\ngrants:\n  - { to: ben, allow: live.view, scope: all }\n  - { to: ben, allow: live.view, scope: all }\n";
    let once = "devices: { gate: {} }\ngrants:\n  - { to: ben, allow: live.view, scope: all }\n";
    assert_eq!(body(twice, once), "Removed grant - []");
    assert_eq!(body(twice, twice), "");
}

#[test]
fn tests_have_names_and_may_share_them() {
    let test = |name: &str, can: &str| format!("  - {{ name: {name}, to: ben, can: {can}, scope: all }}\n");
    let all = |tests: &[String]| format!("devices: {{ gate: {{}} }}\ntests:\n{}", tests.concat());
    let (a, b) = (test("a", "live.view"), test("b", "live.view"));
    assert_eq!(body(&all(&[a.clone(), b.clone()]), &all(&[b.clone(), a.clone()])), "");
    assert_eq!(body(&all(std::slice::from_ref(&a)), &all(&[test("a", "archive.view")])), "Changed test a [can]");
    assert_eq!(body(&all(&[a.clone(), a.clone()]), &all(&[a.clone(), test("a", "live.zoom")])), "Changed test a [can]");
    assert_eq!(body(&all(std::slice::from_ref(&a)), &all(&[a.clone(), b])), "Added test b []");
    assert_eq!(body(&all(&[a]), &all(&[test("c", "live.view")])), "Changed test a -> c [name]");
}

#[test]
fn settings_and_the_manifest_are_declarations() {
    let org = |settings: &str| format!("orgs: {{ acme: {{ {settings} }} }}\nusers: {{ a: {{}}, b: {{}} }}\n");
    let files = |settings: &str, manifest: &str| [("a.yaml", org(settings)), ("camgrant.yaml", manifest.to_owned())];
    let between = |old: [(&str, String); 2], new: [(&str, String); 2]| {
        let [old, new] = [&old, &new].map(|files| files.each_ref().map(|(path, text)| (*path, text.as_str())));
        told(&old, &new)
    };
    let defaults = "timezone: UTC, max_group_depth: 5, ungrouped_devices: visible";
    assert_eq!(between(files("", "camgrant: 1\n"), files(defaults, "camgrant: 1\nmax_link_days: 31\n")), "");
    assert_eq!(
        between(
            files("owner: a", "camgrant: 1\nlints: { unused-role: deny }\n"),
            files(
                "owner: [a, b], licenses: { pro: 1 }",
                "camgrant: 1\nlints: { unused-role: allow }\nlimits: { max_files: 9 }\n"
            ),
        ),
        "Changed organisation acme [licenses,owner]\nmanifest lints\nmanifest max_files"
    );
}

#[test]
fn comments_that_quiet_lints_belong_to_what_they_speak_of() {
    let grant = "  - { to: ben, allow: live.view, scope: device:gate }\n";
    let other = "  - { to: root, allow: live.view, scope: device:gate }\n";
    let quiet = "  # camgrant: allow(redundant-grant) old\n";
    let all = |parts: &[&str]| format!("devices: {{ gate: {{}} }}\ngrants:\n{}", parts.concat());
    // it moves with its grant, and comments for people are nothing
    assert_eq!(body(&all(&[quiet, grant, other]), &all(&[other, quiet, grant])), "");
    assert_eq!(body(&all(&[grant, other]), &all(&["  # for people\n", grant, other])), "");
    assert_eq!(body(&all(&[grant, other]), &all(&[quiet, grant, other])), "Changed grant - [] comments");
    assert_eq!(
        body(&all(&[quiet, grant, other]), &all(&[grant, quiet, other])),
        "Changed grant - [] comments\nChanged grant - [] comments"
    );
    // before the whole section it speaks of all in it
    let section =
        |parts: &[&str]| format!("devices: {{ gate: {{}} }}\n{}grants:\n{}", quiet.trim_start(), parts.concat());
    assert_eq!(body(&section(&[grant]), &section(&[grant, other])), "Added grant - [] comments");
    assert_eq!(body(&all(&[quiet, grant, other]), &all(&[other])), "Removed grant - []");
    assert_eq!(
        body(&all(&[grant]), &format!("{}{quiet}", all(&[grant]))),
        "new: # camgrant: allow(redundant-grant) old"
    );
}
