//! Makes the grants, denials and links of a draft.

use super::generate::{Size, condition, dates, name, networks, texts};
use super::model::{ConditionDraft, GrantDraft, LinkDraft, OrgDraft};
use super::rng::Rng;
use super::things::paths;

const ROLES: [&str; 16] = [
    "std/live",
    "std/viewer",
    "std/operator",
    "std/admin",
    "agent/full",
    "agent/ptz",
    "cloud/archive",
    "verkada/org-viewer",
    "verkada/org-admin",
    "verkada/group-viewer",
    "verkada/group-admin",
    "web/events",
    "web/camera-groups",
    "dw/live-viewer",
    "dw/viewer",
    "dw/administrator",
];
const PATTERNS: [&str; 16] = [
    "live.view",
    "live.view",
    "live.*",
    "archive.*",
    "archive.view",
    "class:take",
    "class:view",
    "*",
    "ptz.control",
    "link.share",
    "link.*",
    "layout.*",
    "device_group.view",
    "class:operate",
    "access.manage",
    "org.view",
];
const DENIED: [&str; 12] = [
    "archive.export",
    "archive.*",
    "class:take",
    "ptz.*",
    "link.share",
    "link.*",
    "class:configure",
    "audio.listen",
    "live.zoom",
    "class:view",
    "*",
    "live.view",
];
const KINDS: [&str; 6] = ["camera", "microphone", "speaker", "intercom", "io-module", "sensor"];

pub(crate) fn grants(org: &mut OrgDraft, size: &Size, rng: &mut Rng) {
    for index in 0..size.grants {
        let mut grant = if rng.chance(24) { denial(org, rng) } else { giving(org, rng) };
        grant.id = rng.chance(30).then(|| format!("g{index}"));
        grant.reason = name(rng, 10);
        if rng.chance(12) {
            grant.except = subjects(org, rng, 2);
        }
        if rng.chance(15) {
            grant.except_scope = scopes(org, rng, 2);
        }
        if rng.chance(14) {
            grant.kinds = rng.some(&texts(&KINDS), 3);
        }
        if rng.chance(18) && !org.device_groups.is_empty() {
            let names: Vec<String> = org.device_groups.iter().map(|group| group.id.to_uppercase()).collect();
            grant.only = rng.some(&names, 2);
        }
        if rng.chance(4) {
            // a repeat means nothing
            let again = grant.to[0].clone();
            grant.to.push(again);
        }
        if rng.chance(5) {
            grant.enabled = Some(rng.chance(40));
        }
        org.grants.push(grant);
    }
}

/// A grant to somebody for something of the organisation.
#[must_use]
pub fn giving(org: &OrgDraft, rng: &mut Rng) -> GrantDraft {
    let mut grant = GrantDraft { to: subjects(org, rng, 3), scope: scopes(org, rng, 3), ..GrantDraft::default() };
    if rng.chance(60) {
        let mut roles = texts(&ROLES);
        for role in &org.roles {
            roles.extend([role.id.clone(), role.id.clone()]);
        }
        grant.role = rng.some(&roles, 2);
    }
    if grant.role.is_empty() || rng.chance(35) {
        grant.allow = rng.some(&texts(&PATTERNS), 3);
    }
    grant.read_only = rng.chance(8);
    if rng.chance(45) {
        grant.condition = condition(org, rng);
    }
    if rng.chance(14) {
        grant.consent = Some((*rng.pick(&["accepted", "pending", "pending", "rejected"])).to_owned());
    }
    grant
}

/// A denial to somebody for something of the organisation.
#[must_use]
pub fn denial(org: &OrgDraft, rng: &mut Rng) -> GrantDraft {
    let mut grant = GrantDraft { to: subjects(org, rng, 2), scope: scopes(org, rng, 2), ..GrantDraft::default() };
    grant.deny = rng.some(&texts(&DENIED), 2);
    if rng.chance(60) {
        grant.condition = condition(org, rng);
        if rng.chance(40) {
            grant.condition.outside = networks(org, rng);
        }
        if rng.chance(30) {
            // dates alone: such a denial binds the links of its subjects too
            grant.condition = ConditionDraft::default();
            dates(rng, &mut grant.condition);
        }
    }
    grant
}

fn subjects(org: &OrgDraft, rng: &mut Rng, most: usize) -> Vec<String> {
    let mut all = Vec::new();
    for _ in 0..rng.between(1, most) {
        let user = rng.pick(&org.users).id.clone();
        let one = match rng.below(10) {
            0..=2 => user.to_lowercase(),
            3 => format!("user:{user}"),
            4 => (*rng.pick(&["everyone", "team:everyone", "EVERYONE"])).to_owned(),
            _ if org.teams.is_empty() => user,
            _ => format!("team:{}", rng.pick(&org.teams).id),
        };
        if !all.contains(&one) {
            all.push(one);
        }
    }
    all
}

fn scopes(org: &OrgDraft, rng: &mut Rng, most: usize) -> Vec<String> {
    let mut all = Vec::new();
    for _ in 0..rng.between(1, most) {
        let one = scope(org, rng);
        if !all.contains(&one) {
            all.push(one);
        }
    }
    all
}

fn scope(org: &OrgDraft, rng: &mut Rng) -> String {
    let mut places = paths(org);
    let one = match rng.below(20) {
        0 => Some("org".to_owned()),
        1 | 2 => Some("unassigned".to_owned()),
        3..=5 if !org.sites.is_empty() => Some(format!("site:{}", rng.pick(&org.sites).id)),
        6..=8 => {
            places.retain(|path| path.contains('/'));
            (!places.is_empty()).then(|| format!("group:{}", rng.pick(&places)))
        }
        9 | 10 => Some(format!("device:{}", rng.pick(&org.devices).id)),
        11 | 12 if !org.device_groups.is_empty() => {
            Some(format!("device_group:{}", rng.pick(&org.device_groups).id.to_lowercase()))
        }
        13 | 14 if !org.layouts.is_empty() => Some(format!("layout:{}", rng.pick(&org.layouts).id)),
        15 | 16 if !org.recorders.is_empty() => Some(format!("recorder:{}", rng.pick(&org.recorders).id)),
        _ => None,
    };
    one.unwrap_or_else(|| "all".to_owned())
}

pub(crate) fn links(org: &mut OrgDraft, size: &Size, rng: &mut Rng) {
    let devices: Vec<String> = org.devices.iter().map(|device| device.id.clone()).collect();
    for id in ["dock-xmas", "Tour", "dock.2", "press", "z"].iter().take(rng.below(size.others + 1)) {
        let mut conditions = ConditionDraft::default();
        while conditions.from.is_none() || conditions.until.is_none() {
            dates(rng, &mut conditions);
        }
        if rng.chance(30) {
            let other = condition(org, rng);
            conditions.schedule = other.schedule;
            conditions.networks = other.networks;
        }
        let makers = if rng.chance(40) && !org.owner.is_empty() {
            org.owner.clone()
        } else {
            org.users.iter().map(|user| user.id.clone()).collect()
        };
        org.links.push(LinkDraft {
            id: (*id).to_owned(),
            name: name(rng, 15),
            devices: rng.some(&devices, 4),
            condition: conditions,
            enabled: rng.chance(25).then(|| rng.chance(70)),
            allow: if rng.chance(50) {
                rng.some(&texts(&["live.view", "archive.view", "audio.listen", "live.*", "io.view", "device.stats"]), 3)
            } else {
                Vec::new()
            },
            created_by: rng.pick(&makers).clone(),
        });
    }
    // who shares must hold the right to share: some makers get it
    let makers: Vec<String> = org.links.iter().map(|link| link.created_by.to_lowercase()).collect();
    for maker in makers {
        if rng.chance(70) {
            let to = vec![maker];
            let allow = texts(&["live.*", "link.share", "archive.view", "audio.listen"]);
            let condition = if rng.chance(50) { condition(org, rng) } else { ConditionDraft::default() };
            let scope = if rng.chance(40) { vec!["all".to_owned()] } else { scopes(org, rng, 2) };
            org.grants.push(GrantDraft { to, allow, scope, condition, ..GrantDraft::default() });
        }
    }
}
