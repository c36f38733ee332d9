//! From bytes to lines and columns. A policy may be one line of many megabytes, so that counting from the start of the
//! line for each finding would not do: each file that is asked about is gone through once, and remembered in blocks.

use std::collections::HashMap;
use std::ops::Range;

use super::{FileId, SourceFile, Sources, Span};

/// Bytes for which one count is remembered.
const BLOCK: usize = 4096;

/// A place for people: both count from 1, the column in Unicode scalar values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Position {
    /// The line.
    pub line: usize,
    /// The column.
    pub column: usize,
}

/// The files that were asked about so far.
pub struct Places<'s> {
    sources: &'s Sources,
    files: HashMap<FileId, Lines<'s>>,
}

impl<'s> Places<'s> {
    /// None was asked about yet.
    #[must_use]
    pub fn new(sources: &'s Sources) -> Places<'s> {
        Places { sources, files: HashMap::new() }
    }

    /// The lines of a file.
    pub fn lines(&mut self, id: FileId) -> &Lines<'s> {
        self.files.entry(id).or_insert_with(|| Lines::new(self.sources.file(id)))
    }

    /// Path, line and column of a span's start.
    pub fn locate(&mut self, span: Span) -> (&'s str, Position) {
        let lines = self.lines(span.file);
        (&lines.file.path, lines.position(span.start as usize))
    }
}

/// One file, by lines.
pub struct Lines<'s> {
    /// The file.
    pub file: &'s SourceFile,
    /// Where each line starts.
    starts: Vec<u32>,
    /// Characters before each block.
    chars_before: Vec<u32>,
}

impl<'s> Lines<'s> {
    fn new(file: &'s SourceFile) -> Lines<'s> {
        let text = file.text.as_bytes();
        let breaks = text.iter().zip(1..).filter(|(byte, _)| **byte == b'\n').map(|(_, next)| next);
        let starts = std::iter::once(0).chain(breaks).collect();
        let mut total = 0;
        let counted = text.chunks(BLOCK).map(|block| {
            total += chars(block);
            total
        });
        let chars_before = std::iter::once(0).chain(counted).collect();
        Lines { file, starts, chars_before }
    }

    /// How many lines there are; what follows the last line break counts as one.
    pub fn count(&self) -> usize {
        self.starts.len()
    }

    /// The line, from 0, in which a byte stands.
    pub fn line_of(&self, byte: usize) -> usize {
        self.starts.partition_point(|start| *start as usize <= byte).saturating_sub(1)
    }

    /// The bytes of a line, from 0, without its line break.
    pub fn range(&self, line: usize) -> Range<usize> {
        let text = &self.file.text;
        let at = |line: usize| self.starts.get(line).map_or(text.len(), |start| *start as usize);
        let (start, end) = (at(line), at(line + 1));
        let content = text.get(start..end).unwrap_or("");
        let content = content.strip_suffix('\n').unwrap_or(content);
        start..start + content.strip_suffix('\r').unwrap_or(content).len()
    }

    /// Line and column, both from 1, of a byte.
    pub fn position(&self, byte: usize) -> Position {
        let line = self.line_of(byte);
        let start = self.starts.get(line).map_or(0, |start| *start as usize);
        Position { line: line + 1, column: self.chars(start..byte) + 1 }
    }

    /// How many characters begin in a range of bytes.
    pub fn chars(&self, range: Range<usize>) -> usize {
        self.chars_until(range.end).saturating_sub(self.chars_until(range.start))
    }

    fn chars_until(&self, byte: usize) -> usize {
        let text = self.file.text.as_bytes();
        let byte = byte.min(text.len());
        let block = byte / BLOCK;
        let before = self.chars_before.get(block).map_or(0, |count| *count as usize);
        before + text.get(block * BLOCK..byte).map_or(0, |rest| chars(rest) as usize)
    }
}

/// Characters that begin here: every byte that continues none.
fn chars(bytes: &[u8]) -> u32 {
    bytes.iter().map(|byte| u32::from(byte & 0b1100_0000 != 0b1000_0000)).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn agrees_with_counting_from_the_start() {
        let slow = |text: &str, byte: usize| {
            let before = text.get(..byte).unwrap_or_default();
            let line = before.rsplit('\n').next().unwrap_or_default();
            Position { line: before.matches('\n').count() + 1, column: line.chars().count() + 1 }
        };
        let long = "ä€𝄞x".repeat(3000);
        for text in ["", "a", "a\n", "a\r\nbü: 1\r\n\r\nc", "\n\n", &format!("ü\n{long}\n{long}")] {
            let mut sources = Sources::default();
            let id = sources.add(SourceFile::new("a.yaml".into(), text.to_owned()));
            let mut places = Places::new(&sources);
            let boundaries = (0..=text.len()).filter(|byte| text.is_char_boundary(*byte));
            for byte in boundaries.step_by(7).chain([text.len()]) {
                assert_eq!(places.lines(id).position(byte), slow(text, byte), "{byte} of {} bytes", text.len());
            }
        }
    }

    #[test]
    fn a_line_ends_before_its_break() {
        let mut sources = Sources::default();
        let id = sources.add(SourceFile::new("a.yaml".into(), "a\r\nbc\nd\r\n".to_owned()));
        let mut places = Places::new(&sources);
        let lines = places.lines(id);
        let ranges: Vec<_> = (0..lines.count()).map(|line| lines.range(line)).collect();
        assert_eq!(ranges, [0..1, 3..5, 6..7, 9..9]);
    }
}
