//! Where things are: regions, their sites, the groups in these, and what records there. In: a size and a seed.
//! Out: [`Region`]s and [`Site`]s, and the text that declares them.

use super::ids::{Login, Place, RecorderId, SiteId};
use super::rng::{Rng, share};
use super::size::Size;
use std::fmt::Write;
use std::ops::Range;

/// A region: a run of sites and users that belong together. Nothing in the policy is called a region; it shows in the
/// ids, in the teams and in what the grants reach.
pub(crate) struct Region {
    pub(crate) number: usize,
    pub(crate) sites: Range<usize>,
    pub(crate) users: Range<usize>,
}

/// A site, and the run of the devices that belong to it.
pub(crate) struct Site {
    pub(crate) groups: Vec<&'static Group>,
    pub(crate) devices: Range<usize>,
    /// The group that has a recorder of its own.
    pub(crate) second_recorder: Option<&'static str>,
}

/// A group as sites may have it.
pub(crate) struct Group {
    pub(crate) path: &'static str,
    /// How many of a site's devices are here, beside those in the other groups.
    weight: usize,
    /// How many of a thousand sites have it, of those that have the group around it.
    per_mille: usize,
    /// The device group that most devices here belong to, as an index into [`super::devices::DEVICE_GROUPS`].
    pub(crate) theme: usize,
    /// Every device here is excluded.
    pub(crate) exclude: bool,
}

impl Group {
    pub(crate) fn is_top(&self) -> bool {
        !self.path.contains('/')
    }

    /// The group directly in the site that this one is in, or is.
    pub(crate) fn top(&self) -> &'static str {
        self.path.split('/').next().unwrap_or(self.path)
    }

    const fn new(path: &'static str, weight: usize, per_mille: usize, theme: usize) -> Group {
        Group { path, weight, per_mille, theme, exclude: false }
    }
}

/// A group stands before those in it, and those in it directly after it.
static GROUPS: [Group; 15] = [
    Group::new("entry", 10, 1000, 0),
    Group::new("hall", 8, 700, 1),
    Group::new("yard", 12, 800, 3),
    Group::new("yard/ramp", 5, 400, 3),
    Group::new("f1", 12, 900, 4),
    Group::new("f1/east", 8, 500, 4),
    Group::new("f1/west", 8, 500, 4),
    Group::new("f2", 10, 500, 4),
    Group::new("f2/lab", 6, 400, 5),
    Group::new("f2/lab/cold", 3, 300, 5),
    Group::new("dock", 10, 600, 6),
    Group::new("dock/gate", 4, 400, 0),
    Group::new("office", 8, 700, 1),
    // no weight: what is in vaults is drawn by itself
    Group { path: "office/vault", weight: 0, per_mille: 150, theme: 5, exclude: true },
    Group::new("roof", 5, 400, 7),
];

const KINDS_OF_SITE: [&str; 6] = ["Depot", "Store", "Office", "Plant", "Car park", "Terminal"];

/// About twenty sites a region, and two regions at least where there are sites and users for them.
pub(crate) fn regions(size: &Size) -> Vec<Region> {
    let most = size.sites.min(size.users);
    let count = (size.sites / 20).max(2).min(most);
    (0..count)
        .map(|number| Region {
            number,
            sites: share(size.sites, count, number),
            users: share(size.users, count, number),
        })
        .collect()
}

/// The sites with their groups; the devices are dealt out to large sites and small ones.
pub(crate) fn sites(size: &Size, seed: u64) -> Vec<Site> {
    let mut rng = Rng::stream(seed, "sites", 0);
    let weights: Vec<usize> = (0..size.sites).map(|_| 50 + rng.below(101)).collect();
    let total: usize = weights.iter().sum();
    let mut before = 0;
    weights
        .iter()
        .map(|weight| {
            let first = size.devices * before / total;
            before += weight;
            let groups = groups(&mut rng);
            let tops: Vec<&'static str> = groups.iter().filter(|g| g.is_top()).map(|g| g.path).collect();
            let second_recorder = rng.chance(100).then(|| rng.pick(&tops));
            Site { groups, devices: first..size.devices * before / total, second_recorder }
        })
        .collect()
}

fn groups(rng: &mut Rng) -> Vec<&'static Group> {
    let mut chosen: Vec<&'static Group> = Vec::new();
    for group in &GROUPS {
        let around = group.path.rsplit_once('/').map(|(around, _)| around);
        let possible = around.is_none_or(|around| chosen.iter().any(|g| g.path == around));
        if possible && rng.chance(group.per_mille) {
            chosen.push(group);
        }
    }
    chosen
}

impl Site {
    /// The group that a device comes to stand in; none: directly in the site.
    pub(crate) fn draw_group(&self, rng: &mut Rng) -> Option<&'static Group> {
        if let Some(vault) = self.groups.iter().find(|g| g.exclude)
            && rng.chance(24)
        {
            return Some(vault);
        }
        if rng.chance(20) {
            return None;
        }
        let total: usize = self.groups.iter().map(|g| g.weight).sum();
        let mut drawn = rng.below(total);
        self.groups.iter().copied().find(|group| {
            let found = drawn < group.weight;
            drawn = drawn.saturating_sub(group.weight);
            found
        })
    }

    /// The groups directly in the site.
    pub(crate) fn tops(&self) -> Vec<&'static str> {
        self.groups.iter().filter(|g| g.is_top()).map(|g| g.path).collect()
    }
}

/// The sections `sites` and `recorders` of a region. `owner` draws one of its leads; one recorder in a hundred is
/// somebody's own.
pub(crate) fn write(
    out: &mut String,
    region: &Region,
    sites: &[Site],
    rng: &mut Rng,
    owner: impl Fn(&mut Rng) -> Login,
) {
    out.push_str("sites:\n");
    for site in region.sites.clone() {
        let recorder = RecorderId { site, second: false };
        let kind = rng.pick(&KINDS_OF_SITE);
        let _ = writeln!(out, "  {}:\n    name: {kind} {site}\n    recorder: {recorder}\n    groups:", SiteId(site));
        write_groups(out, site, &sites[site]);
    }
    out.push_str("\nrecorders:\n");
    for site in region.sites.clone() {
        for second in [false, true] {
            if !second || sites[site].second_recorder.is_some() {
                let recorder = RecorderId { site, second };
                let _ = writeln!(out, "  {recorder}:\n    ref: {:08x}", rng.next() >> 32);
                if rng.chance(10) {
                    let _ = writeln!(out, "    owner: {}", owner(rng));
                }
            }
        }
    }
}

fn write_groups(out: &mut String, number: usize, site: &Site) {
    let mut depth = 0;
    for group in &site.groups {
        let deeper = group.path.matches('/').count();
        if deeper > depth {
            let _ = writeln!(out, "{:indent$}groups:", "", indent = 4 + 4 * deeper);
        }
        depth = deeper;
        let indent = 6 + 4 * depth;
        let name = group.path.rsplit('/').next().unwrap_or(group.path);
        let _ = writeln!(out, "{:indent$}{name}:", "");
        if group.exclude {
            let _ = writeln!(out, "{:indent$}  exclude: true", "");
        }
        if site.second_recorder == Some(group.path) {
            let _ = writeln!(out, "{:indent$}  recorder: {}", "", RecorderId { site: number, second: true });
        }
    }
}

impl Place {
    pub(crate) fn of(site: usize, group: Option<&'static Group>) -> Place {
        Place { site, group: group.map(|g| g.path) }
    }
}
