//! The spanned tree: a flat arena of small nodes over the text. Whatever parser fills it, this is all that the
//! rest of the compiler sees of YAML.
//!
//! Nodes stand in reading order, a node's descendants right behind it, so a subtree is a range of the arena. A
//! mapping's children are its keys and values by turns.

/// The number of a node in its [`Tree`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct NodeId(pub u32);

/// What a node is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NodeKind {
    /// An unquoted scalar on one line: its text is its span.
    Plain,
    /// A quoted scalar without escapes: its text is its span less the quotes.
    Quoted,
    /// A scalar whose text differs from what is written (escapes, several lines); the number of its text.
    /// Only the unquoted ones can be `null`, `true` or a number.
    Folded {
        /// The number of the text among the tree's own texts.
        text: u32,
        /// Whether it was written without quotes.
        plain: bool,
    },
    /// A list.
    Sequence,
    /// A mapping; `flow` where it is written in braces.
    Mapping {
        /// Written in braces.
        flow: bool,
    },
    /// An alias, pointing to the node with its anchor.
    Alias(NodeId),
    /// Something that was wrong and has been reported.
    Broken,
}

/// A node of the arena.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Node {
    /// The first byte.
    pub start: u32,
    /// The byte after the last.
    pub end: u32,
    /// The node after this one's descendants.
    pub next: u32,
    /// What it is.
    pub kind: NodeKind,
    /// A key that was reported (a duplicate, a merge key) and is passed over with its value.
    pub dropped: bool,
    /// A list or mapping that a syntax error broke off.
    pub cut: bool,
}

/// The documents of one file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tree<'t> {
    text: &'t str,
    pub(super) nodes: Vec<Node>,
    pub(super) folded: Vec<Box<str>>,
    pub(super) documents: Vec<DocumentRoot>,
}

/// Where a document of the file begins in the arena.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DocumentRoot {
    /// Its root node; none where the document is empty or broke before its first node.
    pub root: Option<NodeId>,
    /// Whether a syntax error broke it off.
    pub cut: bool,
}

impl<'t> Tree<'t> {
    pub(super) fn new(text: &'t str) -> Tree<'t> {
        Tree { text, nodes: Vec::new(), folded: Vec::new(), documents: Vec::new() }
    }

    /// How many nodes there are.
    #[must_use]
    pub fn len(&self) -> u32 {
        self.nodes.len() as u32
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.nodes.is_empty()
    }

    /// The text that it was read from.
    #[must_use]
    pub fn text(&self) -> &'t str {
        self.text
    }

    /// The documents, in order.
    #[must_use]
    pub fn documents(&self) -> &[DocumentRoot] {
        &self.documents
    }

    /// A node. Ids come from this tree alone, so they are always there.
    #[must_use]
    pub fn node(&self, id: NodeId) -> &Node {
        &self.nodes[id.0 as usize]
    }

    /// The text of a scalar; none of anything else.
    #[must_use]
    pub fn scalar(&self, id: NodeId) -> Option<&str> {
        let node = self.node(id);
        let (start, end) = (node.start as usize, node.end as usize);
        match node.kind {
            NodeKind::Plain => self.text.get(start..end),
            NodeKind::Quoted => self.text.get(start + 1..end.saturating_sub(1)),
            NodeKind::Folded { text, .. } => self.folded.get(text as usize).map(|text| &**text),
            _ => None,
        }
    }

    /// A node as it is written.
    #[must_use]
    pub fn written(&self, id: NodeId) -> &'t str {
        let node = self.node(id);
        self.text.get(node.start as usize..node.end as usize).unwrap_or_default()
    }

    /// Where the dash stands before an item of a block list that has nothing behind it.
    #[must_use]
    pub fn dash_before(&self, id: NodeId) -> Option<u32> {
        let before = self.text.get(..self.node(id).start as usize)?.trim_end();
        before.ends_with('-').then(|| before.len() as u32 - 1)
    }

    /// Whether the node is a scalar without quotes, which alone can be null, a boolean or a number.
    #[must_use]
    pub fn is_plain(&self, id: NodeId) -> bool {
        matches!(self.node(id).kind, NodeKind::Plain | NodeKind::Folded { plain: true, .. })
    }

    /// Whether the node is null by the core schema: nothing at all, `~`, or `null`.
    #[must_use]
    pub fn is_null(&self, id: NodeId) -> bool {
        self.is_plain(id) && matches!(self.scalar(id), Some("" | "~" | "null" | "Null" | "NULL"))
    }

    /// The items of a list, or a mapping's keys and values by turns; nothing for a scalar.
    pub fn children(&self, id: NodeId) -> impl Iterator<Item = NodeId> + '_ {
        let end = self.node(id).next;
        let mut at = id.0 + 1;
        std::iter::from_fn(move || {
            (at < end).then(|| {
                let child = NodeId(at);
                at = self.node(child).next;
                child
            })
        })
    }

    /// A mapping's pairs that count: dropped keys are passed over, and so is a last key without a value, which
    /// only a syntax error leaves behind.
    pub fn pairs(&self, id: NodeId) -> impl Iterator<Item = (NodeId, NodeId)> + '_ {
        let mut children = self.children(id);
        std::iter::from_fn(move || {
            loop {
                let (key, value) = (children.next()?, children.next()?);
                if !self.node(key).dropped {
                    return Some((key, value));
                }
            }
        })
    }

    /// The node with an alias's anchor, or the node itself.
    #[must_use]
    pub fn resolve(&self, id: NodeId) -> NodeId {
        match self.node(id).kind {
            NodeKind::Alias(target) => target,
            _ => id,
        }
    }
}
