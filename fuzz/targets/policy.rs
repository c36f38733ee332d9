//! Policies whose every choice is a byte: the compiler finds what the naive evaluator finds, and writes its table, byte
//! for byte; and the same policy in another spelling gives the same table.

#![no_main]

use camgrant_fuzz::{LAYOUTS, compile_files, judge, table_of};
use camgrant_naive::random::draft_told;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let draft = draft_told(bytes);
    let files = draft.files();
    let shown = || files.iter().map(|(path, text)| format!("#-- {path}\n{text}\n")).collect::<String>();
    let compiles = judge(&files).unwrap_or_else(|error| panic!("{error}\n{}", shown()));
    if !compiles {
        return;
    }
    let tables = |files: &[(String, String)]| {
        let policy = compile_files(files).policy?;
        Some(LAYOUTS.map(|layout| table_of(&policy, layout)))
    };
    let again = draft.files_shuffled(draft.seed);
    assert!(tables(&files) == tables(&again), "another spelling, another table\n{}", shown());
});
