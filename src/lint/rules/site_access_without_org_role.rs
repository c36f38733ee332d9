//! `site-access-without-org-role`: on recorders of kind `verkada`, access to a place for one who holds nothing on `org`;
//! and an administrator of the organisation who holds no place.

use std::collections::{BTreeMap, BTreeSet};

use crate::diagnostics::{Diagnostic, Level, Rule};
use crate::effective::{Evaluator, ResourceClassIx, SubjectClassIx};
use crate::graph::Resource;
use crate::lint::words::users;
use crate::lint::{Basis, Findings, Lint, Rights};
use crate::model::{GrantIx, PlaceIx, RecorderKind, UserIx};
use crate::vocabulary::{CapabilityClass, ResourceKind, vocabulary};

pub(in crate::lint) static LINT: Lint = Lint {
    rule: Rule::lint(
        "CG1017",
        "site-access-without-org-role",
        Level::Warn,
        include_str!("site_access_without_org_role.md"),
    ),
    basis: Basis::Rights(look),
};

/// Who is in a place without the organisation, or the other way round, by the first grant that puts them there.
#[derive(Default)]
struct Found {
    outside: BTreeMap<GrantIx, BTreeSet<SubjectClassIx>>,
    placeless: BTreeMap<GrantIx, BTreeSet<SubjectClassIx>>,
}

fn look(policy: &Rights<'_>, findings: &mut Findings) {
    let rights = policy.rights;
    let places = places_of_verkada(policy);
    if places.is_empty() {
        return;
    }
    let org_class = rights.resources.class_of[rights.graph.containment.index(Resource::Org)];
    let administer = vocabulary().of_class(CapabilityClass::Administer);
    let mut evaluator = Evaluator::new(rights);
    let mut found = Found::default();
    for (subjects, class) in rights.statements.classes.iter().filter(|(_, class)| !class.owns_org) {
        let row = evaluator.row_on(subjects, |class| class == org_class || places.contains(&class));
        let on_org = row.iter().find(|(class, _)| *class == org_class);
        let place = row.iter().find(|(class, _)| *class != org_class);
        let administers = on_org.is_some_and(|(_, right)| !(evaluator.right(*right).held() & administer).is_empty());
        let (by, at) = match (on_org, place) {
            (None, Some((place, _))) if class.owner.is_none() => (&mut found.outside, *place),
            (Some((at, _)), None) if administers => (&mut found.placeless, *at),
            _ => continue,
        };
        let mut giving = rights.statements.of_class(subjects).filter(|statement| {
            let kind = rights.resources.classes[at].standing.kind;
            let gives = rights.statements.on_kind(statement, kind);
            let counts = if kind == ResourceKind::Org { gives & administer } else { gives };
            !statement.denial && !counts.is_empty() && rights.statements.reached(statement).binary_search(&at).is_ok()
        });
        if let Some(statement) = giving.next() {
            by.entry(statement.grant).or_default().insert(subjects);
        }
    }
    for (grant, subjects) in found.outside {
        let who = who(policy, &subjects);
        let message = format!("{who} may enter a place of a `verkada` recorder, and holds nothing on `org`");
        findings.push(
            Diagnostic::new(&LINT.rule, rights.org.grants[grant].span, message)
                .help("give an organisation's role too: `role: verkada/org-viewer` with `scope: org`"),
        );
    }
    for (grant, subjects) in found.placeless {
        let who = who(policy, &subjects);
        let message = format!("{who} administers the organisation, and holds no place of a `verkada` recorder");
        findings.push(
            Diagnostic::new(&LINT.rule, rights.org.grants[grant].span, message)
                .help("give a role on a site or group too, such as `role: verkada/site-admin`"),
        );
    }
}

fn who(policy: &Rights<'_>, subjects: &BTreeSet<SubjectClassIx>) -> String {
    let classes = &policy.rights.statements.classes;
    let mut all: Vec<UserIx> = subjects.iter().flat_map(|class| &classes[*class].members).copied().collect();
    all.sort_unstable();
    users(&policy.rights.org, &all)
}

/// The classes of sites, groups and devices that a recorder of kind `verkada` records: places that name it, or hold a
/// device of it, and the devices.
fn places_of_verkada(policy: &Rights<'_>) -> BTreeSet<ResourceClassIx> {
    let (org, containment) = (&policy.rights.org, &policy.rights.graph.containment);
    let is_verkada = |recorder: Option<crate::model::RecorderIx>| {
        recorder.is_some_and(|recorder| org.recorders[recorder].kind == RecorderKind::Verkada)
    };
    let mut found: BTreeSet<Resource> = BTreeSet::new();
    let with_all_above = |place: Option<PlaceIx>| std::iter::successors(place, |place| org.places[*place].parent);
    for (place, declared) in org.places.iter().filter(|(_, place)| is_verkada(place.recorder)) {
        let _ = declared;
        found.extend(with_all_above(Some(place)).map(Resource::Place));
    }
    for (device, declared) in org.devices.iter().filter(|(device, _)| is_verkada(containment.recorder_of[*device])) {
        // a device in no place belongs to the organisation itself
        if declared.place.is_some() {
            found.insert(Resource::Device(device));
        }
        found.extend(with_all_above(declared.place).map(Resource::Place));
    }
    found.into_iter().map(|resource| policy.rights.resources.class_of[containment.index(resource)]).collect()
}
