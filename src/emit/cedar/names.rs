//! What things are called in Cedar: the uid of each, and where several organisations are written, whose it is.

use super::text::Uid;
use crate::graph::Resource;
use crate::model::UserIx;
use crate::model::{DeviceGroupIx, DeviceIx, LayoutIx, LinkIx, Org, PlaceIx, RecorderIx, RoleRef, ScheduleIx, TeamIx};

/// The names of one organisation.
#[derive(Clone, Copy, Debug)]
pub(super) struct Names<'m> {
    org: &'m Org,
    /// Whether ids begin with the organisation's.
    several: bool,
}

impl<'m> Names<'m> {
    pub(super) fn new(org: &'m Org, several: bool) -> Names<'m> {
        Names { org, several }
    }

    /// An id, within its organisation. No declared id has a colon.
    pub(super) fn id(&self, id: &str) -> String {
        if self.several { format!("{}:{id}", self.org.id) } else { id.to_owned() }
    }

    pub(super) fn org(&self) -> Uid {
        Uid::new("Org", &*self.org.id)
    }

    pub(super) fn user(&self, user: UserIx) -> Uid {
        Uid::new("User", self.id(&self.org.users[user].id))
    }

    pub(super) fn team(&self, team: TeamIx) -> Uid {
        Uid::new("Team", self.id(&self.org.teams[team].id))
    }

    /// The team of all users. No declared team has this name.
    pub(super) fn everyone(&self) -> Uid {
        Uid::new("Team", self.id("everyone"))
    }

    pub(super) fn link(&self, link: LinkIx) -> Uid {
        Uid::new("Link", self.id(&self.org.links[link].id))
    }

    pub(super) fn place(&self, place: PlaceIx) -> Uid {
        let declared = &self.org.places[place];
        Uid::new(if declared.parent.is_none() { "Site" } else { "Group" }, self.id(&declared.path))
    }

    pub(super) fn device(&self, device: DeviceIx) -> Uid {
        Uid::new("Device", self.id(&self.org.devices[device].id))
    }

    pub(super) fn device_group(&self, group: DeviceGroupIx) -> Uid {
        Uid::new("DeviceGroup", self.id(&self.org.device_groups[group].id))
    }

    pub(super) fn layout(&self, layout: LayoutIx) -> Uid {
        Uid::new("Layout", self.id(&self.org.layouts[layout].id))
    }

    pub(super) fn recorder(&self, recorder: RecorderIx) -> Uid {
        Uid::new("Recorder", self.id(&self.org.recorders[recorder].id))
    }

    pub(super) fn resource(&self, resource: Resource) -> Uid {
        match resource {
            Resource::Org => self.org(),
            Resource::Place(place) => self.place(place),
            Resource::Device(device) => self.device(device),
            Resource::DeviceGroup(group) => self.device_group(group),
            Resource::Layout(layout) => self.layout(layout),
            Resource::Recorder(recorder) => self.recorder(recorder),
        }
    }

    /// Devices that are gathered without being a resource together.
    pub(super) fn device_set(&self, name: &str) -> Uid {
        Uid::new("DeviceSet", self.id(name))
    }

    /// The devices of a layout. They are not in the layout itself: what reaches a layout as such would reach them.
    pub(super) fn devices_of_layout(&self, layout: LayoutIx) -> Uid {
        self.device_set(&format!("layout:{}", self.org.layouts[layout].id))
    }

    pub(super) fn schedule(&self, schedule: ScheduleIx) -> String {
        self.id(&self.org.schedules[schedule].id)
    }

    /// The actions that a role gives. A built-in role has a slash in its name, which no declared one has.
    pub(super) fn role(&self, role: RoleRef) -> Uid {
        match role {
            RoleRef::BuiltIn(role) => Uid::new("Action", format!("role:{}", role.name)),
            RoleRef::Declared(role) => Uid::new("Action", format!("role:{}", self.id(&self.org.roles[role].id))),
        }
    }
}
