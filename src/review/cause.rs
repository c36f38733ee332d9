//! Which declaration a change of rights is reported at: the change that speaks of it most closely. It decides where a
//! finding stands, never whether there is one.

use std::collections::{BTreeMap, BTreeSet};

use super::standing::{Standing, Subject};
use crate::declared::{Change, Declared, Kind};
use crate::diff::Version;
use crate::effective::OrgRights;
use crate::graph::{Resource, ResourceIx};
use crate::source::{FileId, Span};

/// Where a declaration stands.
type Place = (FileId, u32);

fn place(span: Span) -> Place {
    (span.file, span.start)
}

/// The declarations that differ, as they are looked for.
pub(super) struct Causes<'d> {
    was: &'d OrgRights,
    is: &'d OrgRights,
    /// By the place of the old and of the new declaration.
    at: [BTreeMap<Place, usize>; 2],
    by_id: BTreeMap<(Kind, &'d str), usize>,
    kinds: BTreeMap<Kind, Vec<usize>>,
    /// What each grant says, by its place; its id, its name and its reason aside.
    said: [BTreeMap<Place, String>; 2],
}

impl<'d> Causes<'d> {
    pub(super) fn new(
        was: &'d OrgRights,
        is: &'d OrgRights,
        changes: &[Change<'d>],
        [old, new]: [&'d Declared; 2],
    ) -> Causes<'d> {
        let said = |declared: &'d Declared| -> BTreeMap<Place, String> {
            let grants = declared.orgs.get(&was.org.id).into_iter().flatten().filter(|one| one.kind == Kind::Grant);
            let counts = |field: &str| !["id", "name", "reason"].contains(&field);
            grants.map(|one| (place(one.span), one.says(counts))).collect()
        };
        let mut causes = Causes {
            was,
            is,
            at: Default::default(),
            by_id: BTreeMap::new(),
            kinds: BTreeMap::new(),
            said: [said(old), said(new)],
        };
        let [at_old, at_new] = &mut causes.at;
        for (number, change) in changes.iter().enumerate() {
            at_old.extend(change.old.map(|one| (place(one.span), number)));
            at_new.extend(change.new.map(|one| (place(one.span), number)));
            for one in change.old.into_iter().chain(change.new) {
                causes.by_id.extend(one.id.as_deref().map(|id| ((one.kind, id), number)));
            }
            causes.kinds.entry(change.kind()).or_default().push(number);
        }
        causes
    }

    /// What the grant at a place says.
    pub(super) fn said(&self, version: Version, span: Span) -> Option<String> {
        let [old, new] = &self.said;
        let side = if version == Version::Old { old } else { new };
        side.get(&place(span)).cloned()
    }

    /// The change of which a right is best told to come; none where none is known.
    pub(super) fn of(&self, subject: &Subject, resource: &Standing, capability: usize) -> Option<usize> {
        let [old, new] = &self.at;
        self.by_grant(self.is, subject.class().is, resource.new_class, capability, new)
            .or_else(|| self.by_grant(self.was, subject.class().was, resource.old_class, capability, old))
            .or_else(|| self.by_subject(subject))
            .or_else(|| self.by_resource(self.is, resource.is))
            .or_else(|| self.by_resource(self.was, resource.was))
            .or_else(|| {
                let order = [
                    Kind::Role,
                    Kind::Schedule,
                    Kind::Network,
                    Kind::Team,
                    Kind::User,
                    Kind::Link,
                    Kind::Grant,
                    Kind::DeviceGroup,
                    Kind::Layout,
                    Kind::Site,
                    Kind::Group,
                    Kind::Recorder,
                    Kind::Device,
                    Kind::Org,
                    Kind::Test,
                ];
                order.iter().find_map(|kind| self.kinds.get(kind)?.first().copied())
            })
    }

    /// A grant or denial that changed and speaks of the right.
    fn by_grant(
        &self,
        rights: &OrgRights,
        subject: Option<crate::effective::SubjectClassIx>,
        resource: Option<crate::effective::ResourceClassIx>,
        capability: usize,
        at: &BTreeMap<Place, usize>,
    ) -> Option<usize> {
        let (subject, resource) = (subject?, resource?);
        let kind = rights.resources.classes[resource].standing.kind;
        let mut coming = rights.statements.coming(subject);
        coming.find_map(|(index, statement, _)| {
            let number = at.get(&place(rights.org.grants[statement.grant].span))?;
            rights.statements.capabilities_on(index, resource, kind).has(capability).then_some(*number)
        })
    }

    /// The user, or a team of it, or its link, where that changed.
    fn by_subject(&self, subject: &Subject) -> Option<usize> {
        let user = subject.new_user.map(|user| (self.is, user)).or(subject.user.map(|user| (self.was, user)));
        if let Some((rights, user)) = user {
            let known = self.by_id.get(&(Kind::User, &*rights.org.users[user].id));
            if known.is_some() {
                return known.copied();
            }
        }
        let changed: BTreeSet<usize> = self.kinds.get(&Kind::Team).into_iter().flatten().copied().collect();
        let sides = [(self.is, subject.new_user, &self.at[1]), (self.was, subject.user, &self.at[0])];
        sides.into_iter().find_map(|(rights, user, at)| {
            let user = user?;
            let mut teams = rights.org.teams.iter().filter_map(|(index, team)| {
                Some((index, *at.get(&place(team.span)).filter(|number| changed.contains(number))?))
            });
            teams.find_map(|(team, number)| {
                let users = rights.graph.inheritance.users_of(&rights.org, team);
                users.contains(&user).then_some(number)
            })
        })
    }

    /// The change of which something that is said of an old resource is best told to come.
    pub(super) fn of_resource(&self, resource: ResourceIx) -> Option<usize> {
        let name = self.was.graph.containment.resource(resource).text(&self.was.org);
        let mut new = self.is.graph.containment.resources();
        let new = new.find(|(_, one)| one.text(&self.is.org) == name).map(|(index, _)| index);
        self.by_resource(self.is, new).or_else(|| self.by_resource(self.was, Some(resource)))
    }

    /// The first user that changed.
    pub(super) fn of_users(&self) -> Option<usize> {
        self.kinds.get(&Kind::User)?.first().copied()
    }

    /// The resource, or what is above it, where that changed.
    fn by_resource(&self, rights: &OrgRights, resource: Option<ResourceIx>) -> Option<usize> {
        let containment = &rights.graph.containment;
        let resource = containment.resource(resource?);
        let org = &rights.org;
        let declared = |resource: Resource| match resource {
            Resource::Org => (Kind::Org, org.id.to_string()),
            Resource::Place(place) => {
                let kind = if org.places[place].parent.is_none() { Kind::Site } else { Kind::Group };
                (kind, org.places[place].path.to_string())
            }
            Resource::Device(device) => (Kind::Device, org.devices[device].id.to_string()),
            Resource::DeviceGroup(group) => (Kind::DeviceGroup, org.device_groups[group].id.to_ascii_lowercase()),
            Resource::Layout(layout) => (Kind::Layout, org.layouts[layout].id.to_string()),
            Resource::Recorder(recorder) => (Kind::Recorder, org.recorders[recorder].id.to_string()),
        };
        let mut all = [resource].into_iter().chain(containment.above(resource));
        all.find_map(|one| {
            let (kind, id) = declared(one);
            self.by_id.get(&(kind, id.as_str())).copied()
        })
    }
}
