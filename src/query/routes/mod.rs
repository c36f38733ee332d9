//! Routes: the steps by which a grant comes to a user, reaches a resource, and has a capability; each with its place.
//!
//! In: one user, one resource, one capability. Out: routes, the shortest of those that hold first, and their number.
//! Teams that nest in each other can make more routes than anybody could read: they are counted, and few are shown.

mod capability;
mod resource;
mod subject;

pub(super) use capability::capability_routes;
pub use capability::{CapabilityRoute, CapabilityStep};
pub use resource::{Lies, ResourceRoute, ResourceStep};
pub(super) use resource::{groups_in_only, resource_routes, span_of};
pub use subject::{Membership, SubjectRoute, SubjectStep};

use std::collections::BTreeSet;

use crate::source::Span;

/// How many routes are shown.
const SHOWN: usize = 4;
/// Of how many the shortest are shown.
const TRIED: usize = 64;

/// Some routes of many.
#[derive(Clone, Debug)]
pub struct Routes<T> {
    /// Those that are shown.
    pub shown: Vec<T>,
    /// How many there are; where there are more than fit, the greatest number.
    pub total: u64,
}

/// The ways from any of `roots` down to an end, the first of them in order. `below` says what follows a node, or nothing
/// where it is an end; it leads to an end from everywhere, so that no step is in vain.
fn ways_down<N, S: Clone>(roots: Vec<(N, S)>, below: impl Fn(&N) -> Option<Vec<(N, S)>>) -> Vec<Vec<S>> {
    let mut found = Vec::new();
    let mut way = Vec::new();
    let mut open = vec![roots.into_iter()];
    while let Some(level) = open.last_mut()
        && found.len() < TRIED
    {
        let Some((node, step)) = level.next() else {
            open.pop();
            way.pop();
            continue;
        };
        way.push(step);
        match below(&node) {
            Some(next) => open.push(next.into_iter()),
            None => {
                found.push(way.clone());
                way.pop();
            }
        }
    }
    found
}

fn each_once<T: Copy + Ord>(items: &[(T, Span)]) -> Vec<(T, Span)> {
    let mut seen = BTreeSet::new();
    items.iter().copied().filter(|(item, _)| seen.insert(*item)).collect()
}
