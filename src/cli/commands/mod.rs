//! The commands, one a file: its arguments, and what it does with them.

pub(super) mod bisect;
pub(super) mod can;
pub(super) mod capabilities;
pub(super) mod check;
pub(super) mod compile;
pub(super) mod diff;
pub(super) mod explain;
pub(super) mod graph;
pub(super) mod init;
pub(super) mod merge_check;
pub(super) mod review;
pub(super) mod roles;
pub(super) mod schema;
pub(super) mod test;
pub(super) mod timeline;
pub(super) mod what;
pub(super) mod who;
pub(super) mod why;
