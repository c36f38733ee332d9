//! `long-link`: a link that is open longer than `max_link_days`.

use crate::diagnostics::{Diagnostic, Level, Rule};
use crate::lint::{Basis, Declarations, Findings, Lint};
use crate::model::days_after;

pub(in crate::lint) static LINT: Lint = Lint {
    rule: Rule::lint("CG1022", "long-link", Level::Warn, include_str!("long_link.md")),
    basis: Basis::Declarations(look),
};

fn look(policy: &Declarations<'_>, findings: &mut Findings) {
    let most = policy.settings.max_link_days;
    for (_, link) in policy.org.links.iter().filter(|(_, link)| link.enabled && !link.broken) {
        let (Some(from), Some(until), Some(at)) = (link.condition.from, link.condition.until, link.until_at) else {
            continue;
        };
        let Some(end) = days_after(from, most, &policy.org.zone).filter(|end| *end < until) else { continue };
        let over = (until - end + DAY - 1) / DAY;
        let found = format!("the link `{}` is open for {} days, and {most} are allowed", link.id, most as i64 + over);
        findings.push(
            Diagnostic::new(&LINT.rule, at, found)
                .help("end it earlier and renew it when it is needed, or raise `max_link_days` in the manifest"),
        );
    }
}

/// The seconds of a day, as far as it matters for telling how long something is.
const DAY: i64 = 86_400;
