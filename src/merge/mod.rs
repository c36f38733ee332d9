//! Two changes, each harmless, that break something together, or give together what neither gives.
//!
//! In: what two changes and their merge were compiled to, and what their tests came to. Out: what fails in the merge, each
//! with whether it holds in either change alone; as data, and with names as [`MergeTold`]. How the texts are merged is not
//! known here, and nothing is compiled.
//!
//! | file | holds |
//! |---|---|
//! | `known` | by what a test is known again in another version |
//! | `emergent` | rights that neither change has alone |
//! | `told`, `text` | the outcome: as data, in words |

mod emergent;
mod known;
mod text;
mod told;

use std::collections::BTreeMap;

pub use emergent::{EmergentTold, emergent};
pub use text::merge_text;
pub use told::{BrokenFindingTold, BrokenTestTold, MergeTold, Names, conflict, tell};

use crate::diagnostics::Diagnostic;
use crate::diagnostics::fingerprint::{Fingerprint, fingerprints};
use crate::source::Sources;
use crate::testing::Outcome;
use known::{Known, keys};

/// What one version came to.
#[derive(Clone, Copy, Debug)]
pub struct Judged<'v> {
    /// Its texts.
    pub sources: &'v Sources,
    /// What was found in it, at the levels of this run.
    pub diagnostics: &'v [Diagnostic],
    /// What its tests came to, organisation by organisation; none where it does not compile.
    pub outcomes: &'v [Outcome<'v>],
}

/// How something that fails in the merge stands in one of the changes alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, schemars::JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Alone {
    /// It holds.
    Holds,
    /// It is not there.
    Absent,
    /// It fails as well.
    Fails,
}

/// What fails in a merge, each with how it stands in the first and in the second change alone.
#[derive(Debug)]
pub struct Broken<'m> {
    /// Findings of level error.
    pub findings: Vec<(&'m Diagnostic, [Alone; 2])>,
    /// Tests that fail: the organisation, and which of its tests.
    pub tests: Vec<(usize, usize, [Alone; 2])>,
}

/// Whether it fails in the merge and in neither change alone.
#[must_use]
pub fn is_together(alone: [Alone; 2]) -> bool {
    !alone.contains(&Alone::Fails)
}

impl Broken<'_> {
    /// Whether nothing fails.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.findings.is_empty() && self.tests.is_empty()
    }
}

/// What fails in the merge of two changes.
#[must_use]
pub fn broken<'m>(changes: [Judged<'_>; 2], merged: Judged<'m>) -> Broken<'m> {
    Broken { findings: broken_findings(changes, merged), tests: broken_tests(changes, merged) }
}

fn broken_findings<'m>(changes: [Judged<'_>; 2], merged: Judged<'m>) -> Vec<(&'m Diagnostic, [Alone; 2])> {
    let known = changes.map(errors);
    let found = errors(merged);
    let mut broken: Vec<(usize, [Alone; 2])> = found
        .into_iter()
        .map(|(fingerprint, at)| {
            let alone = |known: &BTreeMap<Fingerprint, usize>| match known.contains_key(&fingerprint) {
                true => Alone::Fails,
                false => Alone::Holds,
            };
            (at, [alone(&known[0]), alone(&known[1])])
        })
        .collect();
    broken.sort_unstable_by_key(|(at, _)| *at);
    broken.into_iter().filter_map(|(at, alone)| Some((merged.diagnostics.get(at)?, alone))).collect()
}

/// Findings of level error by what they are about, each with its number in the report.
fn errors(judged: Judged<'_>) -> BTreeMap<Fingerprint, usize> {
    let known = fingerprints(judged.diagnostics, judged.sources);
    let all = known.into_iter().zip(judged.diagnostics).enumerate();
    all.filter(|(_, (_, found))| found.is_error()).map(|(at, (fingerprint, _))| (fingerprint, at)).collect()
}

fn broken_tests(changes: [Judged<'_>; 2], merged: Judged<'_>) -> Vec<(usize, usize, [Alone; 2])> {
    let known = changes.map(|change| Known::new(change.outcomes, change.sources));
    let mut broken = Vec::new();
    for (org, outcome) in merged.outcomes.iter().enumerate() {
        for (test, key) in keys(outcome, merged.sources).into_iter().enumerate() {
            if outcome.tests.get(test).is_some_and(|(_, failure)| failure.is_some()) {
                broken.push((org, test, [known[0].alone(&key), known[1].alone(&key)]));
            }
        }
    }
    broken
}
