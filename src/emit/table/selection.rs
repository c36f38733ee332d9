//! What of a policy goes into a table: all of it, one organisation, or what concerns one recorder.

use std::fmt;

use crate::diagnostics::nearest;
use crate::effective::{Effective, OrgRights};
use crate::graph::{Resource, ResourceIx};
use crate::model::{Arena, RecorderIx};

/// What goes into a table.
#[derive(Clone, Debug)]
pub struct Selection<'r> {
    pub(super) orgs: Vec<Selected<'r>>,
}

/// What of one organisation goes into a table.
#[derive(Clone, Debug)]
pub(super) struct Selected<'r> {
    pub rights: &'r OrgRights,
    /// Which resources; all where nothing is said.
    pub kept: Option<Arena<ResourceIx, bool>>,
}

impl Selected<'_> {
    pub(super) fn keeps(&self, resource: ResourceIx) -> bool {
        self.kept.as_ref().is_none_or(|kept| kept[resource])
    }
}

/// A selection that cannot be made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SelectionFault {
    /// No organisation has this id; perhaps the second is meant.
    UnknownOrg(String, Option<String>),
    /// No recorder has this id; perhaps the second is meant.
    UnknownRecorder(String, Option<String>),
    /// Several organisations have a recorder with this id.
    AmbiguousRecorder(String, Vec<String>),
}

impl fmt::Display for SelectionFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (what, id, near) = match self {
            SelectionFault::UnknownOrg(id, near) => ("organisation", id, near),
            SelectionFault::UnknownRecorder(id, near) => ("recorder", id, near),
            SelectionFault::AmbiguousRecorder(id, orgs) => {
                return write!(
                    f,
                    "several organisations have a recorder `{id}`: choose one of {} with `--org`",
                    orgs.join(", ")
                );
            }
        };
        write!(f, "the policy has no {what} `{id}`")?;
        near.iter().try_for_each(|near| write!(f, "; did you mean `{near}`?"))
    }
}

impl std::error::Error for SelectionFault {}

/// All organisations, or the one with this id.
///
/// # Errors
/// Where there is none with this id.
pub fn organisations<'r>(policy: &'r Effective, org: Option<&str>) -> Result<Vec<&'r OrgRights>, SelectionFault> {
    let all = || policy.orgs.iter();
    let Some(id) = org else { return Ok(all().collect()) };
    let found: Vec<_> = all().filter(|rights| &*rights.org.id == id).collect();
    if found.is_empty() {
        let near = nearest(id, all().map(|rights| &*rights.org.id)).map(str::to_owned);
        return Err(SelectionFault::UnknownOrg(id.to_owned(), near));
    }
    Ok(found)
}

/// Selects what goes into a table: everything, or an organisation, or what concerns a recorder.
///
/// # Errors
/// Where there is no such organisation or recorder, or several.
pub fn select<'r>(
    policy: &'r Effective,
    org: Option<&str>,
    recorder: Option<&str>,
) -> Result<Selection<'r>, SelectionFault> {
    let wanted = organisations(policy, org)?;
    let Some(id) = recorder else {
        return Ok(Selection { orgs: wanted.into_iter().map(|rights| Selected { rights, kept: None }).collect() });
    };
    let with_it: Vec<(&OrgRights, RecorderIx)> = wanted
        .iter()
        .filter_map(|rights| {
            let mut recorders = rights.org.recorders.iter();
            recorders.find(|(_, recorder)| &*recorder.id == id).map(|(index, _)| (*rights, index))
        })
        .collect();
    match with_it[..] {
        [(rights, recorder)] => Ok(Selection { orgs: vec![Selected { rights, kept: Some(slice(rights, recorder)) }] }),
        [] => {
            let known = wanted.iter().flat_map(|rights| rights.org.recorders.iter().map(|(_, recorder)| &*recorder.id));
            Err(SelectionFault::UnknownRecorder(id.to_owned(), nearest(id, known).map(str::to_owned)))
        }
        _ => {
            let orgs = with_it.iter().map(|(rights, _)| rights.org.id.to_string()).collect();
            Err(SelectionFault::AmbiguousRecorder(id.to_owned(), orgs))
        }
    }
}

/// A recorder's slice: itself, its devices, the layouts that hold one of them or are its own, and the device groups
/// that hold one.
pub(super) fn slice(rights: &OrgRights, recorder: RecorderIx) -> Arena<ResourceIx, bool> {
    let containment = &rights.graph.containment;
    let mut kept: Arena<ResourceIx, bool> = containment.resources().map(|_| false).collect();
    let itself = Resource::Recorder(recorder);
    kept[containment.index(itself)] = true;
    for (held, _) in containment.held(itself) {
        kept[containment.index(held)] = true;
        if let Resource::Device(_) = held {
            for (holder, _) in containment.holders(held) {
                if let Resource::Layout(_) | Resource::DeviceGroup(_) = holder {
                    kept[containment.index(holder)] = true;
                }
            }
        }
    }
    kept
}
