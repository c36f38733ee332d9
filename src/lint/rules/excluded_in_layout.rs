//! `excluded-in-layout`: a layout, or a device group that is granted, with a device that only its owners see.

use std::collections::HashSet;

use crate::diagnostics::{Diagnostic, Level, Rule, listed};
use crate::graph::Resource;
use crate::lint::{Basis, Findings, Lint, Rights};
use crate::model::{At, DeviceGroupIx, DeviceIx, Scope};
use crate::source::Span;

pub(in crate::lint) static LINT: Lint = Lint {
    rule: Rule::lint("CG1021", "excluded-in-layout", Level::Warn, include_str!("excluded_in_layout.md")),
    basis: Basis::Rights(look),
};

fn look(policy: &Rights<'_>, findings: &mut Findings) {
    let org = &policy.rights.org;
    for (index, layout) in org.layouts.iter() {
        let name = format!("the layout `{}`", layout.id);
        tell(policy, Resource::Layout(index), &name, layout.span, &layout.devices, findings);
    }
    let granted: HashSet<DeviceGroupIx> = (org.grants.iter().map(|(_, grant)| grant))
        .filter(|grant| grant.enabled && !grant.denial)
        .flat_map(|grant| &grant.scope)
        .filter_map(|(scope, _)| match scope {
            Scope::DeviceGroup(group) => Some(*group),
            _ => None,
        })
        .collect();
    for (index, group) in org.device_groups.iter().filter(|(index, _)| granted.contains(index)) {
        let name = format!("the device group `{}`", group.id);
        tell(policy, Resource::DeviceGroup(index), &name, group.span, &group.devices, findings);
    }
}

fn tell(
    policy: &Rights<'_>,
    gathering: Resource,
    name: &str,
    span: Span,
    items: &[At<DeviceIx>],
    findings: &mut Findings,
) {
    let org = &policy.rights.org;
    let mut kept: Vec<DeviceIx> = policy.rights.graph.containment.devices_of(gathering).collect();
    kept.retain(|device| why(policy, *device).is_some());
    kept.sort_unstable();
    let first_listed = items.iter().find(|(device, _)| kept.binary_search(device).is_ok());
    // a device that says itself that it is in the group stands in no list of it
    let first = first_listed.copied().or_else(|| Some((*kept.first()?, span)));
    let Some((first, at)) = first else { return };
    let Some((why_at, why)) = why(policy, first) else { return };
    let what = listed(kept.iter().map(|device| &*org.devices[*device].id), "device");
    let found = format!("{name} has {what}, which nobody but owners may watch");
    findings.push(
        Diagnostic::new(&LINT.rule, at, found)
            .other(why_at, why)
            .help("take what is kept from all out of it, or share it again"),
    );
}

/// Why nobody but owners may watch a device, and where that is written.
fn why(policy: &Rights<'_>, device: DeviceIx) -> Option<(Span, &'static str)> {
    let (org, containment) = (&policy.rights.org, &policy.rights.graph.containment);
    let declared = &org.devices[device];
    if declared.exclude {
        return Some((declared.span, "this device is excluded"));
    }
    if containment.excluded[device] {
        let places = std::iter::successors(declared.place, |place| org.places[*place].parent);
        let place = places.map(|place| &org.places[place]).find(|place| place.exclude);
        return Some((place.map_or(declared.span, |place| place.span), "what is in here is excluded"));
    }
    let recorder = &org.recorders[containment.recorder_of[device]?];
    (!recorder.sharing).then_some((recorder.span, "this recorder shares nothing"))
}
