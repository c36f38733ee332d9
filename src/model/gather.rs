//! Documents put together by organisation, and every declared name with its number.
//!
//! Numbers follow the order in which things stand. A name that is declared twice keeps its first number; the second
//! declaration is judged like any other, and nothing refers to it.

use std::collections::HashMap;

use super::arena::Index as _;
use super::forms;
use super::names::{Kind, Names};
use super::rules;
use super::types::PlaceIx;
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

/// A site or group, with its path.
#[derive(Debug)]
pub(super) struct DeclaredPlace<'d> {
    pub path: String,
    pub span: Span,
    pub end: u32,
    pub parent: Option<PlaceIx>,
    pub depth: u32,
    pub body: Option<PlaceBody<'d>>,
}

/// What sites and groups have in common.
#[derive(Clone, Copy, Debug)]
pub(super) struct PlaceBody<'d> {
    pub reference: Option<&'d Field<decl::Text<'d>>>,
    pub recorder: Option<&'d Field<decl::Id<'d>>>,
    pub exclude: Option<&'d Field<bool>>,
    pub groups: Option<&'d Field<Entries<'d, decl::Group<'d>>>>,
}

/// All organisations by id, and what belongs to none (it is judged for its forms all the same).
pub(super) struct Gathering<'d> {
    pub orgs: Vec<Gathered<'d>>,
    pub orphans: Gathered<'d>,
}

/// Puts documents together. `hidden` says that some file could not be read at all.
pub(super) fn gather<'d>(
    documents: &'d [PolicyDocument<'d>],
    hidden: bool,
    diagnostics: &mut Vec<Diagnostic>,
) -> Gathering<'d> {
    let mut orgs = declared_orgs(documents, diagnostics);
    let mut orphans = Gathered::default();
    let by_id: HashMap<&str, usize> = orgs.iter().enumerate().rev().map(|(i, org)| (org.id, i)).collect();
    let any_cut = documents.iter().any(|document| document.cut);
    let mut said_none = false;
    for document in documents {
        let target = match &document.body {
            Some(body) => find_org(body, &orgs, &by_id, hidden || any_cut, &mut said_none, diagnostics),
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
                    orphans.documents.extend(&document.body);
                }
                for org in &mut orgs {
                    org.names.hidden |= document.cut;
                    org.names.maybe.extend(&document.passed_over);
                }
            }
        }
    }
    orphans.names.hidden = true;
    for org in orgs.iter_mut().chain([&mut orphans]) {
        org.names.hidden |= hidden;
        declare_all(org, diagnostics);
    }
    // what is declared in a document whose organisation is mistyped may be meant everywhere
    for org in &mut orgs {
        for document in &orphans.documents {
            org.names.maybe.extend(ids_of(document));
        }
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

/// Where a document belongs.
enum Target {
    /// To this organisation.
    Org(usize),
    /// It has nothing that belongs to one.
    NotNeeded,
    /// To one that is not known, which has been said.
    Unknown,
}

fn find_org(
    document: &Document<'_>,
    orgs: &[Gathered<'_>],
    by_id: &HashMap<&str, usize>,
    hidden: bool,
    said_none: &mut bool,
    diagnostics: &mut Vec<Diagnostic>,
) -> Target {
    if let Some(field) = &document.org {
        let Some(decl::Id(id)) = field.value else { return Target::Unknown };
        if let Some(index) = by_id.get(id) {
            return Target::Org(*index);
        }
        if !hidden {
            let found = format!("no organisation `{}` is declared", forms::shortened(id));
            let help = match nearest(id, orgs.iter().map(|org| org.id)) {
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
            if !hidden && !*said_none {
                *said_none = true;
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
        users.as_ref().map(|f| f.span),
        teams.as_ref().map(|f| f.span),
        roles.as_ref().map(|f| f.span),
        sites.as_ref().map(|f| f.span),
        recorders.as_ref().map(|f| f.span),
        devices.as_ref().map(|f| f.span),
        device_groups.as_ref().map(|f| f.span),
        layouts.as_ref().map(|f| f.span),
        schedules.as_ref().map(|f| f.span),
        networks.as_ref().map(|f| f.span),
        grants.as_ref().map(|f| f.span),
        links.as_ref().map(|f| f.span),
        tests.as_ref().map(|f| f.span),
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

fn network_names<'d>(document: &'d Document<'d>) -> impl Iterator<Item = (&'d str, Span)> {
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

fn declare_all<'d>(org: &mut Gathered<'d>, diagnostics: &mut Vec<Diagnostic>) {
    let documents = &org.documents;
    let ids = |entries: Vec<(&'d str, Span)>| entries;
    macro_rules! section {
        ($field:ident) => {
            ids(entries(documents, |d| &d.$field).into_iter().map(|e| (e.id, e.span)).collect())
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
        let body = site.body.as_ref().map(|site| PlaceBody {
            reference: site.reference.as_ref(),
            recorder: site.recorder.as_ref(),
            exclude: site.exclude.as_ref(),
            groups: site.groups.as_ref(),
        });
        declare_place(org, None, site.id, (site.span, site.end), body, &mut siblings, diagnostics);
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
        Kind::Network if id.parse::<std::net::IpAddr>().is_ok() => {
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
    id: &'d str,
    (span, end): (Span, u32),
    body: Option<PlaceBody<'d>>,
    siblings: &mut Siblings<'d>,
    diagnostics: &mut Vec<Diagnostic>,
) {
    report_form(forms::id(id), span, diagnostics);
    let (path, depth) = match parent.and_then(|parent| org.places.get(parent.number())) {
        Some(above) => (format!("{}/{id}", above.path), above.depth + 1),
        None => (id.to_owned(), 0),
    };
    let word = if parent.is_none() { "site" } else { "group" };
    let index = PlaceIx::new(org.places.len());
    match siblings.entry((parent, id.to_ascii_lowercase())) {
        std::collections::hash_map::Entry::Vacant(entry) => {
            entry.insert((id, span));
        }
        std::collections::hash_map::Entry::Occupied(entry) => {
            let (first, earlier) = *entry.get();
            diagnostics.push(if first == id {
                declared_twice(word, id, span, earlier)
            } else {
                case_alone(word, id, span, first, earlier)
            });
        }
    }
    org.names.map_mut(Kind::Site).entry(path.clone().into()).or_insert((index.0, span));
    org.places.push(DeclaredPlace { path, span, end, parent, depth, body });
    let groups = body.and_then(|body| body.groups?.value.as_ref());
    for group in groups.into_iter().flat_map(|entries| &entries.0) {
        let body = group.body.as_ref().map(|group| PlaceBody {
            reference: group.reference.as_ref(),
            recorder: group.recorder.as_ref(),
            exclude: group.exclude.as_ref(),
            groups: group.groups.as_ref(),
        });
        declare_place(org, Some(index), group.id, (group.span, group.end), body, siblings, diagnostics);
    }
}

fn report_form(form: Result<(), forms::Misfit>, span: Span, diagnostics: &mut Vec<Diagnostic>) {
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
        .label("here")
        .other(earlier, "and here")
        .help("rename one of them, so that nobody takes one for the other")
}
