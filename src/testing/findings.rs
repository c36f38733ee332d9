//! Tests that fail as findings, for the formats that show findings in code. In: outcomes and what was told of them. Out:
//! one finding for each test that fails, at its place.

use super::Outcome;
use super::coverage::Coverage;
use super::rules;
use super::told::TestsTold;
use crate::diagnostics::{Diagnostic, Level};
use crate::effective::OrgRights;

/// A finding for each test that fails, in the order of the tests.
#[must_use]
pub fn findings(outcomes: &[Outcome<'_>], told: &TestsTold) -> Vec<Diagnostic> {
    let spans = outcomes.iter().flat_map(|outcome| outcome.tests.iter().map(|(test, _)| test.span));
    let failed = spans.zip(&told.tests).filter_map(|(span, test)| Some((span, test, test.failure.as_ref()?)));
    let finding = |(span, test, failure): (_, &super::TestTold, &super::FailureTold)| {
        let found = match &test.name {
            Some(name) => format!("the test `{name}` fails: {}", failure.text),
            None => format!("this test fails: {}", failure.text),
        };
        let finding = Diagnostic::new(&rules::TEST_FAILS, span, found);
        let why = failure.proofs.first().zip(failure.counterexamples.first()).map(|(proof, one)| {
            let at = one.at.iter().map(|at| format!(" --at {at}"));
            let from = one.address.iter().map(|address| format!(" --address {address}"));
            let rest: String = at.chain(from).collect();
            format!("`camgrant why {} {} {}{rest}` says why", proof.subject, proof.capability, proof.resource)
        });
        finding.help(why.unwrap_or_else(|| "name subjects and a scope of which something can be said".to_owned()))
    };
    failed.map(finding).collect()
}

/// A warning for each grant, denial and role that no test depends on.
#[must_use]
pub fn uncovered(coverage: &[(&OrgRights, Coverage)]) -> Vec<Diagnostic> {
    let items = coverage.iter().flat_map(|(rights, coverage)| coverage.uncovered.iter().map(|item| (*rights, item)));
    let finding = |(rights, item): (&OrgRights, &super::Item)| {
        let (kind, id, span) = item.declared(rights);
        let found = match id {
            Some(id) => format!("no test depends on the {kind} `{id}`"),
            None => format!("no test depends on this {kind}"),
        };
        let help = "write a test that would fail without it, or take it out".to_owned();
        Diagnostic { level: Level::Warn, ..Diagnostic::new(&rules::UNCOVERED, span, found).help(help) }
    };
    items.map(finding).collect()
}
