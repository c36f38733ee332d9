//! What is made from the code is what the code makes. The schemas in `schema/` are those of the types. When one is stale: `camgrant schema NAME > schema/NAME.schema.json`.

use camgrant::schema;
use serde_json::Value;

fn fresh(schema: &Value, text: &str) {
    assert_eq!(text, format!("{schema:#}\n"), "the schema is stale");
}

#[test]
fn policy() {
    fresh(&schema::policy(), include_str!("../schema/policy.schema.json"));
}

#[test]
fn manifest() {
    fresh(&schema::manifest(), include_str!("../schema/manifest.schema.json"));
}

#[test]
fn table() {
    fresh(&schema::table(), include_str!("../schema/table.schema.json"));
}

#[test]
fn why() {
    fresh(&schema::why(), include_str!("../schema/why.schema.json"));
}

#[test]
fn holders() {
    fresh(&schema::holders(), include_str!("../schema/holders.schema.json"));
}

#[test]
fn history() {
    fresh(&schema::history(), include_str!("../schema/history.schema.json"));
}

#[test]
fn bisect() {
    fresh(&schema::bisect(), include_str!("../schema/bisect.schema.json"));
}

#[test]
fn timeline() {
    fresh(&schema::timeline(), include_str!("../schema/timeline.schema.json"));
}

#[test]
fn ahead() {
    fresh(&schema::ahead(), include_str!("../schema/ahead.schema.json"));
}

#[test]
fn tests() {
    fresh(&schema::tests(), include_str!("../schema/tests.schema.json"));
}

#[test]
fn diff() {
    fresh(&schema::diff(), include_str!("../schema/diff.schema.json"));
}

#[test]
fn review() {
    fresh(&schema::review(), include_str!("../schema/review.schema.json"));
}

#[test]
fn merge() {
    fresh(&schema::merge(), include_str!("../schema/merge.schema.json"));
}

#[test]
fn diagnostics() {
    fresh(&schema::diagnostics(), include_str!("../schema/diagnostics.schema.json"));
}

#[test]
fn baseline() {
    fresh(&schema::baseline(), include_str!("../schema/baseline.schema.json"));
}

/// When it is stale: `camgrant explain --all > docs/diagnostics.md`.
#[test]
fn the_document_of_all_pages() {
    let text = include_str!("../docs/diagnostics.md");
    assert!(text == camgrant::catalogue::document(), "docs/diagnostics.md is stale");
}
