//! The JSON Schemas, from the Rust types that are read and written: the single source of every shape.

use schemars::Schema;
use schemars::generate::SchemaSettings;
use schemars::transform::{Transform, transform_subschemas};
use serde_json::Value;

use crate::diagnostics::{baseline, render};
use crate::diff;
use crate::merge;
use crate::query::told;
use crate::review;
use crate::syntax::decl;
use crate::table;
use crate::testing;

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
    headed(table::schema())
}

/// What `why --format json` prints.
#[must_use]
pub fn why() -> Value {
    generate::<told::WhyAnswer>()
}

/// What `who --format json` and `what --format json` print.
#[must_use]
pub fn holders() -> Value {
    generate::<told::Holders>()
}

/// What `who --history --format json` prints.
#[must_use]
pub fn history() -> Value {
    generate::<told::HistoryTold>()
}

/// What `bisect --format json` prints.
#[must_use]
pub fn bisect() -> Value {
    generate::<told::BisectTold>()
}

/// What `timeline SUBJECT --format json` prints.
#[must_use]
pub fn timeline() -> Value {
    generate::<told::TimelineTold>()
}

/// What `timeline --format json` prints where no subject is named.
#[must_use]
pub fn ahead() -> Value {
    generate::<told::AheadTold>()
}

/// What `test --format json` prints.
#[must_use]
pub fn tests() -> Value {
    generate::<testing::TestsTold>()
}

/// What `diff --format json` prints.
#[must_use]
pub fn diff() -> Value {
    generate::<diff::told::DiffTold>()
}

/// What `merge-check --format json` prints.
#[must_use]
pub fn merge() -> Value {
    generate::<merge::MergeTold>()
}

/// What `review --format json` prints.
#[must_use]
pub fn review() -> Value {
    generate::<review::ReviewTold>()
}

/// What `--format json` prints of diagnostics.
#[must_use]
pub fn diagnostics() -> Value {
    headed(render::json::schema())
}

/// What a baseline holds.
#[must_use]
pub fn baseline() -> Value {
    headed(baseline::schema())
}

fn generate<T: schemars::JsonSchema>() -> Value {
    let settings = SchemaSettings::draft2020_12().with_transform(NoNull);
    headed(settings.into_generator().into_root_schema_for::<T>())
}

/// What says what the schema is stands first.
fn headed(schema: Schema) -> Value {
    let Value::Object(mut rest) = schema.to_value() else { return Value::Null };
    let head = ["$schema", "title", "description"].map(|key| (key, rest.remove(key)));
    let head = head.into_iter().filter_map(|(key, value)| Some((key.to_owned(), value?)));
    Value::Object(head.chain(rest).collect())
}

/// A field that is left out is no `null`: what `Option` adds to each field is taken out again.
#[derive(Clone, Debug)]
struct NoNull;

impl Transform for NoNull {
    fn transform(&mut self, schema: &mut Schema) {
        if let Some(Value::Object(properties)) = schema.get_mut("properties") {
            properties.values_mut().for_each(without_null);
        }
        transform_subschemas(self, schema);
    }
}

fn without_null(property: &mut Value) {
    let Value::Object(object) = property else { return };
    if let Some(Value::Array(types)) = object.get_mut("type") {
        types.retain(|kind| kind != "null");
        if let [only] = &types[..] {
            let only = only.clone();
            object.insert("type".into(), only);
        }
    }
    let Some(Value::Array(either)) = object.get_mut("anyOf") else { return };
    let is_null = |schema: &Value| schema.get("type").is_some_and(|kind| kind == "null");
    if !either.iter().any(is_null) {
        return;
    }
    either.retain(|schema| !is_null(schema));
    if let [Value::Object(only)] = &either[..] {
        let only = only.clone();
        object.remove("anyOf");
        object.extend(only);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_admits_no_null_and_an_entity_does() {
        let policy = policy();
        let device = policy.pointer("/$defs/Device/properties/kind").cloned().unwrap_or_default();
        assert!(!device.to_string().contains("null"), "{device}");
        let devices = policy.pointer("/properties/devices/additionalProperties").cloned().unwrap_or_default();
        assert!(devices.to_string().contains("null"), "{devices}");
        assert_eq!(policy.get("$schema").and_then(Value::as_str), Some("https://json-schema.org/draft/2020-12/schema"));
    }
}
