//! The compiler means what the naive evaluator means: the same findings, and the same table, byte for byte, on random
//! policies that use every feature of the language. The policies are drawn from a fixed seed, so that every run judges
//! the same ones; `CAMGRANT_CASES=10000` asks for more of them.

#![allow(clippy::disallowed_methods)] // tests read their cases and write to temporary folders
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // a test fails by panicking

mod support;

use std::cell::Cell;

use camgrant_naive::random;
use proptest::prelude::any;
use proptest::test_runner::{Config, RngAlgorithm, TestCaseError, TestRng, TestRunner};
use support::judge;

fn cases() -> u32 {
    // the one thing that a test takes from its environment: how many policies to judge
    #[allow(clippy::disallowed_methods)]
    std::env::var("CAMGRANT_CASES").ok().and_then(|count| count.parse().ok()).unwrap_or(500)
}

#[test]
fn random_policies_mean_what_the_naive_evaluator_says() {
    let config = Config { cases: cases(), failure_persistence: None, max_shrink_iters: 0, ..Config::default() };
    let rng = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
    let compile = Cell::new(0);
    let result = TestRunner::new_with_rng(config, rng).run(&any::<u64>(), |seed| {
        compile.set(compile.get() + u32::from(judge(&random::random_policy(seed)).map_err(TestCaseError::fail)?));
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
