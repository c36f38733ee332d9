//! `unused-layout`: a layout on which no grant gives anything.

use std::collections::HashSet;

use crate::diagnostics::{Diagnostic, Level, Rule};
use crate::effective::ResourceClassIx;
use crate::graph::Resource;
use crate::lint::{Basis, Findings, Lint, Rights};
use crate::model::{LayoutIx, Scope};
use crate::vocabulary::{ResourceKind, vocabulary};

pub(in crate::lint) static LINT: Lint = Lint {
    rule: Rule::lint("CG1028", "unused-layout", Level::Warn, include_str!("unused_layout.md")),
    basis: Basis::Rights(look),
};

fn look(policy: &Rights<'_>, findings: &mut Findings) {
    let (org, rights) = (&policy.rights.org, policy.rights);
    let layout = |scope: &Scope| match scope {
        Scope::Layout(layout) => Some(*layout),
        _ => None,
    };
    let scopes = org.grants.iter().flat_map(|(_, grant)| grant.scope.iter().chain(&grant.except_scope));
    let named: HashSet<LayoutIx> = scopes.filter_map(|(scope, _)| layout(scope)).collect();
    let of_layouts = vocabulary().of_kind(ResourceKind::Layout);
    let giving = rights.statements.given().filter(|(capabilities, _)| !(*capabilities & of_layouts).is_empty());
    let reached: HashSet<ResourceClassIx> = giving.flat_map(|(_, classes)| classes.iter().copied()).collect();
    for (index, layout) in org.layouts.iter().filter(|(index, _)| !named.contains(index)) {
        let resource = rights.graph.containment.index(Resource::Layout(index));
        if reached.contains(&rights.resources.class_of[resource]) {
            continue;
        }
        let found = format!("no grant gives anything on the layout `{}`", layout.id);
        findings.push(
            Diagnostic::new(&LINT.rule, layout.span, found)
                .help(format!("grant `layout.view` on `layout:{}`, or remove it", layout.id)),
        );
    }
}
