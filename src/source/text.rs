//! The texts of a policy, numbered by path.

use super::{FileId, Span};

/// One file: its path inside the policy (with `/`), and its text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SourceFile {
    /// The path as reports show it.
    pub path: String,
    /// The text, without a byte-order mark.
    pub text: String,
    /// Whether the text could be read at all; where not, `text` is empty and a diagnostic says why.
    pub readable: bool,
}

impl SourceFile {
    /// A file that was read.
    #[must_use]
    pub fn new(path: String, text: String) -> SourceFile {
        SourceFile { path, text, readable: true }
    }

    /// A file that is there and could not be read.
    #[must_use]
    pub fn unreadable(path: String) -> SourceFile {
        SourceFile { readable: false, ..SourceFile::new(path, String::new()) }
    }
}

/// All files of a policy, sorted by path.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sources {
    files: Vec<SourceFile>,
}

impl Sources {
    /// Adds a file; its number is the next one.
    pub fn add(&mut self, file: SourceFile) -> FileId {
        self.files.push(file);
        FileId(self.files.len() as u32 - 1)
    }

    /// Makes sure that a file which was read is here with its text, so that places in it can be shown; says its number.
    /// It is added where it is missing, and given its text where it counts as unreadable.
    pub fn keep(&mut self, file: SourceFile) -> FileId {
        match self.files.iter().position(|known| known.path == file.path) {
            Some(at) => {
                if let Some(known) = self.files.get_mut(at).filter(|known| !known.readable) {
                    *known = file;
                }
                FileId(at as u32)
            }
            None => self.add(file),
        }
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

    /// Whether a span is a place in its file's text.
    #[must_use]
    pub fn holds(&self, span: Span) -> bool {
        self.file(span.file).text.get(span.start as usize..span.end as usize).is_some()
    }

    /// The text of a span.
    #[must_use]
    pub fn slice(&self, span: Span) -> &str {
        self.file(span.file).text.get(span.start as usize..span.end as usize).unwrap_or("")
    }
}
