//! Small policies, worked by hand: semantics §1 to §4, one rule after another (links: `links.rs`).
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // tests

mod support;

use camgrant_naive::Policy;
use support::{BASE, INSIDE, OUTSIDE, WORKDAY, asked, may, policy, whole};

/// Those of the resources on which anna may do something.
fn reached(policy: &Policy, capability: &str) -> Vec<String> {
    let all = policy.resources("acme");
    all.into_iter().filter(|resource| may(policy, "anna", capability, resource)).collect()
}

fn grant(rest: &str) -> Policy {
    policy(&format!("grants: {{ to: anna, {rest} }}"))
}

#[test]
fn reach_of_each_scope() {
    let devices = |scope: &str| reached(&grant(&format!("allow: live.view, scope: '{scope}'")), "live.view");
    assert!(devices("org").is_empty());
    assert_eq!(devices("unassigned"), ["device:gate", "device:loose"]);
    assert_eq!(devices("all"), ["device:annex", "device:front", "device:gate", "device:lobby", "device:loose"]);
    assert_eq!(devices("site:hq"), ["device:front", "device:lobby"]); // safe is excluded, hq2 another site
    assert_eq!(devices("group:hq/lobby"), ["device:lobby"]);
    assert_eq!(devices("recorder:nvr"), ["device:front", "device:lobby"]); // by their place
    assert_eq!(devices("recorder:other"), ["device:gate"]);
    assert_eq!(devices("device_group:police"), ["device:gate", "device:lobby"]); // from either side
    assert_eq!(devices("layout:wall"), ["device:front", "device:loose"]);
    assert_eq!(devices("device:loose"), ["device:loose"]);
}

#[test]
fn reach_of_what_is_no_device() {
    let held = |scope: &str| reached(&grant(&format!("allow: access.manage, scope: '{scope}'")), "access.manage");
    assert_eq!(held("org"), ["org"]);
    assert_eq!(held("site:hq2"), ["device:annex", "site:hq2"]);
    assert_eq!(held("group:hq/lobby"), ["device:lobby", "group:hq/lobby", "group:hq/lobby/vault", "layout:wall"]);
    assert_eq!(held("recorder:other"), ["device:gate", "layout:wall", "recorder:other"]);
    assert_eq!(held("layout:wall"), ["device:front", "device:loose", "layout:wall"]);
    assert_eq!(held("device_group:yard"), ["device_group:yard"]);
    assert!(!held("all").contains(&"org".to_owned()) && held("all").contains(&"site:hq2".to_owned()));
}

#[test]
fn capabilities_apply_to_kinds() {
    let all = grant("allow: '*', scope: [all, org]");
    assert!(may(&all, "anna", "org.view", "org") && !may(&all, "anna", "live.view", "org"));
    assert!(may(&all, "anna", "layout.view", "layout:wall") && !may(&all, "anna", "layout.view", "device:front"));
    assert!(may(&all, "anna", "group.edit", "group:hq/lobby") && !may(&all, "anna", "group.edit", "site:hq"));
    assert!(!may(&all, "anna", "no.such", "org") && !may(&all, "anna", "live.view", "device:none"));
}

#[test]
fn except_scope_and_kinds() {
    assert_eq!(
        reached(&grant("allow: live.view, scope: site:hq, except_scope: group:hq/lobby"), "live.view"),
        ["device:front"]
    );
    assert!(reached(&grant("allow: live.view, scope: device:front, except_scope: all"), "live.view").is_empty());
    let microphones = grant("allow: [live.view, layout.view], scope: all, kinds: microphone");
    assert_eq!(reached(&microphones, "live.view"), ["device:lobby"]);
    assert!(reached(&microphones, "layout.view").is_empty());
}

#[test]
fn only_on_a_grant() {
    let police = grant("allow: '*', scope: [all, org], only: police");
    // those of the group, and those without any
    assert_eq!(
        reached(&police, "live.view"),
        ["device:annex", "device:front", "device:gate", "device:lobby", "device:loose"]
    );
    assert_eq!(reached(&police, "device_group.view"), ["device_group:Police"]);
    assert_eq!(reached(&police, "map.view"), ["recorder:nvr", "recorder:other"]); // class view
    assert_eq!(reached(&police, "script.run"), ["recorder:nvr", "recorder:other"]); // class operate
    assert!(reached(&police, "map.edit").is_empty()); // class configure
    assert!(reached(&police, "layout.view").is_empty() && reached(&police, "org.view").is_empty());
    let hidden = BASE.replace("acme: {}", "acme: { ungrouped_devices: hidden }");
    let hidden = whole(&format!("{hidden}\ngrants: {{ to: anna, allow: live.view, scope: all, only: POLICE }}"));
    assert_eq!(reached(&hidden, "live.view"), ["device:gate", "device:lobby"]);
}

#[test]
fn only_on_a_denial() {
    let denied = policy(
        "grants: [{ to: anna, allow: '*', scope: [all, org] }, { to: anna, deny: '*', scope: all, only: police }]",
    );
    assert_eq!(reached(&denied, "live.view"), ["device:annex", "device:front", "device:loose"]); // never spreads
    assert_eq!(reached(&denied, "device_group.edit"), ["device_group:yard"]);
    assert_eq!(reached(&denied, "map.view").len(), 3);
}

#[test]
fn denial_on_all_reaches_the_organisation() {
    let both = "grants: [{ to: anna, allow: org.view, scope: org }, { to: anna, deny: org.view, scope: all }]";
    assert!(!may(&policy(both), "anna", "org.view", "org"));
    let spared = "grants: [{ to: anna, allow: org.view, scope: org }, { to: anna, deny: org.view, scope: org, except_scope: all }]";
    assert!(may(&policy(spared), "anna", "org.view", "org"));
}

#[test]
fn roles_patterns_and_read_only() {
    let roles = "roles: { base: { extends: std/live, allow: [archive.*, ptz.control] }, mine: { extends: base, allow: class:take, without: [archive.export, live.zoom] } }";
    let with = |rest: &str| policy(&format!("{roles}\ngrants: {{ to: anna, scope: all, {rest} }}"));
    let mine = with("role: mine, allow: audio.listen");
    for yes in ["live.view", "archive.view", "ptz.control", "snapshot.take", "screen.record", "audio.listen"] {
        assert!(may(&mine, "anna", yes, "device:front"), "{yes}");
    }
    for no in ["archive.export", "live.zoom", "audio.talk"] {
        assert!(!may(&mine, "anna", no, "device:front"), "{no}");
    }
    let read_only = with("role: mine, read_only: true");
    assert!(may(&read_only, "anna", "archive.view", "device:front"));
    assert!(
        !may(&read_only, "anna", "ptz.control", "device:front")
            && !may(&read_only, "anna", "archive.save", "device:front")
    );
    // `without` of one role takes nothing from another
    assert!(may(&with("role: [mine, base]"), "anna", "archive.export", "device:front"));
}

#[test]
fn teams_everyone_and_except() {
    let teams =
        "teams: { inner: { members: [bob] }, outer: { members: [team:inner, anna] }, all: { members: everyone } }";
    let with = |to: &str| policy(&format!("{teams}\ngrants: {{ allow: live.view, scope: all, {to} }}"));
    let who = |to: &str| -> Vec<&str> {
        let policy = with(to);
        ["anna", "bob", "carl"].into_iter().filter(|user| may(&policy, user, "live.view", "device:front")).collect()
    };
    assert_eq!(who("to: team:outer"), ["anna", "bob"]);
    assert_eq!(who("to: team:inner"), ["bob"]);
    assert_eq!(who("to: [Everyone], except: BOB"), ["anna", "carl"]);
    assert_eq!(who("to: team:EVERYONE, except: [team:inner, user:Carl]"), ["anna"]);
    assert_eq!(who("to: team:all"), ["anna", "bob", "carl"]);
    assert!(who("to: everyone, except: team:all").is_empty());
}

#[test]
fn ways_bear_the_conditions_of_teams() {
    let text = "
teams:
  day: { members: [anna], schedule: office }
  desk: { members: [team:day, bob], networks: vpn }
  free: { members: [team:day] }
grants: { to: [team:desk, team:free], allow: live.view, scope: device:front }
";
    let policy = policy(text);
    let ask = |user: &str, at: &str, from: &str| asked(&policy, user, "live.view", "device:front", at, from);
    assert!(ask("user:anna", WORKDAY, INSIDE) && ask("user:anna", WORKDAY, OUTSIDE)); // by `free`
    assert!(!ask("user:anna", "2026-06-06T10:00:00Z", INSIDE)); // a Saturday
    assert!(ask("user:bob", "2026-06-06T10:00:00Z", INSIDE) && !ask("user:bob", WORKDAY, OUTSIDE));
    // what is unknown
    assert!(!ask("user:anna", "", INSIDE) && ask("user:anna", WORKDAY, "") && !ask("user:bob", WORKDAY, ""));
}

#[test]
fn except_through_a_team_with_conditions_is_for_ever() {
    let text = "
teams: { night: { members: [anna], schedule: night } }
grants: { to: everyone, except: team:night, allow: live.view, scope: all }
";
    assert!(
        !may(&policy(text), "anna", "live.view", "device:front")
            && may(&policy(text), "bob", "live.view", "device:front")
    );
}

#[test]
fn same_as() {
    let text = "
orgs: { acme: {} }
users:
  model: { networks: 10.0.0.0/8, licenses: { }, disabled: true, until: 2026-01-01 }
  next: { same_as: Model }
  third: { same_as: next, networks: 0.0.0.0/0 }
  other:
devices: { cam: { owner: next } }
teams: { t: { members: model, schedule: s } }
schedules: { s: { weekly: { mon-fri: 08:00-18:00 } } }
grants:
  - { to: team:t, allow: live.view, scope: all }
  - { to: model, deny: live.zoom, scope: all }
  - { to: everyone, except: model, allow: live.quality, scope: all }
";
    let policy = whole(&text.replace("licenses: { }, ", ""));
    let ask = |user: &str, what: &str, from: &str| asked(&policy, user, what, "device:cam", WORKDAY, from);
    assert!(!ask("user:model", "live.view", INSIDE)); // disabled: not copied
    assert!(ask("user:next", "live.view", INSIDE) && !ask("user:next", "live.view", OUTSIDE)); // its networks are copied
    assert!(ask("user:third", "live.view", OUTSIDE)); // its own ones
    assert!(ask("user:next", "live.zoom", INSIDE) && !ask("user:third", "live.zoom", INSIDE)); // ownership is not
    assert!(!ask("user:third", "live.quality", INSIDE) && ask("user:other", "live.quality", OUTSIDE));
}

#[test]
fn denials_beat_grants_and_ownership_beats_denials() {
    let text = "
grants:
  - { to: everyone, allow: [live.view, live.zoom], scope: all }
  - { to: everyone, deny: live.view, scope: all }
";
    let base = BASE.replace("acme: {}", "acme: { owner: Bob }").replace("loose:", "loose: { owner: anna }");
    let base = base.replace("other: { kind: generic }", "other: { kind: generic, owner: [carl], sharing: false }");
    let policy = whole(&format!("{base}\n{text}"));
    assert!(!may(&policy, "anna", "live.view", "device:front") && may(&policy, "anna", "live.zoom", "device:front"));
    assert!(may(&policy, "anna", "live.view", "device:loose") && may(&policy, "anna", "device.remove", "device:loose"));
    assert!(may(&policy, "bob", "live.view", "device:safe") && may(&policy, "bob", "org.delete", "org"));
    assert!(may(&policy, "bob", "site.delete", "site:hq") && !may(&policy, "bob", "site.delete", "device:front"));
    // `sharing: false`: owners alone
    assert!(may(&policy, "carl", "live.view", "device:gate") && may(&policy, "carl", "map.edit", "recorder:other"));
    assert!(!may(&policy, "anna", "live.zoom", "device:gate") && may(&policy, "bob", "live.zoom", "device:gate"));
    assert!(!may(&policy, "carl", "layout.view", "layout:wall")); // a layout is no device of the recorder
    assert!(!may(&policy, "anna", "live.zoom", "device:safe"));
}

#[test]
fn inactive_grants_and_denials() {
    for inactive in ["enabled: false", "consent: pending", "consent: rejected"] {
        assert!(!may(
            &grant(&format!("allow: live.view, scope: all, {inactive}")),
            "anna",
            "live.view",
            "device:front"
        ));
    }
    assert!(may(
        &grant("allow: live.view, scope: all, consent: accepted, enabled: true"),
        "anna",
        "live.view",
        "device:front"
    ));
    let off = "grants: [{ to: anna, allow: live.view, scope: all }, { to: anna, deny: live.view, scope: all, enabled: false }]";
    assert!(may(&policy(off), "anna", "live.view", "device:front"));
}

#[test]
fn dates_are_days_of_the_organisation() {
    let zone = BASE.replace("acme: {}", "acme: { timezone: Europe/Berlin }");
    let text = "grants: { to: anna, allow: live.view, scope: all, from: 2026-03-29, until: 2026-03-29 }";
    let policy = whole(&format!("{zone}\n{text}"));
    let at = |at: &str| asked(&policy, "user:anna", "live.view", "device:front", at, "");
    assert!(!at("2026-03-28T22:59:59Z") && at("2026-03-28T23:00:00Z")); // winter time at its start,
    assert!(at("2026-03-29T21:59:59Z") && !at("2026-03-29T22:00:00Z")); // summer time at its end
    assert!(!at(""));
}

#[test]
fn schedules_and_clock_changes() {
    let policy = grant("allow: live.view, scope: all, schedule: night");
    let at = |at: &str| asked(&policy, "user:anna", "live.view", "device:front", at, "");
    assert!(at("2026-10-24T20:00:00Z") && at("2026-10-25T04:59:59Z") && !at("2026-10-25T05:00:00Z"));
    assert!(!at("2026-10-31T22:00:00Z") && !at("2026-11-01T04:00:00Z")); // no window opens on that Saturday
    assert!(at("2026-11-07T21:00:00Z") && !at("2026-11-07T04:00:00Z"));
}

#[test]
fn addresses_and_the_unknown() {
    let text = "
grants:
  - { to: anna, allow: [live.view, live.zoom], scope: all }
  - { to: anna, allow: live.quality, scope: all, networks: [vpn, 192.0.2.1] }
  - { to: anna, deny: live.view, scope: all, outside: '::ffff:10.0.0.0/104' }
  - { to: anna, deny: live.zoom, scope: all, schedule: office, networks: vpn }
";
    let policy = policy(text);
    let ask = |what: &str, at: &str, from: &str| asked(&policy, "user:anna", what, "device:front", at, from);
    assert!(ask("live.quality", "", "192.0.2.1") && ask("live.quality", "", "::ffff:192.0.2.1"));
    assert!(
        ask("live.quality", "", "2001:db8::1") && !ask("live.quality", "", "192.0.2.2") && !ask("live.quality", "", "")
    );
    assert!(ask("live.view", "", INSIDE) && !ask("live.view", "", OUTSIDE) && !ask("live.view", "", "2001:db8::1"));
    assert!(!ask("live.view", WORKDAY, "")); // a denial's condition holds for what is unknown
    assert!(!ask("live.zoom", WORKDAY, "") && !ask("live.zoom", "", INSIDE) && !ask("live.zoom", "", ""));
    assert!(ask("live.zoom", "", OUTSIDE)); // part by part: the address is known, and not in it
    assert!(ask("live.zoom", "2026-06-06T10:00:00Z", ""));
}

#[test]
fn what_never_holds_never_holds() {
    let text = "
teams: { t: { members: [anna], networks: 192.168.0.0/16, until: 2026-01-01 } }
grants:
  - { to: anna, allow: [live.view, live.zoom, archive.view], scope: all }
  - { to: team:t, deny: live.view, scope: all, networks: vpn }
  - { to: team:t, deny: live.zoom, scope: all, from: 2026-02-01 }
  - { to: anna, deny: archive.view, scope: all, networks: vpn, outside: ['0.0.0.0/0', '2001:db8::/33', '2001:db8:8000::/33'] }
  - { to: anna, deny: archive.view, scope: all, outside: ['0.0.0.0/0', '::/0'] }
";
    let policy = policy(text);
    for what in ["live.view", "live.zoom", "archive.view"] {
        assert!(asked(&policy, "user:anna", what, "device:front", "", ""), "{what}");
    }
}

#[test]
fn a_users_own_conditions() {
    let base = BASE.replace("anna: ,", "anna: { networks: vpn, from: 2026-01-01, until: 2026-12-31 },");
    let policy = whole(
        &format!("{base}\ngrants: {{ to: everyone, allow: live.view, scope: all }}")
            .replace("acme: {}", "acme: { owner: anna }"),
    );
    let ask = |at: &str, from: &str| asked(&policy, "user:anna", "live.view", "device:front", at, from);
    assert!(ask(WORKDAY, INSIDE) && !ask(WORKDAY, OUTSIDE) && !ask("2027-01-01T00:00:00Z", INSIDE));
    assert!(!ask("", INSIDE) && !ask(WORKDAY, "")); // an owner's neither
}
