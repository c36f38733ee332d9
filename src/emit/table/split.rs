//! One table for each recorder, and one for what is on none: what a pipeline pushes, file by file.

use std::collections::BTreeSet;

use super::Selection;
use super::selection::{Selected, slice};
use crate::model::Arena;

/// One table of a split.
#[derive(Clone, Debug)]
pub struct Slice<'r> {
    /// Where it goes: `<org>/<recorder>.json`, or `<org>/_unrecorded.json`.
    pub path: String,
    /// What it holds.
    pub selection: Selection<'r>,
}

/// Parts a selection of whole organisations: a slice for each recorder, and one for every resource that is in none of
/// them; sorted by path.
#[must_use]
pub fn slices<'r>(selection: &Selection<'r>) -> Vec<Slice<'r>> {
    let mut all = Vec::new();
    for selected in &selection.orgs {
        let rights = selected.rights;
        let mut in_none: Arena<_, bool> = rights.resources.class_of.iter().map(|_| true).collect();
        let mut add = |name: &str, kept| {
            let selection = Selection { orgs: vec![Selected { rights, kept: Some(kept) }] };
            all.push(Slice { path: format!("{}/{name}.json", rights.org.id), selection });
        };
        let mut written: BTreeSet<&str> = BTreeSet::new();
        for (index, recorder) in rights.org.recorders.iter() {
            let kept = slice(rights, index);
            for (resource, there) in kept.iter() {
                in_none[resource] &= !there;
            }
            if written.insert(&recorder.id) {
                add(&recorder.id, kept);
            }
        }
        add("_unrecorded", in_none);
    }
    all.sort_by(|a, b| a.path.cmp(&b.path));
    all
}
