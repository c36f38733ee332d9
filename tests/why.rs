//! What `why` says of every kind of obstacle, one case each by name: a policy and a question in, the answer out.

#![allow(clippy::disallowed_methods)] // tests read their cases and write to temporary folders
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // a test fails by panicking

mod support;

use camgrant::query::told::{PairsTold, WhyAnswer, WhyTold, why_answer_text};
use camgrant::query::{Asker, Edits, Question, Request, Who};
use camgrant::vocabulary::vocabulary;
use jiff::Timestamp;
use support::{compile_text, lines, reviewed};

/// What the cases share.
const BASE: &str = "\
orgs: { acme: { owner: root, timezone: Europe/Berlin } }
users:
  root:
  nina:
  ben: { same_as: nina }
  gone: { disabled: true }
  temp: { from: 2026-06-01, until: 2026-09-30 }
  desk: { networks: [office] }
networks: { office: 10.1.0.0/16 }
schedules:
  night: { weekly: { mon-fri: [22:00-06:00] } }
  weekend: { weekly: { sat-sun: [00:00-24:00] } }
  mornings: { weekly: { mon-sun: [08:00-09:00] } }
teams:
  guards: { members: [team:night-guards, nina] }
  night-guards: { members: [gone, temp, desk, team:deep], schedule: night }
  deep: { members: [nina] }
sites:
  hq: { recorder: nvr, groups: { lobby: { groups: { vault: { exclude: true } } } } }
  yard:
recorders: { nvr: { owner: temp }, dark: { sharing: false } }
device_groups: { police: , doors: { devices: [gate] } }
devices:
  gate: { in: hq/lobby }
  mic: { in: hq/lobby, kind: microphone }
  safe: { in: hq/lobby/vault }
  hidden: { in: yard, device_groups: [exclude] }
  lost: { recorder: dark }
  loose:
layouts: { wall: { devices: [gate], in: hq } }
roles:
  watcher: { allow: [live.view, archive.*] }
  careful: { extends: watcher, without: [archive.export] }
";

struct Case {
    name: &'static str,
    more: &'static str,
    ask: (&'static str, &'static str, &'static str),
    at: Option<&'static str>,
    address: Option<&'static str>,
}

/// A case at an unknown instant from an unknown address.
const fn case(name: &'static str, ask: (&'static str, &'static str, &'static str), more: &'static str) -> Case {
    Case { name, more, ask, at: None, address: None }
}

impl Case {
    const fn at(self, at: &'static str) -> Case {
        Case { at: Some(at), ..self }
    }

    const fn from(self, address: &'static str) -> Case {
        Case { address: Some(address), ..self }
    }
}

/// 2026-11-24 is a Tuesday.
const NOON: &str = "2026-11-24T12:00:00+01:00";

const CASES: &[Case] = &[
    case(
        "a grant through teams and places",
        ("nina", "live.view", "device:gate"),
        "
grants: [{ id: watch, to: team:guards, role: careful, scope: site:hq }]",
    ),
    case(
        "an owner needs nothing else",
        ("root", "archive.export", "device:safe"),
        "
grants: [{ to: everyone, deny: ['*'], scope: all }]",
    ),
    case("the owner of a recorder, whose account has ended", ("temp", "live.view", "device:gate"), "").at(NOON),
    case(
        "same_as is explained",
        ("ben", "live.view", "device:gate"),
        "
grants: [{ id: watch, to: nina, allow: live.view, scope: device_group:doors }]",
    ),
    case(
        "links, layouts and everyone",
        ("desk", "live.view", "device:gate"),
        "
grants: [{ id: watch, to: everyone, allow: [live.view, layout.view], scope: layout:wall }]",
    )
    .from("10.1.2.3"),
    case(
        "no grant reaches",
        ("nina", "live.view", "device:gate"),
        "
grants:
  - { id: elsewhere, to: nina, allow: live.view, scope: site:yard }
  - { id: others, to: desk, allow: live.view, scope: device:gate }
  - { id: less, to: nina, allow: ptz.control, scope: all }",
    ),
    case(
        "narrowed away by only",
        ("nina", "live.view", "device:gate"),
        "
grants: [{ id: police-only, to: nina, allow: live.view, scope: site:hq, only: [police] }]",
    ),
    case(
        "narrowed away by kinds",
        ("nina", "live.view", "device:mic"),
        "
grants: [{ id: cameras, to: nina, allow: live.view, scope: site:hq, kinds: [camera] }]",
    ),
    case(
        "narrowed away by except",
        ("nina", "live.view", "device:gate"),
        "
grants: [{ id: all-but, to: everyone, except: [team:deep, desk], allow: live.view, scope: site:hq }]",
    ),
    case(
        "narrowed away by except_scope",
        ("nina", "live.view", "device:gate"),
        "
grants: [{ id: around, to: nina, allow: live.view, scope: site:hq, except_scope: group:hq/lobby }]",
    ),
    case(
        "read_only leaves it out",
        ("nina", "archive.export", "device:gate"),
        "
grants: [{ id: look, to: nina, role: watcher, scope: site:hq, read_only: true }]",
    ),
    case(
        "a role takes it out again",
        ("nina", "archive.export", "device:gate"),
        "
grants: [{ id: look, to: nina, role: careful, scope: site:hq }]",
    ),
    case(
        "given but denied",
        ("nina", "live.view", "device:gate"),
        "
grants:
  - { id: look, to: nina, allow: live.view, scope: site:hq }
  - { id: not-there, to: team:deep, deny: [live.*], scope: group:hq/lobby }",
    ),
    case(
        "denied from outside alone, from an unknown address",
        ("nina", "live.view", "device:gate"),
        "
grants:
  - { id: look, to: nina, allow: live.view, scope: site:hq }
  - { id: inside-only, to: everyone, deny: live.view, scope: all, outside: office }",
    ),
    case(
        "excluded on a place above",
        ("nina", "live.view", "device:safe"),
        "
grants: [{ id: look, to: nina, allow: live.view, scope: site:hq }]",
    ),
    case(
        "excluded on the device",
        ("nina", "live.view", "device:hidden"),
        "
grants: [{ id: look, to: nina, allow: live.view, scope: site:yard }]",
    ),
    case(
        "a recorder that shares nothing",
        ("nina", "live.view", "device:lost"),
        "
grants: [{ id: look, to: nina, allow: live.view, scope: unassigned }]",
    ),
    case(
        "consent is pending",
        ("nina", "live.view", "device:gate"),
        "
grants: [{ id: offer, to: nina, allow: live.view, scope: site:hq, consent: pending }]",
    ),
    case(
        "consent was rejected",
        ("nina", "live.view", "device:gate"),
        "
grants: [{ id: offer, to: nina, allow: live.view, scope: site:hq, consent: rejected }]",
    ),
    case(
        "not enabled",
        ("nina", "live.view", "device:gate"),
        "
grants: [{ id: off, to: nina, allow: live.view, scope: site:hq, enabled: false }]",
    ),
    case(
        "a disabled user",
        ("gone", "live.view", "device:gate"),
        "
grants: [{ id: look, to: team:night-guards, allow: live.view, scope: site:hq }]",
    )
    .at("2026-11-24T23:00:00+01:00"),
    case(
        "an account that has ended, and a shift that is over",
        ("temp", "site.edit", "site:hq"),
        "
grants: [{ id: look, to: temp, allow: site.edit, scope: site:hq }]",
    )
    .at(NOON),
    case(
        "a grant that has ended",
        ("nina", "live.view", "device:gate"),
        "
grants: [{ id: autumn, to: nina, allow: live.view, scope: site:hq, until: 2026-10-31 }]",
    )
    .at(NOON),
    case(
        "a grant that has not begun",
        ("nina", "live.view", "device:gate"),
        "
grants: [{ id: winter, to: nina, allow: live.view, scope: site:hq, from: 2026-12-01, schedule: night }]",
    )
    .at(NOON),
    case(
        "outside the schedule",
        ("nina", "live.view", "device:gate"),
        "
grants: [{ id: saturdays, to: nina, allow: live.view, scope: site:hq, schedule: weekend }]",
    )
    .at(NOON),
    case(
        "outside the shift of a team",
        ("desk", "live.view", "device:gate"),
        "
grants: [{ id: look, to: team:guards, allow: live.view, scope: site:hq }]",
    )
    .at(NOON)
    .from("10.1.2.3"),
    case(
        "two schedules that never meet",
        ("desk", "live.view", "device:gate"),
        "
grants: [{ id: look, to: team:guards, allow: live.view, scope: site:hq, schedule: mornings }]",
    )
    .at(NOON)
    .from("10.1.2.3"),
    case(
        "an instant that is not known",
        ("desk", "live.view", "device:gate"),
        "
grants: [{ id: look, to: team:guards, allow: live.view, scope: site:hq }]",
    )
    .from("10.1.2.3"),
    case(
        "an address outside the grant's networks",
        ("nina", "live.view", "device:gate"),
        "
grants: [{ id: look, to: nina, allow: live.view, scope: site:hq, networks: [office, 192.0.2.0/24] }]",
    )
    .from("203.0.113.9"),
    case(
        "an address outside the user's networks",
        ("desk", "live.view", "device:gate"),
        "
grants: [{ id: look, to: desk, allow: live.view, scope: site:hq }]",
    )
    .from("203.0.113.9"),
    case(
        "a capability that does not apply",
        ("nina", "live.view", "site:hq"),
        "
grants: [{ id: look, to: nina, allow: live.view, scope: site:hq }]",
    ),
    case(
        "a layout needs its devices",
        ("nina", "layout.view", "layout:wall"),
        "
grants: [{ id: look, to: nina, allow: site.edit, scope: site:hq }]",
    ),
    case(
        "a link whose maker may not share",
        ("link:show", "live.view", "device:gate"),
        "
grants: [{ id: look, to: nina, allow: live.view, scope: site:hq }]
links: { show: { devices: gate, created_by: nina, from: 2026-11-01, until: 2026-11-30 } }",
    )
    .at(NOON),
    case(
        "a link that gives",
        ("link:show", "live.view", "device:gate"),
        "
grants: [{ id: look, to: nina, allow: [live.view, link.share], scope: site:hq, schedule: night }]
links: { show: { devices: gate, created_by: nina, from: 2026-11-01, until: 2026-11-30 } }",
    )
    .at(NOON),
    case(
        "a link that is off, over and opens something else",
        ("link:show", "archive.view", "device:mic"),
        "
grants: [{ id: look, to: nina, role: watcher, allow: link.share, scope: site:hq }]
links: { show: { devices: gate, created_by: nina, from: 2026-10-01, until: 2026-10-31, enabled: false } }",
    )
    .at(NOON),
    case(
        "everything at once",
        ("gone", "archive.export", "device:safe"),
        "
grants:
  - { id: look, to: team:night-guards, role: careful, scope: site:hq, networks: office, until: 2026-10-31 }
  - { id: stop, to: everyone, deny: archive.export, scope: all }",
    )
    .at(NOON)
    .from("203.0.113.9"),
];

/// The answer to a case; edits that are found are shown, three of them.
fn answer(case: &Case) -> WhyAnswer {
    let compiled = compile_text(&format!("{BASE}{}\n", case.more));
    let policy = compiled.policy.as_ref().unwrap_or_else(|| panic!("{}: {:#?}", case.name, lines(&compiled)));
    let rights = &policy.orgs[0];
    let org = &rights.org;
    let (subject, capability, resource) = case.ask;
    let who = match subject.strip_prefix("link:") {
        Some(id) => Who::Link(org.links.iter().find(|(_, link)| &*link.id == id).unwrap().0),
        None => Who::User(org.users.iter().find(|(_, user)| &*user.id == subject).unwrap().0),
    };
    let mut resources = rights.graph.containment.resources();
    let resource = resources.find(|(_, one)| one.text(org) == resource).unwrap().0;
    let at = case.at.map(|at| at.parse::<Timestamp>().unwrap());
    let request =
        Request { at: at.map(Timestamp::as_second), address: case.address.map(|address| address.parse().unwrap()) };
    let capability = vocabulary().number(capability).unwrap();
    let asker = Asker { rights, sources: &compiled.sources };
    let answer = asker.why(Question { who, capability, resource, request });
    let edits: Edits = asker.edits(&answer, 256);
    let explained: WhyTold = asker.tell(&answer, &edits, 3);
    let pairs = PairsTold { yes: u64::from(answer.yes), no: u64::from(!answer.yes) };
    WhyAnswer { yes: answer.yes, org: org.id.to_string(), at: None, address: None, pairs, explained }
}

#[test]
fn every_kind_of_obstacle_is_named_with_its_place() {
    let mut text = String::new();
    for case in CASES {
        let (subject, capability, resource) = case.ask;
        text += &format!("=== {} ===\n$ why {subject} {capability} {resource}", case.name);
        text += &case.at.map(|at| format!(" --at {at}")).unwrap_or_default();
        text += &case.address.map(|address| format!(" --address {address}")).unwrap_or_default();
        text += &format!("\n{}\n", why_answer_text(&answer(case)));
    }
    reviewed("why", "obstacles", &text);
}

/// What tools read says the same: every kind of obstacle and miss is met, and each of its words is documented.
#[test]
fn the_words_of_obstacles_are_those_of_the_reference() {
    let reference = include_str!("../docs/commands.md");
    let mut kinds = std::collections::BTreeSet::new();
    for case in CASES {
        let told = answer(case).explained;
        kinds.extend(told.obstacles.iter().map(|one| one.kind));
        kinds.extend(told.near.iter().flat_map(|near| &near.misses).map(|one| one.kind));
        let routes = told.grants.iter().chain(&told.denials).flat_map(|given| &given.subject);
        kinds.extend(routes.flat_map(|route| &route.unmet).map(|one| one.kind));
    }
    let undocumented: Vec<_> = kinds.iter().filter(|kind| !reference.contains(&format!("`{kind}`"))).collect();
    assert!(undocumented.is_empty(), "{undocumented:?}");
    assert!(kinds.len() > 25, "only these are met: {kinds:?}");
}
