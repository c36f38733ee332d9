//! A policy as data, field by field as the language has it. Ids and references are texts, as they will be written.

#![allow(missing_docs)] // the fields are those of the language

/// A policy.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Draft {
    pub seed: u64,
    pub manifest: Option<ManifestDraft>,
    pub orgs: Vec<OrgDraft>,
}

/// The manifest.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct ManifestDraft {
    pub lints: Vec<(String, String)>,
    pub limits: Vec<(String, u64)>,
    pub max_link_days: Option<u64>,
    pub mail_domains: Vec<String>,
}

/// An organisation and all its sections.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct OrgDraft {
    pub id: String,
    pub name: Option<String>,
    pub owner: Vec<String>,
    pub timezone: Option<String>,
    pub max_group_depth: Option<u64>,
    pub ungrouped_devices: Option<String>,
    pub licenses: Vec<(String, u64)>,
    pub users: Vec<UserDraft>,
    pub teams: Vec<TeamDraft>,
    pub roles: Vec<RoleDraft>,
    pub sites: Vec<PlaceDraft>,
    pub recorders: Vec<RecorderDraft>,
    pub devices: Vec<DeviceDraft>,
    pub device_groups: Vec<DeviceGroupDraft>,
    pub layouts: Vec<LayoutDraft>,
    pub schedules: Vec<ScheduleDraft>,
    pub networks: Vec<NetworkDraft>,
    pub grants: Vec<GrantDraft>,
    pub links: Vec<LinkDraft>,
}

/// The parts of a condition; not every holder bears every one.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct ConditionDraft {
    pub schedule: Option<String>,
    pub from: Option<String>,
    pub until: Option<String>,
    pub networks: Vec<String>,
    pub outside: Vec<String>,
}

impl ConditionDraft {
    /// Whether nothing is stated.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// A user; of `condition`, only `from`, `until` and `networks`.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct UserDraft {
    pub id: String,
    pub name: Option<String>,
    pub reference: Option<String>,
    pub same_as: Option<String>,
    pub condition: ConditionDraft,
    pub licenses: Vec<(String, u64)>,
    pub disabled: bool,
}

/// A team; of `condition`, no `outside`.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct TeamDraft {
    pub id: String,
    pub name: Option<String>,
    pub members: Vec<String>,
    pub condition: ConditionDraft,
}

/// A role.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct RoleDraft {
    pub id: String,
    pub extends: Vec<String>,
    pub allow: Vec<String>,
    pub without: Vec<String>,
}

/// A site or a group.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct PlaceDraft {
    pub id: String,
    pub name: Option<String>,
    pub reference: Option<String>,
    pub recorder: Option<String>,
    pub exclude: bool,
    pub groups: Vec<PlaceDraft>,
}

/// A recorder.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct RecorderDraft {
    pub id: String,
    pub name: Option<String>,
    pub reference: Option<String>,
    pub kind: Option<String>,
    pub server: Option<String>,
    pub owner: Vec<String>,
    pub sharing: Option<bool>,
}

/// A device.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct DeviceDraft {
    pub id: String,
    pub name: Option<String>,
    pub reference: Option<String>,
    pub kind: Option<String>,
    pub place: Option<String>,
    pub recorder: Option<String>,
    pub device_groups: Vec<String>,
    pub owner: Vec<String>,
}

/// A device group.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct DeviceGroupDraft {
    pub id: String,
    pub name: Option<String>,
    pub devices: Vec<String>,
}

/// A layout.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct LayoutDraft {
    pub id: String,
    pub name: Option<String>,
    pub reference: Option<String>,
    pub devices: Vec<String>,
    pub locked: Option<bool>,
    pub place: Option<String>,
    pub recorder: Option<String>,
}

/// A schedule: keys of `weekly` with their windows.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct ScheduleDraft {
    pub id: String,
    pub timezone: Option<String>,
    pub weekly: Vec<(String, Vec<String>)>,
    pub except: Vec<String>,
}

/// A network.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct NetworkDraft {
    pub id: String,
    pub blocks: Vec<String>,
}

/// A grant, or with `deny` a denial.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct GrantDraft {
    pub id: Option<String>,
    pub reason: Option<String>,
    pub to: Vec<String>,
    pub role: Vec<String>,
    pub allow: Vec<String>,
    pub deny: Vec<String>,
    pub scope: Vec<String>,
    pub except: Vec<String>,
    pub except_scope: Vec<String>,
    pub kinds: Vec<String>,
    pub only: Vec<String>,
    pub read_only: bool,
    pub condition: ConditionDraft,
    pub consent: Option<String>,
    pub enabled: Option<bool>,
}

/// A link; of `condition`, no `outside`.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct LinkDraft {
    pub id: String,
    pub name: Option<String>,
    pub devices: Vec<String>,
    pub condition: ConditionDraft,
    pub enabled: Option<bool>,
    pub allow: Vec<String>,
    pub created_by: String,
}
