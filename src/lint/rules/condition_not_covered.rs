//! `condition-not-covered`: the view of a layout or device group is open when that of its devices may not be
//! (`semantics §5`).

use crate::diagnostics::{Level, Rule};
use crate::effective::{Gaps, Uncovered, Why};
use crate::lint::gaps::{self, Told};
use crate::lint::{Basis, Findings, Lint, Rights};
use crate::model::Org;

pub(in crate::lint) static LINT: Lint = Lint {
    rule: Rule::lint("CG1002", "condition-not-covered", Level::Warn, include_str!("condition_not_covered.md")),
    basis: Basis::Judged(look),
};

fn look(policy: &Rights<'_>, findings: &mut Findings) {
    let org = &policy.rights.org;
    let mut known = Gaps::new(policy.rights);
    for shown in policy.rights.uncovered.iter().filter(|shown| shown.why == Why::Conditions) {
        let Some(differing) = &shown.differing else { continue };
        let gap = gaps::told(org, &mut known, &shown.users, differing);
        let (found, detail, help) = told(org, shown, &gap);
        findings.push(shown.diagnostic(org, &LINT.rule, found, help).detail(&detail));
    }
}

/// What was found, when and from where that is, and what to do.
fn told(org: &Org, shown: &Uncovered, gap: &Told) -> (String, String, String) {
    let (who, what, thing) = (shown.who(org), shown.what(org), shown.thing());
    let view = format!("{who} may use `{}` on {thing} `{}`", shown.capability(), shown.id(org));
    let access = format!("`live.view` on {what} in it");
    match gap {
        Told::At(hours) => (
            format!("{view}, and not {access}"),
            format!(": {hours}"),
            format!("give `live.view` there for these times and places too, or narrow the grant of {thing}"),
        ),
        Told::Nowhere => (
            format!("{view} under conditions that none of those of {access} contains"),
            ", though together they leave nothing out".to_owned(),
            format!("state the condition of {thing} on one grant of `live.view` there, so that one contains it"),
        ),
        Told::Unknown(why) => (
            format!("{view} under conditions that those of {access} are not shown to cover"),
            format!(": {why}"),
            format!("state the condition of {thing} on the grant of `live.view` there too"),
        ),
    }
}
