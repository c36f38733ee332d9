//! `shadowed-grant`: a grant whose every effect is taken by denials, `exclude` or `sharing: false`.

use crate::diagnostics::{Diagnostic, Level, Rule};
use crate::effective::{Part, Reason};
use crate::lint::surplus::{by_itself, point_to};
use crate::lint::{Basis, Findings, Lint, Rights};

pub(in crate::lint) static LINT: Lint = Lint {
    rule: Rule::lint("CG1005", "shadowed-grant", Level::Warn, include_str!("shadowed_grant.md")),
    basis: Basis::Rights(look),
};

fn look(policy: &Rights<'_>, findings: &mut Findings) {
    let org = &policy.rights.org;
    for surplus in policy.surplus() {
        if surplus.part != Part::Whole || org.grants[surplus.grant].denial {
            continue;
        }
        let finding = match &surplus.why {
            Reason::Denied(by) => {
                let found = "nothing is left of this grant: denials take all that it gives";
                let finding = Diagnostic::new(&LINT.rule, surplus.span, found);
                point_to(policy, finding, by, "takes it").help("remove the grant, or narrow what denies it")
            }
            Reason::Barred => {
                let Some((why, help)) = by_itself(&surplus.why) else { continue };
                let found = format!("nothing is left of this grant: {why}");
                Diagnostic::new(&LINT.rule, surplus.span, found).help(help)
            }
            _ => continue,
        };
        findings.push(finding);
    }
}
