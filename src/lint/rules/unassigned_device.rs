//! `unassigned-device`: a device without a place.

use crate::diagnostics::{Diagnostic, Level, Rule};
use crate::lint::{Basis, Declarations, Findings, Lint};

pub(in crate::lint) static LINT: Lint = Lint {
    rule: Rule::lint("CG1031", "unassigned-device", Level::Allow, include_str!("unassigned_device.md")),
    basis: Basis::Declarations(look),
};

fn look(policy: &Declarations<'_>, findings: &mut Findings) {
    let devices = policy.org.devices.iter().map(|(_, device)| device);
    for device in devices.filter(|device| !device.broken && device.place.is_none()) {
        let found = format!("the device `{}` is in no site", device.id);
        findings.push(
            Diagnostic::new(&LINT.rule, device.span, found).help("say where it is, with `in:` and a site or group"),
        );
    }
}
