//! Which layouts and device groups coverage has to look at for whom (`semantics §5`).
//!
//! In: what a grant or denial says. Out: the gatherings of which it alone does not tell that they are covered. Most
//! grants that show a gathering let all its devices be watched too, under the same condition: whoever has nothing but
//! those, and no denial that touches any of it, needs no row of rights. This is judged once for each place where
//! statements apply and what they say there, and not once for each subject.

use rustc_hash::FxHashMap;

use super::OrgRights;
use super::coverage::Gathering;
use super::resources::ResourceClassIx;
use super::statements::{Statement, StatementIx, SubjectClass};
use super::targets::TargetIx;
use crate::model::Arena;
use crate::vocabulary::{CapabilitySet, ResourceKind};

/// What each statement leaves unclear, as far as anybody asked.
pub(super) struct Unclear<'r> {
    rights: &'r OrgRights,
    gatherings: &'r [Gathering],
    /// `live.view`.
    watch: usize,
    /// It, and what shows gatherings.
    matters: CapabilitySet,
    /// The gatherings of each class of resources, by position, and those with a device of it.
    by_class: FxHashMap<ResourceClassIx, Vec<usize>>,
    by_device: FxHashMap<ResourceClassIx, Vec<usize>>,
    /// For each class of resources the last target that has it, of those that were looked at.
    seen: Arena<ResourceClassIx, u32>,
    looked_at: u32,
    lists: Vec<Vec<usize>>,
    of_statement: Arena<StatementIx, Option<usize>>,
    by_saying: FxHashMap<(TargetIx, bool, CapabilitySet), usize>,
}

impl<'r> Unclear<'r> {
    pub(super) fn new(rights: &'r OrgRights, watch: usize, gatherings: &'r [Gathering]) -> Unclear<'r> {
        let mut by_class: FxHashMap<ResourceClassIx, Vec<usize>> = FxHashMap::default();
        let mut by_device: FxHashMap<ResourceClassIx, Vec<usize>> = FxHashMap::default();
        let mut matters = CapabilitySet::one(watch);
        for (number, gathering) in gatherings.iter().enumerate() {
            matters = matters | CapabilitySet::one(gathering.view);
            by_class.entry(gathering.class).or_default().push(number);
            for (class, _) in &gathering.devices {
                by_device.entry(*class).or_default().push(number);
            }
        }
        Unclear {
            rights,
            gatherings,
            watch,
            matters,
            by_class,
            by_device,
            seen: rights.resources.classes.iter().map(|_| 0).collect(),
            looked_at: 0,
            lists: Vec::new(),
            of_statement: rights.statements.all.iter().map(|_| None).collect(),
            by_saying: FxHashMap::default(),
        }
    }

    /// The gatherings that have to be looked at for a class of subjects, by position, ascending.
    pub(super) fn of_class(&mut self, class: &SubjectClass) -> Vec<usize> {
        let mut unclear = Vec::new();
        for (statement, _) in &class.statements {
            let list = self.list_of(*statement);
            unclear.extend(self.lists.get(list).into_iter().flatten());
        }
        unclear.sort_unstable();
        unclear.dedup();
        unclear
    }

    fn list_of(&mut self, index: StatementIx) -> usize {
        if let Some(known) = self.of_statement[index] {
            return known;
        }
        let statement = &self.rights.statements.all[index];
        let saying = (statement.target, statement.denial, statement.capabilities & self.matters);
        let list = match self.by_saying.get(&saying) {
            Some(known) => *known,
            None => {
                let unclear = if saying.2.is_empty() { Vec::new() } else { self.look_at(statement) };
                self.lists.push(unclear);
                self.by_saying.insert(saying, self.lists.len() - 1);
                self.lists.len() - 1
            }
        };
        self.of_statement[index] = Some(list);
        list
    }

    /// The gatherings that a statement leaves unclear.
    fn look_at(&mut self, statement: &Statement) -> Vec<usize> {
        let statements = &self.rights.statements;
        let reached = statements.reached(statement);
        self.looked_at += 1;
        reached.iter().for_each(|class| self.seen[*class] = self.looked_at);
        let watches = statements.on_kind(statement, ResourceKind::Device).has(self.watch);
        let classes = &self.rights.resources.classes;
        let shows = |number: usize| {
            self.gatherings.get(number).is_some_and(|gathering| {
                statements.on_kind(statement, classes[gathering.class].standing.kind).has(gathering.view)
            })
        };
        let at = |map: &FxHashMap<ResourceClassIx, Vec<usize>>, class| map.get(class).cloned().unwrap_or_default();
        let mut unclear: Vec<usize> =
            reached.iter().flat_map(|class| at(&self.by_class, class)).filter(|number| shows(*number)).collect();
        if !statement.denial {
            unclear.retain(|number| !(watches && self.is_reached_whole(*number)));
        } else if watches {
            unclear.extend(reached.iter().flat_map(|class| at(&self.by_device, class)));
        }
        unclear.sort_unstable();
        unclear.dedup();
        unclear
    }

    /// Whether the target looked at last has all devices of a gathering.
    fn is_reached_whole(&self, number: usize) -> bool {
        let devices = self.gatherings.get(number).map(|gathering| &gathering.devices);
        devices.into_iter().flatten().all(|(class, _)| self.seen[*class] == self.looked_at)
    }
}
