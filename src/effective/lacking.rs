//! Lacking: who holds one right on a device without another that belongs to it, and by which grants. Classes of subjects
//! are taken in an order in which neighbours are alike, and only where one differs from the one before is it looked at.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use rustc_hash::FxBuildHasher;

use super::OrgRights;
use super::places::Places;
use super::resources::ResourceClassIx;
use super::rows::{Evaluator, RightIx, Row};
use super::statements::{StatementIx, SubjectClassIx};
use super::turns::{Turn, turns};
use crate::graph::Resource;
use crate::model::{Arena, DeviceIx, GrantIx, UserIx};
use crate::vocabulary::{CapabilitySet, ResourceKind};

/// A grant by which somebody holds something without what belongs to it.
#[derive(Clone, Debug)]
pub struct Lacking {
    /// The grant.
    pub grant: GrantIx,
    /// What it gives to those who lack the other.
    pub capabilities: CapabilitySet,
    /// Who does, ascending.
    pub users: Vec<UserIx>,
    /// Where some of them do, ascending.
    pub devices: Vec<DeviceIx>,
}

#[derive(Default)]
struct Found {
    capabilities: CapabilitySet,
    subjects: Vec<SubjectClassIx>,
    resources: BTreeSet<ResourceClassIx>,
}

/// The grants, ascending, by which a user holds one of `has` on a device that counts, all of `beside` there too, and none
/// of `lacks`, each under some condition or always. Owners lack nothing.
#[must_use]
pub fn lacking(
    rights: &OrgRights,
    has: CapabilitySet,
    beside: CapabilitySet,
    lacks: CapabilitySet,
    counts: impl Fn(DeviceIx) -> bool,
) -> Vec<Lacking> {
    let devices = devices_that_count(rights, counts);
    let question = Question { has, beside, lacks };
    let mut search = Search::new(rights, question, &devices);
    for turn in turns(rights) {
        search.look(&turn);
    }
    let tell = |(grant, found): (GrantIx, Found)| {
        let classes = &rights.statements.classes;
        let mut users: Vec<UserIx> =
            found.subjects.iter().flat_map(|class| &classes[*class].members).copied().collect();
        users.sort_unstable();
        let mut all: Vec<DeviceIx> =
            found.resources.iter().filter_map(|class| devices.get(class)).flatten().copied().collect();
        all.sort_unstable();
        Lacking { grant, capabilities: found.capabilities, users, devices: all }
    };
    search.found.into_iter().map(tell).collect()
}

/// The devices that count, by class; classes without any left out.
fn devices_that_count(
    rights: &OrgRights,
    counts: impl Fn(DeviceIx) -> bool,
) -> BTreeMap<ResourceClassIx, Vec<DeviceIx>> {
    let mut devices = BTreeMap::new();
    for (class, resources) in
        rights.resources.classes.iter().filter(|(_, class)| class.standing.kind == ResourceKind::Device)
    {
        let of_class = resources.members.iter().filter_map(|member| match rights.graph.containment.resource(*member) {
            Resource::Device(device) => Some(device).filter(|device| counts(*device)),
            _ => None,
        });
        let of_class: Vec<DeviceIx> = of_class.collect();
        if !of_class.is_empty() {
            devices.insert(class, of_class);
        }
    }
    devices
}

/// Which rights belong together.
#[derive(Clone, Copy, Debug)]
struct Question {
    has: CapabilitySet,
    beside: CapabilitySet,
    lacks: CapabilitySet,
}

/// Goes from one class of subjects to the next, and knows where the last one lacks something.
struct Search<'r> {
    rights: &'r OrgRights,
    question: Question,
    counts: Arena<ResourceClassIx, bool>,
    evaluator: Evaluator<'r>,
    by_right: HashMap<RightIx, CapabilitySet, FxBuildHasher>,
    /// Where a class may lack other things than the last one with which it is compared.
    changed: Places,
    /// Where the last class was another than that one, since it owns something.
    stale: Vec<ResourceClassIx>,
    /// Where the last class lacks something, by which statements; and in how many places by each of these.
    by_place: HashMap<ResourceClassIx, Vec<StatementIx>, FxBuildHasher>,
    times: BTreeMap<StatementIx, usize>,
    found: BTreeMap<GrantIx, Found>,
}

/// What statements say of a place: a grant gives the one, or does without giving the other, or gives the other for sure;
/// or a denial names the other.
const GIVES: u8 = 1;
const GIVES_ALONE: u8 = 2;
const GIVES_OTHER: u8 = 4;
const DENIES_OTHER: u8 = 8;

impl<'r> Search<'r> {
    fn new(
        rights: &'r OrgRights,
        question: Question,
        devices: &BTreeMap<ResourceClassIx, Vec<DeviceIx>>,
    ) -> Search<'r> {
        Search {
            rights,
            question,
            counts: rights.resources.classes.indices().map(|class| devices.contains_key(&class)).collect(),
            evaluator: Evaluator::new(rights),
            by_right: HashMap::default(),
            changed: Places::new(rights),
            stale: Vec::new(),
            by_place: HashMap::default(),
            times: BTreeMap::new(),
            found: BTreeMap::new(),
        }
    }

    /// Goes on to a class.
    fn look(&mut self, turn: &Turn) {
        self.find_changed(turn);
        let changed: Vec<ResourceClassIx> = self.changed.all().to_vec();
        for place in &changed {
            self.forget(*place);
        }
        for (place, right) in self.held(turn.subjects) {
            self.note(turn.subjects, place, right);
        }
        for statement in self.times.keys() {
            let grant = self.rights.statements.all[*statement].grant;
            self.found.entry(grant).or_default().subjects.push(turn.subjects);
        }
        self.stale = if turn.owner.is_some() { changed } else { Vec::new() };
    }

    /// Where what comes is another than before: at what the class owns, too.
    fn find_changed(&mut self, turn: &Turn) {
        let statements = &self.rights.statements;
        let (changed, counts) = (&mut self.changed, &self.counts);
        changed.begin();
        let mut add = |places: &[ResourceClassIx]| {
            places.iter().filter(|place| counts[**place]).for_each(|place| changed.add(*place));
        };
        add(&self.stale);
        turn.owner.and_then(|owner| self.rights.resources.owned.get(&owner)).into_iter().for_each(|owned| add(owned));
        match &turn.differs {
            Some(differs) => differs.iter().for_each(|statement| add(statements.reached_of(*statement))),
            None => statements.of_class(turn.subjects).for_each(|statement| add(statements.reached(statement))),
        }
    }

    fn forget(&mut self, place: ResourceClassIx) {
        for statement in self.by_place.remove(&place).into_iter().flatten() {
            if let Some(times) = self.times.get_mut(&statement) {
                *times -= 1;
                if *times == 0 {
                    self.times.remove(&statement);
                }
            }
        }
    }

    /// By which grants something is lacking with such a right.
    fn note(&mut self, subjects: SubjectClassIx, place: ResourceClassIx, right: RightIx) {
        let Question { has, beside, lacks } = self.question;
        let evaluator = &self.evaluator;
        let gives = *self.by_right.entry(right).or_insert_with(|| {
            let held = evaluator.right(right).held();
            let lacks = (held & lacks).is_empty() && beside.without(held).is_empty();
            if lacks { held & has } else { CapabilitySet::EMPTY }
        });
        if gives.is_empty() {
            return;
        }
        let statements = &self.rights.statements;
        for (index, stated, _) in statements.coming(subjects).filter(|(_, stated, _)| !stated.denial) {
            let given = stated.capabilities & gives;
            if !given.is_empty() && statements.reached(stated).binary_search(&place).is_ok() {
                let found = self.found.entry(stated.grant).or_default();
                found.capabilities = found.capabilities | given;
                found.resources.insert(place);
                self.by_place.entry(place).or_default().push(index);
                *self.times.entry(index).or_default() += 1;
            }
        }
    }

    /// What is held in those places that changed where something could be lacking.
    fn held(&mut self, subjects: SubjectClassIx) -> Row {
        let wanted = self.wanted(subjects);
        let statements = &self.rights.statements;
        let whole_row: usize = statements.of_class(subjects).map(|stated| statements.reached(stated).len()).sum();
        let cells = wanted.len().saturating_mul(statements.of_class(subjects).count());
        if cells.saturating_mul(SEARCH) < whole_row {
            return wanted.into_iter().map(|place| (place, self.evaluator.cell(subjects, place))).collect();
        }
        self.evaluator.row_on(subjects, |place| wanted.binary_search(&place).is_ok())
    }

    /// Where a class could hold the one without the other, ascending: where a grant gives the one, unless a grant gives the
    /// other there too and no denial could take it.
    fn wanted(&self, subjects: SubjectClassIx) -> Vec<ResourceClassIx> {
        let statements = &self.rights.statements;
        let mut said: Vec<u8> = vec![0; self.changed.len()];
        for (_, stated, alternatives) in statements.coming(subjects) {
            let [gives, other] =
                [self.question.has, self.question.lacks].map(|set| !(stated.capabilities & set).is_empty());
            let can_hold = || alternatives.iter().any(|condition| !self.rights.conditions.is_never(*condition));
            let says = match (stated.denial, gives, other) {
                (true, _, true) => DENIES_OTHER,
                (true, ..) | (_, false, false) => continue,
                (_, true, false) => GIVES | GIVES_ALONE,
                (_, gives, true) => (u8::from(gives) * GIVES) | (u8::from(can_hold()) * GIVES_OTHER),
            };
            self.changed.each_in(statements.reached(stated), |at, _| {
                if let Some(said) = said.get_mut(at) {
                    *said |= says;
                }
            });
        }
        let may_lack = |said: u8| {
            let is_denied = said & GIVES != 0 && said & DENIES_OTHER != 0;
            is_denied || (said & GIVES_ALONE != 0 && said & GIVES_OTHER == 0)
        };
        let places = self.changed.all().iter().zip(said).filter(|(_, said)| may_lack(*said));
        let mut wanted: Vec<ResourceClassIx> = places.map(|(place, _)| *place).collect();
        wanted.sort_unstable();
        wanted
    }
}

/// About as many steps as a search in a long list takes.
const SEARCH: usize = 16;
