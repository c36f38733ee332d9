//! Places too deep, and devices in too many device groups.

use super::{Files, ROLES, chance, users, with_settings};
use std::fmt::Write;

/// Below a site; with the site, 32 places.
const DEEP: usize = 31;

/// Sites of 31 groups, each in the one before, with `n` devices all over; a fifth as many users, and half as many
/// grants, to places of any depth.
pub(crate) fn places(n: usize, seed: u64) -> Files {
    let mut rng = chance(seed, "places");
    let sites = n.div_ceil(320);
    let mut out = String::from("sites:\n");
    for site in 0..sites {
        let _ = writeln!(out, "  s{site}:");
        for depth in 1..=DEEP {
            let _ = writeln!(out, "{:2$}groups:\n{:2$}  p{depth}:", "", "", depth * 4);
        }
    }
    let place = |site: usize, depth: usize| {
        let mut path = format!("s{site}");
        for depth in 1..=depth {
            let _ = write!(path, "/p{depth}");
        }
        path
    };
    let mut devices = String::from("devices:\n");
    for device in 0..n {
        let _ = writeln!(devices, "  d{device}:\n    in: {}", place(rng.below(sites), rng.below(DEEP + 1)));
    }
    let people = n.div_ceil(5);
    let mut grants = String::from("grants:\n");
    for _ in 0..n.div_ceil(2) {
        let (user, role) = (rng.below(people), rng.pick(&ROLES));
        let path = place(rng.below(sites), 1 + rng.below(DEEP));
        let _ = writeln!(grants, "  - to: u{user}\n    role: {role}\n    scope: group:{path}");
    }
    let devices = ("devices.yaml", devices);
    with_settings([("users.yaml", users(people)), ("sites.yaml", out), devices, ("grants.yaml", grants)])
}

/// Device groups of a device.
const GROUPS: usize = 50;

/// `n` devices, each in 50 of 200 device groups; a fifth as many users, and half as many grants, to device groups and
/// narrowed by them.
pub(crate) fn device_groups(n: usize, seed: u64) -> Files {
    let mut rng = chance(seed, "device groups");
    let (sites, all) = (n.div_ceil(50), GROUPS * 4);
    let mut out = String::from("sites:\n");
    for site in 0..sites {
        let _ = writeln!(out, "  s{site}:");
    }
    out.push_str("device_groups:\n");
    for group in 0..all {
        let _ = writeln!(out, "  g{group}:");
    }
    out.push_str("devices:\n");
    for device in 0..n {
        let _ = writeln!(out, "  d{device}:\n    in: s{}\n    device_groups:", device % sites);
        for group in rng.sample((0..all).collect(), GROUPS) {
            let _ = writeln!(out, "      - g{group}");
        }
    }
    let people = n.div_ceil(5);
    let mut grants = String::from("grants:\n");
    for _ in 0..n.div_ceil(2) {
        let (user, role, group) = (rng.below(people), rng.pick(&ROLES), rng.below(all));
        let _ = writeln!(grants, "  - to: u{user}\n    role: {role}");
        if rng.chance(500) {
            let _ = writeln!(grants, "    scope: device_group:g{group}");
        } else {
            let _ = writeln!(grants, "    scope: site:s{}\n    only: g{group}", rng.below(sites));
        }
    }
    with_settings([("users.yaml", users(people)), ("devices.yaml", out), ("grants.yaml", grants)])
}
