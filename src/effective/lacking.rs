//! Lacking: who holds one right on a device without another that belongs to it, and by which grants.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::OrgRights;
use super::resources::ResourceClassIx;
use super::rows::{Evaluator, RightIx, Row};
use super::search::in_both;
use super::statements::SubjectClassIx;
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
    subjects: BTreeSet<SubjectClassIx>,
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
    let mut places = Places::new(rights, &devices, has, lacks);
    let mut evaluator = Evaluator::new(rights);
    let mut by_right: HashMap<RightIx, CapabilitySet> = HashMap::new();
    let mut found: BTreeMap<GrantIx, Found> = BTreeMap::new();
    for (subjects, class) in rights.statements.classes.iter() {
        if class.owns_org {
            continue;
        }
        for (resource, right) in places.held(subjects, &mut evaluator) {
            let gives = *by_right.entry(right).or_insert_with(|| {
                let held = evaluator.right(right).held();
                let lacks = (held & lacks).is_empty() && beside.without(held).is_empty();
                if lacks { held & has } else { CapabilitySet::EMPTY }
            });
            if gives.is_empty() {
                continue;
            }
            for statement in rights.statements.of_class(subjects).filter(|statement| !statement.denial) {
                let given = statement.capabilities & gives;
                if !given.is_empty() && rights.statements.reached(statement).binary_search(&resource).is_ok() {
                    let found = found.entry(statement.grant).or_default();
                    found.capabilities = found.capabilities | given;
                    found.subjects.insert(subjects);
                    found.resources.insert(resource);
                }
            }
        }
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
    found.into_iter().map(tell).collect()
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

/// Knows where a class of subjects could hold the one without the other: where a grant gives the one, unless a grant
/// gives the other there too and no denial could take it.
struct Places<'r> {
    rights: &'r OrgRights,
    has: CapabilitySet,
    lacks: CapabilitySet,
    counts: Arena<ResourceClassIx, bool>,
    /// For each class of resources the last class of subjects for which it was judged.
    judged: Arena<ResourceClassIx, u32>,
    asked: u32,
}

impl<'r> Places<'r> {
    fn new(
        rights: &'r OrgRights,
        devices: &BTreeMap<ResourceClassIx, Vec<DeviceIx>>,
        has: CapabilitySet,
        lacks: CapabilitySet,
    ) -> Places<'r> {
        let classes = &rights.resources.classes;
        let counts = classes.indices().map(|class| devices.contains_key(&class)).collect();
        Places { rights, has, lacks, counts, judged: classes.iter().map(|_| 0).collect(), asked: 0 }
    }

    /// What is held in these places.
    fn held(&mut self, subjects: SubjectClassIx, evaluator: &mut Evaluator<'_>) -> Row {
        let wanted = self.of(subjects);
        let statements = &self.rights.statements;
        let whole_row: usize = statements.of_class(subjects).map(|stated| statements.reached(stated).len()).sum();
        let cells = wanted.len().saturating_mul(statements.of_class(subjects).count());
        if cells.saturating_mul(SEARCH) < whole_row {
            return wanted.into_iter().map(|place| (place, evaluator.cell(subjects, place))).collect();
        }
        evaluator.row_on(subjects, |place| wanted.binary_search(&place).is_ok())
    }

    /// Ascending.
    fn of(&mut self, subjects: SubjectClassIx) -> Vec<ResourceClassIx> {
        let statements = &self.rights.statements;
        let (mut giving, mut blind, mut seeing, mut denials) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        for (_, stated, alternatives) in statements.coming(subjects) {
            let [gives, names] = [self.has, self.lacks].map(|set| !(stated.capabilities & set).is_empty());
            let reached = statements.reached(stated);
            if stated.denial {
                denials.extend(names.then_some(reached));
                continue;
            }
            giving.extend(gives.then_some(reached));
            blind.extend((gives && !names).then_some(reached));
            let can_hold = || alternatives.iter().any(|condition| !self.rights.conditions.is_never(*condition));
            seeing.extend((names && can_hold()).then_some(reached));
        }
        let mut wanted = Vec::new();
        self.asked += 1;
        for (denied, given) in denials.iter().flat_map(|denied| giving.iter().map(move |given| (denied, given))) {
            self.add(in_both(denied, given), &mut wanted);
        }
        let certain_from = wanted.len();
        blind.into_iter().for_each(|reached| self.add(reached.iter().copied(), &mut wanted));
        let mut only_blind = wanted.split_off(certain_from);
        for seen in seeing {
            only_blind.retain(|place| seen.binary_search(place).is_err());
        }
        wanted.append(&mut only_blind);
        wanted.sort_unstable();
        wanted
    }

    fn add(&mut self, places: impl Iterator<Item = ResourceClassIx>, wanted: &mut Vec<ResourceClassIx>) {
        for place in places.filter(|place| self.counts[*place]) {
            if self.judged[place] != self.asked {
                self.judged[place] = self.asked;
                wanted.push(place);
            }
        }
    }
}

/// About as many steps as a search in a long list takes.
const SEARCH: usize = 16;
