//! `why`, `who` and `what` from outside: what they print, how they end, and a session on the hospital.

use std::path::Path;

use super::{Folder, POLICY, reviewed};

/// An auditor at the hospital.
const SESSION: [&[&str]; 11] = [
    &["why", "olaf@klinik.example", "archive.export", "device:nord-vault-door", "--address", "10.20.1.1"],
    &["why", "bruno@klinik.example", "live.view", "device:nord-er-desk", "--at", "2026-11-24T12:00:00+01:00"],
    &["why", "trainee@klinik.example", "live.view", "device:nord-er-shock-1", "--edits", "2"],
    &["why", "link:dock-medical-gases", "live.view", "device:nord-dock-1", "--at", "2027-01-12T12:00:00+01:00"],
    &["why", "team:nursing", "live.view", "device_group:waiting-areas", "--edits", "0"],
    &["why", "vera@klinik.example", "archive.export", "all", "--edits", "0"],
    &["who", "archive.export", "group:nord/pharmacy/vault", "--by-grant"],
    &["who", "live.view", "site:park", "--at", "2026-11-24T23:30:00+01:00", "--address", "10.40.1.17"],
    &["who", "access.manage", "site:park"],
    &["what", "bruno@klinik.example"],
    &["what", "team:guards", "site:sued", "--at", "2026-11-24T23:00:00+01:00"],
];

#[test]
fn a_session_at_the_hospital() {
    let folder = Folder::new(&[]);
    let hospital = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/hospital");
    let mut text = String::new();
    for question in SESSION {
        let run = folder.run(&[question, &["-p", hospital.to_str().unwrap()]].concat());
        assert_eq!(run.stderr, "", "{question:?}");
        text += &format!("$ camgrant {}\n{}[{}]\n\n", question.join(" "), run.stdout, run.status);
    }
    reviewed("hospital", &text);
}

#[test]
fn why_ends_as_can_does() {
    let folder =
        Folder::new(&[("policy.yaml", POLICY), ("broken/policy.yaml", "orgs: { acme: }\nusers: { a: , a: }\n")]);
    for question in [
        ["nina@acme.example", "live.view", "device:gate"],
        ["nina@acme.example", "ptz.control", "device:gate"],
        ["ben@acme.example", "live.view", "all"],
        ["root@acme.example", "live.view", "all"],
        ["link:dock-xmas", "live.view", "device:dock"],
        ["root@acme.example", "live.view", "site:hq"],
        ["ghost@acme.example", "live.view", "device:gate"],
        ["nina@acme.example", "live.veiw", "device:gate"],
    ] {
        let end = |command: &str| folder.run(&[&[command], question.as_slice(), &["-p", "policy.yaml"]].concat());
        let (can, why) = (end("can"), end("why"));
        assert_eq!(can.status, why.status, "{question:?}");
        if can.status == 2 {
            assert_eq!(can.stderr, why.stderr, "{question:?}");
        }
    }
    let broken = folder.run(&["why", "a", "live.view", "all", "-p", "broken"]);
    assert_eq!((broken.status, broken.stdout.as_str()), (2, ""), "{broken:?}");
    assert!(broken.stderr.contains("CG0"), "{broken:?}");
}

#[test]
fn tools_read_the_same() {
    let folder = Folder::new(&[("policy.yaml", POLICY)]);
    let json = |arguments: &[&str]| -> serde_json::Value {
        let run = folder.run(&[arguments, &["-p", "policy.yaml", "--format", "json"]].concat());
        serde_json::from_str(&run.stdout).unwrap_or_else(|error| panic!("{error}: {run:?}"))
    };
    let why = json(&["why", "ben@acme.example", "live.view", "device:gate"]);
    assert_eq!(why["yes"], false);
    assert_eq!(why["explained"]["obstacles"][0]["kind"], "not_given");
    assert_eq!(why["explained"]["near"][0]["grant"]["place"]["line"], 12);
    let yaml = "- { to: ben@acme.example, allow: [live.view], scope: device:gate }";
    assert_eq!(why["explained"]["edits"][0]["changes"][0]["yaml"], yaml);
    assert_eq!(why["explained"]["edits"][0]["gained"]["rights"], 0);

    let who = json(&["who", "ptz.control", "device:gate"]);
    assert_eq!(who["subjects"]["members"], serde_json::json!(["user:nina@acme.example", "user:root@acme.example"]));
    let conditional = who["blocks"].as_array().unwrap().iter().find(|block| !block["when"].is_null()).unwrap();
    assert_eq!(conditional["when"][0]["networks"][0], "10.0.0.0/8");

    let what = json(&["what", "nina@acme.example", "site:hq"]);
    assert_eq!(what["subjects"]["count"], 1);
    assert!(what["rights"].as_u64().unwrap() > 2, "{what}");
}

#[test]
fn a_scope_where_the_capability_applies_to_nothing_is_no_question() {
    let folder = Folder::new(&[("policy.yaml", POLICY)]);
    let refused = folder.refusal(&["who", "layout.view", "site:yard", "-p", "policy.yaml"]);
    assert!(refused.contains("`layout.view` applies to nothing in the reach of `site:yard`"), "{refused}");
    let near = folder.refusal(&["what", "nina@acme.exmaple", "-p", "policy.yaml"]);
    assert!(near.contains("did you mean `user:nina@acme.example`?"), "{near}");
    let near = folder.refusal(&["who", "live.view", "device:gte", "-p", "policy.yaml"]);
    assert!(near.contains("did you mean `device:gate`?"), "{near}");
}
