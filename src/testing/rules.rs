//! What can be wrong with what the tests of a policy find (family CG06). `camgrant test` reports it; a policy compiles
//! whatever its tests say.

use crate::diagnostics::Rule;

/// A test of the policy that fails.
pub static TEST_FAILS: Rule = Rule::error("CG0601", include_str!("pages/CG0601.md"));

/// A grant, denial or role that no test depends on. Always told as a warning.
pub static UNCOVERED: Rule = Rule::error("CG0602", include_str!("pages/CG0602.md"));

/// The family, in order.
pub static ALL: &[&Rule] = &[&TEST_FAILS, &UNCOVERED];
