//! Marks: why a gain wants a look before others.

use schemars::JsonSchema;
use serde::Serialize;

use super::naming::Naming;
use crate::diff::{Block, Shift, Turn, Version};
use crate::graph::Resource;
use crate::query::NamedSet;
use crate::vocabulary::{CapabilityClass, vocabulary};

/// Why a block wants a look; in this order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Mark {
    /// Some of its capabilities change who may.
    Administer,
    /// Some of its subjects are temporary links: whoever has the link.
    Link,
    /// Some of its devices were excluded, that is kept from everybody but their owners.
    WasExcluded,
}

/// A mark, and what of the block it is about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "Mark")]
pub struct MarkTold {
    /// Why.
    pub mark: Mark,
    /// Which of its capabilities, subjects or resources.
    pub of: NamedSet,
}

impl MarkTold {
    /// In words.
    pub(super) fn text(&self) -> String {
        let why = match self.mark {
            Mark::Administer => "changes who may",
            Mark::Link => "by temporary links",
            Mark::WasExcluded => "was excluded",
        };
        format!("{why}: {}", self.of.text())
    }
}

impl Naming<'_> {
    /// The marks of a block: of what is gained, and of what is held under wider or other conditions.
    pub(super) fn marks(&mut self, block: &Block) -> Vec<MarkTold> {
        if !matches!(block.turn, Turn::Gained | Turn::Changed(Shift::Wider | Shift::Other)) {
            return Vec::new();
        }
        let mut marks = Vec::new();
        let listed = |members: Vec<String>| NamedSet { count: members.len() as u64, names: Vec::new(), members };
        let administer = block.capabilities & vocabulary().of_class(CapabilityClass::Administer);
        if !administer.is_empty() {
            let of = listed(vocabulary().names(administer).map(str::to_owned).collect());
            marks.push(MarkTold { mark: Mark::Administer, of });
        }
        let subjects = block.subjects.iter().map(|subject| self.difference.subject(*subject));
        let links: Vec<String> = subjects.filter(|name| name.starts_with("link:")).map(str::to_owned).collect();
        if !links.is_empty() {
            marks.push(MarkTold { mark: Mark::Link, of: listed(links) });
        }
        let excluded = |resource: &u32| {
            self.find(Version::Old, *resource).is_some_and(|(rights, index)| {
                matches!(rights.graph.containment.resource(index),
                    Resource::Device(device) if rights.graph.containment.excluded[device])
            })
        };
        let excluded: Vec<u32> = block.resources.iter().copied().filter(excluded).collect();
        if !excluded.is_empty() {
            let of = self.named(block.turn, &excluded);
            marks.push(MarkTold { mark: Mark::WasExcluded, of });
        }
        marks
    }
}
