//! The order of the modules: data passes from left to right, and nothing on the left knows what is on its right.

#![allow(clippy::disallowed_methods)] // tests read their cases and write to temporary folders
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // a test fails by panicking

mod support;

use std::collections::{BTreeMap, BTreeSet};

use support::{files_below, repository};

/// What each module may use, beside itself. A name with `::` allows that part of a module alone.
const MAY_USE: [(&str, &[&str]); 21] = [
    // the way of the data
    ("source", &[]),
    ("diagnostics", &["source"]),
    ("syntax", &["source", "diagnostics"]),
    ("model", &["source", "diagnostics", "syntax", "vocabulary"]),
    ("graph", &["source", "diagnostics", "syntax", "model", "vocabulary"]),
    ("effective", &["source", "diagnostics", "syntax", "model", "graph", "vocabulary", "table::format"]),
    ("lint", &["source", "diagnostics", "syntax", "model", "graph", "effective", "vocabulary"]),
    ("emit", &["source", "diagnostics", "syntax", "model", "graph", "effective", "vocabulary", "table"]),
    ("query", &["source", "diagnostics::render", "model", "graph", "effective", "vocabulary", "table::format"]),
    ("testing", &["source", "diagnostics", "model", "graph", "effective", "query", "vocabulary"]),
    ("diff", &["source", "model", "graph", "effective", "query", "declared", "vocabulary", "table::format"]),
    ("merge", &["source", "diagnostics", "model", "graph", "effective", "query", "testing", "diff", "vocabulary"]),
    ("review", &["source", "diagnostics", "model", "graph", "effective", "query", "diff", "declared", "vocabulary"]),
    // leaves beside it
    ("declared", &["source", "syntax", "model"]),
    ("vocabulary", &[]),
    ("table", &["vocabulary"]),
    // those who tell the whole way
    ("compile", &["source", "diagnostics", "syntax", "model", "graph", "effective", "lint", "vocabulary"]),
    ("catalogue", &["diagnostics", "compile", "syntax", "model", "graph", "effective", "lint", "testing", "review"]),
    ("schema", &["diagnostics", "syntax", "table", "query", "testing", "diff", "merge", "review"]),
    // the program: a crate of its own, which reaches the library as `camgrant::`
    ("cli", &[]),
    ("main", &["cli"]),
];

/// What is there against the order: file, what it uses, and why.
const EXCEPTIONS: [(&str, &str, &str); 1] =
    [("model/manifest.rs", "catalogue", "a manifest names lints, and what is a lint is known where all rules are")];

/// A source file without its comments.
struct Source {
    path: String,
    module: String,
    code: String,
}

fn sources() -> Vec<Source> {
    let files = files_below(&repository("src"), &["rs"]);
    assert!(files.len() > 50, "only {} files were found", files.len());
    files
        .into_iter()
        .map(|(path, text)| {
            let first = path.split('/').next().unwrap();
            let module = first.trim_end_matches(".rs").to_owned();
            let lines = text.lines().map(|line| line.split("//").next().unwrap());
            let code = lines.collect::<Vec<_>>().join("\n");
            Source { path, module, code }
        })
        .collect()
}

/// Every path behind `crate::`, as far as two names: `syntax::decl`, `syntax`. Groups are taken apart.
fn paths_into(code: &str, root: &str) -> BTreeSet<String> {
    fn name(text: &str) -> &str {
        let end = text.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_')).unwrap_or(text.len());
        &text[..end]
    }
    /// The items of a `{…}` group, at its own depth.
    fn group(text: &str) -> Vec<&str> {
        let (mut depth, mut start, mut items) = (0, 1, Vec::new());
        for (at, c) in text.char_indices() {
            match c {
                '{' => depth += 1,
                '}' => depth -= 1,
                _ => {}
            }
            if (c == ',' && depth == 1) || depth == 0 {
                items.push(text[start..at].trim());
                start = at + 1;
            }
            if depth == 0 {
                break;
            }
        }
        items.retain(|item| !item.is_empty());
        items
    }
    fn below(text: &str) -> Vec<String> {
        if text.starts_with('{') {
            return group(text).into_iter().flat_map(below).collect();
        }
        let first = name(text);
        match text[first.len()..].strip_prefix("::") {
            Some(rest) if rest.starts_with('{') => {
                group(rest).into_iter().map(|item| format!("{first}::{}", name(item))).collect()
            }
            Some(rest) => vec![format!("{first}::{}", name(rest))],
            None => vec![first.to_owned()],
        }
    }
    let mut paths = BTreeSet::new();
    for (at, _) in code.match_indices(root) {
        let before = code[..at].chars().next_back();
        if before.is_none_or(|c| !(c.is_alphanumeric() || c == '_' || c == ':' || c == '$')) {
            paths.extend(below(&code[at + root.len()..]));
        }
    }
    paths
}

#[test]
fn paths_are_found() {
    let code =
        "use crate::a::{b, c::d};\nuse crate::{e, f::{g, h}};\nfn x(i: crate::j::K) { mycrate::no(); $crate::no() }";
    let found: Vec<String> = paths_into(code, "crate::").into_iter().collect();
    assert_eq!(found, ["a::b", "a::c", "e", "f::g", "f::h", "j::K"]);
}

#[test]
fn nothing_on_the_left_knows_what_is_on_its_right() {
    let rules: BTreeMap<&str, &[&str]> = MAY_USE.into_iter().collect();
    let mut wrong = Vec::new();
    let mut unused: BTreeSet<(&str, &str)> = EXCEPTIONS.iter().map(|(file, uses, _)| (*file, *uses)).collect();
    for source in sources().iter().filter(|source| source.module != "lib") {
        let Some(may_use) = rules.get(&*source.module) else {
            wrong.push(format!("{}: the module `{}` has no place in the order", source.path, source.module));
            continue;
        };
        for path in paths_into(&source.code, "crate::") {
            let used = path.split("::").next().unwrap();
            let allowed = used == source.module
                || may_use.contains(&used)
                || may_use.iter().any(|part| path == **part || path.starts_with(&format!("{part}::")));
            if allowed {
                continue;
            }
            match EXCEPTIONS.iter().find(|(file, exception, _)| *file == source.path && *exception == used) {
                Some((file, exception, _)) => {
                    unused.remove(&(*file, *exception));
                }
                None => wrong.push(format!("{}: `{}` uses `crate::{path}`", source.path, source.module)),
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(unused.is_empty(), "exceptions that are none any more: {unused:?}");
}

/// The program uses the library from outside, like anybody else.
#[test]
fn the_library_knows_nothing_of_the_program() {
    for source in sources() {
        let outside = source.module == "cli" || source.module == "main";
        if !outside {
            assert!(!source.code.contains("cli::"), "{} uses the command line", source.path);
            assert!(paths_into(&source.code, "camgrant::").is_empty(), "{} names its own crate", source.path);
        }
    }
}

/// What reaches outside the process, or asks what time it is.
const OUTSIDE: [&str; 12] = [
    "std::fs",
    "fs::",
    "File::open",
    "File::create",
    "std::env",
    "env::",
    "io::stdin",
    "stdin()",
    "SystemTime",
    "std::time",
    "Timestamp::now",
    "Zoned::now",
];

#[test]
fn only_the_disk_and_the_program_touch_the_outside() {
    let mut doors = BTreeSet::new();
    for source in sources() {
        if source.module == "cli" || source.module == "main" {
            continue;
        }
        let code = source.code.split("#[cfg(test)]\nmod tests").next().unwrap();
        let touches: Vec<&str> = OUTSIDE.into_iter().filter(|word| code.contains(word)).collect();
        let is_test = source.path.ends_with("tests.rs") || source.path.contains("/tests/");
        if !touches.is_empty() && !is_test {
            doors.insert(source.path.clone());
            assert_eq!(source.path, "source/disk.rs", "{} uses {touches:?}", source.path);
        }
    }
    assert_eq!(doors.len(), 1, "the door is not where it is looked for");
}

/// A foreign library that could be exchanged stands behind one file or folder.
#[test]
fn each_foreign_library_has_one_door() {
    let doors = [("granit_parser", "syntax/yaml.rs"), ("walkdir", "source/disk.rs"), ("miette", "diagnostics/render/")];
    for (library, door) in doors {
        let users: Vec<String> = sources()
            .into_iter()
            .filter(|source| source.module != "cli" && source.code.contains(&format!("{library}::")))
            .map(|source| source.path)
            .collect();
        assert!(!users.is_empty(), "{library} is used nowhere");
        assert!(users.iter().all(|user| user.starts_with(door)), "{library}: {users:?}");
    }
}
