//! A mistake on its way from the place where it is found to the field that records it.

use std::fmt::Display;

use serde::de;

use super::node::NodeReader;
use crate::diagnostics::{Diagnostic, Rule, nearest, shortened};
use crate::syntax::rules;
use crate::syntax::tree::NodeKind;

/// Keys that are secrets, whatever they hold (`language: users`).
const SECRETS: [&str; 6] = ["password", "passwd", "secret", "token", "access_code", "api_key"];

/// A mistake on its way to the field that records it.
#[derive(Debug)]
pub(in crate::syntax) enum Mistake {
    /// It has been recorded already.
    Recorded,
    /// What was found, what to do, and what to write in its place where that is certain.
    New { rule: &'static Rule, message: String, help: Option<String>, instead: Option<&'static str> },
}

impl Mistake {
    pub(super) fn new(rule: &'static Rule, message: String) -> Mistake {
        Mistake::New { rule, message, help: None, instead: None }
    }

    pub(super) fn help(self, text: impl Into<String>) -> Mistake {
        match self {
            Mistake::New { rule, message, instead, .. } => {
                Mistake::New { rule, message, help: Some(text.into()), instead }
            }
            Mistake::Recorded => self,
        }
    }

    /// What is certainly meant.
    pub(super) fn instead(self, text: Option<&'static str>) -> Mistake {
        match self {
            Mistake::New { rule, message, help, .. } => Mistake::New { rule, message, help, instead: text },
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
        let known_list = list(known);
        let near = nearest(word, known.iter().copied());
        Mistake::new(&rules::UNKNOWN_WORD, format!("`{}` is none of the words that may stand here", shortened(word)))
            .help(match near {
                Some(near) => format!("did you mean `{near}`? known are {known_list}"),
                None => format!("write one of {known_list}"),
            })
            .instead(near.filter(|near| same_letters(near, word)))
    }
}

/// Whether two words differ in letter case and in `-` for `_` alone, so that the one is certainly meant by the other.
fn same_letters(a: &str, b: &str) -> bool {
    let plain = |byte: u8| if byte == b'-' { b'_' } else { byte.to_ascii_lowercase() };
    a.len() == b.len() && a.bytes().zip(b.bytes()).all(|(a, b)| plain(a) == plain(b))
}

pub(super) fn list(words: &[&str]) -> String {
    words.iter().map(|word| format!("`{word}`")).collect::<Vec<_>>().join(", ")
}

/// What to say of a key that is not known here: a secret, a slip of the pen, or a trap that YAML set.
pub(super) fn unknown_field(
    key: NodeReader<'_, '_>,
    name: &str,
    known: &'static [&'static str],
    mapping: NodeReader<'_, '_>,
    empty: bool,
) -> Diagnostic {
    let span = key.span();
    let lower = name.to_ascii_lowercase().replace('-', "_");
    if SECRETS.contains(&lower.as_str()) {
        return Diagnostic::new(&rules::SECRET, span, format!("`{}`: a policy holds no secrets", shortened(name)))
            .help("take it out here and out of the repository's history, and change the secret: it has been seen");
    }
    let kind = if mapping.depth == 0 { "section" } else { "field" };
    let diagnostic =
        Diagnostic::new(&rules::UNKNOWN_FIELD, span, format!("there is no {kind} `{}` here", shortened(name)));
    if mapping.depth == 0
        && known.contains(&"orgs")
        && ["camgrant", "lints", "limits", "max_link_days", "mail_domains"].contains(&name)
    {
        return diagnostic.help("this stands in the manifest, the file `camgrant.yaml` at the policy's root");
    }
    if mapping.depth == 0 && known.contains(&"lints") && ["orgs", "users", "teams", "grants", "sites"].contains(&name) {
        return diagnostic.help("`camgrant.yaml` is the manifest: put sections into any other file");
    }
    let tree = mapping.tree();
    // no item has that many fields; whoever writes thousands of wrong ones is not compared for each
    let there = || tree.pairs(mapping.node).take(256);
    let is_there = |field| there().any(|(key, _)| tree.scalar(tree.resolve(key)) == Some(field));
    match nearest(name, known.iter().copied()) {
        Some(near) if is_there(near) => {
            return diagnostic.help(format!("did you mean `{near}`? it is here already: join the two"));
        }
        Some(near) => {
            let diagnostic = diagnostic.help(format!("did you mean `{near}`?"));
            // a key in quotes keeps them: a colon may follow at once
            let written = match tree.written(key.shown).chars().next() {
                Some(quote @ ('"' | '\'')) => format!("{quote}{near}{quote}"),
                _ => near.to_owned(),
            };
            return match same_letters(near, name) && !key.through_alias {
                true => diagnostic.replace(format!("write `{near}`"), written),
                false => diagnostic,
            };
        }
        None => {}
    }
    let flow = matches!(mapping.tree().node(mapping.node).kind, NodeKind::Mapping { flow: true });
    if flow && empty {
        return diagnostic.help("a comma inside braces begins a new field: put text with a comma in quotes");
    }
    diagnostic.help(format!("known are {}", list(known)))
}
