//! Lines: their indentation says what they belong to, and they begin with a key, a dash, or both.

use super::super::tree::DocumentRoot;
use super::{DECLINE, NodeId, NodeKind, Reader};

/// A longer key is none to YAML, which counts characters.
pub(super) const LONGEST_KEY: usize = 1000;

impl Reader<'_> {
    /// All documents.
    pub(super) fn text(&mut self) -> Option<()> {
        let mut root = None;
        while let Some(column) = self.next_line() {
            if column == 0 && self.marks_document() {
                self.close_all()?;
                // a document of nothing is the full parser's
                if let Some(root) = root.take() {
                    self.tree.documents.push(DocumentRoot { root: Some(root), cut: false });
                } else if !self.tree.nodes.is_empty() || self.was_marked() {
                    return DECLINE;
                }
                self.at += 3;
                self.end_line()?;
                continue;
            }
            if column == 0 && self.bytes.get(self.at..).is_some_and(|rest| rest.starts_with(b"...")) {
                return DECLINE;
            }
            if self.open.is_empty() {
                if root.is_some() {
                    return DECLINE;
                }
                root = Some(NodeId(self.tree.nodes.len() as u32));
            }
            self.line(column)?;
        }
        self.close_all()?;
        let root = root?;
        self.tree.documents.push(DocumentRoot { root: Some(root), cut: false });
        Some(())
    }

    /// Whether the cursor stands at `---`.
    fn marks_document(&self) -> bool {
        self.bytes.get(self.at..self.at + 3).is_some_and(|sign| sign == b"---")
    }

    /// Whether a `---` stands before the cursor with nothing between.
    fn was_marked(&self) -> bool {
        let before = self.bytes.get(..self.at).unwrap_or_default();
        before.split(|byte| *byte == b'\n').any(|line| line.starts_with(b"---"))
    }

    /// Goes to the next line with something on it; says its indentation.
    fn next_line(&mut self) -> Option<usize> {
        loop {
            let start = self.at;
            self.skip_spaces();
            match self.byte() {
                _ if self.at >= self.bytes.len() => return None,
                b'\n' => self.at += 1,
                b'\r' => self.at += 2,
                b'#' => self.skip_line(),
                _ => return Some(self.at - start),
            }
        }
    }

    fn skip_line(&mut self) {
        let rest = self.bytes.get(self.at..).unwrap_or_default();
        self.at += rest.iter().position(|byte| *byte == b'\n').map_or(rest.len(), |end| end + 1);
    }

    /// What may stand behind a value: spaces, and a comment behind one of them. Then the next line begins.
    fn end_line(&mut self) -> Option<()> {
        let spaced = self.byte() == b' ';
        self.skip_spaces();
        match self.byte() {
            b'\n' => self.at += 1,
            b'\r' => self.at += 2,
            b'#' if spaced => self.skip_line(),
            _ => return DECLINE,
        }
        Some(())
    }

    /// A line with something on it, from its first letter.
    fn line(&mut self, column: usize) -> Option<()> {
        let is_item = self.byte() == b'-';
        self.belong(column, is_item)?;
        if !is_item {
            return self.pair(column);
        }
        if self.byte_at(self.at + 1) != b' ' {
            return DECLINE;
        }
        let dash = self.at;
        self.at += 1;
        self.skip_spaces();
        self.begin_list(column, dash)?;
        self.item(column + (self.at - dash))
    }

    /// Closes what the line does not belong to. What is left open innermost is what it belongs to.
    fn belong(&mut self, column: usize, is_item: bool) -> Option<()> {
        let is_first = self.open.is_empty();
        while let Some(open) = self.open.last().copied() {
            if open.waiting {
                let holds = column > open.column || (column == open.column && is_item);
                if holds {
                    return Some(());
                }
                let key_end = self.tree.nodes.last()?.end as usize;
                self.push_nothing(key_end);
                self.open.last_mut()?.waiting = false;
            }
            if open.column < column {
                // deeper than what it could belong to: text on several lines, or a mistake
                return DECLINE;
            }
            if open.column == column && open.is_list == is_item {
                return Some(());
            }
            self.close(None)?;
        }
        // only the first line of a document belongs to nothing
        is_first.then_some(())
    }

    /// Opens a list where this dash is its first.
    fn begin_list(&mut self, column: usize, dash: usize) -> Option<()> {
        match self.open.last_mut() {
            Some(open) if open.is_list && open.column == column => Some(()),
            Some(open) if open.waiting => {
                open.waiting = false;
                // a list in the column of its key begins at its first item, as the parser tells it
                let start = if open.column == column { self.at } else { dash };
                if start != dash && matches!(self.byte(), b'[' | b'{') {
                    return DECLINE;
                }
                self.push_open(NodeKind::Sequence, start, column)
            }
            Some(_) => DECLINE,
            None => self.push_open(NodeKind::Sequence, dash, column),
        }
    }

    /// What stands behind a dash.
    fn item(&mut self, column: usize) -> Option<()> {
        if matches!(self.byte(), b'[' | b'{') {
            self.flow()?;
            return self.end_line();
        }
        let scalar = self.scalar(false)?;
        if self.byte() == b':' {
            self.push_open(NodeKind::Mapping { flow: false }, scalar.start, column)?;
            return self.value(scalar);
        }
        self.push(scalar.kind, scalar.start, scalar.end);
        self.end_line_behind_text()
    }

    /// A key with its value.
    fn pair(&mut self, column: usize) -> Option<()> {
        let key = self.scalar(false)?;
        if self.byte() != b':' {
            return DECLINE;
        }
        match self.open.last_mut() {
            Some(open) if open.waiting => {
                open.waiting = false;
                self.push_open(NodeKind::Mapping { flow: false }, key.start, column)?;
            }
            Some(_) => {}
            None => self.push_open(NodeKind::Mapping { flow: false }, key.start, column)?,
        }
        self.value(key)
    }

    /// What stands behind a key, from its colon.
    fn value(&mut self, key: super::scalars::Scalar) -> Option<()> {
        // spaces before the colon, and keys beyond the parser's measure, are rare: its to judge
        if key.end != self.at || key.end - key.start > LONGEST_KEY {
            return DECLINE;
        }
        self.push(key.kind, key.start, key.end);
        self.at += 1;
        match self.byte() {
            b' ' | b'\n' | b'\r' => {}
            _ => return DECLINE,
        }
        let colon = self.at;
        self.skip_spaces();
        match self.byte() {
            b'\n' | b'\r' | b'#' => {
                self.at = colon;
                self.open.last_mut()?.waiting = true;
                self.end_line()
            }
            b'[' | b'{' => {
                self.flow()?;
                self.end_line()
            }
            _ => {
                let scalar = self.scalar(false)?;
                self.push(scalar.kind, scalar.start, scalar.end);
                self.end_line_behind_text()
            }
        }
    }

    /// The end of a line whose last word was a scalar: a colon that would make it a key is not for this reader.
    fn end_line_behind_text(&mut self) -> Option<()> {
        match self.byte() {
            // plain text goes as far as a comment, which a space was before
            b'#' if self.byte_at(self.at - 1) == b' ' => {
                self.skip_line();
                Some(())
            }
            _ => self.end_line(),
        }
    }

    fn close_all(&mut self) -> Option<()> {
        while let Some(open) = self.open.last() {
            if open.waiting {
                let key_end = self.tree.nodes.last()?.end as usize;
                self.push_nothing(key_end);
                if let Some(open) = self.open.last_mut() {
                    open.waiting = false;
                }
            }
            self.close(None)?;
        }
        Some(())
    }
}
