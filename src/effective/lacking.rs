//! Lacking: who holds one right on a device without another that belongs to it, and by which grants.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::OrgRights;
use super::resources::ResourceClassIx;
use super::rows::{Evaluator, RightIx};
use super::statements::SubjectClassIx;
use crate::graph::Resource;
use crate::model::{DeviceIx, GrantIx, UserIx};
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
    let mut evaluator = Evaluator::new(rights);
    let mut by_right: HashMap<RightIx, CapabilitySet> = HashMap::new();
    let mut found: BTreeMap<GrantIx, Found> = BTreeMap::new();
    for (subjects, class) in rights.statements.classes.iter() {
        let wanted = where_it_may_lack(rights, subjects, has, lacks, &devices);
        if class.owns_org || wanted.is_empty() {
            continue;
        }
        for (resource, right) in evaluator.row_on(subjects, |class| wanted.contains(&class)) {
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

/// Where a class of subjects could hold the one without the other: a grant that gives both never leaves one alone, unless
/// a denial takes it.
fn where_it_may_lack(
    rights: &OrgRights,
    subjects: SubjectClassIx,
    has: CapabilitySet,
    lacks: CapabilitySet,
    devices: &BTreeMap<ResourceClassIx, Vec<DeviceIx>>,
) -> BTreeSet<ResourceClassIx> {
    let statements = &rights.statements;
    if !statements.of_class(subjects).any(|statement| !statement.denial && !(statement.capabilities & has).is_empty()) {
        return BTreeSet::new();
    }
    let mut wanted = BTreeSet::new();
    for statement in statements.of_class(subjects) {
        let gives = !(statement.capabilities & has).is_empty();
        let names = !(statement.capabilities & lacks).is_empty();
        if if statement.denial { names } else { gives && !names } {
            wanted.extend(statements.reached(statement).iter().filter(|class| devices.contains_key(class)));
        }
    }
    wanted
}
