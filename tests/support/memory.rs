//! Policies in memory and their tables as text: what tests and fuzz targets share.

use std::collections::BTreeSet;

use camgrant::compile::{Compiled, Options, compile};
use camgrant::effective::Effective;
use camgrant::emit::table::{self, TableOptions};
use camgrant::source::{MemoryWorld, Places};
use camgrant::table::format::Layout;

/// Paths and texts.
pub(crate) type Files = Vec<(String, String)>;

/// The names of the three layouts.
pub(crate) const LAYOUTS: [&str; 3] = ["expanded", "compact", "factored"];

/// Compiles files in memory: path and text.
pub(crate) fn compile_files(files: &[(String, String)]) -> Compiled {
    compile(&MemoryWorld::new(files.iter().cloned()), &Options::default())
}

/// Compiles one text.
pub(crate) fn compile_text(text: &str) -> Compiled {
    compile_files(&[("policy.yaml".to_owned(), text.to_owned())])
}

/// The whole table of a policy in one layout.
pub(crate) fn table_of(policy: &Effective, layout: &str) -> String {
    slice_of(policy, layout, None)
}

/// The table of a policy, or of a recorder's slice.
pub(crate) fn slice_of(policy: &Effective, layout: &str, recorder: Option<(&str, &str)>) -> String {
    let (org, recorder) = recorder.unzip();
    written(&table::select(policy, org, recorder).expect("the selection is there"), layout)
}

/// The table of a selection.
pub(crate) fn written(selection: &table::Selection<'_>, layout: &str) -> String {
    let layout = match layout {
        "compact" => Layout::Compact,
        "factored" => Layout::Factored,
        _ => Layout::Expanded,
    };
    let mut bytes = Vec::new();
    table::write(selection, TableOptions { layout, compact_json: false }, &mut bytes).expect("memory takes it");
    String::from_utf8(bytes).expect("JSON is text")
}

/// Diagnostics as short lines: `file:line:column: code message`.
pub(crate) fn lines(compiled: &Compiled) -> Vec<String> {
    let mut places = Places::new(&compiled.sources);
    compiled
        .diagnostics
        .iter()
        .map(|d| {
            let (path, at) = places.locate(d.span);
            format!("{path}:{}:{}: {} {}", at.line, at.column, d.rule.code, d.message)
        })
        .collect()
}

/// The codes of what was found.
pub(crate) fn codes(compiled: &Compiled) -> BTreeSet<&'static str> {
    compiled.diagnostics.iter().map(|d| d.rule.code).collect()
}
