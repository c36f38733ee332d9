//! Plans: changes that together would turn an answer, read off its obstacles. In: an answer. Out: plans, those of the
//! fewest changes first. Whether a plan really turns the answer is not decided here.

use super::Change;
use crate::effective::OrgRights;
use crate::graph::Resource;
use crate::model::{GrantIx, Subject, TeamIx, UserIx};
use crate::query::near::{Miss, NearMiss};
use crate::query::routes::SubjectStep;
use crate::query::unmet::{Part, Unmet};
use crate::query::why::{Answer, Given, Obstacle, Question, Who};
use crate::vocabulary::{CapabilityClass, vocabulary};

/// How many grants that come near are made plans of, and how many teams of a grant.
const NEAR: usize = 12;
const TEAMS: usize = 3;
/// In how many grants at most a user is left out to take one right away.
const TOGETHER: usize = 6;
/// How many plans are put together at most.
const PLANS: usize = 512;

/// Changes that together would turn an answer.
pub(super) type Plan = Vec<Change>;

/// Plans, and whether these are all that there are of these forms.
pub(super) struct Plans {
    pub(super) plans: Vec<Plan>,
    pub(super) complete: bool,
}

/// What would turn an answer.
pub(super) fn plans(rights: &OrgRights, answer: &Answer) -> Plans {
    let mut planner = Planner { rights, complete: true };
    let mut plans = if answer.yes { planner.taking(answer) } else { planner.giving(answer) };
    plans.sort_by_key(Vec::len);
    Plans { plans, complete: planner.complete }
}

struct Planner<'r> {
    rights: &'r OrgRights,
    complete: bool,
}

impl Planner<'_> {
    /// From no to yes: for each obstacle one way out.
    fn giving(&mut self, answer: &Answer) -> Vec<Plan> {
        let mut plans: Vec<Plan> = vec![Vec::new()];
        for obstacle in &answer.obstacles {
            let ways_out = self.ways_out(answer, obstacle);
            if ways_out.is_empty() {
                return Vec::new();
            }
            plans = self.product(&plans, &ways_out);
        }
        plans
    }

    fn product(&mut self, plans: &[Plan], more: &[Plan]) -> Vec<Plan> {
        let mut all: Vec<Plan> = Vec::new();
        for plan in plans {
            for way in more {
                let mut joined = plan.clone();
                joined.extend(way.iter().filter(|change| !plan.contains(change)).cloned());
                all.push(joined);
            }
        }
        all.sort_by_key(Vec::len);
        if all.len() > PLANS {
            all.truncate(PLANS);
            self.complete = false;
        }
        all
    }

    fn ways_out(&mut self, answer: &Answer, obstacle: &Obstacle) -> Vec<Plan> {
        let Question { who, capability, resource, .. } = answer.question;
        let on = self.rights.graph.containment.resource(resource);
        let device = match on {
            Resource::Device(device) => Some(device),
            _ => None,
        };
        let one = |change: Change| vec![vec![change]];
        match *obstacle {
            Obstacle::NotApplicable(_) => Vec::new(),
            Obstacle::UserDisabled(user, _) => one(Change::EnableUser(user)),
            Obstacle::Own(unmet) => self.meeting(answer, &unmet).into_iter().map(|change| vec![change]).collect(),
            Obstacle::Excluded(Some(place), _) => one(Change::IncludePlace(place)),
            Obstacle::Excluded(None, _) => device.map(Change::Include).map(one).unwrap_or_default(),
            Obstacle::NotShared(recorder, _) => one(Change::Share(recorder)),
            Obstacle::NotGiven | Obstacle::NotNow => match who {
                Who::User(user) => self.granting(answer, user, capability, on),
                Who::Link(_) => Vec::new(),
            },
            Obstacle::Denied(grant) => match who {
                Who::User(user) => [Change::Except(grant, user), Change::Spare(grant, on), Change::Disable(grant)]
                    .map(|change| vec![change])
                    .to_vec(),
                Who::Link(_) => Vec::new(),
            },
            Obstacle::LinkDisabled(link, _) => one(Change::EnableLink(link)),
            Obstacle::LinkWithoutDevice(link, _) => {
                device.map(|device| Change::LinkDevice(link, device)).map(one).unwrap_or_default()
            }
            Obstacle::LinkWithoutCapability(link, _) => {
                let view = vocabulary().of_class(CapabilityClass::View).has(capability);
                if view { one(Change::LinkAllow(link, capability)) } else { Vec::new() }
            }
            Obstacle::MakerMayNotShare(..) => {
                answer.maker.as_ref().map(|maker| self.giving(&maker.shares)).unwrap_or_default()
            }
            Obstacle::MakerHoldsNot(..) => {
                answer.maker.as_ref().map(|maker| self.giving(&maker.holds)).unwrap_or_default()
            }
        }
    }

    /// What makes a part of a condition hold.
    fn meeting(&self, answer: &Answer, unmet: &Unmet) -> Option<Change> {
        let request = &answer.question.request;
        match unmet.part {
            Part::NotYet(_) => request.at.map(|at| Change::From(unmet.bearer, at)),
            Part::Ended(_) => request.at.map(|at| Change::Until(unmet.bearer, at)),
            Part::Closed(_) => Some(Change::DropSchedule(unmet.bearer)),
            Part::Elsewhere => request.address.map(|address| Change::Address(unmet.bearer, address)),
            Part::Inside | Part::InstantUnknown | Part::AddressUnknown => None,
        }
    }

    /// What gives a right that no grant gives now: a new grant, or one that comes near.
    fn granting(&mut self, answer: &Answer, user: UserIx, capability: usize, on: Resource) -> Vec<Plan> {
        let mut plans = vec![vec![Change::Grant { to: user, allow: vec![capability], on }]];
        // whoever sees a layout or a device group has to be able to watch what is in it
        let names = ["layout.view", "device_group.view"];
        let view = names.iter().any(|name| vocabulary().number(name) == Some(capability));
        if let Some(watch) = vocabulary().number("live.view").filter(|_| view) {
            plans.push(vec![Change::Grant { to: user, allow: vec![capability, watch], on }]);
        }
        for given in answer.given.iter().filter(|given| !given.holds) {
            if let Some(route) = given.subject.shown.first() {
                let changes: Option<Plan> = route.unmet.iter().map(|unmet| self.meeting(answer, unmet)).collect();
                plans.extend(changes.filter(|changes| !changes.is_empty()));
            }
        }
        let near = &answer.near;
        if near.narrowed.len() > NEAR || near.others.len() > NEAR {
            self.complete = false;
        }
        for miss in near.narrowed.iter().take(NEAR).chain(near.others.iter().take(NEAR)) {
            plans.extend(self.mending(miss, user, capability, on));
        }
        plans
    }

    /// What makes a grant that comes near give the right.
    fn mending(&mut self, near: &NearMiss, user: UserIx, capability: usize, on: Resource) -> Vec<Plan> {
        let grant = near.grant;
        let mut plans: Vec<Plan> = vec![Vec::new()];
        for miss in &near.misses {
            let ways: Vec<Change> = match *miss {
                Miss::NotNamed => {
                    let teams = self.teams_named(grant).into_iter().map(|team| Change::Join(team, user));
                    teams.chain([Change::Name(grant, user)]).collect()
                }
                Miss::Excepted(place) => vec![Change::Unexcept(grant, place)],
                Miss::NotReached => vec![Change::Reach(grant, on)],
                Miss::ScopeExcepted(place) => vec![Change::Unspare(grant, place)],
                Miss::Kinds(_) => match on {
                    Resource::Device(device) => vec![Change::Kind(grant, device)],
                    _ => vec![Change::DropKinds(grant)],
                },
                Miss::Only(_) => self.through_only(grant, on),
                Miss::NoCapability => vec![Change::Allow(grant, capability)],
                Miss::ReadOnly(_) => vec![Change::DropReadOnly(grant)],
                Miss::Without(role, _) => vec![Change::Keep(role, capability), Change::Allow(grant, capability)],
                Miss::NotEnabled(_) => vec![Change::Enable(grant)],
                Miss::Consent(..) => vec![Change::Accept(grant)],
            };
            let ways: Vec<Plan> = ways.into_iter().map(|change| vec![change]).collect();
            plans = self.product(&plans, &ways);
        }
        plans
    }

    fn teams_named(&mut self, grant: GrantIx) -> Vec<TeamIx> {
        let named = self.rights.org.grants[grant].to.iter().filter_map(|(subject, _)| match subject {
            Subject::Team(team) => Some(*team),
            _ => None,
        });
        let teams: Vec<TeamIx> = named.collect();
        self.complete &= teams.len() <= TEAMS;
        teams.into_iter().take(TEAMS).collect()
    }

    fn through_only(&self, grant: GrantIx, on: Resource) -> Vec<Change> {
        let only = self.rights.org.grants[grant].only.as_deref().unwrap_or_default();
        match on {
            Resource::Device(device) => {
                let groups = only.iter().map(|(group, _)| Change::Gather(device, *group));
                groups.take(TEAMS).chain([Change::DropOnly(grant)]).collect()
            }
            _ => vec![Change::DropOnly(grant)],
        }
    }

    /// From yes to no. Each of these is tried by itself.
    fn taking(&mut self, answer: &Answer) -> Vec<Plan> {
        let Question { who, capability, resource, .. } = answer.question;
        let Who::User(user) = who else { return Vec::new() };
        let on = self.rights.graph.containment.resource(resource);
        let mut changes: Vec<Change> = Vec::new();
        let mut together: Plan = Vec::new();
        if answer.ownership.is_empty() {
            changes.push(Change::Deny { to: user, capability, on });
            let holding: Vec<&Given> = answer.given.iter().filter(|given| given.holds).collect();
            let routes = holding.iter().flat_map(|given| &given.subject.shown);
            changes.extend(routes.flat_map(|route| &route.steps).filter_map(|step| match step {
                SubjectStep::Listed { team, member: Subject::User(listed), .. } => Some(Change::Leave(*team, *listed)),
                _ => None,
            }));
            if let [given] = holding[..] {
                changes.extend([Change::Except(given.grant, user), Change::Disable(given.grant)]);
            } else {
                together = holding.iter().map(|given| Change::Except(given.grant, user)).collect();
                self.complete = false; // each could be taken away in a way of its own
            }
            if let Resource::Device(device) = on {
                changes.push(Change::Exclude(device));
            }
        } else {
            changes.extend(answer.ownership.iter().map(|owned| Change::Disown(user, owned.owned)));
        }
        let is_owner = self.rights.org.owners.iter().any(|(owner, _)| *owner == user);
        if !is_owner {
            changes.push(Change::DisableUser(user));
        }
        let mut plans: Vec<Plan> = Vec::new();
        for change in changes {
            if !plans.contains(&vec![change.clone()]) {
                plans.push(vec![change]);
            }
        }
        plans.extend(Some(together).filter(|together| (2..=TOGETHER).contains(&together.len())));
        plans
    }
}
