//! The texts of a policy, numbered by path, and the way from bytes to lines and columns.

use super::{FileId, Span};

/// One file: its path inside the policy (with `/`), and its text.
#[derive(Clone, Debug)]
pub struct SourceFile {
    /// The path as reports show it.
    pub path: String,
    /// The text, without a byte-order mark.
    pub text: String,
    /// Whether the text could be read at all; where not, `text` is empty and a diagnostic says why.
    pub readable: bool,
    line_starts: Vec<u32>,
}

/// A place for people: both count from 1, the column in Unicode scalar values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Position {
    /// The line.
    pub line: usize,
    /// The column.
    pub column: usize,
}

impl SourceFile {
    /// A file that was read.
    #[must_use]
    pub fn new(path: String, text: String) -> SourceFile {
        let mut line_starts = vec![0];
        // texts are at most 4 GiB (see `load`), so an offset always fits
        line_starts.extend(text.bytes().enumerate().filter(|(_, b)| *b == b'\n').map(|(i, _)| i as u32 + 1));
        SourceFile { path, text, readable: true, line_starts }
    }

    /// A file that is there and could not be read.
    #[must_use]
    pub fn unreadable(path: String) -> SourceFile {
        SourceFile { readable: false, ..SourceFile::new(path, String::new()) }
    }

    /// Line and column of a byte offset.
    #[must_use]
    pub fn position(&self, byte: u32) -> Position {
        let line = self.line_starts.partition_point(|start| *start <= byte).max(1);
        let start = self.line_starts.get(line - 1).copied().unwrap_or(0) as usize;
        let before = self.text.get(start..byte as usize).unwrap_or("");
        Position { line, column: before.chars().count() + 1 }
    }
}

/// All files of a policy, sorted by path.
#[derive(Clone, Debug, Default)]
pub struct Sources {
    files: Vec<SourceFile>,
}

impl Sources {
    /// Adds a file; its number is the next one.
    pub fn add(&mut self, file: SourceFile) -> FileId {
        self.files.push(file);
        FileId(self.files.len() as u32 - 1)
    }

    /// The file with this number. Every number comes from [`Sources::add`], so it is always there.
    #[must_use]
    pub fn file(&self, id: FileId) -> &SourceFile {
        &self.files[id.0 as usize]
    }

    /// All files with their numbers.
    pub fn iter(&self) -> impl Iterator<Item = (FileId, &SourceFile)> {
        self.files.iter().enumerate().map(|(i, file)| (FileId(i as u32), file))
    }

    /// How many files there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.files.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.files.is_empty()
    }

    /// The text of a span.
    #[must_use]
    pub fn slice(&self, span: Span) -> &str {
        self.file(span.file).text.get(span.start as usize..span.end as usize).unwrap_or("")
    }

    /// Path, line and column of a span's start.
    #[must_use]
    pub fn locate(&self, span: Span) -> (&str, Position) {
        let file = self.file(span.file);
        (&file.path, file.position(span.start))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_count_scalar_values_and_lines_from_one() {
        let file = SourceFile::new("a.yaml".into(), "é: 1\r\nüx: 2\n".into());
        assert_eq!(file.position(0), Position { line: 1, column: 1 });
        assert_eq!(file.position(2), Position { line: 1, column: 2 });
        assert_eq!(file.position(9), Position { line: 2, column: 2 });
        assert_eq!(file.position(15), Position { line: 3, column: 1 });
    }
}
