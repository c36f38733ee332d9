//! A report with the source lines, drawn by miette, and a summary at the end.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::fmt;
use std::io::{self, Write};

use miette::{GraphicalReportHandler, GraphicalTheme, LabeledSpan, Severity, SourceCode};

use super::excerpt::{CONTEXT, Excerpt};
use super::text::{TAB, inline, wrap};
use super::{RenderOptions, Shown, counted, severity};
use crate::diagnostics::{Diagnostic, Fix};
use crate::source::Places;
use crate::source::Sources;

/// Pages narrower than this are taken to be this wide.
const NARROWEST: usize = 40;
/// Columns that miette puts before a message and a help line.
const INDENT: usize = 10;
/// Characters of a replacement that fit into a help line.
const REPLACEMENT: usize = 60;

pub(super) fn render(
    shown: &Shown<'_>,
    sources: &Sources,
    options: &RenderOptions<'_>,
    out: &mut dyn Write,
) -> io::Result<()> {
    let width = options.width.max(NARROWEST);
    let theme = if options.color { GraphicalTheme::unicode() } else { GraphicalTheme::unicode_nocolor() };
    let handler = GraphicalReportHandler::new_themed(theme)
        .with_width(width)
        .with_wrap_lines(false)
        .with_context_lines(CONTEXT)
        .tab_width(TAB)
        .with_links(false)
        .without_syntax_highlighting();
    let mut places = Places::new(sources);
    let mut text = String::new();
    for diagnostic in &shown.diagnostics {
        text.clear();
        let report = Report::new(diagnostic, &mut places, width);
        handler.render_report(&mut text, &report).map_err(io::Error::other)?;
        for line in text.lines() {
            writeln!(out, "{}", line.trim_end())?;
        }
        writeln!(out)?;
    }
    for ((path, code), count) in &shown.left_out {
        writeln!(out, "{count} more of {code} in {} not shown, `--all` shows them", inline(path))?;
    }
    if !shown.left_out.is_empty() {
        writeln!(out)?;
    }
    if options.summary {
        writeln!(out, "{}", summary(shown.all, sources))?;
        if let [first, ..] = shown.diagnostics.as_slice() {
            writeln!(out, "`camgrant explain {}` tells more about the first", first.rule.code)?;
        }
    }
    Ok(())
}

/// Counts by level, files and fixable ones.
fn summary(all: &[Diagnostic], sources: &Sources) -> String {
    if all.is_empty() {
        return format!("no findings in {}", counted(sources.len(), "file"));
    }
    let errors = all.iter().filter(|diagnostic| diagnostic.is_error()).count();
    let counts = [(errors, "error"), (all.len() - errors, "warning")];
    let counts = counts.into_iter().filter(|(count, _)| *count > 0).map(|(count, what)| counted(count, what));
    let files = all.iter().map(|diagnostic| diagnostic.span.file).collect::<BTreeSet<_>>().len();
    let fixable = all.iter().filter(|diagnostic| diagnostic.fix.is_some()).count();
    let fixable = if fixable > 0 { format!("; {fixable} can be fixed with `--fix`") } else { String::new() };
    format!("{} in {}{fixable}", counts.collect::<Vec<_>>().join(", "), counted(files, "file"))
}

/// A finding as miette wants it.
struct Report {
    code: String,
    message: String,
    severity: Severity,
    help: Option<String>,
    excerpt: Excerpt,
}

impl Report {
    fn new(diagnostic: &Diagnostic, places: &mut Places<'_>, width: usize) -> Report {
        let excerpt = Excerpt::new(diagnostic, places, width);
        let width = width - INDENT;
        let mut code = format!("{}[{}]", severity(diagnostic), diagnostic.rule.code);
        if let Some(name) = diagnostic.rule.name {
            code = format!("{code} {name}");
        }
        if excerpt.is_empty() {
            code = format!("{code} {}", inline(places.locate(diagnostic.span).0));
        }
        let severity = if diagnostic.is_error() { Severity::Error } else { Severity::Warning };
        let message = wrap(&inline(&diagnostic.message), width);
        let help: Vec<Cow<'_, str>> = [
            diagnostic.help.as_deref().map(inline),
            diagnostic.fix.as_ref().and_then(|fix| fix_line(fix, diagnostic)).map(Cow::Owned),
            (excerpt.more > 0).then(|| Cow::Owned(format!("{} more places not shown", excerpt.more))),
        ]
        .into_iter()
        .flatten()
        .collect();
        let help = (!help.is_empty()).then(|| wrap(&help.join("\n"), width));
        Report { code, message, severity, help, excerpt }
    }
}

/// The help line for a fix, unless the help says it already.
fn fix_line(fix: &Fix, diagnostic: &Diagnostic) -> Option<String> {
    let said = |text: &str| diagnostic.help.as_ref().is_some_and(|help| help.contains(text));
    match fix.edits.as_slice() {
        [(_, text)] if said(&format!("`{text}`")) => None,
        [(span, text)] if *span == diagnostic.span && !text.is_empty() && text.chars().count() <= REPLACEMENT => {
            Some(format!("fix: replace by `{}`", inline(text)))
        }
        _ if said(&fix.title) => None,
        _ => Some(format!("fix: {}", inline(&fix.title))),
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl fmt::Debug for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Report {}

impl miette::Diagnostic for Report {
    fn code<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        Some(Box::new(&self.code))
    }

    fn severity(&self) -> Option<Severity> {
        Some(self.severity)
    }

    fn help<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        self.help.as_ref().map(|help| Box::new(help) as Box<dyn fmt::Display + 'a>)
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        (!self.excerpt.is_empty()).then_some(&self.excerpt as &dyn SourceCode)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        Some(Box::new(self.excerpt.labels().iter().cloned()))
    }
}
