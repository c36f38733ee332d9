//! The compact layout: subjects and resources in the coarsest classes that serve, and one number for each right.

use std::collections::{BTreeSet, HashMap};

use super::names::Subject;
use super::rows::{OfClass, Rows};
use crate::effective::{ResourceClassIx, RightIx};
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
    let mut by_row: HashMap<Cells, Vec<&str>> = HashMap::new();
    let mut row_of_class = HashMap::new();
    let mut rows_of_links: HashMap<Subject, Cells> = HashMap::new();
    for (link, access) in &rows.of_link {
        let cells: BTreeSet<_> = access.iter().filter_map(|(r, right)| Some((class_of[*r]?, *right))).collect();
        rows_of_links.insert(*link, cells.into_iter().collect());
    }
    for (text, subject) in &rows.subjects {
        let row = match subject {
            Subject::Link(_) => rows_of_links.remove(subject).unwrap_or_default(),
            Subject::User(user) => {
                let Some(class) = rows.class_of(*user) else { continue };
                let make = || {
                    let cells = of_class[class].iter().flat_map(|(class, right)| {
                        rows.members(*class)
                            .filter_map(|member| Some((class_of[member]?, *right)))
                            .collect::<BTreeSet<_>>()
                    });
                    cells.collect::<BTreeSet<_>>().into_iter().collect::<Vec<_>>()
                };
                row_of_class.entry(class).or_insert_with(make).clone()
            }
        };
        by_row.entry(row).or_default().push(text);
    }
    let mut classes: Vec<(Vec<&str>, Cells)> = by_row.into_iter().map(|(row, who)| (who, row)).collect();
    classes.sort_unstable();
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
