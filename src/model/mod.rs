//! Names become typed indices: declarations of all files put together by organisation, every reference resolved,
//! every date, zone, address and scope read. One file a construct; `resolve` walks them in order.
//!
//! In: typed documents. Out: a [`Policy`] that borrows nothing, and the mistakes in names and forms. What is wrong
//! in one item hides nothing of the next: a wrong item stays in the model, marked `broken`.

mod access;
mod address;
mod arena;
mod conditions;
mod declare;
mod forms;
mod gather;
mod gatherings;
mod instants;
mod keys;
mod manifest;
mod names;
mod people;
mod places;
mod policy_tests;
mod references;
mod resolve;
pub mod rules;
mod types;

pub use address::AddressSet;
pub use arena::{Arena, Index};
pub use conditions::{Schedule, Stated, Window, weekdays};
pub use instants::{Zone, days_after, format_instant};
pub use keys::Keys;
pub use manifest::{Budgets, LintLevels, ManifestSettings, manifest};
pub use resolve::{Context, resolve};
pub use types::*;
