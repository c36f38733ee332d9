//! Cedar's engine decides what camgrant's table decides: an independent judge of the compiler, and of what
//! `compile --target cedar` writes.
//!
//! In comes a policy as texts. The compiler writes its table on one way and its Cedar files on another, which parts from
//! the first before any right is computed; [`Compared::ask`] asks both the same question. Which schedules hold at an
//! instant is said by the naive evaluator, as a caller of Cedar would have to say it.

#![forbid(unsafe_code)]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // a judge for tests: a fault in it should be loud

mod compared;
mod engine;
mod questions;

pub use compared::{Compared, cedar, compile};
pub use engine::{Engine, Known, uid};
pub use questions::{Question, Tally, questions};
