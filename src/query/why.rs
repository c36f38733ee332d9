//! Why a right is held, or what stands in its way. In: a subject, a capability, a resource, a request. Out: an
//! [`Answer`]: ownership, every grant that gives the right with its routes, every denial that takes it, and where the
//! answer is no, everything that makes it so.
//!
//! The world is finite, so the answer is complete: every grant is looked at, and each that does not give the right misses
//! something that is named.

use std::collections::BTreeSet;

use super::clock::Request;
use super::near::{Near, near_misses};
use super::routes::{
    CapabilityRoute, Membership, ResourceRoute, Routes, SubjectRoute, capability_routes, resource_routes, span_of,
};
use super::unmet::{Bearer, Counting, Unmet, unmet};
use crate::effective::{CondIx, OrgRights};
use crate::graph::{Resource, ResourceIx};
use crate::model::{GrantIx, LinkIx, Org, PlaceIx, RecorderIx, Scope, UserIx};
use crate::source::{Sources, Span};
use crate::vocabulary::{ResourceKind, vocabulary};

/// A subject of the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Who {
    /// A user.
    User(UserIx),
    /// A temporary link.
    Link(LinkIx),
}

impl Who {
    /// What tables call it.
    #[must_use]
    pub fn text(self, org: &Org) -> String {
        match self {
            Who::User(user) => format!("user:{}", org.users[user].id),
            Who::Link(link) => format!("link:{}", org.links[link].id),
        }
    }
}

/// Whether a subject may use a capability on a resource, when and from where.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Question {
    /// The subject.
    pub who: Who,
    /// The capability's number in the vocabulary.
    pub capability: usize,
    /// The resource.
    pub resource: ResourceIx,
    /// When and from where.
    pub request: Request,
}

/// An answer with its reasons.
#[derive(Clone, Debug)]
pub struct Answer {
    /// What was asked.
    pub question: Question,
    /// Whether the table says yes.
    pub yes: bool,
    /// By what the subject owns the resource; then nothing else counts.
    pub ownership: Vec<Ownership>,
    /// The grants that give the right at some time, from somewhere: those that hold first.
    pub given: Vec<Given>,
    /// The denials that take it at some time, from somewhere: those that hold first.
    pub denials: Vec<Denied>,
    /// What makes the answer no; empty where it is yes.
    pub obstacles: Vec<Obstacle>,
    /// Grants that give nothing here, and how little is missing.
    pub near: Near,
    /// For a link: what its maker holds, as far as dates go.
    pub maker: Option<Box<Maker>>,
}

/// What somebody owns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ownership {
    /// The organisation, a recorder or a device.
    pub owned: Resource,
    /// Where the owner is named.
    pub place: Span,
}

/// A grant that gives the right.
#[derive(Clone, Debug)]
pub struct Given {
    /// The grant.
    pub grant: GrantIx,
    /// How it comes to the subject.
    pub subject: Routes<SubjectRoute>,
    /// How it reaches the resource: one route for each scope that does.
    pub resource: Vec<ResourceRoute>,
    /// How it has the capability.
    pub capability: Routes<CapabilityRoute>,
    /// Whether it holds for the request.
    pub holds: bool,
}

/// A denial that takes the right.
pub type Denied = Given;

/// What makes an answer no.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Obstacle {
    /// The capability does not apply to that kind of resource.
    NotApplicable(ResourceKind),
    /// The user is disabled.
    UserDisabled(UserIx, Span),
    /// The user's own dates or networks, or the link's conditions.
    Own(Unmet),
    /// The device is excluded, by itself or by a place above.
    Excluded(Option<PlaceIx>, Span),
    /// The recorder shares nothing.
    NotShared(RecorderIx, Span),
    /// No grant gives it, whatever the time and the address.
    NotGiven,
    /// Grants give it, none of them for this request.
    NotNow,
    /// This denial takes it.
    Denied(GrantIx),
    /// The link is switched off.
    LinkDisabled(LinkIx, Span),
    /// The link does not have the device.
    LinkWithoutDevice(LinkIx, Span),
    /// The link does not have the capability.
    LinkWithoutCapability(LinkIx, Span),
    /// The link's maker may not share the device.
    MakerMayNotShare(UserIx, Span),
    /// The link's maker does not hold what the link gives.
    MakerHoldsNot(UserIx, Span),
}

/// What the maker of a link holds on the device, as far as dates go.
#[derive(Clone, Debug)]
pub struct Maker {
    /// The maker.
    pub user: UserIx,
    /// Whether it may share.
    pub shares: Answer,
    /// Whether it holds what the link gives.
    pub holds: Answer,
}

/// Whoever answers why.
#[derive(Clone, Copy, Debug)]
pub struct Asker<'r> {
    /// What the policy comes to.
    pub rights: &'r OrgRights,
    /// Its texts.
    pub sources: &'r Sources,
}

impl Answer {
    /// In how many ways the right is held for the request: grants with their routes, each counted by itself.
    #[must_use]
    pub fn derivations(&self) -> u64 {
        let of = |given: &Given| {
            let routes = given.subject.total.saturating_mul(given.capability.total);
            routes.saturating_mul(given.resource.len() as u64)
        };
        let holding = self.given.iter().filter(|given| given.holds).map(of);
        holding.fold(self.ownership.len() as u64, u64::saturating_add)
    }
}

impl<'r> Asker<'r> {
    /// Answers a question.
    #[must_use]
    pub fn why(&self, question: Question) -> Answer {
        match question.who {
            Who::User(user) => self.user(user, question, Counting::All),
            Who::Link(link) => self.link(link, question),
        }
    }

    fn user(&self, user: UserIx, question: Question, counting: Counting) -> Answer {
        let org = &self.rights.org;
        let resource = self.rights.graph.containment.resource(question.resource);
        let kind = resource.kind(org);
        let mut obstacles = Vec::new();
        if !vocabulary().of_kind(kind).has(question.capability) {
            obstacles.push(Obstacle::NotApplicable(kind));
        }
        let declared = &org.users[user];
        if declared.disabled != Some(false) {
            obstacles.push(Obstacle::UserDisabled(user, declared.keys.at("disabled").unwrap_or(declared.span)));
        }
        let own = unmet(Bearer::User(user), org, &self.rights.graph, &question.request, counting);
        obstacles.extend(own.into_iter().map(Obstacle::Own));

        let ownership = self.ownership(user, resource);
        let membership = Membership::new(self.rights, user, question.request, counting);
        let (given, denials, near) = if ownership.is_empty() {
            let (given, denials) = self.statements(user, &membership, &question, counting);
            let near = near_misses(self, &membership, resource, question.capability);
            (given, denials, near)
        } else {
            (Vec::new(), Vec::new(), Near::default())
        };
        if ownership.is_empty() {
            self.bars(resource, &mut obstacles);
            if given.is_empty() {
                obstacles.push(Obstacle::NotGiven);
            } else if !given.iter().any(|given| given.holds) {
                obstacles.push(Obstacle::NotNow);
            }
            obstacles.extend(denials.iter().filter(|d| d.holds).map(|denied| Obstacle::Denied(denied.grant)));
        }
        let yes = obstacles.is_empty();
        Answer { question, yes, ownership, given, denials, obstacles, near, maker: None }
    }

    /// By what a user owns a resource.
    fn ownership(&self, user: UserIx, resource: Resource) -> Vec<Ownership> {
        let org = &self.rights.org;
        let recorder = match resource {
            Resource::Device(device) => self.rights.graph.containment.recorder_of[device],
            Resource::Recorder(recorder) => Some(recorder),
            _ => None,
        };
        let mut owned = vec![(Resource::Org, &org.owners)];
        owned.extend(recorder.map(|recorder| (Resource::Recorder(recorder), &org.recorders[recorder].owners)));
        if let Resource::Device(device) = resource {
            owned.push((resource, &org.devices[device].owners));
        }
        let named = owned.into_iter().filter_map(|(owned, owners)| {
            let (_, place) = owners.iter().find(|(owner, _)| *owner == user)?;
            Some(Ownership { owned, place: *place })
        });
        named.collect()
    }

    /// What keeps a resource from everybody but owners.
    fn bars(&self, resource: Resource, obstacles: &mut Vec<Obstacle>) {
        let org = &self.rights.org;
        let mut recorder = None;
        match resource {
            Resource::Device(index) => {
                let device = &org.devices[index];
                if device.exclude {
                    obstacles.push(Obstacle::Excluded(None, span_of(self.rights, resource, "device_groups")));
                }
                let places = std::iter::successors(device.place, |place| org.places[*place].parent);
                for place in places.filter(|place| org.places[*place].exclude) {
                    let at = span_of(self.rights, Resource::Place(place), "exclude");
                    obstacles.push(Obstacle::Excluded(Some(place), at));
                }
                recorder = self.rights.graph.containment.recorder_of[index];
            }
            Resource::Recorder(index) => recorder = Some(index),
            _ => {}
        }
        if let Some(recorder) = recorder.filter(|recorder| !org.recorders[*recorder].sharing) {
            let at = span_of(self.rights, Resource::Recorder(recorder), "sharing");
            obstacles.push(Obstacle::NotShared(recorder, at));
        }
    }

    /// The grants that give the right and the denials that take it, bars aside.
    fn statements(
        &self,
        user: UserIx,
        membership: &Membership<'_>,
        question: &Question,
        counting: Counting,
    ) -> (Vec<Given>, Vec<Denied>) {
        let resource = self.rights.graph.containment.resource(question.resource);
        let (mut given, mut denials) = (Vec::new(), Vec::new());
        let scopes = scopes_of(self.rights, resource);
        for (index, grant) in self.rights.org.grants.iter() {
            let applies = super::near::misses(self, membership, &scopes, resource, question.capability, index);
            if !applies.is_empty() {
                continue;
            }
            let subject = membership.routes(index, &grant.to);
            let holds = if grant.denial {
                let ways = self.ways_of_denial(user, index);
                ways.is_some_and(|ways| self.denial_holds(&ways, &question.request, counting))
            } else {
                subject.shown.first().is_some_and(|route| route.unmet.is_empty())
            };
            let one = Given {
                grant: index,
                subject,
                resource: resource_routes(self.rights, resource, &grant.scope, grant.denial),
                capability: capability_routes(self.rights, self.sources, grant, question.capability),
                holds,
            };
            if grant.denial { &mut denials } else { &mut given }.push(one);
        }
        given.sort_by_key(|given| !given.holds);
        denials.sort_by_key(|denied| !denied.holds);
        (given, denials)
    }

    /// The alternatives under which a denial comes to a user; none for one who is disabled or owns everything.
    fn ways_of_denial(&self, user: UserIx, grant: GrantIx) -> Option<Vec<CondIx>> {
        let statements = &self.rights.statements;
        let class = statements.class_of[user]?;
        let mut coming = statements.coming(class);
        coming.find(|(_, statement, _)| statement.grant == grant).map(|(_, _, ways)| ways.to_vec())
    }

    fn denial_holds(&self, ways: &[CondIx], request: &Request, counting: Counting) -> bool {
        match counting {
            Counting::All => request.meets_any(ways, self.rights, true),
            Counting::Dates => {
                // a denial that states more than dates does not reach through a link
                let dated = |way: &&CondIx| self.rights.conditions.get(**way).is_dates_only();
                let ways: Vec<_> = ways.iter().filter(dated).copied().collect();
                request.meets_any(&ways, self.rights, true)
            }
        }
    }

    fn link(&self, index: LinkIx, question: Question) -> Answer {
        let org = &self.rights.org;
        let link = &org.links[index];
        let resource = self.rights.graph.containment.resource(question.resource);
        let kind = resource.kind(org);
        let mut obstacles = Vec::new();
        let place = |key: &str| link.keys.at(key).unwrap_or(link.span);
        if !vocabulary().of_kind(kind).has(question.capability) {
            obstacles.push(Obstacle::NotApplicable(kind));
        }
        if !link.enabled {
            obstacles.push(Obstacle::LinkDisabled(index, place("enabled")));
        }
        if !link.devices.iter().any(|(device, _)| Resource::Device(*device) == resource) {
            obstacles.push(Obstacle::LinkWithoutDevice(index, place("devices")));
        }
        if !link.allow.has(question.capability) {
            obstacles.push(Obstacle::LinkWithoutCapability(index, place("allow")));
        }
        let own = unmet(Bearer::Link(index), org, &self.rights.graph, &question.request, Counting::All);
        obstacles.extend(own.into_iter().map(Obstacle::Own));
        self.bars(resource, &mut obstacles);
        let maker = match (link.created_by, vocabulary().number("link.share")) {
            (Some((user, place)), Some(share)) => {
                let who = Who::User(user);
                let asked = |capability| {
                    let mut answer = self.user(user, Question { who, capability, ..question }, Counting::Dates);
                    // what bars the device bars it for the link itself, and is said there
                    answer.obstacles.retain(|one| !matches!(one, Obstacle::Excluded(..) | Obstacle::NotShared(..)));
                    answer.yes = answer.obstacles.is_empty();
                    answer
                };
                let (shares, holds) = (asked(share), asked(question.capability));
                if !shares.yes {
                    obstacles.push(Obstacle::MakerMayNotShare(user, place));
                }
                if !holds.yes {
                    obstacles.push(Obstacle::MakerHoldsNot(user, place));
                }
                Some(Box::new(Maker { user, shares, holds }))
            }
            _ => None,
        };
        let yes = obstacles.is_empty();
        let near = Near::default();
        Answer { question, yes, ownership: Vec::new(), given: Vec::new(), denials: Vec::new(), obstacles, near, maker }
    }
}

/// The named scopes that reach a resource, its own and `org` among them; `all` aside.
pub(crate) fn scopes_of(rights: &OrgRights, resource: Resource) -> BTreeSet<Scope> {
    let above = rights.graph.containment.above(resource).into_iter().chain([resource]);
    let mut scopes: BTreeSet<Scope> = above.map(Resource::scope).collect();
    if matches!(resource, Resource::Device(device) if rights.org.devices[device].place.is_none()) {
        scopes.insert(Scope::Unassigned);
    }
    scopes
}
