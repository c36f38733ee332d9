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
//! | `excerpt` | the source lines around a finding, cut down to what can be shown |
//! | `places` | bytes to lines and columns, fast however long a line is |
//! | `text` | what a terminal must not see, and breaking lines at spaces |

use std::collections::BTreeMap;
use std::io::{self, Write};

use super::{Diagnostic, Level, cut};
use crate::source::Sources;

mod excerpt;
mod human;
pub mod json;
mod short;
mod text;

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
}

/// How a report is to look.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RenderOptions {
    /// Whether to colour.
    pub color: bool,
    /// Columns of the page.
    pub width: usize,
    /// Whether to show everything, where more than a hundred of one code in a file would be cut.
    pub all: bool,
    /// Whether a summary line ends the report of [`Format::Human`].
    pub summary: bool,
}

impl Default for RenderOptions {
    fn default() -> RenderOptions {
        RenderOptions { color: false, width: 100, all: false, summary: true }
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
    options: &RenderOptions,
    out: &mut dyn Write,
) -> io::Result<()> {
    let shown = Shown::new(diagnostics, sources, options.all);
    match format {
        Format::Human => human::render(&shown, diagnostics, sources, options, out),
        Format::Short => short::render(&shown, sources, out),
        Format::Json => json::render(&shown, sources, out),
    }
}

/// What is left to show, and how many of each file and code are not.
struct Shown<'d> {
    diagnostics: Vec<&'d Diagnostic>,
    left_out: BTreeMap<(String, &'static str), usize>,
}

impl<'d> Shown<'d> {
    fn new(diagnostics: &'d [Diagnostic], sources: &Sources, all: bool) -> Shown<'d> {
        if all {
            return Shown { diagnostics: diagnostics.iter().collect(), left_out: BTreeMap::new() };
        }
        let (diagnostics, left_out) = cut(diagnostics, sources);
        Shown { diagnostics, left_out }
    }
}

/// How a finding's level reads in a report.
fn severity(diagnostic: &Diagnostic) -> &'static str {
    if diagnostic.level == Level::Deny { "error" } else { "warning" }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, reason = "a test fails by panicking")]
mod tests;
