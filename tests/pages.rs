//! The pages of `explain`, and the policies in `docs/`: what they show is what the compiler does.

#![allow(clippy::disallowed_methods)] // tests read their cases and write to temporary folders
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // a test fails by panicking

mod support;

use std::collections::BTreeMap;
use std::fs;

use camgrant::catalogue;
use camgrant::compile::{Compiled, Options, compile};
use camgrant::declared;
use camgrant::diagnostics::Rule;
use camgrant::query::Request;
use camgrant::review::{Asked, ReviewSide, review};
use camgrant::source::disk::DiskWorld;
use camgrant::testing;
use support::markdown::fences;
use support::{compile_text, files_below, lines, repository, table_of};

/// The policy of a section of a page: its YAML fences by path, none where it has none.
fn policy_of(rule: &Rule, section: &str) -> Option<BTreeMap<String, String>> {
    let mut files = BTreeMap::new();
    for fence in fences(rule.page).into_iter().filter(|fence| fence.section == section) {
        let mut words = fence.info.split_whitespace();
        if words.next() != Some("yaml") {
            continue;
        }
        let path = words.next().unwrap_or("policy.yaml").to_owned();
        assert_eq!(words.next(), None, "{}: `{}`", rule.code, fence.info);
        let twice = files.insert(path, fence.text);
        assert_eq!(twice, None, "{}, {section}: two fences for one file", rule.code);
    }
    (!files.is_empty()).then_some(files)
}

/// Compiles files as the program does: from a folder.
fn compile_on_disk(files: &BTreeMap<String, String>) -> Compiled {
    let folder = tempfile::tempdir().unwrap();
    for (path, text) in files {
        let path = folder.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    // what looks at the clock looks at this one
    let now = "2026-11-24T12:00:00Z".parse::<jiff::Timestamp>().unwrap().as_second();
    compile(&DiskWorld::open(folder.path(), u64::MAX), &Options { now: Some(now), ..Options::default() })
}

/// Pages about links, permissions and bytes, which a fence of YAML cannot show.
const SHOWN_BY_COMMANDS: [&str; 5] = ["CG0001", "CG0002", "CG0006", "CG0007", "CG0009"];

#[test]
fn every_page_has_an_example_and_its_mend() {
    for rule in catalogue::all() {
        let fences = fences(rule.page);
        let wanted = if SHOWN_BY_COMMANDS.contains(&rule.code) { "sh" } else { "yaml" };
        for section in ["Example", "Mend"] {
            let shown = fences.iter().any(|f| f.section == section && f.info.split(' ').next() == Some(wanted));
            assert!(shown, "{}: no fence of `{wanted}` under `## {section}`", rule.code);
        }
        for fence in &fences {
            assert!(["Example", "Mend"].contains(&&*fence.section), "{}: {fence:?}", rule.code);
        }
    }
}

#[test]
fn every_example_raises_its_code_alone_and_once() {
    let mut wrong = Vec::new();
    let elsewhere = |code: &str| ["CG0508", "CG0601", "CG0602"].contains(&code) || code.starts_with("CG07");
    for rule in catalogue::all().filter(|rule| !elsewhere(rule.code)) {
        let Some(files) = policy_of(rule, "Example") else { continue };
        let compiled = compile_on_disk(&files);
        let found: Vec<&str> = compiled.diagnostics.iter().map(|d| d.rule.code).collect();
        if found != [rule.code] {
            wrong.push(format!("{}: {:#?}", rule.code, lines(&compiled)));
        }
        assert_eq!(compiled.policy.is_some(), !compiled.diagnostics.iter().any(|d| d.is_error()), "{}", rule.code);
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_mend_raises_nothing() {
    let mut wrong = Vec::new();
    for rule in catalogue::all().filter(|rule| !rule.code.starts_with("CG07")) {
        let Some(files) = policy_of(rule, "Mend") else { continue };
        let compiled = compile_on_disk(&files);
        if !compiled.diagnostics.is_empty() || compiled.policy.is_none() {
            wrong.push(format!("{}: {:#?}", rule.code, lines(&compiled)));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The one rule that is broken when a table is written, and not before.
#[test]
fn the_page_of_tables_too_large_shows_one() {
    let rule = catalogue::find("CG0508").unwrap();
    for (section, too_large) in [("Example", true), ("Mend", false)] {
        let compiled = compile_on_disk(&policy_of(rule, section).unwrap());
        assert_eq!(lines(&compiled), Vec::<String>::new(), "{section}");
        let table = table_of(compiled.policy.as_ref().unwrap(), "expanded");
        assert_eq!(table.len() as u64 > compiled.budgets.max_table_bytes, too_large, "{section}");
    }
}

/// The rules that are broken when tests are run, and not before.
#[test]
fn the_pages_of_tests_show_one_that_fails_and_what_none_depends_on() {
    for (code, section, wrong) in
        [("CG0601", "Example", true), ("CG0601", "Mend", false), ("CG0602", "Example", true), ("CG0602", "Mend", false)]
    {
        let rule = catalogue::find(code).unwrap();
        let compiled = compile_on_disk(&policy_of(rule, section).unwrap());
        assert_eq!(lines(&compiled), Vec::<String>::new(), "{section}");
        let rights = compiled.policy.as_ref().unwrap().orgs.first().unwrap();
        let outcome = testing::run(rights, 1_795_500_000);
        let fails = outcome.tests.iter().any(|(_, failure)| failure.is_some());
        let uncovered = testing::coverage(&outcome, 1_795_500_000).uncovered.len();
        assert_eq!(fails, wrong && code == "CG0601", "{code}, {section}");
        assert!(code != "CG0602" || uncovered == usize::from(wrong), "{code}, {section}: {uncovered}");
    }
}

/// The rules that a change breaks: of each page's two policies `ben@acme.example` makes the new one of the old one.
#[test]
fn the_pages_of_reviews_show_a_change_that_is_refused_and_one_that_is_not() {
    for rule in catalogue::all().filter(|rule| rule.code.starts_with("CG07")) {
        for (section, refused) in [("Example", true), ("Mend", false)] {
            let files = policy_of(rule, section).unwrap();
            let [old, new] = ["old/policy.yaml", "new/policy.yaml"].map(|path| compile_text(&files[path]));
            let [was, is] = [&old, &new].map(|side| declared::read(&side.sources, side.budgets));
            let sides = [(&old, &was), (&new, &is)].map(|(compiled, declared)| ReviewSide {
                policy: compiled.policy.as_ref().unwrap(),
                sources: &compiled.sources,
                declared,
            });
            let request = Request { at: Some(1_795_500_000), address: None };
            let asked = Asked { author: "ben@acme.example", approvers: &[], request, budgets: old.budgets };
            let found = review(sides[0], sides[1], &asked);
            let codes: Vec<&str> = found.violations.iter().map(|one| one.rule.code).collect();
            assert_eq!(codes.contains(&rule.code), refused, "{}, {section}: {codes:?}", rule.code);
            assert!(refused || codes.is_empty(), "{}, {section}: {codes:?}", rule.code);
        }
    }
}

#[test]
fn every_policy_in_the_documents_compiles_with_no_finding() {
    let mut count = 0;
    let mut wrong = Vec::new();
    for (path, text) in files_below(&repository("docs"), &["md"]) {
        for fence in fences(&text).into_iter().filter(|fence| fence.info == "yaml policy") {
            count += 1;
            let compiled = compile_text(&fence.text);
            if !compiled.diagnostics.is_empty() || compiled.policy.is_none() {
                wrong.push(format!("docs/{path}:{}: {:#?}", fence.line, lines(&compiled)));
            }
        }
    }
    assert!(count > 5, "only {count} policies were found");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Where a page points to: `docs/language.md#yaml-rules`.
#[test]
fn every_page_points_to_a_heading_that_is_there() {
    let anchor = |heading: &str| -> String {
        let kept = heading.trim().to_lowercase().replace(' ', "-");
        kept.chars().filter(|c| c.is_alphanumeric() || "-_".contains(*c)).collect()
    };
    let mut anchors: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (path, text) in files_below(&repository("docs"), &["md"]) {
        let headings =
            text.lines().filter(|line| line.starts_with('#')).map(|line| anchor(line.trim_start_matches('#')));
        anchors.insert(path, headings.collect());
    }
    for rule in catalogue::all() {
        let links: Vec<&str> = rule.page.split("`docs/").skip(1).filter_map(|rest| rest.split('`').next()).collect();
        // a few need none, since they say all that there is to say
        for link in links {
            let (path, heading) = link.split_once('#').unwrap_or((link, ""));
            let known = anchors.get(path).unwrap_or_else(|| panic!("{}: there is no docs/{path}", rule.code));
            assert!(heading.is_empty() || known.iter().any(|a| a == heading), "{}: {link} of {known:?}", rule.code);
        }
    }
}
