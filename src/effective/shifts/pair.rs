//! A grant held against a shift: site by site, on which devices a right is held around the shift, and on which it comes
//! by shifts alone. Classes of devices and sets of capabilities are compared, never one device with another.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::{Comes, Found};
use crate::effective::OrgRights;
use crate::effective::condition::Conditions;
use crate::effective::gap::{Differing, Held};
use crate::effective::resources::ResourceClassIx;
use crate::effective::right::Right;
use crate::effective::rows::{Evaluator, Row};
use crate::effective::search::in_both;
use crate::graph::Resource;
use crate::model::{DeviceIx, PlaceIx};
use crate::vocabulary::CapabilitySet;

/// For each site its devices by class, classes and devices ascending.
pub(super) struct Sites {
    classes: BTreeMap<PlaceIx, Vec<(ResourceClassIx, Vec<DeviceIx>)>>,
    /// The sites in which each class has devices.
    of_class: HashMap<ResourceClassIx, Vec<PlaceIx>>,
}

impl Sites {
    pub(super) fn new(rights: &OrgRights) -> Sites {
        let org = &rights.org;
        let mut sites = Sites { classes: BTreeMap::new(), of_class: HashMap::new() };
        for (class, found) in rights.resources.classes.iter() {
            let mut here: BTreeMap<PlaceIx, Vec<DeviceIx>> = BTreeMap::new();
            for member in &found.members {
                let Resource::Device(device) = rights.graph.containment.resource(*member) else { continue };
                let place = org.devices[device].place;
                let above = std::iter::successors(place, |place| org.places[*place].parent);
                if let Some(site) = above.last() {
                    here.entry(site).or_default().push(device);
                }
            }
            for (site, mut devices) in here {
                devices.sort_unstable();
                sites.classes.entry(site).or_default().push((class, devices));
                sites.of_class.entry(class).or_default().push(site);
            }
        }
        sites
    }
}

/// A grant that may come around a shift, and one that comes by it.
pub(super) struct Pair<'c, 's> {
    pub grant: &'c Comes<'s>,
    pub shift: &'c Comes<'s>,
    /// What both give on devices.
    pub both: CapabilitySet,
    /// What comes otherwise than by shifts.
    pub otherwise: &'c [Comes<'s>],
}

/// Devices of one class in a site, on which some capabilities are held in one way.
struct Part<'d, H> {
    held: H,
    capabilities: CapabilitySet,
    devices: &'d [DeviceIx],
}

impl Pair<'_, '_> {
    /// Site by site: what is held around the shift on some devices, and on others comes by shifts alone. Capabilities of
    /// which all the same is to be said are judged together.
    pub(super) fn compare(
        &self,
        rights: &OrgRights,
        evaluator: &Evaluator<'_>,
        row: &Row,
        sites: &Sites,
    ) -> BTreeMap<Found, CapabilitySet> {
        let right = |class: ResourceClassIx| {
            let at = row.binary_search_by_key(&class, |(class, _)| *class).ok()?;
            row.get(at).map(|(_, right)| evaluator.right(*right))
        };
        let meeting = in_both(self.grant.classes, self.shift.classes);
        let escaping = meeting.filter(|class| right(*class).is_some_and(|right| !(right.allow & self.both).is_empty()));
        let wanted: BTreeSet<PlaceIx> =
            escaping.filter_map(|class| sites.of_class.get(&class)).flatten().copied().collect();
        let mut alike: BTreeMap<Found, CapabilitySet> = BTreeMap::new();
        for site in wanted {
            let (mut around, mut bound) = (Vec::new(), Vec::new());
            for (class, devices) in sites.classes.get(&site).into_iter().flatten() {
                let Some(right) = right(*class).filter(|_| self.shift.reaches(*class)) else { continue };
                if self.grant.reaches(*class) {
                    for (held, capabilities) in held_always(right, self.both) {
                        around.push(Part { held, capabilities, devices });
                    }
                }
                let reaching = self.otherwise.iter().filter(|comes| comes.reaches(*class));
                let capabilities =
                    (right.held() & self.both).without(reaching.map(|comes| comes.capabilities).collect());
                if !capabilities.is_empty() {
                    bound.push(Part { held: (), capabilities, devices });
                }
            }
            self.tell(rights, site, &around, &bound, &mut alike);
        }
        alike
    }

    /// What is found in a site.
    fn tell(
        &self,
        rights: &OrgRights,
        site: PlaceIx,
        around: &[Part<'_, Held>],
        bound: &[Part<'_, ()>],
        alike: &mut BTreeMap<Found, CapabilitySet>,
    ) {
        let grant_of = |comes: &Comes<'_>| rights.statements.all[comes.statement].grant;
        let lacks = Held { allow: rights.statements.set(self.shift.ways).to_vec(), deny: Vec::new() };
        let sets = around.iter().map(|part| part.capabilities).chain(bound.iter().map(|part| part.capabilities));
        for capabilities in told_apart(around.iter().map(|part| part.capabilities).collect(), sets) {
            let bound = devices_of(bound.iter().filter(|part| part.has(capabilities)));
            if bound.is_empty() {
                continue;
            }
            let mut by_held: BTreeMap<&Held, Vec<&Part<'_, Held>>> = BTreeMap::new();
            for part in around.iter().filter(|part| part.has(capabilities)) {
                by_held.entry(&part.held).or_default().push(part);
            }
            for (held, parts) in by_held {
                let found = Found {
                    grant: grant_of(self.grant),
                    shift: grant_of(self.shift),
                    site,
                    capabilities: CapabilitySet::EMPTY,
                    devices: devices_of(parts.into_iter()),
                    bound: bound.clone(),
                    // with what stands against the right, as it does by the shift too
                    differing: Differing { holds: held.clone(), lacks: lacks.clone() },
                };
                let of_these = alike.entry(found).or_default();
                *of_these = *of_these | capabilities;
            }
        }
    }
}

impl Comes<'_> {
    fn reaches(&self, class: ResourceClassIx) -> bool {
        self.classes.binary_search(&class).is_ok()
    }
}

impl<H> Part<'_, H> {
    /// Whether these capabilities, which are not told apart, are among its own.
    fn has(&self, capabilities: CapabilitySet) -> bool {
        !(self.capabilities & capabilities).is_empty()
    }
}

fn devices_of<'d, H: 'd>(parts: impl Iterator<Item = &'d Part<'d, H>>) -> Vec<DeviceIx> {
    let mut devices: Vec<DeviceIx> = parts.flat_map(|part| part.devices).copied().collect();
    devices.sort_unstable();
    devices
}

/// What a right holds of some capabilities without a condition: those against which the same denials stand together.
fn held_always(right: &Right, wanted: CapabilitySet) -> Vec<(Held, CapabilitySet)> {
    let always = |deny: Vec<_>| Held { allow: vec![Conditions::ALWAYS], deny };
    let mut free = right.allow & wanted;
    let mut all = Vec::new();
    for item in &right.deny_when {
        let limited = free & item.capabilities;
        if !limited.is_empty() {
            free = free.without(limited);
            all.push((always(item.when.clone()), limited));
        }
    }
    if !free.is_empty() {
        all.push((always(Vec::new()), free));
    }
    all
}

/// Parts capabilities so that none of some sets has a part in half.
fn told_apart(all: CapabilitySet, sets: impl Iterator<Item = CapabilitySet>) -> Vec<CapabilitySet> {
    let mut parts = vec![all];
    let mut known = BTreeSet::new();
    for set in sets.filter(|set| known.insert(*set)) {
        parts = parts.into_iter().flat_map(|part| [part & set, part.without(set)]).collect();
        parts.retain(|part| !part.is_empty());
    }
    parts
}
