//! `shift-escaped`: a right that comes only within a shift, but for a grant that comes around it.

use crate::diagnostics::{Diagnostic, Level, Rule};
use crate::effective::shifts_escaped;
use crate::lint::words::{capabilities, devices, users};
use crate::lint::{Basis, Findings, Lint, Rights};
use crate::model::{Org, TeamIx};

pub(in crate::lint) static LINT: Lint = Lint {
    rule: Rule::lint("CG1010", "shift-escaped", Level::Warn, include_str!("shift_escaped.md")),
    basis: Basis::Rights(look),
};

fn look(policy: &Rights<'_>, findings: &mut Findings) {
    let org = &policy.rights.org;
    for escaped in shifts_escaped(policy.rights) {
        let (who, what) = (users(org, &escaped.users), devices(org, &escaped.devices));
        let given = capabilities(escaped.capabilities);
        let (team, site) = (&org.teams[escaped.team].id, &org.places[escaped.site].path);
        let message = format!(
            "{who} may use {given} on {what} at all times and from everywhere, and on {} in `{site}` only by the team `{team}`, {}",
            devices(org, &escaped.bound),
            limits(org, escaped.team),
        );
        findings.push(
            Diagnostic::new(&LINT.rule, org.grants[escaped.grant].span, message)
                .label("comes around the shift")
                .other(org.grants[escaped.shift].span, "comes by the shift")
                .other(org.teams[escaped.team].span, "the shift")
                .help("remove the grant, or give it the shift's `schedule` or `networks`"),
        );
    }
}

/// When or from where a team's rights hold.
fn limits(org: &Org, team: TeamIx) -> String {
    let condition = &org.teams[team].condition;
    match (condition.schedule, condition.networks.is_some()) {
        (Some(schedule), true) => format!("within `{}` and from its networks", org.schedules[schedule].id),
        (Some(schedule), false) => format!("within `{}`", org.schedules[schedule].id),
        (None, _) => "from its networks".to_owned(),
    }
}
