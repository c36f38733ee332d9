//! The lints, one file each, its page beside it.

pub(super) mod same_as_disabled;
pub(super) mod unused_role;
