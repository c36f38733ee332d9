//! `expired-link`: a link whose `until` is past.

use crate::diagnostics::{Diagnostic, Level, Rule};
use crate::lint::{Basis, Declarations, Findings, Lint};
use crate::model::format_instant;

pub(in crate::lint) static LINT: Lint = Lint {
    rule: Rule::by_clock("CG1012", "expired-link", Level::Warn, include_str!("expired_link.md")),
    basis: Basis::Declarations(look),
};

fn look(policy: &Declarations<'_>, findings: &mut Findings) {
    let Some(now) = policy.settings.now else { return };
    for (_, link) in policy.org.links.iter().filter(|(_, link)| !link.broken) {
        let (Some(until), Some(at)) = (link.condition.until, link.until_at) else { continue };
        if until > now {
            continue;
        }
        let found = format!("the link `{}` ended at {}", link.id, format_instant(until));
        let finding = Diagnostic::new(&LINT.rule, at, found).help("remove it, or move its end");
        findings.push_without_entry(finding, link.span, "remove what has ended");
    }
}
