//! Plain and quoted text on one line.

use super::letters::{Letter, begins_text, letter};
use super::{NodeKind, Reader};

/// Where a scalar stands, and what it is.
#[derive(Clone, Copy)]
pub(super) struct Scalar {
    pub kind: NodeKind,
    pub start: usize,
    pub end: usize,
}

impl Reader<'_> {
    /// The scalar at the cursor, which then stands behind it. In a flow, brackets and commas end plain text.
    pub(super) fn scalar(&mut self, in_flow: bool) -> Option<Scalar> {
        match self.byte() {
            quote @ (b'"' | b'\'') => self.quoted(quote),
            byte if begins_text(byte) => self.plain(in_flow),
            _ => None,
        }
    }

    /// Text in quotes, without escapes.
    fn quoted(&mut self, quote: u8) -> Option<Scalar> {
        let start = self.at;
        self.at += 1;
        loop {
            match self.byte() {
                byte if byte == quote => break,
                b'\n' | b'\r' => return None,
                b'\\' if quote == b'"' => return None,
                _ => self.at += 1,
            }
        }
        self.at += 1;
        // the quote written twice is an escape
        (self.byte() != quote).then_some(Scalar { kind: NodeKind::Quoted, start, end: self.at })
    }

    /// Plain text: to a colon or number sign that means something, a flow's sign, or the end of the line.
    fn plain(&mut self, in_flow: bool) -> Option<Scalar> {
        let start = self.at;
        loop {
            let byte = self.byte();
            match letter(byte) {
                Letter::Text => {}
                Letter::Flow if in_flow => break,
                Letter::Flow => {}
                Letter::Look => match byte {
                    b'\n' | b'\r' => break,
                    b':' if self.ends_key(self.at + 1, in_flow) => break,
                    b'#' if self.byte_at(self.at - 1) == b' ' => break,
                    _ => {}
                },
            }
            self.at += 1;
        }
        let mut end = self.at;
        while end > start && self.byte_at(end - 1) == b' ' {
            end -= 1;
        }
        Some(Scalar { kind: NodeKind::Plain, start, end })
    }

    /// Whether a colon before this byte ends a key.
    fn ends_key(&self, after: usize, in_flow: bool) -> bool {
        let byte = self.byte_at(after);
        matches!(byte, b' ' | b'\n' | b'\r') || (in_flow && letter(byte) == Letter::Flow)
    }
}
