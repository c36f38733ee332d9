//! Grants, denials and temporary links.

use schemars::JsonSchema;
use serde::Deserialize;

use super::{
    Capability, DeviceGroupName, DeviceKind, Field, Id, Instant, Many, NetworkItem, RoleName, Scope, Subject, Text,
    UserRef,
};

/// A grant (with `role` or `allow`) or a denial (with `deny`): who gets what, where, when.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(extend("anyOf" = [{ "required": ["role"] }, { "required": ["allow"] }, { "required": ["deny"] }]))]
pub struct Grant<'a> {
    /// An id, for people, diffs and provenance.
    #[serde(borrow)]
    pub id: Option<Field<Id<'a>>>,
    /// Free text for people.
    #[serde(borrow)]
    pub name: Option<Field<Text<'a>>>,
    /// Free text for people.
    #[serde(borrow)]
    pub reason: Option<Field<Text<'a>>>,
    /// Who: users, `team:<id>`, `everyone`.
    #[serde(borrow)]
    #[schemars(required)]
    pub to: Option<Field<Many<Subject<'a>>>>,
    /// Of those in `to`, not these.
    #[serde(borrow)]
    pub except: Option<Field<Many<Subject<'a>>>>,
    /// Roles; `role` and `allow` add up.
    #[serde(borrow)]
    pub role: Option<Field<Many<RoleName<'a>>>>,
    /// Capabilities; `role` and `allow` add up.
    #[serde(borrow)]
    pub allow: Option<Field<Many<Capability<'a>>>>,
    /// Capabilities that are denied; makes this a denial.
    #[serde(borrow)]
    pub deny: Option<Field<Many<Capability<'a>>>>,
    /// Where.
    #[serde(borrow)]
    #[schemars(required)]
    pub scope: Option<Field<Many<Scope<'a>>>>,
    /// Of what `scope` reaches, not what this reaches.
    #[serde(borrow)]
    pub except_scope: Option<Field<Many<Scope<'a>>>>,
    /// Of what is left, only devices of these kinds.
    pub kinds: Option<Field<Many<DeviceKind>>>,
    /// Of the devices in scope, only those in one of these device groups.
    #[serde(borrow)]
    pub only: Option<Field<Many<DeviceGroupName<'a>>>>,
    /// Leaves only the capabilities of class `view`.
    pub read_only: Option<Field<bool>>,
    /// Holds only within this schedule.
    #[serde(borrow)]
    pub schedule: Option<Field<Id<'a>>>,
    /// Holds from here on.
    #[serde(borrow)]
    pub from: Option<Field<Instant<'a>>>,
    /// Holds until just before this; a date means its end.
    #[serde(borrow)]
    pub until: Option<Field<Instant<'a>>>,
    /// Holds only for requests from these addresses.
    #[serde(borrow)]
    pub networks: Option<Field<Many<NetworkItem<'a>>>>,
    /// In a denial: holds for requests from any other address.
    #[serde(borrow)]
    pub outside: Option<Field<Many<NetworkItem<'a>>>>,
    /// Whether the offer was accepted. Default: accepted.
    pub consent: Option<Field<Consent>>,
    /// `false` keeps the text and drops the effect. Default: true.
    pub enabled: Option<Field<bool>>,
}

/// What the one to whom something is offered said to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Consent {
    /// Yes, or was not asked.
    Accepted,
    /// Nothing yet.
    Pending,
    /// No.
    Rejected,
}

/// A temporary link: opens devices in a browser to whoever holds it.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Link<'a> {
    /// Free text for people.
    #[serde(borrow)]
    pub name: Option<Field<Text<'a>>>,
    /// Free text for people.
    #[serde(borrow)]
    pub reason: Option<Field<Text<'a>>>,
    /// What it opens.
    #[serde(borrow)]
    #[schemars(required)]
    pub devices: Option<Field<Many<Id<'a>>>>,
    /// Open from here on.
    #[serde(borrow)]
    #[schemars(required)]
    pub from: Option<Field<Instant<'a>>>,
    /// Open until just before this; a date means its end.
    #[serde(borrow)]
    #[schemars(required)]
    pub until: Option<Field<Instant<'a>>>,
    /// Open only within this schedule.
    #[serde(borrow)]
    pub schedule: Option<Field<Id<'a>>>,
    /// Open only for these addresses.
    #[serde(borrow)]
    pub networks: Option<Field<Many<NetworkItem<'a>>>>,
    /// Whether it is switched on. Default: true.
    pub enabled: Option<Field<bool>>,
    /// Capabilities of class `view`. Default: `live.view`.
    #[serde(borrow)]
    pub allow: Option<Field<Many<Capability<'a>>>>,
    /// Who answers for it: the link gives only what this user holds and may share.
    #[serde(borrow)]
    #[schemars(required)]
    pub created_by: Option<Field<UserRef<'a>>>,
}
