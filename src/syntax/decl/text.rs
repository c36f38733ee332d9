//! Text with a form of its own: as written, with the form's pattern for the JSON Schema.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::Deserialize;

macro_rules! text {
    ($($(#[doc = $doc:literal])+ $name:ident $schema:tt;)*) => {$(
        $(#[doc = $doc])+
        #[derive(Clone, Copy, Debug, Deserialize)]
        #[serde(transparent)]
        pub struct $name<'a>(pub &'a str);

        impl JsonSchema for $name<'_> {
            fn schema_name() -> Cow<'static, str> {
                stringify!($name).into()
            }

            fn json_schema(_: &mut SchemaGenerator) -> Schema {
                let mut schema = json_schema!($schema);
                schema.insert("type".into(), "string".into());
                schema.insert("description".into(), concat!($($doc),+).trim().into());
                schema
            }
        }
    )*};
}

text! {
    /// Free text for people.
    Text {};
    /// An id.
    Id { "pattern": "^[A-Za-z0-9][A-Za-z0-9._-]*$", "maxLength": 128 };
    /// A user, by login or e-mail address.
    UserRef { "pattern": "^(user:)?[A-Za-z0-9][A-Za-z0-9._+@-]*$" };
    /// A user id (also `user:<id>`), `team:<id>`, or `everyone`.
    Subject { "pattern": "^((user|team|link):)?[A-Za-z0-9][A-Za-z0-9._+@-]*$" };
    /// A role, declared or built in (`std/viewer`).
    RoleName { "pattern": "^[A-Za-z0-9][A-Za-z0-9._-]*(/[A-Za-z0-9._-]+)?$" };
    /// A capability (`live.view`), all of a family (`archive.*`), all of a class (`class:take`), or all (`*`).
    Capability { "pattern": "^(\\*|class:[a-z]+|[a-z_]+\\.(\\*|[a-z_]+))$" };
    /// `org`, `unassigned`, `all`, or a kind and an id: `site:hq`, `group:hq/lobby`, `device:cam1`,
    /// `device_group:front`, `layout:wall`, `recorder:nvr-1`.
    Scope { "pattern": "^(org|unassigned|all|(site|group|device|device_group|layout|recorder):.+)$" };
    /// A site, or a group's path (`hq/lobby/vault`).
    Place { "pattern": "^[A-Za-z0-9][A-Za-z0-9._-]*(/[A-Za-z0-9][A-Za-z0-9._-]*)*$" };
    /// A device group; letter case does not count. `exclude` is built in.
    DeviceGroupName { "pattern": "^[A-Za-z0-9][A-Za-z0-9._-]*$", "maxLength": 128 };
    /// A time zone of the IANA database (`Europe/Berlin`).
    Zone { "examples": ["UTC", "Europe/Berlin"] };
    /// A date (`2026-12-31`), or an instant with its offset (`2026-12-31T18:00:00+01:00`).
    Instant { "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}([Tt][0-9]{2}:[0-9]{2}:[0-9]{2}([Zz]|[+-][0-9]{2}:[0-9]{2}))?$" };
    /// A date (`2026-12-25`).
    LocalDate { "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$" };
    /// `HH:MM-HH:MM`; an end before its start runs into the next day.
    Window { "pattern": "^[0-2][0-9]:[0-5][0-9]-[0-2][0-9]:[0-5][0-9]$" };
    /// An address, a CIDR block, or (in a condition) a declared network.
    NetworkItem { "examples": ["10.0.0.0/8", "2001:db8::/32", "office"] };
}
