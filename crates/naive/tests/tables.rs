//! Small policies and their whole tables, worked by hand from the table's own rules.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // tests

use camgrant_naive::Policy;
use serde_json::{Value, json};

fn acme(text: &str) -> Value {
    let policy = Policy::read(&[("a.yaml".to_owned(), text.to_owned())]).unwrap();
    policy.table()["orgs"]["acme"].clone()
}

/// One user, two cameras, and what is added.
fn access(grants: &str) -> Value {
    access_with("", grants)
}

fn access_with(sections: &str, grants: &str) -> Value {
    let text = format!(
        "orgs: {{ acme: {{}} }}\nusers: {{ u: }}\ndevices: {{ c1: , c2: {{ kind: sensor }} }}\n{sections}\ngrants: [{grants}]"
    );
    acme(&text)["subjects"]["user:u"]["access"].clone()
}

#[test]
fn a_whole_table() {
    let text = "
orgs: { acme: { owner: [Root@x], timezone: Europe/Berlin } }
users:
  Root@x: { ref: R, networks: ['::ffff:10.0.0.0/104', 10.0.0.0/9], until: 2026-12-31 }
  a@x: { same_as: ROOT@x, licenses: { pro: 1, basic: 2 } }
  idle:
  gone: { disabled: true }
sites: { hq: { ref: S, recorder: nvr, groups: { lobby: { ref: G } } } }
recorders: { nvr: { kind: agent-dvr, ref: N }, spare: { server: Spare } }
devices:
  c1: { in: hq/lobby, ref: '3' }
  c2: { kind: microphone, owner: a@x }
layouts: { wall: { ref: L } }
schedules: { office: { weekly: { 'fri,mon': ['13:00-18:00', '08:00-12:00', '08:00-12:00'] }, except: [2026-12-25, 2026-12-24] } }
grants:
  - { to: everyone, allow: [live.view, live.zoom], scope: group:hq/lobby, schedule: office }
  - { to: [idle, gone, a@x], allow: live.view, scope: [device:c1, layout:wall, recorder:spare], consent: pending }
";
    let policy = Policy::read(&[("a.yaml".to_owned(), text.to_owned())]).unwrap();
    let mut org = policy.table()["orgs"]["acme"].clone();
    // an owner holds all that applies, everywhere; the test below shows it
    let root = org["subjects"].as_object_mut().unwrap().remove("user:root@x").unwrap();
    let lobby = json!({
        "resources": ["device:c1"],
        "allow_when": [{ "capabilities": ["live.view", "live.zoom"], "when": [{ "schedules": ["office"] }] }],
    });
    assert_eq!(
        org.to_string(),
        json!({
            "owners": ["user:root@x"],
            "recorders": {
                "nvr": { "kind": "agent-dvr", "server": "Agent", "ref": "N" },
                "spare": { "kind": "generic", "server": "Spare" },
            },
            "devices": { "c1": { "kind": "camera", "recorder": "nvr", "ref": "3" }, "c2": { "kind": "microphone" } },
            "refs": { "group:hq/lobby": "G", "layout:wall": "L", "site:hq": "S", "user:root@x": "R" },
            "schedules": { "office": {
                "timezone": "Europe/Berlin",
                "weekly": { "fri": ["08:00-12:00", "13:00-18:00"], "mon": ["08:00-12:00", "13:00-18:00"] },
                "except": ["2026-12-24", "2026-12-25"],
            } },
            "subjects": {
                "user:a@x": {
                    "networks": ["10.0.0.0/8"],
                    "licenses": { "basic": 2, "pro": 1 },
                    "owns": ["device:c2"],
                    "access": [lobby, { "resources": ["device:c2"], "allow": org["subjects"]["user:a@x"]["access"][1]["allow"] }],
                },
                "user:idle": { "access": [lobby] },
            },
            "offers": [{ "to": ["user:a@x", "user:idle"], "scope": ["device:c1"], "capabilities": ["live.view"], "consent": "pending" }],
        })
        .to_string()
    );
    assert_eq!(root["until"], "2026-12-31T23:00:00Z");
    assert_eq!(root["owns"], json!(["org"]));
    let keys: Vec<&String> = root.as_object().unwrap().keys().collect();
    assert_eq!(keys, ["until", "networks", "owns", "access"]);
    let entries: Vec<&Value> = root["access"].as_array().unwrap().iter().map(|entry| &entry["resources"]).collect();
    let expected = [
        json!(["device:c1", "device:c2"]),
        json!(["group:hq/lobby"]),
        json!(["layout:wall"]),
        json!(["org"]),
        json!(["recorder:nvr", "recorder:spare"]),
        json!(["site:hq"]),
    ];
    assert_eq!(entries, expected.iter().collect::<Vec<_>>());
}

#[test]
fn an_empty_policy() {
    let policy = Policy::read(&[("a.yaml".to_owned(), "orgs: { acme: }".to_owned())]).unwrap();
    let expected = "{\n  \"format\": \"camgrant.table/1\",\n  \"layout\": \"expanded\",\n  \"orgs\": {\n    \"acme\": {\n      \"subjects\": {}\n    }\n  }\n}\n";
    assert_eq!(policy.table_text(), expected);
}

#[test]
fn only_the_wider_condition_is_kept() {
    let when = |grants: &[&str]| -> Value {
        let list: Vec<String> =
            grants.iter().map(|rest| format!("{{ to: u, scope: device:c1, allow: live.view, {rest} }}")).collect();
        let sections = "
schedules:
  day: { weekly: { mon-fri: 08:00-18:00 } }
  early: { weekly: { mon-wed: [09:00-12:00, 13:00-14:00] } }
  day2: { weekly: { 'mon-thu,fri': 08:00-18:00 } }
  holidays: { weekly: { mon-fri: 08:00-18:00 }, except: [2026-12-25] }
  abroad: { timezone: Europe/Berlin, weekly: { mon: 09:00-10:00 } }
  night: { weekly: { mon: 22:00-06:00 } }
  late: { weekly: { mon: 22:00-24:00, tue: 00:00-06:00 } }
";
        access_with(sections, &list.join(", "))[0]["allow_when"][0]["when"].clone()
    };
    assert_eq!(when(&["schedule: day", "schedule: early"]), json!([{ "schedules": ["day"] }]));
    assert_eq!(when(&["schedule: day2", "schedule: day"]), json!([{ "schedules": ["day"] }])); // in each other: the first
    assert_eq!(when(&["schedule: holidays", "schedule: day"]), json!([{ "schedules": ["day"] }]));
    assert_eq!(
        when(&["schedule: abroad", "schedule: day"]),
        json!([{ "schedules": ["abroad"] }, { "schedules": ["day"] }])
    );
    // a window must open on the same weekday
    assert_eq!(
        when(&["schedule: night", "schedule: late"]),
        json!([{ "schedules": ["late"] }, { "schedules": ["night"] }])
    );
    assert_eq!(
        when(&["from: 2026-01-01, until: 2026-01-31", "from: 2026-01-01", "from: 2026-01-02, networks: 10.0.0.0/8"]),
        json!([{ "from": "2026-01-01T00:00:00Z" }])
    );
    assert_eq!(
        when(&[
            "networks: [10.0.0.0/9, 10.128.0.0/9]",
            "networks: 10.1.0.0/16",
            "networks: 10.0.0.0/8, until: 2026-01-01"
        ]),
        json!([{ "networks": ["10.0.0.0/8"] }])
    );
    // an absent part is wider than any stated one
    assert_eq!(
        when(&["networks: ['0.0.0.0/0', '::/0']", "schedule: day"]),
        json!([{ "networks": ["0.0.0.0/0", "::/0"] }, { "schedules": ["day"] }])
    );
}

#[test]
fn the_order_of_conditions() {
    let grants = "
      { to: u, scope: device:c1, allow: live.view, until: 2026-01-01 },
      { to: u, scope: device:c1, allow: live.view, from: 2026-02-01 },
      { to: u, scope: device:c1, allow: live.view, networks: 10.0.0.0/8 },
      { to: u, scope: device:c1, allow: live.view, networks: 9.0.0.0/8 }";
    assert_eq!(
        access(grants)[0]["allow_when"][0]["when"],
        json!([
            { "networks": ["10.0.0.0/8"] },
            { "networks": ["9.0.0.0/8"] },
            { "until": "2026-01-02T00:00:00Z" },
            { "from": "2026-02-01T00:00:00Z" },
        ])
    );
}

#[test]
fn denials_in_the_table() {
    let entry = |grants: &str| access(grants)[0].clone();
    let give = "{ to: u, scope: device:c1, allow: [live.view, live.zoom] }";
    // an unconditional denial leaves nothing, a conditional one stands beside; only of what is allowed
    assert_eq!(
        entry(&format!(
            "{give}, {{ to: u, scope: all, deny: [live.zoom, archive.view], from: 2026-01-01 }}, {{ to: u, scope: all, deny: live.view }}"
        )),
        json!({
            "resources": ["device:c1"],
            "allow": ["live.zoom"],
            "deny_when": [{ "capabilities": ["live.zoom"], "when": [{ "from": "2026-01-01T00:00:00Z" }] }],
        })
    );
    // an alternative within a denial is left out, and a narrower denial too
    let dated = "{ to: u, scope: device:c1, allow: live.view, from: 2026-02-01 }, { to: u, scope: device:c1, allow: live.view, until: 2025-12-31 }";
    assert_eq!(
        entry(&format!(
            "{dated}, {{ to: u, scope: all, deny: live.view, from: 2026-01-01 }}, {{ to: u, scope: all, deny: live.view, from: 2026-01-01, outside: 10.0.0.0/8 }}"
        )),
        json!({
            "resources": ["device:c1"],
            "allow_when": [{ "capabilities": ["live.view"], "when": [{ "until": "2026-01-01T00:00:00Z" }] }],
            "deny_when": [{ "capabilities": ["live.view"], "when": [{ "from": "2026-01-01T00:00:00Z" }] }],
        })
    );
    let nothing = "{ to: u, scope: device:c1, allow: live.view, from: 2026-02-01 }, { to: u, scope: all, deny: live.view, from: 2026-01-01 }";
    assert_eq!(access(nothing), Value::Null);
}

#[test]
fn networks_and_outside_are_one_part() {
    let grants = "
      { to: u, scope: device:c1, allow: live.view },
      { to: u, scope: device:c1, deny: live.view, networks: 10.0.0.0/8, outside: 11.0.0.0/8 },
      { to: u, scope: device:c1, deny: live.view, networks: 10.0.0.0/8 },
      { to: u, scope: device:c1, deny: live.view, outside: ['::/0', 0.0.0.0/5, 16.0.0.0/4, 32.0.0.0/3, 64.0.0.0/2, 128.0.0.0/1] }";
    // the last leaves 8.0.0.0/5, which holds 10.0.0.0/8
    assert_eq!(
        access(grants)[0]["deny_when"][0]["when"],
        json!([{ "outside": ["0.0.0.0/5", "16.0.0.0/4", "32.0.0.0/3", "64.0.0.0/2", "128.0.0.0/1", "::/0"] }])
    );
}

#[test]
fn ways_are_alternatives_and_join() {
    let sections = "
schedules: { s: { weekly: { mon: 08:00-09:00 } } }
teams:
  low: { members: [u], from: 2026-01-01, networks: 10.0.0.0/8 }
  one: { members: [team:low], from: 2026-03-01, schedule: s }
  two: { members: [team:low], networks: [10.1.0.0/16, 192.168.0.0/16] }
  never: { members: [team:low], networks: 192.168.0.0/16 }
";
    let grants = "{ to: [team:one, team:two, team:never], scope: device:c1, allow: live.view, until: 2026-12-31 }";
    assert_eq!(
        access_with(sections, grants)[0]["allow_when"][0]["when"],
        json!([
            { "from": "2026-01-01T00:00:00Z", "until": "2027-01-01T00:00:00Z", "networks": ["10.1.0.0/16"] },
            { "from": "2026-03-01T00:00:00Z", "until": "2027-01-01T00:00:00Z", "schedules": ["s"], "networks": ["10.0.0.0/8"] },
        ])
    );
}

#[test]
fn items_are_shared_and_sorted() {
    let grants = "
      { to: u, scope: device:c1, allow: [live.zoom, archive.view], from: 2026-01-01 },
      { to: u, scope: device:c1, allow: [live.view], from: 2026-02-01 },
      { to: u, scope: [device:c2], allow: [live.zoom, live.view], until: 2026-01-01 }";
    assert_eq!(
        access(grants),
        json!([
            { "resources": ["device:c1"], "allow_when": [
                { "capabilities": ["archive.view", "live.zoom"], "when": [{ "from": "2026-01-01T00:00:00Z" }] },
                { "capabilities": ["live.view"], "when": [{ "from": "2026-02-01T00:00:00Z" }] },
            ] },
            { "resources": ["device:c2"], "allow_when": [
                { "capabilities": ["live.view", "live.zoom"], "when": [{ "until": "2026-01-02T00:00:00Z" }] },
            ] },
        ])
    );
}

#[test]
fn links_in_the_table() {
    let text = "
orgs: { acme: {} }
users: { u: { until: 2026-06-20, networks: 10.0.0.0/8 }, late: { disabled: true } }
devices: { c1: , c2: , c3: { device_groups: EXCLUDE } }
schedules: { s: { weekly: { mon: 08:00-09:00 } } }
grants:
  - { to: u, allow: link.share, scope: all, from: 2026-06-05 }
  - { to: u, allow: [live.view, live.zoom], scope: all, networks: 10.0.0.0/8, schedule: s }
  - { to: u, deny: link.share, scope: all, until: 2026-01-01 }
  - { to: u, deny: live.zoom, scope: device:c1, from: 2026-06-10 }
  - { to: u, deny: live.view, scope: device:c1, schedule: s }
  - { to: u, deny: live.view, scope: device:c2 }
links:
  z: { devices: [c1, c2, c3], allow: live.*, from: 2026-06-01, until: 2026-06-30, schedule: s, created_by: u }
  y: { devices: c1, from: 2026-06-01, until: 2026-06-30, created_by: late }
  x: { devices: c1, from: 2026-06-01, until: 2026-06-30, created_by: u, enabled: false }
";
    let org = acme(text);
    let when = json!([{ "from": "2026-06-05T00:00:00Z", "until": "2026-06-21T00:00:00Z", "schedules": ["s"] }]);
    assert_eq!(
        org["subjects"]["link:z"].to_string(),
        json!({ "access": [
            {
                "resources": ["device:c1"],
                "allow_when": [{ "capabilities": ["live.view", "live.zoom"], "when": when }],
                "deny_when": [
                    { "capabilities": ["live.view"], "when": [{ "until": "2026-01-02T00:00:00Z" }] },
                    { "capabilities": ["live.zoom"], "when": [{ "until": "2026-01-02T00:00:00Z" }, { "from": "2026-06-10T00:00:00Z" }] },
                ],
            },
            {
                "resources": ["device:c2"],
                "allow_when": [{ "capabilities": ["live.zoom"], "when": when }],
                "deny_when": [{ "capabilities": ["live.zoom"], "when": [{ "until": "2026-01-02T00:00:00Z" }] }],
            },
        ] })
        .to_string()
    );
    let subjects: Vec<&String> = org["subjects"].as_object().unwrap().keys().collect();
    assert_eq!(subjects, ["link:z", "user:u"]);
}

#[test]
fn offers_are_written_out() {
    let text = "
orgs: { acme: {} }
users: { a: , b: , c: , gone: { disabled: true } }
devices: { c1: , c2: { device_groups: exclude }, c3: { recorder: shut }, c4: { device_groups: g }, c5: { recorder: r, device_groups: h } }
recorders: { r: , shut: { sharing: false } }
device_groups: { g: , h: }
teams:
  t: { members: [b, c], until: 2026-06-30 }
  t2: { members: [c], until: 2026-01-31 }
  never: { members: [b], until: 2025-01-01 }
grants:
  - { to: [a, gone, team:t, team:t2], role: std/live, scope: [all, org], consent: rejected, read_only: true }
  - { to: a, allow: [map.view, map.edit, live.view], scope: all, only: g, consent: pending, from: 2026-01-01 }
  - { to: team:never, allow: live.view, scope: all, from: 2026-01-01, consent: pending }
  - { to: a, allow: org.view, scope: all, consent: pending }
  - { to: a, allow: live.view, scope: all, consent: pending, enabled: false }
  - { to: a, allow: live.view, scope: device:c1, consent: accepted }
";
    let org = acme(text);
    let live = json!(["live.quality", "live.view", "live.zoom"]);
    let devices = json!(["device:c1", "device:c4", "device:c5"]);
    assert_eq!(
        org["offers"].to_string(),
        json!([
            { "to": ["user:a"], "scope": devices, "capabilities": live, "consent": "rejected" },
            { "to": ["user:a"], "scope": ["device:c1", "device:c4", "recorder:r"], "capabilities": ["live.view", "map.edit", "map.view"],
              "consent": "pending", "when": [{ "from": "2026-01-01T00:00:00Z" }] },
            { "to": ["user:b", "user:c"], "scope": devices, "capabilities": live, "consent": "rejected",
              "when": [{ "until": "2026-07-01T00:00:00Z" }] },
        ])
        .to_string()
    );
    let keys = |key: &str| -> Vec<String> { org[key].as_object().unwrap().keys().cloned().collect() };
    assert_eq!(keys("devices"), ["c1", "c4", "c5"]);
    assert_eq!(keys("recorders"), ["r"]);
    assert_eq!(keys("subjects"), ["user:a"]);
}
