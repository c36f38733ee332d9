//! Whether a test passes. In: a test. Out: what it fails by, with the first few counterexamples, or nothing.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use super::frame::{Frames, Groups, Holder, Places};
use super::judge::{Judge, Window};
use super::support::{Cells, Finder, Formula, Piece, Spot, Spots};
use crate::effective::{OrgRights, ResourceClassIx};
use crate::graph::ResourceIx;
use crate::model::{At, Claim, MaxHolders, PolicyTest};
use crate::query::{Question, Request, Who, everybody};
use crate::source::Span;
use crate::vocabulary::CapabilitySet;

/// How many counterexamples are told.
const SHOWN: usize = 3;

/// Why a test fails.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Failure {
    /// It speaks of nobody.
    NamesNobody,
    /// What it lists here applies to nothing in its scope.
    AppliesToNothing(Span),
    /// What it claims is not so.
    Untrue(Counterexamples),
}

/// Where a claim is not so.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Counterexamples {
    /// In what way.
    pub kind: Untrue,
    /// How many there are: subject × capability × resource, or for `max_holders` resources.
    pub count: u64,
    /// The first few.
    pub shown: Vec<Counterexample>,
}

/// In what way a claim is not so.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Untrue {
    /// Some cannot.
    Cannot,
    /// Some can.
    Can,
    /// Somebody else can.
    Else,
    /// Some can use all of it at once.
    Together,
    /// More than so many can.
    TooMany {
        /// So many are allowed.
        limit: u64,
        /// So many do.
        holders: u64,
    },
}

/// Who, what, where, and when and from where.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Counterexample {
    /// The subject; for `max_holders` the first holders.
    pub who: Vec<Who>,
    /// The capability; for `never_together` one for each item.
    pub capabilities: Vec<usize>,
    /// The resource.
    pub resource: ResourceIx,
    /// When and from where; what makes no difference is left out.
    pub request: Option<RequestTold>,
}

/// A request, in an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct RequestTold {
    /// Seconds since 1970.
    pub at: Option<i64>,
    /// From where.
    pub address: Option<std::net::IpAddr>,
}

impl Counterexample {
    /// The question whose answer proves it.
    #[must_use]
    pub fn question(&self) -> Option<Question> {
        let request = self.request.map_or_else(Request::default, |told| Request { at: told.at, address: told.address });
        let (who, capability) = (*self.who.first()?, *self.capabilities.first()?);
        Some(Question { who, capability, resource: self.resource, request })
    }
}

impl From<Request> for RequestTold {
    fn from(request: Request) -> RequestTold {
        RequestTold { at: request.at, address: request.address }
    }
}

/// All that is needed to judge tests of one organisation.
#[derive(Debug)]
pub(super) struct Bench<'r> {
    pub rights: &'r OrgRights,
    pub frames: Frames<'r>,
    pub finder: Finder<'r>,
    pub judge: Judge<'r>,
}

/// A test, looked up.
#[derive(Debug)]
pub(super) struct Trial<'t> {
    pub test: &'t PolicyTest,
    pub named: BTreeSet<Who>,
    pub groups: Groups,
    pub places: Places,
    pub window: Window,
}

/// Where a claim is not so, as it is counted.
struct Found {
    kind: Untrue,
    count: u64,
    first: BTreeSet<Counterexample>,
}

impl Found {
    fn new(kind: Untrue) -> Found {
        Found { kind, count: 0, first: BTreeSet::new() }
    }

    /// Counts, and keeps the first, with what shows them.
    fn add(&mut self, count: usize, mut example: Counterexample, request: impl FnOnce() -> Option<Request>) {
        self.count += count as u64;
        if self.first.len() >= SHOWN && self.first.last().is_some_and(|last| *last < example) {
            return;
        }
        example.request = request().map(RequestTold::from);
        self.first.insert(example);
        if self.first.len() > SHOWN {
            self.first.pop_last();
        }
    }

    fn failure(self) -> Option<Failure> {
        let Found { kind, count, first } = self;
        (count > 0).then(|| Failure::Untrue(Counterexamples { kind, count, shown: first.into_iter().collect() }))
    }
}

impl<'r> Bench<'r> {
    pub(super) fn new(rights: &'r OrgRights, now: i64) -> Bench<'r> {
        let frames = Frames::new(rights);
        let judge = Judge::new(rights, frames.accounts.clone(), now);
        Bench { rights, frames, finder: Finder::new(rights), judge }
    }

    /// Looks a test up.
    pub(super) fn trial<'t>(&self, test: &'t PolicyTest) -> Trial<'t> {
        let except = self.frames.named(&test.except);
        let named: BTreeSet<Who> = self.frames.named(&test.to).difference(&except).copied().collect();
        let groups = self.frames.groups(named.iter().copied());
        let places = self.frames.places(&test.scope);
        Trial { test, named, groups, places, window: Window { at: test.at, address: test.address } }
    }

    /// Why a test fails, if it does.
    pub(super) fn verdict(&mut self, trial: &Trial<'_>) -> Option<Failure> {
        if trial.named.is_empty() {
            return Some(Failure::NamesNobody);
        }
        if let Some(span) = self.proves_nothing(trial) {
            return Some(Failure::AppliesToNothing(span));
        }
        match &trial.test.claim {
            Claim::Can { capabilities, nobody_else } => {
                let capabilities = all(capabilities);
                let lack = self.can(trial, capabilities);
                lack.or_else(|| if *nobody_else { self.nobody_else(trial, capabilities) } else { None })
            }
            Claim::Cannot(capabilities) => self.cannot(trial, all(capabilities)),
            Claim::NeverTogether(items) => self.never_together(trial, items),
            Claim::MaxHolders(limits) => limits.iter().find_map(|limit| self.max_holders(trial, limit)),
        }
    }

    /// What a test lists that applies to nothing in its scope.
    fn proves_nothing(&self, trial: &Trial<'_>) -> Option<Span> {
        let kinds: BTreeSet<CapabilitySet> = trial.places.keys().map(|class| self.frames.applying(*class)).collect();
        let applies = |set: &CapabilitySet| kinds.iter().any(|kind| !(*kind & *set).is_empty());
        match &trial.test.claim {
            Claim::Can { capabilities, .. } | Claim::Cannot(capabilities) => {
                capabilities.iter().find(|(set, _)| !applies(set)).map(|(_, span)| *span)
            }
            // there must be a resource where one of each could meet
            Claim::NeverTogether(items) => {
                let meet = |kind: &CapabilitySet| items.iter().all(|(set, _)| !(*kind & *set).is_empty());
                let first = items.iter().find(|(set, _)| !applies(set)).or_else(|| items.first());
                first.filter(|_| !kinds.iter().any(meet)).map(|(_, span)| *span)
            }
            Claim::MaxHolders(limits) => limits.iter().find(|one| !applies(&one.capabilities)).map(|one| one.span),
        }
    }

    fn can(&mut self, trial: &Trial<'_>, capabilities: CapabilitySet) -> Option<Failure> {
        let mut found = Found::new(Untrue::Cannot);
        for (holder, members) in &trial.groups {
            for spot in self.finder.row(*holder, capabilities, &trial.places, Cells::All).values() {
                for (capability, support) in &spot.supports {
                    let formula = support.formula(&self.rights.conditions, keep_all);
                    if self.judge.always(trial.window, formula.clone()) {
                        continue;
                    }
                    let count = members.len() * spot.members.len();
                    let gap = || self.judge.gap(trial.window, &formula);
                    found.add(count, example(members, *capability, spot), gap);
                }
            }
        }
        found.failure()
    }

    fn cannot(&mut self, trial: &Trial<'_>, capabilities: CapabilitySet) -> Option<Failure> {
        let mut found = Found::new(Untrue::Can);
        for (holder, members) in &trial.groups {
            let row = self.finder.row(*holder, capabilities, &trial.places, Cells::Given);
            self.held(trial, members, &row, &mut found);
        }
        found.failure()
    }

    fn nobody_else(&mut self, trial: &Trial<'_>, capabilities: CapabilitySet) -> Option<Failure> {
        let mut found = Found::new(Untrue::Else);
        for (holder, members) in self.others(trial) {
            let mut row = self.finder.row(holder, capabilities, &trial.places, Cells::Given);
            row.retain(|_, spot| !self.frames.owns(holder, spot.class));
            self.held(trial, &members, &row, &mut found);
        }
        found.failure()
    }

    /// The subjects of whom a test does not speak.
    pub(super) fn others(&self, trial: &Trial<'_>) -> Groups {
        self.frames.groups(everybody(self.rights).into_iter().filter(|who| !trial.named.contains(who)))
    }

    /// Finds what of a row is held.
    fn held(&mut self, trial: &Trial<'_>, members: &[Who], row: &Spots<'r, '_>, found: &mut Found) {
        for spot in row.values() {
            for (capability, support) in &spot.supports {
                let formula = support.formula(&self.rights.conditions, keep_all);
                if self.judge.ever(trial.window, formula.clone()) {
                    let count = members.len() * spot.members.len();
                    let when = || self.judge.together(trial.window, &[vec![formula]]);
                    found.add(count, example(members, *capability, spot), when);
                }
            }
        }
    }

    fn never_together(&mut self, trial: &Trial<'_>, items: &[At<CapabilitySet>]) -> Option<Failure> {
        let mut found = Found::new(Untrue::Together);
        for (holder, members) in &trial.groups {
            let rows: Vec<Spots<'r, '_>> =
                items.iter().map(|(set, _)| self.finder.row(*holder, *set, &trial.places, Cells::Given)).collect();
            for spots in meeting(&rows) {
                let formulas: Vec<Vec<_>> = spots.iter().map(|spot| self.formulas(spot, keep_all)).collect();
                let Some(request) = self.judge.together(trial.window, &formulas) else { continue };
                let mut capabilities = Vec::new();
                for (spot, formulas) in spots.iter().zip(&formulas) {
                    // one that is held then, of those that the item names
                    let at = Window { at: request.at.or(trial.window.at), address: request.address };
                    let holding = |formula| self.judge.ever(at, formula);
                    let one = formulas.iter().cloned().map(holding).position(|held| held).unwrap_or_default();
                    capabilities.extend(spot.supports.get(one).map(|(capability, _)| *capability));
                }
                let Some(spot) = spots.first() else { continue };
                let example = Counterexample { capabilities, ..example(members, 0, spot) };
                found.add(members.len() * spot.members.len(), example, || Some(request));
            }
        }
        found.failure()
    }

    /// The formulas of a spot, without what is dropped.
    pub(super) fn formulas(&self, spot: &Spot<'_, '_>, dropped: impl Fn(&Piece<'_>) -> bool + Copy) -> Vec<Formula> {
        spot.supports.iter().map(|(_, support)| support.formula(&self.rights.conditions, dropped)).collect()
    }

    fn max_holders(&mut self, trial: &Trial<'_>, limit: &MaxHolders) -> Option<Failure> {
        let census = self.census(trial, limit.capabilities);
        let mut crowded: Option<(u64, ResourceIx, Vec<&Holding<'_>>)> = None;
        let mut count = 0;
        for (class, members) in &trial.places {
            for resource in members {
                let total = census.count(*class, *resource);
                count += u64::from(total > limit.limit);
                if total > limit.limit && crowded.as_ref().is_none_or(|(most, ..)| total > *most) {
                    crowded = Some((total, *resource, census.holders(*class, *resource)));
                }
            }
        }
        let (holders, resource, holding) = crowded?;
        let mut who: Vec<Who> = holding.iter().flat_map(|one| one.members.iter().copied()).collect();
        who.sort_unstable();
        let first = holding.iter().find(|one| one.members.first() == who.first());
        let capabilities = first.iter().map(|one| one.capability).collect();
        let request = first.and_then(|one| self.judge.together(trial.window, &[vec![one.formula.clone()]]));
        let example = Counterexample { who, capabilities, resource, request: request.map(RequestTold::from) };
        let kind = Untrue::TooMany { limit: limit.limit, holders };
        Some(Failure::Untrue(Counterexamples { kind, count, shown: vec![example] }))
    }

    /// Who of a test's subjects holds any of these capabilities, class by class of resources.
    pub(super) fn census<'t>(&mut self, trial: &'t Trial<'_>, capabilities: CapabilitySet) -> Census<'t> {
        let mut census = Census::default();
        for (holder, members) in &trial.groups {
            for (first, spot) in &self.finder.row(*holder, capabilities, &trial.places, Cells::Given) {
                let held = spot.supports.iter().find_map(|(capability, support)| {
                    let formula = support.formula(&self.rights.conditions, keep_all);
                    let held = self.judge.ever(trial.window, formula.clone());
                    held.then_some(Holding { members, capability: *capability, formula })
                });
                if held.is_none() {
                    continue;
                }
                census.held.insert((*holder, *first));
                let there = match holder {
                    Holder::Link(_) => census.links.entry(*first).or_default(),
                    _ => census.users.entry(spot.class).or_default(),
                };
                there.count += members.len() as u64;
                there.holders.extend(held);
            }
        }
        census
    }
}

/// Some who hold a capability: the one that was found, and when.
#[derive(Debug)]
pub(super) struct Holding<'t> {
    members: &'t [Who],
    capability: usize,
    formula: Formula,
}

/// All who hold it in one place, and how many that are.
#[derive(Debug, Default)]
struct There<'t> {
    holders: Vec<Holding<'t>>,
    count: u64,
}

/// Who holds something where.
#[derive(Debug, Default)]
pub(super) struct Census<'t> {
    users: BTreeMap<ResourceClassIx, There<'t>>,
    links: BTreeMap<ResourceIx, There<'t>>,
    /// Who holds it on which spot, by the spot's first resource.
    held: HashSet<(Holder, ResourceIx)>,
}

impl<'t> Census<'t> {
    /// How many holders there are on a resource.
    pub(super) fn count(&self, class: ResourceClassIx, resource: ResourceIx) -> u64 {
        self.there(class, resource).map(|there| there.count).sum()
    }

    /// Whether a subject holds it on the spot that begins with a resource.
    pub(super) fn has(&self, holder: Holder, first: ResourceIx) -> bool {
        self.held.contains(&(holder, first))
    }

    /// The holders on a resource.
    fn holders(&self, class: ResourceClassIx, resource: ResourceIx) -> Vec<&Holding<'t>> {
        self.there(class, resource).flat_map(|there| &there.holders).collect()
    }

    fn there(&self, class: ResourceClassIx, resource: ResourceIx) -> impl Iterator<Item = &There<'t>> {
        self.users.get(&class).into_iter().chain(self.links.get(&resource))
    }
}

/// The spots that all rows have, one of each.
pub(super) fn meeting<'s, 'r, 'p>(rows: &'s [Spots<'r, 'p>]) -> Vec<Vec<&'s Spot<'r, 'p>>> {
    let Some((first, others)) = rows.split_first() else { return Vec::new() };
    let met = first.iter().filter_map(|(resource, spot)| {
        let others: Option<Vec<&Spot<'_, '_>>> = others.iter().map(|row| row.get(resource)).collect();
        Some([spot].into_iter().chain(others?).collect())
    });
    met.collect()
}

/// All that a list of capabilities names.
pub(super) fn all(capabilities: &[At<CapabilitySet>]) -> CapabilitySet {
    capabilities.iter().map(|(set, _)| *set).collect()
}

/// Drops nothing.
pub(super) fn keep_all(_: &Piece<'_>) -> bool {
    false
}

fn example(members: &[Who], capability: usize, spot: &Spot<'_, '_>) -> Counterexample {
    Counterexample {
        who: members.first().copied().into_iter().collect(),
        capabilities: vec![capability],
        resource: spot.members.first().copied().unwrap_or(ResourceIx(0)),
        request: None,
    }
}
