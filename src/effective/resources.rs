//! Resources in classes of equal standing: what no grant can tell apart is computed once.
//!
//! Two resources have the same standing when they are of one kind, lie in the same scopes that some grant names, are
//! let through by the same `only`, are barred or not, and have the same owners.

use std::collections::{BTreeSet, HashMap};

use crate::graph::{Graph, Resource, ResourceIx};
use crate::model::{Arena, DeviceGroupIx, DeviceKind, Index, Org, Scope, UserIx};
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
    pub reached: HashMap<Scope, Vec<ResourceClassIx>>,
    /// For each owner the classes that it owns, owners of the organisation aside.
    pub owned: HashMap<UserIx, Vec<ResourceClassIx>>,
}

/// What grants name, and so what standing has to tell apart.
struct Named {
    scopes: BTreeSet<Scope>,
    only: BTreeSet<DeviceGroupIx>,
}

impl Named {
    fn by_grants(org: &Org) -> Named {
        let mut named = Named { scopes: BTreeSet::new(), only: BTreeSet::new() };
        for (_, grant) in org.grants.iter() {
            named.scopes.extend(grant.scope.iter().chain(&grant.except_scope).map(|(scope, _)| *scope));
            named.only.extend(grant.only.iter().flatten().map(|(group, _)| *group));
        }
        named
    }
}

impl Resources {
    pub(super) fn new(org: &Org, graph: &Graph) -> Resources {
        let named = Named::by_grants(org);
        let mut resources = Resources {
            classes: Arena::default(),
            class_of: Arena::default(),
            reached: HashMap::new(),
            owned: HashMap::new(),
        };
        let mut numbers: HashMap<Standing, ResourceClassIx> = HashMap::new();
        for (index, resource) in graph.containment.resources() {
            let standing = standing(org, graph, resource, &named);
            let class = *numbers.entry(standing).or_insert_with_key(|standing| {
                resources.classes.add(ResourceClass { standing: standing.clone(), members: Vec::new() })
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

fn standing(org: &Org, graph: &Graph, resource: Resource, named: &Named) -> Standing {
    let containment = &graph.containment;
    let mut scopes: Vec<Scope> = containment.above(resource).into_iter().map(Resource::scope).collect();
    scopes.push(resource.scope());
    let mut standing = Standing {
        kind: resource.kind(org),
        device: None,
        scopes: Vec::new(),
        only: Vec::new(),
        ungrouped: false,
        barred: false,
        owners: Vec::new(),
    };
    let users = |owners: &[(UserIx, crate::source::Span)]| owners.iter().map(|(user, _)| *user).collect::<Vec<_>>();
    match resource {
        Resource::Device(device) => {
            let declared = &org.devices[device];
            if declared.place.is_none() {
                scopes.push(Scope::Unassigned);
            }
            let recorder = containment.recorder_of[device];
            let groups = &containment.groups_of[device];
            standing.device = Some(declared.kind);
            standing.only = groups.iter().copied().filter(|group| named.only.contains(group)).collect();
            standing.ungrouped = groups.is_empty() && !declared.exclude;
            standing.barred =
                containment.excluded[device] || recorder.is_some_and(|recorder| !org.recorders[recorder].sharing);
            standing.owners = users(&declared.owners);
            standing.owners.extend(recorder.iter().flat_map(|recorder| users(&org.recorders[*recorder].owners)));
        }
        Resource::DeviceGroup(group) => {
            standing.only = Some(group).filter(|g| named.only.contains(g)).into_iter().collect()
        }
        Resource::Recorder(recorder) => {
            standing.barred = !org.recorders[recorder].sharing;
            standing.owners = users(&org.recorders[recorder].owners);
        }
        Resource::Org | Resource::Place(_) | Resource::Layout(_) => {}
    }
    standing.owners.sort_unstable();
    standing.owners.dedup();
    scopes.retain(|scope| named.scopes.contains(scope));
    scopes.sort_unstable();
    scopes.dedup();
    standing.scopes = scopes;
    standing
}
