//! A quick reader of plain YAML: the block style in which policies are written, into the same tree that the full
//! parser fills, at several times its speed.
//!
//! In: a text. Out: its tree, or nothing. It reads the part of YAML of which it is certain (keys and values on one line,
//! block lists and mappings, flow ones that close on their line, comments, several documents) and **declines everything
//! else**: whatever is unusual, doubtful or wrong goes to the full parser, which alone reports mistakes. So a text is
//! read by either the one or the other, never by both in part, and a tree from here has nothing wrong in it.
//!
//! Why it looks as it does: it walks over bytes with one cursor and keeps no tokens, since YAML's cost lies in looking
//! at every byte several times. That it reads what the full parser reads, with the same nodes and the same spans, is not
//! argued but tested: every text that it accepts is held against the full parser, in the tests beside it and by the
//! fuzzer.
//!
//! | file | holds |
//! |---|---|
//! | `letters` | which bytes a text may have at all, and what each may begin |
//! | `block` | lines, indentation, keys |
//! | `flow` | `[…]` and `{…}` on one line |
//! | `scalars` | plain and quoted text |

mod block;
mod flow;
mod letters;
mod scalars;
#[cfg(test)]
mod tests;

use super::tree::{Node, NodeId, NodeKind, Tree};

/// Reads a text, or declines it. `max_depth` bounds how deep lists and mappings may nest.
pub(super) fn parse(text: &str, max_depth: u32) -> Option<Tree<'_>> {
    letters::are_plain(text)?;
    let start = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
    let mut reader = Reader {
        bytes: text.as_bytes(),
        at: start,
        tree: Tree::new(text),
        open: Vec::new(),
        max_depth: max_depth as usize,
    };
    reader.text()?;
    Some(reader.tree)
}

/// Declines a text.
const DECLINE: Option<()> = None;

struct Reader<'t> {
    bytes: &'t [u8],
    /// The byte that is read next.
    at: usize,
    tree: Tree<'t>,
    /// Lists and mappings that are not closed yet, outermost first.
    open: Vec<Open>,
    max_depth: usize,
}

/// A list or mapping that is not closed yet.
#[derive(Clone, Copy)]
struct Open {
    node: NodeId,
    /// The column of its dashes or keys; a flow one has none.
    column: usize,
    is_list: bool,
    /// A mapping's last key has no value yet.
    waiting: bool,
}

impl Reader<'_> {
    /// The byte at the cursor; a line feed at the end of the text.
    fn byte(&self) -> u8 {
        self.bytes.get(self.at).copied().unwrap_or(b'\n')
    }

    fn byte_at(&self, at: usize) -> u8 {
        self.bytes.get(at).copied().unwrap_or(b'\n')
    }

    fn skip_spaces(&mut self) {
        while self.byte() == b' ' {
            self.at += 1;
        }
    }

    fn push(&mut self, kind: NodeKind, start: usize, end: usize) -> NodeId {
        let id = NodeId(self.tree.nodes.len() as u32);
        // texts are at most 4 GiB: `letters` saw to it
        self.tree.nodes.push(Node {
            start: start as u32,
            end: end as u32,
            next: id.0 + 1,
            kind,
            dropped: false,
            cut: false,
        });
        id
    }

    /// What stands where a value is missing.
    fn push_nothing(&mut self, at: usize) {
        self.tree.folded.push("~".into());
        self.push(NodeKind::Folded { text: self.tree.folded.len() as u32 - 1, plain: true }, at, at);
    }

    fn push_open(&mut self, kind: NodeKind, start: usize, column: usize) -> Option<()> {
        if self.open.len() >= self.max_depth {
            return DECLINE;
        }
        let node = self.push(kind, start, start);
        self.open.push(Open { node, column, is_list: kind == NodeKind::Sequence, waiting: false });
        Some(())
    }

    /// Closes the innermost list or mapping: a flow one at `end`, a block one where its last node ends.
    fn close(&mut self, end: Option<usize>) -> Option<()> {
        let open = self.open.pop()?;
        let next = self.tree.nodes.len() as u32;
        let last_end = self.tree.nodes.last()?.end;
        let node = self.tree.nodes.get_mut(open.node.0 as usize)?;
        node.next = next;
        node.end = end.map_or(last_end, |end| end as u32);
        if open.is_list { Some(()) } else { self.keys_differ(open.node) }
    }

    /// Declines a mapping in which a key stands twice.
    fn keys_differ(&self, mapping: NodeId) -> Option<()> {
        const FEW: usize = 12;
        let mut few: [&[u8]; FEW] = [&[]; FEW];
        for (count, key) in self.tree.children(mapping).step_by(2).enumerate() {
            let name = self.tree.scalar(key)?.as_bytes();
            if name == b"<<" || few.get(..count)?.contains(&name) {
                return DECLINE;
            }
            match few.get_mut(count) {
                Some(place) => *place = name,
                None => return self.many_keys_differ(mapping),
            }
        }
        Some(())
    }

    fn many_keys_differ(&self, mapping: NodeId) -> Option<()> {
        // not a quicker hash: whoever knows it can choose keys that all collide
        let mut seen: std::collections::HashSet<&str> = std::collections::HashSet::new();
        for key in self.tree.children(mapping).step_by(2) {
            let name = self.tree.scalar(key)?;
            if name == "<<" || !seen.insert(name) {
                return DECLINE;
            }
        }
        Some(())
    }
}
