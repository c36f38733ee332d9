//! The code quality report of GitLab: one array of issues, each with the fingerprint by which two branches are
//! compared.

use std::io::{self, Write};

use serde::{Serialize, Serializer};

use super::paths::Located;
use super::{Shown, message_and_help};
use crate::source::{Places, Sources};

/// The fields that GitLab reads.
#[derive(Serialize)]
struct Issue {
    description: String,
    check_name: &'static str,
    fingerprint: String,
    severity: &'static str,
    location: Location,
}

#[derive(Serialize)]
struct Location {
    path: String,
    lines: Lines,
}

#[derive(Serialize)]
struct Lines {
    begin: usize,
}

pub(super) fn render(shown: &Shown<'_>, sources: &Sources, folder: &str, out: &mut dyn Write) -> io::Result<()> {
    let left_out = shown.left_out_after(sources);
    let mut places = Places::new(sources);
    let issues = shown.identified(sources).into_iter().enumerate().map(|(number, (diagnostic, fingerprint))| {
        let located = Located::new(diagnostic.span, folder, &mut places);
        let mut description = message_and_help(diagnostic);
        if let Some(count) = left_out.get(&number) {
            description += &format!("\n({count} more of {} not shown, `--all` shows them)", diagnostic.rule.code);
        }
        let lines = Lines { begin: located.line() };
        Issue {
            description,
            check_name: diagnostic.rule.name.unwrap_or(diagnostic.rule.code),
            fingerprint: fingerprint.to_string(),
            severity: if diagnostic.is_error() { "major" } else { "minor" },
            location: Location { path: located.path, lines },
        }
    });
    serde_json::Serializer::pretty(&mut *out).collect_seq(issues)?;
    writeln!(out)
}
