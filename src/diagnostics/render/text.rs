//! Text fit for a terminal: nothing in a policy may move the cursor, hide or turn around what a reader sees.

use std::borrow::Cow;

use unicode_width::UnicodeWidthChar;

/// Columns between tab stops.
pub(super) const TAB: usize = 4;

/// Whether a character stands for something that is not a mark on the page.
fn unprintable(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{feff}'
            | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{e0000}'..='\u{e007f}')
}

/// The column behind a character that begins at a column: wide ones take two, combining ones none, a tab all up to its
/// stop.
pub(super) fn column_behind(column: usize, c: char) -> usize {
    column + if c == '\t' { TAB - column % TAB } else { c.width().unwrap_or(0) }
}

/// How many columns a text takes.
pub(super) fn columns(text: &str) -> usize {
    text.chars().fold(0, column_behind)
}

/// A character of a source line as it is shown: itself, or a mark that it cannot be.
pub(super) fn visible(c: char) -> char {
    if unprintable(c) && c != '\t' { '\u{fffd}' } else { c }
}

/// A message in one line, with what cannot be shown written as `\u{…}`.
#[must_use]
pub fn inline(text: &str) -> Cow<'_, str> {
    if !text.contains(unprintable) {
        return Cow::Borrowed(text);
    }
    let mut clean = String::with_capacity(text.len());
    for c in text.chars() {
        if unprintable(c) {
            clean.extend(c.escape_default());
        } else {
            clean.push(c);
        }
    }
    Cow::Owned(clean)
}

/// A text that may have several lines, with what cannot be shown written as `\u{…}`.
pub(super) fn lines(text: &str) -> String {
    text.lines().map(inline).collect::<Vec<_>>().join("\n")
}

/// Breaks text at its spaces into lines of at most `width` columns; a longer word has a line of its own. Names and
/// paths are never broken, so that they can be copied.
pub(super) fn wrap(text: &str, width: usize) -> String {
    let mut wrapped = String::with_capacity(text.len());
    for (number, paragraph) in text.lines().enumerate() {
        if number > 0 {
            wrapped.push('\n');
        }
        let mut used = 0;
        for word in paragraph.split(' ') {
            let length = columns(word);
            if used > 0 && used + 1 + length > width {
                wrapped.push('\n');
                used = 0;
            } else if used > 0 {
                wrapped.push(' ');
                used += 1;
            }
            wrapped.push_str(word);
            used += length;
        }
    }
    wrapped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_terminal_would_obey_is_written_out() {
        assert_eq!(inline("unknown user `ni\u{1b}[2Jna`"), "unknown user `ni\\u{1b}[2Jna`");
        assert_eq!(inline("a\nb\u{202e}c"), "a\\nb\\u{202e}c");
        assert!(matches!(inline("plain, ünïcode, カメラ"), Cow::Borrowed(_)));
        assert_eq!("\u{9b}\t\u{7f}x".chars().map(visible).collect::<String>(), "\u{fffd}\t\u{fffd}x");
    }

    #[test]
    fn names_are_never_broken() {
        assert_eq!(wrap("ask `device:north-gate-1` again", 12), "ask\n`device:north-gate-1`\nagain");
        assert_eq!(wrap("one two\nthree", 80), "one two\nthree");
        assert_eq!(wrap("", 10), "");
        // five characters, ten columns
        assert_eq!(wrap("a カメラ-1 b", 10), "a カメラ-1\nb");
    }
}
