//! `unused-team`: a team that no grant and no other team names.

use std::collections::HashSet;

use crate::diagnostics::{Diagnostic, Level, Rule};
use crate::lint::{Basis, Findings, Lint, Rights};
use crate::model::{Subject, TeamIx};

pub(in crate::lint) static LINT: Lint = Lint {
    rule: Rule::lint("CG1024", "unused-team", Level::Warn, include_str!("unused_team.md")),
    basis: Basis::Rights(look),
};

fn look(policy: &Rights<'_>, findings: &mut Findings) {
    let org = &policy.rights.org;
    let in_grants = org.grants.iter().flat_map(|(_, grant)| grant.to.iter().chain(&grant.except));
    let in_teams = org.teams.iter().flat_map(|(_, team)| &team.members);
    let team = |(subject, _): &(Subject, _)| match subject {
        Subject::Team(team) => Some(*team),
        _ => None,
    };
    let used: HashSet<TeamIx> = in_grants.chain(in_teams).filter_map(team).collect();
    for (_, team) in org.teams.iter().filter(|(index, _)| !used.contains(index)) {
        let found = format!("the team `{}` is named by no grant and no other team", team.id);
        findings.push(
            Diagnostic::new(&LINT.rule, team.span, found)
                .help(format!("grant it something with `to: team:{}`, or remove it", team.id)),
        );
    }
}
