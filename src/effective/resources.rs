//! Resources in classes of equal standing: what no grant can tell apart is computed once.
//!
//! Two resources have the same standing when they are of one kind, lie in the same scopes that some grant names, are
//! let through by the same `only`, are barred or not, and have the same owners.

use std::collections::HashMap;

use rustc_hash::FxHashMap;

use crate::graph::{Containment, Graph, Resource, ResourceIx};
use crate::model::{Arena, At, DeviceGroupIx, DeviceIx, DeviceKind, Index, LayoutIx, Org, PlaceIx, Scope, UserIx};
use crate::vocabulary::ResourceKind;

/// A class of resources, by number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ResourceClassIx(pub u32);

impl Index for ResourceClassIx {
    fn new(number: usize) -> ResourceClassIx {
        ResourceClassIx(number as u32)
    }

    fn number(self) -> usize {
        self.0 as usize
    }
}

/// What the members of a class have in common.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Standing {
    /// The kind of resource.
    pub kind: ResourceKind,
    /// Of devices, what they are.
    pub device: Option<DeviceKind>,
    /// The named scopes that reach it, ascending; `all` and `org` aside.
    pub scopes: Vec<Scope>,
    /// The device groups by which an `only` lets it through.
    pub only: Vec<DeviceGroupIx>,
    /// Whether it is a device without any device group.
    pub ungrouped: bool,
    /// Whether it is kept from everybody but owners: an excluded device, or something of a recorder that shares nothing.
    pub barred: bool,
    /// Who owns it, owners of the organisation aside, ascending.
    pub owners: Vec<UserIx>,
}

impl Standing {
    fn new(kind: ResourceKind) -> Standing {
        let (scopes, only, owners) = (Vec::new(), Vec::new(), Vec::new());
        Standing { kind, device: None, scopes, only, ungrouped: false, barred: false, owners }
    }

    /// That of a resource of this kind of which nothing else is known.
    fn clear(&mut self, kind: ResourceKind) {
        let Standing { kind: old, device, scopes, only, ungrouped, barred, owners } = self;
        *old = kind;
        *device = None;
        (*ungrouped, *barred) = (false, false);
        scopes.clear();
        only.clear();
        owners.clear();
    }

    /// Whether the `only` of a grant lets it through although it is in no group of those named.
    pub(super) fn passes_without_group(&self, org: &Org) -> bool {
        (self.ungrouped && org.ungrouped_visible) || self.kind == ResourceKind::Recorder
    }
}

/// A class of resources.
#[derive(Clone, Debug)]
pub struct ResourceClass {
    /// What they have in common.
    pub standing: Standing,
    /// Its members, ascending.
    pub members: Vec<ResourceIx>,
}

/// The resources of an organisation, in classes.
#[derive(Debug)]
pub struct Resources {
    /// The classes.
    pub classes: Arena<ResourceClassIx, ResourceClass>,
    /// The class of each resource.
    pub class_of: Arena<ResourceIx, ResourceClassIx>,
    /// For each named scope the classes that it reaches, ascending.
    pub reached: FxHashMap<Scope, Vec<ResourceClassIx>>,
    /// For each owner the classes that it owns, owners of the organisation aside.
    pub owned: FxHashMap<UserIx, Vec<ResourceClassIx>>,
}

/// What grants name, and so what standing has to tell apart.
struct Named {
    resources: Arena<ResourceIx, bool>,
    unassigned: bool,
    only: Arena<DeviceGroupIx, bool>,
}

impl Named {
    fn by_grants(org: &Org, containment: &Containment) -> Named {
        let mut named = Named {
            resources: containment.resources().map(|_| false).collect(),
            unassigned: false,
            only: org.device_groups.iter().map(|_| false).collect(),
        };
        for (_, grant) in org.grants.iter() {
            for (scope, _) in grant.scope.iter().chain(&grant.except_scope) {
                match Resource::of_scope(*scope) {
                    Some(resource) => named.resources[containment.index(resource)] = true,
                    None => named.unassigned |= *scope == Scope::Unassigned,
                }
            }
            grant.only.iter().flatten().for_each(|(group, _)| named.only[*group] = true);
        }
        named
    }
}

impl Resources {
    pub(super) fn new(org: &Org, graph: &Graph) -> Resources {
        let standings = Standings::new(org, &graph.containment);
        let mut resources = Resources {
            classes: Arena::default(),
            class_of: Arena::default(),
            reached: FxHashMap::default(),
            owned: FxHashMap::default(),
        };
        let mut numbers: HashMap<Standing, ResourceClassIx> = HashMap::new();
        let mut standing = Standing::new(ResourceKind::Org);
        for (index, resource) in graph.containment.resources() {
            standings.describe(resource, &mut standing);
            let known = if standings.stands_alone(index, resource) { None } else { numbers.get(&standing).copied() };
            let class = known.unwrap_or_else(|| {
                let class = resources.classes.add(ResourceClass { standing: standing.clone(), members: Vec::new() });
                if !standings.stands_alone(index, resource) {
                    numbers.insert(standing.clone(), class);
                }
                class
            });
            resources.classes[class].members.push(index);
            resources.class_of.add(class);
        }
        for (class, ResourceClass { standing, .. }) in resources.classes.iter() {
            for scope in &standing.scopes {
                resources.reached.entry(*scope).or_default().push(class);
            }
            for owner in &standing.owners {
                resources.owned.entry(*owner).or_default().push(class);
            }
        }
        resources
    }
}

/// Tells the standing of each resource, from what many of them share: the named scopes of a place, the named layouts of
/// a device.
struct Standings<'r> {
    org: &'r Org,
    containment: &'r Containment,
    named: Named,
    /// For each place the named scopes that reach what is in it: it and those above.
    of_place: Arena<PlaceIx, Vec<Scope>>,
    /// For each device the named layouts that show it.
    layouts: Arena<DeviceIx, Vec<LayoutIx>>,
}

impl<'r> Standings<'r> {
    fn new(org: &'r Org, containment: &'r Containment) -> Standings<'r> {
        let named = Named::by_grants(org, containment);
        let mut of_place: Arena<PlaceIx, Vec<Scope>> = Arena::default();
        // a place stands behind the one that it is in
        for (index, place) in org.places.iter() {
            let mut scopes = place.parent.map(|parent| of_place[parent].clone()).unwrap_or_default();
            if named.resources[containment.index(Resource::Place(index))] {
                scopes.push(Scope::Place(index));
            }
            of_place.add(scopes);
        }
        let mut layouts: Arena<DeviceIx, Vec<LayoutIx>> = org.devices.iter().map(|_| Vec::new()).collect();
        for (index, layout) in org.layouts.iter() {
            if named.resources[containment.index(Resource::Layout(index))] {
                layout.devices.iter().for_each(|(device, _)| layouts[*device].push(index));
            }
        }
        Standings { org, containment, named, of_place, layouts }
    }

    /// Whether no other resource can have its standing: it is named itself, and nothing of its kind is below it.
    fn stands_alone(&self, index: ResourceIx, resource: Resource) -> bool {
        !matches!(resource, Resource::Place(_)) && self.named.resources[index]
    }

    /// Writes the standing of a resource over another one, whose lists are used again.
    fn describe(&self, resource: Resource, standing: &mut Standing) {
        let Standings { org, containment, named, .. } = self;
        standing.clear(resource.kind(org));
        let Standing { scopes, owners, .. } = standing;
        let mut in_place = |place: Option<PlaceIx>| {
            scopes.extend(place.into_iter().flat_map(|place| &self.of_place[place]));
        };
        let users = |owners: &'r [At<UserIx>]| owners.iter().map(|(user, _)| *user);
        match resource {
            Resource::Org => {}
            Resource::Place(place) => in_place(Some(place)),
            Resource::Device(device) => {
                let declared = &org.devices[device];
                let recorder = containment.recorder_of[device];
                let groups = &containment.groups_of[device];
                in_place(declared.place);
                if declared.place.is_none() && named.unassigned {
                    scopes.push(Scope::Unassigned);
                }
                let holders = groups.iter().map(|group| Resource::DeviceGroup(*group));
                let holders = holders.chain(recorder.map(Resource::Recorder));
                let holders = holders.filter(|holder| named.resources[containment.index(*holder)]);
                scopes.extend(holders.map(Resource::scope));
                scopes.extend(self.layouts[device].iter().map(|layout| Scope::Layout(*layout)));
                owners.extend(users(&declared.owners));
                owners.extend(recorder.iter().flat_map(|recorder| users(&org.recorders[*recorder].owners)));
                standing.only.extend(groups.iter().filter(|group| named.only[**group]));
                standing.device = Some(declared.kind);
                standing.ungrouped = groups.is_empty() && !declared.exclude;
                standing.barred =
                    containment.excluded[device] || recorder.is_some_and(|recorder| !org.recorders[recorder].sharing);
            }
            Resource::DeviceGroup(group) => standing.only.extend(Some(group).filter(|group| named.only[*group])),
            Resource::Layout(layout) => {
                let declared = &org.layouts[layout];
                in_place(declared.place);
                let recorder = declared.recorder.map(Resource::Recorder);
                let recorder = recorder.filter(|recorder| named.resources[containment.index(*recorder)]);
                scopes.extend(recorder.map(Resource::scope));
            }
            Resource::Recorder(recorder) => {
                let declared = &org.recorders[recorder];
                owners.extend(users(&declared.owners));
                standing.barred = !declared.sharing;
            }
        }
        if self.stands_alone(containment.index(resource), resource) {
            standing.scopes.push(resource.scope());
        }
        standing.scopes.sort_unstable();
        standing.scopes.dedup();
        standing.owners.sort_unstable();
        standing.owners.dedup();
    }
}
