//! What a place of a file is, in terms that outlast its line: in comes a tree and a byte, out comes a number that stays
//! the same while lines are inserted above, comments and layout change, or the item moves. Nothing is resolved here.
//!
//! An item of a mapping is known by its key, below the keys around it. An item of a list has no name, so its content
//! stands for it: less the field in which the place lies, so that a mistake mended in one field leaves what is known
//! of the others as it was. The document's `org` stands before everything.

use std::cell::RefCell;
use std::collections::HashMap;

use sha2::{Digest, Sha256};

use super::tree::{NodeId, NodeKind, Tree};

/// No parent, no key.
const NONE: u32 = u32::MAX;

/// The places of one file.
pub struct Identities<'t> {
    tree: &'t Tree<'t>,
    /// The list or mapping around each node.
    parents: Vec<u32>,
    /// The key of each pair, for the key and for its value.
    keys: Vec<u32>,
    /// What was asked for before, so that many findings in one item cost no more than one.
    places: RefCell<HashMap<NodeId, u128>>,
    contents: RefCell<HashMap<NodeId, u128>>,
    /// A mapping without one of its pairs, by the pair's key.
    without: RefCell<HashMap<NodeId, u128>>,
}

impl<'t> Identities<'t> {
    /// The places of a tree; goes through it once.
    #[must_use]
    pub fn new(tree: &'t Tree<'t>) -> Identities<'t> {
        let count = tree.nodes.len();
        let (mut parents, mut keys) = (vec![NONE; count], vec![NONE; count]);
        for id in (0..count as u32).map(NodeId) {
            let is_mapping = matches!(tree.node(id).kind, NodeKind::Mapping { .. });
            let mut key = NONE;
            for (number, child) in tree.children(id).enumerate() {
                // every child is a node of this tree, as in `Tree::node`
                parents[child.0 as usize] = id.0;
                if is_mapping {
                    key = if number % 2 == 0 { child.0 } else { key };
                    keys[child.0 as usize] = key;
                }
            }
        }
        let (places, contents, without) = <_>::default();
        Identities { tree, parents, keys, places, contents, without }
    }

    /// What stands at a byte; none where nothing does, as in a comment or behind a syntax error.
    #[must_use]
    pub fn at(&self, byte: u32) -> Option<u128> {
        let node = self.node_at(byte)?;
        let text = self.tree.scalar(node).unwrap_or_default();
        Some(sum("at", &[&self.place(node).to_be_bytes(), text.as_bytes()]))
    }

    /// The innermost node that a byte lies in.
    fn node_at(&self, byte: u32) -> Option<NodeId> {
        // nodes stand in reading order
        let behind = self.tree.nodes.partition_point(|node| node.start <= byte) as u32;
        let mut at = NodeId(behind.checked_sub(1)?);
        loop {
            let node = self.tree.node(at);
            if node.start == byte || (node.start < byte && byte < node.end) {
                // between the items of a collection there is nothing but comments and signs
                let inside = node.start == byte || self.tree.scalar(at).is_some();
                return inside.then_some(at);
            }
            at = self.parent(at)?;
        }
    }

    fn parent(&self, node: NodeId) -> Option<NodeId> {
        self.parents.get(node.0 as usize).copied().filter(|parent| *parent != NONE).map(NodeId)
    }

    /// Where a node stands: the way to it from its document.
    fn place(&self, node: NodeId) -> u128 {
        if let Some(known) = self.places.borrow().get(&node) {
            return *known;
        }
        let place = match self.parent(node) {
            None => sum("document", &[self.organisation(node).as_bytes()]),
            Some(parent) => match self.keys.get(node.0 as usize).copied().filter(|key| *key != NONE).map(NodeId) {
                // alone or in a list, a scalar is the same item
                None if self.tree.scalar(node).is_some() => self.place(parent),
                None => {
                    let content = self.content(node).to_be_bytes();
                    sum("item", &[&self.place(parent).to_be_bytes(), &content])
                }
                Some(key) => {
                    let around = self.around(parent, key).to_be_bytes();
                    sum("pair", &[&around, self.scalar(key).as_bytes()])
                }
            },
        };
        self.places.borrow_mut().insert(node, place);
        place
    }

    /// What a pair of a mapping stands in: the mapping's place, which for an item of a list is what else the item says.
    fn around(&self, mapping: NodeId, key: NodeId) -> u128 {
        match self.parent(mapping) {
            Some(list) if self.tree.node(list).kind == NodeKind::Sequence => {
                let rest = self.content_without(mapping, key).to_be_bytes();
                sum("item", &[&self.place(list).to_be_bytes(), &rest])
            }
            _ => self.place(mapping),
        }
    }

    /// The `org` at the top of a document.
    fn organisation(&self, root: NodeId) -> &str {
        if !matches!(self.tree.node(root).kind, NodeKind::Mapping { .. }) {
            return "";
        }
        let org = self.tree.pairs(root).find(|(key, _)| self.tree.scalar(*key) == Some("org"));
        org.map_or("", |(_, id)| self.scalar(id))
    }

    fn scalar(&self, node: NodeId) -> &str {
        self.tree.scalar(self.tree.resolve(node)).unwrap_or_default()
    }

    /// What a node says, layout, comments, quotes and the order of fields and items aside.
    fn content(&self, node: NodeId) -> u128 {
        if let Some(known) = self.contents.borrow().get(&node) {
            return *known;
        }
        let content = match self.tree.node(node).kind {
            NodeKind::Mapping { .. } => self.content_without(node, NodeId(NONE)),
            NodeKind::Sequence => {
                let mut items: Vec<[u8; 16]> =
                    self.tree.children(node).map(|item| self.content(item).to_be_bytes()).collect();
                items.sort_unstable();
                sum("list", &[items.as_flattened()])
            }
            // an alias may lie inside its own anchor; its name says enough
            NodeKind::Alias(_) => sum("alias", &[self.tree.written(node).as_bytes()]),
            _ => sum("text", &[self.scalar(node).as_bytes()]),
        };
        self.contents.borrow_mut().insert(node, content);
        content
    }

    /// What a mapping says beside one of its pairs.
    fn content_without(&self, mapping: NodeId, left_out: NodeId) -> u128 {
        if let Some(known) = self.without.borrow().get(&left_out) {
            return *known;
        }
        let pairs = self.tree.pairs(mapping).filter(|(key, _)| *key != left_out);
        let mut pairs: Vec<[u8; 32]> = pairs
            .map(|(key, value)| {
                let mut pair = [0; 32];
                pair[..16].copy_from_slice(&self.content(key).to_be_bytes());
                pair[16..].copy_from_slice(&self.content(value).to_be_bytes());
                pair
            })
            .collect();
        pairs.sort_unstable();
        let content = sum("mapping", &[pairs.as_flattened()]);
        if left_out != NodeId(NONE) {
            self.without.borrow_mut().insert(left_out, content);
        }
        content
    }
}

/// A sum of parts, each with its length, so that no two ways to split a text are one.
fn sum(what: &str, parts: &[&[u8]]) -> u128 {
    let mut hash = Sha256::new();
    hash.update(what);
    for part in parts {
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part);
    }
    let full = hash.finalize();
    full.iter().take(16).fold(0, |sum, byte| sum << 8 | u128::from(*byte))
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use super::*;
    use crate::source::FileId;

    /// What stands where `needle` is found.
    fn identity(text: &str, needle: &str) -> Option<u128> {
        let (tree, mistakes) = crate::syntax::parse(FileId(0), text, 64);
        assert!(mistakes.is_empty(), "{mistakes:?}");
        Identities::new(&tree).at(text.find(needle).unwrap() as u32)
    }

    const GRANTS: &str = "grants:\n  - { to: a, scope: [site:x, site:y] }\n  - { to: b, scope: site:x }\n";

    #[test]
    fn lines_layout_and_neighbours_change_nothing() {
        let at = identity(GRANTS, "site:y");
        assert!(at.is_some());
        let moved = "# new\nusers: {}\ngrants:\n- to: c\n  scope: all\n- scope:\n    - 'site:y' # here\n  to: a\n";
        assert_eq!(identity(moved, "'site:y'"), at);
        assert_eq!(identity("teams: { t: { members: [a, z] } }", "z"), identity("teams:\n  t:\n    members: z\n", "z"));
    }

    #[test]
    fn another_item_field_section_or_organisation_is_another_place() {
        let texts = [
            ("grants: [{ to: a, scope: site:y }]", "site:y"),
            ("grants: [{ to: b, scope: site:y }]", "site:y"),
            ("grants: [{ to: a, role: site:y }]", "site:y"),
            ("links: [{ to: a, scope: site:y }]", "site:y"),
            ("org: acme\ngrants: [{ to: a, scope: site:y }]", "site:y"),
            ("grants: [{ to: a, scope: site:y }]", "scope"),
            ("grants: [{ to: a, scope: site:y }]", "{ to"),
        ];
        let mut found: Vec<_> = texts.iter().map(|(text, needle)| identity(text, needle).unwrap()).collect();
        found.sort_unstable();
        found.dedup();
        assert_eq!(found.len(), texts.len());
    }

    #[test]
    fn comments_and_odd_trees_have_no_place_and_do_no_harm() {
        assert_eq!(identity("a: 1 # here\nb: 2\n", "here"), None);
        assert_eq!(identity("# here\n", "here"), None);
        assert!(identity("a: &x [b, c]\nd: [*x, *x]\n", "*x").is_some());
    }
}
