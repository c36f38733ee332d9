//! Shapes with one thing of a policy in numbers in which nobody has it. In: how many, and a seed. Out: the files of a
//! policy that has no errors within the default limits.
//!
//! Each has that one thing in all its size, and otherwise no more than it takes to have rights: so the time that it
//! takes is told by what it is about.

mod access;
mod people;
mod places;

pub(crate) use self::access::{conditions, denials, roles};
pub(crate) use self::people::{everyone, nested};
pub(crate) use self::places::{device_groups, places};

use super::rng::Rng;
use super::{Files, settings};
use std::fmt::Write;

/// What nothing is said against: they show neither layouts nor device groups.
const ROLES: [&str; 6] = ["watch", "viewer", "operator", "export", "auditor", "technician"];

/// The manifest, the organisation and its roles, and these files.
fn with_settings(files: impl IntoIterator<Item = (&'static str, String)>) -> Files {
    let organisation = settings::org("root").replace("  acme:\n", "  acme:\n    max_group_depth: 32\n");
    let mut all = vec![
        ("camgrant.yaml".to_owned(), settings::MANIFEST.to_owned()),
        ("org.yaml".to_owned(), organisation),
        ("roles.yaml".to_owned(), settings::ROLES.to_owned()),
        ("root.yaml".to_owned(), "users:\n  root:\n".to_owned()),
    ];
    all.extend(files.into_iter().map(|(path, text)| (path.to_owned(), text)));
    all
}

/// The section `users`, with as many.
fn users(count: usize) -> String {
    let mut out = String::from("users:\n");
    for user in 0..count {
        let _ = writeln!(out, "  u{user}:");
    }
    out
}

/// Sites of about fifty devices each, as many as it takes; the section `devices` says which are where.
fn sites_and_devices(devices: usize) -> (usize, String) {
    let sites = devices.div_ceil(50).max(1);
    let mut out = String::from("sites:\n");
    for site in 0..sites {
        let _ = writeln!(out, "  s{site}:");
    }
    out.push_str("devices:\n");
    for device in 0..devices {
        let _ = writeln!(out, "  d{device}:\n    in: s{}", device % sites);
    }
    (sites, out)
}

/// Teams of 25 users; the last may have fewer.
fn teams_of_25(users: usize) -> (usize, String) {
    let count = users.div_ceil(25);
    let mut out = String::from("teams:\n");
    for team in 0..count {
        let _ = writeln!(out, "  t{team}:\n    members:");
        for user in team * 25..(team * 25 + 25).min(users) {
            let _ = writeln!(out, "      - u{user}");
        }
    }
    (count, out)
}

/// A stream of chance for one shape.
fn chance(seed: u64, shape: &str) -> Rng {
    Rng::stream(seed, shape, 0)
}
