//! The policy's own tests: verdicts are those of the naive evaluator, on random policies with random tests; what is told
//! of them stays as it is read; and each form passes and fails where it should.

#![allow(clippy::disallowed_methods)] // tests read their cases and write to temporary folders
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // a test fails by panicking

#[path = "testing/mutants.rs"]
mod mutants;
mod support;
#[path = "testing/verdicts.rs"]
mod verdicts;
#[path = "testing/words.rs"]
mod words;

use camgrant::compile::{Compiled, Options, compile};
use camgrant::effective::OrgRights;
use camgrant::model::PolicyTest;
use camgrant::source::MemoryWorld;
use camgrant::testing::{Failure, run};

/// When all of this is.
const NOW: &str = "2026-11-24T12:00:00Z";

fn now() -> i64 {
    NOW.parse::<jiff::Timestamp>().unwrap().as_second()
}

/// How many policies are drawn.
fn cases(default: u64) -> u64 {
    std::env::var("CAMGRANT_CASES").ok().and_then(|count| count.parse().ok()).unwrap_or(default)
}

/// Compiles one text.
fn compiled(text: &str) -> Compiled {
    let compiled = compile(&MemoryWorld::new([("policy.yaml", text)]), &Options::default());
    let wrong: Vec<&str> = compiled.diagnostics.iter().filter(|d| d.is_error()).map(|d| d.message.as_str()).collect();
    assert!(compiled.policy.is_some(), "{wrong:?}\n{text}");
    compiled
}

/// Which tests of an organisation fail, and why.
fn failures(rights: &OrgRights) -> Vec<(&PolicyTest, Option<Failure>)> {
    run(rights, now()).tests
}
