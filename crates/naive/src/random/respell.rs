//! The same declarations with other spellings: in whatever case, from whichever side, in whatever order.

use super::model::{ConditionDraft, Draft, OrgDraft};
use super::rng::Rng;
use crate::time::{DAYS, days};

/// A draft that means the same.
pub(crate) fn respelled(draft: &Draft, rng: &mut Rng) -> Draft {
    let mut other = draft.clone();
    for org in &mut other.orgs {
        people(org, rng);
        memberships(org, rng);
        org.schedules.iter_mut().for_each(|schedule| weeks(&mut schedule.weekly, rng));
    }
    if other.manifest.is_none() && rng.chance(20) {
        other.manifest = Some(super::model::ManifestDraft::default());
    }
    other
}

/// Any case for some letters.
fn any_case(text: &mut String, rng: &mut Rng) {
    if rng.chance(30) {
        let cased = |c: char| {
            if rng.chance(50) { c.to_ascii_uppercase() } else { c.to_ascii_lowercase() }
        };
        *text = text.chars().map(cased).collect();
    }
}

/// A subject in `to` or `except`: `user:<id>` or `<id>`, `team:everyone` or `everyone`, in any case.
fn subject(text: &mut String, rng: &mut Rng) {
    let team = text.strip_prefix("team:");
    let everyone = team.unwrap_or(text).eq_ignore_ascii_case("everyone");
    let prefix = if everyone { "team:" } else { "user:" };
    if everyone || team.is_none() {
        let mut id = text.strip_prefix(prefix).unwrap_or(text).to_owned();
        any_case(&mut id, rng);
        *text = if rng.chance(50) { id } else { format!("{prefix}{id}") };
    }
}

fn people(org: &mut OrgDraft, rng: &mut Rng) {
    org.owner.iter_mut().for_each(|id| any_case(id, rng));
    for user in &mut org.users {
        any_case(&mut user.id, rng);
        user.same_as.iter_mut().for_each(|id| any_case(id, rng));
        set_order(&mut user.condition, rng);
    }
    for team in &mut org.teams {
        for member in team.members.iter_mut().filter(|member| !member.contains(':')) {
            any_case(member, rng);
        }
        set_order(&mut team.condition, rng);
    }
    for grant in &mut org.grants {
        grant.to.iter_mut().chain(&mut grant.except).for_each(|text| subject(text, rng));
        for scope in grant.scope.iter_mut().chain(&mut grant.except_scope) {
            if let Some(name) = scope.strip_prefix("device_group:") {
                let mut name = name.to_owned();
                any_case(&mut name, rng);
                *scope = format!("device_group:{name}");
            }
        }
        grant.only.iter_mut().for_each(|name| any_case(name, rng));
        set_order(&mut grant.condition, rng);
    }
    for link in &mut org.links {
        any_case(&mut link.created_by, rng);
    }
    let recorders = org.recorders.iter_mut().flat_map(|one| &mut one.owner);
    recorders.chain(org.devices.iter_mut().flat_map(|one| &mut one.owner)).for_each(|id| any_case(id, rng));
}

fn set_order(condition: &mut ConditionDraft, rng: &mut Rng) {
    rng.shuffle(&mut condition.networks);
    rng.shuffle(&mut condition.outside);
}

/// A device is a member of a device group when either side says so.
fn memberships(org: &mut OrgDraft, rng: &mut Rng) {
    let mut pairs: Vec<(String, String)> = Vec::new(); // device, device group in lower case
    for device in &mut org.devices {
        let (exclude, named): (Vec<_>, Vec<_>) =
            device.device_groups.drain(..).partition(|name| name.eq_ignore_ascii_case("exclude"));
        device.device_groups = exclude;
        device.device_groups.iter_mut().for_each(|name| any_case(name, rng));
        pairs.extend(named.into_iter().map(|name| (device.id.clone(), name.to_ascii_lowercase())));
    }
    for group in &mut org.device_groups {
        pairs.extend(group.devices.drain(..).map(|device| (device, group.id.to_ascii_lowercase())));
    }
    pairs.sort();
    pairs.dedup();
    rng.shuffle(&mut pairs);
    for (id, name) in pairs {
        let (one, other) = (rng.chance(60), rng.chance(50));
        let device = org.devices.iter_mut().find(|device| device.id == id);
        let group = org.device_groups.iter_mut().find(|group| group.id.eq_ignore_ascii_case(&name));
        if let (Some(device), true) = (device, one) {
            let mut spelled = name;
            any_case(&mut spelled, rng);
            device.device_groups.push(spelled);
        }
        if let (Some(group), true) = (group, other || !one) {
            group.devices.push(id);
        }
    }
}

/// Ranges of days written out now and then.
fn weeks(weekly: &mut [(String, Vec<String>)], rng: &mut Rng) {
    for index in 0..weekly.len() {
        let mut listed: Vec<&str> =
            days(&weekly[index].0).unwrap_or_default().into_iter().map(|day| DAYS[day]).collect();
        rng.shuffle(&mut listed);
        let key = listed.join(",");
        if rng.chance(30) && !weekly.iter().any(|(other, _)| *other == key) {
            weekly[index].0 = key;
        }
        rng.shuffle(&mut weekly[index].1);
    }
}
