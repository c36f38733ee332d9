//! The features of the language, each with what takes it out of a policy: to see which policies use it, and whether it
//! makes a difference there.

use camgrant_naive::random::{GrantDraft, LinkDraft, OrgDraft, PlaceDraft, TeamDraft};

/// Takes a feature out of an organisation; says whether it was there.
pub(crate) type TakeOut = fn(&mut OrgDraft) -> bool;

/// Leaves a field out.
fn out<T: Default + PartialEq>(field: &mut T) -> bool {
    std::mem::take(field) != T::default()
}

/// Does the same to all, and says whether it did anything to one of them.
pub(crate) fn each<T>(all: &mut [T], change: impl Fn(&mut T) -> bool) -> bool {
    let mut done = false;
    for one in all {
        done |= change(one);
    }
    done
}

/// Drops items; says whether any was.
fn drop_those<T>(all: &mut Vec<T>, is_it: impl Fn(&T) -> bool) -> bool {
    let count = all.len();
    all.retain(|one| !is_it(one));
    all.len() < count
}

fn each_place(places: &mut [PlaceDraft], change: &dyn Fn(&mut PlaceDraft) -> bool) -> bool {
    each(places, |place| change(place) | each_place(&mut place.groups, change))
}

fn each_grant(org: &mut OrgDraft, change: impl Fn(&mut GrantDraft) -> bool) -> bool {
    each(&mut org.grants, |grant| grant.deny.is_empty() && change(grant))
}

fn each_denial(org: &mut OrgDraft, change: impl Fn(&mut GrantDraft) -> bool) -> bool {
    each(&mut org.grants, |grant| !grant.deny.is_empty() && change(grant))
}

fn each_team(org: &mut OrgDraft, change: impl Fn(&mut TeamDraft) -> bool) -> bool {
    each(&mut org.teams, change)
}

fn each_link(org: &mut OrgDraft, change: impl Fn(&mut LinkDraft) -> bool) -> bool {
    each(&mut org.links, change)
}

fn is_exclude(name: &str) -> bool {
    name.eq_ignore_ascii_case("exclude")
}

/// Who there is.
const PEOPLE: [(&str, TakeOut); 15] = [
    ("owner of an organisation", |org| out(&mut org.owner)),
    ("owner of a recorder", |org| each(&mut org.recorders, |one| out(&mut one.owner))),
    ("owner of a device", |org| each(&mut org.devices, |one| out(&mut one.owner))),
    ("user: `same_as`", |org| each(&mut org.users, |one| out(&mut one.same_as))),
    ("user: `from`", |org| each(&mut org.users, |one| out(&mut one.condition.from))),
    ("user: `until`", |org| each(&mut org.users, |one| out(&mut one.condition.until))),
    ("user: `networks`", |org| each(&mut org.users, |one| out(&mut one.condition.networks))),
    ("user: `licenses`", |org| each(&mut org.users, |one| out(&mut one.licenses))),
    ("user: `disabled`", |org| each(&mut org.users, |one| out(&mut one.disabled))),
    ("team in a team", |org| each_team(org, |one| drop_those(&mut one.members, |text| text.starts_with("team:")))),
    ("everyone in a team", |org| {
        each_team(org, |one| drop_those(&mut one.members, |text| text.eq_ignore_ascii_case("everyone")))
    }),
    ("team: `schedule`", |org| each_team(org, |one| out(&mut one.condition.schedule))),
    ("team: `from`", |org| each_team(org, |one| out(&mut one.condition.from))),
    ("team: `until`", |org| each_team(org, |one| out(&mut one.condition.until))),
    ("team: `networks`", |org| each_team(org, |one| out(&mut one.condition.networks))),
];

/// What there is.
const THINGS: [(&str, TakeOut); 19] = [
    ("organisation: `timezone`", |org| out(&mut org.timezone)),
    ("organisation: `ungrouped_devices`", |org| out(&mut org.ungrouped_devices)),
    ("place: `recorder`", |org| each_place(&mut org.sites, &|one| out(&mut one.recorder))),
    ("place: `exclude`", |org| each_place(&mut org.sites, &|one| out(&mut one.exclude))),
    ("recorder: `sharing`", |org| each(&mut org.recorders, |one| out(&mut one.sharing))),
    ("recorder: `kind`", |org| {
        each(&mut org.recorders, |one| one.kind.as_deref() != Some("agent-dvr") && out(&mut one.kind))
    }),
    ("device: `kind`", |org| each(&mut org.devices, |one| out(&mut one.kind))),
    ("device: `in`", |org| each(&mut org.devices, |one| out(&mut one.place))),
    ("device: `recorder`", |org| each(&mut org.devices, |one| out(&mut one.recorder))),
    ("device in a device group", |org| {
        each(&mut org.devices, |one| drop_those(&mut one.device_groups, |name| !is_exclude(name)))
    }),
    ("device in `exclude`", |org| {
        each(&mut org.devices, |one| drop_those(&mut one.device_groups, |name| is_exclude(name)))
    }),
    ("device group: `devices`", |org| each(&mut org.device_groups, |one| out(&mut one.devices))),
    ("layout: `devices`", |org| each(&mut org.layouts, |one| out(&mut one.devices))),
    ("layout: `in`", |org| each(&mut org.layouts, |one| out(&mut one.place))),
    ("layout: `recorder`", |org| each(&mut org.layouts, |one| out(&mut one.recorder))),
    ("schedule: `timezone`", |org| each(&mut org.schedules, |one| out(&mut one.timezone))),
    ("schedule: `except`", |org| each(&mut org.schedules, |one| out(&mut one.except))),
    ("role: `extends`", |org| each(&mut org.roles, |one| !one.allow.is_empty() && out(&mut one.extends))),
    ("role: `without`", |org| each(&mut org.roles, |one| out(&mut one.without))),
];

/// What is given and taken.
const GRANTS: [(&str, TakeOut); 26] = [
    ("grant: `role` beside `allow`", |org| each_grant(org, |one| !one.allow.is_empty() && out(&mut one.role))),
    ("grant: `allow` beside `role`", |org| each_grant(org, |one| !one.role.is_empty() && out(&mut one.allow))),
    ("grant: `except`", |org| each_grant(org, |one| out(&mut one.except))),
    ("grant: `except_scope`", |org| each_grant(org, |one| out(&mut one.except_scope))),
    ("grant: `kinds`", |org| each_grant(org, |one| out(&mut one.kinds))),
    ("grant: `only`", |org| each_grant(org, |one| out(&mut one.only))),
    ("grant: `read_only`", |org| each_grant(org, |one| out(&mut one.read_only))),
    ("grant: `schedule`", |org| each_grant(org, |one| out(&mut one.condition.schedule))),
    ("grant: `from`", |org| each_grant(org, |one| out(&mut one.condition.from))),
    ("grant: `until`", |org| each_grant(org, |one| out(&mut one.condition.until))),
    ("grant: `networks`", |org| each_grant(org, |one| out(&mut one.condition.networks))),
    ("grant: `consent`", |org| each_grant(org, |one| out(&mut one.consent))),
    ("grant: `enabled`", |org| each_grant(org, |one| out(&mut one.enabled))),
    ("denial", |org| drop_those(&mut org.grants, |one| !one.deny.is_empty())),
    ("denial: `except`", |org| each_denial(org, |one| out(&mut one.except))),
    ("denial: `except_scope`", |org| each_denial(org, |one| out(&mut one.except_scope))),
    ("denial: `kinds`", |org| each_denial(org, |one| out(&mut one.kinds))),
    ("denial: `only`", |org| each_denial(org, |one| out(&mut one.only))),
    ("denial: `schedule`", |org| each_denial(org, |one| out(&mut one.condition.schedule))),
    ("denial: `from`", |org| each_denial(org, |one| out(&mut one.condition.from))),
    ("denial: `until`", |org| each_denial(org, |one| out(&mut one.condition.until))),
    ("denial: `networks`", |org| each_denial(org, |one| out(&mut one.condition.networks))),
    ("denial: `outside`", |org| each_denial(org, |one| out(&mut one.condition.outside))),
    ("denial: `enabled`", |org| each_denial(org, |one| out(&mut one.enabled))),
    ("scope `unassigned`", |org| scope(org, "unassigned")),
    ("scope `org`", |org| scope(org, "org")),
];

/// What links open.
const LINKS: [(&str, TakeOut); 5] = [
    ("link", |org| out(&mut org.links)),
    ("link: `schedule`", |org| each_link(org, |one| out(&mut one.condition.schedule))),
    ("link: `networks`", |org| each_link(org, |one| out(&mut one.condition.networks))),
    ("link: `allow`", |org| each_link(org, |one| out(&mut one.allow))),
    ("link: `enabled`", |org| each_link(org, |one| out(&mut one.enabled))),
];

/// Leaves a scope out, where it is not the only one.
fn scope(org: &mut OrgDraft, name: &str) -> bool {
    each(&mut org.grants, |grant| grant.scope.len() > 1 && drop_those(&mut grant.scope, |one| one == name))
}

/// All features: what they are, and what takes them out.
pub(crate) fn features() -> impl Iterator<Item = (&'static str, TakeOut)> {
    PEOPLE.into_iter().chain(THINGS).chain(GRANTS).chain(LINKS)
}
