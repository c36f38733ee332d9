//! Reach: whether what a statement, or an item of it, reaches has any use for its capabilities, and whether anybody but
//! owners gets there.

use std::collections::HashMap;

use rustc_hash::FxBuildHasher;

use super::items::Item;
use crate::effective::OrgRights;
use crate::effective::resources::ResourceClassIx;
use crate::effective::statements::{Statement, StatementIx};
use crate::effective::targets::{Aim, TargetIx, reaches};
use crate::model::Scope;
use crate::vocabulary::{CapabilitySet, ResourceKind};

/// What is reached.
pub(super) enum Reach {
    /// Nothing to which the capabilities apply.
    Nothing,
    /// Only what is kept from all but owners.
    Barred,
    Some,
}

/// What targets reach.
pub(super) struct Reaches<'r> {
    rights: &'r OrgRights,
    /// Of all classes those that are barred.
    barred: Vec<ResourceClassIx>,
    /// The kinds of what a target reaches, and the barred classes that it would reach.
    of: HashMap<TargetIx, (Kinds, Vec<ResourceClassIx>), FxBuildHasher>,
}

type Kinds = [bool; ResourceKind::ALL.len()];

impl<'r> Reaches<'r> {
    pub(super) fn new(rights: &'r OrgRights) -> Reaches<'r> {
        let barred = rights.resources.classes.iter().filter(|(_, class)| class.standing.barred);
        Reaches { rights, barred: barred.map(|(class, _)| class).collect(), of: HashMap::default() }
    }

    /// What a statement reaches, or an item of its `scope` or `only`, and has a use for these capabilities.
    pub(super) fn of(&mut self, statement: StatementIx, item: Option<Item>, capabilities: CapabilitySet) -> Reach {
        let rights = self.rights;
        let stated = &rights.statements.all[statement];
        let barred = &self.barred;
        let (kinds, barred) = self.of.entry(stated.target).or_insert_with(|| {
            let reached = rights.statements.reached(stated).iter().copied();
            (kinds_of(rights, reached), barred_in(rights, stated, barred))
        });
        let mask = |kind| rights.statements.targets.targets[stated.target].mask(kind);
        let of_use = |kinds: Kinds| {
            let of_kind = |(kind, there): (ResourceKind, bool)| there && !(capabilities & mask(kind)).is_empty();
            ResourceKind::ALL.into_iter().zip(kinds).any(of_kind)
        };
        let standing = |class: &ResourceClassIx| &rights.resources.classes[*class].standing;
        let here = match item {
            Some(Item::Scope(scope)) => {
                kinds_of(rights, rights.statements.reached_by(&rights.resources, stated, scope).into_iter())
            }
            Some(Item::Only(group)) => {
                let reached = rights.statements.reached(stated).iter().copied();
                kinds_of(rights, reached.filter(|class| standing(class).only.binary_search(&group).is_ok()))
            }
            _ => *kinds,
        };
        if of_use(here) {
            return Reach::Some;
        }
        let barred_here = barred.iter().copied().filter(|class| match item {
            Some(Item::Scope(scope)) => reaches(scope, standing(class), stated.denial),
            Some(Item::Only(group)) => standing(class).only.binary_search(&group).is_ok(),
            _ => true,
        });
        if of_use(kinds_of(rights, barred_here)) { Reach::Barred } else { Reach::Nothing }
    }
}

fn kinds_of(rights: &OrgRights, classes: impl Iterator<Item = ResourceClassIx>) -> Kinds {
    let mut kinds = Kinds::default();
    classes.for_each(|class| kinds[rights.resources.classes[class].standing.kind as usize] = true);
    kinds
}

/// Of the barred classes those that a statement would reach.
fn barred_in(rights: &OrgRights, stated: &Statement, barred: &[ResourceClassIx]) -> Vec<ResourceClassIx> {
    let grant = &rights.org.grants[stated.grant];
    let aim = Aim::of(grant);
    let is_barred = |class: &&ResourceClassIx| rights.resources.classes[**class].standing.barred;
    let mut classes: Vec<ResourceClassIx> = if grant.scope.iter().any(|(scope, _)| *scope == Scope::All) {
        barred.to_vec()
    } else {
        let reached = grant.scope.iter().filter_map(|(scope, _)| rights.resources.reached.get(scope)).flatten();
        reached.filter(is_barred).copied().collect()
    };
    classes.sort_unstable();
    classes.dedup();
    classes.retain(|class| aim.takes(&rights.org, &rights.resources.classes[*class].standing));
    classes
}
