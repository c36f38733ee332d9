//! Makes drafts: organisations, and who is in them.

use super::model::{ConditionDraft, Draft, ManifestDraft, NetworkDraft, OrgDraft, RoleDraft, TeamDraft, UserDraft};
use super::rng::Rng;
use super::{grants, things};
use crate::vocabulary::Vocabulary;

/// How much there is of everything.
pub(crate) struct Size {
    pub(crate) users: usize,
    pub(crate) devices: usize,
    pub(crate) grants: usize,
    pub(crate) others: usize,
}

const PEOPLE: [&str; 15] =
    ["anna", "bob", "carl", "dora", "emil", "fay", "gus", "hana", "ivo", "jan", "kim", "lea", "mia", "noa", "otto"];
pub(crate) const ZONES: [&str; 8] = [
    "Europe/Berlin",
    "Europe/Berlin",
    "America/New_York",
    "UTC",
    "Australia/Lord_Howe",
    "America/Santiago",
    "Asia/Kolkata",
    "America/St_Johns",
];
/// The dates and instants of random conditions, in order and days apart, so that of two different ones the earlier may be
/// `from` and the later `until`.
pub const DATES: [&str; 10] = [
    "2025-12-30",
    "2026-01-01T00:00:00Z",
    "2026-03-08",
    "2026-03-29T02:30:00+01:00",
    "2026-06-01",
    "2026-07-01T12:00:00-05:00",
    "2026-09-06",
    "2026-10-25T00:00:00Z",
    "2026-12-24",
    "2027-03-28",
];
pub(crate) const BLOCKS: [&str; 20] = [
    "10.0.0.0/8",
    "10.0.0.0/9",
    "10.128.0.0/9",
    "10.1.0.0/16",
    "10.1.2.0/24",
    "10.1.2.3",
    "192.168.0.0/16",
    "192.168.0.0/17",
    "192.168.128.0/17",
    "9.0.0.0/8",
    "0.0.0.0/0",
    "0.0.0.0/1",
    "128.0.0.0/1",
    "::/0",
    "2001:db8::/32",
    "2001:db8:1::/48",
    "2001:db8:1::7",
    "::ffff:10.1.0.0/112",
    "::ffff:192.168.0.7",
    "::/80",
];

/// A draft that may break the rules of views. With `sizes` of 10 it may be large, with 7 it is not.
pub(crate) fn draft(seed: u64, rng: &mut Rng, sizes: usize) -> Draft {
    let size = match rng.below(sizes) {
        0 | 1 => Size { users: rng.between(1, 3), devices: rng.between(1, 4), grants: rng.between(1, 4), others: 2 },
        2..=6 => Size { users: rng.between(3, 8), devices: rng.between(4, 12), grants: rng.between(3, 12), others: 4 },
        _ => Size { users: rng.between(8, 15), devices: rng.between(12, 25), grants: rng.between(10, 25), others: 6 },
    };
    let orgs = if rng.chance(20) { 2 } else { 1 };
    let ids = ["acme", "beta-2"];
    let orgs = ids.iter().take(orgs).map(|id| organisation(id, &size, rng)).collect();
    Draft { seed, manifest: rng.chance(35).then(|| manifest(rng)), orgs }
}

fn manifest(rng: &mut Rng) -> ManifestDraft {
    let mut draft = ManifestDraft::default();
    if rng.chance(30) {
        draft.lints.push(("redundant-grant".to_owned(), "allow".to_owned()));
    }
    if rng.chance(30) {
        draft.lints.push(("view-over-denied".to_owned(), (*rng.pick(&["warn", "allow", "deny"])).to_owned()));
    }
    if rng.chance(60) {
        draft.limits.push(("max_alternatives".to_owned(), *rng.pick(&[1, 1, 2, 3, 8, 64])));
    }
    if rng.chance(20) {
        draft.limits.push(("max_file_bytes".to_owned(), 16_777_216));
    }
    draft.max_link_days = rng.chance(20).then_some(14);
    if rng.chance(20) {
        draft.mail_domains.push("acme.example".to_owned());
    }
    draft
}

pub(crate) fn texts(items: &[&str]) -> Vec<String> {
    items.iter().map(|text| (*text).to_owned()).collect()
}

pub(crate) fn name(rng: &mut Rng, percent: usize) -> Option<String> {
    let names = ["Main gate", "Flur #2: links", "Ünïcode — ok", "it's \"quoted\"", "007", "no", "[x] {y}", "tab\there"];
    rng.chance(percent).then(|| (*rng.pick(&names)).to_owned())
}

pub(crate) fn reference(rng: &mut Rng) -> Option<String> {
    rng.chance(30).then(|| format!("{:x}", rng.below(0xffff) + 0xa000))
}

/// Two dates in order, either or both.
pub(crate) fn dates(rng: &mut Rng, condition: &mut ConditionDraft) {
    let first = rng.below(DATES.len() - 1);
    let second = rng.between(first + 1, DATES.len() - 1);
    let shape = rng.below(3);
    condition.from = (shape != 1).then(|| DATES[first].to_owned());
    condition.until = (shape != 0).then(|| DATES[second].to_owned());
}

/// Network ids and blocks.
pub(crate) fn networks(org: &OrgDraft, rng: &mut Rng) -> Vec<String> {
    let mut all: Vec<String> = org.networks.iter().map(|network| network.id.clone()).collect();
    if all.is_empty() || rng.chance(40) {
        all.extend(texts(&BLOCKS[..10]));
        all.extend(texts(&BLOCKS[13..]));
    }
    rng.some(&all, 3)
}

/// A condition of up to three parts.
pub(crate) fn condition(org: &OrgDraft, rng: &mut Rng) -> ConditionDraft {
    let mut draft = ConditionDraft::default();
    if rng.chance(50) && !org.schedules.is_empty() {
        draft.schedule = Some(rng.pick(&org.schedules).id.clone());
    }
    if rng.chance(40) {
        dates(rng, &mut draft);
    }
    if rng.chance(40) {
        draft.networks = networks(org, rng);
    }
    draft
}

fn organisation(id: &str, size: &Size, rng: &mut Rng) -> OrgDraft {
    let mut org = OrgDraft { id: id.to_owned(), name: name(rng, 30), ..OrgDraft::default() };
    org.timezone = rng.chance(60).then(|| (*rng.pick(&ZONES)).to_owned());
    org.max_group_depth = rng.chance(30).then(|| *rng.pick(&[1, 2, 3, 5, 32]));
    org.ungrouped_devices = rng.chance(50).then(|| (*rng.pick(&["visible", "hidden", "hidden"])).to_owned());
    org.schedules = things::schedules(size, rng);
    for (id, blocks) in [("vpn", 3), ("office", 2), ("lab", 2), ("ANY", 4), ("off", 1)] {
        if rng.chance(60) {
            org.networks.push(NetworkDraft { id: id.to_owned(), blocks: rng.some(&texts(&BLOCKS), blocks) });
        }
    }
    users(&mut org, size, rng);
    teams(&mut org, size, rng);
    roles(&mut org, size, rng);
    things::recorders(&mut org, size, rng);
    things::sites(&mut org, size, rng);
    things::devices(&mut org, size, rng);
    things::layouts(&mut org, size, rng);
    grants::grants(&mut org, size, rng);
    grants::links(&mut org, size, rng);
    org
}

fn users(org: &mut OrgDraft, size: &Size, rng: &mut Rng) {
    if rng.chance(50) {
        org.licenses = vec![("pro".to_owned(), *rng.pick(&[2, 5, 50])), ("basic".to_owned(), 100)];
    }
    for person in PEOPLE.iter().take(size.users) {
        let id = match rng.below(4) {
            0 => (*person).to_owned(),
            1 => format!("{person}+x@guest.example"),
            2 => format!("{}{}@Acme.example", person[..1].to_uppercase(), &person[1..]),
            _ => format!("{person}@acme.example"),
        };
        let mut user = UserDraft { id, name: name(rng, 20), reference: reference(rng), ..UserDraft::default() };
        if rng.chance(15) && !org.users.is_empty() {
            user.same_as = Some(rng.pick(&org.users).id.to_lowercase());
        }
        if rng.chance(15) {
            dates(rng, &mut user.condition);
        }
        if rng.chance(15) {
            user.condition.networks = networks(org, rng);
        }
        if rng.chance(25) && !org.licenses.is_empty() {
            user.licenses.push(("pro".to_owned(), 1));
            if rng.chance(30) {
                user.licenses.push(("basic".to_owned(), 3));
            }
        } else if rng.chance(2) {
            user.licenses.push(("gold".to_owned(), 1));
        }
        user.disabled = rng.chance(10);
        org.users.push(user);
    }
    if rng.chance(45) {
        org.owner = owner(org, rng, 2);
    }
}

/// Users who are not disabled, but for a few.
pub(crate) fn owner(org: &OrgDraft, rng: &mut Rng, most: usize) -> Vec<String> {
    let careless = rng.chance(20);
    let able: Vec<String> =
        org.users.iter().filter(|user| careless || !user.disabled).map(|user| user.id.clone()).collect();
    if able.is_empty() { Vec::new() } else { rng.some(&able, most) }
}

fn teams(org: &mut OrgDraft, size: &Size, rng: &mut Rng) {
    let ids = ["guards", "Neighbours", "admins", "night.crew", "contractors", "off", "all-hands"];
    let count = rng.below(size.others + 2).min(ids.len());
    for id in ids.iter().take(count) {
        let users: Vec<String> = org.users.iter().map(|user| user.id.to_lowercase()).collect();
        let mut team = TeamDraft { id: (*id).to_owned(), name: name(rng, 15), ..TeamDraft::default() };
        if rng.chance(80) {
            team.members.extend(rng.some(&users, 4));
        }
        if rng.chance(55) && !org.teams.is_empty() {
            // several teams below one make several ways to the same user
            let teams: Vec<String> = org.teams.iter().map(|other| format!("team:{}", other.id)).collect();
            team.members.extend(rng.some(&teams, 3));
        }
        if rng.chance(12) {
            team.members.push((*rng.pick(&["everyone", "Everyone"])).to_owned());
        }
        rng.shuffle(&mut team.members);
        if rng.chance(45) {
            team.condition = condition(org, rng);
        }
        org.teams.push(team);
    }
}

fn roles(org: &mut OrgDraft, size: &Size, rng: &mut Rng) {
    let built_in: Vec<String> = Vocabulary::built_in().roles.into_keys().collect();
    let patterns = [
        "live.view",
        "live.*",
        "archive.*",
        "class:take",
        "class:view",
        "*",
        "ptz.*",
        "link.share",
        "link.*",
        "audio.listen",
        "device.settings.*",
        "map.*",
        "access.manage",
        "class:operate",
        "layout.view",
        "device_group.view",
        "server.health",
    ];
    let ids = ["viewer", "Guard.2", "auditor", "installer", "boss"];
    let count = rng.below(size.others + 1).min(ids.len());
    for id in ids.iter().take(count) {
        let mut role = RoleDraft { id: (*id).to_owned(), ..RoleDraft::default() };
        if rng.chance(60) {
            role.extends.push(rng.pick(&built_in).clone());
        }
        if rng.chance(40) && !org.roles.is_empty() {
            role.extends.push(rng.pick(&org.roles).id.clone());
        }
        if role.extends.is_empty() || rng.chance(70) {
            role.allow = rng.some(&texts(&patterns), 4);
        }
        if rng.chance(35) {
            role.without = rng.some(&texts(&["archive.export", "ptz.*", "class:take", "audio.listen", "live.zoom"]), 2);
        }
        org.roles.push(role);
    }
}
