//! What is missing, as findings at the changed lines, and the texts in which they are shown.
//!
//! In: the outcome of a review. Out: findings in the new policy's texts; a declaration that was removed is shown beside
//! what stands before it, with its old text as another place.

use std::collections::BTreeMap;

use super::{Place, Review, ReviewSide, Violation};
use crate::declared::{Change, Declaration, Kind, Stated};
use crate::diagnostics::{Diagnostic, listed, sort_by};
use crate::source::{FileId, SourceFile, Sources, Span};

/// Findings with the texts in which their places lie: those of the new policy, and behind them the old ones that are
/// shown, under their paths and `(old)`.
#[derive(Debug)]
pub struct Shown {
    /// The texts.
    pub sources: Sources,
    /// The findings, sorted.
    pub findings: Vec<Diagnostic>,
    /// Of each finding the number of its violation.
    pub(super) of: Vec<usize>,
}

/// Findings of a review.
#[must_use]
pub fn findings(review: &Review, old: &Sources, new: &Sources) -> Shown {
    let mut sources = new.clone();
    let mut added: BTreeMap<FileId, FileId> = BTreeMap::new();
    let mut findings = Vec::new();
    for (number, violation) in review.violations.iter().enumerate() {
        let mut spans = Vec::new();
        for place in &violation.places {
            spans.push(match *place {
                Place::New(span) => (span, "changed here"),
                Place::Old(span) => {
                    let file = *added.entry(span.file).or_insert_with(|| {
                        let SourceFile { path, text, .. } = old.file(span.file).clone();
                        sources.add(SourceFile::new(format!("{path} (old)"), text))
                    });
                    (Span::new(file, span.start, span.end), "removed: this")
                }
            });
        }
        let mut spans = spans.into_iter();
        let Some((span, label)) = spans.next() else { continue };
        let removed = spans.len() > 0 && violation.places.iter().any(|place| matches!(place, Place::Old(_)));
        let label = if removed { "removed behind this" } else { label };
        let mut finding = Diagnostic::new(violation.rule, span, violation.message()).label(label);
        for (span, label) in spans {
            finding = finding.other(span, label);
        }
        findings.push((finding.help(violation.help()), number));
    }
    sort_by(&mut findings, |(finding, _)| finding, &sources);
    let (findings, of) = findings.into_iter().unzip();
    Shown { sources, findings, of }
}

/// How many names are told.
const SHOWN: usize = 5;

impl Violation {
    /// What was found.
    #[must_use]
    pub fn message(&self) -> String {
        let more = match self.others {
            0 => String::new(),
            1 => ", and 1 right more".to_owned(),
            count => format!(", and {count} rights more"),
        };
        let missing = match self.missing.split_first() {
            Some((first, [])) => first.clone(),
            Some((first, [second])) => format!("{first} and {second}"),
            Some((first, rest)) => format!("{first} and {} more", rest.len()),
            None => String::new(),
        };
        let missing = match self.rule.code {
            "CG0701" => return missing,
            "CG0705" => format!("nobody changes the own account; somebody else with {missing} must approve"),
            _ if self.why.is_empty() => format!("this needs {missing}"),
            _ => format!("this needs {missing} {}", self.why),
        };
        format!("{missing}: {}{more}", self.example)
    }

    /// What to do.
    #[must_use]
    pub fn help(&self) -> String {
        if self.rule.code == "CG0701" {
            return "let somebody propose this who is an enabled user of the old policy".to_owned();
        }
        if self.holders.is_empty() {
            return if self.missing.len() > 1 {
                "nobody else holds all of this; split the change, or let several approve".to_owned()
            } else {
                "nobody else holds this by the old policy; let an owner of the organisation give it first".to_owned()
            };
        }
        let whom = if self.holders.len() == 1 { "this user" } else { "one of them" };
        format!("held by {}: let {whom} approve", names(&self.holders))
    }
}

/// A few names, and how many more.
pub(super) fn names(all: &[String]) -> String {
    if all.len() <= SHOWN {
        return listed(all.iter().map(String::as_str), "or");
    }
    let shown: Vec<String> = all.iter().take(SHOWN).map(|name| format!("`{name}`")).collect();
    format!("{} and {} more", shown.join(", "), all.len() - SHOWN)
}

/// Where a change is: the very item that differs where it is in the new policy, the declaration where it is no more.
pub(super) fn place_of(change: &Change<'_>) -> Vec<Place> {
    match (change.old, change.new) {
        (None, Some(new)) => vec![Place::New(new.span)],
        (Some(old), None) => vec![Place::Old(old.span)],
        (Some(old), Some(new)) => vec![Place::New(differing(old, new, &change.fields))],
        (None, None) => Vec::new(),
    }
}

/// The first item that the new declaration alone has; else the field that lacks one; else the declaration.
fn differing(old: &Declaration, new: &Declaration, fields: &[&'static str]) -> Span {
    let stated = || fields.iter().filter_map(|field| Some((old.fields.get(field), new.fields.get(field)?)));
    let added = stated().find_map(|(was, is): (Option<&Stated>, &Stated)| {
        is.items.iter().find(|(item, _)| was.is_none_or(|was| !was.has(item))).map(|(_, span)| *span)
    });
    added.or_else(|| stated().next().map(|(_, is)| is.span)).unwrap_or(new.span)
}

/// What stands before a declaration that was removed and is still there: where it is now. Where there is none, the start
/// of the file of the same path, if that is still there.
pub(super) fn beside(span: Span, old: ReviewSide<'_>, new: ReviewSide<'_>, org: &str) -> Option<Span> {
    let is: BTreeMap<(Kind, &str), Span> = new
        .declared
        .orgs
        .get(org)
        .into_iter()
        .flatten()
        .filter_map(|one| Some(((one.kind, one.id.as_deref()?), one.span)))
        .collect();
    let before = old.declared.orgs.get(org).into_iter().flatten();
    let before = before.filter(|one| one.span.file == span.file && one.span.start < span.start);
    let kept = before.filter_map(|one| Some((one.span.start, *is.get(&(one.kind, one.id.as_deref()?))?)));
    let nearest = kept.max_by_key(|(start, _)| *start).map(|(_, span)| span);
    nearest.or_else(|| {
        let path = &old.sources.file(span.file).path;
        let (file, _) = new.sources.iter().find(|(_, file)| file.path == *path)?;
        Some(Span::file_start(file))
    })
}

/// A declaration in words: `the device `gate``, or `this grant`; with the field that differs.
pub(super) fn change_text(change: &Change<'_>, field: Option<&'static str>) -> String {
    let Some(one) = change.either() else { return "this".to_owned() };
    let kind = if one.is_denial() { "denial" } else { one.kind.name() };
    let name = match &one.id {
        Some(id) => format!("the {kind} `{id}`"),
        None => format!("this {kind}"),
    };
    match (change.old, change.new, field) {
        (None, ..) => format!("{name} is added"),
        (_, None, _) => format!("{name} is removed"),
        (.., Some(field)) => format!("{name} differs in `{field}`"),
        (.., None) => format!("{name} differs"),
    }
}
