//! What fails in a merge as text for people. In: what was told. Out: lines. Findings are not among them: they have a report
//! of their own, with the source lines.

use super::Alone;
use super::told::{BrokenTestTold, MergeTold, Names};
use crate::diagnostics::render::{counted, inline};
use crate::testing::failure_text;

/// How many sets of rights are written out.
const SHOWN: usize = 40;

/// The tests that fail, the rights that neither change has alone, and where `summary` says so the last line with the
/// counts; lines that end in a newline.
#[must_use]
pub fn merge_text(told: &MergeTold, summary: bool) -> String {
    let mut text = String::new();
    for file in &told.conflicts {
        text += &format!("CONFLICT  {}\n", inline(file));
    }
    for broken in told.tests.iter().filter(|broken| broken.is_together()) {
        text += &test_text(broken, &told.names);
    }
    if !told.emergent.is_empty() {
        text += "rights that neither has alone:\n";
    }
    for one in told.emergent.iter().take(SHOWN) {
        let what: Vec<String> = one.capabilities.iter().map(|name| format!("`{name}`")).collect();
        text += &format!("  {} can {} on {}", one.subjects.text(), what.join(", "), one.resources.text());
        text += if one.gained { "\n" } else { ", under other conditions than in either\n" };
    }
    let left = told.emergent.get(SHOWN..).unwrap_or_default();
    if !left.is_empty() {
        let rights: u64 = left.iter().map(|one| one.rights).sum();
        text += &format!("  and {rights} more rights, which `--format json` lists\n");
    }
    if summary {
        text += &summary_text(told);
    }
    text
}

fn test_text(BrokenTestTold { ours, theirs, test }: &BrokenTestTold, names: &Names) -> String {
    let stands = |alone, name: &str| match alone {
        Alone::Holds => format!("passes in `{}`", inline(name)),
        Alone::Absent => format!("is not in `{}`", inline(name)),
        Alone::Fails => format!("fails in `{}`", inline(name)),
    };
    let mut text = format!("FAILED  {}\n", inline(&test.title()));
    let mut line = |line: &str| text += &if line.is_empty() { "\n".to_owned() } else { format!("        {line}\n") };
    line(&inline(&test.place.text()));
    line(&format!("{}, {}", stands(*ours, &names.ours), stands(*theirs, &names.theirs)));
    test.failure.iter().for_each(|failure| failure_text(failure).lines().for_each(&mut line));
    text
}

fn summary_text(told: &MergeTold) -> String {
    let Names { ours, theirs, .. } = &told.names;
    let both = format!("`{}` and `{}`", inline(ours), inline(theirs));
    if !told.conflicts.is_empty() {
        return format!("{both} cannot be merged: {} in conflict\n", counted(told.conflicts.len(), "file"));
    }
    let findings = told.findings.iter().filter(|broken| broken.is_together()).count();
    let tests = told.tests.iter().filter(|broken| broken.is_together()).count();
    let known = told.findings.len() + told.tests.len() - findings - tests;
    let mut text = match (findings, tests) {
        (0, 0) => format!("{both} break nothing together"),
        (findings, 0) => format!("{both} break together: {}", counted(findings, "error")),
        (0, tests) => format!("{both} break together: {}", counted(tests, "test")),
        _ => format!("{both} break together: {}, {}", counted(findings, "error"), counted(tests, "test")),
    };
    if known > 0 {
        text += &format!("; besides, {} in one of them alone already", counted(known, "failure"));
    }
    text + "\n"
}
