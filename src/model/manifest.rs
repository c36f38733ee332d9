//! The manifest: levels of lints and budgets.

use std::collections::BTreeMap;

use super::rules;
use crate::catalogue;
use crate::diagnostics::{Diagnostic, Level, nearest, shortened};
use crate::syntax::decl::{self, LevelWord};
use crate::syntax::rules as shape;
use crate::syntax::{Field, Pairs};

/// The budgets in force (`language: Budgets`). All are inclusive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Budgets {
    /// Bytes in one file.
    pub max_file_bytes: u64,
    /// Files.
    pub max_files: u64,
    /// Bytes in all files.
    pub max_total_bytes: u64,
    /// Conditions for one right.
    pub max_alternatives: u64,
    /// Bytes of an expanded table.
    pub max_table_bytes: u64,
    /// YAML nesting.
    pub max_depth: u64,
    /// Nodes that aliases add, per file.
    pub max_alias_expansion: u64,
}

impl Default for Budgets {
    fn default() -> Budgets {
        Budgets {
            max_file_bytes: 64 << 20,
            max_files: 100_000,
            max_total_bytes: 1 << 30,
            max_alternatives: 256,
            max_table_bytes: 1 << 30,
            max_depth: 64,
            max_alias_expansion: 1_000_000,
        }
    }
}

/// Levels that somebody set, by lint name.
pub type LintLevels = BTreeMap<String, Level>;

/// What a manifest says.
#[derive(Clone, Debug)]
pub struct ManifestSettings {
    /// The budgets, lowered where the manifest lowers them.
    pub budgets: Budgets,
    /// Levels of lints.
    pub lints: LintLevels,
    /// How many days a link may be open (lint `long-link`).
    pub max_link_days: u64,
    /// The organisation's own mail domains (lint `permanent-guest`).
    pub mail_domains: Vec<String>,
}

impl Default for ManifestSettings {
    fn default() -> ManifestSettings {
        let (budgets, lints, mail_domains) = (Budgets::default(), LintLevels::new(), Vec::new());
        ManifestSettings { budgets, lints, max_link_days: 31, mail_domains }
    }
}

/// Reads a manifest's settings, and what is wrong with them.
#[must_use]
pub fn manifest(manifest: &decl::Manifest<'_>) -> (ManifestSettings, Vec<Diagnostic>) {
    let decl::Manifest { camgrant, lints, limits, max_link_days, mail_domains } = manifest;
    let mut settings = ManifestSettings::default();
    let mut diagnostics = Vec::new();
    if let Some(Field { span, value: Some(version), .. }) = camgrant
        && *version != 1
    {
        let found = format!("this compiler knows version 1 of the language, not {version}");
        diagnostics.push(
            Diagnostic::new(&shape::LANGUAGE_VERSION, *span, found)
                .help("write `camgrant: 1`, or use a newer compiler"),
        );
    }
    if let Some(Field { value: Some(Pairs(pairs)), .. }) = lints {
        for (name, level) in pairs {
            let text = name.value.unwrap_or_default();
            let known = || catalogue::lints().filter_map(|rule| rule.name);
            if !known().any(|lint| lint == text) {
                let help = match nearest(text, known()) {
                    Some(near) => format!("did you mean `{near}`?"),
                    None => "see `camgrant explain` for the names of all lints".to_owned(),
                };
                let found = format!("no lint is called `{}`", shortened(text));
                diagnostics.push(Diagnostic::new(&rules::UNKNOWN_NAME, name.span, found).help(help));
            }
            if let Some(level) = level.value {
                settings.lints.insert(text.to_owned(), level.into());
            }
        }
    }
    if let Some(Field { value: Some(days), .. }) = max_link_days {
        settings.max_link_days = *days;
    }
    if let Some(Field { value: Some(domains), .. }) = mail_domains {
        settings.mail_domains = domains.values().map(|(domain, _)| domain.0.to_owned()).collect();
    }
    if let Some(Field { value: Some(limits), .. }) = limits {
        read_limits(limits, &mut settings.budgets, &mut diagnostics);
    }
    (settings, diagnostics)
}

fn read_limits(limits: &decl::Limits, budgets: &mut Budgets, diagnostics: &mut Vec<Diagnostic>) {
    let decl::Limits {
        max_file_bytes,
        max_files,
        max_total_bytes,
        max_alternatives,
        max_table_bytes,
        max_depth,
        max_alias_expansion,
    } = limits;
    let mut lower = |name: &str, field: &Option<Field<u64>>, budget: &mut u64| {
        let Some(Field { span, value: Some(limit), .. }) = field else { return };
        if *limit > *budget {
            let found = format!("`{name}` can only be lowered here, and its default is {budget}");
            diagnostics.push(
                Diagnostic::new(&shape::OUT_OF_RANGE, *span, found)
                    .help(format!("raise it on the command line, with `--{} {limit}`", name.replace('_', "-"))),
            );
        } else {
            *budget = *limit;
        }
    };
    lower("max_file_bytes", max_file_bytes, &mut budgets.max_file_bytes);
    lower("max_files", max_files, &mut budgets.max_files);
    lower("max_total_bytes", max_total_bytes, &mut budgets.max_total_bytes);
    lower("max_alternatives", max_alternatives, &mut budgets.max_alternatives);
    lower("max_table_bytes", max_table_bytes, &mut budgets.max_table_bytes);
    lower("max_depth", max_depth, &mut budgets.max_depth);
    lower("max_alias_expansion", max_alias_expansion, &mut budgets.max_alias_expansion);
}

impl From<LevelWord> for Level {
    fn from(word: LevelWord) -> Level {
        match word {
            LevelWord::Allow => Level::Allow,
            LevelWord::Warn => Level::Warn,
            LevelWord::Deny => Level::Deny,
        }
    }
}
