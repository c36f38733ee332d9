//! `view-over-denied`: a layout or device group shown to one to whom a device in it is denied (`semantics §5`).

use crate::diagnostics::{Level, Rule};
use crate::effective::Why;
use crate::lint::{Basis, Findings, Lint, Rights};

pub(in crate::lint) static LINT: Lint = Lint {
    rule: Rule::lint("CG1001", "view-over-denied", Level::Deny, include_str!("view_over_denied.md")),
    basis: Basis::Judged(look),
};

fn look(policy: &Rights<'_>, findings: &mut Findings) {
    let org = &policy.rights.org;
    for shown in policy.rights.uncovered.iter().filter(|shown| shown.why == Why::Denied) {
        let are = if shown.devices.len() == 1 { "is" } else { "are" };
        let found = format!("{} may {}, and {} in it {are} denied", shown.who(org), shown.shown(org), shown.what(org));
        let help = format!("deny {} too, or take what is denied out of it", shown.thing());
        findings.push(shown.diagnostic(org, &LINT.rule, found, help));
    }
}
