//! Documents put together by organisation.

use std::collections::{HashMap, HashSet};
use std::rc::Rc;

use super::declare::{DeclaredPlace, check_case, declare_all, declared_twice, report_form};
use super::names::{Names, Suggestions};
use super::{forms, rules};
use crate::diagnostics::{Diagnostic, nearest};
use crate::source::Span;
use crate::syntax::decl::{self, Document};
use crate::syntax::{Entries, Entry, Field, Many, Pairs, PolicyDocument};

/// One organisation's documents and names.
#[derive(Debug, Default)]
pub(super) struct Gathered<'d> {
    pub id: &'d str,
    pub span: Span,
    pub org: Option<&'d decl::Org<'d>>,
    pub documents: Vec<&'d Document<'d>>,
    pub names: Names<'d>,
    pub places: Vec<DeclaredPlace<'d>>,
}

/// All organisations by id, and what belongs to none (it is judged for its forms all the same).
pub(super) struct Gathering<'d> {
    pub orgs: Vec<Gathered<'d>>,
    /// A document each: they may belong to different organisations.
    pub orphans: Vec<Gathered<'d>>,
}

/// Puts documents together. `hidden` says that some file could not be read at all.
pub(super) fn gather<'d>(
    documents: &'d [PolicyDocument<'d>],
    hidden: bool,
    diagnostics: &mut Vec<Diagnostic>,
) -> Gathering<'d> {
    let mut orgs = declared_orgs(documents, diagnostics);
    let mut orphans = Vec::new();
    let by_id: HashMap<&str, usize> = orgs.iter().enumerate().rev().map(|(i, org)| (org.id, i)).collect();
    let any_cut = documents.iter().any(|document| document.cut);
    let mut said = Said::default();
    // what may be declared in any of them
    let (mut anywhere, mut hidden_anywhere) = (HashSet::new(), hidden);
    for document in documents {
        let target = match &document.body {
            Some(body) => find_org(body, &orgs, &by_id, hidden || any_cut, &mut said, diagnostics),
            None => Target::Unknown,
        };
        let gathered = match target {
            Target::Org(index) => orgs.get_mut(index),
            _ => None,
        };
        match gathered {
            Some(org) => {
                org.documents.extend(&document.body);
                org.names.maybe.extend(&document.passed_over);
                org.names.hidden |= document.cut;
            }
            None => {
                if !matches!(target, Target::NotNeeded) {
                    orphans.extend(document.body.as_ref().map(orphan));
                }
                hidden_anywhere |= document.cut;
                anywhere.extend(&document.passed_over);
            }
        }
    }
    for org in orgs.iter_mut().chain(&mut orphans) {
        declare_all(org, diagnostics);
    }
    // what is declared in a document whose organisation is mistyped may be meant everywhere
    for orphan in &orphans {
        anywhere.extend(orphan.documents.iter().flat_map(|document| ids_of(document)));
        anywhere.extend(orphan.places.iter().map(|place| place.id));
    }
    let anywhere = Rc::new(anywhere);
    for org in &mut orgs {
        org.names.hidden |= hidden_anywhere;
        org.names.maybe_anywhere = Rc::clone(&anywhere);
    }
    orgs.sort_by_key(|org| org.id);
    Gathering { orgs, orphans }
}

fn declared_orgs<'d>(documents: &'d [PolicyDocument<'d>], diagnostics: &mut Vec<Diagnostic>) -> Vec<Gathered<'d>> {
    let mut orgs: Vec<Gathered<'d>> = Vec::new();
    let mut first: HashMap<&str, Span> = HashMap::new();
    let mut folded: HashMap<String, (&str, Span)> = HashMap::new();
    for document in documents.iter().filter_map(|document| document.body.as_ref()) {
        let Some(entries) = document.orgs.as_ref().and_then(|section| section.value.as_ref()) else { continue };
        for entry in &entries.0 {
            report_form(forms::id(entry.id), entry.span, diagnostics);
            if let Some(earlier) = first.get(entry.id) {
                diagnostics.push(declared_twice("organisation", entry.id, entry.span, *earlier));
                continue;
            }
            first.insert(entry.id, entry.span);
            check_case("organisation", entry.id, entry.span, &mut folded, diagnostics);
            let org = entry.body.as_ref();
            orgs.push(Gathered { id: entry.id, span: entry.span, org, ..Gathered::default() });
        }
    }
    orgs
}

/// A document by itself, whose names may all be declared elsewhere.
fn orphan<'d>(document: &'d Document<'d>) -> Gathered<'d> {
    let mut orphan = Gathered { documents: vec![document], ..Gathered::default() };
    orphan.names.hidden = true;
    orphan
}

/// Where a document belongs.
enum Target {
    /// To this organisation.
    Org(usize),
    /// It has nothing that belongs to one.
    NotNeeded,
    /// To one that is not known, which has been said.
    Unknown,
}

/// What is said once, or not without end.
#[derive(Default)]
struct Said {
    /// That there is no organisation.
    none: bool,
    suggestions: Suggestions,
}

fn find_org(
    document: &Document<'_>,
    orgs: &[Gathered<'_>],
    by_id: &HashMap<&str, usize>,
    hidden: bool,
    said: &mut Said,
    diagnostics: &mut Vec<Diagnostic>,
) -> Target {
    if let Some(field) = &document.org {
        let Some(decl::Id(id)) = field.value else { return Target::Unknown };
        if let Some(index) = by_id.get(id) {
            return Target::Org(*index);
        }
        if !hidden {
            let found = format!("no organisation `{}` is declared", forms::shortened(id));
            let candidates = if said.suggestions.take(orgs.len()) { orgs } else { &[] };
            let help = match nearest(id, candidates.iter().map(|org| org.id)) {
                Some(near) => format!("did you mean `{near}`?"),
                None => "declare it under `orgs`".to_owned(),
            };
            diagnostics.push(Diagnostic::new(&rules::UNKNOWN_NAME, field.span, found).help(help));
        }
        return Target::Unknown;
    }
    let Some(span) = first_section(document) else { return Target::NotNeeded };
    match orgs.len() {
        1 => Target::Org(0),
        0 => {
            if !hidden && !said.none {
                said.none = true;
                diagnostics.push(
                    Diagnostic::new(&rules::NO_ORGANISATION, span, "the policy declares no organisation")
                        .help("declare one, in any file: `orgs: { acme: {} }`"),
                );
            }
            Target::Unknown
        }
        count => {
            let known = orgs.iter().take(3).map(|org| format!("`org: {}`", org.id)).collect::<Vec<_>>().join(", ");
            diagnostics.push(
                Diagnostic::new(
                    &rules::NO_ORGANISATION,
                    span,
                    format!("this document does not say to which of the {count} organisations it belongs"),
                )
                .help(format!("write it at the document's top: {known}")),
            );
            Target::Unknown
        }
    }
}

/// Where the first section of a document stands that belongs to an organisation.
fn first_section(document: &Document<'_>) -> Option<Span> {
    let Document {
        org: _,
        orgs: _,
        users,
        teams,
        roles,
        sites,
        recorders,
        devices,
        device_groups,
        layouts,
        schedules,
        networks,
        grants,
        links,
        tests,
    } = document;
    let spans = [
        users.as_ref().map(Field::key_span),
        teams.as_ref().map(Field::key_span),
        roles.as_ref().map(Field::key_span),
        sites.as_ref().map(Field::key_span),
        recorders.as_ref().map(Field::key_span),
        devices.as_ref().map(Field::key_span),
        device_groups.as_ref().map(Field::key_span),
        layouts.as_ref().map(Field::key_span),
        schedules.as_ref().map(Field::key_span),
        networks.as_ref().map(Field::key_span),
        grants.as_ref().map(Field::key_span),
        links.as_ref().map(Field::key_span),
        tests.as_ref().map(Field::key_span),
    ];
    spans.into_iter().flatten().min()
}

/// Every id that a document declares, whatever it is.
fn ids_of<'d>(document: &'d Document<'d>) -> impl Iterator<Item = &'d str> {
    fn of<'d, T>(section: &'d Option<Field<Entries<'d, T>>>) -> impl Iterator<Item = &'d str> {
        section.iter().filter_map(|field| field.value.as_ref()).flat_map(|entries| entries.0.iter().map(|e| e.id))
    }
    of(&document.users)
        .chain(of(&document.teams))
        .chain(of(&document.roles))
        .chain(of(&document.sites))
        .chain(of(&document.recorders))
        .chain(of(&document.devices))
        .chain(of(&document.device_groups))
        .chain(of(&document.layouts))
        .chain(of(&document.schedules))
        .chain(network_names(document).map(|(name, _)| name))
}

pub(super) fn network_names<'d>(document: &'d Document<'d>) -> impl Iterator<Item = (&'d str, Span)> {
    let pairs = document.networks.iter().filter_map(|field| field.value.as_ref());
    pairs.flat_map(|Pairs(pairs)| pairs.iter().filter_map(|(name, _)| Some((name.value?, name.span))))
}

/// All entries of a section, over all documents of an organisation.
pub(super) fn entries<'d, T>(
    documents: &[&'d Document<'d>],
    section: impl Fn(&'d Document<'d>) -> &'d Option<Field<Entries<'d, T>>>,
) -> Vec<&'d Entry<'d, T>> {
    let sections = documents.iter().filter_map(|document| section(document).as_ref()?.value.as_ref());
    sections.flat_map(|entries| &entries.0).collect()
}

/// All items of a list section.
pub(super) fn items<'d, T>(
    documents: &[&'d Document<'d>],
    section: impl Fn(&'d Document<'d>) -> &'d Option<Field<Many<T>>>,
) -> Vec<&'d Field<T>> {
    let sections = documents.iter().filter_map(|document| section(document).as_ref()?.value.as_ref());
    sections.flat_map(|Many(items)| items).collect()
}
