//! `shift-escaped`: a right that comes only within a shift, but for a grant that comes around it.

use crate::diagnostics::{Diagnostic, Level, Rule};
use crate::effective::{Gaps, shifts_escaped};
use crate::lint::gaps::{Told, told};
use crate::lint::words::{capabilities, devices, users};
use crate::lint::{Basis, Findings, Lint, Rights};
use crate::model::{Org, TeamIx};

pub(in crate::lint) static LINT: Lint = Lint {
    rule: Rule::lint("CG1010", "shift-escaped", Level::Warn, include_str!("shift_escaped.md")),
    basis: Basis::Rights(look),
};

fn look(policy: &Rights<'_>, findings: &mut Findings) {
    let org = &policy.rights.org;
    let mut gaps = Gaps::new(policy.rights);
    for escaped in shifts_escaped(policy.rights) {
        // whoever can do nothing outside the shift anyhow escapes none
        let mut who = escaped.users.clone();
        who.retain(|user| !gaps.of(*user, &escaped.differing).is_nowhere());
        if who.is_empty() {
            continue;
        }
        let hours = match told(org, &mut gaps, &who, &escaped.differing) {
            Told::At(hours) => format!(": {hours}"),
            Told::Nowhere => String::new(),
            Told::Unknown(why) => format!(", at hours or from places that are not listed: {why}"),
        };
        let message = format!(
            "{} may use {} on {} outside the shift `{}`",
            users(org, &who),
            capabilities(escaped.capabilities),
            devices(org, &escaped.devices),
            org.teams[escaped.team].id,
        );
        let bound = devices(org, &escaped.bound);
        let site = &org.places[escaped.site].path;
        findings.push(
            Diagnostic::new(&LINT.rule, org.grants[escaped.grant].span, message)
                .detail(&hours)
                .label("comes around the shift")
                .other(org.grants[escaped.shift].span, format!("alone gives it on {bound} of `{site}`"))
                .other(org.teams[escaped.team].span, "the shift")
                .help(format!("remove the grant, or give it {}", bounds(org, escaped.team))),
        );
    }
}

/// What a team states of when or from where its rights hold, as a grant would.
fn bounds(org: &Org, team: TeamIx) -> String {
    let condition = &org.teams[team].condition;
    let schedule = condition.schedule.map(|schedule| format!("`schedule: {}`", org.schedules[schedule].id));
    let networks = condition.networks.is_some().then(|| "the `networks` of the shift".to_owned());
    schedule.into_iter().chain(networks).collect::<Vec<_>>().join(" and ")
}
