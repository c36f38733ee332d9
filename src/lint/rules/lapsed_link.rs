//! `lapsed-link`: a link whose maker holds nothing of what it shares (`semantics §4`).

use crate::diagnostics::{Diagnostic, Level, Rule};
use crate::lint::{Basis, Findings, Lint, Rights};

pub(in crate::lint) static LINT: Lint = Lint {
    rule: Rule::lint("CG1003", "lapsed-link", Level::Warn, include_str!("lapsed_link.md")),
    basis: Basis::Judged(look),
};

fn look(policy: &Rights<'_>, findings: &mut Findings) {
    let org = &policy.rights.org;
    for link in &policy.rights.lapsed_links {
        let link = &org.links[*link];
        let Some((maker, at)) = link.created_by else { continue };
        let maker = &org.users[maker];
        let why = match maker.disabled {
            Some(true) => "is disabled",
            _ => "holds nothing of it that may be shared while the link is open",
        };
        let found = format!("the link `{}` gives nothing: its maker `{}` {why}", link.id, maker.id);
        findings.push(
            Diagnostic::new(&LINT.rule, link.span, found).other(at, "who answers for it").help(
                "name a maker who holds `link.share` and what the link shows on these devices, or remove the link",
            ),
        );
    }
}
