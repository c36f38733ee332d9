//! `condition-not-covered`: the view of a layout or device group is open when that of its devices may not be
//! (`semantics §5`).

use crate::diagnostics::{Level, Rule};
use crate::effective::Why;
use crate::lint::{Basis, Findings, Lint, Rights};

pub(in crate::lint) static LINT: Lint = Lint {
    rule: Rule::lint("CG1002", "condition-not-covered", Level::Warn, include_str!("condition_not_covered.md")),
    basis: Basis::Judged(look),
};

fn look(policy: &Rights<'_>, findings: &mut Findings) {
    let org = &policy.rights.org;
    for shown in policy.rights.uncovered.iter().filter(|shown| shown.why == Why::Conditions) {
        let (who, what, thing) = (shown.who(org), shown.what(org), shown.thing());
        let found =
            format!("{who} may {} at times or from places at which {what} may not be watched", shown.shown(org));
        let help =
            format!("give `live.view` there under conditions as wide as those of {thing}, or narrow those of {thing}");
        findings.push(shown.diagnostic(org, &LINT.rule, found, help));
    }
}
