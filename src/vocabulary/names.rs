//! The names: reading `capabilities.yaml`, and looking capabilities, patterns and built-in roles up.

use std::collections::HashMap;
use std::sync::LazyLock;

use serde::Deserialize;

use super::{CapabilityClass, CapabilitySet, ResourceKind};

/// One capability.
#[derive(Debug)]
pub struct Capability {
    /// `live.view`.
    pub name: String,
    /// Its class.
    pub class: CapabilityClass,
    /// The kinds of resources that it applies to.
    pub applies_to: Vec<ResourceKind>,
    /// What it lets one do, in plain words.
    pub meaning: String,
}

/// One built-in role.
#[derive(Debug, PartialEq, Eq, Hash)]
pub struct Role {
    /// `std/viewer`.
    pub name: String,
    /// The built-in role that it extends, if any.
    pub extends: Option<String>,
    /// The capabilities that it adds, as written.
    pub allow: Vec<String>,
    /// What it comes to.
    pub capabilities: CapabilitySet,
}

impl Role {
    /// What it names for what it is: all of the role of a system, nothing of a neutral one (`std/…`), which stands for
    /// whatever the recorder knows.
    #[must_use]
    pub fn named(&self) -> CapabilitySet {
        if self.name.starts_with("std/") { CapabilitySet::EMPTY } else { self.capabilities }
    }
}

/// All of it. Capabilities are numbered in the order of their names, so that a set's order is the table's.
#[derive(Debug)]
pub struct Vocabulary {
    capabilities: Vec<Capability>,
    numbers: HashMap<String, usize>,
    roles: Vec<Role>,
    by_class: [CapabilitySet; 5],
    by_kind: [CapabilitySet; 7],
}

#[derive(Deserialize)]
struct File {
    capabilities: HashMap<String, FileCapability>,
    roles: indexed::Roles,
}

#[derive(Deserialize)]
struct FileCapability {
    class: CapabilityClass,
    applies_to: Vec<ResourceKind>,
    is: String,
}

#[derive(Deserialize)]
struct FileRole {
    extends: Option<String>,
    allow: Option<Vec<String>>,
}

/// Roles in the order of the file, since a role stands after the one that it extends.
mod indexed {
    use super::FileRole;

    pub(super) struct Roles(pub(super) Vec<(String, FileRole)>);

    impl<'de> serde::Deserialize<'de> for Roles {
        fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Roles, D::Error> {
            struct InOrder;
            impl<'de> serde::de::Visitor<'de> for InOrder {
                type Value = Roles;

                fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                    f.write_str("roles by name")
                }

                fn visit_map<A: serde::de::MapAccess<'de>>(self, mut map: A) -> Result<Roles, A::Error> {
                    let mut roles = Vec::new();
                    while let Some(role) = map.next_entry()? {
                        roles.push(role);
                    }
                    Ok(Roles(roles))
                }
            }
            deserializer.deserialize_map(InOrder)
        }
    }
}

static VOCABULARY: LazyLock<Vocabulary> = LazyLock::new(|| {
    let text = include_str!("capabilities.yaml");
    // the file is part of the program, and a test reads it: it cannot fail on a user's machine
    #[allow(clippy::expect_used)]
    let file: File = serde_yaml::from_str(text).expect("the built-in vocabulary is well-formed");
    Vocabulary::new(file)
});

/// The built-in vocabulary.
#[must_use]
pub fn vocabulary() -> &'static Vocabulary {
    &VOCABULARY
}

/// Whether a capability applies to a kind of resource, both by name; no for names that are unknown.
#[must_use]
pub fn applies(capability: &str, kind: &str) -> bool {
    let vocabulary = vocabulary();
    let kind = ResourceKind::ALL.into_iter().find(|known| known.name() == kind);
    match (vocabulary.number(capability), kind) {
        (Some(number), Some(kind)) => vocabulary.of_kind(kind).has(number),
        _ => false,
    }
}

impl Vocabulary {
    fn new(file: File) -> Vocabulary {
        let mut capabilities: Vec<Capability> = file
            .capabilities
            .into_iter()
            .map(|(name, c)| Capability { name, class: c.class, applies_to: c.applies_to, meaning: c.is })
            .collect();
        capabilities.sort_by(|a, b| a.name.cmp(&b.name));
        let numbers = capabilities.iter().enumerate().map(|(i, c)| (c.name.clone(), i)).collect();
        let pick = |keep: &dyn Fn(&Capability) -> bool| -> CapabilitySet {
            let kept = capabilities.iter().enumerate().filter(|(_, c)| keep(c));
            kept.map(|(i, _)| CapabilitySet::one(i)).collect()
        };
        let by_class = CapabilityClass::ALL.map(|class| pick(&|c| c.class == class));
        let by_kind = ResourceKind::ALL.map(|kind| pick(&|c| c.applies_to.contains(&kind)));
        let mut vocabulary = Vocabulary { capabilities, numbers, roles: Vec::new(), by_class, by_kind };
        for (name, role) in file.roles.0 {
            let allow = role.allow.unwrap_or_default();
            let own = allow.iter().filter_map(|pattern| vocabulary.expand(pattern));
            let inherited =
                role.extends.as_deref().and_then(|base| vocabulary.role(base)).map(|base| base.capabilities);
            let capabilities = own.chain(inherited).collect();
            vocabulary.roles.push(Role { name, extends: role.extends, allow, capabilities });
        }
        vocabulary
    }

    /// All capabilities, in the order of their names, which is that of their numbers.
    #[must_use]
    pub fn capabilities(&self) -> &[Capability] {
        &self.capabilities
    }

    /// The number of a capability.
    #[must_use]
    pub fn number(&self, name: &str) -> Option<usize> {
        self.numbers.get(name).copied()
    }

    /// The name of a capability. Numbers come from this vocabulary, so it is always there.
    #[must_use]
    pub fn name(&self, number: usize) -> &str {
        &self.capabilities[number].name
    }

    /// The names of a set, ascending.
    pub fn names(&self, set: CapabilitySet) -> impl Iterator<Item = &str> {
        set.iter().map(|number| self.name(number))
    }

    /// All capabilities of a class.
    #[must_use]
    pub fn of_class(&self, class: CapabilityClass) -> CapabilitySet {
        self.by_class[class as usize]
    }

    /// All capabilities that apply to a kind of resource.
    #[must_use]
    pub fn of_kind(&self, kind: ResourceKind) -> CapabilitySet {
        self.by_kind[kind as usize]
    }

    /// All that a name or pattern stands for: `live.view`, `archive.*`, `class:take`, `*`. None where it matches none.
    #[must_use]
    pub fn expand(&self, pattern: &str) -> Option<CapabilitySet> {
        if let Some(number) = self.number(pattern) {
            return Some(CapabilitySet::one(number));
        }
        let all = self.capabilities.iter().enumerate();
        let set: CapabilitySet = if pattern == "*" {
            all.map(|(i, _)| CapabilitySet::one(i)).collect()
        } else if let Some(class) = pattern.strip_prefix("class:") {
            let class = CapabilityClass::ALL.into_iter().find(|known| known.name() == class)?;
            self.of_class(class)
        } else {
            let family = pattern.strip_suffix('*').filter(|prefix| prefix.ends_with('.'))?;
            all.filter(|(_, c)| c.name.starts_with(family)).map(|(i, _)| CapabilitySet::one(i)).collect()
        };
        (!set.is_empty()).then_some(set)
    }

    /// Everything that may stand where a capability stands, for did-you-mean.
    pub fn patterns(&self) -> impl Iterator<Item = String> {
        let names = self.capabilities.iter().map(|c| c.name.clone());
        let families = self.capabilities.iter().filter_map(|c| c.name.split_once('.').map(|(f, _)| format!("{f}.*")));
        let classes = CapabilityClass::ALL.into_iter().map(|class| format!("class:{}", class.name()));
        names.chain(families).chain(classes)
    }

    /// All built-in roles, in the vocabulary's order.
    #[must_use]
    pub fn roles(&self) -> &[Role] {
        &self.roles
    }

    /// A built-in role.
    #[must_use]
    pub fn role(&self, name: &str) -> Option<&Role> {
        self.roles.iter().find(|role| role.name == name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_vocabulary_fits_into_its_bits_and_every_role_means_something() {
        let vocabulary = vocabulary();
        assert!(vocabulary.capabilities().len() <= 128);
        for role in vocabulary.roles() {
            assert!(!role.capabilities.is_empty(), "{}", role.name);
            let written = role.allow.iter().all(|pattern| vocabulary.expand(pattern).is_some());
            assert!(written && role.extends.iter().all(|base| vocabulary.role(base).is_some()), "{}", role.name);
        }
    }

    #[test]
    fn patterns_stand_for_names_families_classes_and_all() {
        let vocabulary = vocabulary();
        let names = |pattern| vocabulary.expand(pattern).map(|set| vocabulary.names(set).count());
        assert_eq!(names("live.view"), Some(1));
        assert_eq!(names("archive.*"), Some(5));
        assert_eq!(names("*"), Some(vocabulary.capabilities().len()));
        assert_eq!(names("class:take"), Some(4));
        assert_eq!(names("live*"), None);
        assert_eq!(names("class:watch"), None);
        assert_eq!(names("audio."), None);
    }

    #[test]
    fn a_capability_applies_to_kinds() {
        assert!(applies("live.view", "device"));
        assert!(!applies("live.view", "site"));
        assert!(applies("access.manage", "layout"));
    }
}
