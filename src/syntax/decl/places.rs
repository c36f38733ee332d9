//! Sites, groups, recorders, devices, device groups, layouts.

use schemars::JsonSchema;
use serde::Deserialize;

use super::{DeviceGroupName, Entries, Field, Id, Many, Place, Text, UserRef};

/// A site, or a group in a site or in another group.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SiteOrGroup<'a> {
    /// Free text for people.
    #[serde(borrow)]
    pub name: Option<Field<Text<'a>>>,
    /// Free text for people.
    #[serde(borrow)]
    pub reason: Option<Field<Text<'a>>>,
    /// The id by which the recorder's own system knows this place.
    #[serde(borrow, rename = "ref")]
    pub reference: Option<Field<Text<'a>>>,
    /// The groups in it.
    #[serde(borrow)]
    pub groups: Option<Field<Entries<'a, SiteOrGroup<'a>>>>,
    /// What records the devices here and below that name none; the nearest counts.
    #[serde(borrow)]
    pub recorder: Option<Field<Id<'a>>>,
    /// Whether every device here and below is excluded.
    pub exclude: Option<Field<bool>>,
}

/// A recorder: the system that enforces the table.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Recorder<'a> {
    /// Free text for people.
    #[serde(borrow)]
    pub name: Option<Field<Text<'a>>>,
    /// Free text for people.
    #[serde(borrow)]
    pub reason: Option<Field<Text<'a>>>,
    /// The id by which the system knows itself.
    #[serde(borrow, rename = "ref")]
    pub reference: Option<Field<Text<'a>>>,
    /// Its make. Default: generic.
    pub kind: Option<Field<RecorderKind>>,
    /// The name that the system itself bears, without commas. Default: the id; `Agent` for kind `agent-dvr`.
    #[serde(borrow)]
    pub server: Option<Field<Text<'a>>>,
    /// Who holds everything on this recorder and its devices.
    #[serde(borrow)]
    pub owner: Option<Field<Many<UserRef<'a>>>>,
    /// `false`: only owners hold anything here. Default: true.
    pub sharing: Option<Field<bool>>,
}

/// A recorder's make.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum RecorderKind {
    /// Agent DVR.
    AgentDvr,
    /// Verkada Command.
    Verkada,
    /// DW Spectrum.
    DwSpectrum,
    /// A camera-sharing cloud.
    Cloud,
    /// A web client with sub-users.
    WebClient,
    /// Any other.
    Generic,
}

impl RecorderKind {
    /// As policies and tables write it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            RecorderKind::AgentDvr => "agent-dvr",
            RecorderKind::Verkada => "verkada",
            RecorderKind::DwSpectrum => "dw-spectrum",
            RecorderKind::Cloud => "cloud",
            RecorderKind::WebClient => "web-client",
            RecorderKind::Generic => "generic",
        }
    }
}

/// A device.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Device<'a> {
    /// Free text for people.
    #[serde(borrow)]
    pub name: Option<Field<Text<'a>>>,
    /// Free text for people.
    #[serde(borrow)]
    pub reason: Option<Field<Text<'a>>>,
    /// The id by which the recorder knows this device.
    #[serde(borrow, rename = "ref")]
    pub reference: Option<Field<Text<'a>>>,
    /// What it is. Default: camera.
    pub kind: Option<Field<DeviceKind>>,
    /// Its place: a site, or a group's path. Without one it belongs to the organisation itself.
    #[serde(borrow, rename = "in")]
    pub place: Option<Field<Place<'a>>>,
    /// What records it. Default: the recorder of its place.
    #[serde(borrow)]
    pub recorder: Option<Field<Id<'a>>>,
    /// Device groups that it is in; `exclude` among them keeps it from everybody but owners.
    #[serde(borrow)]
    pub device_groups: Option<Field<Many<DeviceGroupName<'a>>>>,
    /// Who holds everything on this device.
    #[serde(borrow)]
    pub owner: Option<Field<Many<UserRef<'a>>>>,
}

/// What a device is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum DeviceKind {
    /// A camera.
    Camera,
    /// A microphone.
    Microphone,
    /// A speaker.
    Speaker,
    /// An intercom.
    Intercom,
    /// An I/O module.
    IoModule,
    /// A sensor.
    Sensor,
}

impl DeviceKind {
    /// As policies and tables write it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            DeviceKind::Camera => "camera",
            DeviceKind::Microphone => "microphone",
            DeviceKind::Speaker => "speaker",
            DeviceKind::Intercom => "intercom",
            DeviceKind::IoModule => "io-module",
            DeviceKind::Sensor => "sensor",
        }
    }
}

/// A device group.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DeviceGroup<'a> {
    /// Free text for people.
    #[serde(borrow)]
    pub name: Option<Field<Text<'a>>>,
    /// Free text for people.
    #[serde(borrow)]
    pub reason: Option<Field<Text<'a>>>,
    /// Its members; a device is one when either side says so.
    #[serde(borrow)]
    pub devices: Option<Field<Many<Id<'a>>>>,
}

/// A layout.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Layout<'a> {
    /// Free text for people.
    #[serde(borrow)]
    pub name: Option<Field<Text<'a>>>,
    /// Free text for people.
    #[serde(borrow)]
    pub reason: Option<Field<Text<'a>>>,
    /// The id by which the recorder's own system knows this layout.
    #[serde(borrow, rename = "ref")]
    pub reference: Option<Field<Text<'a>>>,
    /// The devices that it shows.
    #[serde(borrow)]
    pub devices: Option<Field<Many<Id<'a>>>>,
    /// Whether it is locked against changes.
    pub locked: Option<Field<bool>>,
    /// The place where the layout itself belongs.
    #[serde(borrow, rename = "in")]
    pub place: Option<Field<Place<'a>>>,
    /// The recorder where the layout itself belongs.
    #[serde(borrow)]
    pub recorder: Option<Field<Id<'a>>>,
}
