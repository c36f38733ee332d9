//! What can be wrong with inheritance: family CG04.

use crate::diagnostics::Rule;

/// A team that contains itself.
pub static TEAM_CIRCLE: Rule = Rule::error("CG0401", include_str!("pages/CG0401.md"));
/// A role that extends itself.
pub static ROLE_CIRCLE: Rule = Rule::error("CG0402", include_str!("pages/CG0402.md"));
/// A user who is the same as itself.
pub static SAME_AS_CIRCLE: Rule = Rule::error("CG0403", include_str!("pages/CG0403.md"));
/// Groups below `max_group_depth`.
pub static GROUP_DEPTH: Rule = Rule::error("CG0404", include_str!("pages/CG0404.md"));

/// The family, in order.
pub static ALL: &[&Rule] = &[&TEAM_CIRCLE, &ROLE_CIRCLE, &SAME_AS_CIRCLE, &GROUP_DEPTH];
