//! Temporary links: two a region, made by its leads, who may share what they show. In: regions and what is there.
//! Out: the section `links`.

use super::devices::{self, Device};
use super::ids::RegionId;
use super::people::{self, Teams, User};
use super::places::{Region, Site};
use super::rng::Rng;
use std::fmt::Write;

/// Appends the links of a region; nothing, where it has no device to show.
pub(crate) fn write(
    out: &mut String,
    region: &Region,
    sites: &[Site],
    devices: &[Device],
    users: &[User],
    teams: &Teams,
    rng: &mut Rng,
) {
    for number in 1..=2 {
        let site = rng.within(&region.sites);
        let here: Vec<usize> = sites[site].devices.clone().filter(|&d| devices[d].is_ordinary()).collect();
        let count = 1 + rng.below(3);
        let chosen = rng.sample(here, count);
        if chosen.is_empty() {
            continue;
        }
        if out.is_empty() {
            out.push_str("links:\n");
        }
        let _ = writeln!(out, "  {}-visit-{number}:\n    devices:", RegionId(region.number));
        for device in chosen {
            let _ = writeln!(out, "      - {}", devices::id(device, devices, sites));
        }
        let (year, month) = (2028 + rng.below(4), 1 + rng.below(12));
        let first = 1 + rng.below(14);
        let _ = writeln!(out, "    from: {year}-{month:02}-{first:02}\n    until: {year}-{month:02}-{:02}", first + 10);
        if rng.chance(200) {
            out.push_str("    schedule: office-hours\n");
        }
        if rng.chance(300) {
            out.push_str("    allow:\n      - live.view\n      - audio.listen\n");
        }
        let maker = people::login(rng.within(&teams.leads), users);
        let _ = writeln!(out, "    created_by: {maker}");
    }
}
