//! Rights as they are held in common: each item of a `to` as a row of its own, not multiplied out per user and device.
//! What the factored layout of the table writes.
//!
//! A row is made once for an item, the ways through it and whom it leaves out; the cost is that of the grants, not of
//! the users to whom they come.

use std::collections::HashMap;

use rustc_hash::FxBuildHasher;

use super::OrgRights;
use super::right::{Conditional, Right};
use super::statements::{Share, StatementIx};
use super::targets::TargetIx;
use super::ways::SetIx;
use crate::graph::ResourceIx;
use crate::model::UserIx;
use crate::vocabulary::{CapabilitySet, ResourceKind};

/// A set of resources: those of one kind that a target has. By number, in one [`SharedRights`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ResourceSetIx(pub u32);

/// A row by number, in one [`SharedRights`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct SharedRowIx(pub u32);

/// What one statement says on one set: what it allows, or what it denies.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct SharedRight {
    /// What it allows, or denies under conditions.
    pub right: Right,
    /// What it denies without condition.
    pub deny: CapabilitySet,
}

/// One row: what one item of a `to` brings.
pub type SharedRow = Vec<(ResourceSetIx, SharedRight)>;

/// Makes the shared rows of an organisation.
#[derive(Debug)]
pub struct SharedRights<'r> {
    rights: &'r OrgRights,
    /// The members of each set, ascending.
    pub sets: Vec<Vec<ResourceIx>>,
    /// The rows.
    pub rows: Vec<SharedRow>,
    set_numbers: HashMap<(TargetIx, ResourceKind), Option<ResourceSetIx>, FxBuildHasher>,
    row_numbers: HashMap<Share, SharedRowIx, FxBuildHasher>,
    owned: HashMap<UserIx, ResourceSetIx, FxBuildHasher>,
    everything: Option<ResourceSetIx>,
}

impl<'r> SharedRights<'r> {
    /// No row yet.
    #[must_use]
    pub fn new(rights: &'r OrgRights) -> SharedRights<'r> {
        SharedRights {
            rights,
            sets: Vec::new(),
            rows: Vec::new(),
            set_numbers: HashMap::default(),
            row_numbers: HashMap::default(),
            owned: HashMap::default(),
            everything: None,
        }
    }

    /// The rows of a user who does not own the organisation.
    pub fn rows_of(&mut self, user: UserIx) -> Vec<SharedRowIx> {
        let shares: Vec<Share> = self.rights.statements.shares(user).collect();
        shares.into_iter().map(|share| self.row(share)).collect()
    }

    /// The set that a user owns, if any.
    pub fn owned_by(&mut self, user: UserIx) -> Option<ResourceSetIx> {
        let class = self.rights.statements.class_of[user]?;
        let subjects = &self.rights.statements.classes[class];
        let resources = &self.rights.resources;
        if subjects.owns_org {
            if self.everything.is_none() {
                let all = self.rights.graph.containment.resources().map(|(index, _)| index).collect();
                self.everything = Some(self.add_set(all));
            }
            return self.everything;
        }
        let classes = resources.owned.get(&subjects.owner?)?;
        if let Some(known) = self.owned.get(&user) {
            return Some(*known);
        }
        let mut members: Vec<ResourceIx> =
            classes.iter().flat_map(|class| resources.classes[*class].members.iter().copied()).collect();
        members.sort_unstable();
        let set = self.add_set(members);
        self.owned.insert(user, set);
        Some(set)
    }

    fn add_set(&mut self, members: Vec<ResourceIx>) -> ResourceSetIx {
        self.sets.push(members);
        ResourceSetIx(self.sets.len() as u32 - 1)
    }

    fn row(&mut self, share: Share) -> SharedRowIx {
        if let Some(known) = self.row_numbers.get(&share) {
            return *known;
        }
        let mut row = SharedRow::new();
        for statement in self.rights.statements.of_share(&share) {
            self.say(statement, share.ways, &mut row);
        }
        let number = SharedRowIx(self.rows.len() as u32);
        self.rows.push(row);
        self.row_numbers.insert(share, number);
        number
    }

    /// Adds what a statement that comes in these ways says, on the resources of each kind.
    fn say(&mut self, index: StatementIx, ways: SetIx, row: &mut SharedRow) {
        let statements = &self.rights.statements;
        let statement = &statements.all[index];
        let when = self.rights.conditions.reduce(statements.alternatives(index, ways));
        if when.is_empty() {
            return;
        }
        let always = when == [super::Conditions::ALWAYS];
        for kind in ResourceKind::ALL {
            let capabilities = statements.on_kind(statement, kind);
            if capabilities.is_empty() {
                continue;
            }
            let Some(set) = self.set(statement.target, kind) else { continue };
            let conditional = || vec![Conditional { capabilities, when: when.clone() }];
            let mut shared = SharedRight::default();
            match (statement.denial, always) {
                (false, true) => shared.right.allow = capabilities,
                (false, false) => shared.right.allow_when = conditional(),
                (true, true) => shared.deny = capabilities,
                (true, false) => shared.right.deny_when = conditional(),
            }
            row.push((set, shared));
        }
    }

    fn set(&mut self, target: TargetIx, kind: ResourceKind) -> Option<ResourceSetIx> {
        if let Some(known) = self.set_numbers.get(&(target, kind)) {
            return *known;
        }
        let classes = &self.rights.statements.targets.targets[target].classes;
        let of_kind = classes.iter().map(|class| &self.rights.resources.classes[*class]);
        let of_kind = of_kind.filter(|class| class.standing.kind == kind);
        let mut members: Vec<ResourceIx> = of_kind.flat_map(|class| class.members.iter().copied()).collect();
        members.sort_unstable();
        let set = (!members.is_empty()).then(|| self.add_set(members));
        self.set_numbers.insert((target, kind), set);
        set
    }
}
