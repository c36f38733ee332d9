//! What no test depends on. In: tests that pass. Out: for each grant in force, each denial and each declared role, whether
//! some test would fail without it.
//!
//! Nothing is compiled again. A grant or role that goes can only take rights away, and so only fail a test that somebody
//! *can*; a denial that goes can only give rights, and so only fail the others. So each right that a test looks at is
//! judged without one of the pieces that it rests on, and only those are tried that it could not do without.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::Outcome;
use super::frame::{Groups, Holder};
use super::judge::Window;
use super::lost::Lost;
use super::support::{Cells, Piece, Spots, Support};
use super::verdict::{Bench, Trial, all, meeting};
use crate::effective::{Conditions, ResourceClassIx};
use crate::graph::ResourceIx;
use crate::model::{At, Claim, GrantIx, MaxHolders, RoleIx};
use crate::vocabulary::CapabilitySet;

/// What can be dropped.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Item {
    /// A grant or denial in force.
    Grant(GrantIx),
    /// A declared role, as if it had no capability.
    Role(RoleIx),
}

/// What the tests of an organisation depend on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Coverage {
    /// What some test depends on.
    pub covered: BTreeSet<Item>,
    /// What none does.
    pub uncovered: BTreeSet<Item>,
    /// Grants and denials that are not in force, so that nothing could depend on them.
    pub idle: u64,
}

/// Finds out what the tests that pass depend on. `now` is the first instant, as for [`super::run`].
#[must_use]
pub fn coverage(outcome: &Outcome<'_>, now: i64) -> Coverage {
    let rights = outcome.rights;
    let in_force = rights.statements.all.iter().map(|(_, statement)| Item::Grant(statement.grant));
    let items: BTreeSet<Item> = in_force.chain(rights.org.roles.indices().map(Item::Role)).collect();
    let idle = (rights.org.grants.len() - rights.statements.all.len()) as u64;
    let mut survey = Survey { bench: Bench::new(rights, now), lost: Lost::new(rights), open: items.clone() };
    for (test, _) in outcome.tests.iter().filter(|(_, failure)| failure.is_none()) {
        let trial = survey.bench.trial(test);
        survey.test(&trial);
    }
    let covered = items.difference(&survey.open).copied().collect();
    Coverage { covered, uncovered: survey.open, idle }
}

/// The work on one organisation.
struct Survey<'r> {
    bench: Bench<'r>,
    lost: Lost,
    /// On what no test was found to depend so far.
    open: BTreeSet<Item>,
}

impl<'r> Survey<'r> {
    fn test(&mut self, trial: &Trial<'_>) {
        match &trial.test.claim {
            Claim::Can { capabilities, nobody_else } => {
                let capabilities = all(capabilities);
                for holder in trial.groups.keys() {
                    let row = self.bench.finder.row(*holder, capabilities, &trial.places, Cells::All);
                    for (_, support) in row.values().flat_map(|spot| &spot.supports) {
                        self.needed(trial.window, support);
                    }
                }
                if *nobody_else {
                    let others = self.bench.others(trial);
                    self.cannot(trial, &others, capabilities);
                }
            }
            Claim::Cannot(capabilities) => self.cannot(trial, &trial.groups, all(capabilities)),
            Claim::NeverTogether(items) => self.never_together(trial, items),
            Claim::MaxHolders(limits) => limits.iter().for_each(|limit| self.max_holders(trial, limit)),
        }
    }

    /// Which grants and roles a right that is always held cannot do without.
    fn needed(&mut self, window: Window, support: &Support<'_>) {
        let mut tried: BTreeSet<Item> = BTreeSet::new();
        for clause in &support.clauses {
            // what leaves a piece that always holds leaves all
            let always = clause.iter().find(|piece| self.is_always(support, piece));
            let pieces = always.map_or(&clause[..], std::slice::from_ref);
            tried.extend(pieces.iter().flat_map(|piece| self.items(piece)));
        }
        for item in tried.intersection(&self.open.clone()) {
            let lost = &self.lost;
            let formula = support.formula(&self.bench.rights.conditions, |piece| drops(lost, *item, piece));
            if !self.bench.judge.always(window, formula) {
                self.open.remove(item);
            }
        }
    }

    /// Whether a piece gives its part of a right at all times and from everywhere.
    fn is_always(&self, support: &Support<'_>, piece: &Piece<'_>) -> bool {
        let conditions = &self.bench.rights.conditions;
        // dates alone pass to a link
        let dates = |one: &_| support.is_of_link() && conditions.get(*one).dates().is_always();
        piece.when.iter().any(|one| *one == Conditions::ALWAYS || dates(one))
    }

    /// What would take a piece away.
    fn items(&self, piece: &Piece<'_>) -> Vec<Item> {
        let roles = self.lost.by(piece.grant).iter().filter(|(_, set)| set.has(piece.capability));
        roles.map(|(role, _)| Item::Role(*role)).chain([Item::Grant(piece.grant)]).collect()
    }

    /// The denials that a right rests on not being held: those that are open, and could matter alone.
    fn denials(&self, support: &Support<'_>) -> Vec<GrantIx> {
        if support.clauses.iter().any(Vec::is_empty) {
            return Vec::new();
        }
        // what leaves a denial without a condition leaves nothing
        let whole = support.takes.iter().find(|piece| piece.when.contains(&Conditions::ALWAYS));
        let pieces = whole.map_or(&support.takes[..], std::slice::from_ref);
        let mut denials: Vec<GrantIx> = pieces.iter().map(|piece| piece.grant).collect();
        denials.sort_unstable();
        denials.dedup();
        denials.retain(|denial| self.open.contains(&Item::Grant(*denial)));
        denials
    }

    /// Whether a right is held at some time without a denial.
    fn ever_without(&mut self, window: Window, support: &Support<'_>, denial: GrantIx) -> bool {
        let formula = support.formula(&self.bench.rights.conditions, |piece| piece.grant == denial);
        self.bench.judge.ever(window, formula)
    }

    fn cannot(&mut self, trial: &Trial<'_>, groups: &Groups, capabilities: CapabilitySet) {
        for holder in groups.keys() {
            let row = self.bench.finder.row(*holder, capabilities, &trial.places, Cells::Given);
            for (_, support) in row.values().flat_map(|spot| &spot.supports) {
                for denial in self.denials(support) {
                    if self.ever_without(trial.window, support, denial) {
                        self.open.remove(&Item::Grant(denial));
                    }
                }
            }
        }
    }

    fn never_together(&mut self, trial: &Trial<'_>, items: &[At<CapabilitySet>]) {
        for holder in trial.groups.keys() {
            let finder = &mut self.bench.finder;
            let rows: Vec<Spots<'r, '_>> =
                items.iter().map(|(set, _)| finder.row(*holder, *set, &trial.places, Cells::Given)).collect();
            for spots in meeting(&rows) {
                let supports = spots.iter().flat_map(|spot| &spot.supports);
                let denials: BTreeSet<GrantIx> = supports.flat_map(|(_, support)| self.denials(support)).collect();
                for denial in denials {
                    let without = |piece: &Piece<'_>| piece.grant == denial;
                    let formulas: Vec<Vec<_>> = spots.iter().map(|spot| self.bench.formulas(spot, without)).collect();
                    if self.bench.judge.together(trial.window, &formulas).is_some() {
                        self.open.remove(&Item::Grant(denial));
                    }
                }
            }
        }
    }

    fn max_holders(&mut self, trial: &Trial<'_>, limit: &MaxHolders) {
        // who would hold it too, denial by denial
        let mut users: BTreeMap<GrantIx, HashMap<ResourceClassIx, u64>> = BTreeMap::new();
        let mut links: BTreeMap<GrantIx, HashMap<ResourceIx, u64>> = BTreeMap::new();
        let census = self.bench.census(trial, limit.capabilities);
        for (holder, members) in &trial.groups {
            let row = self.bench.finder.row(*holder, limit.capabilities, &trial.places, Cells::Given);
            for (first, spot) in &row {
                if census.has(*holder, *first) {
                    continue;
                }
                let supports = || spot.supports.iter().map(|(_, support)| support);
                let denials: BTreeSet<GrantIx> = supports().flat_map(|support| self.denials(support)).collect();
                for denial in denials {
                    if supports().any(|support| self.ever_without(trial.window, support, denial)) {
                        let more = members.len() as u64;
                        match holder {
                            Holder::Link(_) => *links.entry(denial).or_default().entry(*first).or_default() += more,
                            _ => *users.entry(denial).or_default().entry(spot.class).or_default() += more,
                        }
                    }
                }
            }
        }
        let denials: BTreeSet<GrantIx> = users.keys().chain(links.keys()).copied().collect();
        for denial in denials {
            let more = |class, resource| {
                let users = users.get(&denial).and_then(|users| users.get(class)).copied().unwrap_or_default();
                users + links.get(&denial).and_then(|links| links.get(resource)).copied().unwrap_or_default()
            };
            let crowded = trial.places.iter().any(|(class, members)| {
                members.iter().any(|resource| {
                    let more = more(class, resource);
                    more > 0 && census.count(*class, *resource) + more > limit.limit
                })
            });
            if crowded {
                self.open.remove(&Item::Grant(denial));
            }
        }
    }
}

/// Whether a piece is gone where an item is dropped.
fn drops(lost: &Lost, item: Item, piece: &Piece<'_>) -> bool {
    match item {
        Item::Grant(grant) => piece.grant == grant,
        Item::Role(role) => lost.by(piece.grant).iter().any(|(one, set)| *one == role && set.has(piece.capability)),
    }
}
