//! Two versions of an organisation laid beside each other: subjects and resources in classes of which both versions say the
//! same, and the cells in which they differ.
//!
//! In: what each version holds. Out: for each way in which something is held otherwise, the classes of subjects and
//! resources and the capabilities: never user by user and device by device.

use std::collections::{BTreeMap, HashMap};

use rustc_hash::{FxBuildHasher, FxHashMap};

use super::conditions::Cond;
use super::holdings::{Holdings, Row};
use super::rights::{HeldIx, RightIx, Rights};
use crate::vocabulary::CapabilitySet;

/// How something was held, and is: the conditions, and the dates and networks of the account.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Turned {
    /// In the old version; [`HeldIx::NOT`] where it is gained.
    pub old: HeldIx,
    /// In the new version; [`HeldIx::NOT`] where it is lost.
    pub new: HeldIx,
    /// The account in the old version; nothing is stated where it is gained.
    pub old_account: Cond,
    /// The account in the new version; nothing is stated where it is lost.
    pub new_account: Cond,
}

/// Things in classes: names, sorted, and the class of each.
#[derive(Debug)]
pub(super) struct Classes {
    pub names: Vec<Box<str>>,
    /// The members of each class, ascending.
    pub members: Vec<Vec<u32>>,
}

/// One cell: a class of subjects, a class of resources, and the capabilities that are held otherwise in the same way.
pub(super) type Cell = (u32, u32, CapabilitySet);

/// Where two versions differ.
#[derive(Debug)]
pub(super) struct Joint {
    pub subjects: Classes,
    pub resources: Classes,
    pub cells: BTreeMap<Turned, Vec<Cell>>,
}

/// What the old and the new version say of the same.
type Beside<T> = (Option<T>, Option<T>);

/// What one version says of a subject: its account, and the number of its row.
type Subject = Option<(Cond, u32)>;

impl Classes {
    /// Joins what two versions say by name: what both say the same of is a class. With the classes' keys.
    fn join<T: Copy + Eq + std::hash::Hash>(
        old: &BTreeMap<Box<str>, T>,
        new: &BTreeMap<Box<str>, T>,
    ) -> (Classes, Vec<Beside<T>>) {
        let mut classes = Classes { names: Vec::new(), members: Vec::new() };
        let mut keys = Vec::new();
        let mut numbers: HashMap<Beside<T>, usize, FxBuildHasher> = HashMap::default();
        let (mut left, mut right) = (old.iter().peekable(), new.iter().peekable());
        loop {
            let order = match (left.peek(), right.peek()) {
                (Some(a), Some(b)) => a.0.cmp(b.0),
                (Some(_), None) => std::cmp::Ordering::Less,
                (None, Some(_)) => std::cmp::Ordering::Greater,
                (None, None) => return (classes, keys),
            };
            let from_old = if order.is_le() { left.next() } else { None };
            let from_new = if order.is_ge() { right.next() } else { None };
            let Some((name, _)) = from_old.or(from_new) else { continue };
            let key = (from_old.map(|(_, value)| *value), from_new.map(|(_, value)| *value));
            let class = *numbers.entry(key).or_insert_with(|| {
                keys.push(key);
                classes.members.push(Vec::new());
                keys.len() - 1
            });
            let number = classes.names.len() as u32;
            classes.names.push(name.clone());
            classes.members.get_mut(class).into_iter().for_each(|members| members.push(number));
        }
    }
}

/// Lays two versions beside each other.
pub(super) fn join(old: &Holdings, new: &Holdings, rights: &mut Rights) -> Joint {
    let (subjects, rows) = Classes::join(&old.subjects, &new.subjects);
    let (resources, classes) = Classes::join(&old.resources, &new.resources);
    let mut of_old: FxHashMap<u32, Vec<u32>> = FxHashMap::default();
    let mut of_new: FxHashMap<u32, Vec<u32>> = FxHashMap::default();
    for (joint, (in_old, in_new)) in (0..).zip(&classes) {
        in_old.iter().for_each(|class| of_old.entry(*class).or_default().push(joint));
        in_new.iter().for_each(|class| of_new.entry(*class).or_default().push(joint));
    }
    // classes of subjects by their rows: those whose accounts alone differ share the work
    let mut by_rows: BTreeMap<Beside<u32>, Vec<(u32, Subject, Subject)>> = BTreeMap::new();
    for (class, (in_old, in_new)) in (0..).zip(&rows) {
        let key = (in_old.map(|(_, row)| row), in_new.map(|(_, row)| row));
        by_rows.entry(key).or_default().push((class, *in_old, *in_new));
    }
    let mut cells: BTreeMap<Turned, Vec<Cell>> = BTreeMap::new();
    for ((old_row, new_row), subjects) in by_rows {
        let left = expanded(old_row.and_then(|row| old.rows.get(row as usize)), &of_old);
        let right = expanded(new_row.and_then(|row| new.rows.get(row as usize)), &of_new);
        let account = |subject: &Subject| subject.map_or(Cond::ALWAYS, |(account, _)| account);
        let moved = |(_, old, new): &(u32, Subject, Subject)| account(old) != account(new);
        let any_moved = subjects.iter().any(moved);
        for (resources, was, is) in beside(&left, &right) {
            if was == is && !any_moved {
                continue;
            }
            for subject in &subjects {
                let (class, old, new) = subject;
                for ((was, is), capabilities) in rights.turns(was, is, moved(subject)) {
                    let stated = |held: &HeldIx, subject: &Subject| match *held {
                        HeldIx::NOT => Cond::ALWAYS,
                        _ => account(subject),
                    };
                    let (old_account, new_account) = (stated(was, old), stated(is, new));
                    let turned = Turned { old: *was, new: *is, old_account, new_account };
                    cells.entry(turned).or_default().push((*class, resources, *capabilities));
                }
            }
        }
    }
    Joint { subjects, resources, cells }
}

/// A row over joint classes, ascending.
fn expanded(row: Option<&Row>, joint: &FxHashMap<u32, Vec<u32>>) -> Vec<(u32, RightIx)> {
    let cells = row.into_iter().flat_map(|row| row.iter());
    let cells = cells.flat_map(|(class, right)| joint.get(class).into_iter().flatten().map(|joint| (*joint, *right)));
    let mut cells: Vec<(u32, RightIx)> = cells.collect();
    cells.sort_unstable();
    cells
}

/// Two rows beside each other: each class that is in either, with both rights.
fn beside<'r>(
    left: &'r [(u32, RightIx)],
    right: &'r [(u32, RightIx)],
) -> impl Iterator<Item = (u32, RightIx, RightIx)> + 'r {
    let (mut left, mut right) = (left.iter().peekable(), right.iter().peekable());
    std::iter::from_fn(move || {
        let class = match (left.peek(), right.peek()) {
            (Some(a), Some(b)) => a.0.min(b.0),
            (Some(one), None) | (None, Some(one)) => one.0,
            (None, None) => return None,
        };
        let was = left.next_if(|cell| cell.0 == class).map_or(RightIx::NONE, |cell| cell.1);
        let is = right.next_if(|cell| cell.0 == class).map_or(RightIx::NONE, |cell| cell.1);
        Some((class, was, is))
    })
}
