//! Workflow commands of GitHub Actions: one line for each finding, which the runner turns into an annotation.

use std::io::{self, Write};

use super::paths::Located;
use super::text::inline;
use super::{Shown, message_and_help, severity};
use crate::source::{Places, Sources};

pub(super) fn render(shown: &Shown<'_>, sources: &Sources, folder: &str, out: &mut dyn Write) -> io::Result<()> {
    let mut places = Places::new(sources);
    for diagnostic in &shown.diagnostics {
        let located = Located::new(diagnostic.span, folder, &mut places);
        let mut command = format!("::{} file={}", severity(diagnostic), property(&located.path));
        if let Some((start, end)) = located.range {
            command += &format!(",line={},endLine={}", start.line, end.line);
            if start.line == end.line {
                // the last column counts in; columns go with a single line only
                command += &format!(",col={},endColumn={}", start.column, end.column.max(start.column + 1) - 1);
            }
        }
        let title = match diagnostic.rule.name {
            Some(name) => format!("{} {name}", diagnostic.rule.code),
            None => diagnostic.rule.code.to_owned(),
        };
        writeln!(out, "{command},title={}::{}", property(&title), data(&message_and_help(diagnostic)))?;
    }
    for ((path, code), count) in &shown.left_out {
        writeln!(out, "::notice::{}", data(&format!("{path}: {count} more of {code} not shown, `--all` shows them")))?;
    }
    Ok(())
}

/// The text behind a command, as the runner reads it; a log is read in a terminal too, and the name of a file may hold
/// anything.
fn data(text: &str) -> String {
    inline(&text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")).into_owned()
}

/// The value of a command's property.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_ends_a_command_early() {
        assert_eq!(data("100% a:b, c\r\n::error::x"), "100%25 a:b, c%0D%0A::error::x");
        assert_eq!(property("a:b,c%\n"), "a%3Ab%2Cc%25%0A");
        assert_eq!(property("a\tb\u{1b}[2J.yaml"), "a\\tb\\u{1b}[2J.yaml");
    }
}
