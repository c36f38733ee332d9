//! What the whole organisation shares: the manifest, the organisation itself, roles, schedules, networks. In: who owns
//! it. Out: text.
//!
//! The roles come to 40 capabilities together with `org.view`, which everyone has. Two rules keep the policy free of
//! errors and of warnings by the thousand: every role that shows layouts and device groups (`layout.view`,
//! `device_group.view`) shows live video too, and every role that lets export lets listen to recorded sound.

use std::fmt::Display;

/// Lints that numbered names, and devices in no device group, would set off all over.
pub(crate) const MANIFEST: &str = "\
camgrant: 1
lints:
  similar-id: allow
  shift-escaped: allow
  ungrouped-device-visible: allow
";

pub(crate) const ROLES: &str = "\
roles:
  watch:
    name: Watch live
    extends: std/live
  viewer:
    name: Watch, live and recorded
    extends: std/viewer
  sound:
    allow:
      - audio.listen
      - audio.playback
  talk:
    allow: audio.talk
  ptz:
    name: Drive cameras
    allow:
      - ptz.*
      - lens.*
  doors:
    name: Answer and open
    allow:
      - io.*
      - intercom.use
  marks:
    allow:
      - bookmark.edit
      - event.create
  export:
    extends:
      - viewer
      - sound
    allow: archive.export
  auditor:
    name: Looks into what was recorded
    extends: export
    without: snapshot.take
  operator:
    extends:
      - viewer
      - sound
      - talk
      - ptz
      - doors
      - marks
  wall:
    name: Layouts and device groups, as such and live
    extends: watch
    allow:
      - layout.view
      - device_group.view
  shift-lead:
    extends:
      - operator
      - export
      - wall
    allow: record.control
  technician:
    extends: watch
    allow:
      - device.stats
      - device.settings.*
      - device.reboot
      - device.power
      - device.location
  region-admin:
    name: Runs a region
    extends:
      - shift-lead
      - technician
    allow:
      - archive.delete
      - link.share
      - layout.edit
      - device_group.edit
      - site.edit
      - group.edit
      - access.manage
";

/// The names declared in [`conditions`].
pub(crate) const SCHEDULES: [&str; 5] = ["nights", "office-hours", "weekends", "early", "late"];
pub(crate) const NETWORKS: [&str; 4] = ["hq-lan", "guardrooms", "vpn", "control-room"];

const CONDITIONS: &str = "
schedules:
  nights:
    weekly:
      mon-fri: 22:00-06:00
      sat,sun:
        - 00:00-08:00
        - 20:00-24:00
  office-hours:
    weekly:
      mon-thu: 08:00-18:00
      fri: 08:00-15:30
    except:
      - 2027-01-01
      - 2027-12-24
  weekends:
    weekly:
      sat,sun: 00:00-24:00
  early:
    weekly:
      mon-sat: 05:30-14:00
  late:
    timezone: Europe/London
    weekly:
      mon-sat: 13:30-22:30

networks:
  hq-lan:
    - 10.0.0.0/16
    - 10.8.0.0/14
  guardrooms:
    - 10.20.0.0/15
    - 192.168.40.0/24
  vpn: 100.64.0.0/10
  control-room:
    - 10.0.7.0/24
    - 2001:db8:7::/48
";

/// The organisation, its schedules and its networks.
pub(crate) fn org(owner: impl Display) -> String {
    format!("orgs:\n  acme:\n    name: Acme Facilities\n    owner: {owner}\n    timezone: Europe/Berlin\n{CONDITIONS}")
}
