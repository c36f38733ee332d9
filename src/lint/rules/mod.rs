//! The lints, one file each, its page beside it.

pub(super) mod condition_not_covered;
pub(super) mod lapsed_link;
pub(super) mod same_as_disabled;
pub(super) mod unused_role;
pub(super) mod view_over_denied;
