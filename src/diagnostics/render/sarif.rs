//! SARIF 2.1.0: one run, with the rules that were broken and their pages, places, edits, and fingerprints by which a
//! finding is known again when its line has moved.

use std::collections::BTreeMap;
use std::io::{self, Write};

use serde_json::{Value, json};

use super::paths::{Located, uri};
use super::text::inline;
use super::{Shown, message_and_help, severity};
use crate::diagnostics::fingerprint::Fingerprint;
use crate::diagnostics::{Diagnostic, Fix, Level, Rule};
use crate::source::{Places, Sources, Span};

const SCHEMA: &str = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";
/// The name of our fingerprints; it changes when what goes into them does.
const FINGERPRINT: &str = "camgrantFinding/v1";

pub(super) fn render(shown: &Shown<'_>, sources: &Sources, folder: &str, out: &mut dyn Write) -> io::Result<()> {
    let by_code: BTreeMap<&str, &Rule> = shown.diagnostics.iter().map(|d| (d.rule.code, d.rule)).collect();
    let index: BTreeMap<&str, usize> = by_code.keys().enumerate().map(|(index, code)| (*code, index)).collect();
    let mut places = Places::new(sources);
    let results: Vec<Value> = shown
        .identified(sources)
        .into_iter()
        .map(|(diagnostic, fingerprint)| {
            let mut result = result(diagnostic, fingerprint, folder, &mut places);
            result["ruleIndex"] = json!(index.get(diagnostic.rule.code));
            result
        })
        .collect();
    let cut: Vec<Value> = shown
        .left_out
        .iter()
        .map(|((path, code), count)| {
            let text = format!("{}: {count} more of {code} not shown, `--all` shows them", inline(path));
            json!({ "level": "note", "message": { "text": text } })
        })
        .collect();
    let log = json!({
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": "camgrant",
                "semanticVersion": env!("CARGO_PKG_VERSION"),
                "rules": by_code.values().map(|rule| self::rule(rule)).collect::<Vec<_>>(),
            } },
            "invocations": [{ "executionSuccessful": true, "toolExecutionNotifications": cut }],
            "columnKind": "unicodeCodePoints",
            "results": results,
        }],
    });
    serde_json::to_writer_pretty(&mut *out, &log)?;
    writeln!(out)
}

fn rule(rule: &Rule) -> Value {
    let level = match rule.level {
        Level::Allow => "none",
        Level::Warn => "warning",
        Level::Deny => "error",
    };
    let mut described = json!({
        "id": rule.code,
        "name": rule.name.unwrap_or(rule.code),
        "shortDescription": { "text": rule.title() },
        "help": { "text": rule.page, "markdown": rule.page },
        "defaultConfiguration": { "level": level },
    });
    if rule.name.is_some() {
        described["properties"] = json!({ "tags": ["lint"] });
    }
    described
}

fn result(diagnostic: &Diagnostic, fingerprint: Fingerprint, folder: &str, places: &mut Places<'_>) -> Value {
    let label = (!diagnostic.label.is_empty()).then_some(diagnostic.label.as_str());
    let mut result = json!({
        "ruleId": diagnostic.rule.code,
        "level": severity(diagnostic),
        "message": { "text": plain(&message_and_help(diagnostic)) },
        "locations": [location(diagnostic.span, label, folder, places)],
        "partialFingerprints": { FINGERPRINT: fingerprint.to_string() },
    });
    if !diagnostic.others.is_empty() {
        let others = diagnostic.others.iter();
        result["relatedLocations"] =
            others.map(|(span, label)| location(*span, Some(label), folder, places)).collect::<Vec<_>>().into();
    }
    if let Some(fix) = &diagnostic.fix {
        result["fixes"] = json!([self::fix(fix, folder, places)]);
    }
    result
}

fn location(span: Span, label: Option<&str>, folder: &str, places: &mut Places<'_>) -> Value {
    let located = Located::new(span, folder, places);
    let mut physical = json!({ "artifactLocation": { "uri": uri(&located.path) } });
    if let Some(region) = region(&located) {
        physical["region"] = region;
    }
    let mut location = json!({ "physicalLocation": physical });
    if let Some(label) = label.filter(|label| !label.is_empty()) {
        location["message"] = json!({ "text": plain(&inline(label)) });
    }
    location
}

fn region(located: &Located) -> Option<Value> {
    let (start, end) = located.range?;
    Some(json!({
        "startLine": start.line, "startColumn": start.column, "endLine": end.line, "endColumn": end.column,
    }))
}

/// Edits by file, each with the text that it puts in.
fn fix(fix: &Fix, folder: &str, places: &mut Places<'_>) -> Value {
    let mut changes: BTreeMap<String, Vec<Value>> = BTreeMap::new();
    for (span, text) in &fix.edits {
        let located = Located::new(*span, folder, places);
        if let Some(region) = region(&located) {
            let replacement = json!({ "deletedRegion": region, "insertedContent": { "text": text } });
            changes.entry(uri(&located.path)).or_default().push(replacement);
        }
    }
    let changes = changes
        .into_iter()
        .map(|(uri, replacements)| json!({ "artifactLocation": { "uri": uri }, "replacements": replacements }));
    json!({ "description": { "text": plain(&inline(&fix.title)) }, "artifactChanges": changes.collect::<Vec<_>>() })
}

/// A message in which nothing is a link (SARIF §3.11.6): what a policy says in it is text.
fn plain(text: &str) -> String {
    if text.contains("](") {
        text.replace('\\', "\\\\").replace('[', "\\[").replace(']', "\\]")
    } else {
        text.to_owned()
    }
}
