//! How lists, fields and mappings hand out what is in them, without stopping at what is wrong.

use serde::de::value::U32Deserializer;
use serde::de::{self, DeserializeSeed, IntoDeserializer};

use super::mistake::{Mistake, unknown_field};
use super::node::NodeReader;
use crate::syntax::tree::NodeId;

/// The items of a list.
pub(super) struct Items<'r, 'de> {
    pub(super) list: NodeReader<'r, 'de>,
    pub(super) items: std::vec::IntoIter<NodeId>,
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
pub(super) struct Alone<'r, 'de> {
    pub(super) item: Option<NodeReader<'r, 'de>>,
}

impl<'r, 'de> de::SeqAccess<'de> for Alone<'r, 'de> {
    type Error = Mistake;

    fn next_element_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<Option<T::Value>, Mistake> {
        self.item.take().map(|item| seed.deserialize(item)).transpose()
    }
}

/// The protocol of [`FIELD`] and [`BODY`]: file, start, end, the whole value's end, the key's start and end (0 for none), and the value unless it is
/// wrong.
pub(super) struct FieldAccess<'r, 'de> {
    pub(super) reader: NodeReader<'r, 'de>,
    pub(super) step: u8,
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
            5 => seed.deserialize(number(reader.key_place().0)).map(Some),
            6 => seed.deserialize(number(reader.key_place().1)).map(Some),
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
pub(super) struct Fields<'r, 'de> {
    pub(super) mapping: NodeReader<'r, 'de>,
    pub(super) pairs: std::vec::IntoIter<(NodeId, NodeId)>,
    pub(super) value: Option<(NodeId, NodeId)>,
    pub(super) known: Option<&'static [&'static str]>,
    pub(super) document: bool,
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
