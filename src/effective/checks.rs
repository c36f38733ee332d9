//! The rules of `semantics §5` that rest on declarations alone: owners and licences.

use std::collections::BTreeMap;

use super::{licenses_of, rules};
use crate::diagnostics::{Diagnostic, did_you_mean};
use crate::graph::Graph;
use crate::model::{At, Org, UserIx};
use crate::source::Span;

pub(super) fn check(org: &Org, graph: &Graph, diagnostics: &mut Vec<Diagnostic>) {
    owners(org, diagnostics);
    licences(org, graph, diagnostics);
}

/// Owners are declared users and not disabled. (That they are declared is a matter of names.)
fn owners(org: &Org, diagnostics: &mut Vec<Diagnostic>) {
    let mut check = |what: &str, owners: &[At<UserIx>]| {
        for (user, span) in owners {
            let user = &org.users[*user];
            if user.disabled == Some(true) {
                diagnostics.push(
                    Diagnostic::new(
                        &rules::OWNER_DISABLED,
                        *span,
                        format!("`{}` owns {what} and is disabled", user.id),
                    )
                    .other(user.span, "declared here")
                    .help("name another owner, or enable this user"),
                );
            }
        }
    };
    check("the organisation", &org.owners);
    for (_, recorder) in org.recorders.iter() {
        check(&format!("the recorder `{}`", recorder.id), &recorder.owners);
    }
    for (_, device) in org.devices.iter() {
        check(&format!("the device `{}`", device.id), &device.owners);
    }
}

/// No level is given more often than the pool has, and none outside the pool. A count that could not be read is left
/// out: what is too much without it is too much with it.
fn licences(org: &Org, graph: &Graph, diagnostics: &mut Vec<Diagnostic>) {
    let Some(pool) = &org.licenses else { return };
    for (_, user) in org.users.iter() {
        for (level, _, span) in user.licenses.iter().flatten() {
            if pool.contains_key(level) {
                continue;
            }
            let (found, help) = if pool.is_empty() {
                (
                    "the organisation has no pool of licences".to_owned(),
                    format!("add one: `licenses: {{ {level}: 1 }}`"),
                )
            } else {
                let near = did_you_mean(level, pool.keys().map(AsRef::as_ref));
                let known = pool.keys().map(|level| format!("`{level}`")).collect::<Vec<_>>().join(", ");
                (
                    format!("the pool has no licences of level `{level}`"),
                    near.unwrap_or(format!("name one of its levels ({known}), or add this one to the pool")),
                )
            };
            diagnostics.push(
                Diagnostic::new(&rules::LICENCE_LEVEL, *span, found).other(org.span, "the organisation").help(help),
            );
        }
    }
    let mut given: BTreeMap<&str, (u128, Option<Span>)> = BTreeMap::new();
    for (index, user) in org.users.iter().filter(|(_, user)| user.disabled == Some(false)) {
        for (level, count, span) in licenses_of(org, graph, index).into_iter().flatten() {
            let Some((most, _)) = pool.get(level) else { continue };
            let (sum, over) = given.entry(level).or_default();
            *sum += u128::from(*count);
            if *sum > u128::from(*most) && over.is_none() {
                *over = Some(if user.licenses.is_some() { *span } else { user.span });
            }
        }
    }
    for (level, (sum, over)) in given {
        if let (Some(over), Some((most, span))) = (over, pool.get(level)) {
            let found = format!("users are given {sum} licences of level `{level}`, and the pool has {most}");
            diagnostics.push(
                Diagnostic::new(&rules::LICENCE_POOL, *span, found)
                    .label("the pool")
                    .other(over, "here it is used up")
                    .help("take licences away, or enlarge the pool"),
            );
        }
    }
}
