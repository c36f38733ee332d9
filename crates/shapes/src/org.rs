//! The shape **org**: teams with home regions. In: a size and a seed. Out: the files of a policy of one organisation.
//!
//! Exactly as many users, devices, sites and grants (denials counted) as the size says; everything else follows from
//! these: regions of about twenty sites, home teams of about 25 users. Each region has four files of its own, and a
//! few are the organisation's. All are in one folder, in block style, as an exporter would write them.

use super::Files;
use super::grants::{self, CENTRAL, Desk};
use super::ids::{RegionId, Team, TeamId};
use super::people::{self, User};
use super::rng::{Rng, share};
use super::size::Size;
use super::{devices, links, places, settings};
use std::fmt::Write;

/// The files of the policy: path and YAML text.
#[must_use]
pub fn org(size: &Size, seed: u64) -> Files {
    let regions = places::regions(size);
    let sites = places::sites(size, seed);
    let mut all_devices = Vec::with_capacity(size.devices);
    let mut users: Vec<User> = Vec::with_capacity(size.users);
    let mut teams = Vec::new();
    for region in &regions {
        let mut rng = Rng::stream(seed, "devices", region.number);
        for site in region.sites.clone() {
            all_devices.extend(devices::devices(site, region.number, &sites[site], &mut rng));
        }
        let mut rng = Rng::stream(seed, "people", region.number);
        users.extend(people::users(region, &mut rng));
        teams.push(people::teams(region, &users, &mut rng));
    }

    let central = size.grants.min(CENTRAL);
    let mut files = vec![
        ("camgrant.yaml".to_owned(), settings::MANIFEST.to_owned()),
        ("org.yaml".to_owned(), settings::org(people::login(0, &users))),
        ("roles.yaml".to_owned(), settings::ROLES.to_owned()),
        ("central.yaml".to_owned(), write_central(size, seed, &users, regions.len(), central)),
    ];
    let mut all_links = String::new();
    for (region, teams) in regions.iter().zip(&teams) {
        let number = region.number;
        let rng = |purpose| Rng::stream(seed, purpose, number);
        let mut file = |section: &str, text: String| files.push((format!("{section}-{}.yaml", RegionId(number)), text));

        let mut text = String::with_capacity(region.sites.len() * 512);
        places::write(&mut text, region, &sites, &mut rng("write sites"), |rng| {
            people::login(rng.within(&teams.leads), &users)
        });
        file("sites", text);

        let mut text = String::with_capacity(region.users.len() * 96);
        people::write(&mut text, region, &users, teams, &mut rng("write people"));
        file("people", text);

        let layouts = devices::layouts(region, &sites, &all_devices, &mut rng("layouts"));
        let mut text = String::with_capacity(all_devices.len() / regions.len() * 80);
        devices::write(&mut text, region, &sites, &all_devices, &layouts, &mut rng("write devices"), |rng| {
            people::login(people::enabled(region, &users, rng), &users)
        });
        file("devices", text);

        let direct = grants::direct_users(size.users);
        let desk = Desk {
            region,
            sites: &sites,
            devices: &all_devices,
            users: &users,
            teams,
            layouts: &layouts,
            direct_users: share(direct, regions.len(), number).len(),
        };
        let count = share(size.grants - central, regions.len(), number).len();
        let mut text = String::with_capacity(count * 100);
        grants::write(&mut text, &desk, count, &mut rng("grants"));
        if !text.is_empty() {
            file("grants", text);
        }
        links::write(&mut all_links, region, &sites, &all_devices, &users, teams, &mut rng("links"));
    }
    if !all_links.is_empty() {
        files.push(("links.yaml".to_owned(), all_links));
    }
    files
}

/// The teams that are no region's, and their grants.
fn write_central(size: &Size, seed: u64, users: &[User], regions: usize, count: usize) -> String {
    let mut rng = Rng::stream(seed, "central", 0);
    let mut out = String::from("teams:\n  all-leads:\n    members:\n");
    for region in 0..regions {
        let _ = writeln!(out, "      - {}", Team(TeamId::Leads(region)));
    }
    for (team, members) in [("security-desk", (size.users / 5_000).max(2)), ("auditors", 2)] {
        let _ = writeln!(out, "  {team}:\n    members:");
        let possible: Vec<usize> = (0..users.len()).filter(|&u| users[u].is_ordinary()).collect();
        for user in rng.sample(possible, members) {
            let _ = writeln!(out, "      - {}", people::login(user, users));
        }
    }
    out.push('\n');
    grants::write_central(&mut out, count);
    out
}
