//! One JSON array of findings, and its schema. The comments on the fields are the descriptions in the schema.

use std::io::{self, Write};

use schemars::generate::SchemaSettings;
use schemars::{JsonSchema, Schema};
use serde::{Serialize, Serializer};

use super::Shown;
use crate::diagnostics::{Diagnostic, Level};
use crate::source::Places;
use crate::source::{Sources, Span};

/// One finding of a run. They are ordered by path, position and code.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Diagnostic")]
pub struct Finding<'a> {
    /// The code, `CG` and four digits. Never reused.
    pub code: &'static str,
    /// The name of the lint, where it is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<&'static str>,
    /// How much it weighs in this run.
    pub level: ReportedLevel,
    /// What was found, in one line.
    pub message: &'a str,
    /// The file's path inside the policy, with `/`.
    pub path: &'a str,
    /// The line, from 1.
    pub line: usize,
    /// The column in Unicode scalar values, from 1.
    pub column: usize,
    /// How many Unicode scalar values it is long.
    pub length: usize,
    /// The first byte, from 0, a byte-order mark not counted.
    pub start: u32,
    /// The byte after the last one.
    pub end: u32,
    /// What the place is, in a few words.
    #[serde(skip_serializing_if = "str::is_empty")]
    #[schemars(default)]
    pub label: &'a str,
    /// What to do.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub help: Option<&'a str>,
    /// Other places that matter.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schemars(default)]
    pub labels: Vec<Label<'a>>,
    /// Edits that mend it for certain.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fix: Option<Fix<'a>>,
    /// What it is known by in later runs: it stays the same while lines are inserted above or the item moves.
    pub fingerprint: String,
    /// On the last finding of a code in a file: how many more of them were left out (`--all` shows them).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub left_out: Option<usize>,
}

/// How much a finding weighs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum ReportedLevel {
    /// The policy compiles to nothing.
    Error,
    /// The policy compiles.
    Warning,
}

/// Another place that matters to a finding.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Label<'a> {
    /// What the place is, in a few words.
    pub message: &'a str,
    /// The file's path inside the policy, with `/`.
    pub path: &'a str,
    /// The line, from 1.
    pub line: usize,
    /// The column in Unicode scalar values, from 1.
    pub column: usize,
    /// How many Unicode scalar values it is long.
    pub length: usize,
    /// The first byte, from 0, a byte-order mark not counted.
    pub start: u32,
    /// The byte after the last one.
    pub end: u32,
}

/// Edits that belong together: all or none.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Fix<'a> {
    /// What the edits do, in a few words.
    pub title: &'a str,
    /// The edits. They do not overlap.
    pub edits: Vec<Edit<'a>>,
}

/// One place and its new text.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Edit<'a> {
    /// The file's path inside the policy, with `/`.
    pub path: &'a str,
    /// The line, from 1.
    pub line: usize,
    /// The column in Unicode scalar values, from 1.
    pub column: usize,
    /// How many Unicode scalar values it is long.
    pub length: usize,
    /// The first byte that is replaced, from 0, a byte-order mark not counted.
    pub start: u32,
    /// The byte after the last one.
    pub end: u32,
    /// What stands there afterwards.
    pub text: &'a str,
}

/// The JSON Schema of the report, draft 2020-12.
#[must_use]
pub fn schema() -> Schema {
    let mut schema = SchemaSettings::draft2020_12().into_generator().into_root_schema_for::<Vec<Finding<'static>>>();
    schema.insert("title".into(), "camgrant diagnostics".into());
    schema
}

pub(super) fn render(shown: &Shown<'_>, sources: &Sources, out: &mut dyn Write) -> io::Result<()> {
    // a code that is cut in a file is told on the last finding that is shown of it
    let left_out = shown.left_out_after(sources);
    let mut places = Places::new(sources);
    let findings = shown.identified(sources).into_iter().enumerate().map(|(number, (diagnostic, fingerprint))| {
        let left_out = left_out.get(&number).copied();
        Finding { left_out, fingerprint: fingerprint.to_string(), ..finding(diagnostic, &mut places) }
    });
    serde_json::Serializer::pretty(&mut *out).collect_seq(findings)?;
    writeln!(out)
}

fn finding<'a>(diagnostic: &'a Diagnostic, places: &mut Places<'a>) -> Finding<'a> {
    let (path, line, column, length) = place(diagnostic.span, places);
    let level = if diagnostic.level == Level::Deny { ReportedLevel::Error } else { ReportedLevel::Warning };
    let labels = diagnostic.others.iter().map(|(span, message)| {
        let (path, line, column, length) = place(*span, places);
        Label { message, path, line, column, length, start: span.start, end: span.end }
    });
    let labels = labels.collect();
    let fix = diagnostic.fix.as_ref().map(|fix| {
        let edits = fix.edits.iter().map(|(span, text)| {
            let (path, line, column, length) = place(*span, places);
            Edit { path, line, column, length, start: span.start, end: span.end, text }
        });
        Fix { title: &fix.title, edits: edits.collect() }
    });
    Finding {
        code: diagnostic.rule.code,
        name: diagnostic.rule.name,
        level,
        message: &diagnostic.message,
        path,
        line,
        column,
        length,
        start: diagnostic.span.start,
        end: diagnostic.span.end,
        label: &diagnostic.label,
        help: diagnostic.help.as_deref(),
        labels,
        fix,
        fingerprint: String::new(),
        left_out: None,
    }
}

/// Path, line, column and length of a span.
fn place<'s>(span: Span, places: &mut Places<'s>) -> (&'s str, usize, usize, usize) {
    let lines = places.lines(span.file);
    let at = lines.position(span.start as usize);
    let length = lines.chars(span.start as usize..span.end as usize);
    (&lines.file.path, at.line, at.column, length)
}
