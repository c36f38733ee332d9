//! The shapes that YAML is read into, field by field as `language.md` lists them; nothing is resolved here.

use std::collections::BTreeMap;

use serde::{Deserialize, Deserializer};

/// language: "a single item may stand without its list".
#[derive(Debug, Clone)]
pub(crate) struct Many<T>(pub(crate) Vec<T>);

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Many<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(untagged)]
        enum Either<T> {
            Many(Vec<T>),
            One(T),
        }
        Ok(match Either::deserialize(deserializer)? {
            Either::Many(items) => Self(items),
            Either::One(item) => Self(vec![item]),
        })
    }
}

/// A map of entities; the body of one may be left out.
pub(crate) type Entities<T> = BTreeMap<String, Option<T>>;
/// One text, or a list.
pub(crate) type Texts = Option<Many<String>>;

/// One document of a file.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct RawDocument {
    pub(crate) org: Option<String>,
    pub(crate) orgs: Entities<RawOrg>,
    pub(crate) users: Entities<RawUser>,
    pub(crate) teams: Entities<RawTeam>,
    pub(crate) roles: Entities<RawRole>,
    pub(crate) sites: Entities<RawPlace>,
    pub(crate) recorders: Entities<RawRecorder>,
    pub(crate) devices: Entities<RawDevice>,
    pub(crate) device_groups: Entities<RawDeviceGroup>,
    pub(crate) layouts: Entities<RawLayout>,
    pub(crate) schedules: Entities<RawSchedule>,
    pub(crate) networks: BTreeMap<String, Many<String>>,
    pub(crate) grants: Option<Many<RawGrant>>,
    pub(crate) links: Entities<RawLink>,
    pub(crate) tests: Option<Many<RawTest>>,
}

impl RawDocument {
    /// Whether it declares anything besides organisations.
    pub(crate) fn has_sections(&self) -> bool {
        !(self.users.is_empty()
            && self.teams.is_empty()
            && self.roles.is_empty()
            && self.sites.is_empty()
            && self.recorders.is_empty()
            && self.devices.is_empty()
            && self.device_groups.is_empty()
            && self.layouts.is_empty()
            && self.schedules.is_empty()
            && self.networks.is_empty()
            && self.grants.as_ref().is_none_or(|grants| grants.0.is_empty())
            && self.links.is_empty()
            && self.tests.as_ref().is_none_or(|tests| tests.0.is_empty()))
    }
}

/// The manifest.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct RawManifest {
    pub(crate) lints: BTreeMap<String, String>,
    pub(crate) limits: BTreeMap<String, u64>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct RawOrg {
    pub(crate) owner: Texts,
    pub(crate) timezone: Option<String>,
    pub(crate) max_group_depth: Option<u32>,
    pub(crate) ungrouped_devices: Option<String>,
    pub(crate) licenses: Option<BTreeMap<String, u64>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct RawUser {
    pub(crate) same_as: Option<String>,
    pub(crate) networks: Texts,
    pub(crate) from: Option<String>,
    pub(crate) until: Option<String>,
    pub(crate) licenses: Option<BTreeMap<String, u64>>,
    pub(crate) disabled: bool,
    pub(crate) r#ref: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct RawTeam {
    pub(crate) members: Texts,
    pub(crate) schedule: Option<String>,
    pub(crate) networks: Texts,
    pub(crate) from: Option<String>,
    pub(crate) until: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct RawRole {
    pub(crate) extends: Texts,
    pub(crate) allow: Texts,
    pub(crate) without: Texts,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct RawPlace {
    pub(crate) groups: Entities<RawPlace>,
    pub(crate) recorder: Option<String>,
    pub(crate) exclude: bool,
    pub(crate) r#ref: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct RawRecorder {
    pub(crate) kind: Option<String>,
    pub(crate) server: Option<String>,
    pub(crate) owner: Texts,
    pub(crate) sharing: Option<bool>,
    pub(crate) r#ref: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct RawDevice {
    pub(crate) kind: Option<String>,
    pub(crate) r#in: Option<String>,
    pub(crate) recorder: Option<String>,
    pub(crate) device_groups: Texts,
    pub(crate) owner: Texts,
    pub(crate) r#ref: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct RawDeviceGroup {
    pub(crate) devices: Texts,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct RawLayout {
    pub(crate) devices: Texts,
    pub(crate) r#in: Option<String>,
    pub(crate) recorder: Option<String>,
    pub(crate) r#ref: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct RawSchedule {
    pub(crate) timezone: Option<String>,
    pub(crate) weekly: BTreeMap<String, Many<String>>,
    pub(crate) except: Texts,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct RawGrant {
    pub(crate) id: Option<String>,
    pub(crate) to: Texts,
    pub(crate) scope: Texts,
    pub(crate) role: Texts,
    pub(crate) allow: Texts,
    pub(crate) deny: Texts,
    pub(crate) except: Texts,
    pub(crate) except_scope: Texts,
    pub(crate) kinds: Texts,
    pub(crate) only: Texts,
    pub(crate) read_only: bool,
    pub(crate) schedule: Option<String>,
    pub(crate) from: Option<String>,
    pub(crate) until: Option<String>,
    pub(crate) networks: Texts,
    pub(crate) outside: Texts,
    pub(crate) consent: Option<String>,
    pub(crate) enabled: Option<bool>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct RawLink {
    pub(crate) devices: Texts,
    pub(crate) from: Option<String>,
    pub(crate) until: Option<String>,
    pub(crate) schedule: Option<String>,
    pub(crate) networks: Texts,
    pub(crate) enabled: Option<bool>,
    pub(crate) allow: Texts,
    pub(crate) created_by: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct RawTest {
    pub(crate) to: Texts,
    pub(crate) except: Texts,
    pub(crate) can: Texts,
    pub(crate) cannot: Texts,
    pub(crate) never_together: Texts,
    pub(crate) max_holders: BTreeMap<String, u64>,
    pub(crate) nobody_else: bool,
    pub(crate) scope: Texts,
    pub(crate) at: Option<String>,
    pub(crate) address: Option<String>,
}
