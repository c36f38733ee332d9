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
use crate::model::{DeviceGroupIx, Grant, Scope};
use crate::source::Span;
use crate::vocabulary::CapabilitySet;

/// Which item of a grant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Item {
    To(Entry),
    Scope(Scope),
    Only(DeviceGroupIx),
    /// A role, or an item of `allow` or `deny`: by its position among them all, with what it says.
    Capability(usize, CapabilitySet),
}

/// An item.
#[derive(Clone, Debug)]
pub(super) struct Unit {
    pub item: Item,
    pub span: Span,
    /// Whether the table is known to need it.
    pub needed: bool,
}

/// What only one item of its list brings, as long as all others are there.
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
    pub(super) fn list(self) -> usize {
        match self {
            Item::To(_) => 0,
            Item::Scope(_) => 1,
            Item::Only(_) => 2,
            Item::Capability(..) => 3,
        }
    }
}

/// The items of a statement's grant, each once; none of a list that has but one.
pub(super) fn units(rights: &OrgRights, statement: &Statement) -> Vec<(Unit, Alone)> {
    let grant = &rights.org.grants[statement.grant];
    let mut units = Vec::new();
    let mut add = |items: Vec<(Unit, Alone)>| {
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

fn unit(item: Item, span: Span, alone: Alone) -> (Unit, Alone) {
    (Unit { item, span, needed: false }, alone)
}

fn each_once<T: Copy + Eq + Hash>(items: impl Iterator<Item = (T, Span)>) -> Vec<(T, Span)> {
    let mut known = HashSet::new();
    items.filter(|(item, _)| known.insert(*item)).collect()
}

fn scopes(rights: &OrgRights, statement: &Statement, grant: &Grant) -> Vec<(Unit, Alone)> {
    let scopes = each_once(grant.scope.iter().copied());
    if scopes.len() < 2 {
        return Vec::new();
    }
    let by_item: Vec<Vec<ResourceClassIx>> =
        scopes.iter().map(|(scope, _)| rights.statements.reached_by(&rights.resources, statement, *scope)).collect();
    places(scopes.iter().map(|(scope, span)| (Item::Scope(*scope), *span)), by_item)
}

fn groups(rights: &OrgRights, statement: &Statement, grant: &Grant) -> Vec<(Unit, Alone)> {
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
fn places(items: impl Iterator<Item = (Item, Span)>, mut by_item: Vec<Vec<ResourceClassIx>>) -> Vec<(Unit, Alone)> {
    let mut times: HashMap<ResourceClassIx, u32> = HashMap::new();
    by_item.iter().flatten().for_each(|class| *times.entry(*class).or_default() += 1);
    by_item.iter_mut().for_each(|classes| classes.retain(|class| times.get(class) == Some(&1)));
    items.zip(by_item).map(|((item, span), classes)| unit(item, span, Alone::Resources(classes))).collect()
}

fn capabilities(rights: &OrgRights, grant: &Grant) -> Vec<(Unit, Alone)> {
    let items = capability_items(rights, grant);
    let (mut once, mut again) = (CapabilitySet::EMPTY, CapabilitySet::EMPTY);
    for (set, _) in &items {
        again = again | (once & *set);
        once = once | *set;
    }
    let alone = |set: CapabilitySet| Alone::Capabilities(set.without(again));
    let all = items.into_iter().enumerate();
    all.map(|(at, (set, span))| unit(Item::Capability(at, set), span, alone(set))).collect()
}

/// The roles of a grant and what it allows, or denies, itself: each once, with what is left of it after `read_only`.
pub(super) fn capability_items(rights: &OrgRights, grant: &Grant) -> Vec<(CapabilitySet, Span)> {
    let roles = each_once(grant.roles.iter().copied()).into_iter();
    let roles = roles.map(|(role, span)| (capabilities_of(&rights.graph, &role), span));
    let all = roles.chain(each_once(grant.capabilities.iter().copied()));
    all.map(|(set, span)| (left_by_read_only(grant, set), span)).collect()
}
