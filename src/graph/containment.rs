//! What lies below what: the resources of an organisation as a graph, an edge from each to what it holds directly.
//!
//! Reach follows lines and does not chain across them (`semantics §1`): from a site through groups to devices and
//! layouts, from a recorder, device group or layout one step.

use std::collections::HashMap;

use petgraph::Direction;
use petgraph::graph::{DiGraph, NodeIndex};
use petgraph::visit::EdgeRef;

use crate::model::{Arena, DeviceGroupIx, DeviceIx, Index as _, LayoutIx, Org, PlaceIx, RecorderIx, Scope};
use crate::vocabulary::ResourceKind;

/// A resource of an organisation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Resource {
    /// The organisation itself.
    Org,
    /// A site or group.
    Place(PlaceIx),
    /// A device.
    Device(DeviceIx),
    /// A device group.
    DeviceGroup(DeviceGroupIx),
    /// A layout.
    Layout(LayoutIx),
    /// A recorder.
    Recorder(RecorderIx),
}

/// A resource by number: the node of the graph.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ResourceIx(pub u32);

impl crate::model::Index for ResourceIx {
    fn new(number: usize) -> ResourceIx {
        ResourceIx(number as u32)
    }

    fn number(self) -> usize {
        self.0 as usize
    }
}

/// By which line one resource holds another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Line {
    /// A site or group holds its groups, devices and layouts.
    Place,
    /// A recorder holds its devices and layouts.
    Recorder,
    /// A device group holds its members.
    DeviceGroup,
    /// A layout holds its devices.
    Layout,
}

/// The graph, with what follows from it for each device.
#[derive(Clone, Debug)]
pub struct Containment {
    graph: DiGraph<Resource, Line>,
    first_device: usize,
    first_device_group: usize,
    first_layout: usize,
    first_recorder: usize,
    /// What records each device: its own recorder, or that of the nearest place above that names one.
    pub recorder_of: Arena<DeviceIx, Option<RecorderIx>>,
    /// The device groups of each device, ascending, each once.
    pub groups_of: Arena<DeviceIx, Vec<DeviceGroupIx>>,
    /// Whether each device is excluded.
    pub excluded: Arena<DeviceIx, bool>,
}

pub(super) fn build(org: &Org) -> Containment {
    let mut graph = DiGraph::new();
    graph.add_node(Resource::Org);
    for place in org.places.indices() {
        graph.add_node(Resource::Place(place));
    }
    let first_device = graph.node_count();
    for device in org.devices.indices() {
        graph.add_node(Resource::Device(device));
    }
    let first_device_group = graph.node_count();
    for group in org.device_groups.indices() {
        graph.add_node(Resource::DeviceGroup(group));
    }
    let first_layout = graph.node_count();
    for layout in org.layouts.indices() {
        graph.add_node(Resource::Layout(layout));
    }
    let first_recorder = graph.node_count();
    for recorder in org.recorders.indices() {
        graph.add_node(Resource::Recorder(recorder));
    }

    let (recorder_of_place, place_excludes) = inherited_by_places(org);
    let mut groups_of: Arena<DeviceIx, Vec<DeviceGroupIx>> =
        org.devices.iter().map(|(_, device)| device.device_groups.iter().map(|(group, _)| *group).collect()).collect();
    for (index, group) in org.device_groups.iter() {
        for (device, _) in &group.devices {
            groups_of[*device].push(index);
        }
    }
    for device in org.devices.indices() {
        groups_of[device].sort_unstable();
        groups_of[device].dedup();
    }
    let recorder_of = org
        .devices
        .iter()
        .map(|(_, device)| device.recorder.or_else(|| device.place.and_then(|place| recorder_of_place[place])))
        .collect();
    let excluded = org
        .devices
        .iter()
        .map(|(_, device)| device.exclude || device.place.is_some_and(|place| place_excludes[place]))
        .collect();
    let mut containment = Containment {
        graph,
        first_device,
        first_device_group,
        first_layout,
        first_recorder,
        recorder_of,
        groups_of,
        excluded,
    };
    containment.connect(org);
    containment
}

/// The recorder and the exclusion that hold in each place. A place stands behind the one that it is in.
fn inherited_by_places(org: &Org) -> (Arena<PlaceIx, Option<RecorderIx>>, Arena<PlaceIx, bool>) {
    let mut recorders: Arena<PlaceIx, Option<RecorderIx>> = Arena::default();
    let mut excludes: Arena<PlaceIx, bool> = Arena::default();
    for (_, place) in org.places.iter() {
        recorders.add(place.recorder.or_else(|| place.parent.and_then(|parent| recorders[parent])));
        excludes.add(place.exclude || place.parent.is_some_and(|parent| excludes[parent]));
    }
    (recorders, excludes)
}

impl Containment {
    fn connect(&mut self, org: &Org) {
        let mut edges: Vec<(Resource, Resource, Line)> = Vec::new();
        for (index, place) in org.places.iter() {
            let child = Resource::Place(index);
            edges.extend(place.parent.map(|parent| (Resource::Place(parent), child, Line::Place)));
        }
        for (index, device) in org.devices.iter() {
            let child = Resource::Device(index);
            edges.extend(device.place.map(|place| (Resource::Place(place), child, Line::Place)));
            edges.extend(self.recorder_of[index].map(|recorder| (Resource::Recorder(recorder), child, Line::Recorder)));
            edges.extend(self.groups_of[index].iter().map(|g| (Resource::DeviceGroup(*g), child, Line::DeviceGroup)));
        }
        for (index, layout) in org.layouts.iter() {
            let this = Resource::Layout(index);
            edges.extend(layout.place.map(|place| (Resource::Place(place), this, Line::Place)));
            edges.extend(layout.recorder.map(|recorder| (Resource::Recorder(recorder), this, Line::Recorder)));
            let mut devices: Vec<DeviceIx> = layout.devices.iter().map(|(device, _)| *device).collect();
            devices.sort_unstable();
            devices.dedup();
            edges.extend(devices.into_iter().map(|device| (this, Resource::Device(device), Line::Layout)));
        }
        for (from, to, line) in edges {
            let (from, to) = (self.node(from), self.node(to));
            self.graph.add_edge(from, to, line);
        }
    }

    fn node(&self, resource: Resource) -> NodeIndex {
        NodeIndex::new(self.index(resource).number())
    }

    /// The number of a resource.
    #[must_use]
    pub fn index(&self, resource: Resource) -> ResourceIx {
        let number = match resource {
            Resource::Org => 0,
            Resource::Place(place) => 1 + place.number(),
            Resource::Device(device) => self.first_device + device.number(),
            Resource::DeviceGroup(group) => self.first_device_group + group.number(),
            Resource::Layout(layout) => self.first_layout + layout.number(),
            Resource::Recorder(recorder) => self.first_recorder + recorder.number(),
        };
        ResourceIx::new(number)
    }

    /// The resource with a number.
    #[must_use]
    pub fn resource(&self, index: ResourceIx) -> Resource {
        self.graph[NodeIndex::new(index.number())]
    }

    /// All resources, by number.
    pub fn resources(&self) -> impl Iterator<Item = (ResourceIx, Resource)> + '_ {
        self.graph.node_weights().enumerate().map(|(number, resource)| (ResourceIx::new(number), *resource))
    }

    /// All resources by what tables call them.
    #[must_use]
    pub fn by_name(&self, org: &Org) -> HashMap<String, ResourceIx> {
        self.resources().map(|(index, resource)| (resource.text(org), index)).collect()
    }

    /// What holds a resource directly, and by which line.
    pub fn holders(&self, resource: Resource) -> impl Iterator<Item = (Resource, Line)> + '_ {
        let edges = self.graph.edges_directed(self.node(resource), Direction::Incoming);
        edges.map(|edge| (self.graph[edge.source()], *edge.weight()))
    }

    /// What a resource holds directly, by its line.
    pub fn held(&self, resource: Resource) -> impl Iterator<Item = (Resource, Line)> + '_ {
        self.graph.edges(self.node(resource)).map(|edge| (self.graph[edge.target()], *edge.weight()))
    }

    /// Everything that reaches a resource: what holds it, and for places all the places above.
    #[must_use]
    pub fn above(&self, resource: Resource) -> Vec<Resource> {
        let mut above: Vec<Resource> = self.holders(resource).map(|(holder, _)| holder).collect();
        let mut at = above.iter().copied().find(|holder| matches!(holder, Resource::Place(_)));
        while let Some(place) = at {
            at = self.holders(place).map(|(holder, _)| holder).next();
            above.extend(at);
        }
        above
    }

    /// The devices that a layout or device group gathers, or a recorder records.
    pub fn devices_of(&self, resource: Resource) -> impl Iterator<Item = DeviceIx> + '_ {
        self.held(resource).filter_map(|(held, _)| match held {
            Resource::Device(device) => Some(device),
            _ => None,
        })
    }
}

impl Resource {
    /// The scope that names it.
    #[must_use]
    pub fn scope(self) -> Scope {
        match self {
            Resource::Org => Scope::Org,
            Resource::Place(place) => Scope::Place(place),
            Resource::Device(device) => Scope::Device(device),
            Resource::DeviceGroup(group) => Scope::DeviceGroup(group),
            Resource::Layout(layout) => Scope::Layout(layout),
            Resource::Recorder(recorder) => Scope::Recorder(recorder),
        }
    }

    /// What a scope names; none where it is `all` or `unassigned`.
    #[must_use]
    pub fn of_scope(scope: Scope) -> Option<Resource> {
        match scope {
            Scope::All | Scope::Unassigned => None,
            Scope::Org => Some(Resource::Org),
            Scope::Place(place) => Some(Resource::Place(place)),
            Scope::Device(device) => Some(Resource::Device(device)),
            Scope::DeviceGroup(group) => Some(Resource::DeviceGroup(group)),
            Scope::Layout(layout) => Some(Resource::Layout(layout)),
            Scope::Recorder(recorder) => Some(Resource::Recorder(recorder)),
        }
    }

    /// Its kind, as capabilities apply to kinds.
    #[must_use]
    pub fn kind(self, org: &Org) -> ResourceKind {
        match self {
            Resource::Org => ResourceKind::Org,
            Resource::Place(place) if org.places[place].parent.is_none() => ResourceKind::Site,
            Resource::Place(_) => ResourceKind::Group,
            Resource::Device(_) => ResourceKind::Device,
            Resource::DeviceGroup(_) => ResourceKind::DeviceGroup,
            Resource::Layout(_) => ResourceKind::Layout,
            Resource::Recorder(_) => ResourceKind::Recorder,
        }
    }

    /// As tables write it.
    #[must_use]
    pub fn text(self, org: &Org) -> String {
        let mut text = String::new();
        self.write(org, &mut text);
        text
    }

    /// Writes it as tables do.
    pub fn write(self, org: &Org, out: &mut String) {
        out.push_str(self.kind(org).name());
        let id: &str = match self {
            Resource::Org => return,
            Resource::Place(place) => &org.places[place].path,
            Resource::Device(device) => &org.devices[device].id,
            Resource::DeviceGroup(group) => &org.device_groups[group].id,
            Resource::Layout(layout) => &org.layouts[layout].id,
            Resource::Recorder(recorder) => &org.recorders[recorder].id,
        };
        out.push(':');
        out.push_str(id);
    }
}
