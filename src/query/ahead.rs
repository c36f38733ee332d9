//! Who gains and who loses what, and when, by the dates of a policy. In: a timeline over dates. Out: for each instant the
//! rights that begin, end, or go on under other conditions.

use std::collections::{BTreeMap, HashMap};

use super::timeline::{Left, TimedBlock, Timeline, join};
use super::why::Who;
use crate::graph::ResourceIx;
use crate::vocabulary::CapabilitySet;

/// What changes at one instant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Turn {
    /// Seconds since 1970: so it is from this one on.
    pub at: i64,
    /// What each of the subjects held before of each of the capabilities on each of the resources; or nothing.
    pub before: Left,
    /// What each holds from then on; or nothing.
    pub after: Left,
    /// The subjects, ascending.
    pub subjects: Vec<Who>,
    /// The capabilities.
    pub capabilities: CapabilitySet,
    /// The resources, ascending.
    pub resources: Vec<ResourceIx>,
}

/// Everything that changes within a timeline, by instant; at one instant what is gained, what is lost, the rest.
#[must_use]
pub fn turns(timeline: &Timeline) -> Vec<Turn> {
    let mut numbers: HashMap<(Left, Left), usize> = HashMap::new();
    let mut all: BTreeMap<(i64, usize, usize), (Left, Left, Vec<_>)> = BTreeMap::new();
    for block in &timeline.blocks {
        for (at, before, after) in changes(block, timeline) {
            let kind = usize::from(!before.is_nothing()) + usize::from(!before.is_nothing() && !after.is_nothing());
            let next = numbers.len();
            let number = *numbers.entry((before.clone(), after.clone())).or_insert(next);
            let entry = all.entry((at, kind, number)).or_insert_with(|| (before, after, Vec::new()));
            entry.2.push((block.subjects.clone(), block.capabilities, block.resources.clone()));
        }
    }
    let mut turns = Vec::new();
    for ((at, ..), (before, after, parts)) in all {
        turns.extend(join(parts).into_iter().map(|(subjects, capabilities, resources)| Turn {
            at,
            before: before.clone(),
            after: after.clone(),
            subjects,
            capabilities,
            resources,
        }));
    }
    turns
}

/// The instants within a timeline at which a block changes, with what is held before and from then on.
fn changes(block: &TimedBlock, timeline: &Timeline) -> Vec<(i64, Left, Left)> {
    let mut changes = Vec::new();
    let mut until = timeline.from;
    let mut left = Left::default();
    for span in &block.spans {
        if span.from > until && !left.is_nothing() {
            changes.push((until, left, Left::default()));
            left = Left::default();
        }
        if span.from > timeline.from {
            changes.push((span.from, left, span.left.clone()));
        }
        (until, left) = (span.until, span.left.clone());
    }
    if until < timeline.until {
        changes.push((until, left, Left::default()));
    }
    changes
}
