//! Doubt: a rule is judged only where no declaration that it rests on has a mistake (`semantics §5`). This says where
//! one has: a user may after all watch a device, by a grant, a role or a team that could not be read in full.

use super::OrgRights;
use super::statements::SubjectClassIx;
use super::targets::Aim;
use super::ways::Ways;
use crate::graph::Resource;
use crate::model::{DeviceIx, Grant, GrantIx, Org, RoleRef, Subject, TeamIx, UserIx};

/// What could not be read of an organisation.
pub(super) struct Doubt<'r> {
    rights: &'r OrgRights,
    ways: &'r Ways,
    /// Whether there is any mistake at all; without one there is no doubt.
    any: bool,
    /// Grants that are uncertain in whom they name, where they apply or what they give.
    uncertain: Vec<GrantIx>,
    /// Teams that list, at any depth, one that has a mistake.
    broken_teams: Vec<TeamIx>,
}

impl<'r> Doubt<'r> {
    pub(super) fn new(rights: &'r OrgRights, ways: &'r Ways, has_mistakes: bool) -> Doubt<'r> {
        let mut doubt = Doubt { rights, ways, any: has_mistakes, uncertain: Vec::new(), broken_teams: Vec::new() };
        if has_mistakes {
            doubt.broken_teams = broken_teams(rights);
            let grants = rights.org.grants.iter().filter(|(_, grant)| !grant.denial && doubt.is_uncertain(grant));
            doubt.uncertain = grants.map(|(index, _)| index).collect();
        }
        doubt
    }

    /// Whether it is uncertain that a user may not watch a device in a gathering which `shown_by` shows.
    pub(super) fn holds(&self, class: SubjectClassIx, user: UserIx, device: DeviceIx, shown_by: GrantIx) -> bool {
        self.any
            && (self.of_access(user, device)
                || self.has_broken_role(&self.rights.org.grants[shown_by])
                || self.has_uncertain_denial(class))
    }

    /// Whether it is uncertain what a user holds on a device.
    pub(super) fn of_access(&self, user: UserIx, device: DeviceIx) -> bool {
        self.any
            && (self.rights.org.hidden
                || self.user_is_broken(user)
                || self.device_is_broken(device)
                || self.uncertain.iter().any(|grant| self.may_concern(&self.rights.org.grants[*grant], user, device)))
    }

    fn is_uncertain(&self, grant: &Grant) -> bool {
        grant.broken.any
            || self.has_broken_role(grant)
            || self.names_broken_team(grant)
            || self.names_broken_group(grant)
    }

    fn has_broken_role(&self, grant: &Grant) -> bool {
        grant.roles.iter().any(|(role, _)| match role {
            RoleRef::Declared(role) => self.rights.graph.inheritance.broken_roles[*role],
            RoleRef::BuiltIn(_) => false,
        })
    }

    fn names_broken_team(&self, grant: &Grant) -> bool {
        grant.to.iter().any(|(subject, _)| matches!(subject, Subject::Team(team) if self.broken_teams.contains(team)))
    }

    fn names_broken_group(&self, grant: &Grant) -> bool {
        grant.only.iter().flatten().any(|(group, _)| self.rights.org.device_groups[*group].broken)
    }

    /// A denial through a team with a mistake may in truth have a condition.
    fn has_uncertain_denial(&self, class: SubjectClassIx) -> bool {
        let statements = &self.rights.statements;
        let of_class = statements.classes[class].statements.iter().map(|(index, _)| &statements.all[*index]);
        of_class.filter(|s| s.denial).any(|s| self.names_broken_team(&self.rights.org.grants[s.grant]))
    }

    fn may_concern(&self, grant: &Grant, user: UserIx, device: DeviceIx) -> bool {
        let rights = self.rights;
        let names = grant.broken.subjects
            || self.names_broken_team(grant)
            || grant.to.iter().any(|(subject, _)| match subject {
                Subject::Everyone => true,
                Subject::User(named) => rights.graph.inheritance.equals[*named].contains(&user),
                Subject::Team(team) => {
                    self.ways.members[*team].binary_search_by_key(&user, |(member, _)| *member).is_ok()
                }
            });
        let resource = rights.graph.containment.index(Resource::Device(device));
        let standing = &rights.resources.classes[rights.resources.class_of[resource]].standing;
        let reaches =
            grant.broken.scope || self.names_broken_group(grant) || Aim::of(grant).takes(&rights.org, standing);
        names && reaches
    }

    fn user_is_broken(&self, user: UserIx) -> bool {
        let inheritance = &self.rights.graph.inheritance;
        let mut at = Some(user);
        while let Some(user) = at {
            let declared = &self.rights.org.users[user];
            at = inheritance.same_as[user];
            // what made a circle was taken out of the graph
            if declared.broken || declared.same_as.is_some() != at.is_some() {
                return true;
            }
        }
        false
    }

    fn device_is_broken(&self, device: DeviceIx) -> bool {
        let org = &self.rights.org;
        let declared = &org.devices[device];
        let recorder = self.rights.graph.containment.recorder_of[device];
        declared.broken
            || recorder.is_some_and(|recorder| org.recorders[recorder].broken)
            || declared.place.is_some_and(|place| places_above(org, place).any(|place| org.places[place].broken))
    }
}

fn places_above(org: &Org, place: crate::model::PlaceIx) -> impl Iterator<Item = crate::model::PlaceIx> + '_ {
    std::iter::successors(Some(place), |place| org.places[*place].parent)
}

fn broken_teams(rights: &OrgRights) -> Vec<TeamIx> {
    let inheritance = &rights.graph.inheritance;
    let mut broken: Vec<TeamIx> = Vec::new();
    for team in &inheritance.team_order {
        let through =
            inheritance.members[*team].iter().any(|m| matches!(m, Subject::Team(inner) if broken.contains(inner)));
        let declared = &rights.org.teams[*team];
        // what made a circle was taken out of the graph
        if declared.broken || declared.members.len() != inheritance.members[*team].len() || through {
            broken.push(*team);
        }
    }
    broken
}
