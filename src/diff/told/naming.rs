//! The names of sets: by the policy that has the members, where one of the versions is a policy; one by one otherwise.

use std::collections::HashMap;

use rustc_hash::FxHashMap;

use crate::diff::{Block, OrgDifference, Side, Turn, Version};
use crate::effective::OrgRights;
use crate::graph::ResourceIx;
use crate::query::{NamedSet, SetNames, Who, everybody};

/// The names that one policy has.
struct Names<'s> {
    rights: &'s OrgRights,
    sets: SetNames<'s>,
    subjects: HashMap<String, Who>,
    resources: HashMap<String, ResourceIx>,
}

/// Names the sets of one difference. Many blocks share a set, so what was named is remembered.
pub(super) struct Naming<'s> {
    pub(super) difference: &'s OrgDifference,
    old: Option<Names<'s>>,
    new: Option<Names<'s>>,
    known: FxHashMap<(Version, Vec<u32>), NamedSet>,
    known_subjects: FxHashMap<(Version, Vec<u32>), NamedSet>,
}

impl<'s> Names<'s> {
    fn new(side: Side<'s>, org: &str) -> Option<Names<'s>> {
        let (rights, _) = side.policy(org)?;
        Some(Names {
            rights,
            sets: SetNames::new(rights),
            subjects: everybody(rights).into_iter().map(|who| (who.text(&rights.org), who)).collect(),
            resources: rights.graph.containment.by_name(&rights.org),
        })
    }
}

impl<'s> Naming<'s> {
    pub(super) fn new(difference: &'s OrgDifference, old: Side<'s>, new: Side<'s>) -> Naming<'s> {
        let names = |side| if difference.blocks.is_empty() { None } else { Names::new(side, &difference.org) };
        Naming {
            difference,
            old: names(old),
            new: names(new),
            known: FxHashMap::default(),
            known_subjects: FxHashMap::default(),
        }
    }

    /// What is gained has the new version's names, what is lost the old one's.
    fn versions(turn: Turn) -> [Version; 2] {
        match turn {
            Turn::Lost => [Version::Old, Version::New],
            _ => [Version::New, Version::Old],
        }
    }

    fn names(&self, version: Version) -> Option<&Names<'s>> {
        match version {
            Version::Old => self.old.as_ref(),
            Version::New => self.new.as_ref(),
        }
    }

    /// The subjects of a block.
    pub(super) fn subjects(&mut self, block: &Block) -> NamedSet {
        let versions = Naming::versions(block.turn);
        if let Some(known) = self.known_subjects.get(&(versions[0], block.subjects.clone())) {
            return known.clone();
        }
        let of_names = |names: &Names<'_>| {
            let find = |number: &u32| names.subjects.get(self.difference.subject(*number)).copied();
            let all: Option<Vec<Who>> = block.subjects.iter().map(find).collect();
            all.map(|all| names.sets.subjects(&all))
        };
        let named = versions.into_iter().filter_map(|version| self.names(version)).find_map(of_names);
        let set = named.unwrap_or_else(|| plain(block.subjects.iter().map(|one| self.difference.subject(*one))));
        self.known_subjects.insert((versions[0], block.subjects.clone()), set.clone());
        set
    }

    /// The resources of a block.
    pub(super) fn resources(&mut self, block: &Block) -> NamedSet {
        self.named(block.turn, &block.resources)
    }

    /// Some resources, for a block of this turn.
    pub(super) fn named(&mut self, turn: Turn, resources: &[u32]) -> NamedSet {
        let versions = Naming::versions(turn);
        if let Some(known) = self.known.get(&(versions[0], resources.to_vec())) {
            return known.clone();
        }
        let of_names = |names: &Names<'_>| {
            let find = |number: &u32| names.resources.get(self.difference.resource(*number)).copied();
            let all: Option<Vec<ResourceIx>> = resources.iter().map(find).collect();
            all.map(|all| names.sets.resources(&all))
        };
        let named = versions.into_iter().filter_map(|version| self.names(version)).find_map(of_names);
        let set = named.unwrap_or_else(|| plain(resources.iter().map(|one| self.difference.resource(*one))));
        self.known.insert((versions[0], resources.to_vec()), set.clone());
        set
    }

    /// A resource in the policy of a version.
    pub(super) fn find(&self, version: Version, resource: u32) -> Option<(&'s OrgRights, ResourceIx)> {
        let names = self.names(version)?;
        Some((names.rights, *names.resources.get(self.difference.resource(resource))?))
    }
}

/// One by one.
fn plain<'n>(names: impl Iterator<Item = &'n str>) -> NamedSet {
    let mut members: Vec<String> = names.map(str::to_owned).collect();
    members.sort_unstable();
    NamedSet { count: members.len() as u64, names: Vec::new(), members }
}
