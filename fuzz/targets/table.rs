//! Tables that nobody compiled: what begins like JSON is loaded as it is, any other bytes edit a table that was right.
//! A table loads or is refused, a loaded one answers everything; written anew it answers the same; and an expanded one
//! answers as the naive consumer does.

#![no_main]

use std::sync::LazyLock;

use camgrant::table::Table;
use camgrant::table::format::{Document, Layout};
use camgrant_fuzz::edits::edit;
use camgrant_fuzz::questions::{Question, Questions};
use camgrant_fuzz::{LAYOUTS, compile_files, table_of};
use camgrant_naive::consult;
use camgrant_naive::random::{Rng, random_policy};
use libfuzzer_sys::fuzz_target;
use serde_json::Value;

/// Tables that are right.
static TABLES: LazyLock<Vec<Value>> = LazyLock::new(|| {
    let policies = (0..16).filter_map(|seed| compile_files(&random_policy(seed)).policy);
    policies
        .flat_map(|policy| LAYOUTS.map(|layout| table_of(&policy, layout)))
        .map(|json| serde_json::from_str(&json).unwrap_or_else(|error| panic!("{error}\n{json}")))
        .collect()
});

fuzz_target!(init: assert!(!TABLES.is_empty()), |bytes: &[u8]| {
    if bytes.first().is_some_and(|byte| matches!(byte, b'{' | b' ' | b'\n')) {
        return check(bytes, &mut Rng::new(0));
    }
    let mut rng = Rng::told(bytes);
    let mut table = rng.pick(&TABLES).clone();
    for _ in 0..rng.below(5) {
        edit(&mut table, &mut rng);
    }
    check(table.to_string().as_bytes(), &mut rng);
});

fn ask(table: &Table, q: &Question<'_>) -> bool {
    table.decide(q.org, q.subject, q.capability, q.resource, q.at, q.address)
}

fn check(json: &[u8], rng: &mut Rng) {
    let Ok(table) = Table::load(json) else { return };
    let (Ok(value), Ok(document)) =
        (serde_json::from_slice::<Value>(json), serde_json::from_slice::<Document<'_>>(json))
    else {
        panic!("it loads, and is no table");
    };
    let written = serde_json::to_string(&document).unwrap_or_else(|error| panic!("{error}"));
    let again = Table::load(&written).unwrap_or_else(|error| panic!("{error}\n{written}"));
    let questions = Questions::of(&value);
    for question in (0..200).map_while(|_| questions.one(rng)) {
        let answer = ask(&table, &question);
        assert_eq!(answer, ask(&again, &question), "written anew: {question:?}");
        if table.layout() == Layout::Expanded {
            let Question { org, subject, capability, resource, at, address } = question;
            let at = at.map(|at| at.as_second());
            let consulted = consult(&value, org, subject, capability, resource, at, address);
            assert_eq!(answer, consulted, "the naive consumer: {question:?}");
        }
    }
    for org in table.orgs() {
        for subject in table.subjects(org) {
            table.resources(org, subject).for_each(drop);
        }
    }
}
