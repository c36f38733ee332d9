//! The wrapper types of the typed declarations: a value with its place, a list, an entity map. They are what turns a
//! wrong field into a recorded mistake instead of a lost item (see `reading`).

use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};

use super::reading::{BODY, FIELD};
use crate::source::{FileId, Span};

/// A value and where it stands; no value where it was wrong, which has then been reported.
#[derive(Clone, Copy, Debug)]
pub struct Field<T> {
    /// The place: the scalar, or where a list or mapping begins.
    pub span: Span,
    /// Where the value as a whole ends.
    pub end: u32,
    /// Where the key stands that it is behind, if there is one: start and end.
    key: Option<(u32, u32)>,
    /// The value, unless it was wrong.
    pub value: Option<T>,
}

/// A list; a single item may stand without it.
#[derive(Clone, Debug)]
pub struct Many<T>(pub Vec<Field<T>>);

/// A section of entities by id, in the order in which they stand.
#[derive(Clone, Debug)]
pub struct Entries<'a, T>(pub Vec<Entry<'a, T>>);

/// One entity: its id, and its body unless that was wrong, which has then been reported.
#[derive(Clone, Debug)]
pub struct Entry<'a, T> {
    /// The id as written.
    pub id: &'a str,
    /// Where the id stands.
    pub span: Span,
    /// Where the entity ends.
    pub end: u32,
    /// The body; an entity that stands alone has an empty one.
    pub body: Option<T>,
}

/// A mapping of words to values, in the order in which they stand.
#[derive(Clone, Debug)]
pub struct Pairs<'a, T>(pub Vec<(Field<&'a str>, Field<T>)>);

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Field<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Field<T>, D::Error> {
        deserializer.deserialize_tuple_struct(FIELD, 7, FieldVisitor(PhantomData))
    }
}

struct FieldVisitor<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for FieldVisitor<T> {
    type Value = Field<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut access: A) -> Result<Field<T>, A::Error> {
        let mut number = || access.next_element::<u32>().map(Option::unwrap_or_default);
        let span = Span::new(FileId(number()?), number()?, number()?);
        let (end, key) = (number()?, (number()?, number()?));
        Ok(Field { span, end, key: (key.1 > 0).then_some(key), value: access.next_element()? })
    }
}

/// An entity's body: [`Field`] but for nothing at all, which counts as an empty mapping.
struct Body<T>(Field<T>);

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Body<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Body<T>, D::Error> {
        deserializer.deserialize_tuple_struct(BODY, 7, FieldVisitor(PhantomData)).map(Body)
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Many<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Many<T>, D::Error> {
        Vec::deserialize(deserializer).map(Many)
    }
}

impl<'de: 'a, 'a, T: Deserialize<'de> + 'a> Deserialize<'de> for Entries<'a, T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Entries<'a, T>, D::Error> {
        deserializer.deserialize_map(EntriesVisitor(PhantomData))
    }
}

struct EntriesVisitor<'a, T>(PhantomData<&'a T>);

impl<'de: 'a, 'a, T: Deserialize<'de> + 'a> Visitor<'de> for EntriesVisitor<'a, T> {
    type Value = Entries<'a, T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a mapping by id")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Entries<'a, T>, A::Error> {
        let mut entries = Vec::with_capacity(map.size_hint().unwrap_or(0));
        while let Some(key) = map.next_key::<Key<'a>>()? {
            let Body(body) = map.next_value()?;
            entries.push(Entry { id: key.text, span: key.span, end: body.end.max(key.span.end), body: body.value });
        }
        Ok(Entries(entries))
    }
}

impl<'de: 'a, 'a, T: Deserialize<'de> + 'a> Deserialize<'de> for Pairs<'a, T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Pairs<'a, T>, D::Error> {
        deserializer.deserialize_map(PairsVisitor(PhantomData))
    }
}

struct PairsVisitor<'a, T>(PhantomData<&'a T>);

impl<'de: 'a, 'a, T: Deserialize<'de> + 'a> Visitor<'de> for PairsVisitor<'a, T> {
    type Value = Pairs<'a, T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a mapping")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Pairs<'a, T>, A::Error> {
        let mut pairs = Vec::with_capacity(map.size_hint().unwrap_or(0));
        while let Some(key) = map.next_key::<Key<'a>>()? {
            pairs.push((Field::at(key.span, key.span.end, Some(key.text)), map.next_value()?));
        }
        Ok(Pairs(pairs))
    }
}

/// A key as written: unlike a value, it may read `null`.
struct Key<'a> {
    text: &'a str,
    span: Span,
}

impl<'de: 'a, 'a> Deserialize<'de> for Key<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Key<'a>, D::Error> {
        let field: Field<&'a str> = deserializer.deserialize_tuple_struct(BODY, 7, FieldVisitor(PhantomData))?;
        Ok(Key { text: field.value.unwrap_or_default(), span: field.span })
    }
}

impl<T> Field<T> {
    /// A value that stands from `span` to `end`, behind no key.
    pub(crate) fn at(span: Span, end: u32, value: Option<T>) -> Field<T> {
        Field { span, end, key: None, value }
    }

    /// Where the key stands, or the value where there is none.
    #[must_use]
    pub fn key_span(&self) -> Span {
        self.key.map_or(self.span, |(start, end)| Span::new(self.span.file, start, end))
    }
}

impl<T> Many<T> {
    /// The items that were right.
    pub fn values(&self) -> impl Iterator<Item = (&T, Span)> {
        self.0.iter().filter_map(|item| Some((item.value.as_ref()?, item.span)))
    }
}

impl<T: JsonSchema> JsonSchema for Field<T> {
    fn inline_schema() -> bool {
        T::inline_schema()
    }

    fn schema_name() -> Cow<'static, str> {
        T::schema_name()
    }

    fn schema_id() -> Cow<'static, str> {
        T::schema_id()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        T::json_schema(generator)
    }
}

impl<T: JsonSchema> JsonSchema for Many<T> {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        format!("Many_{}", T::schema_name()).into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let item = generator.subschema_for::<T>();
        json_schema!({ "anyOf": [item, { "type": "array", "items": item }] })
    }
}

impl<T: JsonSchema> JsonSchema for Entries<'_, T> {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        format!("Entries_{}", T::schema_name()).into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let body = generator.subschema_for::<T>();
        json_schema!({ "type": "object", "additionalProperties": { "anyOf": [body, { "type": "null" }] } })
    }
}

impl<T: JsonSchema> JsonSchema for Pairs<'_, T> {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        format!("Pairs_{}", T::schema_name()).into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let value = generator.subschema_for::<T>();
        json_schema!({ "type": "object", "additionalProperties": value })
    }
}
