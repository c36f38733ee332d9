//! What a finding is known by: the same number however lines, items and files move about, another for everything that
//! is another finding.

#![allow(clippy::disallowed_methods)] // tests read their cases and write to temporary folders
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // a test fails by panicking

mod support;

use camgrant::compile::Compiled;
use camgrant::diagnostics::fingerprint::fingerprints;
use support::{Files, compile_files, compile_text};

/// Code and fingerprint of every finding, sorted.
fn known_by(compiled: &Compiled) -> Vec<(String, String)> {
    let fingerprints = fingerprints(&compiled.diagnostics, &compiled.sources);
    let codes = compiled.diagnostics.iter().map(|finding| finding.rule.code.to_owned());
    let mut known: Vec<_> = codes.zip(fingerprints.iter().map(ToString::to_string)).collect();
    known.sort();
    known
}

const HEAD: &str = "orgs: { acme: {} }\nusers: { nina: {}, ben: {} }\nsites: { hq: {} }\n";
const FIRST: &str = "  - { to: team:none, role: std/live, scope: site:hq }\n";
const SECOND: &str = "  - { to: nina, role: std/nothing, scope: [site:hq, site:yard, site:dock] }\n";

fn policy(parts: &[&str]) -> Vec<(String, String)> {
    let compiled = compile_text(&parts.concat());
    assert!(!compiled.diagnostics.is_empty());
    known_by(&compiled)
}

#[test]
fn a_finding_is_known_again_when_lines_and_items_move() {
    let before = policy(&[HEAD, "grants:\n", FIRST, SECOND]);
    assert_eq!(before.len(), 4, "{before:?}");
    let above = ["# a comment\n\n", HEAD, "devices: { gate: {} }\n\ngrants:\n\n# why\n", FIRST, SECOND];
    assert_eq!(policy(&above), before, "lines above");
    assert_eq!(policy(&[HEAD, "grants:\n", SECOND, FIRST]), before, "items moved");
    assert_eq!(policy(&["grants:\n", FIRST, SECOND, HEAD]), before, "sections moved");
    let relaid = "  - scope:\n      - site:yard # here\n      - 'site:hq'\n      - site:dock\n    to: nina\n    role: std/nothing\n";
    assert_eq!(policy(&[HEAD, "grants:\n", FIRST, relaid]), before, "laid out otherwise");
    let files: Files = [("org.yaml", HEAD.to_owned()), ("grants.yaml", ["grants:\n", FIRST, SECOND].concat())]
        .map(|(path, text)| (path.to_owned(), text))
        .into();
    assert_eq!(known_by(&compile_files(&files)), before, "in files of their own");
}

#[test]
fn what_is_mended_leaves_the_others_as_they_were() {
    let second = SECOND.replace("nothing", "live");
    let before = policy(&[HEAD, "grants:\n", FIRST, &second]);
    let after = policy(&[HEAD, "grants:\n", FIRST, &second.replace("site:yard, ", "")]);
    assert_eq!((before.len(), after.len()), (3, 2));
    assert!(after.iter().all(|finding| before.contains(finding)), "{after:?} of {before:?}");
}

#[test]
fn the_same_mistake_elsewhere_is_another_finding() {
    let twice = policy(&[HEAD, "grants:\n", FIRST, FIRST]);
    assert_eq!(twice.len(), 2);
    let (first, second) = (&twice[0].1, &twice[1].1);
    assert_eq!(*second, format!("{first}-2"), "the same text twice");
    let other = policy(&[HEAD, "grants:\n", &FIRST.replace("site:hq", "all")]);
    assert_ne!(other[0].1, *first, "in another grant");
    let other = policy(&[HEAD, "grants:\n", &FIRST.replace("none", "nobody")]);
    assert_ne!(other[0].1, *first, "another name");
    let denial = policy(&[HEAD, "teams: { t: { members: team:none } }\n"]);
    assert_ne!(denial[0].1, *first, "in another section");
}

/// The same policy with other hours, dates and addresses in what a lint tells them of.
#[test]
fn what_is_told_of_hours_does_not_make_another_finding() {
    let policy = |hours: &str, dates: &str, network: &str| {
        let text = format!(
            "orgs: {{ acme: {{}} }}\n\
             users: {{ nina: {{}}, ben: {{ {dates} }} }}\n\
             networks: {{ office: {network} }}\n\
             schedules: {{ nights: {{ weekly: {{ mon-sun: {hours} }} }} }}\n\
             teams: {{ watch: {{ members: [nina, ben], schedule: nights }} }}\n\
             sites: {{ hq: {{}} }}\n\
             devices: {{ gate: {{ in: hq }}, vault: {{ in: hq }}, dock: {{}} }}\n\
             layouts: {{ wall: {{ devices: dock }} }}\n\
             grants:\n  \
             - {{ to: team:watch, allow: live.view, scope: site:hq }}\n  \
             - {{ to: [nina, ben], allow: live.view, scope: device:vault }}\n  \
             - {{ to: [nina, ben], allow: layout.view, scope: layout:wall }}\n  \
             - {{ to: [nina, ben], allow: live.view, scope: device:dock, networks: office, schedule: nights }}\n"
        );
        let compiled = compile_text(&text);
        let of_hours = |code: &str| code == "CG1002" || code == "CG1010";
        let messages = compiled.diagnostics.iter().filter(|found| of_hours(found.rule.code));
        let messages: Vec<String> = messages.map(|found| found.message.clone()).collect();
        let known: Vec<_> = known_by(&compiled).into_iter().filter(|(code, _)| of_hours(code)).collect();
        assert_eq!(known.len(), 2, "{messages:?}");
        (known, messages)
    };
    let (known, messages) = policy("22:00-06:00", "", "10.0.0.0/8");
    for (hours, dates, network) in [
        ("21:00-05:00", "", "10.0.0.0/8"),
        ("22:00-06:00", "until: 2030-01-31", "10.0.0.0/8"),
        ("[22:00-24:00, 03:00-04:00]", "", "192.0.2.0/24"),
    ] {
        let (known_then, messages_then) = policy(hours, dates, network);
        assert_eq!(known_then, known, "{messages_then:#?} and {messages:#?}");
        assert!(messages_then.iter().zip(&messages).all(|(now, before)| now != before), "{messages_then:#?}");
    }
}
