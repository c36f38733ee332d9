//! The compiler means what the naive evaluator means: the same findings, the same table, byte for byte, on random
//! policies that use every feature of the language. `CAMGRANT_SEEDS=10000` asks for more of them.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // a test fails by panicking

mod support;

use std::collections::BTreeSet;

use camgrant_naive::{Policy, Violation, random};
use support::{compile_files, table_of};

fn seeds() -> u64 {
    std::env::var("CAMGRANT_SEEDS").ok().and_then(|count| count.parse().ok()).unwrap_or(500)
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

#[test]
fn random_policies_mean_what_the_naive_evaluator_says() {
    let mut compiled_ones = 0;
    let count = seeds();
    for seed in 0..count {
        let files = random::random_policy(seed);
        let naive = Policy::read(&files).unwrap_or_else(|error| panic!("seed {seed}: {error}"));
        let compiled = compile_files(&files);
        let found: BTreeSet<&str> =
            compiled.diagnostics.iter().filter(|d| d.is_error()).map(|d| d.rule.code).collect();
        assert_eq!(found, codes(&naive.violations()), "seed {seed}: {:#?}", compiled.diagnostics);
        let warned = compiled.diagnostics.iter().any(|d| d.rule.code == "CG1002");
        assert_eq!(warned, !naive.warnings().is_empty(), "seed {seed}: condition-not-covered");
        if found.is_empty() {
            compiled_ones += 1;
            let policy = compiled.policy.as_ref().unwrap();
            let ours = table_of(policy, "expanded");
            let theirs = naive.table_text();
            if ours != theirs {
                std::fs::write("/tmp/ours.json", &ours).unwrap();
                std::fs::write("/tmp/theirs.json", &theirs).unwrap();
                panic!("seed {seed}: the tables differ");
            }
        }
    }
    assert!(compiled_ones * 2 > count, "only {compiled_ones} of {count} policies compile: too few to mean anything");
}
