//! Rights that a merge has and neither change alone: somebody joins a team in one of them, and the team is granted something
//! in the other. In: what the merge has beyond each change. Out: blocks of what it has beyond both, each right in one block.

use std::collections::HashMap;
use std::hash::Hash;

use schemars::JsonSchema;
use serde::Serialize;

use crate::diff::{Block, OrgDifference, Shift, Side, Turn, Unknown, compare};
use crate::effective::{Effective, OrgRights};
use crate::graph::ResourceIx;
use crate::query::{NamedSet, SetNames, Who, everybody};
use crate::source::Sources;
use crate::vocabulary::{CapabilitySet, vocabulary};

/// Each of the subjects holds each of the capabilities on each of the resources, and does so in neither change alone.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[schemars(rename = "Emergent")]
pub struct EmergentTold {
    /// In which organisation.
    pub org: String,
    /// Whether neither change has it at all; otherwise it is held under conditions that are not shown to lie in those of either.
    pub gained: bool,
    /// The subjects.
    pub subjects: NamedSet,
    /// The capabilities.
    pub capabilities: Vec<String>,
    /// The resources.
    pub resources: NamedSet,
    /// How many rights it is.
    pub rights: u64,
}

/// The names of one organisation in the merge.
struct Numbers<'m> {
    subjects: HashMap<String, Who>,
    resources: HashMap<String, ResourceIx>,
    sets: SetNames<'m>,
}

/// What the merge has beyond one change, by the merge's numbers; ascending in each.
struct Beyond {
    gained: bool,
    subjects: Vec<Who>,
    capabilities: CapabilitySet,
    resources: Vec<ResourceIx>,
}

/// The rights that a merge has beyond both changes: what is gained first, of either the largest.
///
/// # Errors
/// None for policies; as for any comparison, where a table is not known to this version of the program.
pub fn emergent(
    changes: [(&Effective, &Sources); 2],
    (merged, sources): (&Effective, &Sources),
) -> Result<Vec<EmergentTold>, Unknown> {
    let mut found = Vec::new();
    for rights in &merged.orgs {
        let org = &*rights.org.id;
        let numbers = Numbers::new(rights);
        let mut beyond = Vec::new();
        for (policy, texts) in changes {
            let differences = compare(Side::Policy(policy, texts), Side::Policy(merged, sources), Some(org))?;
            let blocks =
                differences.iter().flat_map(|one| one.blocks.iter().filter_map(|block| numbers.of(one, block)));
            beyond.push(blocks.collect::<Vec<Beyond>>());
        }
        if let [ours, theirs] = &beyond[..] {
            found.extend(ours.iter().flat_map(|a| theirs.iter().filter_map(|b| numbers.both(org, a, b))));
        }
    }
    found.sort_by_cached_key(|one| {
        let size = std::cmp::Reverse(one.rights);
        (!one.gained, size, one.org.clone(), one.subjects.clone(), one.resources.clone(), one.capabilities.clone())
    });
    Ok(found)
}

impl<'m> Numbers<'m> {
    fn new(rights: &'m OrgRights) -> Numbers<'m> {
        Numbers {
            subjects: everybody(rights).into_iter().map(|who| (who.text(&rights.org), who)).collect(),
            resources: rights.graph.containment.by_name(&rights.org),
            sets: SetNames::new(rights),
        }
    }

    /// A block of a difference, if the merge has more by it.
    fn of(&self, difference: &OrgDifference, block: &Block) -> Option<Beyond> {
        let gained = match block.turn {
            Turn::Gained => true,
            Turn::Changed(Shift::Wider | Shift::Other) => false,
            Turn::Changed(Shift::Narrower) | Turn::Lost => return None,
        };
        Some(Beyond {
            gained,
            subjects: numbered(&self.subjects, block.subjects.iter().map(|one| difference.subject(*one))),
            capabilities: block.capabilities,
            resources: numbered(&self.resources, block.resources.iter().map(|one| difference.resource(*one))),
        })
    }

    /// What is in two blocks, told.
    fn both(&self, org: &str, a: &Beyond, b: &Beyond) -> Option<EmergentTold> {
        let capabilities = a.capabilities & b.capabilities;
        if capabilities.is_empty() {
            return None;
        }
        let resources = in_both(&a.resources, &b.resources);
        let subjects = if resources.is_empty() { Vec::new() } else { in_both(&a.subjects, &b.subjects) };
        let rights = subjects.len() as u64 * resources.len() as u64 * capabilities.len() as u64;
        (rights > 0).then(|| EmergentTold {
            org: org.to_owned(),
            gained: a.gained && b.gained,
            subjects: self.sets.subjects(&subjects),
            capabilities: vocabulary().names(capabilities).map(str::to_owned).collect(),
            resources: self.sets.resources(&resources),
            rights,
        })
    }
}

fn numbered<'n, T: Copy + Ord + Hash>(numbers: &HashMap<String, T>, names: impl Iterator<Item = &'n str>) -> Vec<T> {
    let mut found: Vec<T> = names.filter_map(|name| numbers.get(name)).copied().collect();
    found.sort_unstable();
    found
}

fn in_both<T: Copy + Ord>(a: &[T], b: &[T]) -> Vec<T> {
    let (few, many) = if a.len() <= b.len() { (a, b) } else { (b, a) };
    few.iter().copied().filter(|one| many.binary_search(one).is_ok()).collect()
}
