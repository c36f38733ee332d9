//! What the tests share: policies in memory, tables as text.

#![allow(dead_code)] // each test file takes what it needs

pub(crate) mod markdown;

pub(crate) mod marks;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

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
    compiled
        .diagnostics
        .iter()
        .map(|d| {
            let (path, at) = Places::new(&compiled.sources).locate(d.span);
            format!("{path}:{}:{}: {} {}", at.line, at.column, d.rule.code, d.message)
        })
        .collect()
}

/// The codes of what was found.
pub(crate) fn codes(compiled: &Compiled) -> BTreeSet<&'static str> {
    compiled.diagnostics.iter().map(|d| d.rule.code).collect()
}

/// A path inside the repository.
pub(crate) fn repository(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// Every file below a folder with one of these endings: its path inside the folder, and its text; sorted by path.
pub(crate) fn files_below(folder: &Path, endings: &[&str]) -> Files {
    fn walk(folder: &Path, root: &Path, endings: &[&str], files: &mut Files) {
        let entries = std::fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
        for entry in entries {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                walk(&path, root, endings, files);
            } else if path.extension().and_then(|e| e.to_str()).is_some_and(|e| endings.contains(&e)) {
                let inside = path.strip_prefix(root).expect("below the folder").to_string_lossy().replace('\\', "/");
                files.push((inside, std::fs::read_to_string(&path).expect("text")));
            }
        }
    }
    let mut files = Files::new();
    walk(folder, folder, endings, &mut files);
    files.sort();
    files
}

/// Compares with the reviewed text under `tests/<folder>`.
pub(crate) fn reviewed(folder: &str, name: &str, text: &str) {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path(repository("tests").join(folder));
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!(name, text));
}
