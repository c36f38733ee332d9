//! `broad-administer`: rights over rights on `all`, or to `everyone`.

use crate::diagnostics::{Diagnostic, Level, Rule};
use crate::effective::Statement;
use crate::lint::words::capabilities;
use crate::lint::{Basis, Findings, Lint, Rights};
use crate::model::{Scope, Subject, TeamIx};
use crate::vocabulary::{CapabilityClass, CapabilitySet, vocabulary};

pub(in crate::lint) static LINT: Lint = Lint {
    rule: Rule::lint("CG1019", "broad-administer", Level::Warn, include_str!("broad_administer.md")),
    basis: Basis::Rights(look),
};

fn look(policy: &Rights<'_>, findings: &mut Findings) {
    let org = &policy.rights.org;
    for (_, statement) in policy.rights.statements.all.iter().filter(|(_, statement)| !statement.denial) {
        let given = administered(policy, statement);
        if given.is_empty() {
            continue;
        }
        let grant = &org.grants[statement.grant];
        let narrowed = grant.only.is_some() || grant.kinds.is_some();
        let everywhere = grant.scope.iter().find(|(scope, _)| *scope == Scope::All && !narrowed);
        let everybody = grant.to.iter().find(|(subject, _)| names_everyone(policy, *subject));
        let given = capabilities(given);
        let (found, at, help) = match (everywhere, everybody) {
            (Some((_, at)), None) => (
                format!("this gives {given} on everything that there is, and will be"),
                *at,
                "name the sites or recorders that are meant",
            ),
            (None, Some((_, at))) => {
                (format!("this gives {given} to every user that there is, and will be"), *at, "name a team")
            }
            (Some((_, at)), Some(_)) => (
                format!("this gives {given} on everything to everyone"),
                *at,
                "name a team, and the sites or recorders that are meant",
            ),
            (None, None) => continue,
        };
        findings.push(Diagnostic::new(&LINT.rule, at, found).help(help));
    }
}

/// What of class `administer` a grant gives on something that it reaches.
fn administered(policy: &Rights<'_>, statement: &Statement) -> CapabilitySet {
    let rights = policy.rights;
    let administer = vocabulary().of_class(CapabilityClass::Administer);
    if (statement.capabilities & administer).is_empty() {
        return CapabilitySet::EMPTY;
    }
    let reached = rights.statements.reached(statement).iter();
    let kinds = reached.map(|class| rights.resources.classes[*class].standing.kind);
    kinds.map(|kind| rights.statements.on_kind(statement, kind) & administer).collect()
}

/// Whether a subject is `everyone`, or a team that lists it.
fn names_everyone(policy: &Rights<'_>, subject: Subject) -> bool {
    let members = &policy.rights.graph.inheritance.members;
    let mut teams: Vec<TeamIx> = Vec::new();
    let mut next = vec![subject];
    while let Some(subject) = next.pop() {
        match subject {
            Subject::Everyone => return true,
            Subject::Team(team) if !teams.contains(&team) => {
                teams.push(team);
                next.extend(&members[team]);
            }
            Subject::Team(_) | Subject::User(_) => {}
        }
    }
    false
}
