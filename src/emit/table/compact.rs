//! The compact layout: subjects and resources in the coarsest classes that serve, and one number for each right.
//!
//! It is made of the rows of all classes of users, and costs what they are long together.

use std::collections::HashMap;

use super::names::Subject;
use super::rows::{OfClass, Rows};
use crate::effective::{ResourceClassIx, RightIx, Row, SubjectClassIx};
use crate::graph::ResourceIx;
use crate::model::Arena;

/// The keys of the layout.
#[derive(Debug, Default)]
pub(super) struct Compact {
    pub subject_classes: Vec<Vec<String>>,
    pub resource_classes: Vec<Vec<ResourceIx>>,
    pub rights: Vec<RightIx>,
    pub access: Vec<[u32; 3]>,
}

/// What all subjects hold on a resource: what the rows of users say of its class, and what links say of itself.
type Column = (u32, Vec<(Subject, RightIx)>);

/// A row over numbered classes: class and right, ascending.
type Cells = Vec<(u32, RightIx)>;

pub(super) fn compact(rows: &Rows<'_>, of_class: &OfClass) -> Compact {
    let columns = columns(rows, of_class);
    let resource_classes = coarsest(rows, columns);
    let mut class_of: Arena<ResourceIx, Option<u32>> = rows.accessible.iter().map(|_| None).collect();
    for (number, members) in resource_classes.iter().enumerate() {
        members.iter().for_each(|member| class_of[*member] = Some(number as u32));
    }
    // subjects with the same row, over the coarsest classes
    let mut by_row = ByRow::default();
    let merged = merged(rows, &class_of);
    let number = |row: &Row| {
        let cells = row.iter().flat_map(|(class, right)| merged[*class].iter().map(|merged| (*merged, *right)));
        by_row.number(cells.collect())
    };
    let numbers: Arena<SubjectClassIx, u32> = of_class.iter().map(|(_, row)| row).map(number).collect();
    for (text, subject) in &rows.subjects {
        let row = match subject {
            Subject::User(user) => rows.class_of(*user).map(|class| numbers[class]),
            Subject::Link(_) => rows.of_link.get(subject).map(|access| {
                by_row.number(access.iter().filter_map(|(r, right)| Some((class_of[*r]?, *right))).collect())
            }),
        };
        if let Some(row) = row {
            by_row.members[row as usize].push(text);
        }
    }
    let classes = by_row.sorted();
    let mut compact = Compact { resource_classes, ..Compact::default() };
    let mut numbers: HashMap<RightIx, u32> = HashMap::new();
    for (subject, (members, row)) in classes.into_iter().enumerate() {
        for (resource, right) in row {
            let rights = &mut compact.rights;
            let number = *numbers.entry(right).or_insert_with(|| {
                rights.push(right);
                rights.len() as u32 - 1
            });
            compact.access.push([subject as u32, resource, number]);
        }
        compact.subject_classes.push(members.into_iter().map(str::to_owned).collect());
    }
    compact
}

/// Subjects by their rows; a row is kept and compared once, however many subjects have it.
#[derive(Default)]
struct ByRow<'t> {
    numbers: HashMap<Cells, u32>,
    /// By number; nobody where only classes without access have the row.
    members: Vec<Vec<&'t str>>,
}

impl<'t> ByRow<'t> {
    fn number(&mut self, mut cells: Cells) -> u32 {
        cells.sort_unstable();
        cells.dedup();
        *self.numbers.entry(cells).or_insert_with(|| {
            self.members.push(Vec::new());
            self.members.len() as u32 - 1
        })
    }

    /// By first member.
    fn sorted(mut self) -> Vec<(Vec<&'t str>, Cells)> {
        let with_members = |(cells, number): (Cells, u32)| (std::mem::take(&mut self.members[number as usize]), cells);
        let mut classes: Vec<_> = self.numbers.into_iter().map(with_members).collect();
        classes.retain(|(members, _)| !members.is_empty());
        classes.sort_unstable();
        classes
    }
}

/// For each class of resources the coarsest classes of its kept members: several only where links tell them apart.
fn merged(rows: &Rows<'_>, class_of: &Arena<ResourceIx, Option<u32>>) -> Arena<ResourceClassIx, Vec<u32>> {
    let of_members = |class: ResourceClassIx| {
        let mut merged: Vec<u32> = rows.members(class).filter_map(|member| class_of[member]).collect();
        merged.sort_unstable();
        merged.dedup();
        merged
    };
    rows.selected.rights.resources.classes.indices().map(of_members).collect()
}

/// A number for each distinct column over the rows of users.
fn columns(rows: &Rows<'_>, of_class: &OfClass) -> Arena<ResourceClassIx, u32> {
    let resources = &rows.selected.rights.resources.classes;
    let mut columns: Arena<ResourceClassIx, Vec<(u32, RightIx)>> = resources.iter().map(|_| Vec::new()).collect();
    let mut row_numbers: HashMap<&[(ResourceClassIx, RightIx)], u32> = HashMap::new();
    for (_, row) in of_class.iter() {
        let count = row_numbers.len() as u32;
        if row_numbers.contains_key(&row[..]) {
            continue; // the same row again says nothing new of any column
        }
        row_numbers.insert(row, count);
        for (class, right) in row {
            columns[*class].push((count, *right));
        }
    }
    let mut numbers: HashMap<Vec<(u32, RightIx)>, u32> = HashMap::from([(Vec::new(), 0)]);
    let mut numbered: Arena<ResourceClassIx, u32> = Arena::default();
    for class in resources.indices() {
        let next = numbers.len() as u32;
        numbered.add(*numbers.entry(std::mem::take(&mut columns[class])).or_insert(next));
    }
    numbered
}

/// Resources with the same column, in the table's order.
fn coarsest(rows: &Rows<'_>, columns: Arena<ResourceClassIx, u32>) -> Vec<Vec<ResourceIx>> {
    let mut of_links: HashMap<ResourceIx, Vec<(Subject, RightIx)>> = HashMap::new();
    for (link, access) in &rows.of_link {
        for (resource, right) in access {
            of_links.entry(*resource).or_default().push((*link, *right));
        }
    }
    let class_of = &rows.selected.rights.resources.class_of;
    let mut by_column: HashMap<Column, Vec<ResourceIx>> = HashMap::new();
    for resource in rows.names.all().filter(|resource| rows.accessible[*resource]) {
        let column = (columns[class_of[resource]], of_links.remove(&resource).unwrap_or_default());
        by_column.entry(column).or_default().push(resource);
    }
    let mut classes: Vec<Vec<ResourceIx>> = by_column.into_values().collect();
    classes.iter_mut().for_each(|members| rows.names.sort(members));
    classes.sort_unstable_by_key(|members| members.first().map(|first| rows.names.rank(*first)));
    classes
}
