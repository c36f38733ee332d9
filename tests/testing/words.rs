//! Each form of a test, where it holds and where it does not; and how failures are told.

use camgrant::testing::{Failure, tell, tests_text};

use crate::{compiled, failures, now};

/// Two shifts, two offices, a link, an owner, somebody who is disabled.
const POLICY: &str = "\
orgs: { acme: { owner: root, timezone: Europe/Berlin } }
users: { root: , nina: , ben: { same_as: nina }, lena: , gone: { disabled: true } }
teams:
  security: { members: [nina, lena] }
  day: { members: lena, schedule: days }
  night: { members: lena, schedule: nights }
  empty: {}
schedules:
  days: { weekly: { mon-sun: 06:00-22:00 } }
  nights: { weekly: { mon-sun: 22:00-06:00 } }
  tokyo: { timezone: Asia/Tokyo, weekly: { mon-sun: 00:00-01:00 } }
  summer: { weekly: { mon-sun: 17:00-17:30 } }
networks: { low: 0.0.0.0/1, high: [128.0.0.0/1, '::/0'], office: 10.0.0.0/8 }
sites: { hq: { groups: { vault: } } }
devices: { gate: { in: hq }, safe: { in: hq/vault }, mic: { in: hq, kind: microphone }, own: { owner: nina } }
grants:
  - { to: team:security, allow: [live.view, link.share], scope: site:hq }
  - { to: lena, deny: live.view, scope: device:safe, outside: office }
  - { to: team:day, allow: archive.view, scope: device:gate }
  - { to: team:night, allow: [archive.view, archive.export], scope: device:gate }
  - { to: team:day, allow: archive.delete, scope: device:gate }
  - { to: lena, allow: snapshot.take, scope: device:gate, networks: low }
  - { to: lena, allow: snapshot.take, scope: device:gate, networks: high }
  - { to: lena, allow: ptz.control, scope: device:gate, until: 2026-06-30 }
  - { to: lena, allow: ptz.control, scope: device:safe, from: 2026-06-30 }
  - { to: lena, allow: audio.listen, scope: device:mic, schedule: tokyo }
  - { to: lena, allow: audio.talk, scope: device:mic, schedule: summer }
links:
  dock: { devices: gate, from: 2026-01-01, until: 2027-12-31, created_by: nina }
";

/// A test, and why it fails; nothing where it passes.
const CASES: &[(&str, &str)] = &[
    // can: each on each, always
    ("{ to: team:security, can: live.view, scope: device:gate }", ""),
    ("{ to: team:security, can: live.view, scope: site:hq }", "Cannot 1"),
    ("{ to: team:security, can: live.view, scope: site:hq, address: 10.1.2.3 }", ""),
    ("{ to: [team:security, root], can: live.view, scope: device:gate }", ""),
    ("{ to: gone, can: live.view, scope: device:gate }", "Cannot 1"),
    // a user is this very user, a team all that are in it
    ("{ to: nina, can: live.view, scope: device:gate, nobody_else: true }", "Else 3"),
    ("{ to: [team:security, link:dock], can: live.view, scope: device:gate, at: 2026-12-01, nobody_else: true }", ""),
    ("{ to: [team:security, link:dock], can: live.view, scope: device:gate }", "Cannot 1"),
    ("{ to: [team:security], except: nina, can: live.view, scope: device:gate, nobody_else: true }", "Else 2"),
    // shifts that cover the week, networks that cover all addresses
    ("{ to: lena, can: archive.view, scope: device:gate }", ""),
    ("{ to: lena, can: archive.export, scope: device:gate }", "Cannot 1"),
    ("{ to: lena, can: snapshot.take, scope: device:gate }", ""),
    ("{ to: lena, can: snapshot.take, scope: device:gate, at: 2026-12-01 }", ""),
    // what ended before is history, what began before is there
    ("{ to: lena, cannot: ptz.control, scope: device:gate }", ""),
    ("{ to: lena, cannot: ptz.control, scope: device:gate, at: 2026-06-30 }", "Can 1"),
    ("{ to: lena, can: ptz.control, scope: device:safe }", ""),
    // everyone: links and owners too
    ("{ to: everyone, except: team:security, cannot: live.view, scope: device:gate }", "Can 2"),
    ("{ to: everyone, except: [team:security, root, link:dock], cannot: live.view, scope: device:gate }", ""),
    ("{ to: everyone, except: root, cannot: live.view, scope: unassigned }", "Can 1"),
    ("{ to: link:dock, cannot: live.view, scope: all, at: 2028-01-01T00:00:00+01:00 }", ""),
    ("{ to: everyone, except: root, cannot: 'class:take', scope: device:gate }", "Can 2"),
    // at once: the same instant, the same address
    ("{ to: lena, never_together: [archive.view, archive.export], scope: device:gate }", "Together 1"),
    ("{ to: lena, never_together: [archive.delete, archive.export], scope: device:gate }", ""),
    ("{ to: everyone, never_together: [archive.delete, archive.export], scope: device:gate }", "Together 1"),
    ("{ to: lena, never_together: [archive.*, snapshot.*], scope: device:gate }", "Together 1"),
    // 17:00 in Berlin is 01:00 in Tokyo in winter, and 00:00 in summer: half of it meets, and only then
    ("{ to: lena, never_together: [audio.listen, audio.talk], scope: device:mic }", "Together 1"),
    ("{ to: lena, never_together: [audio.listen, audio.talk], scope: device:mic, at: 2026-12-01T17:10:00+01:00 }", ""),
    // counted for each resource
    ("{ to: everyone, max_holders: { live.view: 5 }, scope: site:hq }", ""),
    ("{ to: everyone, max_holders: { live.view: 4 }, scope: site:hq }", "TooMany 4 5 1"),
    ("{ to: everyone, except: root, max_holders: { live.view: 3 }, scope: all }", "TooMany 3 4 1"),
    ("{ to: everyone, max_holders: { 'archive.*': 2, live.view: 9 }, scope: device:gate }", ""),
    // what proves nothing
    ("{ to: team:empty, cannot: live.view, scope: all }", "NamesNobody"),
    ("{ to: lena, except: team:security, cannot: live.view, scope: all }", "NamesNobody"),
    ("{ to: everyone, cannot: [live.view, users.manage], scope: device:gate }", "AppliesToNothing users.manage"),
    ("{ to: lena, cannot: 'users.*', scope: device:gate }", "AppliesToNothing 'users.*'"),
    ("{ to: lena, never_together: [archive.delete, users.manage], scope: all }", "AppliesToNothing users.manage"),
    (
        "{ to: lena, never_together: [archive.delete, users.manage], scope: [org, site:hq] }",
        "AppliesToNothing archive.delete",
    ),
    ("{ to: lena, can: live.view, scope: unassigned }", "Cannot 1"),
];

#[test]
fn each_form_passes_and_fails_where_it_should() {
    let tests: String = CASES.iter().map(|(test, _)| format!("  - {test}\n")).collect();
    let text = format!("{POLICY}tests:\n{tests}");
    let compiled = compiled(&text);
    let rights = &compiled.policy.as_ref().unwrap().orgs[0];
    let failures = failures(rights);
    assert_eq!(failures.len(), CASES.len());
    let mut wrong = String::new();
    for ((case, expected), (_, failure)) in CASES.iter().zip(&failures) {
        let found = match failure {
            None => String::new(),
            Some(Failure::NamesNobody) => "NamesNobody".to_owned(),
            Some(Failure::AppliesToNothing(span)) => {
                format!("AppliesToNothing {}", &text[span.start as usize..span.end as usize])
            }
            Some(Failure::Untrue(untrue)) => {
                let kind = format!("{:?}", untrue.kind).replace([' ', '{', '}', ':'], "");
                let kind = kind.replace("limit", " ").replace(",holders", " ");
                format!("{kind} {}", untrue.count)
            }
        };
        if found != *expected {
            wrong += &format!("{case}: `{found}`, and not `{expected}`\n");
        }
    }
    assert_eq!(wrong, "");
}

/// Failures as people read them, with proofs.
#[test]
fn failures_are_told_with_a_proof() {
    let text = format!(
        "{POLICY}tests:
  - name: security watches, and nobody else
    to: team:security
    can: live.view
    nobody_else: true
    scope: device:gate
  - {{ name: everything is watched, to: team:security, can: live.view, scope: site:hq }}
  - {{ name: \"who \\e[2J deletes does not export\", to: everyone, except: root, never_together: [archive.export, archive.view], scope: all }}
  - {{ to: everyone, max_holders: {{ live.view: 2 }}, scope: site:hq }}
  - {{ name: nobody, to: team:empty, can: live.view, scope: all }}
  - {{ name: nothing, to: everyone, cannot: 'users.*', scope: site:hq }}
  - {{ name: the office looks at the gate, to: lena, can: live.view, scope: device:gate }}
"
    );
    let compiled = compiled(&text);
    let outcome = camgrant::testing::run(&compiled.policy.as_ref().unwrap().orgs[0], now());
    let told = tell(&[outcome], &compiled.sources);
    crate::support::reviewed("testing", "failures", &tests_text(&told, true, true));
}
