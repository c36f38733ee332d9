//! Levels: the command line over comments, comments over the manifest, the manifest over the default; the clock; errors.

use camgrant::compile::{Compiled, Options, compile};
use camgrant::diagnostics::Level;
use camgrant::source::MemoryWorld;

use super::NOW;
use crate::support::lines;

const COMMENT: &str = "  # camgrant: allow(same-as-disabled) until spring\n";

/// Eva is like Ben, who is disabled.
fn policy(comment: &str, more: &str) -> String {
    format!(
        "orgs: {{ acme: {{}} }}\nusers:\n  ben: {{ disabled: true }}\n{comment}  eva: {{ same_as: ben }}\n\
         devices: {{ gate: {{}} }}\ngrants:\n  - {{ to: eva, allow: live.view, scope: device:gate }}\n{more}"
    )
}

fn run(text: &str, manifest: &str, levels: &[(&str, Level)]) -> Compiled {
    let files = [("camgrant.yaml", manifest), ("policy.yaml", text)];
    let levels = levels.iter().map(|(name, level)| ((*name).to_owned(), *level)).collect();
    compile(&MemoryWorld::new(files), &Options { levels, now: Some(NOW), ..Options::default() })
}

/// Codes with their levels.
fn found(compiled: &Compiled) -> Vec<(&'static str, Level)> {
    compiled.diagnostics.iter().map(|d| (d.rule.code, d.level)).collect()
}

#[test]
fn the_command_line_wins_over_comments_and_these_over_the_manifest() {
    let denied = "lints: { same-as-disabled: deny }";
    let (plain, quiet) = (policy("", ""), policy(COMMENT, ""));
    let name = "same-as-disabled";
    assert_eq!(found(&run(&plain, "", &[])), [("CG1008", Level::Warn)]);
    assert_eq!(found(&run(&plain, denied, &[])), [("CG1008", Level::Deny)]);
    assert_eq!(found(&run(&plain, denied, &[(name, Level::Warn)])), [("CG1008", Level::Warn)]);
    assert_eq!(found(&run(&quiet, "", &[])), []);
    assert!(run(&quiet, denied, &[]).policy.is_some() && run(&plain, denied, &[]).policy.is_none());
    assert_eq!(found(&run(&quiet, denied, &[(name, Level::Deny)])), [("CG1008", Level::Deny)]);
    assert_eq!(found(&run(&quiet, denied, &[(name, Level::Warn)])), [("CG1008", Level::Warn)]);
    assert_eq!(found(&run(&quiet, denied, &[(name, Level::Allow)])), []);
    // what is quiet is no warning
    assert_eq!(found(&run(&quiet, "", &[("warnings", Level::Deny)])), []);
    assert_eq!(found(&run(&plain, "", &[("warnings", Level::Deny)])), [("CG1008", Level::Deny)]);
}

#[test]
fn a_comment_about_a_lint_that_is_off_is_no_idle_one() {
    let idle = policy(COMMENT, "").replace("{ disabled: true }", "{}");
    assert_eq!(found(&run(&idle, "", &[])), [("CG1035", Level::Warn)]);
    assert_eq!(found(&run(&idle, "lints: { same-as-disabled: allow }", &[])), []);
    assert_eq!(found(&run(&idle, "", &[("same-as-disabled", Level::Allow)])), []);
    assert_eq!(found(&run(&idle, "", &[("unused-allow", Level::Allow)])), []);
    assert_eq!(found(&run(&idle, "", &[("warnings", Level::Deny)])), [("CG1035", Level::Deny)]);
}

/// A lint about declarations runs beside errors, one about the whole policy does not; and no comment is called idle.
#[test]
fn errors_stop_what_would_follow_from_them() {
    let unused = "schedules: { night: { weekly: { mon: 22:00-23:00 } } }\n";
    assert_eq!(found(&run(&policy("", unused), "", &[])), [("CG1008", Level::Warn), ("CG1025", Level::Warn)]);
    let wrong = "  - { to: eva, allow: live.view, scope: device:gaet }\n";
    let beside = run(&policy("", &format!("{wrong}{unused}")), "", &[]);
    assert_eq!(found(&beside), [("CG1008", Level::Warn), ("CG0301", Level::Deny)], "{:#?}", lines(&beside));
    let idle = policy(COMMENT, wrong).replace("{ disabled: true }", "{}");
    assert_eq!(found(&run(&idle, "", &[])), [("CG0301", Level::Deny)]);
}

#[test]
fn errors_cannot_be_quieted() {
    let text =
        policy("  # camgrant: allow(CG0301) it will be there some day\n", "").replace("same_as: ben", "same_as: bem");
    assert_eq!(found(&run(&text, "", &[])), [("CG0301", Level::Deny), ("CG0301", Level::Deny)]);
}

/// An old revision can still be compiled, whatever has ended since.
#[test]
fn what_looks_at_the_clock_stops_no_compile() {
    let ended = "  - { to: eva, allow: ptz.control, scope: device:gate, until: 2026-11-23 }\n";
    let text = policy("", ended).replace("{ disabled: true }", "{}");
    let denied = [("expired-grant", Level::Deny)];
    let compiled = run(&text, "", &denied);
    assert_eq!(found(&compiled), [("CG1011", Level::Deny)]);
    assert!(compiled.policy.is_some());
    // nothing is written of the time, and where it is not known nothing is said
    let files = || MemoryWorld::new([("policy.yaml", text.clone())]);
    assert_eq!(found(&compile(&files(), &Options::default())), []);
    let just_before = 1_795_478_399; // 2026-11-23T23:59:59Z
    assert_eq!(found(&compile(&files(), &Options { now: Some(just_before), ..Options::default() })), []);
    let then = Options { now: Some(just_before + 1), ..Options::default() };
    assert_eq!(found(&compile(&files(), &then)), [("CG1011", Level::Warn)]);
}

/// Two organisations are two: an id of the one is used by nothing of the other.
#[test]
fn organisations_know_nothing_of_one_another() {
    let document = |org: &str, more: &str| {
        format!(
            "org: {org}\nusers: {{ nina: {{}} }}\ndevices: {{ gate: {{}} }}\nroles: {{ guard: {{ allow: live.view }} }}\n{more}"
        )
    };
    let text = format!(
        "orgs: {{ north: {{}}, south: {{}} }}\n---\n{}---\n{}",
        document("north", "grants: [{ to: nina, role: guard, scope: device:gate }]\n"),
        document("south", "")
    );
    let compiled = run(&text, "", &[]);
    assert_eq!(found(&compiled), [("CG1023", Level::Warn)], "{:#?}", lines(&compiled));
}
