//! Comments that quiet a lint for one item: which findings they quiet, and which of them quiet none.
//!
//! In: all findings, and the comments. Out: the findings that are left, and what is wrong with the comments. An error is
//! never quieted: it has no name.

use std::collections::BTreeMap;
use std::ops::Range;

use super::ALL;
use crate::diagnostics::{Diagnostic, Fix, Level, Rule, nearest, shortened};
use crate::model::rules::UNKNOWN_NAME;
use crate::source::{FileId, Span};
use crate::syntax::{AllowComment, Tree, comments};

/// A comment that quiets nothing.
pub static UNUSED_ALLOW: Rule =
    Rule::lint("CG1035", "unused-allow", Level::Warn, include_str!("rules/unused_allow.md"));

/// How the levels of a run were set.
pub trait Heard {
    /// Whether somebody wants to hear a lint.
    fn wants(&self, rule: &Rule) -> bool;
    /// Whether the command line says so or not, against which no comment counts.
    fn overrules(&self, rule: &Rule) -> bool;
}

/// A lint that a comment names, and where its findings are quiet.
struct Quiet {
    rule: &'static Rule,
    item: Range<u32>,
    name: Span,
    /// The whole line of the comment, where it names nothing else.
    line: Option<Span>,
    used: bool,
}

/// Takes out of the findings what comments quiet. `has_errors` says whether lints about rights were not run.
pub fn quiet(trees: &[(FileId, Tree<'_>)], heard: &impl Heard, has_errors: bool, found: &mut Vec<Diagnostic>) {
    let mut quiets: BTreeMap<(FileId, &'static str), Vec<Quiet>> = BTreeMap::new();
    for (file, tree) in trees {
        let (comments, mistakes) = comments(tree, *file);
        found.extend(mistakes);
        for comment in comments {
            for (name, span) in &comment.names {
                match lint(name) {
                    Some(rule) => quiets.entry((*file, rule.code)).or_default().push(of(&comment, rule, *span)),
                    None => found.push(unknown(name, *span)),
                }
            }
        }
    }
    if quiets.is_empty() {
        return;
    }
    let mut by_lint: BTreeMap<(FileId, &'static str), Vec<(u32, usize)>> = BTreeMap::new();
    for (number, finding) in found.iter().enumerate().filter(|(_, finding)| finding.rule.name.is_some()) {
        let key = (finding.span.file, finding.rule.code);
        if quiets.contains_key(&key) {
            by_lint.entry(key).or_default().push((finding.span.start, number));
        }
    }
    let mut silent = vec![false; found.len()];
    for (key, quiets) in &mut quiets {
        quiets.sort_by_key(|quiet| (quiet.item.start, u32::MAX - quiet.item.end));
        let mut places = by_lint.remove(key).unwrap_or_default();
        places.sort_unstable();
        for number in match_up(quiets, &places) {
            if let Some(silent) = silent.get_mut(number) {
                *silent = !quiets.first().is_some_and(|quiet| heard.overrules(quiet.rule));
            }
        }
    }
    let mut numbers = silent.into_iter();
    found.retain(|_| !numbers.next().unwrap_or(false));
    if !has_errors && heard.wants(&UNUSED_ALLOW) {
        // what the clock makes quiet today, it may not tomorrow
        let idle = quiets.into_values().flatten().filter(|quiet| !quiet.used && !quiet.rule.by_clock);
        found.extend(idle.filter(|quiet| heard.wants(quiet.rule)).map(unused));
    }
}

fn of(comment: &AllowComment<'_>, rule: &'static Rule, name: Span) -> Quiet {
    let alone = (comment.names.len() == 1).then_some(comment.line);
    Quiet { rule, item: comment.item.clone().unwrap_or(0..0), name, line: alone, used: false }
}

/// All lints, by name.
fn known() -> impl Iterator<Item = (&'static str, &'static Rule)> {
    ALL.iter().map(|lint| &lint.rule).filter_map(|rule| Some((rule.name?, rule)))
}

fn lint(name: &str) -> Option<&'static Rule> {
    known().find(|(known, _)| *known == name).map(|(_, rule)| rule)
}

fn unknown(name: &str, span: Span) -> Diagnostic {
    let by_code = known().find(|(_, rule)| rule.code.eq_ignore_ascii_case(name)).map(|(known, _)| known);
    let is_error = name.get(..2).is_some_and(|start| start.eq_ignore_ascii_case("CG")) && by_code.is_none();
    let help = match by_code.or_else(|| nearest(name, known().map(|(known, _)| known))) {
        Some(near) => format!("did you mean `{near}`?"),
        None if is_error => "an error cannot be quieted: mend what it is about".to_owned(),
        None => "see `camgrant explain` for the names of all lints".to_owned(),
    };
    Diagnostic::new(&UNKNOWN_NAME, span, format!("no lint is called `{}`", shortened(name))).help(help)
}

/// Finds for each place the innermost item around it. Items lie inside one another or apart, since they come from a tree.
/// Both lists are sorted.
fn match_up(quiets: &mut [Quiet], places: &[(u32, usize)]) -> Vec<usize> {
    let mut open: Vec<usize> = Vec::new();
    let mut next = 0;
    let mut matched = Vec::new();
    for (place, number) in places {
        while let Some(quiet) = quiets.get(next).filter(|quiet| quiet.item.start <= *place) {
            close(&mut open, quiets, quiet.item.start);
            open.push(next);
            next += 1;
        }
        close(&mut open, quiets, *place);
        if let Some(quiet) = open.last().and_then(|index| quiets.get_mut(*index)) {
            quiet.used = true;
            matched.push(*number);
        }
    }
    matched
}

/// Leaves what ends before a place.
fn close(open: &mut Vec<usize>, quiets: &[Quiet], place: u32) {
    while open.last().and_then(|index| quiets.get(*index)).is_some_and(|quiet| quiet.item.end <= place) {
        open.pop();
    }
}

fn unused(quiet: Quiet) -> Diagnostic {
    let name = quiet.rule.name.unwrap_or(quiet.rule.code);
    let found = if quiet.item.is_empty() {
        format!("this comment quiets nothing: no item begins on the line behind it, of which `{name}` could speak")
    } else {
        format!("this comment quiets nothing: `{name}` finds nothing in the item behind it")
    };
    let finding = Diagnostic::new(&UNUSED_ALLOW, quiet.name, found);
    match quiet.line {
        None => finding.help("take the name out"),
        Some(line) => {
            let mut finding = finding.help("remove the comment, or put it on the line before the item that is meant");
            finding.fix = Some(Fix { title: "remove the comment".to_owned(), edits: vec![(line, String::new())] });
            finding
        }
    }
}
