//! The JSON Schemas, from the Rust types that are read and written: the single source of every shape.

use schemars::generate::SchemaSettings;
use serde_json::Value;

use crate::diagnostics::render;
use crate::syntax::decl;
use crate::table;

/// What a policy file may hold.
#[must_use]
pub fn policy() -> Value {
    generate::<decl::Document<'static>>()
}

/// What the manifest may hold.
#[must_use]
pub fn manifest() -> Value {
    generate::<decl::Manifest<'static>>()
}

/// What a table holds.
#[must_use]
pub fn table() -> Value {
    table::schema().to_value()
}

/// What `--format json` prints of diagnostics.
#[must_use]
pub fn diagnostics() -> Value {
    render::json::schema().to_value()
}

fn generate<T: schemars::JsonSchema>() -> Value {
    let mut settings = SchemaSettings::draft2020_12();
    // a field that is left out is no `null`
    settings.transforms.clear();
    settings.into_generator().into_root_schema_for::<T>().to_value()
}
