//! A file's text to its typed documents: the stage's two ways in.

use serde::Deserialize;

use super::decl::{Document, Manifest};
use super::reading::{Limits, Reading};
use super::tree::{NodeId, NodeKind, Tree};
use super::{Field, rules};
use crate::diagnostics::Diagnostic;
use crate::source::{FileId, Span};

/// What one policy file says.
#[derive(Debug)]
pub struct FileDocuments<'t> {
    /// Its documents, in order.
    pub documents: Vec<PolicyDocument<'t>>,
    /// What is wrong with it.
    pub diagnostics: Vec<Diagnostic>,
}

/// One document of a policy file.
#[derive(Debug)]
pub struct PolicyDocument<'t> {
    /// The file.
    pub file: FileId,
    /// Its sections, as far as they could be read.
    pub body: Option<Document<'t>>,
    /// Whether a syntax error hides the rest, so that names may be declared which nobody sees.
    pub cut: bool,
    /// Texts inside what was wrong and had to be passed over (an unknown section, a repeated key): names that may
    /// be declared there.
    pub passed_over: Vec<&'t str>,
}

/// Reads the documents of a policy file from its tree.
#[must_use]
pub fn policy_file<'t>(tree: &'t Tree<'t>, file: FileId, limits: Limits) -> FileDocuments<'t> {
    let reading = Reading::new(tree, file, limits);
    let documents = tree
        .documents()
        .iter()
        .map(|document| {
            let body = document.root.filter(|root| !tree.is_null(*root)).and_then(|root| read(&reading, root));
            let passed_over = document.root.map(|root| passed_over(tree, root)).unwrap_or_default();
            PolicyDocument { file, body, cut: document.cut, passed_over }
        })
        .collect();
    FileDocuments { documents, diagnostics: reading.diagnostics.into_inner() }
}

/// Reads the manifest from its tree. A second document in it is a mistake.
#[must_use]
pub fn manifest<'t>(tree: &'t Tree<'t>, file: FileId, limits: Limits) -> (Option<Manifest<'t>>, Vec<Diagnostic>) {
    let mut roots = tree.documents().iter().filter_map(|document| document.root).filter(|root| !tree.is_null(*root));
    let Some(root) = roots.next() else { return (None, Vec::new()) };
    let reading = Reading::new(tree, file, limits);
    let manifest = read(&reading, root);
    let mut diagnostics = reading.diagnostics.into_inner();
    if let Some(second) = roots.next() {
        let node = tree.node(second);
        diagnostics.push(
            Diagnostic::new(
                &rules::WRONG_TYPE,
                Span::new(file, node.start, node.start + 1),
                "the manifest has a second document",
            )
            .help("put everything into one document; sections belong into other files"),
        );
    }
    (manifest, diagnostics)
}

fn read<'t, T: Deserialize<'t>>(reading: &Reading<'t>, root: NodeId) -> Option<T> {
    Field::<T>::deserialize(reading.root(root)).ok().and_then(|field| field.value)
}

/// The sections that declare names, and so are mappings.
const NAMING: [&str; 12] = [
    "orgs",
    "users",
    "teams",
    "roles",
    "sites",
    "recorders",
    "devices",
    "device_groups",
    "layouts",
    "schedules",
    "networks",
    "links",
];

fn passed_over<'t>(tree: &'t Tree<'t>, root: NodeId) -> Vec<&'t str> {
    let mut texts = Vec::new();
    let mut children = tree.children(root);
    while let (Some(key), Some(value)) = (children.next(), children.next()) {
        let value = tree.resolve(value);
        let is_mapping = matches!(tree.node(value).kind, NodeKind::Mapping { .. });
        match tree.scalar(tree.resolve(key)) {
            Some(name) if NAMING.contains(&name) && is_mapping => {
                if name == "sites" {
                    places_passed_over(tree, value, &mut texts);
                }
                if tree.node(key).dropped {
                    collect(tree, value, &mut texts);
                }
            }
            Some("org" | "grants" | "tests") => {}
            Some(name) if name.starts_with("x-") => {}
            _ => collect(tree, value, &mut texts),
        }
    }
    texts
}

/// Groups behind a mistyped or repeated `groups:`.
fn places_passed_over<'t>(tree: &'t Tree<'t>, places: NodeId, texts: &mut Vec<&'t str>) {
    const KNOWN: [&str; 5] = ["name", "reason", "ref", "recorder", "exclude"];
    for (_, body) in tree.pairs(places) {
        // aliases are not followed: what they show has been looked at where it stands
        let mut children = tree.children(body);
        while let (Some(key), Some(value)) = (children.next(), children.next()) {
            match tree.scalar(tree.resolve(key)) {
                Some("groups") if !tree.node(key).dropped => places_passed_over(tree, value, texts),
                Some(name) if KNOWN.contains(&name) => {}
                _ => collect(tree, value, texts),
            }
        }
    }
}

/// All scalars of a subtree, aliases not followed.
fn collect<'t>(tree: &'t Tree<'t>, node: NodeId, texts: &mut Vec<&'t str>) {
    texts.extend((node.0..tree.node(node).next).filter_map(|id| tree.scalar(NodeId(id))));
}
