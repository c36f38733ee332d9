//! semantics §1: resources, and what lies below what.

use std::collections::BTreeSet;

use crate::model::{Grant, Org};

/// The kind of a resource, as a capability's `applies_to` writes it.
pub(crate) fn kind_of(resource: &str) -> &str {
    resource.split(':').next().unwrap_or_default()
}

/// semantics §1: the organisation, every site, group, device, device group, layout and recorder.
pub(crate) fn resources(org: &Org) -> BTreeSet<String> {
    let mut all = BTreeSet::from(["org".to_owned()]);
    all.extend(org.places.keys().map(|path| place_resource(path)));
    all.extend(org.devices.keys().map(|id| format!("device:{id}")));
    all.extend(org.device_groups.keys().map(|id| format!("device_group:{id}")));
    all.extend(org.layouts.keys().map(|id| format!("layout:{id}")));
    all.extend(org.recorders.keys().map(|id| format!("recorder:{id}")));
    all
}

/// A site is no group: a group's path has a slash.
pub(crate) fn place_resource(path: &str) -> String {
    if path.contains('/') { format!("group:{path}") } else { format!("site:{path}") }
}

/// Whether `path` is `top`, or a group in it to any depth.
fn is_in(path: &str, top: &str) -> bool {
    path == top || path.strip_prefix(top).is_some_and(|rest| rest.starts_with('/'))
}

/// The place itself, and those above it, nearest first.
pub(crate) fn place_and_above(path: &str) -> Vec<&str> {
    let mut all = vec![path];
    let mut rest = path;
    while let Some((above, _)) = rest.rsplit_once('/') {
        all.push(above);
        rest = above;
    }
    all
}

/// semantics §1: the recorder that the device names, or that the nearest place above it names.
pub(crate) fn recorder_of(org: &Org, device: &str) -> Option<String> {
    let device = org.devices.get(device)?;
    if device.recorder.is_some() {
        return device.recorder.clone();
    }
    let place = device.place.as_deref()?;
    place_and_above(place).iter().find_map(|path| org.places.get(*path)?.recorder.clone())
}

/// semantics §1: every device group that the device names or that lists it; `exclude` among them.
pub(crate) fn groups(org: &Org, device: &str) -> BTreeSet<String> {
    let mut all = org.devices.get(device).map(|one| one.device_groups.clone()).unwrap_or_default();
    all.extend(org.device_groups.iter().filter(|(_, devices)| devices.contains(device)).map(|(id, _)| id.clone()));
    all
}

/// The devices of a device group.
pub(crate) fn members(org: &Org, group: &str) -> BTreeSet<String> {
    org.devices.keys().filter(|device| groups(org, device).contains(group)).cloned().collect()
}

/// semantics §1: excluded when `exclude` is among its groups or a place above it has `exclude: true`.
pub(crate) fn is_excluded(org: &Org, device: &str) -> bool {
    let place = org.devices.get(device).and_then(|one| one.place.as_deref());
    groups(org, device).contains("exclude")
        || place.is_some_and(|path| {
            place_and_above(path).iter().any(|above| org.places.get(*above).is_some_and(|one| one.exclude))
        })
}

/// semantics §1: ungrouped when it has no device group at all (`exclude` counts as one).
fn is_ungrouped(org: &Org, device: &str) -> bool {
    groups(org, device).is_empty()
}

/// semantics §4, rule 2: an excluded device, or a recorder (or a device of one) with `sharing: false`.
pub(crate) fn is_barred(org: &Org, resource: &str) -> bool {
    let unshared = |recorder: &str| org.recorders.get(recorder).is_some_and(|one| !one.sharing);
    if let Some(device) = resource.strip_prefix("device:") {
        is_excluded(org, device) || recorder_of(org, device).is_some_and(|recorder| unshared(&recorder))
    } else {
        resource.strip_prefix("recorder:").is_some_and(unshared)
    }
}

/// semantics §1: `reach(scope)`.
pub(crate) fn reach(org: &Org, scope: &str, denial: bool) -> BTreeSet<String> {
    let mut all = BTreeSet::new();
    match scope.split_once(':') {
        None if scope == "org" => {
            all.insert("org".to_owned());
        }
        None if scope == "unassigned" => {
            let without = org.devices.iter().filter(|(_, device)| device.place.is_none());
            all.extend(without.map(|(id, _)| format!("device:{id}")));
        }
        None => {
            all = resources(org);
            if !denial {
                all.remove("org");
            }
        }
        Some(("site" | "group", top)) => {
            let within = |place: &Option<String>| place.as_deref().is_some_and(|path| is_in(path, top));
            all.extend(org.places.keys().filter(|path| is_in(path, top)).map(|path| place_resource(path)));
            let devices = org.devices.iter().filter(|(_, device)| within(&device.place));
            all.extend(devices.map(|(id, _)| format!("device:{id}")));
            let layouts = org.layouts.iter().filter(|(_, layout)| within(&layout.place));
            all.extend(layouts.map(|(id, _)| format!("layout:{id}")));
        }
        Some(("recorder", id)) => {
            all.insert(scope.to_owned());
            let devices = org.devices.keys().filter(|device| recorder_of(org, device).as_deref() == Some(id));
            all.extend(devices.map(|device| format!("device:{device}")));
            let layouts = org.layouts.iter().filter(|(_, layout)| layout.recorder.as_deref() == Some(id));
            all.extend(layouts.map(|(layout, _)| format!("layout:{layout}")));
        }
        Some(("device_group", id)) => {
            all.insert(scope.to_owned());
            all.extend(members(org, id).iter().map(|device| format!("device:{device}")));
        }
        Some(("layout", id)) => {
            all.insert(scope.to_owned());
            let devices = org.layouts.get(id).map(|layout| layout.devices.clone()).unwrap_or_default();
            all.extend(devices.iter().map(|device| format!("device:{device}")));
        }
        Some(_) => {
            all.insert(scope.to_owned());
        }
    }
    all
}

/// semantics §1: `⋃ reach(scope) ∖ ⋃ reach(except_scope)`, and with `kinds` only the devices of those kinds.
pub(crate) fn grant_reach(org: &Org, grant: &Grant) -> BTreeSet<String> {
    let together = |scopes: &[String]| -> BTreeSet<String> {
        scopes.iter().flat_map(|scope| reach(org, scope, grant.is_denial())).collect()
    };
    let mut all: BTreeSet<String> = &together(&grant.scope) - &together(&grant.except_scope);
    if let Some(kinds) = &grant.kinds {
        all.retain(|resource| {
            let device = resource.strip_prefix("device:").and_then(|id| org.devices.get(id));
            device.is_some_and(|device| kinds.contains(&device.kind))
        });
    }
    all
}

/// semantics §1: what `only` keeps, of a grant and of a denial. `class` is the class of the capability in question.
pub(crate) fn passes_only(org: &Org, grant: &Grant, resource: &str, class: &str) -> bool {
    let Some(only) = &grant.only else { return true };
    match resource.split_once(':') {
        Some(("device", id)) => {
            let of_one = !groups(org, id).is_disjoint(only);
            of_one || (!grant.is_denial() && org.ungrouped_visible && is_ungrouped(org, id))
        }
        Some(("device_group", id)) => only.contains(id),
        Some(("recorder", _)) => !grant.is_denial() && matches!(class, "view" | "operate"),
        _ => false,
    }
}
