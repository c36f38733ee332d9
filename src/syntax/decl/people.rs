//! Organisations, users, teams, roles.

use schemars::JsonSchema;
use serde::Deserialize;

use super::{Capability, Field, Id, Instant, Many, NetworkItem, Pairs, RoleName, Subject, Text, UserRef, Zone};

/// An organisation.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Org<'a> {
    /// Free text for people.
    #[serde(borrow)]
    pub name: Option<Field<Text<'a>>>,
    /// Free text for people.
    #[serde(borrow)]
    pub reason: Option<Field<Text<'a>>>,
    /// Who holds everything, `exclude`d devices too, and cannot be denied.
    #[serde(borrow)]
    pub owner: Option<Field<Many<UserRef<'a>>>>,
    /// For dates without a time, and for schedules that name no zone. Default: UTC.
    #[serde(borrow)]
    pub timezone: Option<Field<Zone<'a>>>,
    /// How deep groups may nest below a site, 1 to 32. Default: 5.
    #[schemars(range(min = 1, max = 32))]
    pub max_group_depth: Option<Field<u64>>,
    /// Whether a grant narrowed by `only` also reaches devices without a device group. Default: visible.
    pub ungrouped_devices: Option<Field<Ungrouped>>,
    /// The pool that users' licences draw on: level to count.
    #[serde(borrow)]
    pub licenses: Option<Field<Pairs<'a, u64>>>,
}

/// Whether devices without a device group are seen through `only`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Ungrouped {
    /// They are.
    Visible,
    /// They are not.
    Hidden,
}

/// A user.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct User<'a> {
    /// Free text for people.
    #[serde(borrow)]
    pub name: Option<Field<Text<'a>>>,
    /// Free text for people.
    #[serde(borrow)]
    pub reason: Option<Field<Text<'a>>>,
    /// The id by which the recorder's own system knows this user.
    #[serde(borrow, rename = "ref")]
    pub reference: Option<Field<Text<'a>>>,
    /// Has all that this other user has: teams, grants and denials; networks and licences where it sets none.
    #[serde(borrow)]
    pub same_as: Option<Field<UserRef<'a>>>,
    /// The only addresses from which this user's access holds.
    #[serde(borrow)]
    pub networks: Option<Field<Many<NetworkItem<'a>>>>,
    /// The account holds nothing before this.
    #[serde(borrow)]
    pub from: Option<Field<Instant<'a>>>,
    /// The account holds nothing from this on.
    #[serde(borrow)]
    pub until: Option<Field<Instant<'a>>>,
    /// Licences: level to count.
    #[serde(borrow)]
    pub licenses: Option<Field<Pairs<'a, u64>>>,
    /// The account is kept, and holds nothing.
    pub disabled: Option<Field<bool>>,
}

/// A team; with conditions, a shift.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Team<'a> {
    /// Free text for people.
    #[serde(borrow)]
    pub name: Option<Field<Text<'a>>>,
    /// Free text for people.
    #[serde(borrow)]
    pub reason: Option<Field<Text<'a>>>,
    /// Users, `team:<id>`, and `everyone`.
    #[serde(borrow)]
    pub members: Option<Field<Many<Subject<'a>>>>,
    /// What comes through this team holds only within this schedule.
    #[serde(borrow)]
    pub schedule: Option<Field<Id<'a>>>,
    /// What comes through this team holds only from these addresses.
    #[serde(borrow)]
    pub networks: Option<Field<Many<NetworkItem<'a>>>>,
    /// What comes through this team holds from here on.
    #[serde(borrow)]
    pub from: Option<Field<Instant<'a>>>,
    /// What comes through this team holds until just before this.
    #[serde(borrow)]
    pub until: Option<Field<Instant<'a>>>,
}

/// A role: a named set of capabilities.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Role<'a> {
    /// Free text for people.
    #[serde(borrow)]
    pub name: Option<Field<Text<'a>>>,
    /// Free text for people.
    #[serde(borrow)]
    pub reason: Option<Field<Text<'a>>>,
    /// Roles, declared or built in, whose capabilities this one has too.
    #[serde(borrow)]
    pub extends: Option<Field<Many<RoleName<'a>>>>,
    /// Capabilities.
    #[serde(borrow)]
    pub allow: Option<Field<Many<Capability<'a>>>>,
    /// Capabilities taken out again, after `extends` and `allow` are put together.
    #[serde(borrow)]
    pub without: Option<Field<Many<Capability<'a>>>>,
}
