//! Every rule that a policy can break, with its page: what `explain` and the reports look up.

mod document;

pub use document::document;

use crate::diagnostics::Rule;
use crate::{compile, effective, graph, lint, model, review, syntax, testing};

/// All rules, errors first, in the order of their codes.
pub fn all() -> impl Iterator<Item = &'static Rule> {
    let stages = [compile::files::ALL, syntax::rules::ALL, model::rules::ALL, graph::rules::ALL];
    let stages =
        stages.into_iter().chain([effective::rules::ALL, testing::rules::ALL, review::rules::ALL]).flatten().copied();
    let mut rules: Vec<&Rule> =
        stages.chain(lint::ALL.iter().map(|lint| &lint.rule)).chain([&lint::UNUSED_ALLOW]).collect();
    rules.sort_by_key(|rule| rule.code);
    rules.into_iter()
}

/// The rule with this code (letter case aside) or lint name.
#[must_use]
pub fn find(name: &str) -> Option<&'static Rule> {
    all().find(|rule| rule.code.eq_ignore_ascii_case(name) || rule.name == Some(name))
}

/// The lints that this version runs.
pub fn lints() -> impl Iterator<Item = &'static Rule> {
    all().filter(|rule| rule.name.is_some())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_ascend_and_every_page_bears_its_own() {
        let codes: Vec<_> = all().map(|rule| rule.code).collect();
        assert!(codes.is_sorted_by(|a, b| a < b), "{codes:?}");
        for rule in all() {
            assert!(rule.page.starts_with(&format!("# {}: ", rule.code)), "{}", rule.code);
        }
    }
}
