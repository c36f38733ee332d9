//! A policy as it is judged: what the texts declare, put together by organisation, ids as outputs bear them.

use std::collections::{BTreeMap, BTreeSet};

use crate::condition::{Condition, Schedules};
use crate::verdicts::Test;
use crate::vocabulary::Role;

/// One organisation.
#[derive(Debug, Clone)]
pub(crate) struct Org {
    pub(crate) owners: BTreeSet<String>,
    pub(crate) max_group_depth: usize,
    pub(crate) ungrouped_visible: bool,
    pub(crate) licenses: Option<BTreeMap<String, u64>>,
    pub(crate) users: BTreeMap<String, User>,
    pub(crate) teams: BTreeMap<String, Team>,
    /// Declared ones and built-in ones.
    pub(crate) roles: BTreeMap<String, Role>,
    /// Sites (`hq`) and groups (`hq/lobby`), by path.
    pub(crate) places: BTreeMap<String, Place>,
    pub(crate) recorders: BTreeMap<String, Recorder>,
    pub(crate) devices: BTreeMap<String, Device>,
    /// The devices that each lists, by the name in the spelling of the declaration.
    pub(crate) device_groups: BTreeMap<String, BTreeSet<String>>,
    pub(crate) layouts: BTreeMap<String, Layout>,
    pub(crate) schedules: Schedules,
    pub(crate) grants: Vec<Grant>,
    pub(crate) links: BTreeMap<String, Link>,
    pub(crate) tests: Vec<Test>,
    /// The blocks that the texts write, for [`crate::Policy::addresses`].
    pub(crate) blocks: BTreeSet<crate::address::Block>,
}

#[derive(Debug, Clone)]
pub(crate) struct User {
    pub(crate) same_as: Option<String>,
    /// `networks`, `from`, `until`: its own.
    pub(crate) own: Condition,
    pub(crate) licenses: Option<BTreeMap<String, u64>>,
    pub(crate) disabled: bool,
    pub(crate) reference: Option<String>,
}

#[derive(Debug, Clone)]
pub(crate) struct Team {
    pub(crate) members: Vec<Named>,
    pub(crate) condition: Condition,
}

/// Who may stand in `to`, `except` and `members`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Named {
    User(String),
    Team(String),
    Everyone,
}

#[derive(Debug, Clone)]
pub(crate) struct Place {
    pub(crate) recorder: Option<String>,
    pub(crate) exclude: bool,
    pub(crate) reference: Option<String>,
}

#[derive(Debug, Clone)]
pub(crate) struct Recorder {
    pub(crate) kind: String,
    pub(crate) server: String,
    pub(crate) owners: BTreeSet<String>,
    pub(crate) sharing: bool,
    pub(crate) reference: Option<String>,
}

#[derive(Debug, Clone)]
pub(crate) struct Device {
    pub(crate) kind: String,
    pub(crate) place: Option<String>,
    pub(crate) recorder: Option<String>,
    /// Those that the device names, `exclude` among them.
    pub(crate) device_groups: BTreeSet<String>,
    pub(crate) owners: BTreeSet<String>,
    pub(crate) reference: Option<String>,
}

#[derive(Debug, Clone)]
pub(crate) struct Layout {
    pub(crate) devices: BTreeSet<String>,
    pub(crate) place: Option<String>,
    pub(crate) recorder: Option<String>,
    pub(crate) reference: Option<String>,
}

/// A grant, or (with `deny`) a denial.
#[derive(Debug, Clone)]
pub(crate) struct Grant {
    pub(crate) id: Option<String>,
    pub(crate) to: Vec<Named>,
    pub(crate) except: Vec<Named>,
    pub(crate) scope: Vec<String>,
    pub(crate) except_scope: Vec<String>,
    pub(crate) roles: Vec<String>,
    pub(crate) allow: Vec<String>,
    pub(crate) deny: Option<Vec<String>>,
    pub(crate) kinds: Option<BTreeSet<String>>,
    pub(crate) only: Option<BTreeSet<String>>,
    pub(crate) read_only: bool,
    pub(crate) condition: Condition,
    pub(crate) consent: String,
    pub(crate) enabled: bool,
}

impl Grant {
    /// semantics §3: active unless `enabled` is false or `consent` is `pending` or `rejected`.
    pub(crate) fn active(&self) -> bool {
        self.enabled && self.consent == "accepted"
    }

    pub(crate) fn is_denial(&self) -> bool {
        self.deny.is_some()
    }
}

#[derive(Debug, Clone)]
pub(crate) struct Link {
    pub(crate) devices: BTreeSet<String>,
    pub(crate) condition: Condition,
    pub(crate) enabled: bool,
    pub(crate) allow: Vec<String>,
    pub(crate) maker: String,
}
