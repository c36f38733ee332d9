//! What lints found. A lint knows what should go; how that is taken out of the text is known once, here.

use std::collections::BTreeMap;

use crate::diagnostics::{Diagnostic, Fix};
use crate::source::{FileId, Span};
use crate::syntax::{Outline, Part, Tree};

/// Findings of lints.
#[derive(Debug, Default)]
pub struct Findings {
    all: Vec<Diagnostic>,
    /// What would be mended by taking something out: which finding, where that is, and in which words.
    removals: Vec<Removal>,
}

#[derive(Debug)]
struct Removal {
    finding: usize,
    file: FileId,
    part: Part,
    title: &'static str,
}

impl Findings {
    /// Adds a finding.
    pub fn push(&mut self, finding: Diagnostic) {
        self.all.push(finding);
    }

    /// Adds a finding that is mended by taking the item of a list out that begins at a place.
    pub fn push_without_item(&mut self, finding: Diagnostic, item: Span, title: &'static str) {
        self.push_without(finding, item.file, Part::Item(item.start), title);
    }

    /// Adds a finding that is mended by taking the entry of a mapping out whose key begins at a place.
    pub fn push_without_entry(&mut self, finding: Diagnostic, key: Span, title: &'static str) {
        self.push_without(finding, key.file, Part::Entry(key.start), title);
    }

    fn push_without(&mut self, finding: Diagnostic, file: FileId, part: Part, title: &'static str) {
        self.removals.push(Removal { finding: self.all.len(), file, part, title });
        self.all.push(finding);
    }

    /// All findings, with their fixes where these are certain. The trees are in the order of their files.
    #[must_use]
    pub fn into_diagnostics(mut self, trees: &[(FileId, Tree<'_>)]) -> Vec<Diagnostic> {
        let mut by_file: BTreeMap<FileId, Vec<Removal>> = BTreeMap::new();
        for removal in self.removals {
            by_file.entry(removal.file).or_default().push(removal);
        }
        for (file, removals) in by_file {
            let Ok(index) = trees.binary_search_by_key(&file, |(file, _)| *file) else { continue };
            let Some((_, tree)) = trees.get(index) else { continue };
            let outline = Outline::new(tree);
            let waiting = outline.firsts_of_emptied(&removals.iter().map(|removal| removal.part).collect());
            for Removal { finding, part, title, .. } in removals.into_iter().filter(|r| !waiting.contains(&r.part)) {
                if let (Some((range, text)), Some(finding)) = (outline.without(part), self.all.get_mut(finding)) {
                    let edits = vec![(Span::new(file, range.start, range.end), text)];
                    finding.fix = Some(Fix { title: title.to_owned(), edits });
                }
            }
        }
        self.all
    }
}
