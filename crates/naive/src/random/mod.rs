//! Random policies that use every feature of the language, the same ones for the same seed.
//!
//! [`draft`] makes a [`Draft`]: a policy as data, that a test can change before it is written out. [`Draft::files`]
//! writes it, [`Draft::files_shuffled`] writes the same declarations in other ways.

mod files;
mod generate;
mod grants;
mod mend;
mod model;
mod nodes;
mod rename;
mod render;
mod respell;
mod rng;
mod things;
mod trials;

pub use generate::DATES;
pub use grants::{denial, giving as grant};
pub use model::{
    ConditionDraft, DeviceDraft, DeviceGroupDraft, Draft, GrantDraft, LayoutDraft, LinkDraft, ManifestDraft,
    NetworkDraft, OrgDraft, PlaceDraft, RecorderDraft, RoleDraft, ScheduleDraft, TeamDraft, UserDraft,
};
pub use rename::Renaming;
pub use rng::Rng;
pub use trials::trials;

/// A random policy, as data.
#[must_use]
pub fn draft(seed: u64) -> Draft {
    let mut rng = Rng::new(seed);
    let mut draft = generate::draft(seed, &mut rng, 10);
    // views grow uncovered easily: most policies are mended, some stay as they fell
    if rng.chance(45) {
        mend::mend(&mut draft, &mut rng);
    }
    draft
}

/// A random policy, as data, each of whose choices is a byte as long as there are any ([`Rng::told`]). It is never a large
/// one and never mended, so that a fuzzer gets through many.
#[must_use]
pub fn draft_told(bytes: &[u8]) -> Draft {
    let mut seed = Rng::told(bytes);
    let seed = std::iter::repeat_with(|| seed.bits()).nth(bytes.len()).unwrap_or_default();
    generate::draft(seed, &mut Rng::told(bytes), 7)
}

/// A random policy, as paths and texts.
#[must_use]
pub fn random_policy(seed: u64) -> Vec<(String, String)> {
    draft(seed).files()
}
