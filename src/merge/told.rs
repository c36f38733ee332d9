//! What fails in a merge, told: names, files and lines. In: what fails. Out: a [`MergeTold`], whose fields' comments are the
//! descriptions in its schema.

use schemars::JsonSchema;
use serde::Serialize;

use super::{Alone, Broken, EmergentTold, Judged};
use crate::query::told::PlaceTold;
use crate::source::Places;
use crate::testing::{self, TestTold};

/// What `camgrant merge-check --format json` prints.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[schemars(rename = "MergeCheck")]
pub struct MergeTold {
    /// What the changes are called.
    #[serde(flatten)]
    pub names: Names,
    /// Whether the merge can be made, and nothing fails in it.
    pub passed: bool,
    /// Files that Git cannot merge, as seen from the policy's folder. Where there is one, nothing else was judged.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schemars(default)]
    pub conflicts: Vec<String>,
    /// Findings of level error in the merge.
    pub findings: Vec<BrokenFindingTold>,
    /// Tests that fail in the merge.
    pub tests: Vec<BrokenTestTold>,
    /// How many tests the merge has; none are run where it does not compile.
    pub count: u64,
    /// Rights that the merge has and neither change alone; for information, they are no failure. None where the merge does
    /// not compile.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schemars(default)]
    pub emergent: Vec<EmergentTold>,
}

/// What the versions are called.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Names {
    /// From what both come.
    pub base: String,
    /// The first change.
    pub ours: String,
    /// The second one.
    pub theirs: String,
}

/// A finding in the merge.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[schemars(rename = "BrokenFinding")]
pub struct BrokenFindingTold {
    /// How it stands in the first change alone.
    pub ours: Alone,
    /// How it stands in the second one.
    pub theirs: Alone,
    /// Its code.
    pub code: &'static str,
    /// The name of the lint, where it is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<&'static str>,
    /// What was found, in one line.
    pub message: String,
    /// Where, in the merge.
    pub place: PlaceTold,
}

/// A test that fails in the merge.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[schemars(rename = "BrokenTest")]
pub struct BrokenTestTold {
    /// How it stands in the first change alone.
    pub ours: Alone,
    /// How it stands in the second one.
    pub theirs: Alone,
    /// The test, with why it fails in the merge.
    #[serde(flatten)]
    pub test: TestTold,
}

impl BrokenFindingTold {
    /// Whether it is in neither change alone.
    #[must_use]
    pub fn is_together(&self) -> bool {
        super::is_together([self.ours, self.theirs])
    }
}

impl BrokenTestTold {
    /// Whether it fails in neither change alone.
    #[must_use]
    pub fn is_together(&self) -> bool {
        super::is_together([self.ours, self.theirs])
    }
}

/// Tells of a merge that cannot be made.
#[must_use]
pub fn conflict(names: Names, conflicts: Vec<String>) -> MergeTold {
    MergeTold {
        names,
        passed: false,
        conflicts,
        findings: Vec::new(),
        tests: Vec::new(),
        count: 0,
        emergent: Vec::new(),
    }
}

/// Tells what fails in a merge.
#[must_use]
pub fn tell(names: Names, broken: &Broken<'_>, merged: Judged<'_>, emergent: Vec<EmergentTold>) -> MergeTold {
    let mut places = Places::new(merged.sources);
    let findings = broken.findings.iter().map(|(found, [ours, theirs])| {
        let (file, at) = places.locate(found.span);
        BrokenFindingTold {
            ours: *ours,
            theirs: *theirs,
            code: found.rule.code,
            name: found.rule.name,
            message: found.message.clone(),
            place: PlaceTold { file: file.to_owned(), line: at.line, column: at.column },
        }
    });
    let findings = findings.collect();
    // a failure is told with its proof, which takes its time: only those that are
    let failed: Vec<testing::Outcome<'_>> = merged.outcomes.iter().map(|outcome| outcome.failed()).collect();
    let told = testing::tell(&failed, merged.sources).tests;
    let tests = told.into_iter().zip(&broken.tests).map(|(test, (_, _, [ours, theirs]))| BrokenTestTold {
        ours: *ours,
        theirs: *theirs,
        test,
    });
    let count = merged.outcomes.iter().map(|outcome| outcome.tests.len() as u64).sum();
    let (passed, conflicts, tests) = (broken.is_empty(), Vec::new(), tests.collect());
    MergeTold { names, passed, conflicts, findings, tests, count, emergent }
}
