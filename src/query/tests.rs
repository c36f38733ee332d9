//! What the room's unit tests share.

use crate::compile::{Options, compile};
use crate::effective::Effective;
use crate::source::{MemoryWorld, Sources};

/// A policy of one text, which has no errors.
pub(super) fn compiled(text: &str) -> (Sources, Effective) {
    let compiled = compile(&MemoryWorld::new([("policy.yaml", text)]), &Options::default());
    match compiled.policy {
        Some(policy) => (compiled.sources, policy),
        None => panic!("{:#?}", compiled.diagnostics),
    }
}
