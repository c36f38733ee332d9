//! What tests came to as text for people. In: what was told. Out: lines.

use super::told::{CoverageTold, FailureTold, TestsTold};
use crate::diagnostics::render::{counted, inline};
use crate::query::told::why_text;

/// The outcome in words, lines that end in a newline. What passes is listed where `passed` says so; the last line, with
/// the counts, stands where `summary` says so.
#[must_use]
pub fn tests_text(told: &TestsTold, passed: bool, summary: bool) -> String {
    let mut text = String::new();
    for test in &told.tests {
        let title = inline(&test.title()).into_owned();
        match &test.failure {
            None if passed => text += &format!("ok      {title}\n"),
            None => {}
            Some(failure) => {
                text += &format!("FAILED  {title}\n");
                text += &indented(8, &format!("{}\n", inline(&test.place.text())));
                text += &indented(8, &failure_text(failure));
            }
        }
    }
    if summary {
        let organisations: std::collections::BTreeSet<&str> = told.tests.iter().map(|test| &*test.org).collect();
        if organisations.len() > 1 {
            text += &format!("{} in {} organisations: ", counted(told.tests.len(), "test"), organisations.len());
        } else {
            text += &format!("{}: ", counted(told.tests.len(), "test"));
        }
        text += &format!("{} passed, {} failed\n", told.count - told.failed, told.failed);
    }
    text
}

/// What no test depends on, and the score: lines that end in a newline.
#[must_use]
pub fn coverage_text(told: &CoverageTold) -> String {
    let mut text = String::new();
    if !told.uncovered.is_empty() {
        text += "no test depends on:\n";
    }
    let rows: Vec<(String, String)> =
        told.uncovered.iter().map(|item| (item.text(), inline(&item.place.text()).into_owned())).collect();
    let width = rows.iter().map(|(left, _)| left.chars().count()).max().unwrap_or(0);
    for (left, right) in rows {
        text += &format!("  {left:width$}  {right}\n");
    }
    text + &score(told) + "\n"
}

/// The score in a line.
#[must_use]
pub fn score(told: &CoverageTold) -> String {
    let idle = match told.idle {
        0 => String::new(),
        idle => format!("; {idle} not in force"),
    };
    let CoverageTold { covered, count, percent, .. } = told;
    format!("coverage: tests depend on {covered} of {count} grants, denials and roles ({percent} %){idle}")
}

/// Why a test fails: the sentence, the other counterexamples, and the proof of the first.
#[must_use]
pub fn failure_text(failure: &FailureTold) -> String {
    let mut text = format!("{}\n", inline(&failure.text));
    for one in failure.counterexamples.iter().skip(1) {
        let (subjects, what, when) = (one.subjects.text(), one.what(), one.when());
        text += &format!("also {subjects} with {what} on `{}`{when}\n", one.resource);
    }
    for proof in &failure.proofs {
        text += "\n";
        text += &indented(2, &why_text(proof));
    }
    text
}

fn indented(depth: usize, text: &str) -> String {
    let line = |line: &str| if line.is_empty() { "\n".to_owned() } else { format!("{:depth$}{line}\n", "") };
    text.lines().map(line).collect()
}
