//! Where a grant applies, as expressions over `resource` (`semantics §1`).

use std::collections::BTreeSet;

use super::names::Names;
use super::text::{Uid, any, in_one, list, quoted};
use crate::model::{Grant, Org, Scope};
use crate::vocabulary::{CapabilityClass, CapabilitySet, ResourceKind, vocabulary};

/// What some scopes reach together.
#[derive(Debug, Default)]
pub(super) struct Reach {
    /// All that is in one of these.
    inside: BTreeSet<Uid>,
    /// And what else is reached.
    beside: Vec<String>,
}

impl Reach {
    pub(super) fn of(scopes: impl Iterator<Item = Scope>, denial: bool, names: &Names<'_>) -> Reach {
        let mut reach = Reach::default();
        let mut beside = BTreeSet::new();
        for scope in scopes {
            match scope {
                // everything is in its organisation
                Scope::All if denial => reach.inside.extend([names.org()]),
                Scope::All => {
                    beside.insert(format!("resource in {} && !(resource is Org)", names.org()));
                }
                Scope::Org => {
                    beside.insert(format!("resource is Org && resource == {}", names.org()));
                }
                Scope::Unassigned => reach.inside.extend([names.device_set("unassigned")]),
                Scope::Place(place) => reach.inside.extend([names.place(place)]),
                Scope::Device(device) => reach.inside.extend([names.device(device)]),
                Scope::DeviceGroup(group) => reach.inside.extend([names.device_group(group)]),
                Scope::Layout(layout) => {
                    reach.inside.extend([names.layout(layout), names.devices_of_layout(layout)]);
                }
                Scope::Recorder(recorder) => reach.inside.extend([names.recorder(recorder)]),
            }
        }
        reach.beside = beside.into_iter().collect();
        reach
    }

    /// The one entity in which all of it is, where there is one: then it can stand in a policy's head.
    pub(super) fn single(&self) -> Option<&Uid> {
        if self.inside.len() == 1 && self.beside.is_empty() { self.inside.first() } else { None }
    }

    pub(super) fn text(&self) -> String {
        let inside = (!self.inside.is_empty()).then(|| in_one("resource", &self.inside));
        any(inside.into_iter().chain(self.beside.iter().cloned()))
    }
}

/// What `kinds` and `only` leave, each as an expression.
pub(super) fn narrowed(grant: &Grant, org: &Org, names: &Names<'_>) -> Vec<String> {
    let mut all = Vec::new();
    if let Some(kinds) = &grant.kinds {
        let kinds: BTreeSet<&str> = kinds.iter().map(|(kind, _)| kind.name()).collect();
        let kinds = list(kinds.into_iter().map(quoted));
        all.push(format!("resource is Device && {kinds}.contains(resource.kind)"));
    }
    if let Some(only) = &grant.only {
        // a device group is in itself
        let mut kept: BTreeSet<Uid> = only.iter().map(|(group, _)| names.device_group(*group)).collect();
        if grant.denial {
            all.push(in_one("resource", &kept));
        } else {
            kept.extend(org.ungrouped_visible.then(|| names.device_set("ungrouped")));
            let seen = r#"resource is Recorder && action in [Action::"class:operate", Action::"class:view"]"#;
            all.push(any([in_one("resource", &kept), seen.to_owned()]));
        }
    }
    all
}

/// Of a grant's capabilities those that apply to anything that it may reach, whatever there is.
pub(super) fn applicable(grant: &Grant, org: &Org, capabilities: CapabilitySet) -> CapabilitySet {
    use ResourceKind::{Device, DeviceGroup, Group, Layout, Org as Organisation, Recorder, Site};
    let mut kinds: BTreeSet<ResourceKind> = BTreeSet::new();
    for (scope, _) in &grant.scope {
        match scope {
            Scope::Org => kinds.extend([Organisation]),
            Scope::Unassigned | Scope::Device(_) => kinds.extend([Device]),
            Scope::All => {
                kinds.extend(ResourceKind::ALL.into_iter().filter(|kind| grant.denial || *kind != Organisation));
            }
            Scope::Place(place) if org.places[*place].parent.is_none() => {
                kinds.extend([Site, Group, Device, Layout]);
            }
            Scope::Place(_) => kinds.extend([Group, Device, Layout]),
            Scope::DeviceGroup(_) => kinds.extend([DeviceGroup, Device]),
            Scope::Layout(_) => kinds.extend([Layout, Device]),
            Scope::Recorder(_) => kinds.extend([Recorder, Device, Layout]),
        }
    }
    if grant.kinds.is_some() {
        kinds.retain(|kind| *kind == Device);
    }
    if grant.only.is_some() {
        kinds.retain(|kind| matches!(kind, Device | DeviceGroup) || (*kind == Recorder && !grant.denial));
    }
    let seen = vocabulary().of_class(CapabilityClass::View) | vocabulary().of_class(CapabilityClass::Operate);
    let of_kind = kinds.into_iter().map(|kind| {
        let all = capabilities & vocabulary().of_kind(kind);
        if kind == Recorder && grant.only.is_some() { all & seen } else { all }
    });
    of_kind.collect()
}
