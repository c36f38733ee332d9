//! Edits: the smallest changes of a policy that would turn an answer. In: an answer. Out: changes, each made to the
//! policy in memory and compiled, so that every one is known to turn it, with all that it does beside.
//!
//! The search is bounded and deterministic: plans are read off what stands in the way, the fewest changes first, and as
//! many are compiled as the size of the policy allows. Where some were left untried, that is said.

mod change;
mod effect;
mod footprint;
mod plans;

pub use change::Change;
pub use effect::{Cells, Effect};

use std::collections::BTreeSet;

use super::held::decide;
use super::why::{Answer, Asker};
use crate::effective::{OrgRights, Why, compute};
use crate::graph;
use crate::model::Org;
use plans::Plan;

/// How many declarations may be compiled in all for one answer, and between which bounds that lets plans be tried.
const DECLARATIONS: usize = 400_000;
const TRIED: (usize, usize) = (4, 48);

/// Changes that together turn an answer.
#[derive(Clone, Debug)]
pub struct Edit {
    /// The changes.
    pub changes: Vec<Change>,
    /// What else they do.
    pub effect: Effect,
}

/// What would turn an answer.
#[derive(Clone, Debug, Default)]
pub struct Edits {
    /// Those that do: the fewest changes first, of these those that do the least beside.
    pub found: Vec<Edit>,
    /// How many were compiled.
    pub tried: usize,
    /// Whether everything of these forms was tried.
    pub complete: bool,
}

impl Asker<'_> {
    /// The edits that would turn an answer: to a yes where it is no, to a no where it is yes. `max_alternatives` is the
    /// budget of the policy.
    #[must_use]
    pub fn edits(&self, answer: &Answer, max_alternatives: u64) -> Edits {
        let plans::Plans { plans, mut complete } = plans::plans(self.rights, answer);
        let org = &self.rights.org;
        let declarations = org.users.len() + org.devices.len() + org.grants.len() + org.places.len() + 1;
        let limit = (DECLARATIONS / declarations).clamp(TRIED.0, TRIED.1);
        complete &= plans.len() <= limit;
        let mut compiler = Compiler { rights: self.rights, max_alternatives, before: None };
        let mut found: Vec<Edit> = Vec::new();
        let mut tried = 0;
        for changes in plans.into_iter().take(limit) {
            // more changes than some that turn it already are not the smallest
            let is_larger = |edit: &Edit| edit.changes.iter().all(|change| changes.contains(change));
            if found.iter().any(is_larger) {
                continue;
            }
            tried += 1;
            let Some(after) = compiler.compile(&changes) else { continue };
            if decide(&after, &answer.question) != answer.yes {
                let footprint = footprint::footprint(&changes, self.rights, &after);
                let effect = effect::effect(self.rights, &after, &footprint, &answer.question);
                found.push(Edit { changes, effect });
            }
        }
        found.sort_by_key(|edit| {
            let Effect { gained, lost, changed } = edit.effect;
            (edit.changes.len(), gained.rights + lost.rights + changed.rights)
        });
        Edits { found, tried, complete }
    }
}

/// Compiles a changed policy, from its names on: its texts stay as they are.
struct Compiler<'r> {
    rights: &'r OrgRights,
    max_alternatives: u64,
    /// The errors that the policy has as it is, which its manifest must have allowed.
    before: Option<BTreeSet<&'static str>>,
}

impl Compiler<'_> {
    /// What the policy comes to with these changes; none where it would not compile.
    fn compile(&mut self, changes: &Plan) -> Option<OrgRights> {
        let mut org = self.rights.org.clone();
        for change in changes {
            change.apply(&mut org, self.rights);
        }
        let (after, errors) = compiled(org, self.max_alternatives);
        if errors.is_empty() {
            return Some(after);
        }
        let (rights, max) = (self.rights, self.max_alternatives);
        let before = self.before.get_or_insert_with(|| compiled(rights.org.clone(), max).1);
        errors.is_subset(before).then_some(after)
    }
}

fn compiled(org: Org, max_alternatives: u64) -> (OrgRights, BTreeSet<&'static str>) {
    let (graph, circles) = graph::build(&org);
    let (rights, found) = compute(org, graph, max_alternatives, false);
    let errors = circles.iter().chain(&found).filter(|finding| finding.is_error());
    let mut codes: BTreeSet<&'static str> = errors.map(|finding| finding.rule.code).collect();
    // a view over a denial is a lint that stops compiling, unless somebody has allowed it
    if rights.uncovered.iter().any(|shown| shown.why == Why::Denied) {
        codes.insert("view-over-denied");
    }
    (rights, codes)
}
