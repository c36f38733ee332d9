//! Left: what is left of the statements while some of them, and items of others, go.

use std::collections::HashMap;

use rustc_hash::FxBuildHasher;

use super::cells::Cell;
use super::less::Less;
use super::named::Named;
use super::needed::Contested;
use super::needs::{What, provides};
use crate::effective::OrgRights;
use crate::effective::resources::ResourceClassIx;
use crate::effective::statements::{Entry, StatementIx};
use crate::model::{Arena, UserIx};
use crate::vocabulary::CapabilitySet;

/// What is left of the statements.
#[derive(Debug)]
pub(super) struct Left<'r> {
    rights: &'r OrgRights,
    named: Named<'r>,
    pub gone: Arena<StatementIx, bool>,
    pub lessened: HashMap<StatementIx, Less, FxBuildHasher>,
}

impl<'r> Left<'r> {
    pub(super) fn new(rights: &'r OrgRights, named: Named<'r>) -> Left<'r> {
        let gone = rights.statements.all.iter().map(|_| false).collect();
        Left { rights, named, gone, lessened: HashMap::default() }
    }

    pub(super) fn is_gone(&self, statement: StatementIx) -> bool {
        self.gone[statement]
    }

    pub(super) fn less(&self, statement: StatementIx) -> Option<&Less> {
        self.lessened.get(&statement)
    }

    pub(super) fn named(&self) -> &Named<'r> {
        &self.named
    }

    /// The capabilities for which a statement still provides something: in one place and to one user, where these count.
    fn provided(
        &self,
        statement: StatementIx,
        what: What,
        resource: Option<ResourceClassIx>,
        user: Option<UserIx>,
    ) -> Option<CapabilitySet> {
        if self.gone[statement] {
            return None;
        }
        let Some(less) = self.lessened.get(&statement) else {
            return Some(self.rights.statements.all[statement].capabilities);
        };
        let standing = |class: ResourceClassIx| &self.rights.resources.classes[class].standing;
        if resource.is_some_and(|class| !less.takes(self.rights, standing(class))) {
            return None;
        }
        if let (true, Some(user)) = (less.loses_ways(), user) {
            let left = self.named.alternatives(statement, user, |entry| less.keeps(entry));
            if !provides(what, &left, &self.rights.conditions) {
                return None;
            }
        }
        Some(less.capabilities)
    }

    /// Whether a statement still provides something to all of a class, or to none who is asked for.
    pub(super) fn still_provides(
        &self,
        statement: StatementIx,
        what: What,
        capabilities: CapabilitySet,
        cell: &Cell<'_>,
    ) -> bool {
        let user = self.rights.statements.classes[cell.subjects].members.first().copied();
        self.provided(statement, what, Some(cell.resource), user).is_some_and(|left| !(left & capabilities).is_empty())
    }

    /// Whether a need is met; where but an item of `to` goes, only those whom it names may miss something.
    pub(super) fn is_met(&self, need: &Contested, goes: Option<Entry>) -> bool {
        let loses_ways = |provider| self.lessened.get(provider).is_some_and(Less::loses_ways);
        match need.subjects {
            Some(class) if need.providers.iter().any(loses_ways) => {
                let users = goes.map_or(self.named.users(class), |entry| self.named.among(entry, class));
                users.iter().all(|user| self.is_met_for(need, Some(*user)))
            }
            _ => self.is_met_for(need, None),
        }
    }

    fn is_met_for(&self, need: &Contested, user: Option<UserIx>) -> bool {
        let mut missing = need.capabilities;
        for provider in &need.providers {
            if let Some(provided) = self.provided(*provider, need.what, need.resource, user) {
                missing = missing.without(provided);
                if missing.is_empty() {
                    return true;
                }
            }
        }
        false
    }
}
