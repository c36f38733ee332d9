//! Too many roles, conditions, denials.

use super::{Files, ROLES, chance, sites_and_devices, teams_of_25, users, with_settings};
use std::fmt::Write;

/// One by one in the chain of roles.
const CAPABILITIES: [&str; 8] = [
    "live.view",
    "archive.view",
    "ptz.control",
    "audio.listen",
    "audio.playback",
    "bookmark.edit",
    "archive.export",
    "device.stats",
];

/// A chain of `n` roles, each of which extends the one before, and a grant of each; a tenth as many users and devices.
pub(crate) fn roles(n: usize, seed: u64) -> Files {
    let mut rng = chance(seed, "roles");
    let few = n.div_ceil(10);
    let (_, places) = sites_and_devices(few);
    let (mut chain, mut grants) = (String::from("roles:\n"), String::from("grants:\n"));
    for role in 0..n {
        let _ = writeln!(chain, "  c{role}:\n    allow: {}", CAPABILITIES[role % CAPABILITIES.len()]);
        if role > 0 {
            let _ = writeln!(chain, "    extends: c{}", role - 1);
        }
        let (user, device) = (rng.below(few), rng.below(few));
        let _ = writeln!(grants, "  - to: u{user}\n    role: c{role}\n    scope: device:d{device}");
    }
    let chain = ("chain.yaml", chain);
    with_settings([chain, ("users.yaml", users(few)), ("places.yaml", places), ("grants.yaml", grants)])
}

/// `n` grants, each until an instant of its own and one in two from an address of its own. One half comes to teams of
/// 25, a hundred for each, all on one site of the team's; the other half to single users on single devices. A tenth as
/// many users and devices.
pub(crate) fn conditions(n: usize, seed: u64) -> Files {
    let mut rng = chance(seed, "conditions");
    let few = n.div_ceil(10);
    let (sites, places) = sites_and_devices(few);
    let (count, teams) = teams_of_25(few);
    let mut grants = String::from("grants:\n");
    for number in 0..n {
        let role = rng.pick(&ROLES);
        if number % 2 == 0 {
            let team = number / 200 % count;
            let _ = writeln!(grants, "  - to: team:t{team}\n    role: {role}\n    scope: site:s{}", team % sites);
        } else {
            let (user, device) = (rng.below(few), rng.below(few));
            let _ = writeln!(grants, "  - to: u{user}\n    role: {role}\n    scope: device:d{device}");
        }
        let (hour, minute, second) = (number / 3600, number / 60 % 60, number % 60);
        let (year, day, hour) = (2030 + hour / 24 / 28, 1 + hour / 24 % 28, hour % 24);
        let _ = writeln!(grants, "    until: {year}-03-{day:02}T{hour:02}:{minute:02}:{second:02}Z");
        if number % 4 < 2 {
            let _ = writeln!(grants, "    networks: 10.{}.{}.{}", number >> 16, number >> 8 & 255, number & 255);
        }
    }
    let people = [("users.yaml", users(few)), ("teams.yaml", teams)];
    with_settings(people.into_iter().chain([("places.yaml", places), ("grants.yaml", grants)]))
}

/// `n` denials, each of one capability on one device to one user, who would hold it: a tenth as many users in teams of
/// 25, with a grant on all; a tenth as many devices.
pub(crate) fn denials(n: usize, seed: u64) -> Files {
    let mut rng = chance(seed, "denials");
    let few = n.div_ceil(10);
    let (_, places) = sites_and_devices(few);
    let (count, teams) = teams_of_25(few);
    let mut grants = String::from("grants:\n");
    for team in 0..count {
        let _ = writeln!(grants, "  - to: team:t{team}\n    role: export\n    scope: all");
    }
    for _ in 0..n {
        let (user, device) = (rng.below(few), rng.below(few));
        let denied = rng.pick(&["live.view", "archive.view", "archive.export", "audio.playback"]);
        let _ = writeln!(grants, "  - to: u{user}\n    deny: {denied}\n    scope: device:d{device}");
    }
    let people = [("users.yaml", users(few)), ("teams.yaml", teams)];
    with_settings(people.into_iter().chain([("places.yaml", places), ("grants.yaml", grants)]))
}
