//! The factored layout: rights as they are held in common, not multiplied out.
//!
//! Sets, rights and rows are numbered by what they are, not by when they were met, so that the same policy has the same
//! numbers in whatever order it stands.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::names::Subject;
use super::rows::Rows;
use super::wire;
use crate::effective::{RightIx, SharedRight, SharedRights, SharedRowIx};
use crate::graph::ResourceIx;
use crate::model::ScheduleIx;
use crate::table::format;

/// The keys of the layout.
#[derive(Debug, Default)]
pub(super) struct Factored {
    pub resource_sets: BTreeMap<String, Vec<u32>>,
    pub rights: Vec<format::Right<'static>>,
    pub rows: Vec<Vec<[u32; 2]>>,
    pub subject_rows: BTreeMap<String, Vec<u32>>,
    pub subject_owned: BTreeMap<String, Vec<u32>>,
    /// The schedules that its rights rest on.
    pub schedules: BTreeSet<ScheduleIx>,
}

/// A set by its members' ranks, a right as it is written.
type Pair = (Vec<u32>, String);

/// Everything before it is numbered.
struct Draft<'t, 'r> {
    rows: &'t Rows<'r>,
    rights: BTreeMap<String, format::Right<'static>>,
    schedules: BTreeSet<ScheduleIx>,
    /// Rows by their pairs.
    drafted: HashMap<SharedRowIx, BTreeSet<Pair>>,
    subject_rows: BTreeMap<&'t str, Vec<BTreeSet<Pair>>>,
    subject_owned: BTreeMap<&'t str, Vec<u32>>,
}

pub(super) fn factored(rows: &Rows<'_>) -> Factored {
    let mut draft = Draft {
        rows,
        rights: BTreeMap::new(),
        schedules: BTreeSet::new(),
        drafted: HashMap::new(),
        subject_rows: BTreeMap::new(),
        subject_owned: BTreeMap::new(),
    };
    let mut shared = SharedRights::new(rows.selected.rights);
    for (text, subject) in &rows.subjects {
        match subject {
            Subject::User(user) => draft.user(text, *user, &mut shared),
            Subject::Link(_) => draft.link(text, *subject),
        }
    }
    draft.number()
}

impl<'t> Draft<'t, '_> {
    fn user(&mut self, text: &'t str, user: crate::model::UserIx, shared: &mut SharedRights<'_>) {
        let statements = &self.rows.selected.rights.statements;
        let owns_org = statements.class_of[user].is_some_and(|class| statements.classes[class].owns_org);
        if let Some(set) = shared.owned_by(user) {
            let owned = self.ranks(&shared.sets[set.0 as usize]);
            if !owned.is_empty() {
                self.subject_owned.insert(text, owned);
            }
        }
        if owns_org {
            return;
        }
        let mut rows = Vec::new();
        for row in shared.rows_of(user) {
            if !self.drafted.contains_key(&row) {
                let pairs = self.pairs(row, shared);
                self.drafted.insert(row, pairs);
            }
            rows.extend(self.drafted.get(&row).filter(|pairs| !pairs.is_empty()).cloned());
        }
        if !rows.is_empty() {
            self.subject_rows.insert(text, rows);
        }
    }

    fn pairs(&mut self, row: SharedRowIx, shared: &SharedRights<'_>) -> BTreeSet<Pair> {
        let mut pairs = BTreeSet::new();
        for (set, right) in &shared.rows[row.0 as usize] {
            let members = self.ranks(&shared.sets[set.0 as usize]);
            if !members.is_empty() {
                pairs.insert((members, self.right(right)));
            }
        }
        pairs
    }

    fn link(&mut self, text: &'t str, subject: Subject) {
        let access = self.rows.of_link.get(&subject);
        let mut by_right: BTreeMap<RightIx, Vec<ResourceIx>> = BTreeMap::new();
        for (resource, right) in access.into_iter().flatten() {
            by_right.entry(*right).or_default().push(*resource);
        }
        let mut pairs = BTreeSet::new();
        for (right, resources) in by_right {
            let right = SharedRight { right: self.rows.right(right).clone(), ..SharedRight::default() };
            pairs.insert((self.ranks(&resources), self.right(&right)));
        }
        self.subject_rows.insert(text, vec![pairs]);
    }

    /// The kept ones of these resources, by rank.
    fn ranks(&self, resources: &[ResourceIx]) -> Vec<u32> {
        let kept = resources.iter().filter(|resource| self.rows.selected.keeps(**resource));
        let mut ranks: Vec<u32> = kept.map(|resource| self.rows.names.rank(*resource)).collect();
        ranks.sort_unstable();
        ranks
    }

    /// A right as it is written, which is also its name here.
    fn right(&mut self, right: &SharedRight) -> String {
        let conditions = &self.rows.selected.rights.conditions;
        wire::schedules_of(conditions, &right.right, &mut self.schedules);
        let written = wire::right(conditions, &right.right, right.deny);
        // a right is text, numbers and lists: it has a JSON form
        let name = serde_json::to_string(&written).unwrap_or_default();
        self.rights.entry(name.clone()).or_insert(written);
        name
    }

    fn number(self) -> Factored {
        let pairs = || self.subject_rows.values().flatten().flatten();
        let all_sets: BTreeSet<&Vec<u32>> =
            pairs().map(|(members, _)| members).chain(self.subject_owned.values()).collect();
        let sets: HashMap<&Vec<u32>, u32> =
            all_sets.iter().enumerate().map(|(i, members)| (*members, i as u32)).collect();
        let rights: HashMap<&str, u32> =
            self.rights.keys().enumerate().map(|(i, name)| (name.as_str(), i as u32)).collect();
        let numbered = |row: &BTreeSet<Pair>| -> Vec<[u32; 2]> {
            let mut row: Vec<[u32; 2]> =
                row.iter().map(|(members, right)| [sets[members], rights[right.as_str()]]).collect();
            row.sort_unstable();
            row
        };
        let subject_rows: BTreeMap<&str, Vec<Vec<[u32; 2]>>> =
            self.subject_rows.iter().map(|(subject, rows)| (*subject, rows.iter().map(numbered).collect())).collect();
        let all_rows: BTreeSet<&Vec<[u32; 2]>> = subject_rows.values().flatten().collect();
        let row_numbers: HashMap<&Vec<[u32; 2]>, u32> =
            all_rows.iter().enumerate().map(|(i, row)| (*row, i as u32)).collect();

        let mut texts: Vec<ResourceIx> = self.rows.names.all().collect();
        self.rows.names.sort(&mut texts);
        let mut resource_sets: BTreeMap<String, Vec<u32>> = BTreeMap::new();
        for (number, members) in all_sets.iter().enumerate() {
            for rank in *members {
                let text = self.rows.names.text(texts[*rank as usize]);
                match resource_sets.get_mut(text) {
                    Some(sets) => sets.push(number as u32),
                    None => drop(resource_sets.insert(text.to_owned(), vec![number as u32])),
                }
            }
        }
        let number_rows = |rows: &Vec<Vec<[u32; 2]>>| {
            let numbers: BTreeSet<u32> = rows.iter().map(|row| row_numbers[row]).collect();
            numbers.into_iter().collect()
        };
        Factored {
            resource_sets,
            subject_rows: subject_rows.iter().map(|(s, rows)| ((*s).to_owned(), number_rows(rows))).collect(),
            subject_owned: self.subject_owned.iter().map(|(s, owned)| ((*s).to_owned(), vec![sets[owned]])).collect(),
            rows: all_rows.iter().map(|row| (*row).clone()).collect(),
            rights: self.rights.into_values().collect(),
            schedules: self.schedules,
        }
    }
}
