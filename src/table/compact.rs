//! The compact layout: classes of subjects and of resources, and rights by class (`table: Compact layout`).

use std::borrow::Cow;

use super::cells::Cells;
use super::error::{Fault, LoadError};
use super::format;
use super::organisation::{Names, index, intern_resource};

/// Rights by class, classes by subject and by resource.
#[derive(Debug)]
pub(super) struct Compact {
    /// By the subject's number; none for a subject without access.
    subject_classes: Box<[Option<u32>]>,
    /// By the resource's number.
    resource_classes: Box<[Option<u32>]>,
    rights: Cells,
}

impl Compact {
    /// `rights` are the numbers of the organisation's rights, in the order of its list.
    pub(super) fn load(
        org: &format::Org<'_>,
        place: &str,
        subjects: &Names,
        resources: &mut Names,
        rights: &[u32],
    ) -> Result<Self, LoadError> {
        let at = |key: &'static str| move |fault: Fault| fault.at(format!("{place}, `{key}`"));
        let find_subject = |name: &str| subjects.find(name).ok_or_else(|| Fault::Subject(name.to_owned()));
        let subject_classes = classes(&org.subject_classes, find_subject).map_err(at("subject_classes"))?;
        let resource_classes =
            classes(&org.resource_classes, |name| intern_resource(resources, name)).map_err(at("resource_classes"))?;

        let mut cells = Vec::with_capacity(org.access.len());
        for &[subject_class, resource_class, right] in &org.access {
            index("subject_classes", &org.subject_classes, subject_class).map_err(at("access"))?;
            index("resource_classes", &org.resource_classes, resource_class).map_err(at("access"))?;
            let right = index("rights", rights, right).map_err(at("access"))?;
            cells.push([subject_class, resource_class, *right]);
        }
        let rights = Cells::load(org.subject_classes.len(), cells).map_err(|(subject_class, resource_class)| {
            at("access")(Fault::Twice(format!("the pair [{subject_class}, {resource_class}]")))
        })?;
        Ok(Self { subject_classes, resource_classes, rights })
    }

    /// The subject's right on the resource.
    pub(super) fn find(&self, subject: u32, resource: u32) -> Option<u32> {
        let subject_class = *self.subject_classes.get(subject as usize)?;
        let resource_class = *self.resource_classes.get(resource as usize)?;
        self.rights.find(subject_class?, resource_class?)
    }
}

/// The class of each name, by the name's number.
fn classes(
    classes: &[Vec<Cow<'_, str>>],
    mut number: impl FnMut(&str) -> Result<u32, Fault>,
) -> Result<Box<[Option<u32>]>, Fault> {
    let mut by_number = Vec::new();
    for (class, names) in (0..=u32::MAX).zip(classes) {
        for name in names {
            let number = number(name)? as usize;
            if by_number.len() <= number {
                by_number.resize(number + 1, None);
            }
            if let Some(place) = by_number.get_mut(number)
                && place.replace(class).is_some()
            {
                return Err(Fault::Twice(format!("`{name}`")));
            }
        }
    }
    Ok(by_number.into_boxed_slice())
}
