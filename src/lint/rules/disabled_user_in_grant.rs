//! `disabled-user-in-grant`: a grant or denial that names a user who holds nothing.

use crate::diagnostics::{Diagnostic, Level, Rule};
use crate::lint::{Basis, Declarations, Findings, Lint};
use crate::model::{Subject, UserIx};

pub(in crate::lint) static LINT: Lint = Lint {
    rule: Rule::lint("CG1030", "disabled-user-in-grant", Level::Warn, include_str!("disabled_user_in_grant.md")),
    basis: Basis::Declarations(look),
};

fn look(policy: &Declarations<'_>, findings: &mut Findings) {
    let users = &policy.org.users;
    for (_, grant) in policy.org.grants.iter() {
        let word = if grant.denial { "denial" } else { "grant" };
        for (subject, at) in &grant.to {
            let Subject::User(named) = subject else { continue };
            if users[*named].disabled != Some(true) || has_living_equal(policy, *named) {
                continue;
            }
            let user = &users[*named];
            let finding = Diagnostic::new(&LINT.rule, *at, format!("this {word} names `{}`, who is disabled", user.id))
                .other(user.span, "declared here")
                .help("take the user out, or enable the account");
            if grant.to.len() > 1 {
                findings.push_without_item(finding, *at, "take the user out");
            } else {
                findings.push(finding);
            }
        }
    }
}

/// Whether somebody who is not disabled has what this user is given: `same-as-disabled` tells of that.
fn has_living_equal(policy: &Declarations<'_>, user: UserIx) -> bool {
    policy.graph.inheritance.equals[user].iter().any(|equal| policy.org.users[*equal].disabled != Some(true))
}
