//! YAML to a lossless spanned tree to typed declarations. Never fails: always declarations and a list of mistakes.
//!
//! In: one file's text. Out: its documents, each a [`decl::Document`] whose fields know their place. `yaml` is the
//! one door to the YAML parser, `quick` reads what is plain without it; behind [`Tree`] nobody knows which of them it
//! was. Nothing here resolves names.

use crate::diagnostics::Diagnostic;
use crate::source::FileId;

mod comments;
pub mod decl;
mod documents;
mod field;
mod identity;
mod outline;
mod quick;
mod reading;
pub mod rules;
mod tree;
mod yaml;

pub use comments::{AllowComment, comments};
pub use documents::{FileDocuments, PolicyDocument, manifest, policy_file};
pub use field::{Entries, Entry, Field, Many, Pairs};
pub use identity::Identities;
pub use outline::{Edit, Outline, Part};
pub use reading::Limits as ReadingLimits;
pub use tree::{Node, NodeId, NodeKind, Tree};

/// Reads one file's text: by the quick reader where it takes it, else by the full parser, which alone reports mistakes.
/// `max_depth` bounds how deep lists and mappings may nest.
#[must_use]
pub fn parse(file: FileId, text: &str, max_depth: u32) -> (Tree<'_>, Vec<Diagnostic>) {
    match parse_quickly(text, max_depth) {
        Some(tree) => (tree, Vec::new()),
        None => parse_in_full(file, text, max_depth),
    }
}

/// The quick reader alone: none where it declines the text. What it gives equals what [`parse_in_full`] gives.
#[must_use]
pub fn parse_quickly(text: &str, max_depth: u32) -> Option<Tree<'_>> {
    quick::parse(text, max_depth)
}

/// The full parser alone.
#[must_use]
pub fn parse_in_full(file: FileId, text: &str, max_depth: u32) -> (Tree<'_>, Vec<Diagnostic>) {
    yaml::parse(file, text, max_depth)
}
