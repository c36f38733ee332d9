//! A serde `Deserializer` over the tree that does not stop at the first mistake.
//!
//! The typed declarations are plain derives; what makes every mistake of a file come out in one run is a protocol
//! between [`NodeReader`] and the wrapper types in `field`: they ask for a value as the item of a sequence, and when
//! that fails, the reader records the mistake with the node's place and answers "no value" instead of failing.
//! Unknown fields, keys without a value and secrets are recorded and passed over likewise.

use std::cell::{Cell, RefCell};
use std::fmt::Display;

use serde::de::value::{StrDeserializer, U32Deserializer};
use serde::de::{self, DeserializeSeed, Deserializer, IntoDeserializer, Visitor};

use super::rules;
use super::tree::{NodeId, NodeKind, Tree};
use crate::diagnostics::{Diagnostic, Rule, nearest};
use crate::source::{FileId, Span};

/// The name by which [`Field`](super::Field) asks for its place and its value.
pub(super) const FIELD: &str = "$camgrant::field";
/// The name by which an entity's body asks for its value: nothing at all counts as an empty mapping there.
pub(super) const BODY: &str = "$camgrant::body";
/// Which struct is the top level of a file, where `x-` keys are passed over.
pub(super) const DOCUMENT: &str = "Document";
/// Which struct is the manifest; it gives a help of its own for sections.
pub(super) const MANIFEST: &str = "Manifest";

/// Keys that are secrets, whatever they hold (`language: users`).
const SECRETS: [&str; 6] = ["password", "passwd", "secret", "token", "access_code", "api_key"];

/// The budgets of reading one file.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// How deep lists and mappings may nest, aliases followed.
    pub max_depth: u32,
    /// How many nodes may be reached through aliases.
    pub max_alias_expansion: u64,
}

/// What is common to the reading of one file.
pub(super) struct Reading<'de> {
    pub tree: &'de Tree<'de>,
    pub file: FileId,
    pub limits: Limits,
    pub diagnostics: RefCell<Vec<Diagnostic>>,
    expanded: Cell<u64>,
}

impl<'de> Reading<'de> {
    pub(super) fn new(tree: &'de Tree<'de>, file: FileId, limits: Limits) -> Reading<'de> {
        Reading { tree, file, limits, diagnostics: RefCell::default(), expanded: Cell::new(0) }
    }

    pub(super) fn root<'r>(&'r self, node: NodeId) -> NodeReader<'r, 'de> {
        NodeReader { reading: self, node, shown: node, key: None, depth: 0, through_alias: false, body: false }
    }

    pub(super) fn report(&self, diagnostic: Diagnostic) {
        self.diagnostics.borrow_mut().push(diagnostic);
    }

    /// Where a node is shown: a scalar or a flow collection as a whole, a block one at its first item.
    fn spot(&self, id: NodeId) -> Span {
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

/// A mistake on its way to the field that records it.
#[derive(Debug)]
pub(super) enum Mistake {
    /// It has been recorded already.
    Recorded,
    /// What was found, and what to do.
    New { rule: &'static Rule, message: String, help: Option<String> },
}

impl Mistake {
    fn new(rule: &'static Rule, message: String) -> Mistake {
        Mistake::New { rule, message, help: None }
    }

    fn help(self, text: impl Into<String>) -> Mistake {
        match self {
            Mistake::New { rule, message, .. } => Mistake::New { rule, message, help: Some(text.into()) },
            Mistake::Recorded => self,
        }
    }
}

impl Display for Mistake {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Mistake::Recorded => f.write_str("reported before"),
            Mistake::New { message, .. } => f.write_str(message),
        }
    }
}

impl std::error::Error for Mistake {}

impl de::Error for Mistake {
    fn custom<T: Display>(message: T) -> Mistake {
        Mistake::new(&rules::WRONG_TYPE, message.to_string())
    }

    fn unknown_variant(word: &str, known: &'static [&'static str]) -> Mistake {
        let known_list = known.iter().map(|k| format!("`{k}`")).collect::<Vec<_>>().join(", ");
        let near = nearest(word, known.iter().copied());
        Mistake::new(&rules::UNKNOWN_WORD, format!("`{word}` is none of the words that may stand here")).help(
            match near {
                Some(near) => format!("did you mean `{near}`? known are {known_list}"),
                None => format!("write one of {known_list}"),
            },
        )
    }
}

/// Reads one node.
#[derive(Clone, Copy)]
pub(super) struct NodeReader<'r, 'de> {
    reading: &'r Reading<'de>,
    /// The node, aliases followed.
    node: NodeId,
    /// The node as written: the alias, where there is one.
    shown: NodeId,
    /// The key that it stands behind, if any.
    key: Option<NodeId>,
    depth: u32,
    through_alias: bool,
    /// Whether nothing at all counts as an empty mapping.
    body: bool,
}

impl<'r, 'de> NodeReader<'r, 'de> {
    fn tree(&self) -> &'de Tree<'de> {
        self.reading.tree
    }

    /// A child, with aliases followed and counted.
    fn child(&self, shown: NodeId, key: Option<NodeId>) -> Result<NodeReader<'r, 'de>, Mistake> {
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
                        .help("write less through aliases, or raise the budget with `--max-alias-expansion`"),
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
                .help("write it flatter, or raise the budget with `--max-depth`"),
            );
            return Err(Mistake::Recorded);
        }
        Ok(NodeReader { reading, node, shown, key, depth, through_alias, body: false })
    }

    /// Where a mistake in this node is shown.
    fn span(&self) -> Span {
        self.reading.spot(self.shown)
    }

    fn record(&self, mistake: Mistake) {
        let Mistake::New { rule, message, help } = mistake else { return };
        self.reading.report(Diagnostic::new(rule, self.span(), message).maybe_help(help));
    }

    fn record_no_value(&self) {
        let tree = self.tree();
        let diagnostic = match self.key.and_then(|key| Some((key, tree.scalar(tree.resolve(key))?))) {
            Some((key, name)) => {
                let span = self.reading.spot(key);
                Diagnostic::new(&rules::NO_VALUE, span, format!("`{name}` has no value"))
                    .help(format!("write a value behind `{name}:`, or leave the key out"))
            }
            None => Diagnostic::new(&rules::NO_VALUE, self.span(), "this item is empty")
                .help("write a value, or leave the item out"),
        };
        self.reading.report(diagnostic);
    }

    /// What the node is, in words.
    fn found(&self) -> String {
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

    fn wrong_type(&self, expected: &str) -> Mistake {
        if self.tree().node(self.node).kind == NodeKind::Broken {
            return Mistake::Recorded;
        }
        Mistake::new(&rules::WRONG_TYPE, format!("expected {expected}, found {}", self.found()))
    }

    fn text(&self, expected: &str) -> Result<&'de str, Mistake> {
        self.tree().scalar(self.node).ok_or_else(|| self.wrong_type(expected))
    }

    fn is_mapping(&self) -> bool {
        matches!(self.tree().node(self.node).kind, NodeKind::Mapping { .. })
    }

    /// A whole number by the core schema.
    fn number(&self) -> Result<u64, Mistake> {
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

    fn boolean(&self) -> Result<bool, Mistake> {
        let text = self.text("`true` or `false`")?;
        match (self.tree().is_plain(self.node), text) {
            (true, "true" | "True" | "TRUE") => Ok(true),
            (true, "false" | "False" | "FALSE") => Ok(false),
            (_, written) => {
                let mistake = self.wrong_type("`true` or `false`");
                Err(match written.to_ascii_lowercase().as_str() {
                    "yes" | "y" | "on" | "true" => mistake.help("write `true`, without quotes"),
                    "no" | "n" | "off" | "false" => mistake.help("write `false`, without quotes"),
                    _ => mistake,
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

fn list(words: &[&str]) -> String {
    words.iter().map(|word| format!("`{word}`")).collect::<Vec<_>>().join(", ")
}

/// The items of a list.
struct Items<'r, 'de> {
    list: NodeReader<'r, 'de>,
    items: std::vec::IntoIter<NodeId>,
}

impl<'r, 'de> de::SeqAccess<'de> for Items<'r, 'de> {
    type Error = Mistake;

    fn next_element_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<Option<T::Value>, Mistake> {
        let Some(item) = self.items.next() else { return Ok(None) };
        seed.deserialize(self.list.child(item, None)?).map(Some)
    }

    fn size_hint(&self) -> Option<usize> {
        Some(self.items.len())
    }
}

/// A single item that stands without its list.
struct Alone<'r, 'de> {
    item: Option<NodeReader<'r, 'de>>,
}

impl<'r, 'de> de::SeqAccess<'de> for Alone<'r, 'de> {
    type Error = Mistake;

    fn next_element_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<Option<T::Value>, Mistake> {
        self.item.take().map(|item| seed.deserialize(item)).transpose()
    }
}

/// The protocol of [`FIELD`] and [`BODY`]: file, start, end, the whole value's end, and the value unless it is wrong.
struct FieldAccess<'r, 'de> {
    reader: NodeReader<'r, 'de>,
    step: u8,
}

impl<'r, 'de> de::SeqAccess<'de> for FieldAccess<'r, 'de> {
    type Error = Mistake;

    fn next_element_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<Option<T::Value>, Mistake> {
        let reader = self.reader;
        let number = |n: u32| -> U32Deserializer<Mistake> { n.into_deserializer() };
        self.step += 1;
        match self.step {
            1 => seed.deserialize(number(reader.reading.file.0)).map(Some),
            2 => seed.deserialize(number(reader.span().start)).map(Some),
            3 => seed.deserialize(number(reader.span().end)).map(Some),
            4 => seed.deserialize(number(reader.tree().node(reader.shown).end)).map(Some),
            _ if reader.tree().is_null(reader.node) && !reader.body => {
                reader.record_no_value();
                Ok(None)
            }
            _ => match seed.deserialize(reader) {
                Ok(value) => Ok(Some(value)),
                Err(mistake) => {
                    reader.record(mistake);
                    Ok(None)
                }
            },
        }
    }
}

/// The pairs of a mapping; with the known fields where it is a struct.
struct Fields<'r, 'de> {
    mapping: NodeReader<'r, 'de>,
    pairs: std::vec::IntoIter<(NodeId, NodeId)>,
    value: Option<(NodeId, NodeId)>,
    known: Option<&'static [&'static str]>,
    document: bool,
}

impl<'r, 'de> de::MapAccess<'de> for Fields<'r, 'de> {
    type Error = Mistake;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, Mistake> {
        for (key, value) in self.pairs.by_ref() {
            let reader = self.mapping.child(key, None)?;
            let name = match reader.text("text as a key") {
                Ok(name) => name,
                Err(mistake) => {
                    reader.record(mistake);
                    continue;
                }
            };
            if let Some(known) = self.known
                && !known.contains(&name)
            {
                if !(self.document && name.starts_with("x-")) {
                    let empty = self.mapping.tree().is_null(self.mapping.tree().resolve(value));
                    reader.reading.report(unknown_field(reader, name, known, self.mapping, empty));
                }
                continue;
            }
            self.value = Some((key, value));
            return seed.deserialize(reader).map(Some);
        }
        Ok(None)
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, Mistake> {
        let Some((key, value)) = self.value.take() else { return Err(Mistake::Recorded) };
        seed.deserialize(self.mapping.child(value, Some(key))?)
    }

    fn size_hint(&self) -> Option<usize> {
        Some(self.pairs.len())
    }
}

/// What to say of a key that is not known here: a secret, a slip of the pen, or a trap that YAML set.
fn unknown_field(
    key: NodeReader<'_, '_>,
    name: &str,
    known: &'static [&'static str],
    mapping: NodeReader<'_, '_>,
    empty: bool,
) -> Diagnostic {
    let span = key.span();
    let lower = name.to_ascii_lowercase().replace('-', "_");
    if SECRETS.contains(&lower.as_str()) {
        return Diagnostic::new(&rules::SECRET, span, format!("`{name}`: a policy holds no secrets"))
            .help("take it out here and out of the repository's history, and change the secret: it has been seen");
    }
    let kind = if mapping.depth == 0 { "section" } else { "field" };
    let diagnostic = Diagnostic::new(&rules::UNKNOWN_FIELD, span, format!("there is no {kind} `{name}` here"));
    if let Some(near) = nearest(name, known.iter().copied()) {
        return diagnostic.help(format!("did you mean `{near}`?"));
    }
    let flow = matches!(mapping.tree().node(mapping.node).kind, NodeKind::Mapping { flow: true });
    if flow && empty {
        return diagnostic.help("a comma inside braces begins a new field: put text with a comma in quotes");
    }
    if mapping.depth == 0 && known.contains(&"orgs") && ["camgrant", "lints", "limits"].contains(&name) {
        return diagnostic.help("this stands in the manifest, the file `camgrant.yaml` at the policy's root");
    }
    if mapping.depth == 0 && known.contains(&"lints") && ["orgs", "users", "teams", "grants", "sites"].contains(&name) {
        return diagnostic.help("`camgrant.yaml` is the manifest: put sections into any other file");
    }
    diagnostic.help(format!("known are {}", list(known)))
}
