//! What the tests share: policies in memory, tables as text, and what every policy must bear.

#![allow(dead_code, unused_imports)] // each test file takes what it needs

mod judge;
pub(crate) mod markdown;
pub(crate) mod marks;
mod memory;
mod survive;

use std::path::{Path, PathBuf};

pub(crate) use judge::judge;
pub(crate) use memory::{Files, LAYOUTS, codes, compile_files, compile_text, lines, slice_of, table_of, written};
pub(crate) use survive::survive;

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
