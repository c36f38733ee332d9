//! What one organisation of a compiled table holds, in any of the three layouts. In: a document that the table's reader
//! has loaded, so that it is well-formed. Out: [`Holdings`], or what in it this version does not know.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, HashMap};

use rustc_hash::{FxBuildHasher, FxHashMap};

use super::Version;
use super::conditions::{Cond, Hours};
use super::holdings::{Holdings, Shared};
use super::rights::{Held, RightIx};
use crate::table::format::{self, Layout};
use crate::vocabulary::{CapabilitySet, ResourceKind, vocabulary};

/// Something in a table that this version of the program does not know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unknown(pub String);

/// A subject, with the dates and networks of its account.
type Named = (Box<str>, Cond);

type Read<T> = Result<T, Unknown>;

/// Reads one organisation.
pub(super) fn of_table(
    org: &format::Org<'_>,
    layout: Layout,
    version: Version,
    shared: &mut Shared,
) -> Result<Holdings, Unknown> {
    for (id, schedule) in &org.schedules {
        let hours = Hours::of_table(schedule).ok_or_else(|| Unknown(format!("the schedule `{id}`")))?;
        shared.conditions.schedule(version, id, hours);
    }
    let mut reader = Reader { org, version, shared };
    match layout {
        Layout::Expanded => reader.expanded(),
        Layout::Compact => reader.compact(),
        Layout::Factored => reader.factored(),
    }
}

/// What a right says of one capability, before it is reduced.
#[derive(Clone, Debug, Default)]
struct Said {
    when: Vec<Cond>,
    denied: Vec<Cond>,
}

struct Reader<'s, 't> {
    org: &'t format::Org<'t>,
    version: Version,
    shared: &'s mut Shared,
}

impl Reader<'_, '_> {
    fn expanded(&mut self) -> Read<Holdings> {
        // resources of which every row says the same are a class: each row parts the classes that it cuts
        let mut number_of: BTreeMap<&str, u32> = BTreeMap::new();
        let entries = self.org.subjects.values().flat_map(|subject| &subject.access);
        for resource in entries.flat_map(|entry| &entry.resources) {
            let next = number_of.len() as u32;
            number_of.entry(resource).or_insert(next);
        }
        let mut rows: HashMap<Vec<(u32, RightIx)>, u32, FxBuildHasher> = HashMap::default();
        let mut distinct: Vec<Vec<(u32, RightIx)>> = Vec::new();
        let mut subjects = Vec::new();
        for (name, subject) in &self.org.subjects {
            let mut row = Vec::new();
            for format::Entry { resources, allow, allow_when, deny_when } in &subject.access {
                let right = self.right(&[(allow, &[], allow_when, deny_when)])?;
                row.extend(resources.iter().filter_map(|one| Some((*number_of.get(one.as_ref())?, right))));
            }
            row.sort_unstable();
            let next = distinct.len() as u32;
            let number = *rows.entry(row).or_insert_with_key(|row| {
                distinct.push(row.clone());
                next
            });
            subjects.push((name.as_ref(), self.account(subject)?, number));
        }
        let mut class_of: Vec<u32> = vec![0; number_of.len()];
        let mut classes = 1;
        for row in &distinct {
            let mut parts: FxHashMap<(u32, RightIx), u32> = FxHashMap::default();
            for (resource, right) in row {
                let Some(class) = class_of.get_mut(*resource as usize) else { continue };
                *class = *parts.entry((*class, *right)).or_insert_with(|| {
                    classes += 1;
                    classes - 1
                });
            }
        }
        let class = |resource: u32| class_of.get(resource as usize).copied().unwrap_or_default();
        let mut members: BTreeMap<u32, Vec<(Box<str>, Cond)>> = BTreeMap::new();
        for (name, account, row) in subjects {
            members.entry(row).or_default().push((name.into(), account));
        }
        let mut holdings = Holdings::default();
        for (row, members) in members {
            let cells = distinct.get(row as usize).into_iter().flatten();
            let cells: BTreeSet<(u32, RightIx)> = cells.map(|(resource, right)| (class(*resource), *right)).collect();
            holdings.add(cells.into_iter().collect(), members);
        }
        holdings.resources = number_of.into_iter().map(|(name, number)| (name.into(), class(number))).collect();
        Ok(holdings)
    }

    fn compact(&mut self) -> Read<Holdings> {
        let mut rights = Vec::with_capacity(self.org.rights.len());
        for format::Right { allow, deny, allow_when, deny_when } in &self.org.rights {
            rights.push(self.right(&[(allow, deny, allow_when, deny_when)])?);
        }
        let mut rows: BTreeMap<u32, Vec<(u32, RightIx)>> = BTreeMap::new();
        for [subjects, resources, right] in &self.org.access {
            let cell = rights.get(*right as usize).map(|right| (*resources, *right));
            rows.entry(*subjects).or_default().extend(cell);
        }
        let mut holdings = Holdings::default();
        for (class, members) in (0..).zip(&self.org.subject_classes) {
            let own = members.iter().map(|name| {
                let account = match self.org.subjects.get(name) {
                    Some(subject) => self.account(subject)?,
                    None => Cond::ALWAYS,
                };
                Ok((Box::from(name.as_ref()), account))
            });
            let own = own.collect::<Read<Vec<_>>>()?;
            holdings.add(rows.remove(&class).unwrap_or_default(), own);
        }
        for (class, members) in (0..).zip(&self.org.resource_classes) {
            holdings.resources.extend(members.iter().map(|name| (Box::from(name.as_ref()), class)));
        }
        Ok(holdings)
    }

    fn factored(&mut self) -> Read<Holdings> {
        // resources in the same sets, of one kind, are a class
        let mut holdings = Holdings::default();
        let mut numbers: BTreeMap<(ResourceKind, Vec<u32>), u32> = BTreeMap::new();
        for (name, sets) in &self.org.resource_sets {
            let kind = kind(name)?;
            let next = numbers.len() as u32;
            let sets: BTreeSet<u32> = sets.iter().copied().collect();
            let class = *numbers.entry((kind, sets.into_iter().collect())).or_insert(next);
            holdings.resources.insert(name.as_ref().into(), class);
        }
        let mut in_set: FxHashMap<u32, Vec<u32>> = FxHashMap::default();
        let mut kinds: FxHashMap<u32, ResourceKind> = FxHashMap::default();
        for ((kind, sets), class) in &numbers {
            kinds.insert(*class, *kind);
            sets.iter().for_each(|set| in_set.entry(*set).or_default().push(*class));
        }
        let mut by_rows: BTreeMap<(&[u32], &[u32]), Vec<Named>> = BTreeMap::new();
        let list = |lists: &'_ BTreeMap<Cow<'_, str>, Vec<u32>>, name: &Cow<'_, str>| lists.get(name).cloned();
        let held: Vec<_> = self
            .org
            .subjects
            .keys()
            .map(|name| {
                let rows = list(&self.org.subject_rows, name).unwrap_or_default();
                (name, rows, list(&self.org.subject_owned, name).unwrap_or_default())
            })
            .collect();
        for (name, rows, owned) in &held {
            let account = self.org.subjects.get(*name).map(|subject| self.account(subject)).transpose()?;
            let own = (Box::from(name.as_ref()), account.unwrap_or(Cond::ALWAYS));
            by_rows.entry((rows, owned)).or_default().push(own);
        }
        let mut sums: FxHashMap<Vec<u32>, RightIx> = FxHashMap::default();
        for ((rows, owned), members) in by_rows {
            let pairs = rows.iter().filter_map(|row| self.org.rows.get(*row as usize)).flatten();
            let mut said: BTreeMap<u32, BTreeSet<u32>> = BTreeMap::new();
            for [set, right] in pairs {
                for class in in_set.get(set).into_iter().flatten() {
                    said.entry(*class).or_default().insert(*right);
                }
            }
            let mut row: BTreeMap<u32, RightIx> = BTreeMap::new();
            for (class, rights) in said {
                let rights: Vec<u32> = rights.into_iter().collect();
                let sum = match sums.get(&rights) {
                    Some(known) => *known,
                    None => {
                        let sum = self.sum(&rights)?;
                        sums.insert(rights, sum);
                        sum
                    }
                };
                row.insert(class, sum);
            }
            for class in owned.iter().filter_map(|set| in_set.get(set)).flatten() {
                let all = kinds.get(class).map(|kind| vocabulary().of_kind(*kind)).unwrap_or_default();
                let always = Held { when: vec![Cond::ALWAYS], denied: Vec::new() };
                row.insert(*class, self.shared.rights.number(BTreeMap::from([(always, all)])));
            }
            holdings.add(row.into_iter().collect(), members);
        }
        Ok(holdings)
    }

    /// What several rights of the table come to together.
    fn sum(&mut self, numbers: &[u32]) -> Read<RightIx> {
        let org = self.org;
        let rights = numbers.iter().filter_map(|number| org.rights.get(*number as usize));
        let parts: Vec<Parts<'_, '_>> = rights
            .map(|right| (&right.allow[..], &right.deny[..], &right.allow_when[..], &right.deny_when[..]))
            .collect();
        self.right(&parts)
    }

    /// What several rights come to: allowed by one and denied by none.
    fn right(&mut self, parts: &[Parts<'_, '_>]) -> Read<RightIx> {
        let mut said: BTreeMap<usize, Said> = BTreeMap::new();
        for (allow, deny, allow_when, deny_when) in parts {
            for name in *allow {
                said.entry(capability(name)?).or_default().when.push(Cond::ALWAYS);
            }
            for name in *deny {
                said.entry(capability(name)?).or_default().denied.push(Cond::ALWAYS);
            }
            for (items, denial) in [(allow_when, false), (deny_when, true)] {
                for format::Conditional { capabilities, when } in *items {
                    let when: Vec<Cond> = when.iter().map(|one| self.condition(one)).collect::<Read<_>>()?;
                    for name in capabilities {
                        let said = said.entry(capability(name)?).or_default();
                        if denial { &mut said.denied } else { &mut said.when }.extend(&when);
                    }
                }
            }
        }
        let conditions = &self.shared.conditions;
        let mut by_held: BTreeMap<Held, CapabilitySet> = BTreeMap::new();
        for (capability, Said { when, denied }) in said {
            let denied = conditions.reduce(&denied, self.version);
            let mut when = conditions.reduce(&when, self.version);
            when.retain(|held| !denied.iter().any(|denied| conditions.lies_in(*held, *denied)));
            let all = by_held.entry(Held { when, denied }.sorted()).or_default();
            *all = *all | CapabilitySet::one(capability);
        }
        Ok(self.shared.rights.number(by_held))
    }

    fn condition(&mut self, condition: &format::Condition<'_>) -> Read<Cond> {
        let read = self.shared.conditions.of_table(self.version, condition);
        read.ok_or_else(|| Unknown("a condition".to_owned()))
    }

    fn account(&mut self, subject: &format::Subject<'_>) -> Read<Cond> {
        let format::Subject { from, until, networks, .. } = subject;
        let own = format::Condition {
            from: from.clone(),
            until: until.clone(),
            networks: networks.clone(),
            ..format::Condition::default()
        };
        self.condition(&own)
    }
}

type Parts<'p, 't> =
    (&'p [Cow<'t, str>], &'p [Cow<'t, str>], &'p [format::Conditional<'t>], &'p [format::Conditional<'t>]);

fn capability(name: &str) -> Read<usize> {
    vocabulary().number(name).ok_or_else(|| Unknown(format!("the capability `{name}`")))
}

fn kind(resource: &str) -> Read<ResourceKind> {
    let name = resource.split(':').next().unwrap_or_default();
    let kind = ResourceKind::ALL.into_iter().find(|kind| kind.name() == name);
    kind.ok_or_else(|| Unknown(format!("the resource `{resource}`")))
}
