//! The expanded layout: each subject lists the resources on which it has rights (`table: Expanded layout`).

use super::cells::Cells;
use super::error::{Fault, LoadError};
use super::format;
use super::organisation::{Names, intern_resource};
use super::rights::Rights;

/// Rights by subject and resource.
#[derive(Debug)]
pub(super) struct Expanded(Cells);

impl Expanded {
    /// Subjects are numbered in the order of `org.subjects`.
    pub(super) fn load(
        org: &format::Org<'_>,
        place: &str,
        resources: &mut Names,
        rights: &mut Rights,
    ) -> Result<Self, LoadError> {
        let mut cells = Vec::new();
        for (number, (name, subject)) in (0..=u32::MAX).zip(&org.subjects) {
            for entry in &subject.access {
                load_entry(number, entry, resources, rights, &mut cells)
                    .map_err(|fault| fault.at(format!("{place}, subject `{name}`")))?;
            }
        }
        let cells = Cells::load(org.subjects.len(), cells).map_err(|(subject, resource)| {
            let subject = org.subjects.keys().nth(subject as usize).map_or("", AsRef::as_ref);
            Fault::Twice(format!("the resource `{}`", &resources[resource])).at(format!("{place}, subject `{subject}`"))
        })?;
        Ok(Self(cells))
    }

    /// The subject's resources and rights.
    pub(super) fn row(&self, subject: u32) -> &[(u32, u32)] {
        self.0.row(subject)
    }

    /// The subject's right on the resource.
    pub(super) fn find(&self, subject: u32, resource: u32) -> Option<u32> {
        self.0.find(subject, resource)
    }
}

fn load_entry(
    subject: u32,
    entry: &format::Entry<'_>,
    resources: &mut Names,
    rights: &mut Rights,
    cells: &mut Vec<[u32; 3]>,
) -> Result<(), Fault> {
    let right = rights.load_entry(entry)?;
    for resource in &entry.resources {
        cells.push([subject, intern_resource(resources, resource)?, right]);
    }
    Ok(())
}
