//! `ungrouped-device-visible`: a grant narrowed by `only` that reaches a device just because it has no device group.

use crate::diagnostics::{Diagnostic, Level, Rule};
use crate::graph::Resource;
use crate::lint::words::devices;
use crate::lint::{Basis, Findings, Lint, Rights};
use crate::model::DeviceIx;
use crate::vocabulary::ResourceKind;

pub(in crate::lint) static LINT: Lint = Lint {
    rule: Rule::lint("CG1013", "ungrouped-device-visible", Level::Warn, include_str!("ungrouped_device_visible.md")),
    basis: Basis::Rights(look),
};

fn look(policy: &Rights<'_>, findings: &mut Findings) {
    let rights = policy.rights;
    if !rights.org.ungrouped_visible {
        return;
    }
    for (_, statement) in rights.statements.all.iter().filter(|(_, statement)| !statement.denial) {
        let Some((_, at)) = rights.org.grants[statement.grant].only.iter().flatten().next() else { continue };
        if rights.statements.on_kind(statement, ResourceKind::Device).is_empty() {
            continue;
        }
        let reached = rights.statements.reached(statement).iter().map(|class| &rights.resources.classes[*class]);
        let members = reached.filter(|class| class.standing.ungrouped).flat_map(|class| &class.members);
        let mut all: Vec<DeviceIx> = members
            .filter_map(|member| match rights.graph.containment.resource(*member) {
                Resource::Device(device) => Some(device),
                _ => None,
            })
            .collect();
        all.sort_unstable();
        let Some(first) = all.first() else { continue };
        let found = format!("`only` does not keep {} out: no device group is named there", devices(&rights.org, &all));
        findings.push(
            Diagnostic::new(&LINT.rule, *at, found)
                .other(rights.org.devices[*first].span, "has no device group")
                .help("put the device into a device group, or set `ungrouped_devices: hidden` in the organisation"),
        );
    }
}
