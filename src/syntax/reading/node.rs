//! Reads one node: the `Deserializer` itself.

use serde::de::value::StrDeserializer;
use serde::de::{Deserializer, IntoDeserializer, Visitor};

use super::access::{Alone, FieldAccess, Fields, Items};
use super::mistake::{Mistake, list};
use super::{BODY, DOCUMENT, FIELD, MANIFEST, Reading};
use crate::diagnostics::Diagnostic;
use crate::source::Span;
use crate::syntax::rules;
use crate::syntax::tree::{NodeId, NodeKind, Tree};

/// Reads one node.
#[derive(Clone, Copy)]
pub(in crate::syntax) struct NodeReader<'r, 'de> {
    pub(super) reading: &'r Reading<'de>,
    /// The node, aliases followed.
    pub(super) node: NodeId,
    /// The node as written: the alias, where there is one.
    pub(super) shown: NodeId,
    /// The key that it stands behind, if any.
    pub(super) key: Option<NodeId>,
    pub(super) depth: u32,
    pub(super) through_alias: bool,
    /// Whether nothing at all counts as an empty mapping.
    pub(super) body: bool,
}

impl<'r, 'de> NodeReader<'r, 'de> {
    pub(super) fn tree(&self) -> &'de Tree<'de> {
        self.reading.tree
    }

    /// A child, with aliases followed and counted.
    pub(super) fn child(&self, shown: NodeId, key: Option<NodeId>) -> Result<NodeReader<'r, 'de>, Mistake> {
        let node = self.tree().resolve(shown);
        let through_alias = self.through_alias || node != shown;
        let reading = self.reading;
        if through_alias {
            let count = reading.expanded.get() + 1;
            reading.expanded.set(count);
            let budget = reading.limits.max_alias_expansion;
            if count > budget {
                if count == budget + 1 {
                    reading.report(
                        Diagnostic::new(
                            &rules::ALIAS_BUDGET,
                            reading.spot(shown),
                            format!("aliases add more than {budget} nodes to this file"),
                        )
                        .help("write less through aliases, or raise the limit with `--max-alias-expansion`"),
                    );
                }
                return Err(Mistake::Recorded);
            }
        }
        let depth = self.depth + 1;
        if depth > reading.limits.max_depth + 1 {
            reading.report(
                Diagnostic::new(
                    &rules::DEPTH,
                    reading.spot(shown),
                    format!("lists and mappings nest deeper than {} levels here", reading.limits.max_depth),
                )
                .help("write it flatter, or raise the limit with `--max-depth`"),
            );
            return Err(Mistake::Recorded);
        }
        Ok(NodeReader { reading, node, shown, key, depth, through_alias, body: false })
    }

    /// Where a mistake in this node is shown.
    pub(super) fn span(&self) -> Span {
        self.reading.spot(self.shown)
    }

    /// Where the key begins and ends behind which it stands; zeros where there is none.
    pub(super) fn key_place(&self) -> (u32, u32) {
        self.key.map_or((0, 0), |key| {
            let node = self.tree().node(key);
            (node.start, node.end)
        })
    }

    pub(super) fn record(&self, mistake: Mistake) {
        let Mistake::New { rule, message, help, instead } = mistake else { return };
        let mut diagnostic = Diagnostic::new(rule, self.span(), message).maybe_help(help);
        // what an alias shows may be meant otherwise elsewhere
        if let Some(instead) = instead.filter(|_| !self.through_alias) {
            diagnostic = diagnostic.replace(format!("write `{instead}`"), instead);
        }
        self.reading.report(diagnostic);
    }

    pub(super) fn record_no_value(&self) {
        let tree = self.tree();
        let diagnostic = match self.key.and_then(|key| Some((key, tree.scalar(tree.resolve(key))?))) {
            Some((key, name)) => {
                let span = self.reading.spot(key);
                Diagnostic::new(&rules::NO_VALUE, span, format!("`{name}` has no value"))
                    .help(format!("write a value behind `{name}:`, or leave the key out"))
            }
            None => {
                let span = self.span();
                // nothing at all has no place of its own: its dash has
                let dash = tree.dash_before(self.shown).filter(|_| span.start == span.end);
                let span = dash.map_or(span, |dash| Span::new(span.file, dash, dash + 1));
                Diagnostic::new(&rules::NO_VALUE, span, "this item is empty")
                    .help("write a value, or leave the item out")
            }
        };
        self.reading.report(diagnostic);
    }

    /// What the node is, in words.
    pub(super) fn found(&self) -> String {
        let tree = self.tree();
        match tree.node(self.node).kind {
            NodeKind::Sequence => "a list".into(),
            NodeKind::Mapping { .. } => "a mapping".into(),
            _ if tree.is_null(self.node) => "nothing".into(),
            _ => match tree.scalar(self.node) {
                Some(text) if text.chars().count() <= 40 => format!("`{text}`"),
                _ => "text".into(),
            },
        }
    }

    pub(super) fn wrong_type(&self, expected: &str) -> Mistake {
        if self.tree().node(self.node).kind == NodeKind::Broken {
            return Mistake::Recorded;
        }
        Mistake::new(&rules::WRONG_TYPE, format!("expected {expected}, found {}", self.found()))
            .help(format!("write {expected} here"))
    }

    pub(super) fn text(&self, expected: &str) -> Result<&'de str, Mistake> {
        self.tree().scalar(self.node).ok_or_else(|| self.wrong_type(expected))
    }

    pub(super) fn is_mapping(&self) -> bool {
        matches!(self.tree().node(self.node).kind, NodeKind::Mapping { .. })
    }

    /// A whole number by the core schema.
    pub(super) fn number(&self) -> Result<u64, Mistake> {
        let plain = self.tree().is_plain(self.node);
        let text = self.text("a whole number")?;
        let digits = text.strip_prefix('+').unwrap_or(text);
        let parsed = if let Some(hex) = digits.strip_prefix("0x") {
            u64::from_str_radix(hex, 16).ok().filter(|_| !hex.starts_with('+'))
        } else if let Some(octal) = digits.strip_prefix("0o") {
            u64::from_str_radix(octal, 8).ok().filter(|_| !octal.starts_with('+'))
        } else {
            digits.parse().ok().filter(|_| !digits.starts_with('+'))
        };
        parsed.filter(|_| plain).ok_or_else(|| self.wrong_type("a whole number"))
    }

    pub(super) fn boolean(&self) -> Result<bool, Mistake> {
        let text = self.text("`true` or `false`")?;
        match (self.tree().is_plain(self.node), text) {
            (true, "true" | "True" | "TRUE") => Ok(true),
            (true, "false" | "False" | "FALSE") => Ok(false),
            (_, written) => {
                let mistake = self.wrong_type("`true` or `false`");
                Err(match written.to_ascii_lowercase().as_str() {
                    "yes" | "y" | "on" | "true" => mistake.help("write `true`, without quotes").instead(Some("true")),
                    "no" | "n" | "off" | "false" => {
                        mistake.help("write `false`, without quotes").instead(Some("false"))
                    }
                    _ => mistake.help("write `true` or `false`"),
                })
            }
        }
    }
}

macro_rules! unsigned {
    ($($method:ident $visit:ident $type:ty,)*) => {$(
        fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Mistake> {
            let number = self.number()?;
            let fits = <$type>::try_from(number)
                .map_err(|_| Mistake::new(&rules::OUT_OF_RANGE, format!("{number} is too large a number here")))?;
            visitor.$visit(fits)
        }
    )*};
}

impl<'r, 'de> Deserializer<'de> for NodeReader<'r, 'de> {
    type Error = Mistake;

    unsigned! {
        deserialize_u8 visit_u8 u8,
        deserialize_u16 visit_u16 u16,
        deserialize_u32 visit_u32 u32,
        deserialize_u64 visit_u64 u64,
    }

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Mistake> {
        visitor.visit_bool(self.boolean()?)
    }

    fn deserialize_str<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Mistake> {
        visitor.visit_borrowed_str(self.text("text")?)
    }

    fn deserialize_string<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Mistake> {
        self.deserialize_str(visitor)
    }

    fn deserialize_identifier<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Mistake> {
        self.deserialize_str(visitor)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Mistake> {
        visitor.visit_some(self)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, _: &'static str, visitor: V) -> Result<V::Value, Mistake> {
        visitor.visit_newtype_struct(self)
    }

    /// A list; anything else that is something stands for a list of itself.
    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Mistake> {
        let tree = self.tree();
        match tree.node(self.node).kind {
            NodeKind::Sequence => {
                let items: Vec<NodeId> = tree.children(self.node).collect();
                visitor.visit_seq(Items { list: self, items: items.into_iter() })
            }
            NodeKind::Broken => Err(Mistake::Recorded),
            _ => visitor.visit_seq(Alone { item: Some(self) }),
        }
    }

    fn deserialize_tuple_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        _: usize,
        visitor: V,
    ) -> Result<V::Value, Mistake> {
        match name {
            FIELD => visitor.visit_seq(FieldAccess { reader: self, step: 0 }),
            BODY => visitor.visit_seq(FieldAccess { reader: NodeReader { body: true, ..self }, step: 0 }),
            _ => self.deserialize_seq(visitor),
        }
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Mistake> {
        if !self.is_mapping() {
            return Err(self.wrong_type("a mapping"));
        }
        let pairs: Vec<_> = self.tree().pairs(self.node).collect();
        visitor.visit_map(Fields { mapping: self, pairs: pairs.into_iter(), value: None, known: None, document: false })
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        known: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Mistake> {
        let top = name == DOCUMENT || name == MANIFEST;
        let tree = self.tree();
        let pairs: Vec<_> = if self.is_mapping() {
            if tree.node(self.node).cut && !top {
                return Err(Mistake::Recorded); // broken off: nothing can be said of what is missing
            }
            tree.pairs(self.node).collect()
        } else if self.body && tree.is_null(self.node) {
            Vec::new()
        } else {
            let mistake = self.wrong_type("a mapping of fields");
            return Err(match known.len() {
                0..=12 => mistake.help(format!("known fields are {}", list(known))),
                _ => mistake,
            });
        };
        visitor.visit_map(Fields {
            mapping: self,
            pairs: pairs.into_iter(),
            value: None,
            known: Some(known),
            document: top,
        })
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        known: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Mistake> {
        let text = self.text(&format!("one of {}", list(known)))?;
        let word: StrDeserializer<'_, Mistake> = text.into_deserializer();
        visitor.visit_enum(word)
    }

    /// For what is passed over.
    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Mistake> {
        visitor.visit_unit()
    }

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Mistake> {
        match self.tree().node(self.node).kind {
            NodeKind::Sequence => self.deserialize_seq(visitor),
            NodeKind::Mapping { .. } => self.deserialize_map(visitor),
            _ => self.deserialize_str(visitor),
        }
    }

    serde::forward_to_deserialize_any! {
        i8 i16 i32 i64 i128 u128 f32 f64 char bytes byte_buf unit unit_struct tuple
    }
}
