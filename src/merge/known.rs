//! By what a test is known again in another version: its name, or where it has none what it says. Of several that are known
//! by the same, each has its number in their order.

use std::collections::BTreeMap;

use super::Alone;
use crate::model::{Claim, PolicyTest};
use crate::source::{Sources, Span};
use crate::testing::Outcome;

/// The organisation, what the test is known by, and the how-manieth of these it is.
pub(super) type Key = (String, Vec<String>, usize);

/// The tests of a version.
#[derive(Debug)]
pub(super) struct Known {
    /// Whether each fails.
    tests: BTreeMap<Key, bool>,
}

impl Known {
    pub(super) fn new(outcomes: &[Outcome<'_>], sources: &Sources) -> Known {
        let mut tests = BTreeMap::new();
        for outcome in outcomes {
            let fails = outcome.tests.iter().map(|(_, failure)| failure.is_some());
            tests.extend(keys(outcome, sources).into_iter().zip(fails));
        }
        Known { tests }
    }

    /// How a test of the merge stands in this version.
    pub(super) fn alone(&self, key: &Key) -> Alone {
        match self.tests.get(key) {
            None => Alone::Absent,
            Some(true) => Alone::Fails,
            Some(false) => Alone::Holds,
        }
    }
}

/// The keys of an organisation's tests, in their order.
pub(super) fn keys(outcome: &Outcome<'_>, sources: &Sources) -> Vec<Key> {
    let org = &outcome.rights.org.id;
    let mut seen: BTreeMap<Vec<String>, usize> = BTreeMap::new();
    let key = |(test, _): &(&PolicyTest, _)| {
        let says = match &test.name {
            Some(name) => vec![name.to_string()],
            None => text(test, sources),
        };
        let number = seen.entry(says.clone()).or_default();
        *number += 1;
        (org.to_string(), says, *number)
    };
    outcome.tests.iter().map(key).collect()
}

/// What a test without a name says, in its own words.
fn text(test: &PolicyTest, sources: &Sources) -> Vec<String> {
    let words = |spans: Vec<Span>| {
        let mut words: Vec<&str> =
            spans.into_iter().map(|span| sources.slice(span).trim_matches(['"', '\''])).collect();
        words.sort_unstable();
        words.join(" ")
    };
    let spans = |items: &[(_, Span)]| items.iter().map(|(_, span)| *span).collect::<Vec<Span>>();
    let (kind, claimed) = match &test.claim {
        Claim::Can { capabilities, nobody_else: false } => ("can", words(spans(capabilities))),
        Claim::Can { capabilities, nobody_else: true } => ("can, nobody else", words(spans(capabilities))),
        Claim::Cannot(capabilities) => ("cannot", words(spans(capabilities))),
        Claim::NeverTogether(capabilities) => ("never together", words(spans(capabilities))),
        Claim::MaxHolders(limits) => ("max holders", words(limits.iter().map(|limit| limit.span).collect())),
    };
    vec![
        String::new(), // no name says this
        kind.to_owned(),
        claimed,
        words(test.to.iter().map(|(_, span)| *span).collect()),
        words(test.except.iter().map(|(_, span)| *span).collect()),
        words(test.scope.iter().map(|(_, span)| *span).collect()),
        format!("{:?} {:?}", test.at, test.address),
    ]
}
