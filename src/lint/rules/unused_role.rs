//! `unused-role`: a role that no grant gives and no role extends.

use std::collections::HashSet;

use crate::diagnostics::{Diagnostic, Level, Rule};
use crate::lint::{Basis, Findings, Lint, Rights};
use crate::model::{RoleIx, RoleRef};

pub(in crate::lint) static LINT: Lint = Lint {
    rule: Rule::lint("CG1023", "unused-role", Level::Warn, include_str!("unused_role.md")),
    basis: Basis::Rights(look),
};

fn look(policy: &Rights<'_>, findings: &mut Findings) {
    let org = &policy.rights.org;
    let given = org.grants.iter().flat_map(|(_, grant)| &grant.roles);
    let extended = org.roles.iter().flat_map(|(_, role)| &role.extends);
    let declared = |(role, _): &(RoleRef, _)| match role {
        RoleRef::Declared(role) => Some(*role),
        RoleRef::BuiltIn(_) => None,
    };
    let used: HashSet<RoleIx> = given.chain(extended).filter_map(declared).collect();
    for (_, role) in org.roles.iter().filter(|(index, _)| !used.contains(index)) {
        let found = format!("the role `{}` is never given", role.id);
        findings.push(
            Diagnostic::new(&LINT.rule, role.span, found)
                .help("give it in a grant with `role:`, extend it in another role, or remove it"),
        );
    }
}
