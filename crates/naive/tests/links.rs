//! Links, worked by hand: semantics §4.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // tests

mod support;

use camgrant_naive::Policy;
use support::{BASE, INSIDE, OUTSIDE, WORKDAY, asked, policy, whole};

const LINK: &str =
    "links: { z: { devices: [front, safe], from: 2026-06-01, until: 2026-06-30, created_by: ANNA, MORE } }";

/// A link of anna's with some grants.
fn link(more: &str, grants: &str) -> Policy {
    policy(&format!("{}\ngrants: [{grants}]", LINK.replace("MORE", more)))
}

#[test]
fn links_end_with_the_rights_of_their_maker() {
    let ask = |policy: &Policy, at: &str, from: &str| asked(policy, "link:z", "live.view", "device:front", at, from);
    let share = "{ to: anna, allow: [live.view, link.share], scope: all }";
    let plain = link("", share);
    assert!(ask(&plain, WORKDAY, OUTSIDE) && ask(&plain, WORKDAY, "") && !ask(&plain, "", ""));
    assert!(!ask(&plain, "2026-07-01T00:00:00Z", OUTSIDE));
    assert!(!asked(&plain, "link:z", "live.view", "device:safe", WORKDAY, INSIDE)); // excluded
    assert!(!asked(&plain, "link:z", "live.view", "device:lobby", WORKDAY, INSIDE)); // not one of its devices
    assert!(!asked(&plain, "link:z", "link.share", "device:front", WORKDAY, INSIDE)); // not in its `allow`
    assert!(!ask(&link("enabled: false", share), WORKDAY, INSIDE));
    assert!(
        !ask(&link("networks: vpn", share), WORKDAY, OUTSIDE) && ask(&link("networks: vpn", share), WORKDAY, INSIDE)
    );
    // both rights are needed
    assert!(!ask(&link("", "{ to: anna, allow: live.view, scope: all }"), WORKDAY, INSIDE));
    assert!(!ask(&link("", "{ to: anna, allow: link.share, scope: all }"), WORKDAY, INSIDE));
}

#[test]
fn links_as_far_as_dates_go() {
    let ask = |policy: &Policy, at: &str| asked(policy, "link:z", "live.view", "device:front", at, OUTSIDE);
    // working hours and desk do not pass to the link
    let desk = link("", "{ to: anna, allow: [live.view, link.share], scope: all, schedule: night, networks: vpn }");
    assert!(ask(&desk, WORKDAY));
    let dated = link(
        "",
        "{ to: anna, allow: live.view, scope: all, until: 2026-06-10 }, { to: anna, allow: link.share, scope: all, from: 2026-06-03 }",
    );
    assert!(ask(&dated, WORKDAY) && !ask(&dated, "2026-06-02T23:59:59Z") && !ask(&dated, "2026-06-11T00:00:00Z"));
    let share = "{ to: anna, allow: [live.view, link.share], scope: all }";
    for (denial, holds) in [
        ("deny: live.view", false),
        ("deny: link.share", false),
        ("deny: live.zoom", true),
        ("deny: live.view, schedule: office", true),
        ("deny: live.view, networks: vpn, from: 2026-01-01", true),
        ("deny: live.view, outside: vpn", true),
        ("deny: link.share, from: 2026-06-03", false),
        ("deny: live.view, from: 2026-06-04", true),
    ] {
        let policy = link("", &format!("{share}, {{ to: anna, {denial}, scope: all }}"));
        assert_eq!(ask(&policy, WORKDAY), holds, "{denial}");
    }
    // denials to everyone touch the maker, not the link
    assert!(!ask(&link("", &format!("{share}, {{ to: everyone, deny: live.view, scope: all }}")), WORKDAY));
    assert!(ask(
        &link("", &format!("{share}, {{ to: everyone, except: anna, deny: live.view, scope: all }}")),
        WORKDAY
    ));
}

#[test]
fn links_of_owners_and_of_lapsed_makers() {
    let ask = |base: String, at: &str| {
        let text = format!(
            "{base}\n{}\ngrants: {{ to: anna, deny: '*', scope: all }}",
            LINK.replace("MORE", "allow: [live.*, layout.view]")
        );
        asked(&whole(&text), "link:z", "live.view", "device:front", at, OUTSIDE)
    };
    let owner = BASE.replace("acme: {}", "acme: { owner: anna }");
    assert!(!ask(BASE.to_owned(), WORKDAY) && ask(owner.clone(), WORKDAY)); // nothing beats ownership
    assert!(ask(BASE.replace("nvr: ,", "nvr: { owner: anna },"), WORKDAY));
    let until = owner.replace("anna: ,", "anna: { until: 2026-06-15, networks: vpn },");
    assert!(ask(until.clone(), WORKDAY) && !ask(until, "2026-06-16T00:00:00Z"));
    assert!(!ask(BASE.replace("anna: ,", "anna: { disabled: true },"), WORKDAY));
}
