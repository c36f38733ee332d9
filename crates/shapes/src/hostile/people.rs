//! Too many in one team, and teams too deep.

use super::{Files, ROLES, chance, sites_and_devices, users, with_settings};
use std::fmt::Write;

/// One team of all `n` users, to which a twentieth as many grants come; one user in ten has one of its own. As many
/// devices as users.
pub(crate) fn everyone(n: usize, seed: u64) -> Files {
    let mut rng = chance(seed, "everyone");
    let (sites, places) = sites_and_devices(n);
    let mut team = String::from("teams:\n  all:\n    members:\n");
    for user in 0..n {
        let _ = writeln!(team, "      - u{user}");
    }
    let mut grants = String::from("grants:\n");
    for _ in 0..n.div_ceil(20) {
        let (role, site) = (rng.pick(&ROLES), rng.below(sites));
        let _ = writeln!(grants, "  - to: team:all\n    role: {role}\n    scope: site:s{site}");
    }
    for _ in 0..n.div_ceil(10) {
        let (user, role, device) = (rng.below(n), rng.pick(&ROLES), rng.below(n));
        let _ = writeln!(grants, "  - to: u{user}\n    role: {role}\n    scope: device:d{device}");
    }
    with_settings([("users.yaml", users(n)), ("teams.yaml", team), ("places.yaml", places), ("grants.yaml", grants)])
}

const DEEP: usize = 200;

/// Chains of 200 teams, each in the one before, with 25 users to a team (fewer where there are fewer in all), `n` users
/// and devices. Two grants come to every team, so who is at the end of a chain is reached by 400.
pub(crate) fn nested(n: usize, seed: u64) -> Files {
    let mut rng = chance(seed, "nested");
    let (sites, places) = sites_and_devices(n);
    let chains = n.div_ceil(DEEP * 25);
    let (mut teams, mut grants) = (String::from("teams:\n"), String::from("grants:\n"));
    for team in 0..chains * DEEP {
        let _ = writeln!(teams, "  t{team}:\n    members:");
        // where there are fewer users than teams, some are in several
        for user in (team..n.max(team + 1)).step_by(chains * DEEP) {
            let _ = writeln!(teams, "      - u{}", user % n);
        }
        if (team + 1) % DEEP > 0 {
            let _ = writeln!(teams, "      - team:t{}", team + 1);
        }
        for _ in 0..2 {
            let (role, site) = (rng.pick(&ROLES), rng.below(sites));
            let _ = writeln!(grants, "  - to: team:t{team}\n    role: {role}\n    scope: site:s{site}");
        }
    }
    with_settings([("users.yaml", users(n)), ("teams.yaml", teams), ("places.yaml", places), ("grants.yaml", grants)])
}
