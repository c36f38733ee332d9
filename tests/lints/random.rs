//! Random policies: a comment before any finding quiets it or is called idle, a fix mends what it is offered for, and
//! neither changes what the policy means.

use std::collections::BTreeSet;

use camgrant::compile::{Compiled, Options, compile};
use camgrant::diagnostics::Diagnostic;
use camgrant::source::MemoryWorld;
use camgrant_naive::random_policy;

use super::NOW;
use crate::support::{Files, lines, table_of};

/// Enough for every lint about declarations to be met, and for all ways in which a policy is written.
const SEEDS: u64 = 30;

fn judged(files: &Files) -> Compiled {
    compile(&MemoryWorld::new(files.iter().cloned()), &Options { now: Some(NOW), ..Options::default() })
}

/// Codes and what is said, without places.
fn said(compiled: &Compiled) -> Vec<(&'static str, String)> {
    let mut all: Vec<_> = compiled.diagnostics.iter().map(|d| (d.rule.code, d.message.clone())).collect();
    all.sort();
    all
}

fn table(compiled: &Compiled) -> Option<String> {
    compiled.policy.as_ref().map(|policy| table_of(policy, "compact"))
}

/// A random policy with a comment on the line before a finding.
fn with_comment(files: &Files, compiled: &Compiled, found: &Diagnostic) -> Files {
    let path = &compiled.sources.file(found.span.file).path;
    let mut files = files.clone();
    // the compiler's text has no byte-order mark
    let (_, text) = files.iter_mut().find(|(file, _)| file == path).unwrap();
    let mark = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
    let line = text[..found.span.start as usize + mark].rfind('\n').map_or(mark, |newline| newline + 1);
    text.insert_str(line, &format!("# camgrant: allow({}) by chance\n", found.rule.name.unwrap()));
    files
}

#[test]
fn a_comment_quiets_what_begins_behind_it_or_is_called_idle() {
    let (mut quieted, mut idle, mut met) = (0, 0, BTreeSet::new());
    for seed in 0..SEEDS {
        let files = random_policy(seed);
        let before = judged(&files);
        if before.diagnostics.iter().any(|found| found.rule.name.is_none()) {
            continue; // beside errors nothing is called idle
        }
        for found in before.diagnostics.iter().filter(|found| found.rule.name != Some("unused-allow")).take(5) {
            met.insert(found.rule.code);
            let after = judged(&with_comment(&files, &before, found));
            let context = || format!("seed {seed}: {} {}\n{:#?}", found.rule.code, found.message, lines(&after));
            let gone = said(&before).len() - said(&after).iter().filter(|(code, _)| *code != "CG1035").count();
            let called_idle = after.diagnostics.iter().any(|found| found.rule.code == "CG1035");
            if after.diagnostics.iter().any(|found| found.rule.code == "CG0101") {
                continue; // the line stood inside text
            }
            assert_eq!(gone > 0, !called_idle, "{}", context());
            quieted += usize::from(gone > 0);
            idle += usize::from(called_idle);
            if before.policy.is_some() {
                assert_eq!(table(&before), table(&after), "{}", context());
            }
        }
    }
    assert!(quieted > 30 && met.len() >= 5, "quieted {quieted}, idle {idle}, met {met:?}");
}

#[test]
fn fixes_of_random_policies_mend_and_change_nothing() {
    let mut count = 0;
    for seed in 0..SEEDS {
        let mut files = random_policy(seed);
        for _ in 0..6 {
            let before = judged(&files);
            let fixable = |found: &&Diagnostic| found.fix.is_some() && found.rule.name.is_some();
            let Some(found) = before.diagnostics.iter().find(fixable) else { break };
            let path = before.sources.file(found.span.file).path.clone();
            let text = &mut files.iter_mut().find(|(file, _)| *file == path).unwrap().1;
            let mark = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
            for (span, new) in found.fix.iter().flat_map(|fix| &fix.edits) {
                text.replace_range(span.start as usize + mark..span.end as usize + mark, new);
            }
            let after = judged(&files);
            let context = || format!("seed {seed}: {} {}\n{:#?}", found.rule.code, found.message, lines(&after));
            let of_this =
                |compiled: &Compiled| said(compiled).iter().filter(|(code, _)| *code == found.rule.code).count();
            assert!(of_this(&after) < of_this(&before), "{}", context());
            // a grant that has ended still counts where layouts are judged, which is why it had better go
            let of_layouts = ["CG0501", "CG0502"];
            let is_error = |code: &&str| *code < "CG1000" && !of_layouts.contains(code);
            let errors = |compiled: &Compiled| said(compiled).iter().filter(|(code, _)| is_error(code)).count();
            assert_eq!(errors(&before), errors(&after), "{}", context());
            if found.rule.name == Some("duplicate-item") {
                assert_eq!(table(&before), table(&after), "{}", context());
            }
            count += 1;
        }
    }
    assert!(count > 20, "only {count} fixes");
}
