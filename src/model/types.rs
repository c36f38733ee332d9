//! What a policy comes to once its names are resolved: plain data, one struct a construct.

use std::collections::BTreeMap;
use std::net::IpAddr;

pub use super::arena::{
    DeviceGroupIx, DeviceIx, GrantIx, LayoutIx, LinkIx, NetworkIx, PlaceIx, RecorderIx, RoleIx, ScheduleIx, TeamIx,
    UserIx,
};
use super::{AddressSet, Arena, Keys, Schedule, Stated, Zone};
use crate::source::Span;
pub use crate::syntax::decl::{Consent, Day, DeviceKind, RecorderKind};
use crate::vocabulary::{CapabilitySet, Role as BuiltInRole};

/// A resolved policy: its organisations, sorted by id. They know nothing of one another.
#[derive(Clone, Debug, Default)]
pub struct Policy {
    /// The organisations.
    pub orgs: Vec<Org>,
}

/// A reference and where it stands.
pub type At<T> = (T, Span);

/// One organisation with all that is declared in it.
#[derive(Clone, Debug)]
pub struct Org {
    /// Its id.
    pub id: Box<str>,
    /// Where it is declared.
    pub span: Span,
    /// Whether something of it could not be read, so that more may be declared than is known.
    pub hidden: bool,
    /// Who owns it.
    pub owners: Vec<At<UserIx>>,
    /// Its zone.
    pub zone: Zone,
    /// How deep groups may nest.
    pub max_group_depth: u32,
    /// Whether `only` lets ungrouped devices through.
    pub ungrouped_visible: bool,
    /// The licence pool with the place of each level; `None` where it could not be read.
    pub licenses: Option<BTreeMap<Box<str>, (u64, Span)>>,
    /// Users.
    pub users: Arena<UserIx, User>,
    /// Teams.
    pub teams: Arena<TeamIx, Team>,
    /// Declared roles.
    pub roles: Arena<RoleIx, Role>,
    /// Sites and groups; a group stands behind the place that it is in.
    pub places: Arena<PlaceIx, Place>,
    /// Recorders.
    pub recorders: Arena<RecorderIx, Recorder>,
    /// Devices.
    pub devices: Arena<DeviceIx, Device>,
    /// Device groups.
    pub device_groups: Arena<DeviceGroupIx, DeviceGroup>,
    /// Layouts.
    pub layouts: Arena<LayoutIx, Layout>,
    /// Schedules.
    pub schedules: Arena<ScheduleIx, Schedule>,
    /// Grants and denials.
    pub grants: Arena<GrantIx, Grant>,
    /// Temporary links.
    pub links: Arena<LinkIx, Link>,
    /// What must and must not follow from the policy.
    pub tests: Vec<PolicyTest>,
    /// Address blocks with a name. What names them has taken their addresses over.
    pub networks: Arena<NetworkIx, Network>,
    /// Every list that names networks, with the items that do.
    pub network_lists: Vec<Vec<At<NetworkIx>>>,
    /// Items that stand twice in their list, in the order in which they were met.
    pub repeated: Vec<Repeated>,
}

/// An item that stands twice in its list, once names are resolved.
#[derive(Clone, Copy, Debug)]
pub struct Repeated {
    /// Where it stands first.
    pub first: Span,
    /// Where it stands again.
    pub again: Span,
}

/// A named list of address blocks.
#[derive(Clone, Debug)]
pub struct Network {
    /// Its id.
    pub id: Box<str>,
    /// Where it is declared.
    pub span: Span,
    /// What it comes to.
    pub addresses: AddressSet,
}

/// A user.
#[derive(Clone, Debug)]
pub struct User {
    /// The id, in lower case.
    pub id: Box<str>,
    /// Where it is declared.
    pub span: Span,
    /// The recorder system's own id.
    pub reference: Option<Box<str>>,
    /// Whose equal it is.
    pub same_as: Option<At<UserIx>>,
    /// Its own networks.
    pub networks: Option<AddressSet>,
    /// Its own start, in seconds since 1970.
    pub from: Option<i64>,
    /// Its own end.
    pub until: Option<i64>,
    /// Its own licences with the place of each level.
    pub licenses: Option<Vec<(Box<str>, u64, Span)>>,
    /// Whether it holds nothing; `None` where that could not be read.
    pub disabled: Option<bool>,
    /// Whether its declaration has a mistake.
    pub broken: bool,
    /// Where its keys stand.
    pub keys: Keys,
}

/// Whom a grant or team names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Subject {
    /// Every user.
    Everyone,
    /// The users of a team.
    Team(TeamIx),
    /// One user.
    User(UserIx),
}

/// A team.
#[derive(Clone, Debug)]
pub struct Team {
    /// Its id.
    pub id: Box<str>,
    /// Where it is declared.
    pub span: Span,
    /// Whom it lists.
    pub members: Vec<At<Subject>>,
    /// The condition that it bears.
    pub condition: Stated,
    /// Whether its declaration has a mistake.
    pub broken: bool,
    /// Where its keys stand.
    pub keys: Keys,
}

/// A role that another role or a grant names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum RoleRef {
    /// Declared in the policy.
    Declared(RoleIx),
    /// Built in.
    BuiltIn(&'static BuiltInRole),
}

/// A declared role.
#[derive(Clone, Debug)]
pub struct Role {
    /// Its id.
    pub id: Box<str>,
    /// Where it is declared.
    pub span: Span,
    /// What it extends.
    pub extends: Vec<At<RoleRef>>,
    /// What it adds.
    pub allow: CapabilitySet,
    /// What of this it lists by name, by no pattern for several.
    pub named: CapabilitySet,
    /// What it takes out again.
    pub without: CapabilitySet,
    /// Whether its declaration has a mistake.
    pub broken: bool,
    /// Where its keys stand.
    pub keys: Keys,
}

/// A site, or a group.
#[derive(Clone, Debug)]
pub struct Place {
    /// `hq`, or `hq/lobby/vault`.
    pub path: Box<str>,
    /// Where it is declared.
    pub span: Span,
    /// The place that it is in; a site is in none.
    pub parent: Option<PlaceIx>,
    /// 0 for a site, 1 for a group directly in it.
    pub depth: u32,
    /// The recorder that it names.
    pub recorder: Option<RecorderIx>,
    /// Whether it excludes its devices.
    pub exclude: bool,
    /// The recorder system's own id.
    pub reference: Option<Box<str>>,
    /// Whether its declaration has a mistake.
    pub broken: bool,
    /// Where its keys stand.
    pub keys: Keys,
}

/// A recorder.
#[derive(Clone, Debug)]
pub struct Recorder {
    /// Its id.
    pub id: Box<str>,
    /// Where it is declared.
    pub span: Span,
    /// Its make.
    pub kind: RecorderKind,
    /// The name that the system itself bears.
    pub server: Box<str>,
    /// Who owns it.
    pub owners: Vec<At<UserIx>>,
    /// Whether anything here is shared.
    pub sharing: bool,
    /// The system's own id.
    pub reference: Option<Box<str>>,
    /// Whether its declaration has a mistake.
    pub broken: bool,
    /// Where its keys stand.
    pub keys: Keys,
}

/// A device.
#[derive(Clone, Debug)]
pub struct Device {
    /// Its id.
    pub id: Box<str>,
    /// Where it is declared.
    pub span: Span,
    /// What it is.
    pub kind: DeviceKind,
    /// Where it is.
    pub place: Option<PlaceIx>,
    /// The recorder that it names itself.
    pub recorder: Option<RecorderIx>,
    /// The device groups that it names.
    pub device_groups: Vec<At<DeviceGroupIx>>,
    /// Whether it names `exclude`.
    pub exclude: bool,
    /// Who owns it.
    pub owners: Vec<At<UserIx>>,
    /// The recorder's own id of it.
    pub reference: Option<Box<str>>,
    /// Whether its declaration has a mistake.
    pub broken: bool,
    /// Where its keys stand.
    pub keys: Keys,
}

/// A device group.
#[derive(Clone, Debug)]
pub struct DeviceGroup {
    /// Its name, as declared.
    pub id: Box<str>,
    /// Where it is declared.
    pub span: Span,
    /// The devices that it lists.
    pub devices: Vec<At<DeviceIx>>,
    /// Whether its declaration has a mistake.
    pub broken: bool,
}

/// A layout.
#[derive(Clone, Debug)]
pub struct Layout {
    /// Its id.
    pub id: Box<str>,
    /// Where it is declared.
    pub span: Span,
    /// What it shows.
    pub devices: Vec<At<DeviceIx>>,
    /// The place where it belongs.
    pub place: Option<PlaceIx>,
    /// The recorder where it belongs.
    pub recorder: Option<RecorderIx>,
    /// The recorder system's own id.
    pub reference: Option<Box<str>>,
    /// Whether its declaration has a mistake.
    pub broken: bool,
}

/// Where a grant applies.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Scope {
    /// The organisation itself.
    Org,
    /// Devices without a place.
    Unassigned,
    /// Everything but the organisation itself; in a denial, that too.
    All,
    /// A site or group and what is below.
    Place(PlaceIx),
    /// A device.
    Device(DeviceIx),
    /// A device group and its members.
    DeviceGroup(DeviceGroupIx),
    /// A layout and its devices.
    Layout(LayoutIx),
    /// A recorder, its devices, its layouts.
    Recorder(RecorderIx),
}

/// A grant or denial.
#[derive(Clone, Debug)]
pub struct Grant {
    /// Its id, if it has one.
    pub id: Option<Box<str>>,
    /// Where it begins.
    pub span: Span,
    /// Whether it denies.
    pub denial: bool,
    /// Whom it names.
    pub to: Vec<At<Subject>>,
    /// Whom it leaves out.
    pub except: Vec<At<Subject>>,
    /// The roles that it gives.
    pub roles: Vec<At<RoleRef>>,
    /// What it gives or denies itself: each name or pattern with what it stands for.
    pub capabilities: Vec<At<CapabilitySet>>,
    /// Whether only class `view` is left of it.
    pub read_only: bool,
    /// Where it applies.
    pub scope: Vec<At<Scope>>,
    /// Where it does not.
    pub except_scope: Vec<At<Scope>>,
    /// The only kinds of devices that are left.
    pub kinds: Option<Vec<At<DeviceKind>>>,
    /// The only device groups that are left.
    pub only: Option<Vec<At<DeviceGroupIx>>>,
    /// Its own condition.
    pub condition: Stated,
    /// Where its `until` stands, if it has one.
    pub until_at: Option<Span>,
    /// What the one to whom it is offered said.
    pub consent: Consent,
    /// Whether it is in force.
    pub enabled: bool,
    /// Which part of it could not be read, if any.
    pub broken: Broken,
    /// Where its keys stand.
    pub keys: Keys,
}

/// What of a grant is not known, because it has a mistake.
#[derive(Clone, Copy, Debug, Default)]
pub struct Broken {
    /// Anything at all.
    pub any: bool,
    /// Some of its subjects.
    pub subjects: bool,
    /// Some of where it applies.
    pub scope: bool,
}

/// A temporary link.
#[derive(Clone, Debug)]
pub struct Link {
    /// Its id.
    pub id: Box<str>,
    /// Where it is declared.
    pub span: Span,
    /// What it opens.
    pub devices: Vec<At<DeviceIx>>,
    /// Its own condition.
    pub condition: Stated,
    /// Where its `until` stands.
    pub until_at: Option<Span>,
    /// Whether it is switched on.
    pub enabled: bool,
    /// What it lets its holder do.
    pub allow: CapabilitySet,
    /// Who answers for it.
    pub created_by: Option<At<UserIx>>,
    /// Whether its declaration has a mistake.
    pub broken: bool,
    /// Where its keys stand.
    pub keys: Keys,
}

/// Of whom a test speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Tested {
    /// A user, the users of a team, or everyone: here the links too.
    Named(Subject),
    /// A link.
    Link(LinkIx),
}

/// One of the policy's own tests.
#[derive(Clone, Debug)]
pub struct PolicyTest {
    /// What it says, in plain words.
    pub name: Option<Box<str>>,
    /// Where it begins.
    pub span: Span,
    /// Of whom it speaks.
    pub to: Vec<At<Tested>>,
    /// Of those, not of these.
    pub except: Vec<At<Tested>>,
    /// What it claims of them.
    pub claim: Claim,
    /// Where.
    pub scope: Vec<At<Scope>>,
    /// At which instant alone, in seconds since 1970.
    pub at: Option<i64>,
    /// From which address alone.
    pub address: Option<IpAddr>,
}

/// What a test claims. Each name or pattern stands with what it means.
#[derive(Clone, Debug)]
pub enum Claim {
    /// Each of the subjects can.
    Can {
        /// What.
        capabilities: Vec<At<CapabilitySet>>,
        /// And no other subject, owners aside.
        nobody_else: bool,
    },
    /// None of the subjects can.
    Cannot(Vec<At<CapabilitySet>>),
    /// No subject can use one of each at once.
    NeverTogether(Vec<At<CapabilitySet>>),
    /// At most so many of the subjects can.
    MaxHolders(Vec<MaxHolders>),
}

/// How many may hold a capability, or one of several, on one resource.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MaxHolders {
    /// Which.
    pub capabilities: CapabilitySet,
    /// How many.
    pub limit: u64,
    /// Where it is named.
    pub span: Span,
}
