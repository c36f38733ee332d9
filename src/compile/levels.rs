//! The levels of lints in one run.

use std::collections::BTreeMap;

use crate::diagnostics::{Diagnostic, Level, Rule};
use crate::lint::{Heard, UNUSED_ALLOW};
use crate::model::LintLevels;

/// The levels in force: a lint has its own, the manifest's wins over it, the command line's over both.
pub(super) struct Levels<'o> {
    flags: BTreeMap<&'o str, Level>,
    manifest: &'o LintLevels,
    /// What `--deny warnings` makes of every warning.
    of_warnings: Level,
    /// Whether nobody wants to hear what does not stop the run.
    only_stopping: bool,
}

impl<'o> Levels<'o> {
    pub(super) fn new(manifest: &'o LintLevels, flags: &'o [(String, Level)], only_stopping: bool) -> Levels<'o> {
        let by_name = flags.iter().filter(|(name, _)| name != "warnings");
        let of_warnings = flags.iter().rev().find(|(name, _)| name == "warnings").map(|(_, level)| *level);
        Levels {
            flags: by_name.map(|(name, level)| (name.as_str(), *level)).collect(),
            manifest,
            of_warnings: of_warnings.unwrap_or(Level::Warn),
            only_stopping,
        }
    }

    /// The level of a rule. An error has its own, whatever anybody says.
    pub(super) fn of(&self, rule: &Rule) -> Level {
        let Some(name) = rule.name else { return rule.level };
        let said = self.flags.get(name).or_else(|| self.manifest.get(name)).copied();
        match said.unwrap_or(rule.level) {
            Level::Warn => self.of_warnings,
            level => level,
        }
    }

    /// Gives every finding its level, and drops what is allowed.
    pub(super) fn apply(&self, found: &mut Vec<Diagnostic>) {
        found.iter_mut().for_each(|diagnostic| diagnostic.level = self.of(diagnostic.rule));
        found.retain(|diagnostic| diagnostic.level != Level::Allow);
    }
}

impl Heard for Levels<'_> {
    fn wants(&self, rule: &Rule) -> bool {
        match self.of(rule) {
            Level::Allow => false,
            Level::Deny => true,
            // a comment that quiets nothing may stop the run, and only its lint knows whether it does
            Level::Warn => !self.only_stopping || self.of(&UNUSED_ALLOW) == Level::Deny,
        }
    }

    fn overrules(&self, rule: &Rule) -> bool {
        rule.name.is_some_and(|name| self.flags.contains_key(name))
    }
}
