//! The expanded layout: each subject with its entries, resources with the same rights together.

use std::collections::{BTreeMap, HashMap};
use std::rc::Rc;

use super::names::Subject;
use super::rows::{OfClass, Rows};
use crate::effective::{RightIx, SubjectClassIx};
use crate::graph::ResourceIx;

/// A subject's entries: a right, and the resources on which it is held, in the table's order.
pub(super) type Entries = Rc<[(RightIx, Vec<ResourceIx>)]>;

/// Makes entries; those of a class with several users are kept until the table is written.
pub(super) struct EntryMaker<'t, 'r> {
    rows: &'t Rows<'r>,
    of_class: &'t OfClass,
    kept: HashMap<SubjectClassIx, Entries>,
}

impl<'t, 'r> EntryMaker<'t, 'r> {
    pub(super) fn new(rows: &'t Rows<'r>, of_class: &'t OfClass) -> EntryMaker<'t, 'r> {
        EntryMaker { rows, of_class, kept: HashMap::new() }
    }

    /// The entries of a subject with access.
    pub(super) fn entries(&mut self, subject: Subject) -> Entries {
        let rows = self.rows;
        match subject {
            Subject::Link(_) => {
                let access = rows.of_link.get(&subject);
                self.gather(access.into_iter().flatten().copied())
            }
            Subject::User(user) => {
                let Some(class) = rows.class_of(user) else { return Rc::new([]) };
                if let Some(known) = self.kept.get(&class) {
                    return Rc::clone(known);
                }
                let row = self.of_class[class].iter();
                let entries = self.gather(row.flat_map(|(class, right)| rows.members(*class).map(|r| (r, *right))));
                if rows.selected.rights.statements.classes[class].members.len() > 1 {
                    self.kept.insert(class, Rc::clone(&entries));
                }
                entries
            }
        }
    }

    fn gather(&self, access: impl Iterator<Item = (ResourceIx, RightIx)>) -> Entries {
        let mut by_right: BTreeMap<RightIx, Vec<ResourceIx>> = BTreeMap::new();
        for (resource, right) in access {
            by_right.entry(right).or_default().push(resource);
        }
        let mut entries: Vec<(RightIx, Vec<ResourceIx>)> = by_right.into_iter().collect();
        let names = &self.rows.names;
        entries.iter_mut().for_each(|(_, resources)| names.sort(resources));
        entries.sort_unstable_by_key(|(_, resources)| resources.first().map(|first| names.rank(*first)));
        entries.into()
    }
}
