//! Any bytes as the files of a policy: a table or a report, within bounded time and memory, never a panic. Where there
//! is a table, it loads in every layout, and all of them answer alike.

#![no_main]

use camgrant::source::MemoryWorld;
use camgrant::table::Table;
use camgrant_fuzz::questions::Questions;
use camgrant_fuzz::{LAYOUTS, files, survive, table_of};
use camgrant_naive::random::Rng;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let compiled = survive(&MemoryWorld::new(files::files(bytes)));
    let Some(policy) = &compiled.policy else { return };
    let written = LAYOUTS.map(|layout| table_of(policy, layout));
    let tables = written.each_ref().map(|json| Table::load(json).unwrap_or_else(|error| panic!("{error}\n{json}")));
    let Ok(expanded) = serde_json::from_str(&written[0]) else { panic!("no JSON: {}", written[0]) };
    let questions = Questions::of(&expanded);
    let mut rng = Rng::told(bytes);
    for question in (0..200).map_while(|_| questions.one(&mut rng)) {
        let ask = |table: &Table| {
            let q = &question;
            table.decide(q.org, q.subject, q.capability, q.resource, q.at, q.address)
        };
        let [expanded, compact, factored] = tables.each_ref().map(ask);
        assert!(expanded == compact && expanded == factored, "{question:?}: {expanded} {compact} {factored}");
    }
});
