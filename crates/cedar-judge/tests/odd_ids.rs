//! Ids that no policy may have: whatever stands in one, it stays an id.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // a test fails by panicking

use camgrant_cedar_judge::{Engine, Known, cedar, compile, uid};

const POLICY: &str = "
orgs: { acme: {} }
users: { nina: {}, ben: {} }
teams: { guards: { members: nina, schedule: nights } }
schedules: { nights: { weekly: { mon-sun: 22:00-06:00 } } }
sites: { hq: {} }
devices: { gate: { in: hq }, dock: {} }
grants:
  - { to: team:guards, allow: live.view, scope: site:hq }
  - { id: given, to: nina, allow: archive.view, scope: device:dock }
";

const ODD: [&str; 9] = [
    "\"",
    "\\",
    "\\\"",
    "a\"); permit (principal, action, resource); //",
    "line\nbreak\r\ttab\0nul",
    "*",
    "ünï — ❤\u{202e}",
    "\\u{41}\\x41\\*",
    "'",
];

#[test]
fn odd_ids_stay_ids() {
    for odd in ODD {
        let files = [("policy.yaml".to_owned(), POLICY.to_owned())];
        let mut policy = compile(&files).policy.expect("it compiles");
        let org = &mut policy.orgs[0].org;
        let indices: Vec<_> = org.users.indices().collect();
        indices.into_iter().for_each(|user| org.users[user].id = format!("{}{odd}", org.users[user].id).into());
        for team in org.teams.indices().collect::<Vec<_>>() {
            org.teams[team].id = odd.into();
        }
        for schedule in org.schedules.indices().collect::<Vec<_>>() {
            org.schedules[schedule].id = odd.into();
        }
        for place in org.places.indices().collect::<Vec<_>>() {
            org.places[place].path = odd.into();
        }
        for device in org.devices.indices().collect::<Vec<_>>() {
            org.devices[device].id = format!("{}{odd}", org.devices[device].id).into();
        }
        for grant in org.grants.indices().collect::<Vec<_>>() {
            org.grants[grant].id = org.grants[grant].id.is_some().then(|| odd.into());
        }
        let engine =
            Engine::load_with_warnings(&cedar(&[&policy.orgs[0]])).unwrap_or_else(|error| panic!("{odd:?}: {error}"));
        assert!(engine.ids().contains(&format!("grant:{odd}")), "{odd:?}: {:?}", engine.ids());
        assert!(engine.holds("Team", odd) && engine.holds("Site", odd), "{odd:?}");
        let known = Known { instant: Some(0), schedules: Some([odd.to_owned()].into()), address: None };
        let ask = |user: &str, capability: &str, device: &str, known: &Known| {
            let (user, device) = (uid("User", &format!("{user}{odd}")), uid("Device", &format!("{device}{odd}")));
            engine.decide(&user, &uid("Action", capability), &device, known).unwrap()
        };
        assert!(
            ask("nina", "live.view", "gate", &known) && !ask("nina", "live.view", "gate", &Known::default()),
            "{odd:?}"
        );
        assert!(ask("nina", "archive.view", "dock", &known) && !ask("nina", "live.view", "dock", &known), "{odd:?}");
        assert!(!ask("ben", "live.view", "gate", &known) && !ask("ben", "archive.view", "dock", &known), "{odd:?}");
    }
}
