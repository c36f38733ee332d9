//! A naive reading of camgrant's semantics: the judge of the real compiler.
//!
//! Every function here is transcribed from one rule of `semantics.md` or `table.md` and names it. Nothing is fast and
//! nothing is clever, so that a reader can hold each function against its sentence: sets of strings, loops over
//! everything, no classes and no bit masks.
//!
//! - [`Policy::read`] reads the texts of a policy, [`Policy::decide`] decides one question;
//! - [`Policy::table`] writes the whole expanded table, [`consult`] decides one question from such a table;
//! - [`Policy::violations`] and [`Policy::warnings`] judge the rules that need meaning;
//! - [`Policy::lacking`] finds rights without what belongs to them;
//! - [`random_policy`] and [`draft`] make policies that use every feature of the language.
#![forbid(unsafe_code)]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // a judge for tests: a fault in it should be loud

mod access;
mod address;
mod check;
mod condition;
mod consult;
mod decide;
mod grants;
mod lacking;
mod listing;
mod model;
mod offers;
pub mod random;
mod raw;
mod read;
mod resolve;
mod resources;
mod rights;
mod rules;
mod subjects;
mod table;
mod time;
mod verdicts;
mod vocabulary;

pub use consult::consult;
pub use lacking::Lacking;
pub use random::{Draft, draft, random_policy};
pub use read::Policy;
pub use rules::{Violation, Warning};
pub use verdicts::Samples;
