//! An answer to `why`, told: with names, files and lines, as tools read it. In: an [`Answer`] and its [`Edits`]. Out: a
//! [`WhyTold`], whose fields' comments are the descriptions in its schema.

use schemars::JsonSchema;
use serde::Serialize;

use super::changes::{EditTold, edit};
use super::names::{ConditionTold, GrantName, Names, PlaceTold};
use crate::query::edits::Edits;
use crate::query::near::NearMiss;
use crate::query::routes::{CapabilityStep, Lies, ResourceRoute, SubjectRoute, SubjectStep};
use crate::query::why::{Answer, Asker, Given, Who};
use crate::vocabulary::vocabulary;

/// How many grants that come near are told.
const NEAR: usize = 5;

/// Why a subject may do something, or what stands in the way.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[schemars(rename = "Why")]
pub struct WhyTold {
    /// Whether the subject may.
    pub yes: bool,
    /// The subject.
    pub subject: String,
    /// The capability.
    pub capability: String,
    /// The resource.
    pub resource: String,
    /// In how many ways the right is held now: each grant with each of its routes.
    pub derivations: u64,
    /// What the subject owns; then nothing else is needed, and nothing takes it away.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schemars(default)]
    pub ownership: Vec<OwnedTold>,
    /// What makes the answer no, all of it; none where it is yes.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schemars(default)]
    pub obstacles: Vec<ObstacleTold>,
    /// The grants that give the right at some time, from somewhere; those that hold now first.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schemars(default)]
    pub grants: Vec<GivenTold>,
    /// The denials that take the right at some time, from somewhere; those that hold now first.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schemars(default)]
    pub denials: Vec<GivenTold>,
    /// Grants that do not give the right, and what they miss: those that miss least.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schemars(default)]
    pub near: Vec<NearTold>,
    /// How many more come near.
    #[serde(skip_serializing_if = "is_zero")]
    #[schemars(default)]
    pub more_near: usize,
    /// For a link: what its maker holds, as far as dates go.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub maker: Option<MakerTold>,
    /// What would turn the answer, the fewest changes first; each was made and compiled.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schemars(default)]
    pub edits: Vec<EditTold>,
    /// How many more were found.
    #[serde(skip_serializing_if = "is_zero")]
    #[schemars(default)]
    pub more_edits: usize,
    /// Whether every edit of the forms that are looked for was tried.
    pub all_edits_tried: bool,
}

/// Something that is owned.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[schemars(rename = "Owned")]
pub struct OwnedTold {
    /// `org`, a recorder or a device.
    pub resource: String,
    /// Where the owner is named.
    pub place: PlaceTold,
}

/// Something that makes an answer no.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[schemars(rename = "Obstacle")]
pub struct ObstacleTold {
    /// What it is, in a word that stays the same.
    pub kind: &'static str,
    /// The same in a sentence.
    pub text: String,
    /// Where it stands; none where something is not there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub place: Option<PlaceTold>,
    /// When it opens next, where it is a matter of time.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub opens: Option<String>,
}

/// A grant or denial with its routes.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[schemars(rename = "Given")]
pub struct GivenTold {
    /// Which.
    pub grant: GrantName,
    /// Whether it holds now.
    pub holds: bool,
    /// How it comes to the subject.
    pub subject: Vec<SubjectRouteTold>,
    /// In how many ways it does.
    pub subject_routes: u64,
    /// How it reaches the resource: one route for each scope that does.
    pub resource: Vec<Vec<Step>>,
    /// How it has the capability.
    pub capability: Vec<Vec<Step>>,
    /// In how many ways it has it.
    pub capability_routes: u64,
}

/// A route from the subject to a grant.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[schemars(rename = "SubjectRoute")]
pub struct SubjectRouteTold {
    /// Its steps.
    pub steps: Vec<Step>,
    /// What the teams along it and the grant state together; left out where they state nothing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub when: Option<ConditionTold>,
    /// What of that does not hold now.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schemars(default)]
    pub unmet: Vec<ObstacleTold>,
}

/// A step of a route.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Step {
    /// From here.
    pub from: String,
    /// By this.
    pub by: &'static str,
    /// To there.
    pub to: String,
    /// Where it is said.
    pub place: PlaceTold,
}

/// A grant that does not give the right.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[schemars(rename = "Near")]
pub struct NearTold {
    /// Which.
    pub grant: GrantName,
    /// What it misses.
    pub misses: Vec<ObstacleTold>,
}

/// What the maker of a link holds.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[schemars(rename = "Maker")]
pub struct MakerTold {
    /// The maker.
    pub user: String,
    /// Whether it may share the device.
    pub shares: Box<WhyTold>,
    /// Whether it holds what the link gives.
    pub holds: Box<WhyTold>,
}

fn is_zero(number: &usize) -> bool {
    *number == 0
}

impl Asker<'_> {
    /// Tells an answer, and of its edits at most so many.
    #[must_use]
    pub fn tell(&self, answer: &Answer, edits: &Edits, shown: usize) -> WhyTold {
        let names = Names::new(self.rights, self.sources);
        let mut told = Teller { names: &names, answer }.why();
        let edits_told = edits.found.iter().take(shown).map(|one| edit(&names, one));
        told.edits = edits_told.collect();
        told.more_edits = edits.found.len().saturating_sub(shown);
        told.all_edits_tried = edits.complete;
        told
    }
}

pub(super) struct Teller<'t, 'r> {
    pub(super) names: &'t Names<'r>,
    pub(super) answer: &'t Answer,
}

impl Teller<'_, '_> {
    fn why(&self) -> WhyTold {
        let Answer { question, yes, ownership, given, denials, obstacles, near, maker } = self.answer;
        let resource = self.names.rights.graph.containment.resource(question.resource);
        let misses = near.narrowed.iter().chain(&near.others);
        let shown = if *yes { 0 } else { near.narrowed.len().max(NEAR) };
        WhyTold {
            yes: *yes,
            subject: self.names.who(question.who),
            capability: vocabulary().name(question.capability).to_owned(),
            resource: self.names.resource(resource),
            derivations: if *yes { self.answer.derivations() } else { 0 },
            ownership: ownership
                .iter()
                .map(|owned| OwnedTold {
                    resource: self.names.resource(owned.owned),
                    place: self.names.place(owned.place),
                })
                .collect(),
            obstacles: obstacles.iter().map(|obstacle| self.obstacle(obstacle)).collect(),
            grants: given.iter().map(|given| self.given(given)).collect(),
            denials: denials.iter().map(|denied| self.given(denied)).collect(),
            near: misses.clone().take(shown).map(|near| self.near(near)).collect(),
            more_near: if *yes { 0 } else { misses.count().saturating_sub(shown) },
            maker: maker.as_ref().map(|maker| {
                let tell = |answer| Box::new(Teller { names: self.names, answer }.why());
                MakerTold { user: self.names.user(maker.user), shares: tell(&maker.shares), holds: tell(&maker.holds) }
            }),
            edits: Vec::new(),
            more_edits: 0,
            all_edits_tried: true,
        }
    }

    fn given(&self, given: &Given) -> GivenTold {
        let grant = self.names.grant(given.grant);
        let name = grant.text(false);
        GivenTold {
            holds: given.holds,
            subject: given.subject.shown.iter().map(|route| self.subject_route(route, &name)).collect(),
            subject_routes: given.subject.total,
            resource: given.resource.iter().map(|route| self.resource_route(route, &name)).collect(),
            capability: given.capability.shown.iter().map(|route| self.capability_route(route, &name)).collect(),
            capability_routes: given.capability.total,
            grant,
        }
    }

    fn step(&self, from: &str, by: &'static str, to: &str, place: crate::source::Span) -> Step {
        Step { from: from.to_owned(), by, to: to.to_owned(), place: self.names.place(place) }
    }

    fn subject_route(&self, route: &SubjectRoute, grant: &str) -> SubjectRouteTold {
        let mut at = String::new();
        let mut steps = Vec::new();
        let Who::User(user) = self.answer.question.who else {
            return SubjectRouteTold { steps, when: None, unmet: Vec::new() };
        };
        at.push_str(&self.names.user(user));
        for step in &route.steps {
            let (by, to, place) = match *step {
                SubjectStep::SameAs { other, place, .. } => ("is the same as", self.names.user(other), place),
                SubjectStep::Listed { team, member, place } => {
                    let by = if member == crate::model::Subject::Everyone { "is, as everyone, in" } else { "is in" };
                    (by, self.names.subject(crate::model::Subject::Team(team)), place)
                }
                SubjectStep::Named { subject: crate::model::Subject::Everyone, place } => {
                    ("is, as everyone, named by", grant.to_owned(), place)
                }
                SubjectStep::Named { place, .. } => ("is named by", grant.to_owned(), place),
            };
            steps.push(self.step(&at, by, &to, place));
            at = to;
        }
        let when = Some(self.names.condition(&route.condition)).filter(|_| !route.condition.is_always());
        let unmet = route.unmet.iter().map(|unmet| self.unmet(unmet, &route.condition)).collect();
        SubjectRouteTold { steps, when, unmet }
    }

    fn resource_route(&self, route: &ResourceRoute, grant: &str) -> Vec<Step> {
        let first = self.step(grant, "applies to", &self.names.scope(route.scope), route.place);
        let rest = route.steps.iter().map(|step| {
            let by = match step.lies {
                Lies::In => "holds",
                Lies::Recorded(None) => "records",
                Lies::Recorded(Some(_)) => "records, by its place,",
                Lies::Belongs => "has",
                Lies::Member => "has the member",
                Lies::Shown => "shows",
            };
            self.step(&self.names.resource(step.holder), by, &self.names.resource(step.held), step.place)
        });
        [first].into_iter().chain(rest).collect()
    }

    fn capability_route(&self, route: &[CapabilityStep], grant: &str) -> Vec<Step> {
        let capability = vocabulary().name(self.answer.question.capability);
        let roles = &self.names.rights.org.roles;
        let mut at = grant.to_owned();
        let mut steps = Vec::new();
        for step in route {
            let is_role = !steps.is_empty();
            let (by, to, place) = match step {
                CapabilityStep::Role { role, place } => {
                    (if is_role { "extends" } else { "gives" }, format!("role {}", roles[*role].id), *place)
                }
                CapabilityStep::BuiltIn { role, place } => {
                    (if is_role { "extends" } else { "gives" }, format!("role {}", role.name), *place)
                }
                CapabilityStep::Named { place } => ("names", capability.to_owned(), *place),
            };
            steps.push(self.step(&at, by, &to, place));
            at = to;
        }
        steps
    }

    fn near(&self, near: &NearMiss) -> NearTold {
        let misses = near.misses.iter().map(|miss| self.miss(near.grant, miss)).collect();
        NearTold { grant: self.names.grant(near.grant), misses }
    }
}
