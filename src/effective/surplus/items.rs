//! Items: what of a grant can be taken away, the whole of it or one item of its lists, and what goes with each.
//!
//! Items of `to`, `scope`, `role` with `allow`, `deny` and `only` each add to what a grant says. (Items of `except`,
//! `except_scope`, `networks` and `outside` take away or bind, those of `kinds` say what the grant is about.) The last
//! item of a list is no item: without it the grant would say something else, or nothing.

use std::collections::{HashMap, HashSet};
use std::hash::Hash;

use crate::effective::OrgRights;
use crate::effective::resources::ResourceClassIx;
use crate::effective::statements::{Entry, Statement, capabilities_of, left_by_read_only};
use crate::model::{DeviceGroupIx, Grant, RoleRef, Scope};
use crate::source::Span;
use crate::vocabulary::CapabilitySet;

/// Which item of a grant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Item {
    To(Entry),
    Scope(Scope),
    Only(DeviceGroupIx),
    /// A role, or an item of `allow` or `deny`: by its position among them all, with what it says.
    Capability(usize, CapabilitySet),
}

/// An item, and what only it brings as long as all others are there.
#[derive(Clone, Debug)]
pub(super) struct Unit {
    pub item: Item,
    pub span: Span,
    pub alone: Alone,
    /// Whether the table is known to need it.
    pub needed: bool,
}

/// What only one item of its list brings.
#[derive(Clone, Debug)]
pub(super) enum Alone {
    Capabilities(CapabilitySet),
    /// Ascending.
    Resources(Vec<ResourceClassIx>),
    /// Users, or ways: to be asked for each user.
    Ways,
}

impl Item {
    /// Of which list it is; `role` and `allow` are one.
    pub(super) fn list(self) -> u8 {
        match self {
            Item::To(_) => 0,
            Item::Scope(_) => 1,
            Item::Only(_) => 2,
            Item::Capability(..) => 3,
        }
    }
}

impl Unit {
    /// Whether the survey may still find it to be needed, wherever that is.
    fn may_be_needed(&self) -> bool {
        let is_alone = match &self.alone {
            Alone::Capabilities(alone) => !alone.is_empty(),
            Alone::Resources(alone) => !alone.is_empty(),
            Alone::Ways => true,
        };
        !self.needed && is_alone
    }

    /// Where the survey may still find it to be needed by a class of subjects whom `names` knows; at most where its
    /// statement `reached`.
    pub(super) fn where_it_may_be_needed<'s>(
        &'s self,
        reached: &'s [ResourceClassIx],
        names: impl Fn(Entry) -> bool,
    ) -> &'s [ResourceClassIx] {
        match (&self.alone, self.item) {
            _ if !self.may_be_needed() => &[],
            (Alone::Resources(alone), _) => alone,
            (_, Item::To(entry)) if !names(entry) => &[],
            _ => reached,
        }
    }
}

/// The items of a statement's grant, each once; none of a list that has but one.
pub(super) fn units(rights: &OrgRights, statement: &Statement) -> Vec<Unit> {
    let grant = &rights.org.grants[statement.grant];
    let mut units = Vec::new();
    let mut add = |items: Vec<Unit>| {
        if items.len() > 1 {
            units.extend(items);
        }
    };
    let entries = each_once(grant.to.iter().map(|(subject, span)| (Entry::of(*subject), *span)));
    add(entries.into_iter().map(|(entry, span)| unit(Item::To(entry), span, Alone::Ways)).collect());
    add(scopes(rights, statement, grant));
    add(groups(rights, statement, grant));
    add(capabilities(rights, grant));
    units
}

fn unit(item: Item, span: Span, alone: Alone) -> Unit {
    Unit { item, span, alone, needed: false }
}

fn each_once<T: Copy + Eq + Hash>(items: impl Iterator<Item = (T, Span)>) -> Vec<(T, Span)> {
    let mut known = HashSet::new();
    items.filter(|(item, _)| known.insert(*item)).collect()
}

fn scopes(rights: &OrgRights, statement: &Statement, grant: &Grant) -> Vec<Unit> {
    let scopes = each_once(grant.scope.iter().copied());
    if scopes.len() < 2 {
        return Vec::new();
    }
    let by_item: Vec<Vec<ResourceClassIx>> =
        scopes.iter().map(|(scope, _)| rights.statements.reached_by(&rights.resources, statement, *scope)).collect();
    places(scopes.iter().map(|(scope, span)| (Item::Scope(*scope), *span)), by_item)
}

fn groups(rights: &OrgRights, statement: &Statement, grant: &Grant) -> Vec<Unit> {
    let groups = each_once(grant.only.iter().flatten().copied());
    if groups.len() < 2 {
        return Vec::new();
    }
    let positions: HashMap<DeviceGroupIx, usize> = groups.iter().enumerate().map(|(at, (g, _))| (*g, at)).collect();
    let mut by_item = vec![Vec::new(); groups.len()];
    for class in rights.statements.reached(statement) {
        let standing = &rights.resources.classes[*class].standing;
        if grant.denial || !standing.passes_without_group(&rights.org) {
            standing.only.iter().filter_map(|g| positions.get(g)).for_each(|at| by_item[*at].push(*class));
        }
    }
    places(groups.iter().map(|(group, span)| (Item::Only(*group), *span)), by_item)
}

/// Items by which classes of resources are reached: each is alone where no other reaches them too.
fn places(items: impl Iterator<Item = (Item, Span)>, mut by_item: Vec<Vec<ResourceClassIx>>) -> Vec<Unit> {
    let mut times: HashMap<ResourceClassIx, u32> = HashMap::new();
    by_item.iter().flatten().for_each(|class| *times.entry(*class).or_default() += 1);
    by_item.iter_mut().for_each(|classes| classes.retain(|class| times.get(class) == Some(&1)));
    items.zip(by_item).map(|((item, span), classes)| unit(item, span, Alone::Resources(classes))).collect()
}

fn capabilities(rights: &OrgRights, grant: &Grant) -> Vec<Unit> {
    let items = capability_items(rights, grant);
    let mut units = Vec::with_capacity(items.len());
    for (at, (set, span)) in items.iter().enumerate() {
        let others = items.iter().enumerate().filter(|(other, _)| *other != at).map(|(_, (set, _))| *set);
        let alone = set.without(others.collect());
        units.push(unit(Item::Capability(at, *set), *span, Alone::Capabilities(alone)));
    }
    units
}

/// The roles of a grant and what it allows, or denies, itself: each once, with what is left of it after `read_only`.
pub(super) fn capability_items(rights: &OrgRights, grant: &Grant) -> Vec<(CapabilitySet, Span)> {
    let mut roles: Vec<(RoleRef, Span)> = Vec::new();
    for (role, span) in &grant.roles {
        if !roles.iter().any(|(known, _)| known == role) {
            roles.push((*role, *span));
        }
    }
    let roles = roles.into_iter().map(|(role, span)| (capabilities_of(&rights.graph, &role), span));
    let all = roles.chain(each_once(grant.capabilities.iter().copied()));
    all.map(|(set, span)| (left_by_read_only(grant, set), span)).collect()
}
