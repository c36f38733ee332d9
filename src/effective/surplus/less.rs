//! Less: what is left of a statement that loses items, one by one, and may get the last one back.

use std::collections::HashSet;

use super::items::{Item, Unit};
use crate::effective::OrgRights;
use crate::effective::resources::Standing;
use crate::effective::statements::{Entry, StatementIx};
use crate::effective::targets::Aim;
use crate::vocabulary::CapabilitySet;

/// What is left of a statement that lost items.
#[derive(Clone, Debug)]
pub(super) struct Less {
    lost: HashSet<Item>,
    /// How many items are left of each list.
    left: [usize; 4],
    /// By capability, how many of the items left have it; as long as any of the items needs, empty where there is but one.
    times: Vec<u32>,
    pub capabilities: CapabilitySet,
    aim: Aim,
    /// How many of those that it named it lost.
    lost_ways: usize,
}

impl Less {
    /// A statement that has lost nothing yet.
    pub(super) fn new(rights: &OrgRights, statement: StatementIx, units: &[Unit]) -> Less {
        let stated = &rights.statements.all[statement];
        let mut less = Less {
            lost: HashSet::new(),
            left: [0; 4],
            times: Vec::new(),
            capabilities: stated.capabilities,
            aim: Aim::of(&rights.org.grants[stated.grant]),
            lost_ways: 0,
        };
        for unit in units {
            less.left[unit.item.list()] += 1;
            if let Item::Capability(_, set) = unit.item {
                for capability in set.iter() {
                    if less.times.len() <= capability {
                        less.times.resize(capability + 1, 0);
                    }
                    less.times[capability] += 1;
                }
            }
        }
        less
    }

    /// Whether an item is not the last one of its list.
    pub(super) fn may_lose(&self, item: Item) -> bool {
        self.left[item.list()] > 1
    }

    pub(super) fn has_lost_nothing(&self) -> bool {
        self.lost.is_empty()
    }

    pub(super) fn loses_ways(&self) -> bool {
        self.lost_ways > 0
    }

    /// Loses an item; says which capabilities go with it.
    pub(super) fn lose(&mut self, item: Item) -> CapabilitySet {
        self.lost.insert(item);
        self.left[item.list()] -= 1;
        let mut gone = CapabilitySet::EMPTY;
        match item {
            Item::Scope(scope) => self.aim.drop_scope(scope),
            Item::Only(group) => self.aim.drop_only(group),
            Item::To(_) => self.lost_ways += 1,
            Item::Capability(_, set) => {
                for capability in set.iter() {
                    self.times[capability] -= 1;
                    if self.times[capability] == 0 {
                        gone = gone | CapabilitySet::one(capability);
                    }
                }
                self.capabilities = self.capabilities.without(gone);
            }
        }
        gone
    }

    /// Gets an item back that it lost.
    pub(super) fn regain(&mut self, item: Item) {
        self.lost.remove(&item);
        self.left[item.list()] += 1;
        match item {
            Item::Scope(scope) => self.aim.add_scope(scope),
            Item::Only(group) => self.aim.add_only(group),
            Item::To(_) => self.lost_ways -= 1,
            Item::Capability(_, set) => {
                set.iter().for_each(|capability| self.times[capability] += 1);
                self.capabilities = self.capabilities | set;
            }
        }
    }

    pub(super) fn keeps(&self, entry: Entry) -> bool {
        !self.lost.contains(&Item::To(entry))
    }

    /// Whether it still reaches resources of this standing, exclusion and sharing aside.
    pub(super) fn takes(&self, rights: &OrgRights, standing: &Standing) -> bool {
        self.aim.takes(&rights.org, standing)
    }
}
