//! Small policies, worked by hand: semantics §5.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // tests

use camgrant_naive::{Policy, Violation, Warning};

const BASE: &str = "
orgs: { acme: {} }
users: { u: , v: }
recorders: { shut: { sharing: false } }
devices: { c1: , c2: , c3: { device_groups: exclude }, c4: { recorder: shut } }
layouts: { wall: { devices: [c1, c2, c3, c4] } }
device_groups: { yard: { devices: [c1] } }
schedules: { s: { weekly: { mon: 08:00-18:00 } }, s2: { weekly: { mon: 09:00-10:00 } } }
";

fn policy(grants: &str, manifest: &str) -> Policy {
    let files = [
        ("a.yaml".to_owned(), format!("{BASE}\ngrants: [{grants}]")),
        ("camgrant.yaml".to_owned(), format!("camgrant: 1\n{manifest}")),
    ];
    Policy::read(&files).unwrap()
}

fn broken(grants: &str) -> Vec<Violation> {
    policy(grants, "").violations().into_iter().collect()
}

fn id(text: &str) -> String {
    text.to_owned()
}

fn uncovered(device: &str) -> Violation {
    Violation::LayoutUncovered { org: id("acme"), user: id("u"), layout: id("wall"), device: id(device) }
}

fn over_denied(device: &str) -> Violation {
    Violation::ViewOverDenied { org: id("acme"), user: id("u"), view: id("layout:wall"), device: id(device) }
}

const VIEW: &str = "{ to: u, allow: layout.view, scope: layout:wall }";
const LIVE: &str = "{ to: u, allow: live.view, scope: all }";

#[test]
fn layouts_must_be_covered() {
    // excluded devices, and those on a recorder with `sharing: false`, are passed over
    assert_eq!(broken(VIEW), [uncovered("c1"), uncovered("c2")]);
    assert_eq!(broken(&format!("{VIEW}, {{ to: u, allow: live.view, scope: device:c1 }}")), [uncovered("c2")]);
    assert!(broken(&format!("{VIEW}, {LIVE}")).is_empty());
    assert!(broken(LIVE).is_empty());
    // under some condition, which is never solved
    let never = "{ to: u, allow: live.view, scope: all, schedule: s, until: 1990-01-01 }";
    assert!(broken(&format!("{VIEW}, {never}")).is_empty());
    let dated_view = "{ to: u, allow: layout.view, scope: layout:wall, until: 1990-01-01 }";
    assert_eq!(broken(dated_view).len(), 2);
    // pending ones give nothing
    assert_eq!(broken(&format!("{VIEW}, {{ to: u, allow: live.view, scope: all, consent: pending }}")).len(), 2);
}

#[test]
fn device_groups_must_be_covered() {
    let expected =
        Violation::DeviceGroupUncovered { org: id("acme"), user: id("u"), device_group: id("yard"), device: id("c1") };
    assert_eq!(broken("{ to: u, allow: device_group.view, scope: all }"), [expected]);
    assert!(broken("{ to: u, allow: [live.view, device_group.view], scope: device_group:YARD }").is_empty());
}

#[test]
fn denied_views() {
    let deny = "{ to: everyone, deny: live.view, scope: device:c2 }";
    assert_eq!(broken(&format!("{VIEW}, {LIVE}, {deny}")), [over_denied("c2")]);
    // the view denied as well; a denial with a condition
    assert!(broken(&format!("{VIEW}, {LIVE}, {deny}, {{ to: u, deny: layout.view, scope: all }}")).is_empty());
    assert!(broken(&format!("{VIEW}, {LIVE}, {{ to: u, deny: live.view, scope: all, from: 2026-01-01 }}")).is_empty());
    for (level, count) in [("warn", 0), ("allow", 0), ("deny", 1)] {
        let policy = policy(&format!("{VIEW}, {LIVE}, {deny}"), &format!("lints: {{ view-over-denied: {level} }}"));
        assert_eq!(policy.violations().len(), count);
    }
}

#[test]
fn conditions_not_covered() {
    let warned = |grants: &str| policy(grants, "").warnings().len();
    let view = |rest: &str| format!("{{ to: u, allow: layout.view, scope: all, {rest} }}");
    let live = |rest: &str| format!("{{ to: u, allow: live.view, scope: all, {rest} }}");
    assert_eq!(warned(&format!("{}, {}", view("schedule: s2"), live("schedule: s"))), 0);
    assert_eq!(warned(&format!("{}, {}", view("schedule: s"), live("schedule: s2"))), 2);
    assert_eq!(warned(&format!("{VIEW}, {}", live("schedule: s"))), 2);
    assert_eq!(warned(&format!("{}, {LIVE}", view("schedule: s"))), 0);
    assert_eq!(warned(&format!("{VIEW}, {LIVE}, {{ to: u, deny: live.view, scope: device:c1, schedule: s }}")), 1);
    assert_eq!(warned(&format!("{VIEW}, {LIVE}, {{ to: u, deny: layout.view, scope: all, schedule: s }}")), 2);
    let both = format!("{}, {}, {}", view("until: 2026-01-01"), view("schedule: s2"), live("until: 2026-01-01"));
    assert_eq!(warned(&both), 2);
    let first = policy(&both, "").warnings().into_iter().next().unwrap();
    let expected =
        Warning::ConditionNotCovered { org: id("acme"), user: id("u"), view: id("layout:wall"), device: id("c1") };
    assert_eq!(first, expected);
}

#[test]
fn licences() {
    let with = |orgs: &str, users: &str| -> Vec<Violation> {
        let text = format!("orgs: {{ acme: {{ {orgs} }} }}\nusers: {{ {users} }}");
        Policy::read(&[("a.yaml".to_owned(), text)]).unwrap().violations().into_iter().collect()
    };
    let users = "a: { licenses: { pro: 2 } }, b: { same_as: a }, c: { licenses: { pro: 5 }, disabled: true }";
    assert!(with("licenses: { pro: 4 }", users).is_empty());
    assert_eq!(with("licenses: { pro: 3 }", users), [Violation::LicencePool { org: id("acme"), level: id("pro") }]);
    let unknown = Violation::LicenceUnknown { org: id("acme"), user: id("a"), level: id("pro") };
    assert_eq!(with("licenses: { basic: 3 }", "a: { licenses: { pro: 1 } }"), std::slice::from_ref(&unknown));
    assert_eq!(with("", "a: { licenses: { pro: 1 } }"), [unknown]);
}

#[test]
fn owners_are_not_disabled() {
    let text = "
orgs: { acme: { owner: A } }
users: { a: { disabled: true }, b: { disabled: true }, c: { disabled: true }, d: }
recorders: { r: { owner: [b, d] } }
devices: { x: { owner: c } }
";
    let all = Policy::read(&[("a.yaml".to_owned(), text.to_owned())]).unwrap().violations();
    let users = ["a", "b", "c"].map(|user| Violation::OwnerDisabled { org: id("acme"), user: id(user) });
    assert_eq!(all.into_iter().collect::<Vec<_>>(), users);
}

#[test]
fn too_many_alternatives() {
    let grants = |count: usize| -> String {
        let one = |n: usize| format!("{{ to: u, allow: live.view, scope: all, networks: 10.0.0.{n} }}");
        (0..count).map(|n| one(n * 2)).collect::<Vec<_>>().join(", ")
    };
    let broken = |count: usize| !policy(&grants(count), "limits: { max_alternatives: 3 }").violations().is_empty();
    assert!(!broken(3) && broken(4)); // inclusive
    // after reduction: an unconditional grant is no alternative
    let wide = format!("{}, {LIVE}", grants(9));
    assert!(policy(&wide, "limits: { max_alternatives: 3 }").violations().is_empty());
}

#[test]
fn what_cannot_be_judged_is_refused() {
    for grants in [
        "{ to: nobody, allow: live.view, scope: all }",
        "{ to: u, allow: live.view, scope: device:none }",
        "{ to: u, allow: no.such, scope: all }",
        "{ to: u, allow: live.view, scope: all, from: 2026-02-01, until: 2026-01-01 }",
        "{ to: u, allow: live.view, scope: all, networks: 10.0.0.1/8 }",
        "{ to: u, allow: live.view, deny: live.view, scope: all }",
        "{ to: u, allow: live.view, scope: site:hq/lobby }",
    ] {
        let files = [("a.yaml".to_owned(), format!("{BASE}\ngrants: [{grants}]"))];
        assert!(Policy::read(&files).is_err(), "{grants}");
    }
}
