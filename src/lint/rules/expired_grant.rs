//! `expired-grant`: a grant or denial whose `until` is past.

use crate::diagnostics::{Diagnostic, Level, Rule};
use crate::lint::{Basis, Declarations, Findings, Lint};
use crate::model::format_instant;

pub(in crate::lint) static LINT: Lint = Lint {
    rule: Rule::by_clock("CG1011", "expired-grant", Level::Warn, include_str!("expired_grant.md")),
    basis: Basis::Declarations(look),
};

fn look(policy: &Declarations<'_>, findings: &mut Findings) {
    let Some(now) = policy.settings.now else { return };
    for (_, grant) in policy.org.grants.iter().filter(|(_, grant)| !grant.broken.any) {
        let (Some(until), Some(at)) = (grant.condition.until, grant.until_at) else { continue };
        if until > now {
            continue;
        }
        let word = if grant.denial { "denial" } else { "grant" };
        let found = format!("this {word} ended at {}", format_instant(until));
        let finding = Diagnostic::new(&LINT.rule, at, found).help("remove it, or move its end");
        findings.push_without_item(finding, grant.span, "remove what has ended");
    }
}
