//! Questions about a policy that compiled: why a right is held or not, who holds it, what one holds.
//!
//! In: [`OrgRights`](crate::effective::OrgRights) and the texts. Out: answers as data, and the same as text. Nothing is
//! decided anew: an answer says yes exactly where the table does, and a test holds it to that.

mod ahead;
mod blocks;
mod by_grant;
mod clock;
mod drawing;
mod edits;
mod held;
mod moments;
mod near;
mod period;
mod routes;
mod sets;
mod several;
mod timeline;
pub mod told;
mod unmet;
mod why;

pub use ahead::{Turn, turns};
pub use blocks::{Account, Block, Frame, applying, blocks, everybody, everything, reach};
pub use by_grant::{GrantBlock, by_grant};
pub use clock::{Request, next_holding};
pub use drawing::{Around, Drawing, Drawn, Edge, Look, dot, mermaid};
pub use edits::{Cells, Change, Edit, Edits, Effect};
pub use held::{Held, decide, held, held_by_link};
pub use moments::moments;
pub use near::{Miss, Near, NearMiss};
pub use period::within;
pub use routes::{
    CapabilityRoute, CapabilityStep, Lies, Membership, ResourceRoute, ResourceStep, Routes, SubjectRoute, SubjectStep,
};
pub use sets::{NamedPart, NamedSet, SetNames};
pub use several::{Several, ask_several};
pub use timeline::{Judged, Left, Span, TimedBlock, Timeline, dated, timeline};
pub use unmet::{Bearer, Counting, Part, Unmet, unmet};
pub(crate) use why::scopes_of;
pub use why::{Answer, Asker, Denied, Given, Maker, Obstacle, Ownership, Question, Who};
