//! Policies with many mistakes: one run reports them all, each at its very place, and nothing that only follows from
//! another.
//!
//! A case is a file or a folder of `tests/mistakes`. A line that is wrong says so in a comment, `#~ CG0301`, with the
//! code as often as it is reported there; what is marked and what is reported must be the same. (`#~~` marks nothing.)
//! The snapshot beside each case is for reading: columns, words and helps.

#![allow(clippy::disallowed_methods)] // tests read their cases and write to temporary folders
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // a test fails by panicking

mod support;

use support::marks::{self, marked, reported, shown};
use support::{Files, compile_files, reviewed};

#[test]
fn every_mistake_is_reported_at_its_place_and_nothing_else() {
    let cases = marks::cases("tests/mistakes");
    assert!(cases.len() >= 12, "only {} cases", cases.len());
    let mut wrong = String::new();
    for (name, files) in &cases {
        let (mut missing, mut surplus) = (marked(files), Vec::new());
        assert!(missing.len() >= 10, "{name}: only {} mistakes", missing.len());
        for line in reported(&compile_files(files)) {
            match missing.iter().position(|mark| *mark == line) {
                Some(at) => drop(missing.remove(at)),
                None => surplus.push(line),
            }
        }
        if !missing.is_empty() || !surplus.is_empty() {
            wrong += &format!("{name}: not reported: {missing:#?}, reported beside the marks: {surplus:#?}\n");
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

#[test]
fn every_report_reads_well() {
    for (name, files) in marks::cases("tests/mistakes") {
        let compiled = compile_files(&files);
        assert!(compiled.policy.is_none(), "{name} compiles");
        for diagnostic in &compiled.diagnostics {
            let small = !diagnostic.message.starts_with(char::is_uppercase) || diagnostic.message.starts_with("YAML");
            assert!(small, "{name}: `{}` begins with a capital", diagnostic.message);
            assert!(!diagnostic.message.ends_with('.'), "{name}: `{}` ends with a full stop", diagnostic.message);
            // no edit that puts text over its own kind without changing it
            for (span, text) in diagnostic.fix.iter().flat_map(|fix| &fix.edits) {
                assert_ne!(compiled.sources.slice(*span), text, "{name}: {}", diagnostic.message);
            }
        }
        reviewed("mistakes", &name, &shown(&compiled));
    }
}

#[test]
fn every_report_says_what_to_do() {
    for (name, files) in marks::cases("tests/mistakes") {
        for diagnostic in compile_files(&files).diagnostics {
            assert!(diagnostic.help.is_some(), "{name}: nothing helps with `{}`", diagnostic.message);
        }
    }
}

/// Which place of two is reported may change with the order; what is wrong does not.
#[test]
fn the_order_of_files_changes_no_codes() {
    for (name, mut files) in marks::cases("tests/mistakes") {
        let codes = |files: &Files| support::codes(&compile_files(files));
        let expected = codes(&files);
        // turned about by name, the manifest aside: a file is its path
        let count = files.len();
        for (number, (path, _)) in files.iter_mut().enumerate().filter(|(_, (path, _))| path != "camgrant.yaml") {
            *path = format!("{}-{path}", count - number);
        }
        assert_eq!(codes(&files), expected, "{name}");
    }
}

/// Forty at once: these, in the order in which they stand, each another, and none that follows from one.
#[test]
fn forty_mistakes_are_forty_findings_in_order() {
    let (_, files) =
        marks::cases("tests/mistakes").into_iter().find(|(name, _)| name == "forty").expect("the case is there");
    let compiled = compile_files(&files);
    let (path, text) = &files[0];
    let lines = text.lines().enumerate().filter_map(|(number, line)| Some((number + 1, line.split_once("#~ ")?.1)));
    let marked: Vec<String> = lines.map(|(number, code)| format!("{path}:{number} {code}")).collect();
    let found: Vec<String> = compiled
        .diagnostics
        .iter()
        .map(|finding| {
            let (path, at) = camgrant::source::Places::new(&compiled.sources).locate(finding.span);
            format!("{path}:{} {}", at.line, finding.rule.code)
        })
        .collect();
    assert_eq!((found.len(), &found), (40, &marked));
    let mut messages: Vec<&str> = compiled.diagnostics.iter().map(|finding| finding.message.as_str()).collect();
    messages.sort_unstable();
    messages.dedup();
    assert_eq!(messages.len(), 40);
}
