//! What the fuzz targets share: what arrives as bytes, read as files, as questions, as edits.
//!
//! Nothing here judges. What has to hold is in `tests/support`, for the tests and the fuzzer alike.

#![forbid(unsafe_code)]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // a fuzz target fails by panicking

pub mod edits;
pub mod files;
pub mod questions;

#[path = "../../tests/support/judge.rs"]
mod judge;
#[path = "../../tests/support/memory.rs"]
#[allow(dead_code)] // the tests need more of it
mod memory;
#[path = "../../tests/support/survive.rs"]
mod survive;

use camgrant::compile::Compiled;
use camgrant::effective::Effective;
use camgrant::source::World;

/// The names of the three layouts.
pub const LAYOUTS: [&str; 3] = memory::LAYOUTS;

/// Compiles files in memory: path and text.
#[must_use]
pub fn compile_files(files: &[(String, String)]) -> Compiled {
    memory::compile_files(files)
}

/// The whole table of a policy in one layout.
#[must_use]
pub fn table_of(policy: &Effective, layout: &str) -> String {
    memory::table_of(policy, layout)
}

/// Holds the compiler against the naive evaluator; says whether the policy compiles.
///
/// # Errors
/// Where the two differ: how.
pub fn judge(files: &memory::Files) -> Result<bool, String> {
    judge::judge(files)
}

/// Compiles, and holds the outcome against what always has to hold.
pub fn survive(world: &dyn World) -> Compiled {
    survive::survive(world, &camgrant::compile::Options::default())
}
