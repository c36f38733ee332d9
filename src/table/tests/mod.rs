//! One small organisation in the three layouts (the files beside this one), and what it is asked.
//!
//! In the factored layout row 0 is the link's, row 1 a team's with what Ann and Ben share, row 2 Ann's own, row 3 takes
//! from Ben what row 1 gives him on `device:1`, and row 4 tries to take from the owner.

use std::net::IpAddr;

use jiff::Timestamp;

use super::Table;
use super::format::{Document, Layout};

mod refusals;

const EXPANDED: &str = include_str!("expanded.json");
const COMPACT: &str = include_str!("compact.json");
const FACTORED: &str = include_str!("factored.json");

fn tables() -> [Table; 3] {
    [EXPANDED, COMPACT, FACTORED].map(|json| Table::load(json).unwrap())
}

/// The layouts' common answer.
fn decide(tables: &[Table; 3], subject: &str, capability: &str, resource: &str, at: &str, address: &str) -> bool {
    let (at, address) = (at.parse::<Timestamp>().ok(), address.parse::<IpAddr>().ok());
    let answers = tables.each_ref().map(|table| table.decide("acme", subject, capability, resource, at, address));
    assert_eq!(answers, [answers[0]; 3], "{subject} {capability} {resource} {at:?} {address:?}");
    answers[0]
}

const FEBRUARY: &str = "2026-02-03T12:00:00Z";
const SUMMER: &str = "2026-07-01T12:00:00Z";
/// Monday, 23:00 in Berlin.
const NIGHT: &str = "2026-07-06T21:00:00Z";
const OFFICE: &str = "10.1.2.3";
const ELSEWHERE: &str = "192.0.2.1";

#[test]
fn the_layouts_mean_the_same() {
    let tables = tables();
    let mut yes = 0;
    for subject in ["link:dock", "user:ann@x", "user:ben@x", "user:root@x", "user:nobody@x", "ann@x", ""] {
        for capability in [
            "live.view",
            "ptz.control",
            "archive.view",
            "org.view",
            "device_group.view",
            "access.manage",
            "site.edit",
            "x",
        ] {
            for resource in ["org", "device:1", "device:2", "device:3", "device_group:g", ""] {
                for at in [
                    "",
                    "2025-12-31T23:59:59Z",
                    FEBRUARY,
                    SUMMER,
                    NIGHT,
                    "2026-12-28T22:00:00Z",
                    "2027-01-01T00:00:00Z",
                ] {
                    for address in ["", OFFICE, "::ffff:10.1.2.3", "10.2.0.0", ELSEWHERE, "::1"] {
                        yes += u32::from(decide(&tables, subject, capability, resource, at, address));
                    }
                }
            }
        }
    }
    assert!(yes > 100, "{yes}");
}

#[test]
fn decisions() {
    let tables = tables();
    let ask = |subject: &str, capability: &str, resource: &str, at, address| {
        decide(&tables, subject, capability, resource, at, address)
    };
    let ann = |capability, at, address| ask("user:ann@x", capability, "device:1", at, address);

    // a denial beats what is always allowed, and holds for what is unknown
    assert!(ann("live.view", FEBRUARY, ELSEWHERE));
    assert!(ann("live.view", FEBRUARY, ""));
    assert!(ann("live.view", SUMMER, OFFICE));
    assert!(ann("live.view", SUMMER, "::ffff:10.1.2.3"));
    assert!(ann("live.view", "", OFFICE));
    assert!(!ann("live.view", SUMMER, ELSEWHERE));
    assert!(!ann("live.view", SUMMER, ""));
    assert!(!ann("live.view", "", ELSEWHERE));
    assert!(!ann("live.view", "", ""));

    // any one condition allows, and none holds for what is unknown
    assert!(ann("ptz.control", FEBRUARY, OFFICE));
    assert!(!ann("ptz.control", FEBRUARY, "10.2.0.0"));
    assert!(!ann("ptz.control", FEBRUARY, ""));
    assert!(!ann("ptz.control", "", OFFICE));
    assert!(!ann("ptz.control", SUMMER, OFFICE));
    assert!(ann("ptz.control", NIGHT, ""));
    assert!(!ann("ptz.control", "2026-12-28T22:00:00Z", OFFICE), "an excepted Monday");

    // a user's own bounds
    let ben = |at, address| ask("user:ben@x", "live.view", "device:2", at, address);
    assert!(ben(FEBRUARY, OFFICE));
    assert!(!ben("2025-12-31T23:59:59Z", OFFICE));
    assert!(!ben("2026-12-31T00:00:00Z", OFFICE));
    assert!(!ben(FEBRUARY, ELSEWHERE));
    assert!(!ben(FEBRUARY, ""));
    assert!(!ben("", OFFICE));

    // nothing beats ownership; it reaches no further than the vocabulary
    let root = |capability| ask("user:root@x", capability, "device_group:g", "", "");
    assert!(root("device_group.view") && root("access.manage"));
    assert!(!root("live.view") && !root("org.view") && !root("no.such"));

    // what is not named holds nothing
    assert!(!ask("user:ann@x", "live.view", "device:3", FEBRUARY, OFFICE));
    assert!(!ask("user:eve@x", "live.view", "device:1", FEBRUARY, OFFICE));
    assert!(!tables[0].decide("other", "user:ann@x", "live.view", "device:1", None, None));
}

#[test]
fn lists_what_there_is() {
    for table in tables() {
        assert_eq!(table.orgs().collect::<Vec<_>>(), ["acme"]);
        assert_eq!(
            table.subjects("acme").collect::<Vec<_>>(),
            ["link:dock", "user:ann@x", "user:ben@x", "user:root@x"]
        );
        assert_eq!(table.resources("acme", "user:ann@x").collect::<Vec<_>>(), ["device:1", "device:2", "org"]);
        assert_eq!(table.resources("acme", "user:root@x").collect::<Vec<_>>(), ["device_group:g"]);
        assert_eq!(table.resources("acme", "user:eve@x").count(), 0);
        assert_eq!(table.subjects("other").count() + table.resources("other", "user:ann@x").count(), 0);
    }
    assert_eq!(tables().map(|table| table.layout()), [Layout::Expanded, Layout::Compact, Layout::Factored]);
}

#[test]
fn documents_come_back_as_they_were() {
    for json in [EXPANDED, COMPACT, FACTORED] {
        let document: Document<'_> = serde_json::from_str(json).unwrap();
        let written = serde_json::to_string(&document).unwrap();
        assert_eq!(serde_json::from_str::<Document<'_>>(&written).unwrap(), document);
        // keys in order, nothing added, nothing lost: the samples are written as the format says
        let plain: String = serde_json::from_str::<serde_json::Value>(json).unwrap().to_string();
        assert_eq!(written, plain);
        assert!(Table::from_document(&document).is_ok());
    }
}

#[test]
fn an_owner_is_bound_by_its_own_dates() {
    let json = FACTORED.replace(r#""owns": ["org"]"#, r#""until": "2026-06-01T00:00:00Z""#);
    let table = Table::load(json).unwrap();
    let ask = |at: &str| table.decide("acme", "user:root@x", "access.manage", "device_group:g", at.parse().ok(), None);
    assert!(ask(FEBRUARY) && !ask(SUMMER) && !ask(""));
}

#[test]
fn empty_networks_are_no_address() {
    let json = EXPANDED.replace(r#""networks": ["10.0.0.0/8"],"#, r#""networks": [],"#);
    let table = Table::load(json).unwrap();
    for address in [Some(OFFICE.parse().unwrap()), None] {
        assert!(!table.decide("acme", "user:ben@x", "live.view", "device:2", FEBRUARY.parse().ok(), address));
    }
}
