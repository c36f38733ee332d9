//! Sets of capabilities as bits, classes of capabilities, kinds of resources.

use std::ops::{BitAnd, BitOr};

use serde::Deserialize;

/// A set of capabilities; bit `i` is the vocabulary's capability `i`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct CapabilitySet(u128);

impl CapabilitySet {
    /// None.
    pub const EMPTY: CapabilitySet = CapabilitySet(0);

    /// The one with this number, which is below 128 (a test holds the vocabulary to that).
    #[must_use]
    pub fn one(index: usize) -> CapabilitySet {
        CapabilitySet(1 << index)
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// How many.
    #[must_use]
    pub fn len(self) -> usize {
        self.0.count_ones() as usize
    }

    /// Whether it has the one with this number.
    #[must_use]
    pub fn has(self, index: usize) -> bool {
        self.0 >> index & 1 == 1
    }

    /// Those that are not in `other`.
    #[must_use]
    pub fn without(self, other: CapabilitySet) -> CapabilitySet {
        CapabilitySet(self.0 & !other.0)
    }

    /// The first of them alone; none of none.
    #[must_use]
    pub fn first(self) -> CapabilitySet {
        CapabilitySet(self.0 & self.0.wrapping_neg())
    }

    /// Their numbers, ascending.
    pub fn iter(self) -> impl Iterator<Item = usize> {
        let mut left = self.0;
        std::iter::from_fn(move || {
            (left != 0).then(|| {
                let index = left.trailing_zeros() as usize;
                left &= left - 1;
                index
            })
        })
    }
}

impl BitOr for CapabilitySet {
    type Output = CapabilitySet;

    fn bitor(self, other: CapabilitySet) -> CapabilitySet {
        CapabilitySet(self.0 | other.0)
    }
}

impl BitAnd for CapabilitySet {
    type Output = CapabilitySet;

    fn bitand(self, other: CapabilitySet) -> CapabilitySet {
        CapabilitySet(self.0 & other.0)
    }
}

impl FromIterator<CapabilitySet> for CapabilitySet {
    fn from_iter<I: IntoIterator<Item = CapabilitySet>>(sets: I) -> CapabilitySet {
        sets.into_iter().fold(CapabilitySet::EMPTY, |all, set| all | set)
    }
}

/// The classes of capabilities: look and listen, carry away, act on the scene, change what stays, change who may.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum CapabilityClass {
    /// Look and listen.
    View,
    /// Carry footage away.
    Take,
    /// Act on the scene.
    Operate,
    /// Change what stays.
    Configure,
    /// Change who may.
    Administer,
}

impl CapabilityClass {
    /// All classes.
    pub const ALL: [CapabilityClass; 5] = [
        CapabilityClass::View,
        CapabilityClass::Take,
        CapabilityClass::Operate,
        CapabilityClass::Configure,
        CapabilityClass::Administer,
    ];

    /// As policies write it.
    #[must_use]
    pub fn name(self) -> &'static str {
        ["view", "take", "operate", "configure", "administer"][self as usize]
    }
}

/// The kinds of resources (`semantics §1`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ResourceKind {
    /// The organisation itself.
    Org,
    /// A site.
    Site,
    /// A group in a site.
    Group,
    /// A device.
    Device,
    /// A device group.
    DeviceGroup,
    /// A layout.
    Layout,
    /// A recorder.
    Recorder,
}

impl ResourceKind {
    /// All kinds.
    pub const ALL: [ResourceKind; 7] = [
        ResourceKind::Org,
        ResourceKind::Site,
        ResourceKind::Group,
        ResourceKind::Device,
        ResourceKind::DeviceGroup,
        ResourceKind::Layout,
        ResourceKind::Recorder,
    ];

    /// As policies and tables write it.
    #[must_use]
    pub fn name(self) -> &'static str {
        ["org", "site", "group", "device", "device_group", "layout", "recorder"][self as usize]
    }
}
