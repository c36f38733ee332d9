//! One organisation of a table, indexed: names are numbers, rights and conditions are kept once, and everything that
//! could be wrong has been found.

use super::compact::Compact;
use super::condition::{Condition, Request};
use super::error::{Fault, LoadError};
use super::expanded::Expanded;
use super::factored::Factored;
use super::format::{self, Layout};
use super::interner::Interner;
use super::rights::Rights;
use super::schedule::Schedules;

/// Names as numbers.
pub(super) type Names = Interner<str>;

/// One organisation.
#[derive(Debug)]
pub(super) struct Organisation {
    /// Numbered in the order of their names.
    subjects: Names,
    /// What binds all access of a subject, by its number.
    own: Box<[Option<Condition>]>,
    resources: Names,
    rights: Rights,
    access: Access,
}

#[derive(Debug)]
enum Access {
    Expanded(Expanded),
    Compact(Compact),
    Factored(Factored),
}

impl Organisation {
    pub(super) fn load(id: &str, org: &format::Org<'_>, layout: Layout) -> Result<Self, LoadError> {
        let place = format!("organisation `{id}`");
        check_keys(org, layout).map_err(|fault| fault.at(&place))?;

        let mut subjects = Names::default();
        let mut own = Vec::with_capacity(org.subjects.len());
        for (name, subject) in &org.subjects {
            let bound = intern_subject(&mut subjects, name).and_then(|_| Condition::load_own(subject));
            own.push(bound.map_err(|fault| fault.at(format!("{place}, subject `{name}`")))?);
        }

        let mut rights = Rights::new(Schedules::load(&org.schedules, id)?);
        let mut numbers = Vec::with_capacity(org.rights.len());
        for (index, right) in org.rights.iter().enumerate() {
            numbers.push(rights.load(right).map_err(|fault| fault.at(format!("{place}, `rights`, index {index}")))?);
        }
        // offers give nothing; what they state must be well formed all the same
        for (index, offer) in org.offers.iter().enumerate() {
            rights
                .load_conditions(&offer.when)
                .map_err(|fault| fault.at(format!("{place}, `offers`, index {index}")))?;
        }

        let mut resources = Names::default();
        let access = match layout {
            Layout::Expanded => Access::Expanded(Expanded::load(org, &place, &mut resources, &mut rights)?),
            Layout::Compact => Access::Compact(Compact::load(org, &place, &subjects, &mut resources, &numbers)?),
            Layout::Factored => Access::Factored(Factored::load(org, &place, &subjects, &mut resources, &numbers)?),
        };
        Ok(Self { subjects, own: own.into_boxed_slice(), resources, rights, access })
    }

    /// `table: To decide`.
    pub(super) fn decide(&self, subject: &str, capability: &str, resource: &str, request: &Request) -> bool {
        let Some(subject) = self.subjects.find(subject) else {
            return false;
        };
        let own = self.own.get(subject as usize).and_then(Option::as_ref);
        if own.is_some_and(|own| !self.rights.own_holds(own, request)) {
            return false;
        }
        let Some(number) = self.resources.find(resource) else {
            return false;
        };
        match &self.access {
            Access::Expanded(access) => self.rights.decide(access.find(subject, number), capability, request),
            Access::Compact(access) => self.rights.decide(access.find(subject, number), capability, request),
            Access::Factored(access) => {
                let owned = access.owns(subject, number) && applies(capability, resource);
                owned || self.rights.decide(access.find(subject, number), capability, request)
            }
        }
    }

    /// The subjects, in order.
    pub(super) fn subjects(&self) -> impl Iterator<Item = &str> {
        self.subjects.iter()
    }

    /// The resources on which something is allowed to the subject under some condition, in order.
    pub(super) fn resources(&self, subject: &str) -> Vec<&str> {
        let Some(subject) = self.subjects.find(subject) else {
            return Vec::new();
        };
        let gives = |right| self.rights.gives(right);
        let all = (0..=u32::MAX).take(self.resources.len());
        let mut names: Vec<&str> = match &self.access {
            Access::Expanded(access) => {
                let held = access.row(subject).iter().filter(|cell| gives(cell.1));
                held.map(|cell| &self.resources[cell.0]).collect()
            }
            Access::Compact(access) => {
                let held = all.filter(|&resource| access.find(subject, resource).is_some_and(gives));
                held.map(|resource| &self.resources[resource]).collect()
            }
            Access::Factored(access) => {
                let has = |&resource: &u32| access.owns(subject, resource) || access.find(subject, resource).any(gives);
                all.filter(has).map(|resource| &self.resources[resource]).collect()
            }
        };
        names.sort_unstable();
        names
    }
}

/// Whether the capability applies to the resource's kind. Only what is owned asks this: other rights name their
/// capabilities.
fn applies(capability: &str, resource: &str) -> bool {
    kind(resource).is_some_and(|kind| crate::vocabulary::applies(capability, kind))
}

/// The kind of a resource: what stands before the colon, or `org`.
fn kind(resource: &str) -> Option<&str> {
    if resource == "org" {
        return Some(resource);
    }
    let (kind, id) = resource.split_once(':')?;
    let known = matches!(kind, "site" | "group" | "device" | "device_group" | "layout" | "recorder");
    (known && !id.is_empty()).then_some(kind)
}

/// The number of a resource; what is none is refused.
pub(super) fn intern_resource(resources: &mut Names, name: &str) -> Result<u32, Fault> {
    if let Some(number) = resources.find(name) {
        return Ok(number);
    }
    kind(name).ok_or_else(|| Fault::Resource(name.to_owned()))?;
    resources.intern(name)
}

fn intern_subject(subjects: &mut Names, name: &str) -> Result<u32, Fault> {
    match name.split_once(':') {
        Some(("user" | "link", id)) if !id.is_empty() => subjects.intern(name),
        _ => Err(Fault::Subject(name.to_owned())),
    }
}

/// The item at that place of the list of that name.
pub(super) fn index<'a, T>(name: &'static str, list: &'a [T], index: u32) -> Result<&'a T, Fault> {
    list.get(index as usize).ok_or(Fault::Index { list: name, index, len: list.len() })
}

/// What belongs to another layout is refused: somebody meant something by it.
fn check_keys(org: &format::Org<'_>, layout: Layout) -> Result<(), Fault> {
    let entries = org.subjects.values().any(|subject| !subject.access.is_empty());
    let denies = org.rights.iter().any(|right| !right.deny.is_empty());
    let (compact, factored) = (&[Layout::Compact][..], &[Layout::Factored][..]);
    let found = [
        ("access", entries, &[Layout::Expanded][..]),
        ("rights", !org.rights.is_empty(), &[Layout::Compact, Layout::Factored]),
        ("subject_classes", !org.subject_classes.is_empty(), compact),
        ("resource_classes", !org.resource_classes.is_empty(), compact),
        ("access", !org.access.is_empty(), compact),
        ("deny", denies, factored),
        ("resource_sets", !org.resource_sets.is_empty(), factored),
        ("rows", !org.rows.is_empty(), factored),
        ("subject_rows", !org.subject_rows.is_empty(), factored),
        ("subject_owned", !org.subject_owned.is_empty(), factored),
    ];
    match found.into_iter().find(|(_, stated, layouts)| *stated && !layouts.contains(&layout)) {
        Some((key, ..)) => Err(Fault::Key { key, layout }),
        None => Ok(()),
    }
}
