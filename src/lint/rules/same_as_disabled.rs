//! `same-as-disabled`: a user who has all that a disabled user had.

use crate::diagnostics::{Diagnostic, Level, Rule};
use crate::lint::{Basis, Declarations, Findings, Lint};

pub(in crate::lint) static LINT: Lint = Lint {
    rule: Rule::lint("CG1008", "same-as-disabled", Level::Warn, include_str!("same_as_disabled.md")),
    basis: Basis::Declarations(look),
};

/// The one whom `same_as` names itself counts: further up a chain, the user between them is told.
fn look(policy: &Declarations<'_>, findings: &mut Findings) {
    let users = &policy.org.users;
    for (_, user) in users.iter().filter(|(_, user)| !user.broken && user.disabled == Some(false)) {
        let Some((model, at)) = user.same_as else { continue };
        let model = &users[model];
        if model.disabled != Some(true) {
            continue;
        }
        let found = format!("`{}` has all that `{}` had, who is disabled", user.id, model.id);
        findings.push(
            Diagnostic::new(&LINT.rule, at, found)
                .other(model.span, "declared here")
                .help("name somebody who is not disabled, or grant what this user needs by name or by team"),
        );
    }
}
