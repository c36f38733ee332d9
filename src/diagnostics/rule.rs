//! A rule: the code, the name if it is a lint, the level it has by itself, and its page.

use serde::{Deserialize, Serialize};

/// How much a finding weighs. Errors are of level [`Level::Deny`]; lints have any.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// Not reported.
    Allow,
    /// Reported; the policy compiles.
    Warn,
    /// Reported; the policy compiles to nothing.
    Deny,
}

/// What can be wrong, as `explain` tells it.
#[derive(Debug)]
pub struct Rule {
    /// `CG` and four digits; never reused.
    pub code: &'static str,
    /// The name of a lint; errors have none.
    pub name: Option<&'static str>,
    /// The level that it has unless somebody says otherwise.
    pub level: Level,
    /// The page, in Markdown.
    pub page: &'static str,
    /// Whether what it finds depends on the clock. Such a lint never stops a compile, whatever its level, so that an old
    /// revision can still be compiled.
    pub by_clock: bool,
}

impl Rule {
    /// An error: always of level deny.
    #[must_use]
    pub const fn error(code: &'static str, page: &'static str) -> Rule {
        Rule { code, name: None, level: Level::Deny, page, by_clock: false }
    }

    /// A lint.
    #[must_use]
    pub const fn lint(code: &'static str, name: &'static str, level: Level, page: &'static str) -> Rule {
        Rule { code, name: Some(name), level, page, by_clock: false }
    }

    /// A lint that looks at the clock.
    #[must_use]
    pub const fn by_clock(code: &'static str, name: &'static str, level: Level, page: &'static str) -> Rule {
        Rule { by_clock: true, ..Rule::lint(code, name, level, page) }
    }

    /// The page's headline, without the code.
    #[must_use]
    pub fn title(&self) -> &'static str {
        let first = self.page.lines().next().unwrap_or("");
        first.trim_start_matches('#').trim().trim_start_matches(self.code).trim_start_matches(':').trim()
    }
}
