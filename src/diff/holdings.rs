//! What one version of an organisation holds, in names, so that it can be laid beside another: subjects with rows over
//! classes of resources. In: an organisation's rights, or its part of a table. Out: [`Holdings`].

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::rc::Rc;

use rustc_hash::{FxBuildHasher, FxHashMap};

use super::Version;
use super::conditions::{Cond, Conditions, Hours};
use super::rights::{Held, RightIx, Rights};
use crate::effective::{self, CondIx, Evaluator, LinkRights, OrgRights, ResourceClassIx};
use crate::graph::ResourceIx;
use crate::model::LinkIx;
use crate::query::Account;
use crate::vocabulary::CapabilitySet;

/// A row: classes of resources on which something is held, ascending.
pub(super) type Row = Rc<[(u32, RightIx)]>;

/// What is the same of all resources of a class: their class for users, and what links say of them.
type Standing<'l> = (ResourceClassIx, &'l [(LinkIx, RightIx)]);

/// What one version of an organisation holds.
#[derive(Debug, Default)]
pub(super) struct Holdings {
    /// Those who hold anything, by name: the dates and networks of the account, and the number of the row.
    pub subjects: BTreeMap<Box<str>, (Cond, u32)>,
    /// Rights by class of resources.
    pub rows: Vec<Row>,
    /// The class of each resource, by name.
    pub resources: BTreeMap<Box<str>, u32>,
}

/// What is put together from both versions.
#[derive(Debug)]
pub(super) struct Shared {
    pub conditions: Conditions,
    pub rights: Rights,
}

/// Reads what a policy comes to: rows are made once for each class of users.
pub(super) fn of_policy(rights: &OrgRights, version: Version, shared: &mut Shared) -> Holdings {
    let org = &rights.org;
    for (_, schedule) in org.schedules.iter() {
        shared.conditions.schedule(version, &schedule.id, Hours::of_policy(schedule));
    }
    let mut evaluator = Evaluator::new(rights);
    let mut reader = Reader { rights, version, shared, conditions: HashMap::default(), numbers: HashMap::default() };

    // what a link gives is said of single devices: those of which the same is said are a class of their own
    let mut by_links: BTreeMap<ResourceIx, Vec<(LinkIx, RightIx)>> = BTreeMap::new();
    for LinkRights { link, access, .. } in &rights.links {
        for (device, right) in access {
            let number = reader.right(evaluator.number(right.clone()), &evaluator);
            by_links.entry(*device).or_default().push((*link, number));
        }
    }
    let mut parts: BTreeMap<ResourceClassIx, Vec<u32>> = BTreeMap::new();
    let mut numbers: HashMap<Standing<'_>, u32, FxBuildHasher> = HashMap::default();
    let mut holdings = Holdings::default();
    let mut class_of: FxHashMap<ResourceIx, u32> = FxHashMap::default();
    for (index, resource) in rights.graph.containment.resources() {
        let class = rights.resources.class_of[index];
        let key = (class, by_links.get(&index).map_or(&[][..], |links| &links[..]));
        let next = numbers.len() as u32;
        let number = *numbers.entry(key).or_insert_with(|| {
            parts.entry(class).or_default().push(next);
            next
        });
        class_of.insert(index, number);
        holdings.resources.insert(resource.text(org).into(), number);
    }
    for (class, subjects) in rights.statements.classes.iter() {
        let mut row: Vec<(u32, RightIx)> = Vec::new();
        for (resources, right) in evaluator.row(class) {
            let right = reader.right(right, &evaluator);
            row.extend(parts.get(&resources).into_iter().flatten().map(|part| (*part, right)));
        }
        let mut own: Vec<(Box<str>, Cond)> = Vec::new();
        for user in &subjects.members {
            let account = Account::of(rights, *user).condition();
            own.push((
                format!("user:{}", org.users[*user].id).into(),
                reader.shared.conditions.of_policy(version, &account, org),
            ));
        }
        holdings.add(row, own);
    }
    let mut rows: BTreeMap<LinkIx, BTreeSet<(u32, RightIx)>> = BTreeMap::new();
    for (device, links) in &by_links {
        for (link, right) in links {
            rows.entry(*link).or_default().extend(class_of.get(device).map(|class| (*class, *right)));
        }
    }
    for (link, row) in rows {
        holdings.add(row.into_iter().collect(), vec![(format!("link:{}", org.links[link].id).into(), Cond::ALWAYS)]);
    }
    holdings
}

impl Holdings {
    /// Adds subjects with a row; those with none hold nothing.
    pub(super) fn add(&mut self, mut row: Vec<(u32, RightIx)>, subjects: Vec<(Box<str>, Cond)>) {
        row.retain(|(_, right)| *right != RightIx::NONE);
        if row.is_empty() {
            return;
        }
        row.sort_unstable();
        let number = self.rows.len() as u32;
        self.rows.push(row.into());
        self.subjects.extend(subjects.into_iter().map(|(name, account)| (name, (account, number))));
    }
}

impl Holdings {
    /// How many rights there are: subject × capability × resource.
    pub(super) fn count(&self, rights: &Rights) -> u64 {
        let mut sizes: FxHashMap<u32, u64> = FxHashMap::default();
        self.resources.values().for_each(|class| *sizes.entry(*class).or_default() += 1);
        let size = |class: &u32| sizes.get(class).copied().unwrap_or_default();
        let of_row = |row: &Row| row.iter().map(|(class, right)| size(class) * rights.size(*right)).sum::<u64>();
        let rows: Vec<u64> = self.rows.iter().map(of_row).collect();
        self.subjects.values().filter_map(|(_, row)| rows.get(*row as usize)).sum()
    }
}

/// Reads the rights of an evaluator, each once.
struct Reader<'s> {
    rights: &'s OrgRights,
    version: Version,
    shared: &'s mut Shared,
    conditions: FxHashMap<CondIx, Cond>,
    numbers: FxHashMap<effective::RightIx, RightIx>,
}

impl Reader<'_> {
    fn right(&mut self, number: effective::RightIx, evaluator: &Evaluator<'_>) -> RightIx {
        if let Some(known) = self.numbers.get(&number) {
            return *known;
        }
        let right = evaluator.right(number);
        let mut by_held: BTreeMap<Held, CapabilitySet> = BTreeMap::new();
        for capability in right.held().iter() {
            let when = self.conditions(right.alternatives(capability).unwrap_or_default());
            let denied = right.deny_when.iter().find(|item| item.capabilities.has(capability));
            let denied = denied.map(|item| self.conditions(&item.when)).unwrap_or_default();
            let all = by_held.entry(Held { when, denied }.sorted()).or_default();
            *all = *all | CapabilitySet::one(capability);
        }
        let read = self.shared.rights.number(by_held);
        self.numbers.insert(number, read);
        read
    }

    fn conditions(&mut self, when: &[CondIx]) -> Vec<Cond> {
        let Reader { rights, version, shared, conditions, .. } = self;
        let read = |one: &CondIx| {
            let stated = rights.conditions.get(*one);
            *conditions.entry(*one).or_insert_with(|| shared.conditions.of_policy(*version, stated, &rights.org))
        };
        when.iter().map(read).collect()
    }
}
