//! `user-without-access`: a user who holds nothing, although nothing disables the account.

use crate::diagnostics::{Diagnostic, Level, Rule};
use crate::effective::Evaluator;
use crate::lint::{Basis, Findings, Lint, Rights};

pub(in crate::lint) static LINT: Lint = Lint {
    rule: Rule::lint("CG1029", "user-without-access", Level::Allow, include_str!("user_without_access.md")),
    basis: Basis::Rights(look),
};

fn look(policy: &Rights<'_>, findings: &mut Findings) {
    let rights = policy.rights;
    let mut evaluator = Evaluator::new(rights);
    for (index, class) in rights.statements.classes.iter() {
        if class.owns_org || !evaluator.row(index).is_empty() {
            continue;
        }
        for user in &class.members {
            let user = &rights.org.users[*user];
            let found = format!("`{}` holds nothing at all", user.id);
            findings.push(
                Diagnostic::new(&LINT.rule, user.span, found)
                    .help("grant something, by name or by a team, or remove the user, or set `disabled: true`"),
            );
        }
    }
}
