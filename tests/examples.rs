//! The example policies: they compile without any finding, mean what the naive evaluator says, and their tables are
//! reviewed. (The expanded table of the hospital is long; its compact one is the reviewed one.)

#![allow(clippy::disallowed_methods)] // tests read their cases and write to temporary folders
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // a test fails by panicking

mod support;

use camgrant::compile::{Compiled, Options, compile};
use camgrant::source::disk::DiskWorld;
use camgrant::testing;
use camgrant_naive::Policy;
use support::{files_below, lines, repository, reviewed, table_of};

/// The examples, and the layout in which each is reviewed.
const EXAMPLES: [(&str, &str); 6] = [
    ("agent-dvr", "expanded"),
    ("camera-cloud", "expanded"),
    ("dw-spectrum", "expanded"),
    ("hospital", "compact"),
    ("verkada", "expanded"),
    ("web-client", "expanded"),
];

fn compiled(example: &str) -> Compiled {
    let folder = repository("examples").join(example);
    compile(&DiskWorld::open(&folder, u64::MAX), &Options::default())
}

#[test]
fn every_example_is_listed() {
    let mut folders: Vec<String> = std::fs::read_dir(repository("examples"))
        .unwrap()
        .map(|entry| entry.unwrap())
        .filter(|entry| entry.path().is_dir())
        .map(|entry| entry.file_name().into_string().unwrap())
        .collect();
    folders.sort();
    assert_eq!(folders, EXAMPLES.map(|(name, _)| name));
}

#[test]
fn every_example_compiles_without_a_finding() {
    for (example, _) in EXAMPLES {
        let compiled = compiled(example);
        assert_eq!(lines(&compiled), Vec::<String>::new(), "{example}");
        assert!(compiled.policy.is_some(), "{example}");
    }
}

#[test]
fn every_example_comes_to_its_table() {
    for (example, layout) in EXAMPLES {
        let compiled = compiled(example);
        reviewed("examples", example, &table_of(compiled.policy.as_ref().unwrap(), layout));
    }
}

#[test]
fn every_example_passes_its_tests_and_the_hospital_has_each_form() {
    let now = "2026-11-24T12:00:00Z".parse::<jiff::Timestamp>().unwrap().as_second();
    for (example, _) in EXAMPLES {
        let compiled = compiled(example);
        for rights in &compiled.policy.as_ref().unwrap().orgs {
            let outcome = testing::run(rights, now);
            let failed: Vec<_> = outcome.tests.iter().filter(|(_, failure)| failure.is_some()).collect();
            assert!(failed.is_empty() && outcome.tests.len() > 5, "{example}: {failed:#?}");
        }
    }
    let tests = std::fs::read_to_string(repository("examples/hospital/tests.yaml")).unwrap();
    for form in [" can:", "cannot:", "nobody_else:", "never_together:", "max_holders:", "except:", " at:", "address:"] {
        assert!(tests.contains(form), "no test of the hospital has `{form}`");
    }
    for subject in [" everyone", "team:", "link:"] {
        assert!(tests.contains(&format!("to:{subject}")) || tests.contains(subject), "no test speaks of `{subject}`");
    }
}

#[test]
fn every_example_means_what_the_naive_evaluator_says() {
    for (example, _) in EXAMPLES {
        let files = files_below(&repository("examples").join(example), &["yaml", "yml"]);
        let naive = Policy::read(&files).unwrap_or_else(|error| panic!("{example}: {error}"));
        assert!(naive.violations().is_empty(), "{example}: {:?}", naive.violations());
        assert!(naive.warnings().is_empty(), "{example}: {:?}", naive.warnings());
        let ours = table_of(compiled(example).policy.as_ref().unwrap(), "expanded");
        assert!(ours == naive.table_text(), "{example}: the tables differ");
    }
}
