//! The compiler means what the naive evaluator means: the same findings, and the same table, byte for byte, on random
//! policies that use every feature of the language. The policies are drawn from a fixed seed, so that every run judges
//! the same ones; `CAMGRANT_CASES=10000` asks for more of them.

#![allow(clippy::disallowed_methods)] // tests read their cases and write to temporary folders
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // a test fails by panicking

mod support;

use std::cell::Cell;
use std::collections::BTreeSet;

use camgrant_naive::{Policy, Violation, random};
use proptest::prelude::any;
use proptest::test_runner::{Config, RngAlgorithm, TestCaseError, TestRng, TestRunner};
use support::{compile_files, lines, table_of};

fn cases() -> u32 {
    // the one thing that a test takes from its environment: how many policies to judge
    #[allow(clippy::disallowed_methods)]
    std::env::var("CAMGRANT_CASES").ok().and_then(|count| count.parse().ok()).unwrap_or(500)
}

/// The codes that the compiler must report where the naive evaluator finds these violations.
fn codes(violations: &BTreeSet<Violation>) -> BTreeSet<&'static str> {
    violations
        .iter()
        .map(|violation| match violation {
            Violation::LayoutUncovered { .. } => "CG0501",
            Violation::DeviceGroupUncovered { .. } => "CG0502",
            Violation::LicencePool { .. } => "CG0503",
            Violation::LicenceUnknown { .. } => "CG0504",
            Violation::OwnerDisabled { .. } => "CG0505",
            Violation::TooManyAlternatives { .. } => "CG0506",
            Violation::ViewOverDenied { .. } => "CG1001",
        })
        .collect()
}

/// Judges one policy; says whether it compiles.
fn judge(seed: u64) -> Result<bool, TestCaseError> {
    let files = random::random_policy(seed);
    let naive = Policy::read(&files).map_err(TestCaseError::fail)?;
    let compiled = compile_files(&files);
    let found: BTreeSet<&str> = compiled.diagnostics.iter().filter(|d| d.is_error()).map(|d| d.rule.code).collect();
    let expected = codes(&naive.violations());
    if found != expected {
        return Err(TestCaseError::fail(format!("expected {expected:?}, found {:#?}", lines(&compiled))));
    }
    let warned = compiled.diagnostics.iter().any(|d| d.rule.code == "CG1002");
    if warned == naive.warnings().is_empty() {
        return Err(TestCaseError::fail(format!("condition-not-covered: ours {warned}")));
    }
    let Some(policy) = &compiled.policy else { return Ok(false) };
    let (ours, theirs) = (table_of(policy, "expanded"), naive.table_text());
    let difference = ours.lines().zip(theirs.lines()).enumerate().find(|(_, (a, b))| a != b);
    match difference {
        Some((line, (a, b))) => Err(TestCaseError::fail(format!("line {}: ours {a}, the naive one's {b}", line + 1))),
        None if ours.len() != theirs.len() => Err(TestCaseError::fail("one table ends before the other")),
        None => Ok(true),
    }
}

#[test]
fn random_policies_mean_what_the_naive_evaluator_says() {
    let config = Config { cases: cases(), failure_persistence: None, max_shrink_iters: 0, ..Config::default() };
    let rng = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
    let compile = Cell::new(0);
    let result = TestRunner::new_with_rng(config, rng).run(&any::<u64>(), |seed| {
        compile.set(compile.get() + u32::from(judge(seed)?));
        Ok(())
    });
    result.unwrap_or_else(|error| panic!("{error}"));
    assert!(
        compile.get() * 2 > cases(),
        "only {} of {} policies compile: too few to mean much",
        compile.get(),
        cases()
    );
}
