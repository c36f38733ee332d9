//! `analytics-without-license`: who may create analytics cases and has no licence; who has a licence and no analytics.

use std::collections::{BTreeMap, HashMap};

use crate::diagnostics::{Diagnostic, Level, Rule, listed};
use crate::effective::{Evaluator, OrgRights, ResourceClassIx, SubjectClassIx, capabilities_of, licenses_of};
use crate::lint::{Basis, Findings, Lint, Rights};
use crate::model::{GrantIx, RoleRef, UserIx};
use crate::source::Span;
use crate::vocabulary::{CapabilitySet, vocabulary};

pub(in crate::lint) static LINT: Lint = Lint {
    rule: Rule::lint("CG1009", "analytics-without-license", Level::Warn, include_str!("analytics_without_license.md")),
    basis: Basis::Rights(look),
};

fn look(policy: &Rights<'_>, findings: &mut Findings) {
    let rights = policy.rights;
    // where there is no pool, licences are given elsewhere
    if rights.org.licenses.as_ref().is_none_or(BTreeMap::is_empty) {
        return;
    }
    let Some(create) = vocabulary().number("analytics.create") else { return };
    let mut analytics = Analytics::new(rights);
    let mut unlicensed: BTreeMap<GrantIx, Vec<UserIx>> = BTreeMap::new();
    for (index, class) in rights.statements.classes.iter().filter(|(_, class)| !class.owns_org) {
        let (held, granted) = analytics.of_class(index);
        let giving = granted.has(create).then(|| analytics.first_giving(index, create)).flatten();
        for user in &class.members {
            let licensed = licenses_of(&rights.org, &rights.graph, *user);
            let licensed = licensed.is_some_and(|levels| levels.iter().any(|(_, count, _)| *count > 0));
            match giving {
                Some(grant) if !licensed => unlicensed.entry(grant).or_default().push(*user),
                _ if licensed && held.is_empty() => idle_licence(rights, *user, findings),
                _ => {}
            }
        }
    }
    for (grant, users) in unlicensed {
        let who = listed(users.iter().map(|user| &*rights.org.users[*user].id), "user");
        let verb = if users.len() == 1 { "has" } else { "have" };
        let found = format!("{who} may create analytics cases, and {verb} no licence");
        let at = item_giving(rights, grant, create);
        findings.push(
            Diagnostic::new(&LINT.rule, at, found)
                .label("given here")
                .help("give a licence with `licenses:`, or take `analytics.create` away"),
        );
    }
}

/// Who holds what of analytics. Only the organisation and recorders have any, so few resources need be looked at.
struct Analytics<'r> {
    rights: &'r OrgRights,
    evaluator: Evaluator<'r>,
    capabilities: CapabilitySet,
    /// The classes of resources that have analytics, ascending.
    places: Vec<ResourceClassIx>,
    /// What grants and denials give or take of it, where that is known.
    known: HashMap<GrantIx, CapabilitySet>,
}

impl<'r> Analytics<'r> {
    fn new(rights: &'r OrgRights) -> Analytics<'r> {
        let capabilities = vocabulary().expand("analytics.*").unwrap_or_default();
        let has_any = |kind| !(vocabulary().of_kind(kind) & capabilities).is_empty();
        let classes = rights.resources.classes.iter();
        let places = classes.filter(|(_, class)| has_any(class.standing.kind)).map(|(index, _)| index).collect();
        Analytics { rights, evaluator: Evaluator::new(rights), capabilities, places, known: HashMap::new() }
    }

    /// What a class of subjects holds, and what of it by grants and not by ownership.
    fn of_class(&mut self, index: SubjectClassIx) -> (CapabilitySet, CapabilitySet) {
        let (mut given, mut denied) = (CapabilitySet::default(), CapabilitySet::default());
        for (grant, classes) in self.rights.statements.applying(index) {
            let stated = self.stated(grant, classes);
            let sum = if self.rights.org.grants[grant].denial { &mut denied } else { &mut given };
            *sum = *sum | stated;
        }
        let owner = self.rights.statements.classes[index].owner;
        if owner.is_none() && (given & denied).is_empty() {
            return (given, given); // most people: no row need be made
        }
        let (mut held, mut granted) = (CapabilitySet::default(), CapabilitySet::default());
        for (class, right) in self.evaluator.row(index) {
            let right = self.evaluator.right(right);
            let all = right.allow_when.iter().fold(right.allow, |all, item| all | item.capabilities);
            held = held | (all & self.capabilities);
            let owners = &self.rights.resources.classes[class].standing.owners;
            if !owner.is_some_and(|owner| owners.contains(&owner)) {
                granted = granted | (all & self.capabilities);
            }
        }
        (held, granted)
    }

    /// What a grant or denial, which reaches these classes, gives or takes.
    fn stated(&mut self, grant: GrantIx, classes: &[ResourceClassIx]) -> CapabilitySet {
        let Analytics { rights, capabilities, places, known, .. } = self;
        *known.entry(grant).or_insert_with(|| {
            let stated = capabilities_of(&rights.graph, &rights.org.grants[grant]) & *capabilities;
            let reaches = |place: &ResourceClassIx| classes.binary_search(place).is_ok();
            if stated.is_empty() || !places.iter().any(reaches) { CapabilitySet::default() } else { stated }
        })
    }

    /// The first grant that gives a capability to a class of subjects.
    fn first_giving(&mut self, index: SubjectClassIx, capability: usize) -> Option<GrantIx> {
        let rights = self.rights;
        let mut grants = rights.statements.applying(index).filter(|(grant, _)| !rights.org.grants[*grant].denial);
        grants.find(|(grant, classes)| self.stated(*grant, classes).has(capability)).map(|(grant, _)| grant)
    }
}

/// The item of a grant that has a capability.
fn item_giving(rights: &OrgRights, grant: GrantIx, capability: usize) -> Span {
    let grant = &rights.org.grants[grant];
    let of_role = |role: &RoleRef| match role {
        RoleRef::Declared(role) => rights.graph.inheritance.capabilities[*role],
        RoleRef::BuiltIn(role) => role.capabilities,
    };
    let roles = grant.roles.iter().map(|(role, at)| (of_role(role), *at));
    let mut items = grant.capabilities.iter().copied().chain(roles);
    items.find(|(set, _)| set.has(capability)).map_or(grant.span, |(_, at)| at)
}

fn idle_licence(rights: &OrgRights, user: UserIx, findings: &mut Findings) {
    let user = &rights.org.users[user];
    // who takes a licence over by `same_as` is told of at the one who has it
    let Some((_, _, at)) = user.licenses.iter().flatten().find(|(_, count, _)| *count > 0) else { return };
    let found = format!("`{}` has a licence, and holds nothing of analytics", user.id);
    findings.push(
        Diagnostic::new(&LINT.rule, *at, found).help("take the licence away, or grant something of `analytics.*`"),
    );
}
