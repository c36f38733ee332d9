//! The typed declarations: the single source of what may be written, and of the JSON Schema. Plain data, as it
//! stands in the text; names are not resolved and formats not judged here (that is `model`'s).
//!
//! Every field is optional here, so that a missing one loses nothing else; `#[schemars(required)]` marks what must
//! be there, and `model` reports it.

mod access;
mod conditions;
mod manifest;
mod people;
mod places;
mod policy_tests;
mod text;

use schemars::JsonSchema;
use serde::Deserialize;

pub use access::{Consent, Grant, Link};
pub use conditions::{Day, Schedule};
pub use manifest::{LevelWord, Limits, Manifest};
pub use people::{Org, Role, Team, Ungrouped, User};
pub use places::{Device, DeviceGroup, DeviceKind, Layout, Recorder, RecorderKind, SiteOrGroup};
pub use policy_tests::PolicyTest;
pub use text::{
    Capability, DeviceGroupName, Id, Instant, LocalDate, NetworkItem, Place, RoleName, Scope, Subject, Text, UserRef,
    Window, Zone,
};

use super::field::{Entries, Field, Many, Pairs};

/// One YAML document of a policy: sections, each optional, in any combination.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(title = "camgrant policy", extend("patternProperties" = { "^x-": {} }))]
pub struct Document<'a> {
    /// The organisation that the rest of this document belongs to. May be left out where the policy declares one.
    #[serde(borrow)]
    pub org: Option<Field<Id<'a>>>,
    /// Organisations.
    #[serde(borrow)]
    pub orgs: Option<Field<Entries<'a, Org<'a>>>>,
    /// Users, by login or e-mail address.
    #[serde(borrow)]
    pub users: Option<Field<Entries<'a, User<'a>>>>,
    /// Teams: named groups of users.
    #[serde(borrow)]
    pub teams: Option<Field<Entries<'a, Team<'a>>>>,
    /// Roles: named sets of capabilities.
    #[serde(borrow)]
    pub roles: Option<Field<Entries<'a, Role<'a>>>>,
    /// Sites, with the groups nested in them.
    #[serde(borrow)]
    pub sites: Option<Field<Entries<'a, SiteOrGroup<'a>>>>,
    /// Recorders.
    #[serde(borrow)]
    pub recorders: Option<Field<Entries<'a, Recorder<'a>>>>,
    /// Devices: cameras, microphones and the like.
    #[serde(borrow)]
    pub devices: Option<Field<Entries<'a, Device<'a>>>>,
    /// Device groups.
    #[serde(borrow)]
    pub device_groups: Option<Field<Entries<'a, DeviceGroup<'a>>>>,
    /// Layouts.
    #[serde(borrow)]
    pub layouts: Option<Field<Entries<'a, Layout<'a>>>>,
    /// Schedules: hours of the week.
    #[serde(borrow)]
    pub schedules: Option<Field<Entries<'a, Schedule<'a>>>>,
    /// Networks: named lists of address blocks.
    #[serde(borrow)]
    pub networks: Option<Field<Pairs<'a, Many<NetworkItem<'a>>>>>,
    /// Grants and denials: who gets what, where, when.
    #[serde(borrow)]
    pub grants: Option<Field<Many<Grant<'a>>>>,
    /// Temporary links.
    #[serde(borrow)]
    pub links: Option<Field<Entries<'a, Link<'a>>>>,
    /// What must and must not follow from the policy.
    #[serde(borrow)]
    pub tests: Option<Field<Many<PolicyTest<'a>>>>,
}
