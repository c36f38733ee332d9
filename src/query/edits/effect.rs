//! What a change does beside what it is made for: the rights that are gained, lost, or held under other conditions,
//! counted exactly. In: what a policy comes to, before and after. Out: an [`Effect`].

use std::collections::{BTreeMap, BTreeSet, HashMap};

use rustc_hash::FxBuildHasher;

use super::footprint::Footprint;
use crate::effective::{Evaluator, OrgRights, ResourceClassIx, Right, RightIx, SubjectClassIx, networks_of};
use crate::graph::ResourceIx;
use crate::model::{LinkIx, UserIx};
use crate::query::why::{Question, Who};
use crate::table::format;
use crate::vocabulary::CapabilitySet;

/// Above this many groups of resources, whole rows are made in place of single cells.
const CELLS: usize = 64;

/// Rights: subject × capability × resource, each counted once, whatever its conditions.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Cells {
    /// How many.
    pub rights: u64,
    /// Of how many subjects.
    pub subjects: u64,
    /// Which capabilities.
    pub capabilities: CapabilitySet,
    /// On how many resources.
    pub resources: u64,
}

/// What a change does, the right that is asked about aside.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Effect {
    /// Rights that were not held before, under any condition.
    pub gained: Cells,
    /// Rights that are held no more, under any condition.
    pub lost: Cells,
    /// Rights that are held before and after, under other conditions.
    pub changed: Cells,
}

/// Counts cells as they are met.
#[derive(Default)]
struct Count {
    rights: u64,
    subjects: u64,
    capabilities: CapabilitySet,
    resources: BTreeSet<ResourceIx>,
}

impl Count {
    fn finish(self) -> Cells {
        let Count { rights, subjects, capabilities, resources } = self;
        Cells { rights, subjects, capabilities, resources: resources.len() as u64 }
    }
}

/// How one right differs from another.
#[derive(Clone, Copy, Debug, Default)]
struct Difference {
    gained: CapabilitySet,
    lost: CapabilitySet,
    changed: CapabilitySet,
}

impl Difference {
    fn without(self, capabilities: CapabilitySet) -> Difference {
        Difference {
            gained: self.gained.without(capabilities),
            lost: self.lost.without(capabilities),
            changed: self.changed.without(capabilities),
        }
    }
}

/// What differs between `old` and `new` within a footprint and in all links, but for the right that is asked about.
pub(super) fn effect(old: &OrgRights, new: &OrgRights, footprint: &Footprint, asked: &Question) -> Effect {
    let mut compare = Compare {
        old,
        new,
        asked,
        before: Evaluator::new(old),
        after: Evaluator::new(new),
        known: HashMap::default(),
        counts: Default::default(),
    };
    compare.users(footprint);
    compare.links();
    let [gained, lost, changed] = compare.counts.map(Count::finish);
    Effect { gained, lost, changed }
}

struct Compare<'r> {
    old: &'r OrgRights,
    new: &'r OrgRights,
    asked: &'r Question,
    before: Evaluator<'r>,
    after: Evaluator<'r>,
    known: HashMap<(RightIx, RightIx), Difference, FxBuildHasher>,
    /// Gained, lost, changed.
    counts: [Count; 3],
}

/// Users with the same class before and after, and whether their own dates or networks differ; the one who is asked about
/// is a group of its own.
type UserGroup = (Option<SubjectClassIx>, Option<SubjectClassIx>, bool, bool);

/// Resources with the same class before and after; the one that is asked about is a group of its own.
type ResourceGroup = (ResourceClassIx, ResourceClassIx, bool);

impl Compare<'_> {
    fn users(&mut self, footprint: &Footprint) {
        let users: Vec<UserIx> = match &footprint.users {
            Some(users) => users.iter().copied().collect(),
            None => self.old.org.users.indices().collect(),
        };
        let mut groups: BTreeMap<UserGroup, Vec<UserIx>> = BTreeMap::new();
        for user in users {
            let class = |rights: &OrgRights| rights.statements.class_of[user];
            let (a, b) = (&self.old.org.users[user], &self.new.org.users[user]);
            let own = (a.from, a.until) != (b.from, b.until)
                || networks_of(&self.old.org, &self.old.graph, user)
                    != networks_of(&self.new.org, &self.new.graph, user);
            let asked = self.asked.who == Who::User(user);
            groups.entry((class(self.old), class(self.new), own, asked)).or_default().push(user);
        }
        let mut resources: BTreeMap<ResourceGroup, Vec<ResourceIx>> = BTreeMap::new();
        let mut add = |resource: ResourceIx| {
            let class = |rights: &OrgRights| rights.resources.class_of[resource];
            let key = (class(self.old), class(self.new), resource == self.asked.resource);
            resources.entry(key).or_default().push(resource);
        };
        match &footprint.resources {
            Some(some) => some.iter().copied().for_each(&mut add),
            None => self.old.graph.containment.resources().for_each(|(resource, _)| add(resource)),
        }
        let mut on_groups: [BTreeSet<usize>; 3] = Default::default();
        for ((before, after, own, asked), members) in groups {
            let cells = self.cells(before, after, &resources);
            let mut touched = [false; 3];
            for (number, ((old, new), (key, on))) in cells.into_iter().zip(&resources).enumerate() {
                let mut difference = self.difference(old, new);
                if own {
                    let held = old.map_or(CapabilitySet::EMPTY, |right| held_of(self.before.right(right)));
                    difference.changed = held.without(difference.lost);
                }
                if asked && key.2 {
                    difference = difference.without(CapabilitySet::one(self.asked.capability));
                }
                let counted = self.count(&members, on, difference);
                for kind in (0..3).filter(|kind| counted[*kind]) {
                    touched[kind] = true;
                    on_groups[kind].insert(number);
                }
            }
            for (count, touched) in self.counts.iter_mut().zip(touched) {
                count.subjects += if touched { members.len() as u64 } else { 0 };
            }
        }
        for (count, groups) in self.counts.iter_mut().zip(on_groups) {
            let members = resources.values().enumerate().filter(|(number, _)| groups.contains(number));
            count.resources.extend(members.flat_map(|(_, on)| on));
        }
    }

    /// The rights of a group of users before and after, on each group of resources.
    fn cells(
        &mut self,
        before: Option<SubjectClassIx>,
        after: Option<SubjectClassIx>,
        resources: &BTreeMap<ResourceGroup, Vec<ResourceIx>>,
    ) -> Vec<(Option<RightIx>, Option<RightIx>)> {
        if resources.len() <= CELLS {
            let cell = |(old, new, _): &ResourceGroup| {
                let old = before.map(|class| self.before.cell(class, *old));
                (old, after.map(|class| self.after.cell(class, *new)))
            };
            return resources.keys().map(cell).collect();
        }
        let row = |evaluator: &mut Evaluator<'_>, class: Option<SubjectClassIx>| -> HashMap<_, _, FxBuildHasher> {
            class.map(|class| evaluator.row(class)).into_iter().flatten().collect()
        };
        let (old_row, new_row) = (row(&mut self.before, before), row(&mut self.after, after));
        resources.keys().map(|(old, new, _)| (old_row.get(old).copied(), new_row.get(new).copied())).collect()
    }

    fn difference(&mut self, old: Option<RightIx>, new: Option<RightIx>) -> Difference {
        let nothing = Right::default();
        if let (Some(old), Some(new)) = (old, new)
            && let Some(known) = self.known.get(&(old, new))
        {
            return *known;
        }
        let before = old.map_or(&nothing, |right| self.before.right(right));
        let after = new.map_or(&nothing, |right| self.after.right(right));
        let difference = between(self.old, before, self.new, after);
        if let (Some(old), Some(new)) = (old, new) {
            self.known.insert((old, new), difference);
        }
        difference
    }

    /// Counts what differs for these users on these resources; says which of the counts it has grown.
    fn count(&mut self, members: &[UserIx], on: &[ResourceIx], difference: Difference) -> [bool; 3] {
        let kinds = [difference.gained, difference.lost, difference.changed];
        let mut grown = [false; 3];
        for ((count, capabilities), grown) in self.counts.iter_mut().zip(kinds).zip(&mut grown) {
            let rights = (members.len() * on.len() * capabilities.len()) as u64;
            if rights == 0 {
                continue;
            }
            count.rights += rights;
            count.capabilities = count.capabilities | capabilities;
            *grown = true;
        }
        grown
    }

    fn links(&mut self) {
        let access = |rights: &OrgRights| -> BTreeMap<(LinkIx, ResourceIx), Right> {
            let links = rights.links.iter();
            links
                .flat_map(|given| given.access.iter().map(move |(on, right)| ((given.link, *on), right.clone())))
                .collect()
        };
        let (before, after) = (access(self.old), access(self.new));
        let mut touched: [BTreeSet<LinkIx>; 3] = Default::default();
        let keys: BTreeSet<&(LinkIx, ResourceIx)> = before.keys().chain(after.keys()).collect();
        let nothing = Right::default();
        for key in keys {
            let (link, on) = *key;
            let (old, new) = (before.get(key).unwrap_or(&nothing), after.get(key).unwrap_or(&nothing));
            let mut difference = between(self.old, old, self.new, new);
            if self.asked.who == Who::Link(link) && self.asked.resource == on {
                difference = difference.without(CapabilitySet::one(self.asked.capability));
            }
            let kinds = [difference.gained, difference.lost, difference.changed];
            for ((count, capabilities), touched) in self.counts.iter_mut().zip(kinds).zip(&mut touched) {
                if !capabilities.is_empty() {
                    count.rights += capabilities.len() as u64;
                    count.capabilities = count.capabilities | capabilities;
                    count.resources.insert(on);
                    touched.insert(link);
                }
            }
        }
        for (count, touched) in self.counts.iter_mut().zip(touched) {
            count.subjects += touched.len() as u64;
        }
    }
}

fn held_of(right: &Right) -> CapabilitySet {
    right.allow_when.iter().fold(right.allow, |all, item| all | item.capabilities)
}

fn between(old: &OrgRights, before: &Right, new: &OrgRights, after: &Right) -> Difference {
    let (a, b) = (held_of(before), held_of(after));
    let both = a & b;
    let other = |capability: &usize| conditions(old, before, *capability) != conditions(new, after, *capability);
    let changed = both.iter().filter(other).map(CapabilitySet::one).collect();
    Difference { gained: b.without(a), lost: a.without(b), changed }
}

/// The conditions of one capability as tables write them, which do not depend on the numbers of one policy.
fn conditions<'r>(
    rights: &'r OrgRights,
    right: &Right,
    capability: usize,
) -> (Vec<&'r format::Condition<'static>>, Vec<&'r format::Condition<'static>>) {
    let written = |when: &[crate::effective::CondIx]| when.iter().map(|c| rights.conditions.written(*c)).collect();
    let denied = right.deny_when.iter().find(|item| item.capabilities.has(capability));
    (
        written(right.alternatives(capability).unwrap_or_default()),
        written(denied.map(|item| &item.when[..]).unwrap_or_default()),
    )
}
