//! The same declarations give the same table, byte for byte, however they are written down; and the same text gives
//! the same report.

#![allow(clippy::disallowed_methods)] // tests read their cases and write to temporary folders
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // a test fails by panicking

mod support;

use camgrant::compile::Compiled;
use camgrant::source::{FileId, Places};
use camgrant::syntax::{self, NodeId, NodeKind, Tree};
use camgrant_naive::random::{self, Rng};
use support::{Files, LAYOUTS, codes, compile_files, lines, table_of};

/// The seeds that are looked at; some of their policies do not compile.
const SEEDS: std::ops::Range<u64> = 0..60;

const MANIFEST: &str = "camgrant.yaml";

fn tables(compiled: &Compiled) -> Vec<String> {
    let policy = compiled.policy.as_ref().unwrap_or_else(|| panic!("{:#?}", lines(compiled)));
    LAYOUTS.iter().map(|layout| table_of(policy, layout)).collect()
}

/// Compiles `files`, whose tables must be those of the policy as it was first written.
fn expect_same(seed: u64, way: &str, files: &Files, expected: &[String]) {
    let compiled = compile_files(files);
    assert!(compiled.policy.is_some(), "seed {seed}, {way}: {:#?}", lines(&compiled));
    for ((layout, ours), theirs) in LAYOUTS.iter().zip(tables(&compiled)).zip(expected) {
        assert!(ours == *theirs, "seed {seed}, {way}: the {layout} table differs");
    }
}

/// Runs a test on every compilable policy: its seed, its files, and its three tables.
fn each_compilable(mut test: impl FnMut(u64, &Files, &[String])) {
    let mut count = 0;
    for seed in SEEDS {
        let files = random::draft(seed).files();
        let compiled = compile_files(&files);
        if compiled.policy.is_some() {
            count += 1;
            test(seed, &files, &tables(&compiled));
        }
    }
    assert!(count * 2 > SEEDS.end, "only {count} policies compile: too few to mean anything");
}

/// A node written anew, in braces and brackets: no anchors, no comments, text in quotes.
fn plain(tree: &Tree<'_>, node: NodeId, out: &mut String) {
    let node = tree.resolve(node);
    match tree.node(node).kind {
        NodeKind::Sequence => {
            out.push('[');
            for (index, item) in tree.children(node).enumerate() {
                out.push_str(if index == 0 { " " } else { ", " });
                plain(tree, item, out);
            }
            out.push_str(" ]");
        }
        NodeKind::Mapping { .. } => {
            out.push('{');
            for (index, (key, value)) in tree.pairs(node).enumerate() {
                out.push_str(if index == 0 { " " } else { ", " });
                out.push_str(&quoted(tree.scalar(tree.resolve(key)).unwrap()));
                out.push_str(": ");
                plain(tree, value, out);
            }
            out.push_str(" }");
        }
        _ => {
            let text = tree.scalar(node).unwrap();
            let is_word =
                tree.is_null(node) || text.parse::<bool>().is_ok() || text.bytes().all(|b| b.is_ascii_digit());
            // a null, a boolean or a number is one only without quotes
            if tree.is_plain(node) && is_word && !text.is_empty() {
                out.push_str(text);
            } else if !tree.is_null(node) {
                out.push_str(&quoted(text));
            }
        }
    }
}

fn quoted(text: &str) -> String {
    serde_json::to_string(text).unwrap()
}

/// Every declaration of a policy alone: the organisation that its document names, its section, and its text in braces.
/// (What the manifest says is no declaration.)
fn declarations(files: &Files) -> Vec<(Option<String>, String, String)> {
    let mut all = Vec::new();
    for (_, text) in files.iter().filter(|(path, _)| path != MANIFEST) {
        let text = text.trim_start_matches('\u{feff}');
        let (tree, mistakes) = syntax::parse(FileId(0), text, 64);
        assert!(mistakes.is_empty(), "{mistakes:?}");
        for root in tree.documents().iter().filter_map(|document| document.root) {
            let key = |key: NodeId| tree.scalar(tree.resolve(key)).unwrap();
            let org = tree.pairs(root).find(|(k, _)| key(*k) == "org").map(|(_, v)| key(v).to_owned());
            for (section, value) in tree.pairs(root) {
                let (section, value) = (key(section), tree.resolve(value));
                if section == "org" || section.starts_with("x-") {
                    continue;
                }
                let mut add = |text: String| all.push((org.clone(), section.to_owned(), text));
                let is_list = matches!(section, "grants" | "tests");
                if is_list && tree.node(value).kind == NodeKind::Sequence {
                    for item in tree.children(value) {
                        let mut text = "[ ".to_owned();
                        plain(&tree, item, &mut text);
                        add(text + " ]");
                    }
                } else if is_list {
                    let mut text = String::new();
                    plain(&tree, value, &mut text);
                    add(text);
                } else {
                    for (id, body) in tree.pairs(value) {
                        let mut text = format!("{{ {}: ", quoted(key(id)));
                        plain(&tree, body, &mut text);
                        add(text + " }");
                    }
                }
            }
        }
    }
    all
}

fn manifest_of(files: &Files) -> impl Iterator<Item = (String, String)> {
    files.iter().filter(|(path, _)| path == MANIFEST).cloned()
}

fn document(org: Option<&String>, section: &str, text: &str) -> String {
    let org = org.map(|org| format!("org: {}\n", quoted(org))).unwrap_or_default();
    format!("{org}{section}: {text}\n")
}

#[test]
fn shuffled_and_respelt() {
    each_compilable(|seed, _, expected| {
        for other in 0..3 {
            let files = random::draft(seed).files_shuffled(seed * 31 + other);
            expect_same(seed, &format!("shuffled by {other}"), &files, expected);
        }
    });
}

#[test]
fn all_in_one_file() {
    each_compilable(|seed, files, expected| {
        let texts: Vec<&str> = files
            .iter()
            .filter(|(path, _)| path != MANIFEST)
            .map(|(_, text)| text.trim_start_matches('\u{feff}'))
            .collect();
        let mut one: Files = vec![("all.yml".to_owned(), texts.join("\n---\n"))];
        one.extend(manifest_of(files));
        expect_same(seed, "in one file", &one, expected);
    });
}

#[test]
fn one_declaration_in_each_file() {
    each_compilable(|seed, files, expected| {
        let mut all = declarations(files);
        let mut rng = Rng::new(seed);
        rng.shuffle(&mut all);
        let mut many: Files = Vec::new();
        for (number, (org, section, text)) in all.iter().enumerate() {
            many.push((format!("{}/{number}.yaml", number % 7), document(org.as_ref(), section, text)));
        }
        many.extend(manifest_of(files));
        expect_same(seed, "in many files", &many, expected);
    });
}

#[test]
fn one_declaration_in_each_document() {
    each_compilable(|seed, files, expected| {
        let mut all = declarations(files);
        let mut rng = Rng::new(seed ^ 0xff);
        rng.shuffle(&mut all);
        let texts: Vec<String> = all.iter().map(|(org, section, text)| document(org.as_ref(), section, text)).collect();
        let mut one: Files = vec![("all.yaml".to_owned(), texts.join("---\n"))];
        one.extend(manifest_of(files));
        expect_same(seed, "in many documents", &one, expected);
    });
}

/// What is done to a file's text.
type Change = fn(String) -> String;

#[test]
fn line_ends_and_byte_order_marks() {
    each_compilable(|seed, files, expected| {
        let bare = |text: &str| text.trim_start_matches('\u{feff}').replace("\r\n", "\n");
        let ways: [(&str, Change); 4] = [
            ("LF", |text| text),
            ("CRLF", |text| text.replace('\n', "\r\n")),
            ("a byte-order mark", |text| format!("\u{feff}{text}")),
            ("CRLF and a byte-order mark", |text| format!("\u{feff}{}", text.replace('\n', "\r\n"))),
        ];
        for (way, change) in ways {
            let files = files.iter().map(|(path, text)| (path.clone(), change(bare(text)))).collect();
            expect_same(seed, way, &files, expected);
        }
    });
}

#[test]
fn names_of_files_do_not_matter() {
    each_compilable(|seed, files, expected| {
        let count = files.len();
        let renamed = |(number, (path, text)): (usize, &(String, String))| {
            let path = if path == MANIFEST { path.clone() } else { format!("{}-Ω x.yml", count - number) };
            (path, text.clone())
        };
        expect_same(seed, "under other names", &files.iter().enumerate().map(renamed).collect(), expected);
    });
}

#[test]
fn a_report_is_sorted_and_the_same_every_time() {
    let mut with_findings = 0;
    for seed in 0..100 {
        let files = random::draft(seed).files();
        let first = compile_files(&files);
        let again = compile_files(&files);
        with_findings += usize::from(!first.diagnostics.is_empty());
        // all that is said, and not the first line alone
        assert_eq!(format!("{:?}", first.diagnostics), format!("{:?}", again.diagnostics), "seed {seed}");
        let places: Vec<_> = first
            .diagnostics
            .iter()
            .map(|d| {
                let (path, at) = Places::new(&first.sources).locate(d.span);
                (path, at.line, at.column, d.rule.code)
            })
            .collect();
        assert!(places.is_sorted(), "seed {seed}: {places:?}");
    }
    assert!(with_findings > 15, "only {with_findings} policies with findings: too few to mean anything");
}

#[test]
fn what_is_wrong_does_not_depend_on_the_order() {
    let mut wrong = 0;
    for seed in 0..100 {
        let draft = random::draft(seed);
        let expected = codes(&compile_files(&draft.files()));
        wrong += usize::from(!expected.is_empty());
        for other in 0..2 {
            let found = codes(&compile_files(&draft.files_shuffled(seed * 17 + other)));
            assert_eq!(found, expected, "seed {seed}, shuffled by {other}");
        }
    }
    assert!(wrong > 15, "only {wrong} policies with findings: too few to mean anything");
}
