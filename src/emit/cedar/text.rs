//! Cedar as text: strings, the uids of entities, expressions put together.
//!
//! Nothing here knows a policy. Whatever comes from one passes through [`quoted`].

use std::collections::BTreeSet;
use std::fmt;

/// A string as Cedar writes it. What could end it, or be taken for something else on a screen, is escaped.
pub(super) fn quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for c in text.chars() {
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            ' '..='~' => out.push(c),
            c if c.is_alphanumeric() => out.push(c),
            c => out.push_str(&format!("\\u{{{:x}}}", u32::from(c))),
        }
    }
    out.push('"');
    out
}

/// The uid of an entity. Uids are ordered as text.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct Uid {
    pub kind: &'static str,
    pub id: String,
}

impl Uid {
    pub(super) fn new(kind: &'static str, id: impl Into<String>) -> Uid {
        Uid { kind, id: id.into() }
    }
}

impl fmt::Display for Uid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}::{}", self.kind, quoted(&self.id))
    }
}

/// `[A, B]`.
pub(super) fn list<T: fmt::Display>(items: impl IntoIterator<Item = T>) -> String {
    let items: Vec<String> = items.into_iter().map(|item| item.to_string()).collect();
    format!("[{}]", items.join(", "))
}

/// Whether something is in one of these. A list in Cedar holds entities of one kind, so there is a list for each.
pub(super) fn in_one(what: &str, uids: &BTreeSet<Uid>) -> String {
    let mut lists: Vec<(&str, Vec<&Uid>)> = Vec::new();
    for uid in uids {
        match lists.last_mut() {
            Some((kind, list)) if *kind == uid.kind => list.push(uid),
            _ => lists.push((uid.kind, vec![uid])),
        }
    }
    any(lists.into_iter().map(|(_, uids)| match uids[..] {
        [uid] => format!("{what} in {uid}"),
        _ => format!("{what} in {}", list(uids)),
    }))
}

/// Any of these; none of none.
pub(super) fn any(items: impl IntoIterator<Item = String>) -> String {
    joined(items.into_iter().collect(), "||", "false")
}

/// All of these.
pub(super) fn all(items: impl IntoIterator<Item = String>) -> String {
    let items: Vec<String> = items.into_iter().collect();
    let alone = items.len() == 1;
    let loose = |item: &str| !alone && (item.contains("||") || item.starts_with("if "));
    let bracketed = |item: String| if loose(&item) { format!("({item})") } else { item };
    joined(items.into_iter().map(bracketed).collect(), "&&", "true")
}

/// How many items stand side by side. An engine walks down a chain item by item, and would have to give up on a long
/// one; so more than these are halved, and halved again.
const SIDE_BY_SIDE: usize = 16;

fn joined(mut items: Vec<String>, sign: &str, none: &str) -> String {
    if items.len() > SIDE_BY_SIDE {
        let rest = items.split_off(items.len() / 2);
        return format!("({}) {sign} ({})", joined(items, sign, none), joined(rest, sign, none));
    }
    if items.is_empty() { none.to_owned() } else { items.join(&format!(" {sign} ")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strings_cannot_be_left() {
        assert_eq!(quoted("a@b.example"), r#""a@b.example""#);
        assert_eq!(quoted("\"; forbid \\\"\n"), r#""\"; forbid \\\"\u{a}""#);
        assert_eq!(quoted("é\u{202e}x\0"), r#""é\u{202e}x\u{0}""#);
    }

    #[test]
    fn long_chains_are_halved() {
        let many = any((0..40).map(|n| n.to_string()));
        assert!(many.starts_with("(0 || 1 ||") || many.starts_with("((0 || 1 ||"), "{many}");
        let deepest = many.bytes().scan(0i32, |depth, b| {
            *depth += i32::from(b == b'(') - i32::from(b == b')');
            Some(*depth)
        });
        assert_eq!(deepest.max(), Some(2));
        assert_eq!(all(["a || b".to_owned(), "c".to_owned()]), "(a || b) && c");
        assert_eq!((any([]), all([])), ("false".to_owned(), "true".to_owned()));
    }
}
