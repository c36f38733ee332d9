//! Lints: what each reports, what it does not, and how levels, comments and errors bear on it.
//!
//! A case is a file or a folder of `tests/lints`. It is judged by the lint of its name and no other, or by those that its
//! first line names: `# lints: unused-allow similar-id`. A second line `# manifest: …` is put into the manifest. A line
//! that is to be reported says so in a comment, `#~ CG1033`; the snapshot beside the case is for reading.

#![allow(clippy::disallowed_methods)] // tests read their cases and write to temporary folders
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // a test fails by panicking

mod support;

#[path = "lints/gaps.rs"]
mod gaps;
#[path = "lints/levels.rs"]
mod levels;
#[path = "lints/random.rs"]
mod random;

use std::collections::BTreeSet;

use camgrant::catalogue;
use camgrant::compile::{Compiled, Options, compile};
use camgrant::source::MemoryWorld;
use support::marks::{self, marked, reported, shown};
use support::{Files, reviewed};

/// The time at which all cases are judged: 2026-11-24T12:00:00Z.
const NOW: i64 = 1_795_521_600;

/// What stands behind a word in the first lines of a case.
fn said<'f>(files: &'f Files, word: &str) -> Option<&'f str> {
    let first = files.iter().flat_map(|(_, text)| text.lines().take(2));
    first.filter_map(|line| line.strip_prefix("# ")?.strip_prefix(word)?.strip_prefix(": ")).next()
}

/// Judges a case by its own lints.
fn judged(name: &str, files: &Files) -> Compiled {
    let wanted: Vec<&str> = said(files, "lints").unwrap_or(name).split_whitespace().collect();
    let mut manifest = format!("{}\nlints:\n", said(files, "manifest").unwrap_or("camgrant: 1"));
    for lint in catalogue::lints().filter_map(|rule| rule.name) {
        let level = if wanted.contains(&lint) { "warn" } else { "allow" };
        manifest += &format!("  {lint}: {level}\n");
    }
    let mut files = files.clone();
    files.push(("camgrant.yaml".to_owned(), manifest));
    compile(&MemoryWorld::new(files), &Options { now: Some(NOW), ..Options::default() })
}

fn cases() -> Vec<(String, Files)> {
    marks::cases("tests/lints")
}

#[test]
fn every_finding_is_at_its_place_and_there_is_no_other() {
    let mut wrong = String::new();
    for (name, files) in cases() {
        let (marked, reported) = (marked(&files), reported(&judged(&name, &files)));
        assert!(!marked.is_empty(), "{name} has no mark");
        if marked != reported {
            wrong += &format!("{name}: marked {marked:#?}, reported {reported:#?}\n");
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

#[test]
fn every_finding_reads_well_and_says_what_to_do() {
    for (name, files) in cases() {
        let compiled = judged(&name, &files);
        for found in &compiled.diagnostics {
            assert!(found.help.is_some(), "{name}: nothing helps with `{}`", found.message);
            assert!(!found.message.ends_with('.'), "{name}: {}", found.message);
        }
        reviewed("lints", &name, &shown(&compiled));
    }
}

#[test]
fn every_lint_has_a_case() {
    let cases: BTreeSet<String> = cases().into_iter().map(|(name, _)| name).collect();
    let names = catalogue::lints().filter_map(|rule| rule.name);
    let without: Vec<&str> = names.filter(|name| !cases.contains(*name)).collect();
    assert!(without.is_empty(), "without a case: {without:?}");
}

/// A fix that is offered mends what it is offered for, and breaks nothing.
#[test]
fn every_fix_mends() {
    let mut count = 0;
    for (name, files) in cases() {
        let mut files = files;
        let before = judged(&name, &files);
        let errors = |compiled: &Compiled| compiled.diagnostics.iter().filter(|d| d.rule.name.is_none()).count();
        let errors_before = errors(&before);
        let mut left = before.diagnostics.len();
        // one at a time, as edits may meet
        while let Some((path, span, new)) = first_edit(&name, &files) {
            let text = &mut files.iter_mut().find(|(file, _)| *file == path).unwrap().1;
            text.replace_range(span, &new);
            let after = judged(&name, &files);
            assert_eq!(errors(&after), errors_before, "{name}: {:#?}\n{files:#?}", support::lines(&after));
            assert!(after.diagnostics.len() < left, "{name}: {:#?}\n{files:#?}", support::lines(&after));
            left = after.diagnostics.len();
            count += 1;
        }
    }
    assert!(count >= 15, "only {count} fixes");
}

fn first_edit(name: &str, files: &Files) -> Option<(String, std::ops::Range<usize>, String)> {
    let compiled = judged(name, files);
    let fixes = compiled.diagnostics.iter().filter_map(|found| found.fix.as_ref());
    let (span, new) = fixes.flat_map(|fix| &fix.edits).next()?;
    let path = compiled.sources.file(span.file).path.clone();
    Some((path, span.start as usize..span.end as usize, new.clone()))
}
