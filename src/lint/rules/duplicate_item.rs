//! `duplicate-item`: the same item twice in a list, once names are resolved.

use crate::diagnostics::{Diagnostic, Level, Rule, shortened};
use crate::lint::{Basis, Declarations, Findings, Lint};

pub(in crate::lint) static LINT: Lint = Lint {
    rule: Rule::lint("CG1033", "duplicate-item", Level::Warn, include_str!("duplicate_item.md")),
    basis: Basis::Declarations(look),
};

fn look(policy: &Declarations<'_>, findings: &mut Findings) {
    for repeated in &policy.org.repeated {
        let text = |span| shortened(policy.sources.slice(span).trim_matches(['"', '\'']));
        let (first, again) = (text(repeated.first), text(repeated.again));
        let found = if first == again {
            format!("`{again}` stands twice in this list")
        } else {
            format!("`{again}` means the same as `{first}` in this list")
        };
        let finding = Diagnostic::new(&LINT.rule, repeated.again, found)
            .label("again here")
            .other(repeated.first, "first here")
            .help("remove one of them");
        findings.push_without_item(finding, repeated.again, "remove the second one");
    }
}
