//! What is watched: devices, the device groups and the layouts they are gathered in. In: places and a seed.
//! Out: [`Device`]s and [`Layout`]s, and the text that declares them.
//!
//! "In no group" is read as: in no device group (a place nearly every device has). That is 5 % of the devices,
//! excluded ones apart; about 5 % are in two, one half of them because the second device group lists them. About 1 %
//! are excluded: most name `exclude` themselves, the others stand in a vault. About 0.5 % have no place.

use super::ids::{DeviceGroupId, DeviceId, LayoutId, Login, Place, RecorderId};
use super::places::{Group, Region, Site};
use super::rng::Rng;
use std::fmt::Write;

/// Each region has one of each.
pub(crate) const DEVICE_GROUPS: [&str; 8] = ["doors", "cash", "fences", "cars", "halls", "stores", "docks", "roofs"];

/// One more, which lists its devices itself.
pub(crate) const PATROL: &str = "patrol";

pub(crate) struct Device {
    pub(crate) site: usize,
    pub(crate) region: usize,
    pub(crate) group: Option<&'static Group>,
    /// Indices into [`DEVICE_GROUPS`].
    pub(crate) first: Option<usize>,
    second: Option<usize>,
    on_patrol: bool,
    exclude: bool,
    /// It came down from its site, and is in no place now.
    pub(crate) unassigned: bool,
}

pub(crate) struct Layout {
    pub(crate) id: LayoutId,
    devices: Vec<usize>,
}

/// The devices of one site, in the order of their numbers.
pub(crate) fn devices<'a>(
    number: usize,
    region: usize,
    site: &'a Site,
    rng: &'a mut Rng,
) -> impl Iterator<Item = Device> + 'a {
    site.devices.clone().map(move |_| {
        let mut device = Device {
            site: number,
            region,
            group: site.draw_group(rng),
            first: None,
            second: None,
            on_patrol: false,
            exclude: rng.chance(7),
            unassigned: rng.chance(5),
        };
        if device.is_excluded() || rng.chance(50) {
            return device;
        }
        let theme = device.group.map_or(4, |g| g.theme);
        let first = if rng.chance(850) { theme } else { rng.below(DEVICE_GROUPS.len()) };
        device.first = Some(first);
        if rng.chance(52) {
            if rng.chance(500) {
                device.on_patrol = true;
            } else {
                device.second = Some((first + 1 + rng.below(DEVICE_GROUPS.len() - 1)) % DEVICE_GROUPS.len());
            }
        }
        device
    })
}

impl Device {
    pub(crate) fn is_excluded(&self) -> bool {
        self.exclude || (!self.unassigned && self.group.is_some_and(|g| g.exclude))
    }

    /// Something that grants may name and layouts may show.
    pub(crate) fn is_ordinary(&self) -> bool {
        !self.is_excluded() && !self.unassigned
    }
}

/// The name of the device at that index of all.
pub(crate) fn id(index: usize, devices: &[Device], sites: &[Site]) -> DeviceId {
    let site = devices[index].site;
    DeviceId { site, number: index - sites[site].devices.start + 1 }
}

/// Two layouts of single sites, each `in` its site and of devices there, and two of the whole region, which are
/// nowhere. So whoever has a right on a whole site has it on all devices of that site's layout.
pub(crate) fn layouts(region: &Region, sites: &[Site], devices: &[Device], rng: &mut Rng) -> Vec<Layout> {
    let ordinary = |of: std::ops::Range<usize>| of.filter(|&d| devices[d].is_ordinary()).collect::<Vec<_>>();
    let mut layouts = Vec::new();
    for site in rng.sample(region.sites.clone().collect(), 2) {
        let count = 4 + rng.below(6);
        layouts.push(Layout {
            id: LayoutId::Site(site),
            devices: rng.sample(ordinary(sites[site].devices.clone()), count),
        });
    }
    for number in 1..=2 {
        let everywhere = sites[region.sites.start].devices.start..sites[region.sites.end - 1].devices.end;
        let count = 6 + rng.below(11);
        let id = LayoutId::Region { region: region.number, number };
        layouts.push(Layout { id, devices: rng.sample(ordinary(everywhere), count) });
    }
    layouts.retain(|layout| !layout.devices.is_empty());
    layouts
}

/// The sections `device_groups`, `devices` and `layouts` of a region. `owner` draws one of its users.
pub(crate) fn write(
    out: &mut String,
    region: &Region,
    sites: &[Site],
    devices: &[Device],
    layouts: &[Layout],
    rng: &mut Rng,
    owner: impl Fn(&mut Rng) -> Login,
) {
    let of_region = sites[region.sites.start].devices.start..sites[region.sites.end - 1].devices.end;
    let group = |name| DeviceGroupId { region: region.number, name };

    out.push_str("device_groups:\n");
    for name in DEVICE_GROUPS {
        let _ = writeln!(out, "  {}:", group(name));
    }
    let _ = writeln!(out, "  {}:\n    name: On the round", group(PATROL));
    let mut listed = of_region.clone().filter(|&d| devices[d].on_patrol).peekable();
    if listed.peek().is_some() {
        out.push_str("    devices:\n");
        for device in listed {
            let _ = writeln!(out, "      - {}", id(device, devices, sites));
        }
    }

    if !of_region.is_empty() {
        out.push_str("\ndevices:\n");
    }
    for index in of_region {
        let device = &devices[index];
        let _ = writeln!(out, "  {}:", id(index, devices, sites));
        if !device.unassigned {
            let _ = writeln!(out, "    in: {}", Place::of(device.site, device.group));
        }
        if rng.chance(50) {
            let kind = rng.pick(&["microphone", "speaker", "intercom", "intercom", "io-module", "sensor"]);
            let _ = writeln!(out, "    kind: {kind}");
        }
        if device.unassigned || rng.chance(8) {
            let second = sites[device.site].second_recorder.is_some();
            let _ = writeln!(out, "    recorder: {}", RecorderId { site: device.site, second });
        }
        match (device.exclude, device.first, device.second) {
            (true, _, _) => out.push_str("    device_groups: exclude\n"),
            (_, Some(first), None) => {
                let _ = writeln!(out, "    device_groups: {}", group(DEVICE_GROUPS[first]));
            }
            (_, Some(first), Some(second)) => {
                let (first, second) = (group(DEVICE_GROUPS[first]), group(DEVICE_GROUPS[second]));
                let _ = writeln!(out, "    device_groups:\n      - {first}\n      - {second}");
            }
            (_, None, _) => {}
        }
        if rng.chance(2) {
            let _ = writeln!(out, "    owner: {}", owner(rng));
        }
    }

    if !layouts.is_empty() {
        out.push_str("\nlayouts:\n");
    }
    for layout in layouts {
        let _ = writeln!(out, "  {}:", layout.id);
        if let LayoutId::Site(site) = layout.id {
            let _ = writeln!(out, "    in: {}", Place { site, group: None });
        }
        if rng.chance(300) {
            out.push_str("    locked: true\n");
        }
        out.push_str("    devices:\n");
        for &device in &layout.devices {
            let _ = writeln!(out, "      - {}", id(device, devices, sites));
        }
    }
}
