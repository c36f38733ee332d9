//! Diagnostics as text: one output format, one file.
//!
//! In come findings in the order in which they are to be shown; out goes text. Nothing here decides what is reported or
//! how much it weighs, and nothing here looks at the terminal or the environment.
//!
//! | file | holds |
//! |---|---|
//! | `human` | a report with the source lines, and a summary |
//! | `short` | one line for each finding |
//! | [`json`] | one array, and its schema |
//! | `sarif`, `github`, `gitlab`, `junit` | what platforms read |
//! | `excerpt` | the source lines around a finding, cut down to what can be shown |
//! | `paths` | where a file stands for a platform, and places as the formats for programs tell them |
//! | `text` | what a terminal must not see, and breaking lines at spaces |

use std::collections::BTreeMap;
use std::io::{self, Write};

pub use text::inline;

use super::fingerprint::{Fingerprint, fingerprints};
use super::{Diagnostic, Level, cut};
use crate::source::Sources;

mod excerpt;
mod github;
mod gitlab;
mod human;
pub mod json;
mod junit;
mod paths;
mod sarif;
mod short;
mod text;

pub(crate) use junit::escaped;
pub(crate) use paths::in_repository;

/// The output formats.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Format {
    /// With the source lines, for people.
    #[default]
    Human,
    /// One line each, for editors and `grep`.
    Short,
    /// One array, for programs.
    Json,
    /// SARIF 2.1.0, for platforms that show findings in code.
    Sarif,
    /// Workflow commands of GitHub Actions.
    Github,
    /// The code quality report of GitLab.
    Gitlab,
    /// JUnit XML, for whatever shows tests.
    Junit,
}

impl Format {
    /// All of them.
    pub const ALL: [Format; 7] =
        [Format::Human, Format::Short, Format::Json, Format::Sarif, Format::Github, Format::Gitlab, Format::Junit];

    /// Whether a report is a document even when nothing was found.
    #[must_use]
    pub fn is_document(self) -> bool {
        !matches!(self, Format::Human | Format::Short | Format::Github)
    }
}

/// How a report is to look.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RenderOptions<'o> {
    /// Whether to colour.
    pub color: bool,
    /// Columns of the page.
    pub width: usize,
    /// Whether to show everything, where more than a hundred of one code in a file would be cut.
    pub all: bool,
    /// Whether a summary line ends the report of [`Format::Human`].
    pub summary: bool,
    /// Where the policy's folder stands in the repository, with `/`: what the formats for platforms put before each
    /// path. Empty where the policy is the repository, or a single file.
    pub folder: &'o str,
}

impl Default for RenderOptions<'_> {
    fn default() -> Self {
        RenderOptions { color: false, width: 100, all: false, summary: true, folder: "" }
    }
}

/// Writes the report.
///
/// # Errors
///
/// Where `out` fails.
pub fn render(
    format: Format,
    diagnostics: &[Diagnostic],
    sources: &Sources,
    options: &RenderOptions<'_>,
    out: &mut dyn Write,
) -> io::Result<()> {
    let shown = Shown::new(diagnostics, sources, options.all);
    match format {
        Format::Human => human::render(&shown, sources, options, out),
        Format::Short => short::render(&shown, sources, out),
        Format::Json => json::render(&shown, sources, out),
        Format::Sarif => sarif::render(&shown, sources, options.folder, out),
        Format::Github => github::render(&shown, sources, options.folder, out),
        Format::Gitlab => gitlab::render(&shown, sources, options.folder, out),
        Format::Junit => junit::render(&shown, sources, options.folder, out),
    }
}

/// What is left to show of everything, and how many of each file and code are not.
struct Shown<'d> {
    all: &'d [Diagnostic],
    diagnostics: Vec<&'d Diagnostic>,
    /// Which of all findings each of `diagnostics` is.
    numbers: Vec<usize>,
    left_out: BTreeMap<(String, &'static str), usize>,
}

impl<'d> Shown<'d> {
    fn new(all: &'d [Diagnostic], sources: &Sources, everything: bool) -> Shown<'d> {
        let (numbers, left_out) =
            if everything { ((0..all.len()).collect(), BTreeMap::new()) } else { cut(all, sources) };
        let diagnostics = numbers.iter().filter_map(|number| all.get(*number)).collect();
        Shown { all, diagnostics, numbers, left_out }
    }

    /// What is shown, with what each is known by among all.
    fn identified(&self, sources: &Sources) -> Vec<(&'d Diagnostic, Fingerprint)> {
        let fingerprints = fingerprints(self.all, sources);
        let of_shown = self.numbers.iter().filter_map(|number| fingerprints.get(*number).copied());
        self.diagnostics.iter().copied().zip(of_shown).collect()
    }

    /// For each shown finding that is the last of a code in its file, how many more there are.
    fn left_out_after(&self, sources: &Sources) -> BTreeMap<usize, usize> {
        let mut last: BTreeMap<(&str, &str), usize> = BTreeMap::new();
        for (number, diagnostic) in self.diagnostics.iter().enumerate() {
            last.insert((&sources.file(diagnostic.span.file).path, diagnostic.rule.code), number);
        }
        let counts = self.left_out.iter();
        counts.filter_map(|((path, code), count)| Some((*last.get(&(path.as_str(), *code))?, *count))).collect()
    }
}

/// A count with its noun.
#[must_use]
pub fn counted(count: usize, what: &str) -> String {
    format!("{count} {what}{}", if count == 1 { "" } else { "s" })
}

/// How a finding's level reads in a report.
fn severity(diagnostic: &Diagnostic) -> &'static str {
    if diagnostic.level == Level::Deny { "error" } else { "warning" }
}

/// What was found and what to do, for formats that have one text for both.
fn message_and_help(diagnostic: &Diagnostic) -> String {
    let message = text::inline(&diagnostic.message);
    match &diagnostic.help {
        Some(help) => format!("{message}\nhelp: {}", text::lines(help)),
        None => message.into_owned(),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, reason = "a test fails by panicking")]
mod tests;
