//! `unsupported-capability`: a capability given on devices of recorders whose kind does not know it.

use std::collections::BTreeSet;

use crate::diagnostics::{Diagnostic, Level, Rule, listed};
use crate::effective::Statement;
use crate::graph::Resource;
use crate::lint::words::capabilities;
use crate::lint::{Basis, Findings, Lint, Rights};
use crate::model::{Arena, RecorderIx, RoleRef};
use crate::source::Span;
use crate::vocabulary::{CapabilityClass, CapabilitySet, ResourceKind, known_to, vocabulary};

pub(in crate::lint) static LINT: Lint = Lint {
    rule: Rule::lint("CG1018", "unsupported-capability", Level::Warn, include_str!("unsupported_capability.md")),
    basis: Basis::Rights(look),
};

/// A scope counts as a whole: where one of its devices knows a capability, it is meant for that one.
fn look(policy: &Rights<'_>, findings: &mut Findings) {
    let rights = policy.rights;
    let org = &rights.org;
    if !org.recorders.iter().any(|(_, recorder)| known_to(recorder.kind.name()).is_some()) {
        return;
    }
    let recorders = recorders_by_class(policy);
    for (_, statement) in rights.statements.all.iter().filter(|(_, statement)| !statement.denial) {
        let grant = &org.grants[statement.grant];
        let named = named(policy, statement);
        let mut unknown: Vec<(CapabilitySet, BTreeSet<RecorderIx>)> =
            named.iter().map(|_| (CapabilitySet::EMPTY, BTreeSet::new())).collect();
        if named.iter().all(|(set, _)| set.is_empty()) {
            continue;
        }
        for (scope, _) in &grant.scope {
            let reached = rights.statements.reached_by(&rights.resources, statement, *scope);
            let reached: BTreeSet<Option<RecorderIx>> =
                reached.into_iter().flat_map(|class| &recorders[class]).copied().collect();
            let kinds = reached.iter().map(|recorder| recorder.and_then(|r| known_to(org.recorders[r].kind.name())));
            // one that knows all, or no device at all: nothing is unknown
            let known: Option<CapabilitySet> = kinds.collect::<Option<Vec<_>>>().map(|sets| sets.into_iter().collect());
            let Some(known) = known.filter(|_| !reached.is_empty()) else { continue };
            for ((set, _), (all, of)) in named.iter().zip(&mut unknown) {
                let here = set.without(known);
                if !here.is_empty() {
                    *all = *all | here;
                    of.extend(reached.iter().flatten());
                }
            }
        }
        for ((_, at), (unknown, of)) in named.iter().zip(&unknown).filter(|(_, (unknown, _))| !unknown.is_empty()) {
            findings.push(tell(policy, *at, *unknown, of));
        }
    }
}

fn tell(policy: &Rights<'_>, at: Span, unknown: CapabilitySet, recorders: &BTreeSet<RecorderIx>) -> Diagnostic {
    let org = &policy.rights.org;
    let kinds: BTreeSet<&str> = recorders.iter().map(|recorder| org.recorders[*recorder].kind.name()).collect();
    let kinds = listed(kinds.iter().copied(), "kind");
    let ids: Vec<&str> = recorders.iter().map(|recorder| &*org.recorders[*recorder].id).collect();
    let what = capabilities(unknown);
    let found = format!(
        "{what} is given on devices of {}, and recorders of kind {kinds} do not know it",
        listed(ids.into_iter(), "recorder")
    );
    let mut finding = Diagnostic::new(&LINT.rule, at, found);
    if let Some(first) = recorders.first() {
        finding = finding.other(org.recorders[*first].span, "recorded here");
    }
    finding.help(
        "take it out, or give it on devices of a recorder that knows it; `camgrant roles` tells what each kind knows",
    )
}

/// For each class the recorders of its devices; `None` stands for a device without.
fn recorders_by_class(policy: &Rights<'_>) -> Arena<crate::effective::ResourceClassIx, BTreeSet<Option<RecorderIx>>> {
    let containment = &policy.rights.graph.containment;
    let of = |member: &crate::graph::ResourceIx| match containment.resource(*member) {
        Resource::Device(device) => Some(containment.recorder_of[device]),
        _ => None,
    };
    policy.rights.resources.classes.iter().map(|(_, class)| class.members.iter().filter_map(of).collect()).collect()
}

/// What the roles and capabilities of a grant name, each with its place: patterns for several, and the neutral roles,
/// stand for whatever the recorder knows.
fn named(policy: &Rights<'_>, statement: &Statement) -> Vec<(CapabilitySet, Span)> {
    let grant = &policy.rights.org.grants[statement.grant];
    let given = policy.rights.statements.on_kind(statement, ResourceKind::Device);
    let roles = grant.roles.iter().map(|(role, span)| (named_by(policy, role), *span));
    let single = |set: CapabilitySet| if set.len() == 1 { set } else { CapabilitySet::EMPTY };
    let own = grant.capabilities.iter().map(|(set, span)| (single(*set), *span));
    let view = vocabulary().of_class(CapabilityClass::View);
    let left = |set: CapabilitySet| if grant.read_only { set & view } else { set };
    roles.chain(own).map(|(set, span)| (left(set) & given, span)).collect()
}

fn named_by(policy: &Rights<'_>, role: &RoleRef) -> CapabilitySet {
    match role {
        RoleRef::Declared(role) => policy.rights.graph.inheritance.named[*role],
        RoleRef::BuiltIn(role) => role.named(),
    }
}
