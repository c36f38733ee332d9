//! YAML to a lossless spanned tree to typed declarations. Never fails: always declarations and a list of mistakes.
//!
//! In: one file's text. Out: its documents, each a [`decl::Document`] whose fields know their place. `yaml` is the
//! one door to the YAML parser; behind [`Tree`] nobody knows which parser it was. Nothing here resolves names.

pub mod decl;
mod documents;
mod field;
mod reading;
pub mod rules;
mod tree;
mod yaml;

pub use documents::{FileDocuments, PolicyDocument, manifest, policy_file};
pub use field::{Entries, Entry, Field, Many, Pairs};
pub use reading::Limits as ReadingLimits;
pub use tree::{Node, NodeId, NodeKind, Tree};
pub use yaml::parse;
