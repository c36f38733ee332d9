//! What can be wrong with a change, given who makes it (family CG07). `camgrant review` reports it; a policy compiles
//! whoever wrote it.

use crate::diagnostics::Rule;

/// The author is no enabled user of the old policy.
pub static NO_USER: Rule = Rule::error("CG0701", include_str!("pages/CG0701.md"));

/// Somebody's rights change where the author does not manage access.
pub static MANAGE: Rule = Rule::error("CG0702", include_str!("pages/CG0702.md"));

/// Rights that administer, or of somebody who administers, change.
pub static MANAGE_ADMINS: Rule = Rule::error("CG0703", include_str!("pages/CG0703.md"));

/// Something is given that the author does not hold.
pub static GIVE: Rule = Rule::error("CG0704", include_str!("pages/CG0704.md"));

/// The author's own account changes.
pub static OWN_ACCOUNT: Rule = Rule::error("CG0705", include_str!("pages/CG0705.md"));

/// What an owner holds changes, or who owns something.
pub static OWNERSHIP: Rule = Rule::error("CG0706", include_str!("pages/CG0706.md"));

/// A declaration changes that is not the author's to change.
pub static DECLARATION: Rule = Rule::error("CG0707", include_str!("pages/CG0707.md"));

/// The family, in order.
pub static ALL: &[&Rule] = &[&NO_USER, &MANAGE, &MANAGE_ADMINS, &GIVE, &OWN_ACCOUNT, &OWNERSHIP, &DECLARATION];
