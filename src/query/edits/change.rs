//! One change of a policy: made to the model in memory, and told as what to write.

use std::net::IpAddr;

use ipnet::IpNet;

use crate::effective::OrgRights;
use crate::graph::Resource;
use crate::model::{
    AddressSet, Broken, Consent, DeviceGroupIx, DeviceIx, Grant, GrantIx, Keys, LinkIx, Org, PlaceIx, RecorderIx,
    RoleIx, Stated, Subject, TeamIx, UserIx,
};
use crate::query::unmet::Bearer;
use crate::source::Span;
use crate::vocabulary::CapabilitySet;

/// A change of a policy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// A new grant of these capabilities.
    Grant {
        /// To whom.
        to: UserIx,
        /// What.
        allow: Vec<usize>,
        /// Where.
        on: Resource,
    },
    /// A new denial.
    Deny {
        /// To whom.
        to: UserIx,
        /// What.
        capability: usize,
        /// Where.
        on: Resource,
    },
    /// A team lists a user.
    Join(TeamIx, UserIx),
    /// A team lists a user no more.
    Leave(TeamIx, UserIx),
    /// A grant names a user too.
    Name(GrantIx, UserIx),
    /// A grant or denial leaves a user out.
    Except(GrantIx, UserIx),
    /// The item of its `except` at this place is gone.
    Unexcept(GrantIx, Span),
    /// A grant allows a capability too.
    Allow(GrantIx, usize),
    /// A grant has a resource in its scope too.
    Reach(GrantIx, Resource),
    /// A denial leaves a resource out.
    Spare(GrantIx, Resource),
    /// The item of its `except_scope` at this place is gone.
    Unspare(GrantIx, Span),
    /// Its `kinds` have that of a device too.
    Kind(GrantIx, DeviceIx),
    /// Its `kinds` are gone.
    DropKinds(GrantIx),
    /// A device is in a device group too.
    Gather(DeviceIx, DeviceGroupIx),
    /// Its `only` is gone.
    DropOnly(GrantIx),
    /// Its `read_only` is gone.
    DropReadOnly(GrantIx),
    /// A role does not take a capability out again.
    Keep(RoleIx, usize),
    /// A grant is enabled.
    Enable(GrantIx),
    /// A grant or denial is not enabled.
    Disable(GrantIx),
    /// An offer is accepted.
    Accept(GrantIx),
    /// A device does not name `exclude`.
    Include(DeviceIx),
    /// A place does not exclude its devices.
    IncludePlace(PlaceIx),
    /// A device names `exclude`.
    Exclude(DeviceIx),
    /// A recorder shares again.
    Share(RecorderIx),
    /// A user is enabled.
    EnableUser(UserIx),
    /// A user is disabled.
    DisableUser(UserIx),
    /// It begins on the day of this instant, seconds since 1970.
    From(Bearer, i64),
    /// It ends with the day of this instant.
    Until(Bearer, i64),
    /// Its schedule is gone.
    DropSchedule(Bearer),
    /// Its networks have an address too.
    Address(Bearer, IpAddr),
    /// A user owns something no more.
    Disown(UserIx, Resource),
    /// A link is switched on.
    EnableLink(LinkIx),
    /// A link opens a device too.
    LinkDevice(LinkIx, DeviceIx),
    /// A link allows a capability too.
    LinkAllow(LinkIx, usize),
}

/// Parts of the model that bear dates and networks.
struct Bounds<'o> {
    from: &'o mut Option<i64>,
    until: &'o mut Option<i64>,
    networks: &'o mut Option<AddressSet>,
}

impl Change {
    /// Makes the change.
    pub fn apply(&self, org: &mut Org, rights: &OrgRights) {
        match self {
            Change::Grant { to, allow, on } => {
                let capabilities = allow.iter().map(|one| (CapabilitySet::one(*one), org.span)).collect();
                org.grants.add(Grant { capabilities, ..bare_grant(org.span, *to, *on) });
            }
            Change::Deny { to, capability, on } => {
                let capabilities = vec![(CapabilitySet::one(*capability), org.span)];
                org.grants.add(Grant { denial: true, capabilities, ..bare_grant(org.span, *to, *on) });
            }
            Change::Join(team, user) => {
                let at = org.teams[*team].span;
                org.teams[*team].members.push((Subject::User(*user), at));
            }
            Change::Leave(team, user) => {
                org.teams[*team].members.retain(|(member, _)| *member != Subject::User(*user));
            }
            Change::Name(grant, user) => with(org, *grant, |grant| grant.to.push((Subject::User(*user), grant.span))),
            Change::Except(grant, user) => {
                with(org, *grant, |grant| grant.except.push((Subject::User(*user), grant.span)));
            }
            Change::Unexcept(grant, place) => with(org, *grant, |grant| grant.except.retain(|(_, at)| at != place)),
            Change::Allow(grant, capability) => with(org, *grant, |grant| {
                grant.capabilities.push((CapabilitySet::one(*capability), grant.span));
            }),
            Change::Reach(grant, on) => with(org, *grant, |grant| grant.scope.push((on.scope(), grant.span))),
            Change::Spare(grant, on) => {
                with(org, *grant, |grant| grant.except_scope.push((on.scope(), grant.span)));
            }
            Change::Unspare(grant, place) => {
                with(org, *grant, |grant| grant.except_scope.retain(|(_, at)| at != place));
            }
            Change::Kind(grant, device) => {
                let kind = org.devices[*device].kind;
                with(org, *grant, |grant| grant.kinds.iter_mut().for_each(|kinds| kinds.push((kind, grant.span))));
            }
            Change::DropKinds(grant) => with(org, *grant, |grant| grant.kinds = None),
            Change::Gather(device, group) => {
                let at = org.devices[*device].span;
                org.devices[*device].device_groups.push((*group, at));
            }
            Change::DropOnly(grant) => with(org, *grant, |grant| grant.only = None),
            Change::DropReadOnly(grant) => with(org, *grant, |grant| grant.read_only = false),
            Change::Keep(role, capability) => {
                let role = &mut org.roles[*role];
                role.without = role.without.without(CapabilitySet::one(*capability));
            }
            Change::Enable(grant) => org.grants[*grant].enabled = true,
            Change::Disable(grant) => org.grants[*grant].enabled = false,
            Change::Accept(grant) => org.grants[*grant].consent = Consent::Accepted,
            Change::Include(device) => org.devices[*device].exclude = false,
            Change::IncludePlace(place) => org.places[*place].exclude = false,
            Change::Exclude(device) => org.devices[*device].exclude = true,
            Change::Share(recorder) => org.recorders[*recorder].sharing = true,
            Change::EnableUser(user) => org.users[*user].disabled = Some(false),
            Change::DisableUser(user) => org.users[*user].disabled = Some(true),
            Change::From(bearer, at) => {
                if let Some((_, start, _)) = org.zone.day_of(*at) {
                    *bounds(org, rights, *bearer).from = Some(start);
                }
            }
            Change::Until(bearer, at) => {
                if let Some((_, _, end)) = org.zone.day_of(*at) {
                    *bounds(org, rights, *bearer).until = Some(end);
                }
            }
            Change::DropSchedule(bearer) => match bearer {
                Bearer::Team(team) => org.teams[*team].condition.schedule = None,
                Bearer::Grant(grant) => org.grants[*grant].condition.schedule = None,
                Bearer::Link(link) => org.links[*link].condition.schedule = None,
                Bearer::User(_) => {}
            },
            Change::Address(bearer, address) => {
                let networks = bounds(org, rights, *bearer).networks;
                let one = AddressSet::from_blocks([IpNet::from(*address)]);
                *networks = networks.take().map(|networks| networks.union(&one));
            }
            Change::Disown(user, owned) => match owned {
                Resource::Recorder(recorder) => org.recorders[*recorder].owners.retain(|(owner, _)| owner != user),
                Resource::Device(device) => org.devices[*device].owners.retain(|(owner, _)| owner != user),
                _ => org.owners.retain(|(owner, _)| owner != user),
            },
            Change::EnableLink(link) => org.links[*link].enabled = true,
            Change::LinkDevice(link, device) => {
                let at = org.links[*link].span;
                org.links[*link].devices.push((*device, at));
            }
            Change::LinkAllow(link, capability) => {
                let link = &mut org.links[*link];
                link.allow = link.allow | CapabilitySet::one(*capability);
            }
        }
    }

    /// Where the change is made; none where a new item is written anywhere.
    #[must_use]
    pub fn place(&self, rights: &OrgRights) -> Option<Span> {
        let org = &rights.org;
        let of_grant = |grant: &GrantIx, key: &str| org.grants[*grant].keys.at(key).unwrap_or(org.grants[*grant].span);
        let of_device = |device: &DeviceIx| org.devices[*device].span;
        Some(match self {
            Change::Grant { .. } | Change::Deny { .. } => return None,
            Change::Join(team, _) | Change::Leave(team, _) => {
                org.teams[*team].keys.at("members").unwrap_or(org.teams[*team].span)
            }
            Change::Name(grant, _) => of_grant(grant, "to"),
            Change::Except(grant, _) => of_grant(grant, "except"),
            Change::Enable(grant) | Change::Disable(grant) => of_grant(grant, "enabled"),
            Change::Unexcept(_, place) | Change::Unspare(_, place) => *place,
            Change::Allow(grant, _) => of_grant(grant, "allow"),
            Change::Reach(grant, _) => of_grant(grant, "scope"),
            Change::Spare(grant, _) => of_grant(grant, "except_scope"),
            Change::Kind(grant, _) | Change::DropKinds(grant) => of_grant(grant, "kinds"),
            Change::DropOnly(grant) => of_grant(grant, "only"),
            Change::DropReadOnly(grant) => of_grant(grant, "read_only"),
            Change::Accept(grant) => of_grant(grant, "consent"),
            Change::Keep(role, _) => org.roles[*role].keys.at("without").unwrap_or(org.roles[*role].span),
            Change::Gather(device, _) | Change::Include(device) | Change::Exclude(device) => {
                org.devices[*device].keys.at("device_groups").unwrap_or(of_device(device))
            }
            Change::IncludePlace(place) => org.places[*place].keys.at("exclude").unwrap_or(org.places[*place].span),
            Change::Share(recorder) => {
                org.recorders[*recorder].keys.at("sharing").unwrap_or(org.recorders[*recorder].span)
            }
            Change::EnableUser(user) | Change::DisableUser(user) => {
                org.users[*user].keys.at("disabled").unwrap_or(org.users[*user].span)
            }
            Change::From(bearer, _) => bearer.place(rights, "from"),
            Change::Until(bearer, _) => bearer.place(rights, "until"),
            Change::DropSchedule(bearer) => bearer.place(rights, "schedule"),
            Change::Address(bearer, _) => bearer.place(rights, "networks"),
            Change::Disown(user, owned) => {
                let owners = match owned {
                    Resource::Recorder(recorder) => &org.recorders[*recorder].owners,
                    Resource::Device(device) => &org.devices[*device].owners,
                    _ => &org.owners,
                };
                owners.iter().find(|(owner, _)| owner == user)?.1
            }
            Change::EnableLink(link) => org.links[*link].keys.at("enabled").unwrap_or(org.links[*link].span),
            Change::LinkDevice(link, _) => org.links[*link].keys.at("devices").unwrap_or(org.links[*link].span),
            Change::LinkAllow(link, _) => org.links[*link].keys.at("allow").unwrap_or(org.links[*link].span),
        })
    }
}

fn with(org: &mut Org, grant: GrantIx, change: impl FnOnce(&mut Grant)) {
    change(&mut org.grants[grant]);
}

fn bounds<'o>(org: &'o mut Org, rights: &OrgRights, bearer: Bearer) -> Bounds<'o> {
    let stated = match bearer {
        Bearer::User(user) => {
            // its networks may be those of the user whom it equals; to change them there would change them for both
            if org.users[user].networks.is_none() {
                org.users[user].networks = crate::effective::networks_of(&rights.org, &rights.graph, user).cloned();
            }
            let user = &mut org.users[user];
            return Bounds { from: &mut user.from, until: &mut user.until, networks: &mut user.networks };
        }
        Bearer::Team(team) => &mut org.teams[team].condition,
        Bearer::Grant(grant) => &mut org.grants[grant].condition,
        Bearer::Link(link) => &mut org.links[link].condition,
    };
    let Stated { from, until, networks, .. } = stated;
    Bounds { from, until, networks }
}

/// A grant that gives nothing yet.
fn bare_grant(span: Span, to: UserIx, on: Resource) -> Grant {
    Grant {
        id: None,
        span,
        denial: false,
        to: vec![(Subject::User(to), span)],
        except: Vec::new(),
        roles: Vec::new(),
        capabilities: Vec::new(),
        read_only: false,
        scope: vec![(on.scope(), span)],
        except_scope: Vec::new(),
        kinds: None,
        only: None,
        condition: Stated::default(),
        consent: Consent::Accepted,
        enabled: true,
        broken: Broken::default(),
        until_at: None,
        keys: Keys::default(),
    }
}
