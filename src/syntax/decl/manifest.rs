//! The manifest, `camgrant.yaml` at the policy's root.

use schemars::JsonSchema;
use serde::Deserialize;

use super::{Field, Many, Pairs, Text};

/// The manifest of a policy.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(title = "camgrant manifest", extend("patternProperties" = { "^x-": {} }))]
pub struct Manifest<'a> {
    /// The version of the language: 1.
    #[schemars(range(min = 1, max = 1))]
    pub camgrant: Option<Field<u64>>,
    /// Levels of lints, by name.
    #[serde(borrow)]
    pub lints: Option<Field<Pairs<'a, LevelWord>>>,
    /// Budgets; here they can only be lowered.
    pub limits: Option<Field<Limits>>,
    /// How many days a link may be open before the lint `long-link` speaks. Default: 31.
    pub max_link_days: Option<Field<u64>>,
    /// The organisation's own mail domains, for the lint `permanent-guest`.
    #[serde(borrow)]
    pub mail_domains: Option<Field<Many<Text<'a>>>>,
}

/// A lint's level.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum LevelWord {
    /// Not reported.
    Allow,
    /// Reported.
    Warn,
    /// Reported, and the policy compiles to nothing.
    Deny,
}

/// The budgets. All limits are inclusive.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Limits {
    /// Bytes in one file. Default: 64 MiB.
    pub max_file_bytes: Option<Field<u64>>,
    /// Files. Default: 100,000.
    pub max_files: Option<Field<u64>>,
    /// Bytes in all files. Default: 1 GiB.
    pub max_total_bytes: Option<Field<u64>>,
    /// Conditions for one right. Default: 256.
    pub max_alternatives: Option<Field<u64>>,
    /// Bytes of an expanded table. Default: 1 GiB.
    pub max_table_bytes: Option<Field<u64>>,
    /// How deep YAML may nest. Default: 64.
    pub max_depth: Option<Field<u64>>,
    /// Nodes that aliases add, per file. Default: 1,000,000.
    pub max_alias_expansion: Option<Field<u64>>,
}
