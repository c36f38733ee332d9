//! What a policy comes to: who holds what, where, under which condition (`docs/semantics.md`).
//!
//! In: a resolved organisation and its graphs. Out: [`OrgRights`], computed over classes: subjects to whom the same
//! grants come in the same ways, resources with the same standing. A row of rights is made per class when somebody
//! asks for it, never per user and device.
//!
//! | file | holds |
//! |---|---|
//! | `condition` | conditions: joined, contained, reduced |
//! | `containment` | when one schedule lies in another |
//! | `ways` | by which conditions a user is in a team |
//! | `resources` | resources with the same standing |
//! | `targets` | which of them a grant reaches |
//! | `statements` | the grants in force, as classes of subjects meet them |
//! | `contributions` | what a statement gives or denies on each kind of resource |
//! | `right` | what a set of grants and denials comes to on one kind of resource |
//! | `rows` | the rights of a class of subjects on all resources |
//! | `shared` | the same, as it is held in common |
//! | `holding` | who holds anything, and on what anybody does |
//! | `gap` | when and from where one right holds and another does not |
//! | `links`, `offers` | temporary links; grants that were not accepted |
//! | `search`, `places` | what stands in two ascending lists, or in one and in a set of places |
//! | `turns` | classes of subjects in an order in which neighbours are alike |
//! | `lacking`, `surplus` | rights without what belongs to them; grants without effect |
//! | `checks`, `coverage`, `unclear`, `uncovered`, `doubt` | the rules of `semantics §5` |

mod checks;
mod condition;
mod containment;
mod contributions;
mod coverage;
mod doubt;
mod gap;
mod holding;
mod lacking;
mod links;
mod offers;
mod places;
mod resources;
mod right;
mod rows;
pub mod rules;
mod search;
mod shared;
mod shifts;
mod statements;
mod surplus;
mod targets;
mod turns;
mod unclear;
mod uncovered;
mod ways;

pub use condition::{CondIx, Condition, Conditions};
pub use gap::{Days, Differing, Gap, Gaps, Held, Hours, Piece, Windows};
pub use holding::{Holding, holding};
pub use lacking::{Lacking, lacking};
pub use links::LinkRights;
pub use offers::Offer;
pub use resources::{ResourceClass, ResourceClassIx, Resources};
pub use right::{Conditional, Right};
pub use rows::{Evaluator, RightIx, Row};
pub use shared::{ResourceSetIx, SharedRight, SharedRights, SharedRow, SharedRowIx};
pub use shifts::{ShiftEscaped, shifts_escaped};
pub(crate) use statements::left_by_read_only;
pub use statements::{Statement, StatementIx, Statements, SubjectClass, SubjectClassIx};
pub use surplus::{Covered, Others, Part, Reason, Surplus, surplus};
pub use uncovered::{Uncovered, Why};

use crate::diagnostics::Diagnostic;
use crate::graph::Graph;
use crate::model::{AddressSet, Grant, LinkIx, Org, UserIx};
use crate::vocabulary::CapabilitySet;

/// What a whole policy comes to.
#[derive(Debug)]
pub struct Effective {
    /// Its organisations, sorted by id.
    pub orgs: Vec<OrgRights>,
}

/// What an organisation comes to.
#[derive(Debug)]
pub struct OrgRights {
    /// The organisation.
    pub org: Org,
    /// Its graphs.
    pub graph: Graph,
    /// All conditions.
    pub conditions: Conditions,
    /// Resources by their standing.
    pub resources: Resources,
    /// Grants in force, and subjects by the grants that come to them.
    pub statements: Statements,
    /// What each enabled link gives.
    pub links: Vec<LinkRights>,
    /// Grants that were not accepted.
    pub offers: Vec<Offer>,
    /// Layouts and device groups that are shown, and not covered in a way that is no error.
    pub uncovered: Vec<Uncovered>,
    /// Links that give nothing, because their makers hold nothing of what they would show.
    pub lapsed_links: Vec<LinkIx>,
}

/// Computes the rights of an organisation, and judges the rules that rest on them.
#[must_use]
pub fn compute(org: Org, graph: Graph, max_alternatives: u64, has_mistakes: bool) -> (OrgRights, Vec<Diagnostic>) {
    let mut diagnostics = Vec::new();
    checks::check(&org, &graph, &mut diagnostics);
    let mut conditions = Conditions::new(&org);
    let ways = ways::ways(&org, &graph, &mut conditions, max_alternatives, &mut diagnostics);
    let resources = Resources::new(&org, &graph);
    let statements = Statements::new(&org, &graph, &ways, &resources, &mut conditions);
    let links = links::links(&org, &graph, &resources, &statements, &mut conditions);
    let offers = offers::offers(&org, &graph, &ways, &resources, &mut conditions);
    let (uncovered, lapsed_links) = (Vec::new(), Vec::new());
    let mut rights =
        OrgRights { org, graph, conditions, resources, statements, links, offers, uncovered, lapsed_links };
    let judged = coverage::check(&rights, &ways, max_alternatives, has_mistakes, &mut diagnostics);
    (rights.uncovered, rights.lapsed_links) = (judged.uncovered, judged.lapsed);
    (rights, diagnostics)
}

/// A user's own networks, or those of the nearest user whom it equals (`semantics §2`).
#[must_use]
pub fn networks_of<'r>(org: &'r Org, graph: &Graph, user: UserIx) -> Option<&'r AddressSet> {
    graph.inheritance.networks_of[user].and_then(|user| org.users[user].networks.as_ref())
}

/// What a grant gives or denies, wherever that is: `caps(grant)` (`semantics §3`).
#[must_use]
pub fn capabilities_of(graph: &Graph, grant: &Grant) -> CapabilitySet {
    statements::capabilities(graph, grant)
}

/// A user's own licences, or those of the nearest user whom it equals.
#[must_use]
pub fn licenses_of<'r>(
    org: &'r Org,
    graph: &Graph,
    user: UserIx,
) -> Option<&'r Vec<(Box<str>, u64, crate::source::Span)>> {
    graph.inheritance.licenses_of[user].and_then(|user| org.users[user].licenses.as_ref())
}
