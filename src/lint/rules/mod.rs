//! The lints, one file each, its page beside it.

pub(super) mod analytics_without_license;
pub(super) mod condition_not_covered;
pub(super) mod device_without_recorder;
pub(super) mod disabled_user_in_grant;
pub(super) mod duplicate_item;
pub(super) mod excluded_in_layout;
pub(super) mod expired_grant;
pub(super) mod expired_link;
pub(super) mod lapsed_link;
pub(super) mod long_link;
pub(super) mod permanent_guest;
pub(super) mod same_as_disabled;
pub(super) mod similar_id;
pub(super) mod unassigned_device;
pub(super) mod unused_device_group;
pub(super) mod unused_layout;
pub(super) mod unused_network;
pub(super) mod unused_role;
pub(super) mod unused_schedule;
pub(super) mod unused_team;
pub(super) mod user_without_access;
pub(super) mod view_over_denied;
