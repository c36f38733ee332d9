//! What can be wrong with the meaning (family CG05).

use crate::diagnostics::Rule;

/// A layout shown to one who may not watch a device of it.
pub static LAYOUT_UNCOVERED: Rule = Rule::error("CG0501", include_str!("pages/CG0501.md"));
/// A device group shown to one who may not watch a member.
pub static DEVICE_GROUP_UNCOVERED: Rule = Rule::error("CG0502", include_str!("pages/CG0502.md"));
/// More licences given than the pool has.
pub static LICENCE_POOL: Rule = Rule::error("CG0503", include_str!("pages/CG0503.md"));
/// A licence level outside the pool.
pub static LICENCE_LEVEL: Rule = Rule::error("CG0504", include_str!("pages/CG0504.md"));
/// An owner who is disabled.
pub static OWNER_DISABLED: Rule = Rule::error("CG0505", include_str!("pages/CG0505.md"));
/// `max_alternatives`.
pub static TOO_MANY_ALTERNATIVES: Rule = Rule::error("CG0506", include_str!("pages/CG0506.md"));
/// `max_table_bytes`.
pub static TABLE_TOO_LARGE: Rule = Rule::error("CG0508", include_str!("pages/CG0508.md"));

/// The errors, in order.
pub static ALL: &[&Rule] = &[
    &LAYOUT_UNCOVERED,
    &DEVICE_GROUP_UNCOVERED,
    &LICENCE_POOL,
    &LICENCE_LEVEL,
    &OWNER_DISABLED,
    &TOO_MANY_ALTERNATIVES,
    &TABLE_TOO_LARGE,
];
