//! Views: where a grant or denial counts although the table does not show it, since whether a layout or device group
//! may be shown rests on it (`semantics §5`).

use std::collections::{BTreeMap, HashMap};

use rustc_hash::FxBuildHasher;

use super::needs::Marks;
use crate::effective::OrgRights;
use crate::effective::condition::Conditions;
use crate::effective::coverage::{Gathering, gatherings};
use crate::effective::resources::ResourceClassIx;
use crate::effective::statements::SubjectClassIx;
use crate::vocabulary::{CapabilitySet, vocabulary};

/// The layouts and device groups of an organisation.
#[derive(Debug)]
pub(super) struct Views<'r> {
    rights: &'r OrgRights,
    by_class: HashMap<ResourceClassIx, Vec<Gathering>, FxBuildHasher>,
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
        Views { rights, by_class, opens, watch }
    }

    /// Of a row, the cells where more counts than their right.
    pub(super) fn marks(&self, subjects: SubjectClassIx) -> HashMap<ResourceClassIx, Marks, FxBuildHasher> {
        let mut marks: HashMap<ResourceClassIx, Marks, FxBuildHasher> = HashMap::default();
        for (class, (granted, denied)) in self.opened(subjects) {
            for gathering in self.by_class.get(&class).into_iter().flatten() {
                let view = CapabilitySet::one(gathering.view);
                if (granted & view).is_empty() {
                    continue;
                }
                if (denied & view).is_empty() {
                    for (device, _) in &gathering.devices {
                        marks.entry(*device).or_default().granted = self.watch;
                    }
                } else if !gathering.devices.iter().all(|(device, _)| self.is_watched(subjects, *device)) {
                    let marks = marks.entry(class).or_default();
                    marks.denied = marks.denied | view;
                }
            }
        }
        marks
    }

    /// Which views of layouts and device groups are granted, and which are denied without a condition.
    fn opened(&self, subjects: SubjectClassIx) -> BTreeMap<ResourceClassIx, (CapabilitySet, CapabilitySet)> {
        let statements = &self.rights.statements;
        let mut opened: BTreeMap<ResourceClassIx, (CapabilitySet, CapabilitySet)> = BTreeMap::new();
        for (index, set) in &statements.classes[subjects].statements {
            let stated = &statements.all[*index];
            let opens = stated.capabilities & self.opens;
            if opens.is_empty() || (stated.denial && !statements.set(*set).contains(&Conditions::ALWAYS)) {
                continue;
            }
            for class in statements.reached(stated).iter().filter(|class| self.by_class.contains_key(class)) {
                let (granted, denied) = opened.entry(*class).or_default();
                let side = if stated.denial { denied } else { granted };
                *side = *side | opens;
            }
        }
        opened
    }

    /// "Under some condition" (`semantics §5`): granted, and not denied without one.
    fn is_watched(&self, subjects: SubjectClassIx, device: ResourceClassIx) -> bool {
        let statements = &self.rights.statements;
        let class = &statements.classes[subjects];
        let owned = class.owner.and_then(|owner| self.rights.resources.owned.get(&owner));
        if owned.is_some_and(|owned| owned.binary_search(&device).is_ok()) {
            return true;
        }
        let mut granted = false;
        for (index, set) in &class.statements {
            let stated = &statements.all[*index];
            let watches = !(stated.capabilities & self.watch).is_empty();
            if !watches || statements.reached(stated).binary_search(&device).is_err() {
                continue;
            }
            if stated.denial && statements.set(*set).contains(&Conditions::ALWAYS) {
                return false;
            }
            granted |= !stated.denial;
        }
        granted
    }
}
