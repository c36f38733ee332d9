//! Text: files, spans, lines, and the small door to the outside world.
//!
//! In: a [`World`] that lists and reads files. Out: [`Sources`], the texts of a policy with stable numbers.
//! Nothing here knows YAML. Only [`disk`] opens files.

pub mod disk;
mod load;
mod places;
mod span;
mod text;
mod world;

pub use load::{FileBudgets, Trouble, load, read_one, readable};
pub use places::{Lines, Places, Position};
pub use span::{FileId, Span};
pub use text::{SourceFile, Sources};
pub use world::{Fault, FaultKind, Listing, MANIFEST, MemoryWorld, Overlay, World};
