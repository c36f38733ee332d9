//! Fixes: whatever is offered as certain makes the policy better, one by one and all together, and takes nothing with it.

#![allow(clippy::disallowed_methods)] // tests read their cases
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // a test fails by panicking

mod support;

use std::collections::BTreeSet;

use camgrant::compile::{Compiled, Options, compile};
use camgrant::diagnostics::fixes;
use camgrant::source::MemoryWorld;
use support::{Files, files_below, repository, reviewed};

/// One slip in each line, each with one meaning alone.
const SLIPS: &str = r#"# every line below has a slip; comments stay
orgs: { acme: { timezone: europe/berlin } } # zone
users: { nina: {}, ben: { Disabled: no, "same-as":nina } }
teams: { guards: { members: [nina, team:Night] }, night: {} }
roles: { watch: { allow: [Live.View, archive.*], extends: Std/Live } }
schedules: { weekend: { weekly: { sat: 00:00-24:00 } } }
sites: { hq: { groups: { lobby: {} } }, yard: {} }
recorders: { nvr-1: { kind: DW-Spectrum } }
devices: { gate: { in: HQ, recorder: NVR-1 }, lobby-1: { in: hq/lobby } }
Device-Groups: { doors: {} }
grants:
  - to:   guards      # the team
    role: watch
    scope: [hq/lobby, site:hq/lobby, group:yard, gate, 'Device:gate'] # five ways
  - { to: group:night, role: watch, scope: yard, schedule: Weekend }
"#;

fn compiled(files: &Files) -> Compiled {
    // after all that the lints look at has lapsed
    let options = Options { now: Some(4_000_000_000), ..Options::default() };
    compile(&MemoryWorld::new(files.iter().cloned()), &options)
}

/// The files with all fixes of one report, or with that of one finding.
fn fixed(files: &Files, compiled: &Compiled, only: Option<usize>) -> Files {
    let mut report = compiled.diagnostics.clone();
    for (number, finding) in report.iter_mut().enumerate() {
        if only.is_some_and(|only| only != number) {
            finding.fix = None;
        }
    }
    let mut files = files.clone();
    for fixed in fixes::apply(&report, &compiled.sources) {
        let path = &compiled.sources.file(fixed.file).path;
        files.iter_mut().find(|(known, _)| known == path).expect("a file that was read").1 = fixed.text;
    }
    files
}

/// Everything that may be offered a fix: the slips, the cases of `tests/mistakes`, the examples of all pages.
fn policies() -> Vec<(String, Files)> {
    let mut policies = vec![("the slips".to_owned(), vec![("policy.yaml".to_owned(), SLIPS.to_owned())])];
    for (path, text) in files_below(&repository("tests/mistakes"), &["yaml"]) {
        let name = path.rsplit('/').next().unwrap().to_owned();
        policies.push((path, vec![(name, text)]));
    }
    for rule in camgrant::catalogue::all() {
        let example = rule.page.split("## Example").nth(1).and_then(|rest| rest.split("```yaml").nth(1));
        let Some((_, text)) = example.and_then(|rest| rest.split("```").next()?.split_once('\n')) else { continue };
        policies.push((rule.code.to_owned(), vec![("policy.yaml".to_owned(), text.to_owned())]));
    }
    policies
}

#[test]
fn every_fix_alone_mends_its_finding_and_breaks_nothing() {
    let mut codes = BTreeSet::new();
    for (name, files) in policies() {
        let before = compiled(&files);
        let known: Vec<&str> = before.diagnostics.iter().map(|finding| finding.message.as_str()).collect();
        for (number, finding) in before.diagnostics.iter().enumerate().filter(|(_, finding)| finding.fix.is_some()) {
            codes.insert(finding.rule.code);
            let after = compiled(&fixed(&files, &before, Some(number)));
            let same = |compiled: &Compiled| {
                compiled.diagnostics.iter().filter(|other| other.message == finding.message).count()
            };
            assert!(same(&after) < same(&before), "{name}: `{}` is still there", finding.message);
            // a field that nobody knew may hold mistakes that nobody saw
            let uncovers = finding.rule.code == "CG0201";
            let expected = |code: &str, message: &str| known.contains(&message) || (uncovers && code > "CG02");
            let mut errors = after.diagnostics.iter().filter(|other| other.is_error());
            let new = errors.find(|other| !expected(other.rule.code, &other.message));
            assert!(new.is_none(), "{name}: after `{}`: {new:?}", finding.message);
        }
    }
    assert!(codes.len() >= 7, "only {codes:?} have fixes");
}

#[test]
fn fixes_go_together_and_come_to_an_end() {
    for (name, mut files) in policies() {
        let mut before = compiled(&files);
        for round in 0.. {
            let fixable = before.diagnostics.iter().filter(|finding| finding.fix.is_some()).count();
            if fixable == 0 {
                break;
            }
            assert!(round < 5, "{name}: still {fixable} fixes");
            files = fixed(&files, &before, None);
            let after = compiled(&files);
            let errors = |compiled: &Compiled| compiled.diagnostics.iter().filter(|finding| finding.is_error()).count();
            let uncovers = before.diagnostics.iter().any(|f| f.fix.is_some() && f.rule.code == "CG0201");
            assert!(uncovers || errors(&after) <= errors(&before), "{name}: {:#?}", after.diagnostics);
            before = after;
        }
    }
}

#[test]
fn slips_are_mended_where_they_stand_and_all_else_stays() {
    let mut files = vec![("policy.yaml".to_owned(), SLIPS.to_owned())];
    for _ in 0..5 {
        let before = compiled(&files);
        files = fixed(&files, &before, None);
    }
    let after = compiled(&files);
    let errors: Vec<_> = after.diagnostics.iter().filter(|finding| finding.is_error()).collect();
    assert!(errors.is_empty(), "{errors:#?}\n{}", files[0].1);
    reviewed("fixes", "slips", &files[0].1);
}
