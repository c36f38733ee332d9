//! Random edits of random policies: what people change between two versions.

use camgrant_naive::random::{DATES, Draft, OrgDraft, Rng, denial, grant};

/// The draft with a few edits. Not every one compiles.
pub(crate) fn edited(draft: &Draft, rng: &mut Rng) -> Draft {
    let mut edited = draft.clone();
    for _ in 0..rng.between(1, 3) {
        let at = rng.below(edited.orgs.len());
        edit(&mut edited.orgs[at], rng);
    }
    edited
}

fn one<'d, T>(items: &'d mut [T], rng: &mut Rng) -> Option<&'d mut T> {
    if items.is_empty() {
        return None;
    }
    let at = rng.below(items.len());
    items.get_mut(at)
}

fn remove<T>(items: &mut Vec<T>, rng: &mut Rng) {
    if !items.is_empty() {
        let at = rng.below(items.len());
        items.remove(at);
    }
}

fn edit(org: &mut OrgDraft, rng: &mut Rng) {
    let users: Vec<String> = org.users.iter().map(|user| user.id.clone()).collect();
    let blocks = ["10.0.0.0/8", "192.168.7.0/24", "2001:db8::/32"];
    match rng.below(18) {
        0 => remove(&mut org.grants, rng),
        1 | 2 => {
            let added = grant(org, rng);
            org.grants.push(added);
        }
        3 => {
            let added = denial(org, rng);
            org.grants.push(added);
        }
        4 => one(&mut org.grants, rng).into_iter().for_each(|grant| grant.enabled = Some(false)),
        5 => one(&mut org.grants, rng).into_iter().for_each(|grant| grant.scope = vec!["all".to_owned()]),
        6 => one(&mut org.teams, rng).into_iter().for_each(|team| remove(&mut team.members, rng)),
        7 if !users.is_empty() => {
            let user = rng.pick(&users).clone();
            let team = one(&mut org.teams, rng).filter(|team| !team.members.contains(&user));
            team.into_iter().for_each(|team| team.members.push(user.clone()));
        }
        8 => one(&mut org.users, rng).into_iter().for_each(|user| user.disabled = !user.disabled),
        9 => one(&mut org.users, rng)
            .into_iter()
            .for_each(|user| user.condition.networks = vec![rng.pick(&blocks).to_string()]),
        10 => one(&mut org.users, rng).into_iter().for_each(|user| user.condition.from = None),
        11 => one(&mut org.schedules, rng).into_iter().for_each(|schedule| {
            schedule.weekly = vec![("mon-fri".to_owned(), vec!["07:00-19:00".to_owned()])];
        }),
        12 => one(&mut org.grants, rng)
            .into_iter()
            .for_each(|grant| grant.condition.until = Some(rng.pick(&DATES).to_string())),
        13 => one(&mut org.teams, rng).into_iter().for_each(|team| team.condition = Default::default()),
        14 => one(&mut org.devices, rng).into_iter().for_each(|device| device.place = None),
        15 => one(&mut org.sites, rng).into_iter().for_each(|site| site.exclude = !site.exclude),
        16 => one(&mut org.links, rng).into_iter().for_each(|link| link.enabled = Some(true)),
        _ => one(&mut org.roles, rng).into_iter().for_each(|role| role.allow.push("live.view".to_owned())),
    }
}
