//! A serde `Deserializer` over the tree that does not stop at the first mistake.
//!
//! The typed declarations are plain derives; what makes every mistake of a file come out in one run is a protocol
//! between [`NodeReader`] and the wrapper types in `field`: they ask for a value as the item of a sequence, and when
//! that fails, the reader records the mistake with the node's place and answers "no value" instead of failing.
//! Unknown fields, keys without a value and secrets are recorded and passed over likewise.
//!
//! `node` is the deserializer, `access` the protocol, `mistake` what travels from one to the other.

mod access;
mod mistake;
mod node;

use std::cell::{Cell, RefCell};

use node::NodeReader;

use super::tree::{NodeId, NodeKind, Tree};
use crate::diagnostics::Diagnostic;
use crate::source::{FileId, Span};

/// The name by which [`Field`](super::Field) asks for its place and its value.
pub(in crate::syntax) const FIELD: &str = "$camgrant::field";
/// The name by which an entity's body asks for its value: nothing at all counts as an empty mapping there.
pub(in crate::syntax) const BODY: &str = "$camgrant::body";
/// Which struct is the top level of a file, where `x-` keys are passed over.
pub(in crate::syntax) const DOCUMENT: &str = "Document";
/// Which struct is the manifest; it gives a help of its own for sections.
pub(in crate::syntax) const MANIFEST: &str = "Manifest";

/// The budgets of reading one file.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// How deep lists and mappings may nest, aliases followed.
    pub max_depth: u32,
    /// How many nodes may be reached through aliases.
    pub max_alias_expansion: u64,
}

/// What is common to the reading of one file.
pub(in crate::syntax) struct Reading<'de> {
    pub tree: &'de Tree<'de>,
    pub file: FileId,
    pub limits: Limits,
    pub diagnostics: RefCell<Vec<Diagnostic>>,
    expanded: Cell<u64>,
}

impl<'de> Reading<'de> {
    pub(in crate::syntax) fn new(tree: &'de Tree<'de>, file: FileId, limits: Limits) -> Reading<'de> {
        Reading { tree, file, limits, diagnostics: RefCell::default(), expanded: Cell::new(0) }
    }

    pub(in crate::syntax) fn root<'r>(&'r self, node: NodeId) -> NodeReader<'r, 'de> {
        NodeReader { reading: self, node, shown: node, key: None, depth: 0, through_alias: false, body: false }
    }

    pub(in crate::syntax) fn report(&self, diagnostic: Diagnostic) {
        self.diagnostics.borrow_mut().push(diagnostic);
    }

    /// Where a node is shown: a scalar or a flow collection as a whole, a block one at its first item.
    pub(super) fn spot(&self, id: NodeId) -> Span {
        let mut node = self.tree.node(id);
        let mut at = id;
        while let NodeKind::Sequence | NodeKind::Mapping { flow: false } = node.kind {
            let Some(child) = self.tree.children(at).next() else { break };
            if self.tree.node(child).start < node.start {
                break;
            }
            at = child;
            node = self.tree.node(child);
        }
        Span::new(self.file, node.start, node.end)
    }
}
