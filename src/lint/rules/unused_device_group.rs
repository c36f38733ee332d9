//! `unused-device-group`: a device group that no grant names, and that keeps no device out of one either.

use std::collections::HashSet;

use crate::diagnostics::{Diagnostic, Level, Rule};
use crate::graph::Graph;
use crate::lint::{Basis, Findings, Lint, Rights};
use crate::model::{DeviceGroupIx, Org, Scope};

pub(in crate::lint) static LINT: Lint = Lint {
    rule: Rule::lint("CG1027", "unused-device-group", Level::Warn, include_str!("unused_device_group.md")),
    basis: Basis::Rights(look),
};

fn look(policy: &Rights<'_>, findings: &mut Findings) {
    let org = &policy.rights.org;
    let mut used = named(org);
    used.extend(sheltering(org, &policy.rights.graph));
    for (_, group) in org.device_groups.iter().filter(|(index, _)| !used.contains(index)) {
        let found = format!("the device group `{}` is named by no grant", group.id);
        findings.push(
            Diagnostic::new(&LINT.rule, group.span, found)
                .help(format!("name it in a grant's `only`, or as `device_group:{}`, or remove it", group.id)),
        );
    }
}

/// The groups that grants name.
fn named(org: &Org) -> HashSet<DeviceGroupIx> {
    let mut named = HashSet::new();
    for (_, grant) in org.grants.iter() {
        named.extend(grant.only.iter().flatten().map(|(group, _)| *group));
        named.extend(grant.scope.iter().chain(&grant.except_scope).filter_map(|(scope, _)| match scope {
            Scope::DeviceGroup(group) => Some(*group),
            _ => None,
        }));
    }
    named
}

/// The groups without which a device would have none: a grant narrowed by `only` reaches devices without a group, so
/// that such a group keeps its devices out of sight just by being there.
fn sheltering<'p>(org: &'p Org, graph: &'p Graph) -> impl Iterator<Item = DeviceGroupIx> + 'p {
    let narrowed = org.ungrouped_visible && org.grants.iter().any(|(_, grant)| !grant.denial && grant.only.is_some());
    let devices = org.devices.iter().filter(move |(_, device)| narrowed && !device.exclude);
    devices.filter_map(|(index, _)| match graph.containment.groups_of[index][..] {
        [only] => Some(only),
        _ => None,
    })
}
