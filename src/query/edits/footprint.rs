//! Whom and what a change can touch at most: so that its effect is looked for there, and not in the whole policy.

use std::collections::BTreeSet;

use super::Change;
use crate::effective::{OrgRights, ResourceClassIx};
use crate::graph::{Resource, ResourceIx};
use crate::model::{GrantIx, Index as _, RoleIx, RoleRef, UserIx};
use crate::query::unmet::Bearer;

/// Users and resources; all of them where it is `None`.
#[derive(Debug, Default)]
pub(super) struct Footprint {
    pub(super) users: Option<BTreeSet<UserIx>>,
    pub(super) resources: Option<BTreeSet<ResourceIx>>,
}

/// What changes from `old` to `new` can touch.
pub(super) fn footprint(changes: &[Change], old: &OrgRights, new: &OrgRights) -> Footprint {
    let mut all = Footprint { users: Some(BTreeSet::new()), resources: Some(BTreeSet::new()) };
    for change in changes {
        let one = of_change(change, old, new);
        all.users = joined(all.users, one.users);
        all.resources = joined(all.resources, one.resources);
    }
    all
}

fn joined<T: Ord>(a: Option<BTreeSet<T>>, b: Option<BTreeSet<T>>) -> Option<BTreeSet<T>> {
    let mut both = a?;
    both.extend(b?);
    Some(both)
}

fn of_change(change: &Change, old: &OrgRights, new: &OrgRights) -> Footprint {
    match change {
        Change::Grant { .. } | Change::Deny { .. } => of_grants(&[GrantIx::new(old.org.grants.len())], old, new),
        Change::Name(grant, _)
        | Change::Except(grant, _)
        | Change::Unexcept(grant, _)
        | Change::Allow(grant, _)
        | Change::Reach(grant, _)
        | Change::Spare(grant, _)
        | Change::Unspare(grant, _)
        | Change::Kind(grant, _)
        | Change::DropKinds(grant)
        | Change::DropOnly(grant)
        | Change::DropReadOnly(grant)
        | Change::Enable(grant)
        | Change::Disable(grant)
        | Change::Accept(grant) => of_grants(&[*grant], old, new),
        Change::Keep(role, _) => {
            let with_role = old.org.grants.iter().filter(|(_, grant)| names_role(old, &grant.roles, *role));
            of_grants(&with_role.map(|(index, _)| index).collect::<Vec<_>>(), old, new)
        }
        Change::Join(_, user) | Change::Leave(_, user) => of_user(*user, old),
        Change::EnableUser(user) | Change::DisableUser(user) => of_user(*user, old),
        Change::From(bearer, _)
        | Change::Until(bearer, _)
        | Change::DropSchedule(bearer)
        | Change::Address(bearer, _) => match bearer {
            Bearer::User(user) => of_user(*user, old),
            Bearer::Team(team) => {
                Footprint { users: Some(old.graph.inheritance.users_of(&old.org, *team)), resources: None }
            }
            Bearer::Grant(grant) => of_grants(&[*grant], old, new),
            Bearer::Link(_) => nothing(),
        },
        Change::Gather(device, _) | Change::Include(device) | Change::Exclude(device) => {
            of_resources(old, [Resource::Device(*device)])
        }
        Change::IncludePlace(place) => {
            let below = |resource: &Resource| {
                std::iter::successors(Some(*resource), |at| match at {
                    Resource::Device(device) => old.org.devices[*device].place.map(Resource::Place),
                    Resource::Place(place) => old.org.places[*place].parent.map(Resource::Place),
                    _ => None,
                })
                .any(|at| at == Resource::Place(*place))
            };
            let devices = old.org.devices.indices().map(Resource::Device).filter(below);
            of_resources(old, devices)
        }
        Change::Share(recorder) => {
            let recorder = Resource::Recorder(*recorder);
            let devices = old.graph.containment.devices_of(recorder).map(Resource::Device);
            of_resources(old, devices.chain([recorder]))
        }
        Change::Disown(user, owned) => {
            let resources = match owned {
                Resource::Org => None,
                owned => {
                    let devices = old.graph.containment.devices_of(*owned).map(Resource::Device);
                    of_resources(old, devices.chain([*owned])).resources
                }
            };
            Footprint { users: Some([*user].into()), resources }
        }
        Change::EnableLink(_) | Change::LinkDevice(..) | Change::LinkAllow(..) => nothing(),
    }
}

/// Links are compared by themselves.
fn nothing() -> Footprint {
    Footprint { users: Some(BTreeSet::new()), resources: Some(BTreeSet::new()) }
}

fn of_user(user: UserIx, rights: &OrgRights) -> Footprint {
    let users = rights.graph.inheritance.equals[user].iter().copied().collect();
    Footprint { users: Some(users), resources: None }
}

fn of_resources(rights: &OrgRights, resources: impl IntoIterator<Item = Resource>) -> Footprint {
    let resources = resources.into_iter().map(|resource| rights.graph.containment.index(resource)).collect();
    Footprint { users: None, resources: Some(resources) }
}

/// Those to whom grants come, and what they reach, before and after.
fn of_grants(grants: &[GrantIx], old: &OrgRights, new: &OrgRights) -> Footprint {
    let (mut users, mut resources) = (BTreeSet::new(), BTreeSet::new());
    for rights in [old, new] {
        let mut classes: BTreeSet<ResourceClassIx> = BTreeSet::new();
        for (class, subjects) in rights.statements.classes.iter() {
            for (grant, reached) in rights.statements.applying(class) {
                if grants.contains(&grant) {
                    users.extend(&subjects.members);
                    classes.extend(reached);
                }
            }
        }
        resources.extend(classes.into_iter().flat_map(|class| &rights.resources.classes[class].members));
    }
    Footprint { users: Some(users), resources: Some(resources) }
}

fn names_role(rights: &OrgRights, roles: &[(RoleRef, crate::source::Span)], wanted: RoleIx) -> bool {
    let declared = |roles: &[(RoleRef, crate::source::Span)]| -> Vec<RoleIx> {
        let roles = roles.iter().filter_map(|(role, _)| match role {
            RoleRef::Declared(role) => Some(*role),
            RoleRef::BuiltIn(_) => None,
        });
        roles.collect()
    };
    let mut seen = BTreeSet::new();
    let mut open = declared(roles);
    while let Some(role) = open.pop() {
        if seen.insert(role) {
            open.extend(declared(&rights.org.roles[role].extends));
        }
    }
    seen.contains(&wanted)
}
