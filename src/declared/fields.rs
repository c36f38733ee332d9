//! A field's words in one form: two fields that say the same in other words (another order, another letter case where it
//! does not count, a list of one or the one) have equal words. Where it is not certain that two say the same, they differ.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::net::IpAddr;

use ipnet::IpNet;
use jiff::Timestamp;

use super::Stated;
use crate::source::Span;
use crate::syntax::{Field, Many, Pairs};

/// The fields of a declaration, as they are read.
#[derive(Default)]
pub(super) struct Fields(pub(super) BTreeMap<&'static str, Stated>);

impl Fields {
    /// A field of one value. What equals the default is left out, since it says nothing.
    pub(super) fn one<'f, T>(
        &mut self,
        name: &'static str,
        field: &'f Option<Field<T>>,
        default: &str,
        word: impl Fn(&'f T) -> Cow<'f, str>,
    ) {
        let Some((value, field)) = valued(field) else { return };
        let word = word(value);
        if word != default {
            self.state(name, field.key_span(), vec![(word.into(), field.span)]);
        }
    }

    /// A field that is a list, or one item of it. An empty list is left out.
    pub(super) fn many<'f, T>(
        &mut self,
        name: &'static str,
        field: &'f Option<Field<Many<T>>>,
        word: impl Fn(&'f T) -> Cow<'f, str>,
    ) {
        let Some((Many(items), field)) = valued(field) else { return };
        let words = items.iter().filter_map(|item| Some((word(item.value.as_ref()?).into(), item.span)));
        let words: Vec<(Box<str>, Span)> = words.collect();
        if !words.is_empty() {
            self.state(name, field.key_span(), words);
        }
    }

    /// A field that maps words to values. An empty one is stated: it says that there is none.
    pub(super) fn pairs<'f, T>(
        &mut self,
        name: &'static str,
        field: &'f Option<Field<Pairs<'_, T>>>,
        words: impl Fn(&'f str, &'f T) -> Vec<String>,
    ) {
        let Some((Pairs(pairs), field)) = valued(field) else { return };
        let mut items: Vec<(Box<str>, Span)> = Vec::new();
        for (key, value) in pairs {
            let (Some(word), Some(value)) = (key.value, value.value.as_ref()) else { continue };
            items.extend(words(word, value).into_iter().map(|word| (word.into(), key.span)));
        }
        self.state(name, field.key_span(), items);
    }

    fn state(&mut self, name: &'static str, span: Span, mut items: Vec<(Box<str>, Span)>) {
        items.sort_by(|a, b| a.0.cmp(&b.0));
        items.dedup_by(|a, b| a.0 == b.0);
        self.0.insert(name, Stated { span, items });
    }
}

fn valued<T>(field: &Option<Field<T>>) -> Option<(&T, &Field<T>)> {
    let field = field.as_ref()?;
    Some((field.value.as_ref()?, field))
}

/// A flag.
pub(super) fn flag(value: &bool) -> Cow<'_, str> {
    if *value { "true".into() } else { "false".into() }
}

/// A user: letter case does not count, and `user:` may stand before it.
pub(super) fn user(text: &str) -> Cow<'_, str> {
    lower(text.strip_prefix("user:").unwrap_or(text))
}

/// A subject.
pub(super) fn subject(text: &str) -> Cow<'_, str> {
    match text.split_once(':') {
        Some(("team", id)) if id.eq_ignore_ascii_case("everyone") => "everyone".into(),
        Some(("team" | "link", _)) => text.into(),
        _ => user(text),
    }
}

/// A scope: of device groups letter case does not count.
pub(super) fn scope(text: &str) -> Cow<'_, str> {
    match text.split_once(':') {
        Some(("device_group", _)) => lower(text),
        _ => text.into(),
    }
}

/// A name of which letter case does not count.
pub(super) fn lower(text: &str) -> Cow<'_, str> {
    if text.bytes().any(|byte| byte.is_ascii_uppercase()) { text.to_ascii_lowercase().into() } else { text.into() }
}

/// A date stays a date, since what it means depends on the organisation's zone; an instant is told in UTC.
pub(super) fn instant(text: &str) -> Cow<'_, str> {
    text.parse::<Timestamp>().map_or(text.into(), |instant| instant.to_string().into())
}

/// A block, with its prefix; or the name of a network.
pub(super) fn network(text: &str) -> Cow<'_, str> {
    let address = text.parse::<IpAddr>().map(IpNet::from);
    address.or_else(|_| text.parse::<IpNet>()).map_or(text.into(), |block| block.to_string().into())
}
