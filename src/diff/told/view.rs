//! Both policies, looked at by the numbers of a difference. In: two policies and their difference. Out: for things that
//! are declared, the subjects, resources and grants that have to do with them.

use std::collections::{BTreeSet, HashMap};

use super::bearing::Numbers;
use crate::declared::Declaration;
use crate::diff::OrgDifference;
use crate::effective::{OrgRights, ResourceClassIx, StatementIx, SubjectClassIx};
use crate::graph::Resource;
use crate::model::{Grant, GrantIx, Index, Link, RoleIx, RoleRef, Scope, Subject, TeamIx, UserIx};
use crate::source::Span;
use crate::vocabulary::CapabilitySet;

/// Both policies.
pub(super) struct Views<'v> {
    pub old: View<'v>,
    pub new: View<'v>,
}

/// One policy.
pub(super) struct View<'v> {
    pub rights: &'v OrgRights,
    pub is_new: bool,
    difference: &'v OrgDifference,
    /// The numbers of users, and of the links that each has made.
    users: Vec<Vec<u32>>,
    /// The class of users of a subject: of a link, its maker's.
    class_of_subject: HashMap<u32, SubjectClassIx>,
    class_of_resource: HashMap<u32, ResourceClassIx>,
    /// The teams that list a team.
    listed_by: HashMap<TeamIx, Vec<TeamIx>>,
    grant_at: HashMap<Span, GrantIx>,
    statement_of: HashMap<GrantIx, StatementIx>,
}

impl<'v> View<'v> {
    pub(super) fn new(rights: &'v OrgRights, difference: &'v OrgDifference, is_new: bool) -> View<'v> {
        let org = &rights.org;
        let mut users: Vec<Vec<u32>> = Vec::new();
        let mut class_of_subject = HashMap::new();
        for (user, declared) in org.users.iter() {
            let number = difference.subject_number(&format!("user:{}", declared.id));
            users.push(number.into_iter().collect());
            class_of_subject.extend(number.zip(rights.statements.class_of[user]));
        }
        for (_, link) in org.links.iter() {
            let number = difference.subject_number(&format!("link:{}", link.id));
            let Some((maker, number)) = link.created_by.map(|(maker, _)| maker).zip(number) else { continue };
            users.get_mut(maker.number()).into_iter().for_each(|numbers| numbers.push(number));
            class_of_subject.extend(rights.statements.class_of[maker].map(|class| (number, class)));
        }
        let mut class_of_resource = HashMap::new();
        for (index, resource) in rights.graph.containment.resources() {
            let number = difference.resource_number(&resource.text(org));
            class_of_resource.extend(number.map(|number| (number, rights.resources.class_of[index])));
        }
        let mut listed_by: HashMap<TeamIx, Vec<TeamIx>> = HashMap::new();
        for (team, members) in rights.graph.inheritance.members.iter() {
            for member in members {
                if let Subject::Team(inner) = member {
                    listed_by.entry(*inner).or_default().push(team);
                }
            }
        }
        View {
            rights,
            is_new,
            difference,
            users,
            class_of_subject,
            class_of_resource,
            listed_by,
            grant_at: org.grants.iter().map(|(index, grant)| (grant.span, index)).collect(),
            statement_of: rights.statements.all.iter().map(|(index, one)| (one.grant, index)).collect(),
        }
    }

    pub(super) fn class_of_subject(&self, number: u32) -> Option<SubjectClassIx> {
        self.class_of_subject.get(&number).copied()
    }

    pub(super) fn class_of_resource(&self, number: u32) -> Option<ResourceClassIx> {
        self.class_of_resource.get(&number).copied()
    }

    /// Numbers of users and of what they share by links.
    fn numbers<'u>(&self, users: impl IntoIterator<Item = &'u UserIx>) -> Numbers {
        users.into_iter().filter_map(|user| self.users.get(user.number())).flatten().copied().collect()
    }

    /// A user with all who have what it has.
    pub(super) fn equal_to(&self, user: UserIx) -> Numbers {
        self.numbers(self.rights.graph.inheritance.equals[user].iter().chain([&user]))
    }

    /// The user of a declaration with all who have what it has.
    pub(super) fn users_with(&self, one: &Declaration) -> Numbers {
        let is = |id: &str| one.id.as_deref().is_some_and(|own| own.eq_ignore_ascii_case(id));
        let user = self.rights.org.users.iter().find(|(_, user)| is(&user.id));
        user.map(|(user, _)| self.equal_to(user)).unwrap_or_default()
    }

    pub(super) fn owners(&self) -> Numbers {
        self.numbers(self.rights.org.owners.iter().map(|(user, _)| user))
    }

    pub(super) fn team(&self, one: &Declaration) -> Option<TeamIx> {
        self.rights.org.teams.iter().find(|(_, team)| Some(&*team.id) == one.id.as_deref()).map(|(team, _)| team)
    }

    pub(super) fn users_of(&self, team: TeamIx) -> Numbers {
        self.numbers(&self.rights.graph.inheritance.users_of(&self.rights.org, team))
    }

    /// The grants that name a team, or one that it is in.
    pub(super) fn through(&self, team: TeamIx) -> BTreeSet<GrantIx> {
        let (mut outer, mut open) = (BTreeSet::new(), vec![team]);
        while let Some(team) = open.pop() {
            if outer.insert(team) {
                open.extend(self.listed_by.get(&team).into_iter().flatten());
            }
        }
        let named = |subject: &Subject| matches!(subject, Subject::Team(team) if outer.contains(team));
        self.grants(|grant| grant.to.iter().chain(&grant.except).any(|(subject, _)| named(subject)))
    }

    pub(super) fn role(&self, one: &Declaration) -> Option<RoleIx> {
        self.rights.org.roles.iter().find(|(_, role)| Some(&*role.id) == one.id.as_deref()).map(|(role, _)| role)
    }

    pub(super) fn capabilities(&self, role: RoleIx) -> CapabilitySet {
        self.rights.graph.inheritance.capabilities[role]
    }

    /// The grants with a role, or with one that extends it.
    pub(super) fn with_role(&self, role: RoleIx) -> BTreeSet<GrantIx> {
        let mut with = BTreeSet::from([role.number()]);
        let has = |with: &BTreeSet<usize>, role: &RoleRef| matches!(role, RoleRef::Declared(role) if with.contains(&role.number()));
        // those that are extended come first
        for role in &self.rights.graph.inheritance.role_order {
            if self.rights.org.roles[*role].extends.iter().any(|(base, _)| has(&with, base)) {
                with.insert(role.number());
            }
        }
        self.grants(|grant| grant.roles.iter().any(|(role, _)| has(&with, role)))
    }

    /// Grants and denials of a sort.
    pub(super) fn grants(&self, of_sort: impl Fn(&Grant) -> bool) -> BTreeSet<GrantIx> {
        self.rights.org.grants.iter().filter(|(_, grant)| of_sort(grant)).map(|(index, _)| index).collect()
    }

    /// Links of a sort.
    pub(super) fn links(&self, of_sort: impl Fn(&Link) -> bool) -> Numbers {
        let links = self.rights.org.links.iter().filter(|(_, link)| of_sort(link));
        links.filter_map(|(_, link)| self.difference.subject_number(&format!("link:{}", link.id))).collect()
    }

    /// The one link or resource that a declaration is.
    pub(super) fn named(&self, kind: &str, one: &Declaration) -> Numbers {
        let Some(id) = one.id.as_deref() else { return Numbers::new() };
        let org = &self.rights.org;
        let name = match kind {
            "link" => return self.difference.subject_number(&format!("link:{id}")).into_iter().collect(),
            "device_group" => org
                .device_groups
                .iter()
                .find(|(_, group)| group.id.eq_ignore_ascii_case(id))
                .map(|(_, group)| &group.id),
            _ => None,
        };
        let name = format!("{kind}:{}", name.map_or(id, |name| name));
        self.difference.resource_number(&name).into_iter().collect()
    }

    /// A place, and all that is in it.
    pub(super) fn under_place(&self, one: &Declaration) -> Numbers {
        let place = self.rights.org.places.iter().find(|(_, place)| Some(&*place.path) == one.id.as_deref());
        place.map(|(place, _)| self.under(Resource::Place(place))).unwrap_or_default()
    }

    /// A recorder, and all that is on it.
    pub(super) fn of_recorder(&self, one: &Declaration) -> Numbers {
        let recorder = self.rights.org.recorders.iter().find(|(_, recorder)| Some(&*recorder.id) == one.id.as_deref());
        recorder.map(|(recorder, _)| self.under(Resource::Recorder(recorder))).unwrap_or_default()
    }

    /// A resource, and all that it reaches.
    fn under(&self, top: Resource) -> Numbers {
        let containment = &self.rights.graph.containment;
        let all = containment.resources().map(|(_, resource)| resource);
        let under = all.filter(|resource| *resource == top || containment.above(*resource).contains(&top));
        under.filter_map(|resource| self.difference.resource_number(&resource.text(&self.rights.org))).collect()
    }

    fn members(&self, class: ResourceClassIx) -> impl Iterator<Item = u32> + '_ {
        let text = |index| self.rights.graph.containment.resource(index).text(&self.rights.org);
        let members = self.rights.resources.classes[class].members.iter();
        members.filter_map(move |index| self.difference.resource_number(&text(*index)))
    }

    /// The devices of a device group or layout.
    pub(super) fn gathered(&self, kind: &str, one: &Declaration) -> Numbers {
        let Some((_, resource)) = self.gathering(kind, one) else { return Numbers::new() };
        let containment = &self.rights.graph.containment;
        let device = |device| format!("device:{}", self.rights.org.devices[device].id);
        containment.devices_of(resource).filter_map(|one| self.difference.resource_number(&device(one))).collect()
    }

    /// The grants for which it matters what is in a device group or layout.
    pub(super) fn naming_gathering(&self, kind: &str, one: &Declaration) -> BTreeSet<GrantIx> {
        let Some((scope, _)) = self.gathering(kind, one) else { return BTreeSet::new() };
        let narrowed = matches!(scope, Scope::DeviceGroup(_));
        self.grants(|grant| {
            let mut scopes = grant.scope.iter().chain(&grant.except_scope);
            (narrowed && grant.only.is_some()) || scopes.any(|(one, _)| *one == scope)
        })
    }

    fn gathering(&self, kind: &str, one: &Declaration) -> Option<(Scope, Resource)> {
        let org = &self.rights.org;
        let id = one.id.as_deref()?;
        if kind == "layout" {
            let (index, _) = org.layouts.iter().find(|(_, layout)| &*layout.id == id)?;
            return Some((Scope::Layout(index), Resource::Layout(index)));
        }
        let (index, _) = org.device_groups.iter().find(|(_, group)| group.id.eq_ignore_ascii_case(id))?;
        Some((Scope::DeviceGroup(index), Resource::DeviceGroup(index)))
    }

    pub(super) fn grant(&self, one: &Declaration) -> Option<GrantIx> {
        self.grant_at.get(&one.span).copied()
    }

    /// Whom a grant names, and whom it leaves out.
    pub(super) fn named_by(&self, one: &Declaration) -> Vec<Subject> {
        let grant = self.grant(one).map(|grant| &self.rights.org.grants[grant]);
        grant.into_iter().flat_map(|grant| grant.to.iter().chain(&grant.except)).map(|(one, _)| *one).collect()
    }

    /// Whom a team lists.
    pub(super) fn members_of(&self, one: &Declaration) -> Vec<Subject> {
        let team = self.team(one).map(|team| &self.rights.org.teams[team]);
        team.into_iter().flat_map(|team| &team.members).map(|(one, _)| *one).collect()
    }

    pub(super) fn subject_text(&self, subject: Subject) -> String {
        match subject {
            Subject::Everyone => "everyone".to_owned(),
            Subject::Team(team) => format!("team:{}", self.rights.org.teams[team].id),
            Subject::User(user) => format!("user:{}", self.rights.org.users[user].id),
        }
    }

    pub(super) fn users_of_subject(&self, subject: Subject) -> Numbers {
        match subject {
            Subject::Everyone => self.users.iter().flatten().copied().collect(),
            Subject::Team(team) => self.users_of(team),
            Subject::User(user) => self.equal_to(user),
        }
    }

    /// The resources that a grant in force reaches.
    pub(super) fn reached_by(&self, one: &Declaration) -> Numbers {
        let statement = self.grant(one).and_then(|grant| self.statement_of.get(&grant));
        let Some(statement) = statement else { return Numbers::new() };
        let classes = self.rights.statements.reached(&self.rights.statements.all[*statement]);
        classes.iter().flat_map(|class| self.members(*class)).collect()
    }

    /// The capabilities of a grant in force.
    pub(super) fn given_by(&self, one: &Declaration) -> CapabilitySet {
        let statement = self.grant(one).and_then(|grant| self.statement_of.get(&grant));
        statement.map(|statement| self.rights.statements.all[*statement].capabilities).unwrap_or_default()
    }
}
