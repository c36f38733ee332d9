//! One line for each finding: `file:line:col: error[CG0301]: message`.

use std::io::{self, Write};

use super::text::inline;
use super::{Shown, severity};
use crate::source::Places;
use crate::source::Sources;

pub(super) fn render(shown: &Shown<'_>, sources: &Sources, out: &mut dyn Write) -> io::Result<()> {
    let mut places = Places::new(sources);
    for diagnostic in &shown.diagnostics {
        let (path, at) = places.locate(diagnostic.span);
        let (path, message) = (inline(path), inline(&diagnostic.message));
        let (level, code) = (severity(diagnostic), diagnostic.rule.code);
        writeln!(out, "{path}:{}:{}: {level}[{code}]: {message}", at.line, at.column)?;
    }
    for ((path, code), count) in &shown.left_out {
        writeln!(out, "{}: {count} more of {code} not shown, --all shows them", inline(path))?;
    }
    Ok(())
}
