//! `unused-denial`: a denial, or one item of its lists, that takes nothing.

use crate::diagnostics::{Diagnostic, Level, Rule};
use crate::effective::Reason;
use crate::lint::surplus::{by_itself, is_passed_over, removals, subject, tell_covered};
use crate::lint::{Basis, Findings, Lint, Rights};

pub(in crate::lint) static LINT: Lint = Lint {
    rule: Rule::lint("CG1007", "unused-denial", Level::Warn, include_str!("unused_denial.md")),
    basis: Basis::Rights(look),
};

fn look(policy: &Rights<'_>, findings: &mut Findings) {
    let org = &policy.rights.org;
    for (surplus, removal) in policy.surplus().iter().zip(removals(policy)) {
        if !org.grants[surplus.grant].denial || is_passed_over(org, surplus) {
            continue;
        }
        let finding = match (&surplus.why, by_itself(&surplus.why)) {
            (Reason::Covered(by), _) => {
                tell_covered(policy, &LINT.rule, (surplus, by), removal, findings);
                continue;
            }
            (_, Some((why, help))) => {
                let found = format!("{} takes nothing: {why}", subject(surplus, true));
                Diagnostic::new(&LINT.rule, surplus.span, found).help(help)
            }
            _ => continue,
        };
        findings.push(finding);
    }
}
