//! The JSON Schema of the table, draft 2020-12, generated from the types in [`mod@super::format`].

use schemars::Schema;
use schemars::generate::SchemaSettings;

use super::format::Document;

/// The JSON Schema of the table (`table: Schema`).
///
/// The schema speaks of shape alone. That an index lies within its list, that a schedule is declared or a zone known,
/// [`Table::load`](super::Table::load) sees.
#[must_use]
pub fn schema() -> Schema {
    SchemaSettings::draft2020_12().into_generator().into_root_schema_for::<Document<'static>>()
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use serde_json::Value;

    #[test]
    fn documents_every_key_and_admits_no_other() {
        let schema = super::schema().to_value();
        assert_eq!(schema["$schema"], "https://json-schema.org/draft/2020-12/schema");
        assert_eq!(schema["properties"]["format"]["const"], super::super::format::FORMAT);
        let types = schema["$defs"].as_object().unwrap().values().chain([&schema]);
        for object in types.filter(|schema| schema["type"] == "object") {
            assert_eq!(object["additionalProperties"], Value::Bool(false), "{object:#}");
            for (key, property) in object["properties"].as_object().unwrap() {
                assert!(property["description"].is_string(), "{key} in {object:#}");
                assert!(!property["type"].is_array(), "{key} admits null: {object:#}");
            }
        }
    }
}
