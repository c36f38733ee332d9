//! The policy's own tests (`docs/language.md`, tests): run over classes of subjects and resources, never user by user and
//! device by device.
//!
//! In: rights, and a first instant. Out: which tests pass, and why the others fail; and which grants, denials and roles no
//! test depends on. Exact: a claim is judged at every instant from then on and from every address, unless it names one.
//! Nothing is compiled again, and nothing looks at the clock.
//!
//! | file | holds |
//! |---|---|
//! | `frame` | of whom and of what a test speaks |
//! | `support` | what a right rests on |
//! | `judge` | when a right is held |
//! | `verdict` | whether a test passes |
//! | `coverage`, `lost` | what no test depends on |
//! | `told`, `text`, `junit`, `findings` | the outcome: as data, in words, as reports |

mod coverage;
mod findings;
mod frame;
mod judge;
mod junit;
mod lost;
pub mod rules;
mod support;
mod text;
mod told;
mod verdict;

pub use coverage::{Coverage, Item, coverage};
pub use findings::{findings, uncovered};
pub use junit::junit;
pub use text::{coverage_text, failure_text, score, tests_text};
pub use told::{CounterexampleTold, CoverageTold, FailureTold, ItemTold, TestTold, TestsTold, tell, tell_coverage};
pub use verdict::{Counterexample, Counterexamples, Failure, RequestTold, Untrue};

use crate::effective::OrgRights;
use crate::model::PolicyTest;
use verdict::Bench;

/// What the tests of an organisation came to.
#[derive(Debug)]
pub struct Outcome<'r> {
    /// The organisation.
    pub rights: &'r OrgRights,
    /// Its tests as they stand, each with why it fails; none where it passes.
    pub tests: Vec<(&'r PolicyTest, Option<Failure>)>,
}

impl<'r> Outcome<'r> {
    /// Those that fail alone.
    #[must_use]
    pub fn failed(&self) -> Outcome<'r> {
        let failed = self.tests.iter().filter(|(_, failure)| failure.is_some());
        Outcome { rights: self.rights, tests: failed.cloned().collect() }
    }
}

/// Runs the tests of an organisation. `now` is the first instant, in seconds since 1970: what ended before is history.
#[must_use]
pub fn run(rights: &OrgRights, now: i64) -> Outcome<'_> {
    let mut bench = Bench::new(rights, now);
    let mut tests = Vec::with_capacity(rights.org.tests.len());
    for test in &rights.org.tests {
        let trial = bench.trial(test);
        tests.push((test, bench.verdict(&trial)));
    }
    Outcome { rights, tests }
}
