//! Every list of a policy in which names of one section stand together.

use crate::model::{
    At, DeviceGroupIx, DeviceIx, LayoutIx, NetworkIx, Org, PlaceIx, RecorderIx, RoleIx, RoleRef, Scope, Subject,
    TeamIx, UserIx,
};

/// The sections whose names stand in lists.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Section {
    User,
    Team,
    Role,
    Place,
    Device,
    DeviceGroup,
    Layout,
    Recorder,
    Network,
}

/// A declared thing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Name {
    pub section: Section,
    number: u32,
}

impl Section {
    /// The word for messages.
    pub(super) fn word(self) -> &'static str {
        match self {
            Section::User => "user",
            Section::Team => "team",
            Section::Role => "role",
            Section::Place => "place",
            Section::Device => "device",
            Section::DeviceGroup => "device group",
            Section::Layout => "layout",
            Section::Recorder => "recorder",
            Section::Network => "network",
        }
    }
}

impl Name {
    /// Its id; of a place, its path.
    pub(super) fn id(self, org: &Org) -> &str {
        let number = self.number;
        match self.section {
            Section::User => &org.users[UserIx(number)].id,
            Section::Team => &org.teams[TeamIx(number)].id,
            Section::Role => &org.roles[RoleIx(number)].id,
            Section::Place => &org.places[PlaceIx(number)].path,
            Section::Device => &org.devices[DeviceIx(number)].id,
            Section::DeviceGroup => &org.device_groups[DeviceGroupIx(number)].id,
            Section::Layout => &org.layouts[LayoutIx(number)].id,
            Section::Recorder => &org.recorders[RecorderIx(number)].id,
            Section::Network => &org.networks[NetworkIx(number)].id,
        }
    }
}

fn subject(subject: &Subject) -> Option<Name> {
    match subject {
        Subject::User(user) => Some(Name { section: Section::User, number: user.0 }),
        Subject::Team(team) => Some(Name { section: Section::Team, number: team.0 }),
        Subject::Everyone => None,
    }
}

fn role(role: &RoleRef) -> Option<Name> {
    match role {
        RoleRef::Declared(role) => Some(Name { section: Section::Role, number: role.0 }),
        RoleRef::BuiltIn(_) => None,
    }
}

fn scope(scope: &Scope) -> Option<Name> {
    let (section, number) = match scope {
        Scope::Place(place) => (Section::Place, place.0),
        Scope::Device(device) => (Section::Device, device.0),
        Scope::DeviceGroup(group) => (Section::DeviceGroup, group.0),
        Scope::Layout(layout) => (Section::Layout, layout.0),
        Scope::Recorder(recorder) => (Section::Recorder, recorder.0),
        Scope::Org | Scope::Unassigned | Scope::All => return None,
    };
    Some(Name { section, number })
}

/// All lists, each with the names in it, in the order of the declarations.
pub(super) fn lists(org: &Org) -> Vec<Vec<At<Name>>> {
    fn names<T>(items: &[At<T>], name: impl Fn(&T) -> Option<Name>) -> Vec<At<Name>> {
        items.iter().filter_map(|(item, at)| Some((name(item)?, *at))).collect()
    }
    let user = |user: &UserIx| Some(Name { section: Section::User, number: user.0 });
    let device = |device: &DeviceIx| Some(Name { section: Section::Device, number: device.0 });
    let group = |group: &DeviceGroupIx| Some(Name { section: Section::DeviceGroup, number: group.0 });
    let network = |network: &NetworkIx| Some(Name { section: Section::Network, number: network.0 });
    let mut lists = vec![names(&org.owners, user)];
    lists.extend(org.recorders.iter().map(|(_, recorder)| names(&recorder.owners, user)));
    lists.extend(org.devices.iter().map(|(_, device)| names(&device.owners, user)));
    lists.extend(org.teams.iter().map(|(_, team)| names(&team.members, subject)));
    lists.extend(org.roles.iter().map(|(_, declared)| names(&declared.extends, role)));
    lists.extend(org.devices.iter().map(|(_, device)| names(&device.device_groups, group)));
    lists.extend(org.device_groups.iter().map(|(_, group)| names(&group.devices, device)));
    lists.extend(org.layouts.iter().map(|(_, layout)| names(&layout.devices, device)));
    for (_, grant) in org.grants.iter() {
        lists.extend([names(&grant.to, subject), names(&grant.except, subject), names(&grant.roles, role)]);
        lists.extend([names(&grant.scope, scope), names(&grant.except_scope, scope)]);
        lists.extend(grant.only.iter().map(|only| names(only, group)));
    }
    lists.extend(org.links.iter().map(|(_, link)| names(&link.devices, device)));
    lists.extend(org.network_lists.iter().map(|list| names(list, network)));
    lists
}
