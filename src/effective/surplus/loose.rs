//! Loose: what of a statement may be taken away, and where that could be missed. Wherever it could not, the statement
//! stands as it stood, and nobody has to look.

use std::collections::HashSet;

use super::items::Item;
use crate::effective::OrgRights;
use crate::effective::resources::ResourceClassIx;
use crate::effective::statements::{Entry, StatementIx};
use crate::effective::targets::reaches;
use crate::vocabulary::CapabilitySet;

/// What of a statement may go.
#[derive(Clone, Debug, Default)]
pub(super) struct Loose {
    /// Whether all of it may.
    whole: bool,
    /// Its items that may, with the places of those that are about places.
    items: Vec<(Item, Vec<ResourceClassIx>)>,
}

/// What a statement may come to miss in one cell.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Losses {
    pub whole: bool,
    pub resources: bool,
    pub ways: bool,
    pub capabilities: bool,
}

impl Loose {
    pub(super) fn new(
        rights: &OrgRights,
        statement: StatementIx,
        whole: bool,
        items: impl Iterator<Item = Item>,
    ) -> Loose {
        let stated = &rights.statements.all[statement];
        let places = |item: Item| match item {
            Item::Scope(scope) => rights.statements.reached_by(&rights.resources, stated, scope),
            Item::Only(group) => {
                let classes = rights.statements.reached(stated).iter().copied();
                classes.filter(|class| rights.resources.classes[*class].standing.only.contains(&group)).collect()
            }
            Item::To(_) | Item::Capability(..) => Vec::new(),
        };
        Loose { whole, items: items.map(|item| (item, places(item))).collect() }
    }

    /// Whom its items name.
    pub(super) fn entries(&self) -> impl Iterator<Item = Entry> + '_ {
        self.items.iter().filter_map(|(item, _)| match item {
            Item::To(entry) => Some(*entry),
            _ => None,
        })
    }

    /// Adds where anything could be missed by those whom only these entries name: at most where the statement `reached`.
    pub(super) fn places(
        &self,
        reached: &[ResourceClassIx],
        named: &HashSet<Entry>,
        add: &mut dyn FnMut(&[ResourceClassIx]),
    ) {
        if self.whole {
            return add(reached);
        }
        for (item, places) in &self.items {
            match item {
                Item::Scope(_) | Item::Only(_) => add(places),
                Item::To(entry) if !named.contains(entry) => {}
                Item::To(_) | Item::Capability(..) => add(reached),
            }
        }
    }

    /// What may be missed of these capabilities in one place, by those whom only these entries name; nothing where what
    /// is left says all of it, whatever goes.
    pub(super) fn losses(
        &self,
        rights: &OrgRights,
        statement: StatementIx,
        resource: ResourceClassIx,
        capabilities: CapabilitySet,
        named: &HashSet<Entry>,
    ) -> Option<Losses> {
        let standing = &rights.resources.classes[resource].standing;
        let mut losses = Losses { whole: self.whole, ..Losses::default() };
        for (item, _) in &self.items {
            match item {
                Item::Scope(scope) => {
                    losses.resources |= reaches(*scope, standing, rights.statements.all[statement].denial);
                }
                Item::Only(group) => losses.resources |= standing.only.contains(group),
                Item::To(entry) => losses.ways |= named.contains(entry),
                Item::Capability(_, set) => losses.capabilities |= !(*set & capabilities).is_empty(),
            }
        }
        (losses.whole || losses.resources || losses.ways || losses.capabilities).then_some(losses)
    }
}
