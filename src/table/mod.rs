//! The effective-permission table: what it looks like on disk, and how it is asked.
//!
//! In comes the JSON that `compile` writes, in any of its three layouts; out comes yes or no. Everything that a table
//! can have wrong is found while it is loaded, so a question can neither fail nor panic. Nothing here reads a policy,
//! a clock or a file.
//!
//! | file | holds |
//! |---|---|
//! | [`mod@format`] | the types of the format, for whoever writes a table or walks through one |
//! | `text` | strings that borrow from the input, maps that refuse a repeated key |
//! | `schema` | the JSON Schema of the format |
//! | `reader` | [`Table`]: load, decide |
//! | `error` | what a table can have wrong |
//! | `organisation` | one organisation, indexed |
//! | `expanded`, `compact`, `factored` | which rights a subject has on a resource, one layout a file |
//! | `rights` | what a right allows and denies |
//! | `condition`, `schedule`, `address` | when and from where it does |
//! | `cells` | a sparse grid of rights |
//! | `interner` | names and equal values as numbers |

mod address;
mod cells;
mod compact;
mod condition;
mod error;
mod expanded;
mod factored;
pub mod format;
mod interner;
mod organisation;
mod reader;
mod rights;
mod schedule;
mod schema;
#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, reason = "a test fails by panicking")]
mod tests;
mod text;

pub use error::{Fault, LoadError};
pub use reader::Table;
pub use schema::schema;
