//! Where a node stands in what holds it: which item begins on a line, and how an item is taken out of its text.
//!
//! In: a tree. Out: ranges of bytes and edits. An edit is given only where it is certain: where it is written in a way
//! that is not known here, or something else rests on it, there is none.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use super::tree::{NodeId, NodeKind, Tree};

/// The outline of one file.
#[derive(Debug)]
pub struct Outline<'t> {
    tree: &'t Tree<'t>,
    /// For each node where it stands.
    places: Vec<Place>,
    /// The nodes that aliases mean, ascending.
    aliased: Vec<u32>,
}

/// Where a node stands: what it is in what holds it, which node that is, and the node before it there.
#[derive(Clone, Copy, Debug)]
struct Place {
    role: Role,
    holder: NodeId,
    before: Option<NodeId>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Role {
    Root,
    Item,
    Key,
    Value,
}

/// What is to be taken out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    /// The item of a list that begins at this byte.
    Item(u32),
    /// The entry of a mapping whose key begins at this byte.
    Entry(u32),
}

/// A range of bytes and the text to put there.
pub type Edit = (Range<u32>, String);

impl<'t> Outline<'t> {
    /// Looks at a tree once, so that each question is quick.
    #[must_use]
    pub fn new(tree: &'t Tree<'t>) -> Outline<'t> {
        let count = tree.len();
        let root = Place { role: Role::Root, holder: NodeId(0), before: None };
        let mut places = vec![root; count as usize];
        let mut aliased = Vec::new();
        for number in 0..count {
            let id = NodeId(number);
            let roles = match tree.node(id).kind {
                NodeKind::Sequence => [Role::Item, Role::Item],
                NodeKind::Mapping { .. } => [Role::Key, Role::Value],
                NodeKind::Alias(target) => {
                    aliased.push(target.0);
                    continue;
                }
                _ => continue,
            };
            let mut before = None;
            for (child, role) in tree.children(id).zip(roles.into_iter().cycle()) {
                if let Some(place) = places.get_mut(child.0 as usize) {
                    *place = Place { role, holder: id, before };
                }
                before = Some(child);
            }
        }
        aliased.sort_unstable();
        Outline { tree, places, aliased }
    }

    fn place(&self, id: NodeId) -> Place {
        self.places.get(id.0 as usize).copied().unwrap_or(Place { role: Role::Root, holder: id, before: None })
    }

    /// Whether a scalar covers this byte, so that it is text and no comment.
    #[must_use]
    pub fn is_text(&self, at: u32) -> bool {
        // nothing begins inside a scalar, so it is the last node that begins before
        let Some(last) = self.first_from(at + 1).checked_sub(1) else { return false };
        let last = NodeId(last);
        self.tree.scalar(last).is_some() && at < self.end(last)
    }

    /// The number of the first node that begins at this byte or behind it.
    fn first_from(&self, at: u32) -> u32 {
        let (mut low, mut high) = (0, self.tree.len());
        while low < high {
            let middle = low + (high - low) / 2;
            if self.tree.node(NodeId(middle)).start < at { low = middle + 1 } else { high = middle }
        }
        low
    }

    /// The bytes of the item, entry or value that begins first between two places of one line.
    #[must_use]
    pub fn begins_between(&self, from: u32, to: u32) -> Option<Range<u32>> {
        let mut id = NodeId(self.first_from(from));
        while id.0 < self.tree.len() && self.tree.node(id).start < to {
            let node = self.tree.node(id);
            let holds_more = match self.place(id).role {
                Role::Key => return Some(node.start..self.end(self.value(id)).max(self.end(id))),
                Role::Item => false,
                // a block begins with what it holds
                Role::Value | Role::Root => {
                    matches!(node.kind, NodeKind::Sequence | NodeKind::Mapping { .. }) && !self.is_flow(id)
                }
            };
            if node.end > node.start && !holds_more {
                return Some(node.start..self.end(id));
            }
            id = NodeId(id.0 + 1);
        }
        None
    }

    /// The value behind a key; the key where a syntax error left none.
    fn value(&self, key: NodeId) -> NodeId {
        let next = NodeId(self.tree.node(key).next);
        let place = self.place(next);
        if place.role == Role::Value && place.holder == self.place(key).holder { next } else { key }
    }

    fn is_flow(&self, id: NodeId) -> bool {
        matches!(self.tree.text().as_bytes().get(self.tree.node(id).start as usize), Some(b'[' | b'{'))
    }

    /// Where a node's text ends. A block scalar's own span runs on over empty lines, and that of a block leaves out the
    /// closing brackets of what it ends with.
    fn end(&self, id: NodeId) -> u32 {
        let node = self.tree.node(id);
        let mut at = NodeId(node.next.saturating_sub(1).max(id.0));
        let mut end = node.end;
        while at != id {
            end = end.max(self.tree.node(at).end);
            at = self.place(at).holder;
        }
        let written = self.tree.text().get(node.start as usize..end as usize).unwrap_or("");
        node.start + written.trim_end().len() as u32
    }

    /// The item, or the key, that begins where a part does.
    fn find(&self, part: Part) -> Option<NodeId> {
        let (at, wanted) = match part {
            Part::Item(at) => (at, Role::Item),
            Part::Entry(at) => (at, Role::Key),
        };
        let first = self.first_from(at);
        let mut beginning = (first..self.tree.len()).map(NodeId).take_while(|id| self.tree.node(*id).start == at);
        beginning.find(|id| self.place(*id).role == wanted)
    }

    /// Of parts that are all to be taken out: where they are all that a list or mapping on lines of its own holds, the
    /// first one. It has to wait until it is the only one, so that something is left in the place of the last. (Between
    /// brackets, edits that would leave nothing meet, and one waits anyway.)
    #[must_use]
    pub fn firsts_of_emptied(&self, parts: &BTreeSet<Part>) -> BTreeSet<Part> {
        let mut by_holder: BTreeMap<u32, Vec<Part>> = BTreeMap::new();
        for part in parts {
            if let Some(id) = self.find(*part) {
                by_holder.entry(self.place(id).holder.0).or_default().push(*part);
            }
        }
        let mut firsts = BTreeSet::new();
        let is_block = |(holder, going): &(u32, Vec<Part>)| going.len() > 1 && !self.is_flow(NodeId(*holder));
        for (holder, going) in by_holder.into_iter().filter(is_block) {
            let children = self.tree.children(NodeId(holder));
            let held = children.filter(|child| self.place(*child).role != Role::Value).count();
            if held == going.len() {
                firsts.extend(going.first().copied());
            }
        }
        firsts
    }

    /// The edit that takes a part out of the text, where it is certain.
    #[must_use]
    pub fn without(&self, part: Part) -> Option<Edit> {
        let id = self.find(part)?;
        let (at, wanted) = (self.tree.node(id).start, self.place(id).role);
        let last = if wanted == Role::Key { self.value(id) } else { id };
        let nodes = id.0..self.tree.node(last).next;
        let aliased = self.aliased.partition_point(|target| *target < nodes.start);
        if self.aliased.get(aliased).is_some_and(|target| *target < nodes.end) {
            return None; // something else is written by it
        }
        let Place { holder, before, .. } = self.place(id);
        let around = Around {
            before: before.map(|before| self.end(before)),
            after: (nodes.end < self.tree.node(holder).next).then(|| self.tree.node(NodeId(nodes.end)).start),
            holder: self.tree.node(holder).start,
        };
        let range = at..self.end(last).max(self.end(id));
        if self.is_flow(holder) {
            self.without_flow(range, &around)
        } else {
            self.without_lines(range, wanted, &around)
        }
    }

    /// `[a, b]`: with the comma before it, or, of the first, with the one behind it.
    fn without_flow(&self, range: Range<u32>, around: &Around) -> Option<Edit> {
        let between = |from: u32, to: u32| self.tree.text().get(from as usize..to as usize);
        let is_comma = |text: &str| text.trim() == ",";
        match (around.before, around.after) {
            (Some(before), _) => is_comma(between(before, range.start)?).then(|| (before..range.end, String::new())),
            (None, Some(after)) => is_comma(between(range.end, after)?).then(|| (range.start..after, String::new())),
            (None, None) => {
                let opened = between(around.holder + 1, range.start)?;
                opened.trim().is_empty().then(|| (range, String::new()))
            }
        }
    }

    /// An item on lines of its own, with these lines; the only one leaves an empty list or mapping.
    fn without_lines(&self, range: Range<u32>, role: Role, around: &Around) -> Option<Edit> {
        let text = self.tree.text();
        let line = text.get(..range.start as usize)?.rfind('\n').map_or(0, |newline| newline + 1);
        let before = text.get(line..range.start as usize)?;
        let (indent, open) = match role {
            Role::Item => {
                (before.strip_suffix(|c: char| c == ' ').map(|b| b.trim_end_matches(' '))?.strip_suffix('-')?, "[]")
            }
            _ => (before, "{}"),
        };
        if !indent.bytes().all(|b| b == b' ') || self.is_spoken_of(line) {
            return None;
        }
        let rest = text.get(range.end as usize..)?;
        let behind = rest.find('\n').map_or(rest, |newline| rest.get(..=newline).unwrap_or(rest));
        let kept = behind.trim();
        if !(kept.is_empty() || kept.starts_with('#')) {
            return None;
        }
        let end = range.end + behind.len() as u32;
        let alone = around.before.is_none() && around.after.is_none();
        let left = if alone { format!("{indent}  {open}\n") } else { String::new() };
        Some((line as u32..end, left))
    }

    /// Whether a comment above speaks to this compiler of what begins on this line: it would then speak of the next.
    fn is_spoken_of(&self, line: usize) -> bool {
        let above = self.tree.text().get(..line).unwrap_or("").lines().rev();
        above.map(str::trim_start).take_while(|line| line.starts_with('#')).any(|line| line.contains("camgrant:"))
    }
}

/// What stands beside an item: the end of the one before, the start of the one behind, and the start of their holder.
struct Around {
    before: Option<u32>,
    after: Option<u32>,
    holder: u32,
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use super::*;
    use crate::source::FileId;
    use crate::syntax::parse;

    /// The text without the part that begins at `@`.
    fn without(text: &str, part: fn(u32) -> Part) -> Option<String> {
        let at = text.find('@').unwrap();
        let text = text.replace('@', "");
        let (tree, mistakes) = parse(FileId(0), &text, 64);
        assert!(mistakes.is_empty(), "{mistakes:?}");
        let (range, new) = Outline::new(&tree).without(part(at as u32))?;
        let mut edited = text.clone();
        edited.replace_range(range.start as usize..range.end as usize, &new);
        let (_, mistakes) = parse(FileId(0), &edited, 64);
        assert!(mistakes.is_empty(), "{edited}: {mistakes:?}");
        Some(edited)
    }

    #[test]
    fn items_are_taken_out_with_what_is_theirs() {
        let case = |text: &str, left: &str| assert_eq!(without(text, Part::Item).as_deref(), Some(left), "{text}");
        case("a: [@b, c]\n", "a: [c]\n");
        case("a: [b, @c]\n", "a: [b]\n");
        case("a: [b, @c, d ]\n", "a: [b, d ]\n");
        case("a: [ @{b: c} ]\n", "a: [  ]\n");
        case("a: [ {b: c},\n     @{d: e},\n     f ]\n", "a: [ {b: c},\n     f ]\n");
        case("a:\n  - @b: c\n    d: e\n  - f\n", "a:\n  - f\n");
        case("a:\n  - f\n  - @b: c\n    d: |\n      x\n\ng: h\n", "a:\n  - f\n\ng: h\n");
        case("a:\n  - f\n  # of b\n  - @b  # this\n  # of c\n  - c\n", "a:\n  - f\n  # of b\n  # of c\n  - c\n");
        case("a:\n- @b\n- c\n", "a:\n- c\n");
        case("a:\n- @b\nc: d\n", "a:\n  []\nc: d\n");
        case("a:\n  - c\n  - @b", "a:\n  - c\n");
    }

    #[test]
    fn entries_are_taken_out_with_what_is_theirs() {
        let case = |text: &str, left: &str| assert_eq!(without(text, Part::Entry).as_deref(), Some(left), "{text}");
        case("a: { @b: { c: d }, e: f }\n", "a: { e: f }\n");
        case("a: { e: f, @b: { c: d } }\n", "a: { e: f }\n");
        case("a: { @b: { c: d } }\n", "a: {  }\n");
        case("a:\n  @b: { c: d }\n  e: f\n", "a:\n  e: f\n");
        case("a: { @b, c: d }\n", "a: { c: d }\n");
        case("a:\n  @b:\n    c: d\ne: f\n", "a:\n    {}\ne: f\n");
    }

    #[test]
    fn the_first_waits_where_nothing_would_be_left() {
        let firsts = |text: &str, parts: &[Part]| {
            let (tree, _) = parse(FileId(0), text, 64);
            Outline::new(&tree).firsts_of_emptied(&parts.iter().copied().collect())
        };
        let block = "a:\n  - b\n  - c\nd: [e]\n";
        assert_eq!(firsts(block, &[Part::Item(7), Part::Item(13)]), BTreeSet::from([Part::Item(7)]));
        assert_eq!(firsts(block, &[Part::Item(13), Part::Item(19)]), BTreeSet::new());
        let mapping = "a:\n  b: c\n  d: e\n";
        assert_eq!(firsts(mapping, &[Part::Entry(5), Part::Entry(12)]), BTreeSet::from([Part::Entry(5)]));
        assert_eq!(firsts("a: [b, c]\n", &[Part::Item(4), Part::Item(7)]), BTreeSet::new());
    }

    #[test]
    fn what_is_not_certain_is_left() {
        let case = |text: &str| assert_eq!(without(text, Part::Item), None, "{text}");
        case("a: @b\n");
        case("a:\n  - &x @b\n  - c\n");
        case("a:\n  @b: c\n");
        case("a:\n  - &x @b\n  - *x\n");
        case("a:\n  - b\n  # camgrant: allow(x) y\n  # z\n  - @c\n");
        case("a: [b, # of b\n    @c]\n");
        case("a:\n  -\n    @b: c\n  - d\n");
    }
}
