//! What is offered for grants without effect: on random policies, however they are written, the fixes leave the table as it
//! is, each alone and all at once, and come to an end.

use camgrant::compile::Compiled;
use camgrant::diagnostics::{Diagnostic, fixes};

use super::{cases, draft};
use crate::support::{Files, compile_files, lines, table_of};

/// `redundant-grant` and `unused-denial`.
const CODES: [&str; 2] = ["CG1004", "CG1007"];

fn is_ours(found: &Diagnostic) -> bool {
    CODES.contains(&found.rule.code)
}

/// The files after those of the fixes that are wanted, and how many went in.
fn fixed(files: &Files, compiled: &Compiled, wanted: impl Fn(usize) -> bool) -> (Files, usize) {
    let mut report = compiled.diagnostics.clone();
    for (number, found) in report.iter_mut().enumerate() {
        if !is_ours(found) || !wanted(number) {
            found.fix = None;
        }
    }
    let mut files = files.clone();
    let mut count = 0;
    for fixed in fixes::apply(&report, &compiled.sources) {
        let path = &compiled.sources.file(fixed.file).path;
        files.iter_mut().find(|(known, _)| known == path).expect("a file that was read").1 = fixed.text;
        count += fixed.findings.len();
    }
    (files, count)
}

fn ours(compiled: &Compiled) -> usize {
    compiled.diagnostics.iter().filter(|found| is_ours(found)).count()
}

fn table(compiled: &Compiled, context: &str) -> String {
    let policy = compiled.policy.as_ref();
    table_of(policy.unwrap_or_else(|| panic!("{context}: {:#?}", lines(compiled))), "expanded")
}

#[test]
fn what_is_offered_leaves_the_table_as_it_is_and_comes_to_an_end() {
    let (mut mended, mut offered, mut found) = (0, 0, 0);
    for seed in 0..cases() {
        let mut files = draft(seed).files();
        let mut before = compile_files(&files);
        if before.policy.is_none() {
            continue;
        }
        let meant = table(&before, "");
        found += ours(&before);
        let fixable = |found: &(usize, &Diagnostic)| is_ours(found.1) && found.1.fix.is_some();
        offered += before.diagnostics.iter().enumerate().filter(fixable).count();
        for (number, one) in before.diagnostics.iter().enumerate().filter(fixable).take(3) {
            let context = format!("seed {seed}, without {}", one.message);
            let after = compile_files(&fixed(&files, &before, |other| other == number).0);
            assert_eq!(table(&after, &context), meant, "{context}");
            assert!(ours(&after) < ours(&before), "{context}: {:#?}", lines(&after));
        }
        for round in 0.. {
            let context = format!("seed {seed}, round {round}");
            let (next, count) = fixed(&files, &before, |_| true);
            if count == 0 {
                break;
            }
            let after = compile_files(&next);
            assert_eq!(table(&after, &context), meant, "{context}");
            assert!(ours(&after) + count <= ours(&before), "{context}: {:#?}", lines(&after));
            mended += count;
            (files, before) = (next, after);
        }
        let left = before.diagnostics.iter().filter(|found| is_ours(found) && found.fix.is_some());
        assert_eq!(left.count(), 0, "seed {seed}: {:#?}", lines(&before));
    }
    assert!(mended as u64 > cases(), "only {mended} of {offered} offered for {found} found");
}
