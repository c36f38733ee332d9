//! `timeline` from outside: a session at the hospital, what tools read, and what is no question.

use std::path::Path;

use super::{Folder, POLICY, reviewed};

const SESSION: [&[&str]; 7] = [
    &["bruno@klinik.example", "live.view", "device:nord-er-desk", "--from", "2026-11-23T00:00:00+01:00"],
    // the night on which the clock goes back
    &[
        "bruno@klinik.example",
        "live.view",
        "device:nord-er-desk",
        "--from",
        "2026-10-24T12:00:00+02:00",
        "--until",
        "2026-10-25T12:00:00+01:00",
    ],
    &["bruno@klinik.example", "--from", "2026-11-23T00:00:00+01:00", "--until", "2026-11-24T00:00:00+01:00"],
    &[
        "team:guards",
        "group:nord/emergency",
        "--from",
        "2026-11-23T12:00:00+01:00",
        "--until",
        "2026-11-24T12:00:00+01:00",
        "--address",
        "10.20.1.1",
    ],
    &["olaf@klinik.example", "archive.export", "--now", "2026-11-24T12:00:00+01:00"],
    &["link:dock-medical-gases", "--from", "2027-01-01T00:00:00+01:00", "--until", "2027-02-01T00:00:00+01:00"],
    &["--now", "2026-11-24T12:00:00+01:00"],
];

#[test]
fn a_session_at_the_hospital() {
    let folder = Folder::new(&[]);
    let hospital = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/hospital");
    let mut text = String::new();
    for question in SESSION {
        let run = folder.run(&[&["timeline"], question, &["-p", hospital.to_str().unwrap()]].concat());
        assert_eq!((run.stderr.as_str(), run.status), ("", 0), "{question:?}");
        text += &format!("$ camgrant timeline {}\n{}\n", question.join(" "), run.stdout);
    }
    reviewed("timeline", &text);
}

#[test]
fn tools_read_the_same() {
    let folder = Folder::new(&[("policy.yaml", POLICY)]);
    let json = |arguments: &[&str]| -> serde_json::Value {
        let run = folder.run(&[&["timeline"], arguments, &["-p", "policy.yaml", "--format", "json"]].concat());
        serde_json::from_str(&run.stdout).unwrap_or_else(|error| panic!("{error}: {run:?}"))
    };
    let told = json(&["nina@acme.example", "ptz.control", "device:gate", "--now", "2026-12-30T00:00:00Z"]);
    assert_eq!((&told["cut"], told["blocks"].as_array().unwrap().len()), (&false.into(), 1));
    let spans = told["blocks"][0]["spans"].as_array().unwrap();
    assert_eq!(spans.len(), 1, "{told}");
    assert_eq!(spans[0]["from"], "2026-12-30T00:00:00+00:00");
    assert_eq!(spans[0]["until"], "2027-01-01T00:00:00+00:00");
    assert_eq!(spans[0]["when"][0]["networks"][0], "10.0.0.0/8");

    let ahead = json(&["--now", "2026-12-21T00:00:00Z"]);
    let turns = ahead["turns"].as_array().unwrap();
    assert_eq!(turns.len(), 2, "{ahead}");
    assert_eq!(turns[0]["lost"][0]["subjects"]["members"][0], "link:dock-xmas");
    assert_eq!(turns[1]["at"], "2027-01-01T00:00:00+00:00");
    assert_eq!(turns[1]["lost"][0]["before"]["when"][0]["networks"][0], "10.0.0.0/8");
}

#[test]
fn what_is_no_question_is_told() {
    let folder = Folder::new(&[("policy.yaml", POLICY)]);
    let refusal = |arguments: &[&str]| folder.refusal(&[&["timeline"], arguments, &["-p", "policy.yaml"]].concat());
    let near = refusal(&["nina@acme.example", "live.veiw"]);
    assert!(near.contains("did you mean `live.view`?"), "{near}");
    let near = refusal(&["nina@acme.example", "device:gte"]);
    assert!(near.contains("did you mean `device:gate`?"), "{near}");
    let order = refusal(&["nina@acme.example", "--from", "2026-12-30T00:00:00Z", "--until", "2026-12-30T00:00:00Z"]);
    assert!(order.contains("`--until` is not after `--from`"), "{order}");
    let nothing = refusal(&["nina@acme.example", "layout.view", "site:yard"]);
    assert!(nothing.contains("`layout.view` applies to nothing in the reach of `site:yard`"), "{nothing}");
}
