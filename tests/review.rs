//! Who may change what: every row of the table by declaration, the five rules by effect, approvals; and review by effect
//! held against a judgement of single cells on random pairs of policies.

#![allow(clippy::disallowed_methods)] // the number of cases comes from the environment
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // a test fails by panicking

#[path = "review/cells.rs"]
mod cells;
#[path = "diff/edits.rs"]
mod edits;
mod support;

use camgrant::compile::{Compiled, Options, compile};
use camgrant::declared;
use camgrant::diff::Side;
use camgrant::diff::told::diff;
use camgrant::query::Request;
use camgrant::review::{Asked, Review, ReviewSide, findings, review, tell};
use camgrant::source::MemoryWorld;

const NOW: i64 = 1_795_500_000;

pub(crate) fn compiled(files: &[(String, String)]) -> Compiled {
    let levels = camgrant::catalogue::lints()
        .filter_map(|rule| Some((rule.name?.to_owned(), camgrant::diagnostics::Level::Allow)))
        .collect();
    compile(&MemoryWorld::new(files.iter().cloned()), &Options { levels, ..Options::default() })
}

pub(crate) fn reviewed(old: &Compiled, new: &Compiled, author: &str, approvers: &[String]) -> Review {
    let declared = [old, new].map(|side| declared::read(&side.sources, side.budgets));
    let asked = Asked { author, approvers, request: Request { at: Some(NOW), address: None }, budgets: old.budgets };
    let [was, is] = &declared;
    let was = ReviewSide { policy: old.policy.as_ref().unwrap(), sources: &old.sources, declared: was };
    let is = ReviewSide { policy: new.policy.as_ref().unwrap(), sources: &new.sources, declared: is };
    review(was, is, &asked)
}

/// The codes of what is missing, each once.
fn codes(old: &str, new: &str, author: &str, approvers: &[&str]) -> Vec<&'static str> {
    let files = |text: &str| -> Vec<(String, String)> {
        let mut files = vec![("policy.yaml".to_owned(), String::new())];
        for part in text.split("=== ") {
            match part.split_once('\n') {
                Some((name, rest)) if name == "camgrant.yaml" => files.push((name.to_owned(), rest.to_owned())),
                _ => files[0].1.push_str(part),
            }
        }
        files
    };
    let [old, new] = [old, new].map(|text| compiled(&files(text)));
    for side in [&old, &new] {
        assert!(side.policy.is_some(), "{:#?}", support::lines(side));
    }
    let approvers: Vec<String> = approvers.iter().map(|user| (*user).to_owned()).collect();
    let found = reviewed(&old, &new, author, &approvers);
    // each can be shown
    let shown = findings(&found, &old.sources, &new.sources);
    assert_eq!(shown.findings.len(), found.violations.len());
    assert!(shown.findings.iter().all(|finding| shown.sources.holds(finding.span) && finding.help.is_some()));
    let mut codes: Vec<&'static str> = found.violations.iter().map(|one| one.rule.code).collect();
    codes.sort_unstable();
    codes.dedup();
    codes
}

/// Nobody owns this house, and nothing is given in it but what the author holds.
const HOUSE: &str = "
orgs: { acme: {} }
users: { ann: , ben: , eve: , rita: }
teams: { guards: { members: [ben] } }
roles: { watcher: { allow: live.view } }
schedules: { nights: { weekly: { mon-sun: 22:00-06:00 } } }
networks: { office: [10.0.0.0/8] }
sites: { hq: { groups: { lobby: , attic: } }, depot: , barn: }
recorders: { nvr: , own: { owner: rita } }
device_groups: { front: , rear: }
devices: { gate: { in: hq }, spare: { in: depot }, yard: , hers: { owner: rita }, safe: { device_groups: exclude, owner: rita } }
layouts: { wall: { devices: [gate], in: hq }, door: { devices: [yard] } }
grants:
  - { id: off, to: eve, allow: live.view, scope: device:gate, enabled: false }
  - { id: kept, to: eve, allow: live.view, scope: site:hq, enabled: false }
tests:
  - { name: t, to: eve, cannot: live.view, scope: device:gate }
";

/// The house in which somebody holds these capabilities on these scopes.
fn held(house: &str, who: &str, needs: &[(&str, &str)]) -> String {
    let grants: String = needs
        .iter()
        .map(|(capability, scope)| format!("  - {{ to: {who}, allow: {capability}, scope: '{scope}' }}\n"))
        .collect();
    house.replace("grants:\n", &format!("grants:\n{grants}"))
}

fn changed(house: &str, changes: &[(&str, &str)]) -> String {
    changes.iter().fold(house.to_owned(), |text, (from, to)| {
        assert!(text.contains(from), "{from}");
        text.replacen(from, to, 1)
    })
}

/// A change, and all that its author needs for it: with all of it, it is allowed; without any one, refused.
type Row<'r> = (&'r str, &'r [(&'r str, &'r str)], &'r [(&'r str, &'r str)]);

const ROWS: &[Row<'_>] = &[
    (
        "a grant",
        &[("allow: live.view, scope: device:gate, en", "allow: live.zoom, scope: device:gate, en")],
        &[("access.manage", "device:gate")],
    ),
    (
        "a grant moved: the old scope and the new one",
        &[("scope: device:gate, en", "scope: device:yard, en")],
        &[("access.manage", "device:gate"), ("access.manage", "device:yard")],
    ),
    (
        "a grant on all",
        &[("tests:", "  - { to: eve, allow: live.view, scope: all, enabled: false }\ntests:")],
        &[("access.manage", "org")],
    ),
    (
        "a grant that administers",
        &[("tests:", "  - { to: eve, allow: access.manage, scope: device:gate, enabled: false }\ntests:")],
        &[("access.manage", "device:gate"), ("access.manage_admins", "device:gate")],
    ),
    (
        "a grant goes",
        &[("  - { id: off, to: eve, allow: live.view, scope: device:gate, enabled: false }\n", "")],
        &[("access.manage", "device:gate")],
    ),
    (
        "a denial",
        &[("tests:", "  - { to: eve, deny: live.view, scope: 'group:hq/lobby' }\ntests:")],
        &[("access.manage", "group:hq/lobby")],
    ),
    (
        "a link",
        &[(
            "tests:",
            "links: { l: { devices: [gate, yard], from: 2026-12-01, until: 2026-12-02, created_by: ben, enabled: false } }\ntests:",
        )],
        &[("access.manage", "device:gate"), ("access.manage", "device:yard")],
    ),
    ("a user comes", &[("eve: ,", "eve: , max: ,")], &[("users.manage", "org")]),
    ("a user is disabled", &[("eve: ,", "eve: { disabled: true },")], &[("users.manage", "org")]),
    ("a user equals another", &[("eve: ,", "eve: { same_as: ben },")], &[("users.manage", "org")]),
    ("a user's networks", &[("eve: ,", "eve: { networks: office },")], &[("users.manage", "org")]),
    ("a member", &[("members: [ben]", "members: [ben, eve]")], &[("users.manage", "org")]),
    ("a role", &[("watcher: { allow: live.view }", "watcher: { allow: live.zoom }")], &[("access.manage", "org")]),
    ("a schedule", &[("22:00-06:00", "21:00-06:00")], &[("access.manage", "org")]),
    ("a list of networks", &[("10.0.0.0/8", "10.0.0.0/7")], &[("access.manage", "org")]),
    ("a site comes", &[("barn: }", "barn: , new: }")], &[("site.create", "org")]),
    (
        "a group comes",
        &[("attic: }", "attic: , cellar: }")],
        &[("group.create", "site:hq"), ("access.manage", "site:hq")],
    ),
    (
        "a group comes in a site that comes",
        &[("barn: }", "barn: , new: { groups: { a: } } }")],
        &[("site.create", "org")],
    ),
    ("a site changes", &[("depot: ,", "depot: { name: Depot },")], &[("site.edit", "site:depot")]),
    ("a group changes", &[("attic: }", "attic: { ref: a } }")], &[("group.edit", "group:hq/attic")]),
    ("a site goes", &[(", barn: }", "}")], &[("site.delete", "all"), ("access.manage", "all")]),
    ("a group goes", &[(", attic: }", "}")], &[("group.delete", "site:hq"), ("access.manage", "site:hq")]),
    ("a device comes", &[("yard: ,", "yard: , new: ,")], &[("device.add", "org")]),
    (
        "a device comes to a recorder",
        &[("yard: ,", "yard: , new: { recorder: nvr },")],
        &[("device.add", "recorder:nvr")],
    ),
    (
        "a device goes",
        &[("spare: { in: depot }, ", "")],
        &[("device.remove", "site:depot"), ("access.manage", "site:depot")],
    ),
    (
        "a device moves",
        &[("spare: { in: depot }", "spare: { in: barn }")],
        &[("device.move", "site:depot"), ("access.manage", "site:depot"), ("access.manage", "site:barn")],
    ),
    ("a device's name", &[("yard: ,", "yard: { name: Yard },")], &[("device.settings.edit", "device:yard")]),
    ("a device's kind", &[("yard: ,", "yard: { kind: sensor },")], &[("device.settings.edit", "device:yard")]),
    ("a device's ref", &[("yard: ,", "yard: { ref: '7' },")], &[("device.settings.edit", "device:yard")]),
    (
        "a device joins a group",
        &[("yard: ,", "yard: { device_groups: front },")],
        &[("device_group.edit", "device_group:front")],
    ),
    ("a device group comes", &[("rear: }", "rear: , side: }")], &[("device_group.create", "org")]),
    (
        "a device group gathers",
        &[("front: ,", "front: { devices: [yard] },")],
        &[("device_group.edit", "device_group:front")],
    ),
    ("a device group goes", &[(", rear: }", "}")], &[("device_group.delete", "all"), ("access.manage", "all")]),
    ("a layout comes", &[("layouts: {", "layouts: { new: { devices: [yard] },")], &[("layout.create", "org")]),
    (
        "a layout changes",
        &[("wall: { devices: [gate]", "wall: { devices: [gate, yard]")],
        &[("layout.edit", "layout:wall")],
    ),
    (
        "a layout goes",
        &[("wall: { devices: [gate], in: hq }, ", "")],
        &[("layout.delete", "site:hq"), ("access.manage", "site:hq")],
    ),
    ("a recorder comes", &[("nvr: ,", "nvr: , new: ,")], &[("device.add", "org")]),
    ("a recorder changes", &[("nvr: ,", "nvr: { kind: cloud },")], &[("device.add", "org")]),
    ("the settings", &[("acme: {}", "acme: { timezone: Europe/Berlin }")], &[("org.settings", "org")]),
    (
        "the manifest",
        &[
            ("tests:", "tests:"),
            ("scope: device:gate }\n", "scope: device:gate }\n=== camgrant.yaml\ncamgrant: 1\nmax_link_days: 7\n"),
        ],
        &[("access.manage_admins", "org")],
    ),
    (
        "a comment that quiets lints",
        &[("roles:", "# camgrant: allow(unused-role) kept\nroles:")],
        &[("access.manage_admins", "org")],
    ),
    ("a test changes", &[("cannot: live.view", "cannot: live.zoom")], &[("access.manage", "org")]),
    (
        "a test goes",
        &[("tests:\n  - { name: t, to: eve, cannot: live.view, scope: device:gate }\n", "")],
        &[("access.manage", "org")],
    ),
    ("a test comes", &[("tests:\n", "tests:\n  - { name: u, to: eve, cannot: live.view, scope: device:yard }\n")], &[]),
    ("comments and order", &[("ann: , ben:", "ben: , ann:"), ("roles:", "# who\nroles:")], &[]),
];

#[test]
fn every_row_of_the_table_by_declaration() {
    let mut wrong = Vec::new();
    for (name, changes, needs) in ROWS {
        let with = |needs: &[(&str, &str)]| {
            let old = held(HOUSE, "ann", needs);
            codes(&old, &changed(&old, changes), "ann", &[])
        };
        let all = with(needs);
        if !all.is_empty() {
            wrong.push(format!("{name}: refused with all that it needs: {all:?}"));
        }
        for dropped in 0..needs.len() {
            let mut left = needs.to_vec();
            left.remove(dropped);
            if with(&left).is_empty() {
                wrong.push(format!("{name}: allowed without {:?}", needs[dropped]));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn what_needs_ownership() {
    let rows: &[(&str, &[(&str, &str)])] = &[
        ("out of exclude", &[("safe: { device_groups: exclude,", "safe: {")]),
        ("removing what is excluded", &[(", safe: { device_groups: exclude, owner: rita }", "")]),
        ("removing what has an owner", &[(", hers: { owner: rita }", "")]),
        ("another owner of a device", &[("hers: { owner: rita }", "hers: { owner: ben }")]),
        ("another owner of a recorder", &[("own: { owner: rita }", "own: { owner: [rita, ben] }")]),
        ("a recorder shares no more", &[("own: { owner: rita }", "own: { owner: rita, sharing: false }")]),
        ("what records a device", &[("yard: ,", "yard: { recorder: nvr },")]),
        ("an owner of the organisation", &[("acme: { owner: root }", "acme: { owner: [root, eve] }")]),
        ("a place out of exclude", &[("barn: { exclude: true }", "barn:")]),
    ];
    let house = HOUSE
        .replace("acme: {}", "acme: { owner: root }")
        .replace("{ ann: ,", "{ root: , ann: ,")
        .replace("barn: }", "barn: { exclude: true } }");
    // the strongest who is no owner
    let old = held(&house, "ann", &[("'*'", "all"), ("'*'", "org")]);
    for (name, changes) in rows {
        let new = changed(&old, changes);
        assert!(!codes(&old, &new, "ann", &[]).is_empty(), "{name}: allowed for one who is no owner");
        assert_eq!(codes(&old, &new, "root", &[]), [""; 0], "{name}: refused for the owner of the organisation");
    }
    // the device's own owner may do with it what is not the author's own account
    let free = changed(&old, &[("hers: { owner: rita }", "hers: { owner: [rita, ben] }")]);
    assert_eq!(codes(&old, &free, "rita", &[]), [""; 0]);
}

#[test]
fn an_organisation_is_neither_added_nor_left_by_its_author_alone() {
    let own = "orgs: { a: { owner: root } }\nusers: { root: , two: }\n";
    let added = "orgs: { a: { owner: root }, b: {} }\norg: a\nusers: { root: , two: }\n";
    let with_org = "orgs: { a: { owner: root } }\norg: a\nusers: { root: , two: }\n";
    assert_eq!(codes(own, with_org, "root", &[]), [""; 0]);
    assert_eq!(codes(own, added, "root", &[]), ["CG0707"]);
    assert_eq!(codes(added, with_org, "root", &[]), ["CG0701"]);
}

#[test]
fn who_is_no_enabled_user_changes_nothing() {
    let old = held(HOUSE, "ann", &[("'*'", "all"), ("'*'", "org")]);
    let new = changed(&old, &[("acme: {}", "acme: { timezone: Europe/Berlin }")]);
    assert_eq!(codes(&old, &new, "zoe", &[]), ["CG0701"]);
    for state in ["disabled: true", "until: 2020-01-01", "from: 2100-01-01"] {
        let (old, new) = (
            old.replace("ann: ,", &format!("ann: {{ {state} }},")),
            new.replace("ann: ,", &format!("ann: {{ {state} }},")),
        );
        assert_eq!(codes(&old, &new, "ann", &[]), ["CG0701"], "{state}");
    }
    // text alone is no change; letter case of the id does not count; the own networks are passed over
    assert_eq!(codes(&old, &format!("# comment\n{old}"), "zoe", &[]), [""; 0]);
    assert_eq!(codes(&old, &new, "ANN", &[]), [""; 0]);
    let bound = |text: &str| text.replace("ann: ,", "ann: { networks: office },");
    assert_eq!(codes(&bound(&old), &bound(&new), "ann", &[]), [""; 0]);
}

/// What ann manages at the gate, with what else is given there.
fn gate(more: &str) -> String {
    held(HOUSE, "ann", &[("[access.manage, live.view]", "device:gate")]).replace("tests:", &format!("{more}tests:"))
}

const GIVES: &str = "  - { to: eve, allow: live.view, scope: device:gate }\n";

#[test]
fn the_five_rules_by_effect() {
    let plain = gate("");
    assert_eq!(codes(&plain, &gate(GIVES), "ann", &[]), [""; 0], "what one holds one gives");
    assert_eq!(codes(&gate(GIVES), &plain, "ann", &[]), [""; 0], "and takes");
    let elsewhere = GIVES.replace("device:gate", "device:yard");
    assert_eq!(codes(&plain, &gate(&elsewhere), "ann", &[]), ["CG0702", "CG0704", "CG0707"]);
    let more = GIVES.replace("live.view", "archive.view");
    assert_eq!(codes(&plain, &gate(&more), "ann", &[]), ["CG0704"]);
    let admin = GIVES.replace("live.view", "access.manage");
    assert_eq!(codes(&plain, &gate(&admin), "ann", &[]), ["CG0703", "CG0707"]);
    // a right of one who administers there
    let both = format!("{admin}{GIVES}");
    assert_eq!(codes(&gate(&admin), &gate(&both), "ann", &[]), ["CG0703"]);
    let own = GIVES.replace("eve", "ann").replace("live.view", "live.zoom");
    assert_eq!(codes(&plain, &gate(&own), "ann", &[]), ["CG0705"], "better");
    assert_eq!(codes(&gate(&own), &plain, "ann", &[]), ["CG0705"], "worse");
    // those who administer access and must not watch
    let any = |text: &str| text.replace("[access.manage, live.view]", "[access.manage, access.grant_any]");
    assert_eq!(codes(&any(&plain), &any(&gate(&more)), "ann", &[]), [""; 0]);
    // what an owner holds
    let house = HOUSE.replace("exclude, owner: rita", "exclude");
    let hers = held(&house, "ann", &[("'*'", "all"), ("'*'", "org")]);
    assert_eq!(codes(&hers, &hers.replace("rita: }", "rita: { networks: office } }"), "ann", &[]), ["CG0706"]);
}

#[test]
fn what_is_given_lies_in_what_is_held() {
    let nights = |text: &str| text.replace("allow: [access.manage, live.view]", "allow: live.view, schedule: nights");
    let with = |given: &str| {
        let more = "  - { to: ann, allow: access.manage, scope: device:gate }\n";
        let old = nights(&gate(more));
        codes(&old, &nights(&gate(&format!("{more}{given}"))), "ann", &[])
    };
    assert_eq!(with(&GIVES.replace(" }", ", schedule: nights }")), [""; 0]);
    assert_eq!(with(&GIVES.replace(" }", ", schedule: nights, until: 2027-01-01 }")), [""; 0]);
    assert_eq!(with(GIVES), ["CG0704"]);
    assert_eq!(with(&GIVES.replace(" }", ", until: 2027-01-01 }")), ["CG0704"]);
    // other hours under the same name, by the effect of the schedule
    let house = held(HOUSE, "ann", &[("[access.manage, live.view]", "device:gate"), ("access.manage", "org")]);
    let old = house.replace("tests:", &format!("{}tests:", GIVES.replace(" }", ", schedule: nights }")));
    assert_eq!(codes(&old, &old.replace("22:00-06:00", "20:00-06:00"), "ann", &[]), [""; 0]);
    assert_eq!(codes(&old, &old.replace("22:00-06:00", "20:00-06:00"), "eve", &[]), ["CG0705", "CG0707"]);
}

#[test]
fn an_offer_is_the_authors_to_take() {
    let offer = |consent: &str, to: &str| {
        format!("  - {{ id: o, to: {to}, allow: live.view, scope: device:yard, consent: {consent} }}\n")
    };
    assert_eq!(codes(&gate(&offer("pending", "eve")), &gate(&offer("accepted", "eve")), "eve", &[]), [""; 0]);
    assert_eq!(codes(&gate(&offer("accepted", "eve")), &gate(&offer("rejected", "eve")), "eve", &[]), [""; 0]);
    // not somebody else's, nor one for several
    assert!(!codes(&gate(&offer("pending", "eve")), &gate(&offer("accepted", "eve")), "ben", &[]).is_empty());
    assert!(
        !codes(&gate(&offer("pending", "[eve, ben]")), &gate(&offer("accepted", "[eve, ben]")), "eve", &[]).is_empty()
    );
    // nor with another change in it
    let more = offer("accepted", "eve").replace("live.view", "live.zoom");
    assert!(!codes(&gate(&offer("pending", "eve")), &gate(&more), "eve", &[]).is_empty());
    // nor where another account would have it too
    let twin = |text: &str| text.replace("ben: ,", "ben: { same_as: eve },");
    assert!(
        !codes(&twin(&gate(&offer("pending", "eve"))), &twin(&gate(&offer("accepted", "eve"))), "eve", &[]).is_empty()
    );
}

#[test]
fn a_new_device_is_watched_by_whoever_watches_its_place() {
    // ben watches the site, and holds all that he may need there but what rules 2 to 5 ask
    let house = held(HOUSE, "ben", &[("'*'", "site:hq")]);
    let house = held(&house, "ann", &[("access.manage", "site:hq"), ("device.add", "org")]);
    let new = changed(&house, &[("yard: ,", "yard: , new: { in: hq },")]);
    assert_eq!(codes(&house, &new, "ann", &[]), [""; 0]);
    // with a grant of its own it is no longer so
    let given = changed(&new, &[("tests:", "  - { to: eve, allow: live.view, scope: device:new }\ntests:")]);
    assert_eq!(codes(&house, &given, "ann", &[]), ["CG0704"]);
    // nor where the one who gains came to the grant in the same change
    let team = held(&house, "team:guards", &[("live.view", "site:hq")]);
    let team = held(&team, "ann", &[("users.manage", "org")]);
    let joined = changed(&team, &[("yard: ,", "yard: , new: { in: hq },"), ("members: [ben]", "members: [ben, eve]")]);
    assert_eq!(codes(&team, &joined, "ann", &[]), ["CG0704"]);
}

#[test]
fn approvals_give_what_is_missing_and_not_for_the_own_account() {
    let plain = held(&gate(""), "rita", &[("[access.manage, access.manage_admins, archive.view]", "device:gate")]);
    let with = |given: &str| plain.replace("tests:", &format!("{given}tests:"));
    let archive = GIVES.replace("live.view", "archive.view");
    assert_eq!(codes(&plain, &with(&archive), "ann", &["rita"]), [""; 0], "rita holds it");
    assert_eq!(codes(&plain, &with(&archive), "ann", &["ben"]), ["CG0704"], "ben does not");
    let own = archive.replace("eve", "ann");
    assert_eq!(codes(&plain, &with(&own), "ann", &["rita"]), [""; 0], "somebody else vouches for the author's account");
    let hers = archive.replace("eve", "rita").replace("archive.view", "live.view");
    assert_eq!(
        codes(&plain, &with(&hers), "ann", &["rita"]),
        ["CG0703"],
        "rita administers, and vouches for nothing of her own"
    );
    let [old, new] = [plain.clone(), with(&archive)].map(|text| compiled(&[("p.yaml".to_owned(), text)]));
    let found = reviewed(&old, &new, "ann", &[]);
    assert_eq!(found.approvals.any_of, ["user:rita"]);
    assert_eq!(found.violations[0].holders, ["user:rita"]);
    let found = reviewed(&old, &new, "ben", &[]);
    assert_eq!(found.approvals.any_of, ["user:rita"], "{found:#?}");
    let found = reviewed(&old, &new, "ann", &["zoe".to_owned()]);
    assert!(found.notes[0].contains("zoe"), "{found:?}");
}

#[test]
fn who_could_approve_makes_it_pass() {
    cells::approvers_suffice();
}

#[test]
fn by_effect_as_cell_by_cell() {
    cells::compare();
}

/// Two organisations in which the same is missing, each with another who could vouch.
#[test]
fn each_violation_is_told_with_its_own_organisation_and_holders() {
    let house = |org: &str, lead: &str, allow: &str| {
        let text = format!(
            "org: {org}\nusers: {{ ann: , {lead}: }}\nroles: {{ watcher: {{ allow: {allow} }} }}\n\
             grants: [{{ to: {lead}, allow: access.manage, scope: org }}]\n"
        );
        (format!("{org}.yaml"), text)
    };
    let version = |allow: &str| {
        let orgs = ("orgs.yaml".to_owned(), "orgs: { east: {}, west: {} }\n".to_owned());
        compiled(&[orgs, house("east", "eva", allow), house("west", "wim", allow)])
    };
    let (old, new) = (version("live.view"), version("archive.view"));
    let found = reviewed(&old, &new, "ann", &[]);
    let shown = findings(&found, &old.sources, &new.sources);
    let sides = [&old, &new].map(|side| Side::Policy(side.policy.as_ref().unwrap(), &side.sources));
    let told = tell(&found, &shown, "ann", &[], diff(sides[0], sides[1], ["old", "new"], None, None).unwrap());
    let told = told.violations.iter().map(|one| (one.place.file.as_str(), one.org.as_str(), one.held_by.join(" ")));
    let told: Vec<(&str, &str, String)> = told.collect();
    let wanted = [("east.yaml", "east", "user:eva"), ("west.yaml", "west", "user:wim")];
    assert_eq!(told, wanted.map(|(file, org, holder)| (file, org, holder.to_owned())));
    assert_eq!(found.violations[0].message(), found.violations[1].message());
}
