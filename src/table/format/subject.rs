//! Subjects, and what they hold: rights, and the conditions under which they are held (`table: Expanded layout`).

use std::borrow::Cow;
use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::text;

const INSTANT: &str = r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z$";

/// A user or a link. `from`, `until` and `networks` bind all of its access, an owner's too.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Subject<'a> {
    /// Before this instant the subject holds nothing.
    #[serde(borrow, default, deserialize_with = "text::option", skip_serializing_if = "Option::is_none")]
    #[schemars(
        with = "String",
        regex(pattern = INSTANT)
    )]
    pub from: Option<Cow<'a, str>>,
    /// From this instant on the subject holds nothing.
    #[serde(borrow, default, deserialize_with = "text::option", skip_serializing_if = "Option::is_none")]
    #[schemars(
        with = "String",
        regex(pattern = INSTANT)
    )]
    pub until: Option<Cow<'a, str>>,
    /// The only addresses from which the subject holds anything, as CIDR blocks. Absent: any. Empty: none. An IPv6 block
    /// wider than `::ffff:0:0/96` matches no IPv4 address.
    #[serde(borrow, default, deserialize_with = "text::option_list", skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Vec<String>")]
    pub networks: Option<Vec<Cow<'a, str>>>,
    /// The licences that the user takes up: level to count.
    #[serde(borrow, default, deserialize_with = "text::map", skip_serializing_if = "BTreeMap::is_empty")]
    pub licenses: BTreeMap<Cow<'a, str>, u64>,
    /// The resources whose owner the policy says this user is. For information.
    #[serde(borrow, default, deserialize_with = "text::list", skip_serializing_if = "Vec::is_empty")]
    pub owns: Vec<Cow<'a, str>>,
    /// Expanded layout: the subject's rights. A resource stands in one entry at most; on one that stands in none, the
    /// subject holds nothing.
    #[serde(borrow, default, skip_serializing_if = "Vec::is_empty")]
    pub access: Vec<Entry<'a>>,
}

/// Resources on which a subject has the same rights.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Entry<'a> {
    /// The resources.
    #[serde(borrow, deserialize_with = "text::list")]
    pub resources: Vec<Cow<'a, str>>,
    /// The capabilities that are held always.
    #[serde(borrow, default, deserialize_with = "text::list", skip_serializing_if = "Vec::is_empty")]
    pub allow: Vec<Cow<'a, str>>,
    /// The capabilities that are held under conditions.
    #[serde(borrow, default, skip_serializing_if = "Vec::is_empty")]
    pub allow_when: Vec<Conditional<'a>>,
    /// The capabilities that are not held under conditions, whatever else allows them.
    #[serde(borrow, default, skip_serializing_if = "Vec::is_empty")]
    pub deny_when: Vec<Conditional<'a>>,
}

/// What is held on a resource.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Right<'a> {
    /// The capabilities that are held always.
    #[serde(borrow, default, deserialize_with = "text::list", skip_serializing_if = "Vec::is_empty")]
    pub allow: Vec<Cow<'a, str>>,
    /// Factored layout: the capabilities that are not held, whatever any right of the subject allows.
    #[serde(borrow, default, deserialize_with = "text::list", skip_serializing_if = "Vec::is_empty")]
    pub deny: Vec<Cow<'a, str>>,
    /// The capabilities that are held under conditions.
    #[serde(borrow, default, skip_serializing_if = "Vec::is_empty")]
    pub allow_when: Vec<Conditional<'a>>,
    /// The capabilities that are not held under conditions, whatever else allows them.
    #[serde(borrow, default, skip_serializing_if = "Vec::is_empty")]
    pub deny_when: Vec<Conditional<'a>>,
}

/// Capabilities, and the conditions under which they are allowed or denied.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Conditional<'a> {
    /// The capabilities.
    #[serde(borrow, deserialize_with = "text::list")]
    pub capabilities: Vec<Cow<'a, str>>,
    /// The conditions, never none: any one of them that holds is enough.
    #[serde(borrow)]
    #[schemars(length(min = 1))]
    pub when: Vec<Condition<'a>>,
}

/// A condition. It has at least one part, and all the parts that it has must hold.
///
/// The derived order is the table's: by `from`, `until`, `schedules`, `networks`, `outside`, absent before present.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(extend("minProperties" = 1))]
pub struct Condition<'a> {
    /// It is this instant or later.
    #[serde(borrow, default, deserialize_with = "text::option", skip_serializing_if = "Option::is_none")]
    #[schemars(
        with = "String",
        regex(pattern = INSTANT)
    )]
    pub from: Option<Cow<'a, str>>,
    /// It is before this instant.
    #[serde(borrow, default, deserialize_with = "text::option", skip_serializing_if = "Option::is_none")]
    #[schemars(
        with = "String",
        regex(pattern = INSTANT)
    )]
    pub until: Option<Cow<'a, str>>,
    /// Every one of these schedules holds. Ids of the organisation's `schedules`.
    #[serde(borrow, default, deserialize_with = "text::list", skip_serializing_if = "Vec::is_empty")]
    pub schedules: Vec<Cow<'a, str>>,
    /// The request comes from an address in one of these CIDR blocks. An IPv6 block wider than `::ffff:0:0/96` matches no
    /// IPv4 address.
    #[serde(borrow, default, deserialize_with = "text::option_list", skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Vec<String>")]
    pub networks: Option<Vec<Cow<'a, str>>>,
    /// The request comes from an address in none of these CIDR blocks, read as those of `networks`.
    #[serde(borrow, default, deserialize_with = "text::list", skip_serializing_if = "Vec::is_empty")]
    pub outside: Vec<Cow<'a, str>>,
}
