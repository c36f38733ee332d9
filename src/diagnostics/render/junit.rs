//! JUnit XML: a file is a suite, a finding a case. Errors fail; warnings pass, with their words beside them, so that a
//! report is green where the exit status is 0. A file without findings is a case that passes.

use std::collections::BTreeMap;
use std::io::{self, Write};

use super::paths::{Located, in_repository};
use super::{Shown, message_and_help};
use crate::diagnostics::Diagnostic;
use crate::source::{FileId, Places, Sources};

pub(super) fn render(shown: &Shown<'_>, sources: &Sources, folder: &str, out: &mut dyn Write) -> io::Result<()> {
    let mut by_file: BTreeMap<FileId, Vec<&Diagnostic>> = sources.iter().map(|(file, _)| (file, Vec::new())).collect();
    for diagnostic in &shown.diagnostics {
        by_file.entry(diagnostic.span.file).or_default().push(diagnostic);
    }
    let tests: usize = by_file.values().map(|findings| findings.len().max(1)).sum();
    let failures = shown.diagnostics.iter().filter(|diagnostic| diagnostic.is_error()).count();
    writeln!(out, r#"<?xml version="1.0" encoding="UTF-8"?>"#)?;
    writeln!(out, r#"<testsuites name="camgrant" tests="{tests}" failures="{failures}" errors="0">"#)?;
    let mut places = Places::new(sources);
    for (file, findings) in by_file {
        let path = &sources.file(file).path;
        let name = escaped(&in_repository(folder, path));
        let (tests, failures) = (findings.len().max(1), findings.iter().filter(|finding| finding.is_error()).count());
        writeln!(out, r#"  <testsuite name="{name}" tests="{tests}" failures="{failures}" errors="0">"#)?;
        if findings.is_empty() {
            writeln!(out, r#"    <testcase classname="{name}" name="no findings"/>"#)?;
        }
        for finding in findings {
            case(finding, &name, folder, &mut places, out)?;
        }
        for ((_, code), count) in shown.left_out.iter().filter(|((of, _), _)| of == path) {
            writeln!(out, "    <system-out>{count} more of {code} not shown, `--all` shows them</system-out>")?;
        }
        writeln!(out, "  </testsuite>")?;
    }
    writeln!(out, "</testsuites>")
}

fn case(
    finding: &Diagnostic,
    class: &str,
    folder: &str,
    places: &mut Places<'_>,
    out: &mut dyn Write,
) -> io::Result<()> {
    let located = Located::new(finding.span, folder, places);
    let place = match located.range {
        Some((start, _)) => format!("{}:{}:{}", located.path, start.line, start.column),
        None => located.path.clone(),
    };
    let (code, message) = (finding.rule.name.unwrap_or(finding.rule.code), escaped(&finding.message));
    let told = escaped(&format!("{place}: {}", message_and_help(finding)));
    writeln!(out, r#"    <testcase classname="{class}" name="{code}: {message}">"#)?;
    if finding.is_error() {
        writeln!(out, r#"      <failure type="{code}" message="{message}">{told}</failure>"#)?;
    } else {
        writeln!(out, "      <system-out>warning: {told}</system-out>")?;
    }
    writeln!(out, "    </testcase>")
}

/// Text for an element or attribute. What XML cannot hold is written as `\u{…}`.
pub(crate) fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\n' => escaped.push_str("&#10;"),
            c if c.is_control() || matches!(c, '\u{fffe}' | '\u{ffff}') => escaped.extend(c.escape_default()),
            c => escaped.push(c),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_stays_text() {
        assert_eq!(escaped("a<b>&\"c\"\n\u{1b}\u{ffff}"), "a&lt;b&gt;&amp;&quot;c&quot;&#10;\\u{1b}\\u{ffff}");
    }
}
