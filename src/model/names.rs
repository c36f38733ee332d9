//! The names that are declared, by organisation and kind: what a reference can mean, and what it nearly means.

use std::borrow::Cow;
use std::cell::{Cell, OnceCell};
use std::collections::{HashMap, HashSet};
use std::rc::Rc;

use crate::diagnostics::nearest;
use crate::source::Span;

/// The kinds of names. Sites and groups share a map, by path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    User,
    Team,
    Role,
    Site,
    Group,
    Recorder,
    Device,
    DeviceGroup,
    Layout,
    Schedule,
    Network,
    Link,
}

impl Kind {
    /// The word for messages.
    pub(super) fn word(self) -> &'static str {
        match self {
            Kind::User => "user",
            Kind::Team => "team",
            Kind::Role => "role",
            Kind::Site => "site",
            Kind::Group => "group",
            Kind::Recorder => "recorder",
            Kind::Device => "device",
            Kind::DeviceGroup => "device group",
            Kind::Layout => "layout",
            Kind::Schedule => "schedule",
            Kind::Network => "network",
            Kind::Link => "link",
        }
    }

    /// The section where such names are declared.
    pub(super) fn section(self) -> &'static str {
        match self {
            Kind::User => "users",
            Kind::Team => "teams",
            Kind::Role => "roles",
            Kind::Site | Kind::Group => "sites",
            Kind::Recorder => "recorders",
            Kind::Device => "devices",
            Kind::DeviceGroup => "device_groups",
            Kind::Layout => "layouts",
            Kind::Schedule => "schedules",
            Kind::Network => "networks",
            Kind::Link => "links",
        }
    }

    /// Whether letter case counts.
    pub(super) fn folds_case(self) -> bool {
        matches!(self, Kind::User | Kind::DeviceGroup)
    }

    /// The form in which names are compared.
    pub(super) fn key(self, name: &str) -> Cow<'_, str> {
        if self.folds_case() && name.bytes().any(|b| b.is_ascii_uppercase()) {
            Cow::Owned(name.to_ascii_lowercase())
        } else {
            Cow::Borrowed(name)
        }
    }
}

/// What an organisation declares of one kind: name to number and place.
pub(super) type NameMap<'d> = HashMap<Cow<'d, str>, (u32, Span)>;

/// What one organisation declares.
#[derive(Debug, Default)]
pub(super) struct Names<'d> {
    maps: [NameMap<'d>; 11],
    /// Texts inside what had to be passed over: names that may be declared after all.
    pub maybe: HashSet<&'d str>,
    /// The same of what belongs to no organisation that is known: all of them share it.
    pub maybe_anywhere: Rc<HashSet<&'d str>>,
    /// Whether something could not be read at all, so that any name may be declared there.
    pub hidden: bool,
    /// How many more names are compared in looking for near ones.
    suggestions: Suggestions,
}

/// A budget of comparisons.
#[derive(Debug)]
pub(super) struct Suggestions(Cell<u32>);

impl Suggestions {
    /// Whether there is enough left for so many candidates; then it is taken.
    pub(super) fn take(&self, candidates: usize) -> bool {
        let left = u32::try_from(candidates).ok().and_then(|count| self.0.get().checked_sub(count));
        left.inspect(|left| self.0.set(*left)).is_some()
    }
}

impl Default for Suggestions {
    fn default() -> Suggestions {
        Suggestions(Cell::new(2_000_000))
    }
}

impl<'d> Names<'d> {
    pub(super) fn map(&self, kind: Kind) -> &NameMap<'d> {
        &self.maps[slot(kind)]
    }

    pub(super) fn map_mut(&mut self, kind: Kind) -> &mut NameMap<'d> {
        &mut self.maps[slot(kind)]
    }

    pub(super) fn get(&self, kind: Kind, name: &str) -> Option<u32> {
        self.map(kind).get(&kind.key(name)).map(|(number, _)| *number)
    }

    /// Whether the name may be declared in a place that could not be read.
    pub(super) fn may_be_declared(&self, name: &str) -> bool {
        let last = name.rsplit('/').next().unwrap_or(name);
        let is_there = |all: &HashSet<&str>| all.contains(name) || all.contains(last);
        self.hidden || is_there(&self.maybe) || is_there(&self.maybe_anywhere)
    }

    /// Whether something had to be passed over in which names may be declared.
    pub(super) fn has_gaps(&self) -> bool {
        self.hidden || !self.maybe.is_empty() || !self.maybe_anywhere.is_empty()
    }

    /// The declared name nearest to one that is not; never that of the item at `item`, which cannot name itself.
    pub(super) fn near(&self, kind: Kind, name: &str, item: Span) -> Option<&str> {
        let all = self.map(kind);
        if !self.suggestions.take(all.len()) {
            return None;
        }
        let wanted = |candidate: &&str| match kind {
            Kind::Site => !candidate.contains('/'),
            Kind::Group => candidate.contains('/'),
            _ => true,
        };
        let others = all.iter().filter(|(_, (_, place))| *place != item);
        nearest(name, others.map(|(name, _)| name.as_ref()).filter(wanted))
    }
}

/// By slot and name, organisations by number.
type Declared<'r> = HashMap<(usize, &'r str), [Option<usize>; 2]>;

/// What all organisations declare, for saying that a name is another's.
#[derive(Debug, Default)]
pub(super) struct Elsewhere<'r, 'd> {
    orgs: Vec<(&'d str, &'r Names<'d>)>,
    /// By kind and name the first two organisations that declare it: one of them is another, whoever asks. Made when the
    /// first name is not found.
    declared: OnceCell<Declared<'r>>,
}

impl<'r, 'd> Elsewhere<'r, 'd> {
    /// Of these organisations, in this order.
    pub(super) fn new(orgs: Vec<(&'d str, &'r Names<'d>)>) -> Elsewhere<'r, 'd> {
        Elsewhere { orgs, declared: OnceCell::new() }
    }

    /// The first organisation but that with the names `own` that declares a name.
    pub(super) fn find(&self, own: &Names<'d>, kind: Kind, name: &str) -> Option<&'d str> {
        let declared = self.declared.get_or_init(|| self.index());
        let key = kind.key(name);
        let both = declared.get(&(slot(kind), key.as_ref()))?;
        let mut orgs = both.iter().flatten().filter_map(|org| self.orgs.get(*org));
        orgs.find(|(_, names)| !std::ptr::eq(*names, own)).map(|(id, _)| *id)
    }

    fn index(&self) -> Declared<'r> {
        let mut declared = Declared::new();
        for (org, (_, names)) in self.orgs.iter().enumerate() {
            for (slot, map) in names.maps.iter().enumerate() {
                for name in map.keys() {
                    let [first, second] = declared.entry((slot, name.as_ref())).or_default();
                    let free = if first.is_none() { first } else { second };
                    *free = free.or(Some(org));
                }
            }
        }
        declared
    }
}

fn slot(kind: Kind) -> usize {
    match kind {
        Kind::User => 0,
        Kind::Team => 1,
        Kind::Role => 2,
        Kind::Site | Kind::Group => 3,
        Kind::Recorder => 4,
        Kind::Device => 5,
        Kind::DeviceGroup => 6,
        Kind::Layout => 7,
        Kind::Schedule => 8,
        Kind::Network => 9,
        Kind::Link => 10,
    }
}
