//! `export-without-view`: download of recordings without the right to view them.

use crate::diagnostics::{Diagnostic, Level, Rule};
use crate::effective::lacking;
use crate::lint::words::{devices, users};
use crate::lint::{Basis, Findings, Lint, Rights};
use crate::vocabulary::{CapabilitySet, vocabulary};

pub(in crate::lint) static LINT: Lint = Lint {
    rule: Rule::lint("CG1014", "export-without-view", Level::Warn, include_str!("export_without_view.md")),
    basis: Basis::Rights(look),
};

fn look(policy: &Rights<'_>, findings: &mut Findings) {
    let org = &policy.rights.org;
    let [export, view] = ["archive.export", "archive.view"].map(|name| vocabulary().expand(name).unwrap_or_default());
    for found in lacking(policy.rights, export, CapabilitySet::EMPTY, view, |_| true) {
        let (who, what) = (users(org, &found.users), devices(org, &found.devices));
        let message =
            format!("{who} may download recordings of {what}, and not view them: `archive.view` is not held there");
        findings.push(
            Diagnostic::new(&LINT.rule, org.grants[found.grant].span, message)
                .label("gives `archive.export`")
                .help("grant `archive.view` there too, or take `archive.export` out"),
        );
    }
}
