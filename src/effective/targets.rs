//! Targets: where a grant applies, `⋃ reach(scope) ∖ ⋃ reach(except_scope)` narrowed by `kinds` and `only`
//! (`semantics §1`), as classes of resources. Grants that apply in the same place share a target.

use std::collections::HashMap;

use super::resources::{ResourceClassIx, Resources, Standing};
use crate::model::{Arena, At, DeviceGroupIx, DeviceKind, Grant, Index, Org, Scope};
use crate::vocabulary::{CapabilityClass, CapabilitySet, ResourceKind, vocabulary};

/// A target by number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct TargetIx(pub u32);

impl Index for TargetIx {
    fn new(number: usize) -> TargetIx {
        TargetIx(number as u32)
    }

    fn number(self) -> usize {
        self.0 as usize
    }
}

/// What a grant says of where it applies.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Aim {
    denial: bool,
    /// These lists are ascending, and have each item once.
    scope: Vec<Scope>,
    except_scope: Vec<Scope>,
    kinds: Option<Vec<DeviceKind>>,
    only: Option<Vec<DeviceGroupIx>>,
}

/// Where a grant applies: classes that are not barred, ascending.
#[derive(Clone, Debug)]
pub(super) struct Target {
    pub narrowed: bool,
    pub denial: bool,
    pub classes: Vec<ResourceClassIx>,
}

/// All targets of an organisation.
#[derive(Debug, Default)]
pub(super) struct Targets {
    pub targets: Arena<TargetIx, Target>,
    numbers: HashMap<Aim, TargetIx>,
}

/// Whether a scope reaches resources of a standing (`semantics §1`).
pub(super) fn reaches(scope: Scope, standing: &Standing, denial: bool) -> bool {
    match scope {
        Scope::All => standing.kind != ResourceKind::Org || denial,
        Scope::Org => standing.kind == ResourceKind::Org,
        named => standing.scopes.binary_search(&named).is_ok(),
    }
}

impl Aim {
    /// Takes an item of `scope` out.
    pub(super) fn drop_scope(&mut self, scope: Scope) {
        self.scope.retain(|item| *item != scope);
    }

    /// Takes an item of `only` out.
    pub(super) fn drop_only(&mut self, group: DeviceGroupIx) {
        if let Some(only) = &mut self.only {
            only.retain(|item| *item != group);
        }
    }

    /// Puts an item of `scope` back.
    pub(super) fn add_scope(&mut self, scope: Scope) {
        put_back(&mut self.scope, scope);
    }

    /// Puts an item of `only` back.
    pub(super) fn add_only(&mut self, group: DeviceGroupIx) {
        if let Some(only) = &mut self.only {
            put_back(only, group);
        }
    }

    pub(super) fn of(grant: &Grant) -> Aim {
        Aim {
            denial: grant.denial,
            scope: ascending(&grant.scope),
            except_scope: ascending(&grant.except_scope),
            kinds: grant.kinds.as_deref().map(ascending),
            only: grant.only.as_deref().map(ascending),
        }
    }

    /// Whether a resource of this standing is in reach and let through, exclusion and sharing aside.
    pub(super) fn takes(&self, org: &Org, standing: &Standing) -> bool {
        self.reaches_by(&self.scope, standing) && self.leaves(org, standing)
    }

    /// Whether a resource of this standing, which is in reach of `scope`, is not taken out again.
    fn leaves(&self, org: &Org, standing: &Standing) -> bool {
        !self.reaches_by(&self.except_scope, standing) && self.lets_through(org, standing)
    }

    /// The classes that it takes and that are not barred, ascending. Only what one of its scopes reaches is looked at.
    pub(super) fn classes(&self, org: &Org, resources: &Resources) -> Vec<ResourceClassIx> {
        let standing = |class: ResourceClassIx| &resources.classes[class].standing;
        let mut classes: Vec<ResourceClassIx> = if self.scope.contains(&Scope::All) {
            resources.classes.indices().filter(|class| self.reaches_by(&self.scope, standing(*class))).collect()
        } else {
            let reached = self.scope.iter().filter_map(|scope| resources.reached.get(scope));
            reached.flatten().copied().collect()
        };
        if self.scope.len() > 1 {
            classes.sort(); // lists one behind the other, each ascending
            classes.dedup();
        }
        classes.retain(|class| !standing(*class).barred && self.leaves(org, standing(*class)));
        classes
    }

    /// Whether any of the scopes reaches it. The longer of two lists is searched, the shorter one walked: either may be
    /// long.
    fn reaches_by(&self, scopes: &[Scope], standing: &Standing) -> bool {
        let by = |scope: &Scope| reaches(*scope, standing, self.denial);
        if scopes.len() <= standing.scopes.len() {
            return scopes.iter().any(by);
        }
        let unnamed = [Scope::All, Scope::Org];
        let is_there = |scope: &&Scope| scopes.binary_search(scope).is_ok();
        unnamed.iter().filter(is_there).any(by) || standing.scopes.iter().any(|scope| is_there(&scope))
    }

    fn lets_through(&self, org: &Org, standing: &Standing) -> bool {
        let of_kind = match (&self.kinds, standing.device) {
            (None, _) => true,
            (Some(kinds), Some(kind)) => kinds.contains(&kind),
            (Some(_), None) => false,
        };
        let by_group = match &self.only {
            None => true,
            Some(only) => {
                let in_one = standing.only.iter().any(|group| only.binary_search(group).is_ok());
                in_one || (!self.denial && standing.passes_without_group(org))
            }
        };
        of_kind && by_group
    }
}

/// Puts an item into an ascending list, unless it is there.
fn put_back<T: Ord>(list: &mut Vec<T>, item: T) {
    if let Err(at) = list.binary_search(&item) {
        list.insert(at, item);
    }
}

/// Ascending, each once.
fn ascending<T: Copy + Ord>(items: &[At<T>]) -> Vec<T> {
    let mut items: Vec<T> = items.iter().map(|(item, _)| *item).collect();
    items.sort_unstable();
    items.dedup();
    items
}

impl Targets {
    pub(super) fn add(&mut self, org: &Org, resources: &Resources, aim: Aim) -> TargetIx {
        if let Some(number) = self.numbers.get(&aim) {
            return *number;
        }
        let classes = aim.classes(org, resources);
        let number = self.targets.add(Target { narrowed: aim.only.is_some(), denial: aim.denial, classes });
        self.numbers.insert(aim, number);
        number
    }
}

impl Target {
    /// Of a grant's capabilities, those that it gives (or denies) on resources of a kind: what applies to it, and on
    /// a recorder through `only` classes `view` and `operate` alone.
    pub(super) fn mask(&self, kind: ResourceKind) -> CapabilitySet {
        let vocabulary = vocabulary();
        let applies = vocabulary.of_kind(kind);
        if self.narrowed && !self.denial && kind == ResourceKind::Recorder {
            let kept = vocabulary.of_class(CapabilityClass::View) | vocabulary.of_class(CapabilityClass::Operate);
            return applies & kept;
        }
        applies
    }
}
