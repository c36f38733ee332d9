//! Links: whether they go on giving what they give. A link looks at its maker's grants in its own way (`semantics §4`:
//! dates alone), so what it gives is computed anew with what is left.

use std::borrow::Cow;
use std::collections::HashMap;

use super::taking::Left;
use crate::effective::OrgRights;
use crate::effective::condition::Conditions;
use crate::effective::links::{LinkRights, Piece, Sharing, shown};
use crate::effective::resources::ResourceClassIx;
use crate::effective::statements::{StatementIx, SubjectClassIx};
use crate::model::UserIx;
use crate::vocabulary::{CapabilitySet, ResourceKind, vocabulary};

/// Knows which statements concern which links.
pub(super) struct LinkCheck<'r> {
    rights: &'r OrgRights,
    /// Links whose maker holds statements, by the maker's class.
    by_class: HashMap<SubjectClassIx, Vec<Concerned<'r>>>,
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
        let mut by_class: HashMap<SubjectClassIx, Vec<Concerned<'r>>> = HashMap::new();
        for given in &rights.links {
            let link = &rights.org.links[given.link];
            let Some((maker, _)) = link.created_by else { continue };
            let Some(class) = rights.statements.class_of[maker] else { continue };
            let devices = shown(&rights.graph, &rights.resources, link);
            let mut classes: Vec<_> = devices.into_iter().map(|device| rights.resources.class_of[device]).collect();
            classes.sort_unstable();
            classes.dedup();
            let concerned = Concerned { given, maker, classes, capabilities: link.allow | share };
            by_class.entry(class).or_default().push(concerned);
        }
        LinkCheck { rights, by_class, conditions: None }
    }

    /// Whether all links that a statement could concern still give the same.
    pub(super) fn hold(&mut self, left: &Left<'_>, statement: StatementIx) -> bool {
        let rights = self.rights;
        let stated = &rights.statements.all[statement];
        for (class, links) in &self.by_class {
            let of_class = &rights.statements.classes[*class].statements;
            if of_class.binary_search_by_key(&statement, |(index, _)| *index).is_err() {
                continue;
            }
            for link in links {
                let reaches =
                    link.classes.iter().any(|class| rights.statements.reached(stated).binary_search(class).is_ok());
                if !reaches || (stated.capabilities & link.capabilities).is_empty() {
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
        let takes = |class: &&ResourceClassIx| less.aim.takes(&rights.org, &rights.resources.classes[**class].standing);
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
