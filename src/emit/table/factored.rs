//! The factored layout: rights as they are held in common, not multiplied out.
//!
//! Sets, rights and rows are numbered by what they are, not by when they were met, so that the same policy has the same
//! numbers in whatever order it stands. What is drafted goes by numbers of its own until then; each set, right and row
//! is drafted and compared once, however many subjects share it.

use std::collections::{BTreeSet, HashMap};

use super::names::Subject;
use super::rows::Rows;
use super::wire;
use crate::effective::{ResourceSetIx, RightIx, SharedRight, SharedRights, SharedRowIx};
use crate::graph::ResourceIx;
use crate::model::{ScheduleIx, UserIx};
use crate::table::format;

/// The keys of the layout.
#[derive(Debug, Default)]
pub(super) struct Factored {
    /// By rank of the resource.
    pub resource_sets: Vec<Vec<u32>>,
    pub rights: Vec<format::Right<'static>>,
    pub rows: Vec<Vec<[u32; 2]>>,
    /// In the order of subjects; empty where a subject has no row.
    pub subject_rows: Vec<Vec<u32>>,
    /// In the order of subjects.
    pub subject_owned: Vec<Option<[u32; 1]>>,
    /// The schedules that its rights rest on.
    pub schedules: BTreeSet<ScheduleIx>,
}

/// Everything before it is numbered: sets, rights and rows are named by their places in these lists.
struct Draft<'t, 'r> {
    rows: &'t Rows<'r>,
    shared: SharedRights<'r>,
    /// The ranks of the members.
    sets: Vec<Vec<u32>>,
    set_places: HashMap<ResourceSetIx, Option<usize>>,
    /// Rights by their JSON, which decides their order.
    rights: Vec<String>,
    written: Vec<format::Right<'static>>,
    right_places: HashMap<SharedRight, usize>,
    /// Pairs of a set and a right.
    drafted: Vec<Vec<(usize, usize)>>,
    row_places: HashMap<SharedRowIx, Option<usize>>,
    schedules: BTreeSet<ScheduleIx>,
}

pub(super) fn factored(rows: &Rows<'_>) -> Factored {
    let mut draft = Draft {
        rows,
        shared: SharedRights::new(rows.selected.rights),
        sets: Vec::new(),
        set_places: HashMap::new(),
        rights: Vec::new(),
        written: Vec::new(),
        right_places: HashMap::new(),
        drafted: Vec::new(),
        row_places: HashMap::new(),
        schedules: BTreeSet::new(),
    };
    let (mut subject_rows, mut subject_owned) = (Vec::new(), Vec::new());
    for (_, subject) in &rows.subjects {
        let (held, owned) = match subject {
            Subject::User(user) => (draft.rows_of(*user), draft.owned_by(*user)),
            Subject::Link(_) => (vec![draft.link(*subject)], None),
        };
        subject_rows.push(held);
        subject_owned.push(owned);
    }
    draft.number(&subject_rows, &subject_owned)
}

impl Draft<'_, '_> {
    fn owned_by(&mut self, user: UserIx) -> Option<usize> {
        let set = self.shared.owned_by(user)?;
        self.set(set)
    }

    /// The rows of a user; an owner of the organisation needs none.
    fn rows_of(&mut self, user: UserIx) -> Vec<usize> {
        let statements = &self.rows.selected.rights.statements;
        if statements.class_of[user].is_some_and(|class| statements.classes[class].owns_org) {
            return Vec::new();
        }
        let rows = self.shared.rows_of(user);
        rows.into_iter().filter_map(|row| self.row(row)).collect()
    }

    /// The place of a row; none where nothing of it is kept.
    fn row(&mut self, row: SharedRowIx) -> Option<usize> {
        if let Some(known) = self.row_places.get(&row) {
            return *known;
        }
        let mut pairs = Vec::new();
        for (set, right) in std::mem::take(&mut self.shared.rows[row.0 as usize]) {
            if let Some(set) = self.set(set) {
                pairs.push((set, self.right(right)));
            }
        }
        let place = (!pairs.is_empty()).then(|| added(&mut self.drafted, pairs));
        self.row_places.insert(row, place);
        place
    }

    /// A link's rights are its own.
    fn link(&mut self, subject: Subject) -> usize {
        let rows = self.rows;
        let mut access: Vec<(RightIx, ResourceIx)> =
            rows.of_link.get(&subject).into_iter().flatten().map(|(resource, right)| (*right, *resource)).collect();
        access.sort_unstable();
        let mut pairs = Vec::new();
        for of_right in access.chunk_by(|a, b| a.0 == b.0) {
            let Some((right, _)) = of_right.first() else { continue };
            let set = self.ranks(of_right.iter().map(|(_, resource)| *resource));
            let right = SharedRight { right: rows.right(*right).clone(), ..SharedRight::default() };
            pairs.push((added(&mut self.sets, set), self.right(right)));
        }
        added(&mut self.drafted, pairs)
    }

    /// The place of a set; none where nothing of it is kept.
    fn set(&mut self, set: ResourceSetIx) -> Option<usize> {
        if let Some(known) = self.set_places.get(&set) {
            return *known;
        }
        let ranks = self.ranks(self.shared.sets[set.0 as usize].iter().copied());
        let place = (!ranks.is_empty()).then(|| added(&mut self.sets, ranks));
        self.set_places.insert(set, place);
        place
    }

    /// The kept ones of these resources, by rank.
    fn ranks(&self, resources: impl Iterator<Item = ResourceIx>) -> Vec<u32> {
        let kept = resources.filter(|resource| self.rows.selected.keeps(*resource));
        let mut ranks: Vec<u32> = kept.map(|resource| self.rows.names.rank(resource)).collect();
        ranks.sort_unstable();
        ranks
    }

    /// The place of a right.
    fn right(&mut self, right: SharedRight) -> usize {
        if let Some(known) = self.right_places.get(&right) {
            return *known;
        }
        let conditions = &self.rows.selected.rights.conditions;
        wire::schedules_of(conditions, &right.right, &mut self.schedules);
        let written = wire::right(conditions, &right.right, right.deny);
        // a right is text, numbers and lists: it has a JSON form
        self.rights.push(serde_json::to_string(&written).unwrap_or_default());
        let place = added(&mut self.written, written);
        self.right_places.insert(right, place);
        place
    }

    fn number(self, subject_rows: &[Vec<usize>], subject_owned: &[Option<usize>]) -> Factored {
        let sets = Numbers::of(&self.sets);
        let rights = Numbers::of(&self.rights);
        let pairs = |row: &Vec<(usize, usize)>| {
            sorted(row.iter().map(|(set, right)| [sets.of[*set], rights.of[*right]]).collect())
        };
        let all_rows: Vec<Vec<[u32; 2]>> = self.drafted.iter().map(pairs).collect();
        let rows = Numbers::of(&all_rows);
        let mut resource_sets: Vec<Vec<u32>> = self.rows.names.ranked().map(|_| Vec::new()).collect();
        for (number, place) in sets.first.iter().enumerate() {
            for rank in &self.sets[*place] {
                resource_sets[*rank as usize].push(number as u32);
            }
        }
        let number_rows = |places: &Vec<usize>| sorted(places.iter().map(|place| rows.of[*place]).collect());
        Factored {
            resource_sets,
            rights: rights.first.iter().map(|place| self.written[*place].clone()).collect(),
            rows: rows.first.iter().map(|place| all_rows[*place].clone()).collect(),
            subject_rows: subject_rows.iter().map(number_rows).collect(),
            subject_owned: subject_owned.iter().map(|owned| owned.map(|place| [sets.of[place]])).collect(),
            schedules: self.schedules,
        }
    }
}

/// Numbers of things by what they are: in their order, equal ones alike.
struct Numbers {
    /// The number of each thing.
    of: Vec<u32>,
    /// For each number the place of a thing that has it.
    first: Vec<usize>,
}

impl Numbers {
    fn of<T: Ord>(things: &[T]) -> Numbers {
        let mut order: Vec<usize> = (0..things.len()).collect();
        order.sort_unstable_by(|a, b| things[*a].cmp(&things[*b]));
        let mut numbers = Numbers { of: vec![0; things.len()], first: Vec::new() };
        for place in order {
            if numbers.first.last().is_none_or(|last| things[*last] != things[place]) {
                numbers.first.push(place);
            }
            numbers.of[place] = numbers.first.len() as u32 - 1;
        }
        numbers
    }
}

fn added<T>(list: &mut Vec<T>, item: T) -> usize {
    list.push(item);
    list.len() - 1
}

/// Ascending, each once.
fn sorted<T: Ord>(mut items: Vec<T>) -> Vec<T> {
    items.sort_unstable();
    items.dedup();
    items
}
