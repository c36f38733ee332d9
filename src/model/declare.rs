//! Every declared name with its number: ids that are well-formed, each once, and none that is reserved.
//!
//! Numbers follow the order in which things stand. A name that is declared twice keeps its first number; the second
//! declaration is judged like any other, and nothing refers to it.

use std::collections::{HashMap, hash_map};

use super::arena::Index as _;
use super::conditions::reads_as_address;
use super::gather::{Gathered, entries, network_names};
use super::names::{Kind, Names};
use super::types::PlaceIx;
use super::{forms, rules};
use crate::diagnostics::Diagnostic;
use crate::source::Span;
use crate::syntax::Entry;
use crate::syntax::decl;

/// A site or group, with its path.
#[derive(Debug)]
pub(super) struct DeclaredPlace<'d> {
    pub id: &'d str,
    pub path: String,
    pub span: Span,
    pub end: u32,
    pub parent: Option<PlaceIx>,
    pub depth: u32,
    pub body: Option<&'d decl::SiteOrGroup<'d>>,
}

/// Numbers all names of an organisation.
pub(super) fn declare_all<'d>(org: &mut Gathered<'d>, diagnostics: &mut Vec<Diagnostic>) {
    let documents = &org.documents;
    macro_rules! section {
        ($field:ident) => {
            entries(documents, |d| &d.$field).into_iter().map(|e| (e.id, e.span)).collect()
        };
    }
    let sections = [
        (Kind::User, section!(users)),
        (Kind::Team, section!(teams)),
        (Kind::Role, section!(roles)),
        (Kind::Recorder, section!(recorders)),
        (Kind::Device, section!(devices)),
        (Kind::DeviceGroup, section!(device_groups)),
        (Kind::Layout, section!(layouts)),
        (Kind::Schedule, section!(schedules)),
        (Kind::Link, section!(links)),
        (Kind::Network, documents.iter().flat_map(|d| network_names(d)).collect()),
    ];
    for (kind, ids) in sections {
        declare(&mut org.names, kind, ids, diagnostics);
    }
    let sites = entries(&org.documents, |d| &d.sites);
    let mut siblings = Siblings::default();
    for site in sites {
        declare_place(org, None, site, &mut siblings, diagnostics);
    }
}

fn declare<'d>(names: &mut Names<'d>, kind: Kind, ids: Vec<(&'d str, Span)>, diagnostics: &mut Vec<Diagnostic>) {
    let map = names.map_mut(kind);
    let mut folded = HashMap::new();
    for (number, (id, span)) in ids.into_iter().enumerate() {
        if let Some(diagnostic) = reserved(kind, id, span) {
            diagnostics.push(diagnostic);
        } else {
            let form = if kind == Kind::User { forms::user_id(id) } else { forms::id(id) };
            report_form(form, span, diagnostics);
        }
        let key = kind.key(id);
        if let Some((_, earlier)) = map.get(&key) {
            diagnostics.push(declared_twice(kind.word(), id, span, *earlier));
            continue;
        }
        map.insert(key, (number as u32, span));
        if !kind.folds_case() {
            check_case(kind.word(), id, span, &mut folded, diagnostics);
        }
    }
}

/// Names that no one may declare.
fn reserved(kind: Kind, id: &str, span: Span) -> Option<Diagnostic> {
    let (found, help) = match kind {
        Kind::User | Kind::Team if id.eq_ignore_ascii_case("everyone") => {
            (format!("`{id}` is built in: every user of the organisation"), "choose another name")
        }
        Kind::DeviceGroup if id.eq_ignore_ascii_case("exclude") => (
            format!("`{id}` is built in: what is in it is kept from everybody but owners"),
            "choose another name, or leave the declaration out",
        ),
        Kind::Role if id.contains('/') => {
            (format!("`{id}`: names with a slash are those of built-in roles"), "choose a name without a slash")
        }
        Kind::Network if reads_as_address(id) => {
            return Some(
                Diagnostic::new(
                    &crate::syntax::rules::MALFORMED_ID,
                    span,
                    format!("the network's name `{id}` reads as an address"),
                )
                .help("choose a name that cannot be taken for an address"),
            );
        }
        _ => return None,
    };
    Some(Diagnostic::new(&rules::RESERVED, span, found).help(help))
}

/// Ids of places that stand side by side, in lower case, to find those that differ in case alone.
type Siblings<'d> = HashMap<(Option<PlaceIx>, String), (&'d str, Span)>;

fn declare_place<'d>(
    org: &mut Gathered<'d>,
    parent: Option<PlaceIx>,
    declared: &'d Entry<'d, decl::SiteOrGroup<'d>>,
    siblings: &mut Siblings<'d>,
    diagnostics: &mut Vec<Diagnostic>,
) {
    let Entry { id, span, end, body } = declared;
    let (id, span) = (*id, *span);
    report_form(forms::id(id), span, diagnostics);
    let (path, depth) = match parent.and_then(|parent| org.places.get(parent.number())) {
        Some(above) => (format!("{}/{id}", above.path), above.depth + 1),
        None => (id.to_owned(), 0),
    };
    let word = if parent.is_none() { "site" } else { "group" };
    let index = PlaceIx::new(org.places.len());
    match siblings.entry((parent, id.to_ascii_lowercase())) {
        hash_map::Entry::Vacant(entry) => {
            entry.insert((id, span));
        }
        hash_map::Entry::Occupied(entry) => {
            let (first, earlier) = *entry.get();
            diagnostics.push(if first == id {
                declared_twice(word, id, span, earlier)
            } else {
                case_alone(word, id, span, first, earlier)
            });
        }
    }
    org.names.map_mut(Kind::Site).entry(path.clone().into()).or_insert((index.0, span));
    org.places.push(DeclaredPlace { id, path, span, end: *end, parent, depth, body: body.as_ref() });
    let groups = body.as_ref().and_then(|body| body.groups.as_ref()?.value.as_ref());
    for group in groups.into_iter().flat_map(|entries| &entries.0) {
        declare_place(org, Some(index), group, siblings, diagnostics);
    }
}

pub(super) fn report_form(form: Result<(), forms::Misfit>, span: Span, diagnostics: &mut Vec<Diagnostic>) {
    if let Err(misfit) = form {
        diagnostics.push(Diagnostic::new(misfit.rule, span, misfit.message).help(misfit.help));
    }
}

pub(super) fn check_case<'d>(
    word: &str,
    id: &'d str,
    span: Span,
    folded: &mut HashMap<String, (&'d str, Span)>,
    diagnostics: &mut Vec<Diagnostic>,
) {
    let (first, earlier) = *folded.entry(id.to_ascii_lowercase()).or_insert((id, span));
    if first != id {
        diagnostics.push(case_alone(word, id, span, first, earlier));
    }
}

pub(super) fn declared_twice(word: &str, id: &str, span: Span, earlier: Span) -> Diagnostic {
    Diagnostic::new(&rules::DECLARED_TWICE, span, format!("the {word} `{id}` is declared twice"))
        .label("again here")
        .other(earlier, "first here")
        .help("put both into one declaration, or rename one of them")
}

fn case_alone(word: &str, id: &str, span: Span, first: &str, earlier: Span) -> Diagnostic {
    Diagnostic::new(&rules::CASE_ALONE, span, format!("the {word}s `{id}` and `{first}` differ in letter case alone"))
        .label("one of them")
        .other(earlier, "one of them")
        .help("rename one of them, so that nobody takes one for the other")
}
