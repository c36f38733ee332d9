//! How a grant reaches a resource: from the scope through what holds it (`semantics §1`).

use super::each_once;
use crate::effective::OrgRights;
use crate::graph::{Line, Resource};
use crate::model::{At, DeviceGroupIx, PlaceIx, RecorderIx, Scope};
use crate::source::Span;

/// By what a resource lies in another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lies {
    /// A group in a place, a device or layout in a place.
    In,
    /// A recorder records the device: the device says so, or this place, the nearest that names a recorder.
    Recorded(Option<PlaceIx>),
    /// A layout belongs to a recorder.
    Belongs,
    /// A device is a member of a device group.
    Member,
    /// A layout shows a device.
    Shown,
}

/// A step from a scope towards a resource.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ResourceStep {
    /// What holds.
    pub holder: Resource,
    /// What is held.
    pub held: Resource,
    /// By what.
    pub lies: Lies,
    /// Where that is said.
    pub place: Span,
}

/// How a grant reaches a resource.
#[derive(Clone, Debug)]
pub struct ResourceRoute {
    /// The scope.
    pub scope: Scope,
    /// The item of the grant's `scope` or `except_scope`.
    pub place: Span,
    /// From the scope to the resource; none where the scope is the resource, `all`, `org` or `unassigned`.
    pub steps: Vec<ResourceStep>,
}

/// The routes by which a list of scopes reaches a resource, one for each that does; `denial`: whether `all` has the
/// organisation in it.
#[must_use]
pub(crate) fn resource_routes(
    rights: &OrgRights,
    resource: Resource,
    scopes: &[(Scope, Span)],
    denial: bool,
) -> Vec<ResourceRoute> {
    let route = |(scope, place): &(Scope, Span)| {
        let steps = steps_from(rights, *scope, resource, denial)?;
        Some(ResourceRoute { scope: *scope, place: *place, steps })
    };
    each_once(scopes).iter().filter_map(route).collect()
}

fn steps_from(rights: &OrgRights, scope: Scope, resource: Resource, denial: bool) -> Option<Vec<ResourceStep>> {
    let org = &rights.org;
    let holder = match scope {
        Scope::All => return (denial || resource != Resource::Org).then(Vec::new),
        Scope::Org => return (resource == Resource::Org).then(Vec::new),
        Scope::Unassigned => {
            let unplaced = matches!(resource, Resource::Device(device) if org.devices[device].place.is_none());
            return unplaced.then(Vec::new);
        }
        Scope::Place(place) => Resource::Place(place),
        Scope::Device(device) => Resource::Device(device),
        Scope::DeviceGroup(group) => Resource::DeviceGroup(group),
        Scope::Layout(layout) => Resource::Layout(layout),
        Scope::Recorder(recorder) => Resource::Recorder(recorder),
    };
    if holder == resource {
        return Some(Vec::new());
    }
    if let Resource::Place(_) = holder {
        return from_place(rights, holder, resource);
    }
    let containment = &rights.graph.containment;
    let (_, line) = containment.holders(resource).find(|(above, _)| *above == holder)?;
    let (lies, place) = said(rights, holder, resource, line);
    Some(vec![ResourceStep { holder, held: resource, lies, place }])
}

/// Up from the resource, place by place, to the one that is the scope.
fn from_place(rights: &OrgRights, scope: Resource, resource: Resource) -> Option<Vec<ResourceStep>> {
    let containment = &rights.graph.containment;
    let mut steps = Vec::new();
    let mut held = resource;
    while held != scope {
        let (holder, line) = containment.holders(held).find(|(_, line)| *line == Line::Place)?;
        let (lies, place) = said(rights, holder, held, line);
        steps.push(ResourceStep { holder, held, lies, place });
        held = holder;
    }
    steps.reverse();
    Some(steps)
}

/// By what one resource lies in another, and where that is said.
fn said(rights: &OrgRights, holder: Resource, held: Resource, line: Line) -> (Lies, Span) {
    let org = &rights.org;
    let key = |device, key: &str| {
        let device: &crate::model::Device = &org.devices[device];
        device.keys.at(key).unwrap_or(device.span)
    };
    match (line, holder, held) {
        (Line::Recorder, _, Resource::Device(device)) if org.devices[device].recorder.is_some() => {
            (Lies::Recorded(None), key(device, "recorder"))
        }
        (Line::Recorder, Resource::Recorder(recorder), Resource::Device(device)) => {
            let naming = naming_place(rights, org.devices[device].place, recorder);
            let place = naming.map(|place| &org.places[place]);
            let at = place.map_or(org.devices[device].span, |place| place.keys.at("recorder").unwrap_or(place.span));
            (Lies::Recorded(naming), at)
        }
        (Line::DeviceGroup, Resource::DeviceGroup(group), Resource::Device(device)) => (Lies::Member, {
            let listed = org.device_groups[group].devices.iter().find(|(listed, _)| *listed == device);
            listed.map_or_else(|| key(device, "device_groups"), |(_, place)| *place)
        }),
        (Line::Layout, Resource::Layout(layout), Resource::Device(device)) => (Lies::Shown, {
            let listed = org.layouts[layout].devices.iter().find(|(listed, _)| *listed == device);
            listed.map_or(org.layouts[layout].span, |(_, place)| *place)
        }),
        (line, _, held) => {
            let lies = if line == Line::Recorder { Lies::Belongs } else { Lies::In };
            (lies, span_of(rights, held, if lies == Lies::In { "in" } else { "recorder" }))
        }
    }
}

/// The nearest place from `place` up that names a recorder, which is this one.
fn naming_place(rights: &OrgRights, place: Option<PlaceIx>, recorder: RecorderIx) -> Option<PlaceIx> {
    let org = &rights.org;
    std::iter::successors(place, |place| org.places[*place].parent)
        .find(|place| org.places[*place].recorder == Some(recorder))
}

/// Where a resource is declared, or where it has a key.
#[must_use]
pub(crate) fn span_of(rights: &OrgRights, resource: Resource, key: &str) -> Span {
    let org = &rights.org;
    match resource {
        Resource::Org => org.span,
        Resource::Place(place) => org.places[place].keys.at(key).unwrap_or(org.places[place].span),
        Resource::Device(device) => org.devices[device].keys.at(key).unwrap_or(org.devices[device].span),
        Resource::DeviceGroup(group) => org.device_groups[group].span,
        Resource::Layout(layout) => org.layouts[layout].span,
        Resource::Recorder(recorder) => org.recorders[recorder].keys.at(key).unwrap_or(org.recorders[recorder].span),
    }
}

/// The device groups through which a device passes an `only`.
#[must_use]
pub(crate) fn groups_in_only(rights: &OrgRights, resource: Resource, only: &[At<DeviceGroupIx>]) -> Vec<DeviceGroupIx> {
    match resource {
        Resource::Device(device) => {
            let groups = &rights.graph.containment.groups_of[device];
            groups.iter().copied().filter(|group| only.iter().any(|(one, _)| one == group)).collect()
        }
        Resource::DeviceGroup(group) => only.iter().map(|(one, _)| *one).filter(|one| *one == group).take(1).collect(),
        _ => Vec::new(),
    }
}
