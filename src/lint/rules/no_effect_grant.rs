//! `no-effect-grant`: a grant that gives nothing by itself, whatever else is granted or denied.

use crate::diagnostics::{Diagnostic, Level, Rule};
use crate::effective::{Part, Reason};
use crate::lint::surplus::{by_itself, is_passed_over};
use crate::lint::{Basis, Findings, Lint, Rights};

pub(in crate::lint) static LINT: Lint = Lint {
    rule: Rule::lint("CG1006", "no-effect-grant", Level::Warn, include_str!("no_effect_grant.md")),
    basis: Basis::Rights(look),
};

fn look(policy: &Rights<'_>, findings: &mut Findings) {
    let org = &policy.rights.org;
    for surplus in policy.surplus() {
        let of_itself = matches!(surplus.why, Reason::NoUser | Reason::NoResource | Reason::Never);
        let denial = org.grants[surplus.grant].denial;
        if surplus.part != Part::Whole || denial || !of_itself || is_passed_over(org, surplus) {
            continue;
        }
        if let Some((why, help)) = by_itself(&surplus.why) {
            let found = format!("this grant gives nothing: {why}");
            findings.push(Diagnostic::new(&LINT.rule, surplus.span, found).help(help));
        }
    }
}
