//! `redundant-grant`: a grant, or one item of its lists, that adds nothing to what the others give.

use crate::diagnostics::{Diagnostic, Level, Rule};
use crate::effective::{Part, Reason};
use crate::lint::surplus::{by_itself, is_passed_over, point_to, removals, subject, tell_covered};
use crate::lint::{Basis, Findings, Lint, Rights};

pub(in crate::lint) static LINT: Lint = Lint {
    rule: Rule::lint("CG1004", "redundant-grant", Level::Warn, include_str!("redundant_grant.md")),
    basis: Basis::Rights(look),
};

/// Items without effect are told here, whatever the reason: the other lints are about whole grants.
fn look(policy: &Rights<'_>, findings: &mut Findings) {
    let org = &policy.rights.org;
    for (surplus, removal) in policy.surplus().iter().zip(removals(policy)) {
        if org.grants[surplus.grant].denial || is_passed_over(org, surplus) {
            continue;
        }
        let about = |why: &str| format!("{} adds nothing: {why}", subject(surplus, false));
        let finding = match (&surplus.why, surplus.part) {
            (Reason::Covered(by), _) => {
                tell_covered(policy, &LINT.rule, (surplus, by), removal, findings);
                continue;
            }
            (_, Part::Whole) => continue,
            (Reason::Denied(by), _) => {
                let finding = Diagnostic::new(&LINT.rule, surplus.span, about("denials take all that it gives"));
                point_to(policy, finding, by, "takes it").help("remove it, or mend what denies it")
            }
            (why, _) => {
                let Some((why, help)) = by_itself(why) else { continue };
                Diagnostic::new(&LINT.rule, surplus.span, about(why)).help(help)
            }
        };
        findings.push(finding);
    }
}
