//! A small policy to ask questions of.
#![allow(dead_code, unreachable_pub, missing_docs)] // shared by test files, each of which uses some

use std::net::IpAddr;

use camgrant_naive::{Policy, consult};

pub const BASE: &str = "
orgs: { acme: {} }
users: { anna: , bob: , carl: }
sites:
  hq: { recorder: nvr, groups: { lobby: { groups: { vault: { exclude: true } } } } }
  hq2:
recorders: { nvr: , other: { kind: generic } }
device_groups: { Police: { devices: [gate] }, yard: }
devices:
  front: { in: hq }
  lobby: { in: hq/lobby, device_groups: [POLICE], kind: microphone }
  safe: { in: hq/lobby/vault }
  gate: { recorder: other }
  loose:
  annex: { in: hq2 }
layouts: { wall: { devices: [front, loose], in: hq/lobby, recorder: other } }
schedules:
  office: { weekly: { mon-fri: 08:00-18:00 } }
  night: { timezone: Europe/Berlin, weekly: { sat: 22:00-06:00 }, except: [2026-10-31] }
networks: { vpn: [10.0.0.0/8, '2001:db8::/32'] }
";

/// The base, with more sections in a second document.
pub fn policy(more: &str) -> Policy {
    let files = [("a.yaml".to_owned(), BASE.to_owned()), ("b.yml".to_owned(), more.to_owned())];
    Policy::read(&files).unwrap()
}

/// A whole policy in one text.
pub fn whole(text: &str) -> Policy {
    Policy::read(&[("a.yaml".to_owned(), text.to_owned())]).unwrap()
}

pub const WORKDAY: &str = "2026-06-03T10:00:00Z"; // a Wednesday
pub const INSIDE: &str = "10.1.2.3";
pub const OUTSIDE: &str = "203.0.113.9";

/// Asks both the rules and the table; they must agree.
pub fn asked(policy: &Policy, subject: &str, capability: &str, resource: &str, at: &str, from: &str) -> bool {
    let at = (!at.is_empty()).then(|| at.parse::<jiff::Timestamp>().unwrap().as_second());
    let from = (!from.is_empty()).then(|| from.parse::<IpAddr>().unwrap());
    let decided = policy.decide("acme", subject, capability, resource, at, from);
    let table = policy.table();
    assert_eq!(decided, consult(&table, "acme", subject, capability, resource, at, from), "{table:#}");
    decided
}

/// At a usual time from a usual address.
pub fn may(policy: &Policy, user: &str, capability: &str, resource: &str) -> bool {
    asked(policy, &format!("user:{user}"), capability, resource, WORKDAY, INSIDE)
}
