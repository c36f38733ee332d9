//! The stage's one way in: documents to a resolved policy.

use std::collections::HashMap;

use super::declare::{check_case, declared_twice};
use super::gather::{Gathered, entries, gather, items};
use super::names::Elsewhere;
use super::references::Resolver;
use super::types::{Grant, Org, Policy};
use super::{AddressSet, access, conditions, gatherings, people, places, policy_tests};
use crate::diagnostics::Diagnostic;
use crate::source::{FileId, Span};
use crate::syntax::{Pairs, PolicyDocument};

/// What the stage has to know of the ones before.
#[derive(Clone, Copy, Debug)]
pub struct Context<'c> {
    /// Whether some file could not be read at all, so that any name may be declared there.
    pub hidden: bool,
    /// Where mistakes of shape were found, sorted by file and byte.
    pub shape_mistakes: &'c [(FileId, u32)],
}

/// Resolves all documents of a policy. Never fails: what is wrong is left out, and said.
#[must_use]
pub fn resolve<'d>(documents: &'d [PolicyDocument<'d>], context: Context<'_>) -> (Policy, Vec<Diagnostic>) {
    let mut diagnostics = Vec::new();
    let gathering = gather(documents, context.hidden, &mut diagnostics);
    let elsewhere = Elsewhere::new(gathering.orgs.iter().map(|org| (org.id, &org.names)).collect());
    let mut orgs = Vec::with_capacity(gathering.orgs.len());
    for gathered in &gathering.orgs {
        let (org, found) = resolve_org(gathered, &elsewhere, context);
        orgs.push(org);
        diagnostics.extend(found);
    }
    // what belongs to no organisation is judged for its forms; its names are not looked up
    let nowhere = Elsewhere::default();
    diagnostics.extend(gathering.orphans.iter().flat_map(|orphan| resolve_org(orphan, &nowhere, context).1));
    (Policy { orgs }, diagnostics)
}

fn resolve_org<'r, 'd>(
    gathered: &'r Gathered<'d>,
    elsewhere: &'r Elsewhere<'r, 'd>,
    context: Context<'r>,
) -> (Org, Vec<Diagnostic>) {
    let documents = &gathered.documents;
    let mut r = Resolver::new(&gathered.names, elsewhere, context.shape_mistakes);
    r.zone = people::zone(&mut r, gathered.org);
    let zone = r.zone.clone();
    let settings = people::settings(&mut r, gathered.org);

    let networks = documents.iter().filter_map(|d| d.networks.as_ref()?.value.as_ref());
    let networks = conditions::declared_networks(&mut r, networks.flat_map(|Pairs(pairs)| pairs));
    let blocks: Vec<AddressSet> = networks.iter().map(|network| network.addresses.clone()).collect();
    let schedules = entries(documents, |d| &d.schedules).into_iter().map(|e| conditions::schedule(&mut r, e)).collect();
    let users = entries(documents, |d| &d.users).into_iter().map(|e| people::user(&mut r, e, &blocks)).collect();
    let teams = entries(documents, |d| &d.teams).into_iter().map(|e| people::team(&mut r, e, &blocks)).collect();
    let roles = entries(documents, |d| &d.roles).into_iter().map(|e| people::role(&mut r, e)).collect();
    let places = gathered.places.iter().map(|place| places::place(&mut r, place)).collect();
    let recorders: super::Arena<_, _> =
        entries(documents, |d| &d.recorders).into_iter().map(|e| places::recorder(&mut r, e)).collect();
    let devices = entries(documents, |d| &d.devices).into_iter().map(|e| places::device(&mut r, e)).collect();
    let device_groups =
        entries(documents, |d| &d.device_groups).into_iter().map(|e| gatherings::device_group(&mut r, e)).collect();
    let layouts = entries(documents, |d| &d.layouts).into_iter().map(|e| gatherings::layout(&mut r, e)).collect();
    let declared_grants = items(documents, |d| &d.grants);
    let grants: Vec<Grant> = declared_grants.iter().map(|g| access::grant(&mut r, g, &blocks)).collect();
    let links = entries(documents, |d| &d.links).into_iter().map(|e| access::link(&mut r, e, &blocks)).collect();
    let tests = items(documents, |d| &d.tests).into_iter().filter_map(|t| policy_tests::test(&mut r, t)).collect();

    let mut diagnostics = r.diagnostics;
    places::check_servers(recorders.iter().map(|(_, recorder)| recorder), &mut diagnostics);
    let ids = declared_grants.iter().filter_map(|grant| {
        let id = grant.value.as_ref()?.id.as_ref()?;
        Some((id.value.as_ref()?.0, id.span))
    });
    check_grant_ids(ids, &mut diagnostics);

    let people::Settings { owners, max_group_depth, ungrouped_visible, licenses } = settings;
    let org = Org {
        id: gathered.id.into(),
        span: gathered.span,
        hidden: gathered.names.has_gaps(),
        owners,
        zone,
        max_group_depth,
        ungrouped_visible,
        licenses,
        users,
        teams,
        roles,
        places,
        recorders,
        devices,
        device_groups,
        layouts,
        schedules,
        grants: grants.into_iter().collect(),
        links,
        tests,
        networks: networks.into_iter().collect(),
        network_lists: r.network_lists,
        repeated: r.repeated,
    };
    (org, diagnostics)
}

/// Grants need no id; those that have one share it with no other.
fn check_grant_ids<'d>(ids: impl Iterator<Item = (&'d str, Span)>, diagnostics: &mut Vec<Diagnostic>) {
    let mut first: HashMap<&str, Span> = HashMap::new();
    let mut folded = HashMap::new();
    for (id, span) in ids {
        if let Some(earlier) = first.get(id) {
            diagnostics.push(declared_twice("grant", id, span, *earlier));
            continue;
        }
        first.insert(id, span);
        check_case("grant", id, span, &mut folded, diagnostics);
    }
}
