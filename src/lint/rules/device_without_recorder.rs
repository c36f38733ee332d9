//! `device-without-recorder`: a device that neither names a recorder nor stands where one records.

use crate::diagnostics::{Diagnostic, Level, Rule};
use crate::lint::{Basis, Declarations, Findings, Lint};
use crate::model::{Device, Org, PlaceIx};

pub(in crate::lint) static LINT: Lint = Lint {
    rule: Rule::lint("CG1032", "device-without-recorder", Level::Allow, include_str!("device_without_recorder.md")),
    basis: Basis::Declarations(look),
};

fn look(policy: &Declarations<'_>, findings: &mut Findings) {
    for (index, device) in policy.org.devices.iter() {
        if policy.graph.containment.recorder_of[index].is_some() || is_uncertain(policy.org, device) {
            continue;
        }
        let found = format!("the device `{}` is recorded by nothing", device.id);
        findings.push(
            Diagnostic::new(&LINT.rule, device.span, found)
                .help("name its recorder with `recorder:`, here or at its site or group"),
        );
    }
}

/// Whether the device, or a place above it, has a mistake and may name a recorder after all.
fn is_uncertain(org: &Org, device: &Device) -> bool {
    let above = |place: &PlaceIx| org.places[*place].parent;
    device.broken || std::iter::successors(device.place, above).any(|place| org.places[place].broken)
}
