//! Policies whose lines say what is wrong with them, and what is reported of them as people read it.

use std::fs;

use camgrant::compile::Compiled;
use camgrant::source::Places;

use super::{Files, files_below, repository};

/// Every case: its name and its files.
pub(crate) fn cases(folder: &str) -> Vec<(String, Files)> {
    let folder = repository(folder);
    let mut cases = Vec::new();
    for entry in fs::read_dir(&folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
        if path.is_dir() {
            cases.push((name, files_below(&path, &["yaml", "yml"])));
        } else if path.extension().is_some_and(|ending| ending == "yaml") {
            let file = path.file_name().unwrap().to_str().unwrap().to_owned();
            cases.push((name, vec![(file, fs::read_to_string(&path).unwrap())]));
        }
    }
    cases.sort();
    cases
}

/// What the comments say: `file:line code`, sorted.
pub(crate) fn marked(files: &Files) -> Vec<String> {
    let mut marks = Vec::new();
    for (path, text) in files {
        for (number, line) in text.lines().enumerate() {
            let codes = line.split_once("#~ ").map_or("", |(_, codes)| codes);
            marks.extend(codes.split_whitespace().map(|code| format!("{path}:{} {code}", number + 1)));
        }
    }
    marks.sort();
    marks
}

pub(crate) fn reported(compiled: &Compiled) -> Vec<String> {
    let mut lines: Vec<String> = compiled
        .diagnostics
        .iter()
        .map(|d| {
            let (path, at) = Places::new(&compiled.sources).locate(d.span);
            format!("{path}:{} {}", at.line, d.rule.code)
        })
        .collect();
    lines.sort();
    lines
}

/// As people read it: place, what it points at, what is wrong, what to do, and the other places.
pub(crate) fn shown(compiled: &Compiled) -> String {
    let mut text = String::new();
    for diagnostic in &compiled.diagnostics {
        let place = |span| {
            let (path, at) = Places::new(&compiled.sources).locate(span);
            format!("{path}:{}:{}", at.line, at.column)
        };
        let pointed: String =
            compiled.sources.slice(diagnostic.span).lines().next().unwrap_or("").chars().take(40).collect();
        text += &format!("{} «{pointed}»: {} {}\n", place(diagnostic.span), diagnostic.rule.code, diagnostic.message);
        text += &format!("  | {}\n", diagnostic.help.as_deref().unwrap_or("(no help)"));
        for (span, label) in &diagnostic.others {
            text += &format!("  {} {label}\n", place(*span));
        }
        for (span, new) in diagnostic.fix.iter().flat_map(|fix| &fix.edits) {
            text += &format!("  fix: «{}» becomes «{new}»\n", compiled.sources.slice(*span));
        }
    }
    text
}
