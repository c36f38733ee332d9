//! How a grant comes to a user: from the user through `same_as` and teams to the item of `to` that names it.

use std::collections::HashMap;

use super::{Routes, SHOWN, each_once, ways_down};
use crate::effective::{Condition, OrgRights};
use crate::model::{GrantIx, Subject, TeamIx, UserIx};
use crate::query::clock::Request;
use crate::query::unmet::{Bearer, Counting, Unmet, unmet};
use crate::source::Span;

/// A step from a user towards a grant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum SubjectStep {
    /// The user is listed wherever this other one is.
    SameAs {
        /// The user.
        user: UserIx,
        /// The other one.
        other: UserIx,
        /// Where it says so.
        place: Span,
    },
    /// A team lists a member.
    Listed {
        /// The team.
        team: TeamIx,
        /// The member.
        member: Subject,
        /// The item of its `members`.
        place: Span,
    },
    /// The grant names it.
    Named {
        /// What it names.
        subject: Subject,
        /// The item of its `to` or `except`.
        place: Span,
    },
}

/// How a grant comes to a user.
#[derive(Clone, Debug)]
pub struct SubjectRoute {
    /// From the user to the grant.
    pub steps: Vec<SubjectStep>,
    /// What the teams along it and the grant state together.
    pub condition: Condition,
    /// What of it a request does not meet.
    pub unmet: Vec<Unmet>,
}

/// How a user is listed in teams: what routes to grants are made of.
#[derive(Debug)]
pub struct Membership<'r> {
    rights: &'r OrgRights,
    request: Request,
    counting: Counting,
    /// The user, and those whose equal it is, nearest first.
    chain: Vec<UserIx>,
    /// For each team that it is in: how many routes there are, and whether one of them holds.
    teams: HashMap<TeamIx, (u64, bool)>,
}

impl<'r> Membership<'r> {
    /// The teams of a user, as a request meets them.
    #[must_use]
    pub fn new(rights: &'r OrgRights, user: UserIx, request: Request, counting: Counting) -> Membership<'r> {
        let same_as = &rights.graph.inheritance.same_as;
        let chain = std::iter::successors(Some(user), |user| same_as[*user]).collect();
        let mut this = Membership { rights, request, counting, chain, teams: HashMap::new() };
        for team in &rights.graph.inheritance.team_order {
            let mut routes: u64 = 0;
            let mut holds = false;
            for (member, _) in this.members(*team) {
                let (more, one_holds) = this.listed(member);
                routes = routes.saturating_add(more);
                holds |= one_holds;
            }
            if routes > 0 {
                let own = unmet(Bearer::Team(*team), &rights.org, &rights.graph, &this.request, counting);
                this.teams.insert(*team, (routes, holds && own.is_empty()));
            }
        }
        this
    }

    /// The teams that the user is in, ascending.
    #[must_use]
    pub fn teams(&self) -> Vec<TeamIx> {
        let mut teams: Vec<TeamIx> = self.teams.keys().copied().collect();
        teams.sort_unstable();
        teams
    }

    /// What a team lists, each once.
    fn members(&self, team: TeamIx) -> Vec<(Subject, Span)> {
        each_once(&self.rights.org.teams[team].members)
    }

    /// In how many ways the user is meant by what is listed, and whether in one that holds.
    fn listed(&self, subject: Subject) -> (u64, bool) {
        match subject {
            Subject::Everyone => (1, true),
            Subject::User(user) => (u64::from(self.chain.contains(&user)), self.chain.contains(&user)),
            Subject::Team(team) => self.teams.get(&team).copied().unwrap_or_default(),
        }
    }

    /// Whether a list of subjects names the user, in any way at any time.
    #[must_use]
    pub fn is_named(&self, subjects: &[(Subject, Span)]) -> bool {
        subjects.iter().any(|(subject, _)| self.listed(*subject).0 > 0)
    }

    /// The routes by which a list of subjects names the user, as `grant` says; its own condition counts with them.
    #[must_use]
    pub fn routes(&self, grant: GrantIx, subjects: &[(Subject, Span)]) -> Routes<SubjectRoute> {
        let items = each_once(subjects);
        let total = items.iter().fold(0_u64, |sum, (subject, _)| sum.saturating_add(self.listed(*subject).0));
        let org = &self.rights.org;
        let own = Condition::from(&org.grants[grant].condition);
        let own_unmet = unmet(Bearer::Grant(grant), org, &self.rights.graph, &self.request, self.counting);
        let mut found: Vec<Vec<SubjectStep>> = Vec::new();
        for only_holding in [true, false] {
            let mut routes = self.ways(&items, only_holding);
            routes.sort_by_key(Vec::len);
            for route in routes {
                if found.len() < SHOWN && !found.contains(&route) {
                    found.push(route);
                }
            }
        }
        let route = |mut steps: Vec<SubjectStep>| {
            steps.reverse();
            let mut condition = own.clone();
            let mut missing = own_unmet.clone();
            for step in &steps {
                if let SubjectStep::Listed { team, .. } = step {
                    condition = condition.and(&Condition::from(&org.teams[*team].condition));
                    let bearer = Bearer::Team(*team);
                    missing.extend(unmet(bearer, org, &self.rights.graph, &self.request, self.counting));
                }
            }
            SubjectRoute { steps, condition, unmet: missing }
        };
        Routes { shown: found.into_iter().map(route).collect(), total }
    }

    /// From these items down to the user; only through what holds, if asked.
    fn ways(&self, items: &[(Subject, Span)], only_holding: bool) -> Vec<Vec<SubjectStep>> {
        let leads = |subject: &Subject| {
            let (routes, holds) = self.listed(*subject);
            routes > 0 && (holds || !only_holding)
        };
        let roots = items.iter().filter(|(subject, _)| leads(subject));
        let roots = roots.map(|(subject, place)| (*subject, SubjectStep::Named { subject: *subject, place: *place }));
        let below = |subject: &Subject| {
            let Subject::Team(team) = *subject else { return None };
            let members = self.members(team).into_iter().filter(|(member, _)| leads(member));
            Some(members.map(|(member, place)| (member, SubjectStep::Listed { team, member, place })).collect())
        };
        let mut ways = ways_down(roots.collect(), below);
        for way in &mut ways {
            if let Some(SubjectStep::Named { subject, .. } | SubjectStep::Listed { member: subject, .. }) = way.last()
                && let Subject::User(listed) = *subject
            {
                way.extend(self.same_as(listed));
            }
        }
        ways
    }

    /// From one whose equal the user is down to the user.
    fn same_as(&self, listed: UserIx) -> Vec<SubjectStep> {
        let org = &self.rights.org;
        let chain = self.chain.iter().take_while(|user| **user != listed);
        let step = |user: &UserIx| {
            let (other, place) = org.users[*user].same_as?;
            Some(SubjectStep::SameAs { user: *user, other, place })
        };
        let mut steps: Vec<SubjectStep> = chain.filter_map(step).collect();
        steps.reverse();
        steps
    }
}
