//! What the tests share: policies in memory, tables as text.

#![allow(dead_code)] // each test file takes what it needs

use camgrant::compile::{Compiled, Options, compile};
use camgrant::effective::Effective;
use camgrant::emit::table::{self, TableOptions};
use camgrant::source::MemoryWorld;
use camgrant::table::format::Layout;

/// Compiles files in memory: path and text.
pub fn compile_files(files: &[(String, String)]) -> Compiled {
    compile(&MemoryWorld::new(files.iter().cloned()), &Options::default())
}

/// The whole table of a policy in one layout.
pub fn table_of(policy: &Effective, layout: &str) -> String {
    slice_of(policy, layout, None)
}

/// The table of a policy, or of a recorder's slice.
pub fn slice_of(policy: &Effective, layout: &str, recorder: Option<(&str, &str)>) -> String {
    let layout = match layout {
        "compact" => Layout::Compact,
        "factored" => Layout::Factored,
        _ => Layout::Expanded,
    };
    let (org, recorder) = recorder.unzip();
    let selection = table::select(policy, org, recorder).expect("the selection is there");
    let mut bytes = Vec::new();
    table::write(&selection, TableOptions { layout, compact_json: false }, &mut bytes).expect("memory takes it");
    String::from_utf8(bytes).expect("JSON is text")
}

/// Diagnostics as short lines: `file:line:column: code message`.
pub fn lines(compiled: &Compiled) -> Vec<String> {
    compiled
        .diagnostics
        .iter()
        .map(|d| {
            let (path, at) = compiled.sources.locate(d.span);
            format!("{path}:{}:{}: {} {}", at.line, at.column, d.rule.code, d.message)
        })
        .collect()
}
