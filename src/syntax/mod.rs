//! YAML to a lossless spanned tree to typed declarations. Never fails: always declarations and a list of mistakes.
//!
//! In: one file's text. Out: its documents, each a [`decl::Document`] whose fields know their place. `yaml` is the
//! one door to the YAML parser; behind [`Tree`] nobody knows which parser it was. Nothing here resolves names.

pub mod decl;
mod documents;
mod field;
mod quick;
mod reading;
pub mod rules;
mod tree;
mod yaml;

pub use documents::{FileDocuments, PolicyDocument, manifest, policy_file};
pub use field::{Entries, Entry, Field, Many, Pairs};
pub use reading::Limits as ReadingLimits;
pub use tree::{Node, NodeId, NodeKind, Tree};

use crate::diagnostics::Diagnostic;
use crate::source::FileId;

/// Reads one file's text: by the quick reader where it takes it, else by the full parser, which alone reports mistakes.
/// `max_depth` bounds how deep lists and mappings may nest.
#[must_use]
pub fn parse(file: FileId, text: &str, max_depth: u32) -> (Tree<'_>, Vec<Diagnostic>) {
    match quick::parse(text, max_depth) {
        Some(tree) => (tree, Vec::new()),
        None => yaml::parse(file, text, max_depth),
    }
}
