//! What tests came to as JUnit XML: an organisation is a suite, a test a case.

use std::fmt::Write as _;

use super::text::{coverage_text, failure_text};
use super::told::{TestTold, TestsTold};
use crate::diagnostics::render::{escaped, in_repository};

/// The outcome as JUnit XML. `folder` is where the policy stands in the repository.
#[must_use]
pub fn junit(told: &TestsTold, folder: &str) -> String {
    let mut out = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    // writing to a text never fails
    let _ = writeln!(
        out,
        r#"<testsuites name="camgrant test" tests="{}" failures="{}" errors="0">"#,
        told.count, told.failed
    );
    for tests in told.tests.chunk_by(|a, b| a.org == b.org) {
        let org = tests.first().map(|test| escaped(&test.org)).unwrap_or_default();
        let failures = tests.iter().filter(|test| !test.passed).count();
        let _ = writeln!(out, r#"  <testsuite name="{org}" tests="{}" failures="{failures}" errors="0">"#, tests.len());
        tests.iter().for_each(|test| case(test, folder, &mut out));
        out += "  </testsuite>\n";
    }
    if let Some(coverage) = &told.coverage {
        let _ = writeln!(out, r#"  <testsuite name="coverage" tests="0" failures="0" errors="0">"#);
        let _ = writeln!(out, "    <system-out>{}</system-out>", escaped(&coverage_text(coverage)));
        out += "  </testsuite>\n";
    }
    out += "</testsuites>\n";
    out
}

fn case(test: &TestTold, folder: &str, out: &mut String) {
    let (class, name) = (escaped(&in_repository(folder, &test.place.file)), escaped(&test.title()));
    let _ = write!(out, r#"    <testcase classname="{class}" name="{name}""#);
    let Some(failure) = &test.failure else {
        *out += "/>\n";
        return;
    };
    let place = format!("{}:{}", in_repository(folder, &test.place.file), test.place.line);
    let told = escaped(&format!("{place}\n{}", failure_text(failure)));
    let (kind, message) = (failure.kind, escaped(&failure.text));
    let _ = writeln!(out, ">\n      <failure type=\"{kind}\" message=\"{message}\">{told}</failure>\n    </testcase>");
}
