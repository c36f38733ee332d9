//! `unused-network`: a network that nothing names.

use std::collections::HashSet;

use crate::diagnostics::{Diagnostic, Level, Rule};
use crate::lint::{Basis, Findings, Lint, Rights};
use crate::model::NetworkIx;

pub(in crate::lint) static LINT: Lint = Lint {
    rule: Rule::lint("CG1026", "unused-network", Level::Warn, include_str!("unused_network.md")),
    basis: Basis::Rights(look),
};

fn look(policy: &Rights<'_>, findings: &mut Findings) {
    let org = &policy.rights.org;
    let used: HashSet<NetworkIx> = org.network_lists.iter().flatten().map(|(network, _)| *network).collect();
    for (_, network) in org.networks.iter().filter(|(index, _)| !used.contains(index)) {
        let found = format!("the network `{}` is named nowhere", network.id);
        findings.push(
            Diagnostic::new(&LINT.rule, network.span, found)
                .help(format!("name it with `networks: {}`, or remove it", network.id)),
        );
    }
}
