//! `unused-schedule`: a schedule by which nothing goes.

use std::collections::HashSet;

use crate::diagnostics::{Diagnostic, Level, Rule};
use crate::lint::{Basis, Findings, Lint, Rights};
use crate::model::ScheduleIx;

pub(in crate::lint) static LINT: Lint = Lint {
    rule: Rule::lint("CG1025", "unused-schedule", Level::Warn, include_str!("unused_schedule.md")),
    basis: Basis::Rights(look),
};

fn look(policy: &Rights<'_>, findings: &mut Findings) {
    let org = &policy.rights.org;
    let conditions = (org.grants.iter().map(|(_, grant)| &grant.condition))
        .chain(org.teams.iter().map(|(_, team)| &team.condition))
        .chain(org.links.iter().map(|(_, link)| &link.condition));
    let used: HashSet<ScheduleIx> = conditions.filter_map(|condition| condition.schedule).collect();
    for (_, schedule) in org.schedules.iter().filter(|(index, _)| !used.contains(index)) {
        let found = format!("no grant, team or link goes by the schedule `{}`", schedule.id);
        findings.push(
            Diagnostic::new(&LINT.rule, schedule.span, found)
                .help(format!("name it with `schedule: {}`, or remove it", schedule.id)),
        );
    }
}
