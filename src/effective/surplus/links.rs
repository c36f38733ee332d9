//! Links: whether they go on giving what they give. A link looks at its maker's grants in its own way (`semantics §4`:
//! dates alone). Where others state the same dates nothing changes; where they do not, what the link gives is computed
//! anew with what is left.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

use rustc_hash::FxBuildHasher;

use super::left::Left;
use crate::effective::OrgRights;
use crate::effective::condition::{CondIx, Condition, Conditions};
use crate::effective::links::{LinkRights, Piece, Sharing, shown};
use crate::effective::resources::ResourceClassIx;
use crate::effective::statements::{StatementIx, SubjectClassIx};
use crate::model::UserIx;
use crate::vocabulary::{CapabilitySet, ResourceKind, vocabulary};

/// Knows which statements concern which links.
pub(super) struct LinkCheck<'r> {
    rights: &'r OrgRights,
    /// Links whose maker holds statements, by the maker's class; of those that are alike one.
    by_class: HashMap<SubjectClassIx, Vec<Concerned<'r>>, FxBuildHasher>,
    /// The makers' classes to which a statement comes.
    classes: HashMap<StatementIx, Vec<SubjectClassIx>, FxBuildHasher>,
    /// With what computing anew adds.
    conditions: Option<Conditions>,
}

/// A link, and which statements could matter to it.
struct Concerned<'r> {
    given: &'r LinkRights,
    maker: UserIx,
    classes: Vec<ResourceClassIx>,
    capabilities: CapabilitySet,
}

impl<'r> LinkCheck<'r> {
    pub(super) fn new(rights: &'r OrgRights) -> LinkCheck<'r> {
        let share: CapabilitySet = vocabulary().number("link.share").map(CapabilitySet::one).unwrap_or_default();
        let mut check =
            LinkCheck { rights, by_class: HashMap::default(), classes: HashMap::default(), conditions: None };
        let mut met = HashSet::new();
        for given in &rights.links {
            let link = &rights.org.links[given.link];
            let Some((maker, _)) = link.created_by else { continue };
            let Some(class) = rights.statements.class_of[maker] else { continue };
            let devices = shown(&rights.graph, &rights.resources, link);
            let mut classes: Vec<_> = devices.into_iter().map(|device| rights.resources.class_of[device]).collect();
            classes.sort_unstable();
            classes.dedup();
            if met.insert((maker, classes.clone(), link.allow, Condition::from(&link.condition))) {
                let concerned = Concerned { given, maker, classes, capabilities: link.allow | share };
                check.by_class.entry(class).or_default().push(concerned);
            }
        }
        let mut makers: Vec<SubjectClassIx> = check.by_class.keys().copied().collect();
        makers.sort_unstable();
        for class in makers {
            for (statement, _) in &rights.statements.classes[class].statements {
                check.classes.entry(*statement).or_default().push(class);
            }
        }
        check
    }

    /// Whether all links that a statement could concern still give the same.
    pub(super) fn hold(&mut self, left: &Left<'_>, statement: StatementIx) -> bool {
        let rights = self.rights;
        let stated = &rights.statements.all[statement];
        for class in self.classes.get(&statement).into_iter().flatten() {
            for link in self.by_class.get(class).into_iter().flatten() {
                let reached = rights.statements.reached(stated);
                let mut reaches = link.classes.iter().filter(|class| reached.binary_search(class).is_ok());
                let nothing_given = !stated.denial && link.given.access.is_empty();
                if (stated.capabilities & link.capabilities).is_empty()
                    || nothing_given
                    || reaches.all(|place| is_said_otherwise(left, rights, (*class, link), statement, *place))
                {
                    continue;
                }
                let pieces = pieces(left, rights, *class, link);
                let conditions = self.conditions.get_or_insert_with(|| rights.conditions.clone());
                let OrgRights { org, graph, resources, statements, .. } = rights;
                let mut sharing = Sharing { org, graph, resources, statements, conditions, pieces: &pieces };
                if sharing.rights(link.given.link).access != link.given.access {
                    return false;
                }
            }
        }
        true
    }
}

/// Whether all dates under which a statement comes to a link's maker lie in those of others that are there whole, in one
/// place and for all that the link is about. If not, the link may still give the same.
fn is_said_otherwise(
    left: &Left<'_>,
    rights: &OrgRights,
    (class, link): (SubjectClassIx, &Concerned<'_>),
    statement: StatementIx,
    place: ResourceClassIx,
) -> bool {
    let statements = &rights.statements;
    let kind = ResourceKind::Device;
    let denial = statements.all[statement].denial;
    let condition = |one: &CondIx| rights.conditions.get(*one);
    let counts = |one: &&CondIx| !denial || condition(one).is_dates_only();
    let of_class = &statements.classes[class].statements;
    let Ok(at) = of_class.binary_search_by_key(&statement, |(index, _)| *index) else { return true };
    let Some((_, set)) = of_class.get(at) else { return true };
    statements.set(*set).iter().filter(counts).all(|narrow| {
        let narrow = condition(narrow);
        let mut missing = statements.capabilities_on(statement, place, kind) & link.capabilities;
        if missing.is_empty() || narrow.has_no_date() {
            return true;
        }
        for (other, set) in of_class {
            let stands = *other != statement && !left.is_gone(*other) && left.less(*other).is_none();
            if !stands || statements.all[*other].denial != denial {
                continue;
            }
            if statements.set(*set).iter().filter(counts).any(|wide| narrow.is_within_dates_of(condition(wide))) {
                missing = missing.without(statements.capabilities_on(*other, place, kind));
                if missing.is_empty() {
                    return true;
                }
            }
        }
        false
    })
}

/// What is left of the statements that come to a link's maker and may concern the link.
fn pieces<'r>(left: &Left<'_>, rights: &'r OrgRights, class: SubjectClassIx, link: &Concerned<'_>) -> Vec<Piece<'r>> {
    let statements = &rights.statements;
    let mut pieces = Vec::new();
    for (index, set) in &statements.classes[class].statements {
        let stated = &statements.all[*index];
        if left.is_gone(*index) || (stated.capabilities & link.capabilities).is_empty() {
            continue;
        }
        let mask = statements.targets.targets[stated.target].mask(ResourceKind::Device);
        let (alternatives, classes) = (statements.set(*set), statements.reached(stated));
        let Some(less) = left.less(*index) else {
            pieces.push(Piece {
                denial: stated.denial,
                capabilities: stated.capabilities & mask,
                alternatives: Cow::Borrowed(alternatives),
                classes: Cow::Borrowed(classes),
            });
            continue;
        };
        let takes = |class: &&ResourceClassIx| less.takes(rights, &rights.resources.classes[**class].standing);
        let kept = link.classes.iter().filter(|class| classes.binary_search(class).is_ok()).filter(takes);
        pieces.push(Piece {
            denial: stated.denial,
            capabilities: less.capabilities & mask,
            alternatives: Cow::Owned(left.named().alternatives(*index, link.maker, |entry| less.keeps(entry))),
            classes: Cow::Owned(kept.copied().collect()),
        });
    }
    pieces
}
