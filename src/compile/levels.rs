//! The levels of lints in one run.

use std::collections::BTreeMap;

use crate::diagnostics::{Diagnostic, Level};
use crate::model::LintLevels;

/// Levels: a lint has its own, the manifest's wins over it, the command line's over both.
pub(super) fn apply(found: &mut Vec<Diagnostic>, manifest: &LintLevels, flags: &[(String, Level)]) {
    let by_name: BTreeMap<&str, Level> =
        flags.iter().filter(|(name, _)| name != "warnings").map(|(name, level)| (name.as_str(), *level)).collect();
    let of_warnings = flags.iter().rev().find(|(name, _)| name == "warnings").map(|(_, level)| *level);
    for diagnostic in found.iter_mut() {
        let Some(name) = diagnostic.rule.name else { continue };
        diagnostic.level = by_name.get(name).or_else(|| manifest.get(name)).copied().unwrap_or(diagnostic.rule.level);
        if diagnostic.level == Level::Warn {
            diagnostic.level = of_warnings.unwrap_or(Level::Warn);
        }
    }
    found.retain(|diagnostic| diagnostic.level != Level::Allow);
}
