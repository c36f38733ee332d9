//! Two versions compared by what they come to: who gains, loses or holds otherwise what, as blocks of subjects ×
//! capabilities × resources.
//!
//! In: two versions, each a compiled policy or a table. Out: blocks that together are exactly the cells in which the two
//! tables differ, condition by condition, each cell in one block; as data, and with names as [`told`]. Worked out over
//! classes: the difference of two policies costs about what compiling them does. Nothing is decided anew.
//!
//! | file | holds |
//! |---|---|
//! | `conditions`, `rights` | what both versions say, by what it means |
//! | `holdings`, `tables` | what one version holds: of a policy, of a table |
//! | `joint` | both beside each other, and the cells in which they differ |
//! | `boxes` | cells put together to blocks |
//! | `told` | blocks in names, and as text |

mod boxes;
mod conditions;
mod holdings;
mod joint;
mod rights;
mod tables;
pub mod told;

use std::collections::BTreeSet;

use schemars::JsonSchema;
use serde::Serialize;

use self::boxes::boxes;
pub use self::conditions::{Cond, Conditions, Shift};
use self::holdings::{Holdings, Shared};
pub use self::joint::Turned;
use self::joint::{Joint, join};
use self::rights::Rights;
pub use self::rights::{Held, HeldIx};
pub use self::tables::Unknown;
use crate::effective::{Effective, OrgRights};
use crate::source::Sources;
use crate::table::format::Document;
use crate::vocabulary::CapabilitySet;

/// Which of two versions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Version {
    /// The one before.
    Old,
    /// The one after.
    New,
}

/// One version.
#[derive(Clone, Copy, Debug)]
pub enum Side<'s> {
    /// A compiled policy, with its texts.
    Policy(&'s Effective, &'s Sources),
    /// A table that its reader has loaded, and so is well-formed.
    Table(&'s Document<'s>),
}

/// How a right is held now, beside before.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Turn {
    /// It was not held.
    Gained,
    /// It was held under other conditions.
    Changed(Shift),
    /// It is not held any more.
    Lost,
}

/// Each of the subjects holds each of the capabilities on each of the resources otherwise than before, in the same way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Block {
    /// The subjects, by number.
    pub subjects: Vec<u32>,
    /// The capabilities.
    pub capabilities: CapabilitySet,
    /// The resources, by number.
    pub resources: Vec<u32>,
    /// How it was held, and is.
    pub turned: Turned,
    /// The same in a word.
    pub turn: Turn,
}

/// The difference of one organisation.
#[derive(Debug)]
pub struct OrgDifference {
    /// Its id.
    pub org: String,
    /// The only version that has this organisation, where it is not in both.
    pub only: Option<Version>,
    /// How many rights the old version has: subject × capability × resource.
    pub before: u64,
    /// The blocks, without any order that means something.
    pub blocks: Vec<Block>,
    subjects: Vec<Box<str>>,
    resources: Vec<Box<str>>,
    conditions: Conditions,
    rights: Rights,
}

impl Block {
    /// How many rights it is: subject × capability × resource.
    #[must_use]
    pub fn rights(&self) -> u64 {
        self.subjects.len() as u64 * self.capabilities.len() as u64 * self.resources.len() as u64
    }
}

impl OrgDifference {
    /// The name of a subject.
    #[must_use]
    pub fn subject(&self, number: u32) -> &str {
        self.subjects.get(number as usize).map_or("", |name| name)
    }

    /// The name of a resource.
    #[must_use]
    pub fn resource(&self, number: u32) -> &str {
        self.resources.get(number as usize).map_or("", |name| name)
    }

    /// The number of a subject, where it holds anything in either version.
    #[must_use]
    pub fn subject_number(&self, name: &str) -> Option<u32> {
        number(&self.subjects, name)
    }

    /// The number of a resource, where either version has it.
    #[must_use]
    pub fn resource_number(&self, name: &str) -> Option<u32> {
        number(&self.resources, name)
    }

    /// The conditions, to which more may be added.
    pub fn conditions_mut(&mut self) -> &mut Conditions {
        &mut self.conditions
    }

    /// Under which conditions something is held.
    #[must_use]
    pub fn held(&self, number: HeldIx) -> &Held {
        self.rights.held(number)
    }

    /// The conditions of both versions.
    #[must_use]
    pub fn conditions(&self) -> &Conditions {
        &self.conditions
    }
}

/// Where a name stands among names, which ascend.
fn number(names: &[Box<str>], name: &str) -> Option<u32> {
    names.binary_search_by(|one| (**one).cmp(name)).ok().map(|number| number as u32)
}

/// Compares two versions, organisation by organisation, or one of them; those that do not differ in rights have no block.
///
/// # Errors
/// Where a table has something in it that this version of the program does not know.
pub fn compare(old: Side<'_>, new: Side<'_>, org: Option<&str>) -> Result<Vec<OrgDifference>, Unknown> {
    let ids = old.orgs().into_iter().chain(new.orgs());
    let ids: BTreeSet<String> = ids.filter(|id| org.is_none_or(|org| org == id)).collect();
    ids.into_iter().map(|id| compare_org(old, new, id)).collect()
}

fn compare_org(old: Side<'_>, new: Side<'_>, org: String) -> Result<OrgDifference, Unknown> {
    let mut shared = Shared { conditions: Conditions::default(), rights: Rights::new() };
    let was = old.holdings(&org, Version::Old, &mut shared)?;
    let is = new.holdings(&org, Version::New, &mut shared)?;
    let only = match (&was, &is) {
        (Some(_), None) => Some(Version::Old),
        (None, Some(_)) => Some(Version::New),
        _ => None,
    };
    let was = was.unwrap_or_default();
    let before = was.count(&shared.rights);
    let Joint { subjects, resources, cells } = join(&was, &is.unwrap_or_default(), &mut shared.rights);
    let Shared { conditions, rights } = shared;
    let members = |classes: &joint::Classes, of: &[u32]| {
        let members = of.iter().filter_map(|class| classes.members.get(*class as usize)).flatten();
        let mut members: Vec<u32> = members.copied().collect();
        members.sort_unstable();
        members
    };
    let mut blocks = Vec::new();
    for (turned, cells) in cells {
        let turn = turn(&turned, &conditions, &rights);
        for (of_subjects, capabilities, of_resources) in boxes(&cells) {
            let (subjects, resources) = (members(&subjects, &of_subjects), members(&resources, &of_resources));
            blocks.push(Block { subjects, capabilities, resources, turned, turn });
        }
    }
    Ok(OrgDifference {
        org,
        only,
        before,
        blocks,
        subjects: subjects.names,
        resources: resources.names,
        conditions,
        rights,
    })
}

fn turn(turned: &Turned, conditions: &Conditions, rights: &Rights) -> Turn {
    if turned.old == HeldIx::NOT {
        return Turn::Gained;
    }
    if turned.new == HeldIx::NOT {
        return Turn::Lost;
    }
    let (old, new) = (rights.held(turned.old), rights.held(turned.new));
    // each alternative in one of the wider's, each denial of the wider's in one
    let covers = |wide: &Held, narrow: &Held| {
        let inside = |a: &[Cond], b: &[Cond]| a.iter().all(|a| b.iter().any(|b| conditions.lies_in(*a, *b)));
        inside(&narrow.when, &wide.when) && inside(&wide.denied, &narrow.denied)
    };
    let wider = covers(new, old) && conditions.lies_in(turned.old_account, turned.new_account);
    let narrower = covers(old, new) && conditions.lies_in(turned.new_account, turned.old_account);
    match (wider, narrower) {
        (true, false) => Turn::Changed(Shift::Wider),
        (false, true) => Turn::Changed(Shift::Narrower),
        _ => Turn::Changed(Shift::Other),
    }
}

impl<'s> Side<'s> {
    /// The rights of an organisation, and the texts, where it is a policy that has it.
    fn policy(self, org: &str) -> Option<(&'s OrgRights, &'s Sources)> {
        let Side::Policy(policy, sources) = self else { return None };
        Some((policy.orgs.iter().find(|rights| &*rights.org.id == org)?, sources))
    }
}

impl Side<'_> {
    /// The ids of its organisations.
    #[must_use]
    pub fn orgs(&self) -> Vec<String> {
        match self {
            Side::Policy(policy, _) => policy.orgs.iter().map(|rights| rights.org.id.to_string()).collect(),
            Side::Table(document) => document.orgs.keys().map(ToString::to_string).collect(),
        }
    }

    fn holdings(&self, org: &str, version: Version, shared: &mut Shared) -> Result<Option<Holdings>, Unknown> {
        match self {
            Side::Policy(..) => Ok(self.policy(org).map(|(rights, _)| holdings::of_policy(rights, version, shared))),
            Side::Table(document) => match document.orgs.get(org) {
                Some(found) => tables::of_table(found, document.layout, version, shared).map(Some),
                None => Ok(None),
            },
        }
    }
}
