//! How the format's strings and maps are read: strings borrow from the input wherever no escape stands in the way
//! (serde's own [`Cow`] copies inside lists and maps), a key that stands twice in a map is an error (serde would keep
//! the last), and so is a `null` for something that may be absent (serde would read it as absent, and an absent
//! restriction is none).

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::fmt;
use std::marker::PhantomData;

use serde::Deserialize;
use serde::de::{Deserializer, Error, MapAccess, Visitor};

/// A string that borrows where it can.
#[derive(Deserialize)]
#[serde(transparent)]
struct Text<'a>(#[serde(borrow)] Cow<'a, str>);

fn bare(list: Vec<Text<'_>>) -> Vec<Cow<'_, str>> {
    list.into_iter().map(|text| text.0).collect()
}

/// A string where there may be none; never `null`.
pub(super) fn option<'de, D: Deserializer<'de>>(input: D) -> Result<Option<Cow<'de, str>>, D::Error> {
    Text::deserialize(input).map(|text| Some(text.0))
}

/// A list of strings.
pub(super) fn list<'de, D: Deserializer<'de>>(input: D) -> Result<Vec<Cow<'de, str>>, D::Error> {
    Vec::deserialize(input).map(bare)
}

/// A list of strings where there may be none; never `null`.
pub(super) fn option_list<'de, D: Deserializer<'de>>(input: D) -> Result<Option<Vec<Cow<'de, str>>>, D::Error> {
    list(input).map(Some)
}

/// A list of lists of strings.
pub(super) fn lists<'de, D: Deserializer<'de>>(input: D) -> Result<Vec<Vec<Cow<'de, str>>>, D::Error> {
    Ok(Vec::deserialize(input)?.into_iter().map(bare).collect())
}

/// A map in which every key stands once.
pub(super) fn map<'de, D, V>(input: D) -> Result<BTreeMap<Cow<'de, str>, V>, D::Error>
where
    D: Deserializer<'de>,
    V: Deserialize<'de>,
{
    input.deserialize_map(Unique(PhantomData))
}

struct Unique<V>(PhantomData<V>);

impl<'de, V: Deserialize<'de>> Visitor<'de> for Unique<V> {
    type Value = BTreeMap<Cow<'de, str>, V>;

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("a map")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut input: A) -> Result<Self::Value, A::Error> {
        let mut map = BTreeMap::new();
        while let Some(Text(key)) = input.next_key()? {
            match map.entry(key) {
                Entry::Vacant(place) => {
                    place.insert(input.next_value()?);
                }
                Entry::Occupied(place) => {
                    return Err(A::Error::custom(format_args!("duplicate key `{}`", place.key())));
                }
            }
        }
        Ok(map)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use super::*;

    fn read<'a, T>(
        json: &'a str,
        how: impl Fn(&mut serde_json::Deserializer<serde_json::de::StrRead<'a>>) -> Result<T, serde_json::Error>,
    ) -> Result<T, String> {
        how(&mut serde_json::Deserializer::from_str(json)).map_err(|error| error.to_string())
    }

    #[test]
    fn borrows_what_has_no_escape() {
        let list = read(r#"["plain", "esc\u0061ped"]"#, |input| list(input)).unwrap();
        assert!(matches!(list[0], Cow::Borrowed("plain")));
        assert!(matches!(&list[1], Cow::Owned(text) if text == "escaped"));
        let map = read(r#"{"a": 1, "\n": 2}"#, |input| map::<_, u32>(input)).unwrap();
        assert!(map.keys().any(|key| matches!(key, Cow::Borrowed("a"))));
        assert_eq!(map.get("\n"), Some(&2));
    }

    #[test]
    fn refuses_a_key_twice_and_null() {
        let error = read(r#"{"a": 1, "\u0061": 2}"#, |input| map::<_, u32>(input)).unwrap_err();
        assert!(error.starts_with("duplicate key `a`"), "{error}");
        assert!(read("null", |input| option(input)).is_err());
        assert!(read("null", |input| option_list(input)).is_err());
        assert!(read("[null]", |input| list(input)).is_err());
        assert!(read(r#"[["a"], ["b", 1]]"#, |input| lists(input)).is_err());
    }
}
