//! Two readings of YAML: whatever the quick reader takes, the full parser reads alike, node by node and place by place,
//! and without a complaint.

#![no_main]

use camgrant::source::FileId;
use camgrant::syntax::{parse_in_full, parse_quickly};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let text = String::from_utf8_lossy(bytes);
    let depth = if bytes.len().is_multiple_of(2) { 64 } else { 5 };
    let Some(quick) = parse_quickly(&text, depth) else { return };
    let (full, mistakes) = parse_in_full(FileId(0), &text, depth);
    assert!(mistakes.is_empty(), "taken, and wrong: {:?}", mistakes.iter().map(|one| &one.message).collect::<Vec<_>>());
    assert_eq!(quick, full);
});
