//! Which part of a condition stands in the way, and whose it is. In: what a user, team, grant or link states, and a
//! request. Out: each part that does not hold, with its place.

use super::clock::Request;
use crate::effective::{OrgRights, networks_of};
use crate::graph::Graph;
use crate::model::{GrantIx, Keys, LinkIx, Org, ScheduleIx, Stated, TeamIx, UserIx};
use crate::source::Span;

/// Who bears a condition.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Bearer {
    /// A user's own dates and networks.
    User(UserIx),
    /// A team's shift.
    Team(TeamIx),
    /// A grant or denial.
    Grant(GrantIx),
    /// A link.
    Link(LinkIx),
}

/// A part of a condition that does not hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    /// It begins later: seconds since 1970.
    NotYet(i64),
    /// It has ended: seconds since 1970.
    Ended(i64),
    /// The schedule is closed.
    Closed(ScheduleIx),
    /// The address is not in the networks.
    Elsewhere,
    /// The address is in the networks outside of which alone it holds.
    Inside,
    /// It states dates or a schedule, and the instant is not known.
    InstantUnknown,
    /// It states networks, and the address is not known.
    AddressUnknown,
}

/// What does not hold, whose it is, and where it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Unmet {
    /// Whose condition.
    pub bearer: Bearer,
    /// Which part of it.
    pub part: Part,
    /// Where that part stands.
    pub place: Span,
}

/// Which parts of conditions count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Counting {
    /// All.
    All,
    /// Dates alone: for what the maker of a link holds (`semantics §4`).
    Dates,
}

/// The parts of what a bearer states that a request does not meet, as for a grant: what is not known does not hold.
#[must_use]
pub fn unmet(bearer: Bearer, org: &Org, graph: &Graph, request: &Request, counting: Counting) -> Vec<Unmet> {
    let (stated, keys, span) = stated(bearer, org, graph);
    let place = |key: &str| keys.at(key).unwrap_or(span);
    let mut found = Vec::new();
    let mut add = |part: Part, key: &str| found.push(Unmet { bearer, part, place: place(key) });
    match request.at {
        None => {
            let schedule = stated.schedule.is_some() && counting == Counting::All;
            let keys = [(stated.from.is_some(), "from"), (stated.until.is_some(), "until"), (schedule, "schedule")];
            if let Some((_, key)) = keys.into_iter().find(|(is_stated, _)| *is_stated) {
                add(Part::InstantUnknown, key);
            }
        }
        Some(at) => {
            if let Some(from) = stated.from.filter(|from| at < *from) {
                add(Part::NotYet(from), "from");
            }
            if let Some(until) = stated.until.filter(|until| *until <= at) {
                add(Part::Ended(until), "until");
            }
        }
    }
    if counting == Counting::Dates {
        return found;
    }
    if let (Some(schedule), Some(at)) = (stated.schedule, request.at)
        && !org.schedules[schedule].holds(at)
    {
        add(Part::Closed(schedule), "schedule");
    }
    match request.address {
        None => {
            let keys = [(stated.networks.is_some(), "networks"), (stated.outside.is_some(), "outside")];
            if let Some((_, key)) = keys.into_iter().find(|(is_stated, _)| *is_stated) {
                add(Part::AddressUnknown, key);
            }
        }
        Some(address) => {
            if stated.networks.as_ref().is_some_and(|set| !set.contains(address)) {
                add(Part::Elsewhere, "networks");
            }
            if stated.outside.as_ref().is_some_and(|set| set.contains(address)) {
                add(Part::Inside, "outside");
            }
        }
    }
    found
}

impl Bearer {
    /// Where one of its keys stands, or where it is declared.
    #[must_use]
    pub fn place(self, rights: &OrgRights, key: &str) -> Span {
        let (_, keys, span) = stated(self, &rights.org, &rights.graph);
        keys.at(key).unwrap_or(span)
    }
}

/// What a bearer states, and where.
fn stated<'o>(bearer: Bearer, org: &'o Org, graph: &Graph) -> (Stated, &'o Keys, Span) {
    match bearer {
        Bearer::User(index) => {
            let user = &org.users[index];
            // where it has none of its own, its networks stand with the user whom it equals
            let owner = std::iter::successors(Some(index), |user| graph.inheritance.same_as[*user])
                .find(|user| org.users[*user].networks.is_some());
            let networks = networks_of(org, graph, index).cloned();
            let stated = Stated { from: user.from, until: user.until, networks, ..Stated::default() };
            match owner.filter(|owner| *owner != index && user.from.is_none() && user.until.is_none()) {
                Some(owner) => (stated, &org.users[owner].keys, org.users[owner].span),
                None => (stated, &user.keys, user.span),
            }
        }
        Bearer::Team(team) => (org.teams[team].condition.clone(), &org.teams[team].keys, org.teams[team].span),
        Bearer::Grant(grant) => (org.grants[grant].condition.clone(), &org.grants[grant].keys, org.grants[grant].span),
        Bearer::Link(link) => (org.links[link].condition.clone(), &org.links[link].keys, org.links[link].span),
    }
}
