//! Loose: what of a statement may be taken away, and where that could be missed. Wherever it could not, the statement
//! stands as it stood, and nobody has to look.

use std::collections::{HashMap, HashSet};

use rustc_hash::FxBuildHasher;

use super::cells::Ask;
use super::items::Item;
use crate::effective::OrgRights;
use crate::effective::resources::ResourceClassIx;
use crate::effective::statements::{Entry, StatementIx};
use crate::model::{DeviceGroupIx, Scope};
use crate::vocabulary::CapabilitySet;

/// No item's numbers: of places that what stays of `scope` reaches, or what stays of `only` lets through.
const REST_OF_SCOPE: usize = usize::MAX;
const REST_OF_ONLY: usize = usize::MAX - 1;

/// What of a statement may go.
#[derive(Clone, Debug, Default)]
pub(super) struct Loose {
    /// Whether all of it may.
    whole: bool,
    /// What the items say, of its roles and capabilities, that may.
    capabilities: CapabilitySet,
    /// Whom those items of `to` name that may, and the numbers of these items.
    pub entries: Vec<(Entry, usize)>,
    /// Places that those items of `scope` and `only` reach that may, ascending, each with the number of the item.
    places: Vec<(ResourceClassIx, usize)>,
    /// The places alone, each once.
    reached: Vec<ResourceClassIx>,
}

/// What a statement may come to miss in one cell.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Losses {
    pub resources: bool,
    pub ways: bool,
    pub capabilities: bool,
}

impl Loose {
    /// Items are numbered by whoever asks. Places that an item which stays reaches as well are missed by no list, and left
    /// out; `with_rest` keeps them, told apart by numbers that are no item's.
    pub(super) fn new(
        rights: &OrgRights,
        statement: StatementIx,
        whole: bool,
        items: impl Iterator<Item = (usize, Item)>,
        with_rest: bool,
    ) -> Loose {
        let mut loose = Loose { whole, ..Loose::default() };
        let (mut scopes, mut only) = (HashMap::new(), HashMap::new());
        for (number, item) in items {
            match item {
                Item::To(entry) => loose.entries.push((entry, number)),
                Item::Capability(_, set) => loose.capabilities = loose.capabilities | set,
                Item::Scope(scope) => {
                    scopes.insert(scope, number);
                }
                Item::Only(group) => {
                    only.insert(group, number);
                }
            }
        }
        if !scopes.is_empty() {
            loose.add_scopes(rights, statement, &scopes, with_rest);
        }
        if !only.is_empty() {
            loose.add_groups(rights, statement, &only, with_rest);
        }
        loose.places.sort_unstable();
        loose.places.dedup();
        loose.reached = loose.places.iter().map(|(place, _)| *place).collect();
        loose.reached.dedup();
        loose
    }

    fn add_scopes(
        &mut self,
        rights: &OrgRights,
        statement: StatementIx,
        scopes: &HashMap<Scope, usize>,
        with_rest: bool,
    ) {
        let stated = &rights.statements.all[statement];
        let mut rest: HashSet<ResourceClassIx, FxBuildHasher> = HashSet::default();
        let mut added: Vec<(ResourceClassIx, usize)> = Vec::new();
        let mut once: HashSet<Scope> = HashSet::new();
        for (scope, _) in rights.org.grants[stated.grant].scope.iter().filter(|(scope, _)| once.insert(*scope)) {
            let places = rights.statements.reached_by(&rights.resources, stated, *scope).into_iter();
            match scopes.get(scope) {
                Some(number) => added.extend(places.map(|place| (place, *number))),
                None => rest.extend(places),
            }
        }
        self.add(added, |place| rest.contains(&place), with_rest.then_some(REST_OF_SCOPE));
    }

    fn add_groups(
        &mut self,
        rights: &OrgRights,
        statement: StatementIx,
        only: &HashMap<DeviceGroupIx, usize>,
        with_rest: bool,
    ) {
        let stated = &rights.statements.all[statement];
        let grant = &rights.org.grants[stated.grant];
        let rest: HashSet<DeviceGroupIx> =
            grant.only.iter().flatten().map(|(group, _)| *group).filter(|group| !only.contains_key(group)).collect();
        let standing = |place: ResourceClassIx| &rights.resources.classes[place].standing;
        let mut added: Vec<(ResourceClassIx, usize)> = Vec::new();
        for place in rights.statements.reached(stated) {
            let groups = standing(*place).only.iter();
            added.extend(groups.filter_map(|group| only.get(group)).map(|number| (*place, *number)));
        }
        let passes = |place: ResourceClassIx| {
            let without = !grant.denial && standing(place).passes_without_group(&rights.org);
            without || standing(place).only.iter().any(|group| rest.contains(group))
        };
        self.add(added, passes, with_rest.then_some(REST_OF_ONLY));
    }

    fn add(
        &mut self,
        added: Vec<(ResourceClassIx, usize)>,
        is_in_rest: impl Fn(ResourceClassIx) -> bool,
        rest: Option<usize>,
    ) {
        for (place, number) in added {
            let in_rest = is_in_rest(place);
            if !in_rest || rest.is_some() {
                self.places.push((place, number));
            }
            if in_rest {
                self.places.extend(rest.map(|rest| (place, rest)));
            }
        }
    }

    /// Asks for where anything could be missed, but for what users miss: at most where the statement `reached`.
    pub(super) fn ask<'p>(&'p self, statement: StatementIx, reached: &'p [ResourceClassIx], ask: &mut Ask<'p>) {
        if self.whole || !self.capabilities.is_empty() {
            ask.places.push(reached);
        } else if !self.reached.is_empty() {
            ask.places.push(&self.reached);
        }
        if !self.places.is_empty() {
            ask.parts.push((statement, &self.places));
        }
    }

    /// What may be missed of these capabilities in a cell; nothing where what is left says all of it, whatever goes.
    /// `in_parts` says whether an item that may go reaches it, `named` whether one names somebody.
    pub(super) fn losses(&self, capabilities: CapabilitySet, in_parts: bool, named: bool) -> Option<Losses> {
        let lost = !(self.capabilities & capabilities).is_empty();
        let losses = Losses { resources: in_parts, ways: named, capabilities: lost };
        (self.whole || in_parts || named || lost).then_some(losses)
    }
}
