//! Words that lints about rights have in common.

use crate::diagnostics::listed;
use crate::model::{DeviceIx, Org, UserIx};
use crate::vocabulary::{CapabilitySet, vocabulary};

/// The first of some users, and how many more.
pub(super) fn users(org: &Org, users: &[UserIx]) -> String {
    listed(users.iter().map(|user| &*org.users[*user].id), "user")
}

/// The first of some devices, and how many more.
pub(super) fn devices(org: &Org, devices: &[DeviceIx]) -> String {
    listed(devices.iter().map(|device| &*org.devices[*device].id), "device")
}

/// The first of some capabilities, and how many more.
pub(super) fn capabilities(set: CapabilitySet) -> String {
    let names: Vec<&str> = vocabulary().names(set).collect();
    listed(names.iter().copied(), "capability").replace("capabilitys", "capabilities")
}
