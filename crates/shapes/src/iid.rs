//! The shape **iid**: everything independent of everything else. In: a size and a seed. Out: the files of a policy of
//! one organisation, with exactly as many users, devices, sites and grants as the size says.
//!
//! Nobody has a home: teams take members from everywhere, grants name any user or team and any place or device, devices
//! are in any device groups. So hardly two users have the same rights, and hardly two devices the same standing, which
//! is what a compiler over classes is worst at.

use super::grants::{Book, PLAIN_ROLES};
use super::rng::Rng;
use super::settings;
use super::{Files, Size};
use std::fmt::Write;

const GROUPS: [&str; 4] = ["entry", "hall", "yard", "dock"];
const DEVICE_GROUPS: usize = 64;
/// What denials take: nothing on which seeing a layout or device group would rest.
const DENIED: [&str; 4] = ["archive.export", "ptz.control", "audio.talk", "snapshot.take"];

/// The files of the policy: path and YAML text.
#[must_use]
pub fn iid(size: &Size, seed: u64) -> Files {
    let teams = (size.users / 25).max(2);
    vec![
        ("camgrant.yaml".to_owned(), settings::MANIFEST.to_owned()),
        ("org.yaml".to_owned(), settings::org("u0")),
        ("roles.yaml".to_owned(), settings::ROLES.to_owned()),
        ("people.yaml".to_owned(), people(size, teams, &mut Rng::stream(seed, "iid people", 0))),
        ("places.yaml".to_owned(), places(size)),
        ("devices.yaml".to_owned(), devices(size, &mut Rng::stream(seed, "iid devices", 0))),
        ("grants.yaml".to_owned(), grants(size, teams, &mut Rng::stream(seed, "iid grants", 0))),
    ]
}

fn people(size: &Size, teams: usize, rng: &mut Rng) -> String {
    let mut out = String::from("users:\n");
    let mut members = vec![Vec::new(); teams];
    for user in 0..size.users {
        let _ = writeln!(out, "  u{user}:");
        for _ in 0..rng.below(4) {
            let team: &mut Vec<usize> = &mut members[rng.below(teams)];
            if team.last() != Some(&user) {
                team.push(user);
            }
        }
    }
    out.push_str("teams:\n");
    for (team, members) in members.iter().enumerate() {
        let _ = writeln!(out, "  t{team}:\n    members:\n      - u{}", team % size.users);
        for member in members.iter().filter(|&&member| member != team % size.users) {
            let _ = writeln!(out, "      - u{member}");
        }
    }
    out
}

fn places(size: &Size) -> String {
    let mut out = String::from("recorders:\n");
    for site in 0..size.sites {
        let _ = writeln!(out, "  nvr-{site}:");
    }
    out.push_str("sites:\n");
    for site in 0..size.sites {
        let _ = writeln!(out, "  s{site}:\n    recorder: nvr-{site}\n    groups:");
        for group in GROUPS {
            let _ = writeln!(out, "      {group}:");
        }
    }
    out
}

fn devices(size: &Size, rng: &mut Rng) -> String {
    let mut out = String::from("device_groups:\n");
    for group in 0..DEVICE_GROUPS {
        let _ = writeln!(out, "  g{group}:");
    }
    out.push_str("devices:\n");
    for device in 0..size.devices {
        let (site, group) = (rng.below(size.sites), rng.pick(&GROUPS));
        let _ = writeln!(out, "  d{device}:\n    in: s{site}/{group}");
        match (rng.below(DEVICE_GROUPS), rng.below(DEVICE_GROUPS), rng.below(3)) {
            (_, _, 0) => {}
            (one, other, 2) if one != other => {
                let _ = writeln!(out, "    device_groups:\n      - g{one}\n      - g{other}");
            }
            (one, ..) => {
                let _ = writeln!(out, "    device_groups: g{one}");
            }
        }
    }
    out
}

fn grants(size: &Size, teams: usize, rng: &mut Rng) -> String {
    let mut out = String::new();
    let mut book = Book::new(&mut out, size.grants);
    loop {
        let open = if rng.chance(400) {
            book.open(format_args!("u{}", rng.below(size.users)))
        } else {
            book.open(format_args!("team:t{}", rng.below(teams)))
        };
        if !open {
            return out;
        }
        if rng.chance(50) {
            book.field("deny", rng.pick(&DENIED));
        } else {
            book.field("role", rng.pick(&PLAIN_ROLES));
        }
        let site = rng.below(size.sites);
        match rng.below(100) {
            0..40 => book.field("scope", format_args!("site:s{site}")),
            40..60 => {
                book.field("scope", format_args!("site:s{site}"));
                book.field("only", format_args!("g{}", rng.below(DEVICE_GROUPS)));
            }
            60..80 => book.field("scope", format_args!("group:s{site}/{}", rng.pick(&GROUPS))),
            _ => book.field("scope", format_args!("device:d{}", rng.below(size.devices))),
        }
        match rng.below(1000) {
            0..60 => book.field("until", format_args!("{}-06-30", 2028 + rng.below(4))),
            60..95 => book.field("schedule", rng.pick(&settings::SCHEDULES)),
            95..120 => book.field("networks", rng.pick(&settings::NETWORKS)),
            _ => {}
        }
    }
}
