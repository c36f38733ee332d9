//! What can be wrong with names (family CG03), and with a link's capabilities, which are known as soon as their names are.

use crate::diagnostics::Rule;

/// A name that nothing declares.
pub static UNKNOWN_NAME: Rule = Rule::error("CG0301", include_str!("pages/CG0301.md"));
/// A name declared twice.
pub static DECLARED_TWICE: Rule = Rule::error("CG0302", include_str!("pages/CG0302.md"));
/// Two names that differ in letter case alone.
pub static CASE_ALONE: Rule = Rule::error("CG0303", include_str!("pages/CG0303.md"));
/// A built-in name where it may not stand.
pub static RESERVED: Rule = Rule::error("CG0304", include_str!("pages/CG0304.md"));
/// A name of another organisation.
pub static OTHER_ORGANISATION: Rule = Rule::error("CG0305", include_str!("pages/CG0305.md"));
/// Sections that belong to no organisation.
pub static NO_ORGANISATION: Rule = Rule::error("CG0306", include_str!("pages/CG0306.md"));
/// A capability or pattern that matches none.
pub static UNKNOWN_CAPABILITY: Rule = Rule::error("CG0307", include_str!("pages/CG0307.md"));
/// Two recorders of one kind with one server name.
pub static SERVER_TWICE: Rule = Rule::error("CG0308", include_str!("pages/CG0308.md"));
/// A link that would do more than show.
pub static LINK_BEYOND_VIEW: Rule = Rule::error("CG0507", include_str!("pages/CG0507.md"));

/// All of them, in order.
pub static ALL: &[&Rule] = &[
    &UNKNOWN_NAME,
    &DECLARED_TWICE,
    &CASE_ALONE,
    &RESERVED,
    &OTHER_ORGANISATION,
    &NO_ORGANISATION,
    &UNKNOWN_CAPABILITY,
    &SERVER_TWICE,
    &LINK_BEYOND_VIEW,
];
