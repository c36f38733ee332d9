//! The effective-permission table as JSON (`docs/table.md`): three layouts, whole or cut to a recorder.
//!
//! | file | holds |
//! |---|---|
//! | `selection` | what of a policy goes into a table |
//! | `names` | subjects and resources as text, in the table's order |
//! | `rows` | the rights of all subjects, made once for a table |
//! | `wire` | rights and conditions as the format has them |
//! | `head` | what every layout has: owners, devices, schedules, subjects, offers |
//! | `expanded`, `compact`, `factored` | one layout a file |
//! | `json`, `indent` | the bytes |
//! | `split` | one table for each recorder |
//! | `source_map` | where each right comes from |

mod compact;
mod expanded;
mod factored;
mod head;
mod indent;
mod json;
mod names;
mod rows;
mod selection;
mod source_map;
mod split;
mod wire;

pub use json::write;
pub use selection::{Selection, SelectionFault, organisations, select};
pub use source_map::write as write_source_map;
pub use split::{Slice, slices};

use crate::table::format::Layout;

/// How a table is written.
#[derive(Clone, Copy, Debug)]
pub struct TableOptions {
    /// How rights are laid out.
    pub layout: Layout,
    /// No indentation.
    pub compact_json: bool,
}
