//! The types of `camgrant.table/1`, one for one: what is a key there is a field here, in the same order.
//!
//! Strings are [`Cow`]s, so that a writer lends what it has and a reader takes what needs no unescaping. Keys that the
//! format leaves out when empty are left out on writing; on reading, a key or a layout that is not known, a key that
//! stands twice and a `null` are errors (fail closed). The comments on the fields are the descriptions in the schema.

use std::borrow::Cow;
use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::text;

mod schedule;
mod subject;

pub use schedule::{Schedule, Weekly};
pub use subject::{Condition, Conditional, Entry, Right, Subject};

/// The version of the format that this module describes.
pub const FORMAT: &str = "camgrant.table/1";

/// Who may do what with which camera: the effective-permission table that camgrant compiles from a policy.
///
/// To decide, find the subject; the instant must be within its `from` and `until`, and the address in its `networks`,
/// where it has them. Find the right on the resource, as the layout has it. The capability must be in `allow`, or in an
/// `allow_when` with a condition that holds, and in no `deny_when` with a condition that holds. What is not stated is
/// not allowed. An address within `::ffff:0:0/96` is the IPv4 address in it. Where the instant or the address is not
/// known, a part of a condition that asks for it does not hold for an `allow_when`, and does hold for a `deny_when`; the
/// subject's own `from`, `until` and `networks` do not hold. A condition that can never be met (`until` not after `from`,
/// no address left) never holds, known or not.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Table")]
pub struct Document<'a> {
    /// The version of the format. A consumer that does not know it must refuse the table.
    #[serde(borrow)]
    #[schemars(extend("const" = FORMAT))]
    pub format: Cow<'a, str>,
    /// How the rights are laid out. The three layouts mean the same.
    pub layout: Layout,
    /// The organisations, by id. They are independent of one another.
    #[serde(borrow, deserialize_with = "text::map")]
    pub orgs: BTreeMap<Cow<'a, str>, Org<'a>>,
}

/// How the rights are laid out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Layout {
    /// Each subject lists its own rights, under `access`.
    Expanded,
    /// Subjects and resources are gathered in classes: `subject_classes`, `resource_classes`, `rights`, `access`.
    Compact,
    /// Rights are kept as they are held in common: `resource_sets`, `rights`, `rows`, `subject_rows`, `subject_owned`.
    Factored,
}

impl Layout {
    /// The layout's name in the table and on the command line.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Expanded => "expanded",
            Self::Compact => "compact",
            Self::Factored => "factored",
        }
    }
}

/// One organisation. Resources are written `org` (the organisation itself), `site:…`, `group:…`, `device:…`,
/// `device_group:…`, `layout:…` and `recorder:…`; subjects `user:…` and `link:…`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Org<'a> {
    /// The users that own the organisation. For information: what they hold is written out like anyone's.
    #[serde(borrow, default, deserialize_with = "text::list", skip_serializing_if = "Vec::is_empty")]
    pub owners: Vec<Cow<'a, str>>,
    /// The recorders that are resources here or record one of `devices`, by id (without `recorder:`).
    #[serde(borrow, default, deserialize_with = "text::map", skip_serializing_if = "BTreeMap::is_empty")]
    pub recorders: BTreeMap<Cow<'a, str>, Recorder<'a>>,
    /// The devices that are resources here, by id (without `device:`).
    #[serde(borrow, default, deserialize_with = "text::map", skip_serializing_if = "BTreeMap::is_empty")]
    pub devices: BTreeMap<Cow<'a, str>, Device<'a>>,
    /// The ids by which the recorders' own systems know the subjects, sites, groups and layouts of this table, where
    /// they have one: `user:…`, `site:…` and so on to that id.
    #[serde(borrow, default, deserialize_with = "text::map", skip_serializing_if = "BTreeMap::is_empty")]
    pub refs: BTreeMap<Cow<'a, str>, Cow<'a, str>>,
    /// The schedules that conditions name, by id.
    #[serde(borrow, default, deserialize_with = "text::map", skip_serializing_if = "BTreeMap::is_empty")]
    pub schedules: BTreeMap<Cow<'a, str>, Schedule<'a>>,
    /// Every enabled user and link that has access to anything. A subject that is not here holds nothing.
    #[serde(borrow, deserialize_with = "text::map")]
    pub subjects: BTreeMap<Cow<'a, str>, Subject<'a>>,
    /// Compact layout: the subjects, in classes whose members have the same rights.
    #[serde(borrow, default, deserialize_with = "text::lists", skip_serializing_if = "Vec::is_empty")]
    pub subject_classes: Vec<Vec<Cow<'a, str>>>,
    /// Compact layout: the resources, in classes on which everyone has the same rights.
    #[serde(borrow, default, deserialize_with = "text::lists", skip_serializing_if = "Vec::is_empty")]
    pub resource_classes: Vec<Vec<Cow<'a, str>>>,
    /// Factored layout: the sets that each resource is in, by resource.
    #[serde(borrow, default, deserialize_with = "text::map", skip_serializing_if = "BTreeMap::is_empty")]
    pub resource_sets: BTreeMap<Cow<'a, str>, Vec<u32>>,
    /// Compact and factored layout: the rights that `access` and `rows` name by their place in this list.
    #[serde(borrow, default, skip_serializing_if = "Vec::is_empty")]
    pub rights: Vec<Right<'a>>,
    /// Compact layout: `[subject class, resource class, right]`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub access: Vec<[u32; 3]>,
    /// Factored layout: rows of `[resource set, right]`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub rows: Vec<Vec<[u32; 2]>>,
    /// Factored layout: the rows of each subject, by their place in `rows`. Over all pairs whose set holds the resource,
    /// a capability must be allowed by one and denied by none.
    #[serde(borrow, default, deserialize_with = "text::map", skip_serializing_if = "BTreeMap::is_empty")]
    pub subject_rows: BTreeMap<Cow<'a, str>, Vec<u32>>,
    /// Factored layout: the resource sets in which a subject owns everything. There it holds every capability that
    /// applies to the resource's kind, whatever its rows say.
    #[serde(borrow, default, deserialize_with = "text::map", skip_serializing_if = "BTreeMap::is_empty")]
    pub subject_owned: BTreeMap<Cow<'a, str>, Vec<u32>>,
    /// What is offered and not accepted, so that a portal can show it. Offers give nothing.
    #[serde(borrow, default, skip_serializing_if = "Vec::is_empty")]
    pub offers: Vec<Offer<'a>>,
}

/// A recorder: the system that enforces the table there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Recorder<'a> {
    /// What it is: `agent-dvr`, `verkada`, `dw-spectrum`, `cloud`, `web-client` or `generic`.
    #[serde(borrow)]
    pub kind: Cow<'a, str>,
    /// The name that the system itself bears.
    #[serde(borrow)]
    pub server: Cow<'a, str>,
    /// The id by which its own system knows it.
    #[serde(
        borrow,
        rename = "ref",
        default,
        deserialize_with = "text::option",
        skip_serializing_if = "Option::is_none"
    )]
    #[schemars(with = "String")]
    pub reference: Option<Cow<'a, str>>,
}

/// A device.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Device<'a> {
    /// What it is: `camera`, `microphone`, `speaker`, `intercom`, `io-module` or `sensor`.
    #[serde(borrow)]
    pub kind: Cow<'a, str>,
    /// The id of the recorder that records it.
    #[serde(borrow, default, deserialize_with = "text::option", skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String")]
    pub recorder: Option<Cow<'a, str>>,
    /// The id by which its recorder knows it.
    #[serde(
        borrow,
        rename = "ref",
        default,
        deserialize_with = "text::option",
        skip_serializing_if = "Option::is_none"
    )]
    #[schemars(with = "String")]
    pub reference: Option<Cow<'a, str>>,
}

/// Something that a grant would give, had it been accepted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Offer<'a> {
    /// The users to whom it is offered.
    #[serde(borrow, deserialize_with = "text::list")]
    pub to: Vec<Cow<'a, str>>,
    /// The resources.
    #[serde(borrow, deserialize_with = "text::list")]
    pub scope: Vec<Cow<'a, str>>,
    /// The capabilities.
    #[serde(borrow, deserialize_with = "text::list")]
    pub capabilities: Vec<Cow<'a, str>>,
    /// How the offer stands.
    pub consent: Consent,
    /// The conditions under which it would hold. Absent: always.
    #[serde(borrow, default, skip_serializing_if = "Vec::is_empty")]
    pub when: Vec<Condition<'a>>,
}

/// How an offer stands. One that was accepted is no offer any more.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Consent {
    /// Nobody has answered yet.
    Pending,
    /// It was declined.
    Rejected,
}
