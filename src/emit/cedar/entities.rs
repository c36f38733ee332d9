//! The entities as JSON: users, teams, links, resources, actions, each with what it is in.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use super::names::Names;
use super::teams::Teams;
use super::text::Uid;
use crate::graph::{Graph, Resource};
use crate::model::{At, DeviceIx, Org, UserIx};

/// Entities by uid: attributes, and what each is in.
pub(super) type Entities = BTreeMap<Uid, (Value, BTreeSet<Uid>)>;

/// The JSON of all entities, one a line.
pub(super) fn written(entities: &Entities) -> String {
    let uid = |uid: &Uid| json!({ "type": uid.kind, "id": uid.id });
    let lines: Vec<String> = entities
        .iter()
        .map(|(own, (attributes, parents))| {
            let parents: Vec<Value> = parents.iter().map(uid).collect();
            json!({ "uid": uid(own), "attrs": attributes, "parents": parents }).to_string()
        })
        .collect();
    format!("[\n{}\n]\n", lines.join(",\n"))
}

/// Actions, with the groups that they are in: an engine that is given no schema needs them.
pub(super) fn actions(hierarchy: &BTreeMap<Uid, BTreeSet<Uid>>, all: &mut Entities) {
    all.extend(hierarchy.iter().map(|(action, groups)| (action.clone(), (json!({}), groups.clone()))));
}

/// Everybody and everything of an organisation.
pub(super) fn of_org(org: &Org, graph: &Graph, teams: &Teams<'_>, names: &Names<'_>, all: &mut Entities) {
    all.extend(teams.parents().iter().map(|(uid, parents)| (uid.clone(), (json!({}), parents.clone()))));
    for (index, _) in org.users.iter().filter(|(_, user)| user.disabled == Some(true)) {
        if let Some((attributes, _)) = all.get_mut(&names.user(index)) {
            *attributes = json!({ "disabled": true });
        }
    }
    for link in org.links.indices() {
        all.insert(names.link(link), (json!({}), BTreeSet::new()));
    }
    for set in ["exclude", "unassigned", "ungrouped"] {
        all.insert(names.device_set(set), (json!({}), BTreeSet::new()));
    }
    for layout in org.layouts.indices() {
        all.insert(names.devices_of_layout(layout), (json!({}), BTreeSet::new()));
    }
    for (_, resource) in graph.containment.resources() {
        let mut attributes = json!({ "owners": owners(org, graph, resource, names) });
        let mut parents: BTreeSet<Uid> = graph
            .containment
            .holders(resource)
            .map(|(holder, _)| match holder {
                Resource::Layout(layout) => names.devices_of_layout(layout),
                holder => names.resource(holder),
            })
            .collect();
        let below_a_place = matches!(resource, Resource::Place(place) if org.places[place].parent.is_some());
        if resource != Resource::Org && !below_a_place {
            parents.insert(names.org());
        }
        if let Resource::Device(device) = resource {
            attributes["kind"] = json!(org.devices[device].kind.name());
            parents.extend(sets_of(org, graph, device, names));
        }
        all.insert(names.resource(resource), (attributes, parents));
    }
}

/// The sets of a device that no other resource stands for.
fn sets_of(org: &Org, graph: &Graph, device: DeviceIx, names: &Names<'_>) -> Vec<Uid> {
    let declared = &org.devices[device];
    let ungrouped = graph.containment.groups_of[device].is_empty() && !declared.exclude;
    let sets = [("unassigned", declared.place.is_none()), ("exclude", declared.exclude), ("ungrouped", ungrouped)];
    sets.into_iter().filter(|(_, is_in)| *is_in).map(|(set, _)| names.device_set(set)).collect()
}

/// Who owns a resource (`semantics §4`, rule 1).
fn owners(org: &Org, graph: &Graph, resource: Resource, names: &Names<'_>) -> Vec<Value> {
    let mut owners: BTreeSet<UserIx> = BTreeSet::new();
    let mut add = |named: &[At<UserIx>]| owners.extend(named.iter().map(|(user, _)| *user));
    add(&org.owners);
    match resource {
        Resource::Device(device) => {
            add(&org.devices[device].owners);
            graph.containment.recorder_of[device].iter().for_each(|recorder| add(&org.recorders[*recorder].owners));
        }
        Resource::Recorder(recorder) => add(&org.recorders[recorder].owners),
        Resource::Org | Resource::Place(_) | Resource::DeviceGroup(_) | Resource::Layout(_) => {}
    }
    let owners: BTreeSet<Uid> = owners.into_iter().map(|user| names.user(user)).collect();
    owners.iter().map(|user| json!({ "__entity": { "type": user.kind, "id": user.id } })).collect()
}
