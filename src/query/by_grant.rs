//! Rights by the grants that give them. In: a frame. Out: for each grant and denial the subjects to whom it comes under
//! the same conditions, with what it gives them on which of the resources; ownership beside. A right may be in several.

use std::collections::{BTreeMap, BTreeSet};

use super::blocks::Frame;
use super::why::Who;
use crate::effective::{CondIx, OrgRights, ResourceClassIx};
use crate::graph::ResourceIx;
use crate::model::GrantIx;
use crate::vocabulary::CapabilitySet;

/// What one grant gives, or one denial takes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GrantBlock {
    /// The grant or denial; none for what is owned.
    pub grant: Option<GrantIx>,
    /// The subjects, ascending.
    pub subjects: Vec<Who>,
    /// The capabilities.
    pub capabilities: CapabilitySet,
    /// The resources, ascending.
    pub resources: Vec<ResourceIx>,
    /// Under any one of these; reduced.
    pub when: Vec<CondIx>,
}

/// The grants and denials that come to users of a frame, by place; what is owned first. For one request, those whose
/// conditions hold then. Links are no part of it: what they give, their makers hold.
#[must_use]
pub fn by_grant(rights: &OrgRights, frame: &Frame) -> Vec<GrantBlock> {
    let mut by_class: BTreeMap<ResourceClassIx, Vec<ResourceIx>> = BTreeMap::new();
    for resource in frame.resources.iter().collect::<BTreeSet<_>>() {
        by_class.entry(rights.resources.class_of[*resource]).or_default().push(*resource);
    }
    type Key = (Option<GrantIx>, Vec<CondIx>, CapabilitySet, Vec<ResourceIx>);
    let mut all: BTreeMap<Key, BTreeSet<Who>> = BTreeMap::new();
    let mut classes: BTreeMap<_, Vec<Who>> = BTreeMap::new();
    for who in &frame.subjects {
        if let Who::User(user) = who
            && let Some(class) = rights.statements.class_of[*user]
        {
            classes.entry(class).or_default().push(*who);
        }
    }
    for (class, members) in classes {
        let subjects = &rights.statements.classes[class];
        let mut add = |grant, when: &[CondIx], of_class: &dyn Fn(ResourceClassIx) -> CapabilitySet| {
            let mut by_capabilities: BTreeMap<CapabilitySet, Vec<ResourceIx>> = BTreeMap::new();
            for (class, resources) in &by_class {
                let capabilities = of_class(*class) & frame.capabilities;
                if !capabilities.is_empty() {
                    by_capabilities.entry(capabilities).or_default().extend(resources);
                }
            }
            for (capabilities, mut resources) in by_capabilities {
                resources.sort_unstable();
                all.entry((grant, when.to_vec(), capabilities, resources)).or_default().extend(&members);
            }
        };
        let owned = |class: ResourceClassIx| {
            let standing = &rights.resources.classes[class].standing;
            let owns = subjects.owner.is_some_and(|owner| standing.owners.binary_search(&owner).is_ok());
            let all = crate::vocabulary::vocabulary().of_kind(standing.kind);
            if subjects.owns_org || owns { all } else { CapabilitySet::EMPTY }
        };
        add(None, &[crate::effective::Conditions::ALWAYS], &owned);
        for (index, statement, ways) in rights.statements.coming(class) {
            let when = rights.conditions.reduce(ways);
            let holds = frame.request.is_none_or(|request| request.meets_any(&when, rights, statement.denial));
            if when.is_empty() || !holds {
                continue;
            }
            let given = |class: ResourceClassIx| {
                let kind = rights.resources.classes[class].standing.kind;
                rights.statements.capabilities_on(index, class, kind).without(owned(class))
            };
            add(Some(statement.grant), &when, &given);
        }
    }
    let blocks = all.into_iter().map(|((grant, when, capabilities, resources), subjects)| GrantBlock {
        grant,
        subjects: subjects.into_iter().collect(),
        capabilities,
        resources,
        when,
    });
    let mut blocks: Vec<GrantBlock> = blocks.collect();
    blocks.sort_by_key(|block| block.grant.map(|grant| rights.org.grants[grant].span));
    blocks
}
