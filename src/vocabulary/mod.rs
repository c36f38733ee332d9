//! The built-in vocabulary: every capability with its class and the kinds of resource that it applies to, and the
//! built-in roles. Read once from `capabilities.yaml`; a leaf that knows nothing of policies or tables.

mod capability;
mod names;
mod systems;

pub use capability::{CapabilityClass, CapabilitySet, ResourceKind};
pub use names::{Capability, Role, Vocabulary, applies, vocabulary};
pub use systems::known_to;
