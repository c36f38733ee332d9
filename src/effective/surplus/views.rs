//! Views: where a grant or denial counts although the table does not show it, since whether a layout or device group
//! may be shown rests on it (`semantics §5`).

use std::collections::{BTreeMap, HashMap, HashSet};

use rustc_hash::FxBuildHasher;

use super::needs::Marks;
use crate::effective::OrgRights;
use crate::effective::condition::Conditions;
use crate::effective::coverage::{Gathering, gatherings};
use crate::effective::resources::ResourceClassIx;
use crate::effective::search::in_both;
use crate::effective::statements::SubjectClassIx;
use crate::effective::targets::TargetIx;
use crate::vocabulary::{CapabilitySet, vocabulary};

/// The layouts and device groups of an organisation.
#[derive(Debug)]
pub(super) struct Views<'r> {
    rights: &'r OrgRights,
    by_class: HashMap<ResourceClassIx, Vec<Gathering>, FxBuildHasher>,
    /// Of the classes in a target those with layouts or device groups.
    in_target: HashMap<TargetIx, Box<[ResourceClassIx]>, FxBuildHasher>,
    /// `layout.view` and `device_group.view`.
    opens: CapabilitySet,
    watch: CapabilitySet,
}

impl<'r> Views<'r> {
    pub(super) fn new(rights: &'r OrgRights) -> Views<'r> {
        let mut by_class: HashMap<ResourceClassIx, Vec<Gathering>, FxBuildHasher> = HashMap::default();
        for gathering in gatherings(rights) {
            by_class.entry(gathering.class).or_default().push(gathering);
        }
        let opens = by_class.values().flatten().map(|gathering| CapabilitySet::one(gathering.view)).collect();
        let watch = vocabulary().number("live.view").map(CapabilitySet::one).unwrap_or_default();
        Views { rights, by_class, in_target: HashMap::default(), opens, watch }
    }

    /// Of a row, the cells where more counts than their right.
    pub(super) fn marks(&mut self, subjects: SubjectClassIx) -> HashMap<ResourceClassIx, Marks, FxBuildHasher> {
        let mut marks: HashMap<ResourceClassIx, Marks, FxBuildHasher> = HashMap::default();
        let mut denied_views: Vec<(ResourceClassIx, CapabilitySet, &Gathering)> = Vec::new();
        let opened = self.opened(subjects);
        for (class, (granted, denied)) in opened {
            for gathering in self.by_class.get(&class).into_iter().flatten() {
                let view = CapabilitySet::one(gathering.view);
                if (granted & view).is_empty() {
                    continue;
                }
                if (denied & view).is_empty() {
                    for (device, _) in &gathering.devices {
                        marks.entry(*device).or_default().granted = self.watch;
                    }
                } else {
                    denied_views.push((class, view, gathering));
                }
            }
        }
        if !denied_views.is_empty() {
            let devices = denied_views.iter().flat_map(|(.., gathering)| &gathering.devices).map(|(device, _)| *device);
            let watched = self.watched(subjects, devices.collect());
            for (class, view, gathering) in denied_views {
                if !gathering.devices.iter().all(|(device, _)| watched.contains(device)) {
                    let marks = marks.entry(class).or_default();
                    marks.denied = marks.denied | view;
                }
            }
        }
        marks
    }

    /// Which views of layouts and device groups are granted, and which are denied without a condition.
    fn opened(&mut self, subjects: SubjectClassIx) -> BTreeMap<ResourceClassIx, (CapabilitySet, CapabilitySet)> {
        let statements = &self.rights.statements;
        let by_class = &self.by_class;
        let mut opened: BTreeMap<ResourceClassIx, (CapabilitySet, CapabilitySet)> = BTreeMap::new();
        for (index, set) in &statements.classes[subjects].statements {
            let stated = &statements.all[*index];
            let opens = stated.capabilities & self.opens;
            if opens.is_empty() || (stated.denial && !statements.set(*set).contains(&Conditions::ALWAYS)) {
                continue;
            }
            let in_target = self.in_target.entry(stated.target).or_insert_with(|| {
                let reached = statements.reached(stated).iter();
                reached.filter(|class| by_class.contains_key(class)).copied().collect()
            });
            for class in in_target.iter() {
                let (granted, denied) = opened.entry(*class).or_default();
                let side = if stated.denial { denied } else { granted };
                *side = *side | opens;
            }
        }
        opened
    }

    /// Of some devices those that are watched "under some condition" (`semantics §5`): owned, or granted and not denied
    /// without one.
    fn watched(
        &self,
        subjects: SubjectClassIx,
        mut devices: Vec<ResourceClassIx>,
    ) -> HashSet<ResourceClassIx, FxBuildHasher> {
        devices.sort_unstable();
        devices.dedup();
        let statements = &self.rights.statements;
        let class = &statements.classes[subjects];
        let (mut watched, mut denied) = (HashSet::default(), HashSet::<ResourceClassIx, FxBuildHasher>::default());
        for (index, set) in &class.statements {
            let stated = &statements.all[*index];
            if (stated.capabilities & self.watch).is_empty() {
                continue;
            }
            let reached = in_both(&devices, statements.reached(stated));
            if !stated.denial {
                watched.extend(reached);
            } else if statements.set(*set).contains(&Conditions::ALWAYS) {
                denied.extend(reached);
            }
        }
        watched.retain(|device| !denied.contains(device));
        watched.extend(class.owner.and_then(|owner| self.rights.resources.owned.get(&owner)).into_iter().flatten());
        watched
    }
}
