//! The built-in vocabulary: capabilities, their class and the kinds they apply to, and the built-in roles.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;

use crate::raw::{Many, RawRole};

/// The text of the vocabulary, the one that the compiler builds in too.
const TEXT: &str = include_str!("capabilities.yaml");

/// One capability.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Capability {
    pub(crate) class: String,
    pub(crate) applies_to: BTreeSet<String>,
}

/// A role: what it extends, allows, and takes out again.
#[derive(Debug, Clone, Default)]
pub(crate) struct Role {
    pub(crate) extends: Vec<String>,
    pub(crate) allow: Vec<String>,
    pub(crate) without: Vec<String>,
}

impl Role {
    /// From its text.
    pub(crate) fn from_raw(raw: RawRole) -> Self {
        Self { extends: raw.extends.list(), allow: raw.allow.list(), without: raw.without.list() }
    }
}

/// The whole vocabulary.
#[derive(Debug, Clone)]
pub(crate) struct Vocabulary {
    pub(crate) capabilities: BTreeMap<String, Capability>,
    pub(crate) roles: BTreeMap<String, Role>,
}

#[derive(Deserialize)]
struct File {
    capabilities: BTreeMap<String, Capability>,
    roles: BTreeMap<String, RawRole>,
}

impl Vocabulary {
    /// The built-in vocabulary.
    pub(crate) fn built_in() -> Self {
        let file: File = serde_yaml::from_str(TEXT).expect("the built-in vocabulary is well-formed");
        let roles = file.roles.into_iter().map(|(id, raw)| (id, Role::from_raw(raw))).collect();
        Self { capabilities: file.capabilities, roles }
    }

    /// language: a capability, `archive.*`, `class:take`, `*` (roles, `allow`); what one pattern stands for.
    pub(crate) fn expand(&self, pattern: &str) -> BTreeSet<String> {
        let of = |keep: &dyn Fn(&str, &Capability) -> bool| -> BTreeSet<String> {
            self.capabilities.iter().filter(|(name, what)| keep(name, what)).map(|(name, _)| name.clone()).collect()
        };
        if pattern == "*" {
            of(&|_, _| true)
        } else if let Some(class) = pattern.strip_prefix("class:") {
            of(&|_, what| what.class == class)
        } else if let Some(prefix) = pattern.strip_suffix(".*") {
            let prefix = format!("{prefix}.");
            of(&|name, _| name.starts_with(&prefix))
        } else {
            of(&|name, _| name == pattern)
        }
    }

    /// What several patterns stand for together.
    pub(crate) fn expand_all(&self, patterns: &[String]) -> BTreeSet<String> {
        patterns.iter().flat_map(|pattern| self.expand(pattern)).collect()
    }

    /// semantics §1: whether a capability applies to a kind of resource.
    pub(crate) fn applies(&self, capability: &str, kind: &str) -> bool {
        self.capabilities.get(capability).is_some_and(|what| what.applies_to.contains(kind))
    }

    /// The class of a capability.
    pub(crate) fn class(&self, capability: &str) -> &str {
        self.capabilities.get(capability).map_or("", |what| what.class.as_str())
    }
}

/// An absent list is an empty one.
pub(crate) trait ListOf<T> {
    /// The items.
    fn list(self) -> Vec<T>;
}

impl<T> ListOf<T> for Option<Many<T>> {
    fn list(self) -> Vec<T> {
        self.map(|many| many.0).unwrap_or_default()
    }
}
