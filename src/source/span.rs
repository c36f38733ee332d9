//! Where something stands: a file and a range of bytes. Twelve bytes, copied freely, never the text itself.

use std::cmp::Ordering;

/// A file of a policy, by its number in [`Sources`](super::Sources).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct FileId(pub u32);

/// A range of bytes of one file, end excluded.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Span {
    /// The file.
    pub file: FileId,
    /// The first byte.
    pub start: u32,
    /// The byte after the last one.
    pub end: u32,
}

impl Span {
    /// The range `start..end` of `file`.
    #[must_use]
    pub fn new(file: FileId, start: u32, end: u32) -> Span {
        Span { file, start, end }
    }

    /// The very beginning of `file`: for what concerns a file as a whole.
    #[must_use]
    pub fn file_start(file: FileId) -> Span {
        Span::new(file, 0, 0)
    }

    /// A part of this span, by byte offsets from its start; cut to the span where it would reach out of it.
    #[must_use]
    pub fn part(self, from: usize, to: usize) -> Span {
        let at = |offset: usize| {
            let offset = u32::try_from(offset).unwrap_or(u32::MAX);
            self.start.saturating_add(offset).min(self.end)
        };
        Span::new(self.file, at(from), at(to))
    }
}

impl PartialOrd for Span {
    fn partial_cmp(&self, other: &Span) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// By file, then by position.
impl Ord for Span {
    fn cmp(&self, other: &Span) -> Ordering {
        (self.file, self.start, self.end).cmp(&(other.file, other.start, other.end))
    }
}
