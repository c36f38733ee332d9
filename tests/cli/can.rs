//! Yes or no, from a policy and from a table.

use super::{Folder, POLICY};

/// The exit status, which must be the one that the answer says.
fn answer(folder: &Folder, question: &[&str]) -> i32 {
    let run = folder.run(&[&["can"], question].concat());
    let expected = ["yes\n", "no\n"].iter().position(|answer| *answer == run.stdout);
    assert_eq!((Some(run.status as usize), run.stderr.as_str()), (expected, ""), "{question:?} {run:?}");
    run.status
}

#[test]
fn yes_is_zero_and_no_is_one() {
    let folder = Folder::new(&[("policy/policy.yaml", POLICY)]);
    folder.result(&["compile", "policy", "-o", "table.json"]);
    for source in [["-p", "policy"], ["--table", "table.json"]] {
        let ask = |question: &[&str]| answer(&folder, &[question, source.as_slice()].concat());
        assert_eq!(ask(&["nina@acme.example", "live.view", "device:gate"]), 0);
        assert_eq!(ask(&["user:NINA@acme.example", "live.view", "device:lobby-1"]), 0);
        assert_eq!(ask(&["nina@acme.example", "live.view", "device:dock"]), 1);
        assert_eq!(ask(&["nina@acme.example", "archive.view", "device:gate"]), 1);
        assert_eq!(ask(&["ben@acme.example", "live.view", "device:gate"]), 1);
        assert_eq!(ask(&["root@acme.example", "access.manage", "org"]), 0);

        let turn = ["nina@acme.example", "ptz.control", "device:gate"];
        assert_eq!(ask(&turn), 1);
        let office = ["--at", "2026-12-31T23:00:00+01:00", "--address", "10.1.2.3"];
        assert_eq!(ask(&[turn.as_slice(), &office].concat()), 0);
        assert_eq!(ask(&[turn.as_slice(), &["--at", "2027-01-02T00:00:00Z", "--address", "10.1.2.3"]].concat()), 1);
        assert_eq!(ask(&["link:dock-xmas", "live.view", "device:dock", "--at", "2026-12-24T12:00:00Z"]), 0);
        assert_eq!(ask(&["link:dock-xmas", "live.view", "device:dock"]), 1);
    }
    assert_eq!(answer(&folder, &["root@acme.example", "device_group.view", "device_group:POLICE", "-p", "policy"]), 0);
}

#[test]
fn a_mistyped_question_is_no_no() {
    let folder = Folder::new(&[("policy.yaml", POLICY)]);
    for (question, help) in [
        (["nnia@acme.example", "live.view", "device:gate"], "did you mean `user:nina@acme.example`?"),
        (["nina@acme.example", "live.veiw", "device:gate"], "did you mean `live.view`?"),
        (["nina@acme.example", "live.view", "device:gaet"], "did you mean `device:gate`?"),
        (["nina@acme.example", "live.view", "devcie:gate"], "did you mean `device:gate`?"),
        (["nina@acme.example", "live.view", "gate"], "a kind and an id"),
        (["nina@acme.example", "ptz.*", "device:gate"], "several capabilities"),
        (["everyone", "live.view", "device:gate"], "no single subject"),
    ] {
        let refusal = folder.refusal(&[&["can"], question.as_slice()].concat());
        assert!(refusal.contains(help), "{question:?} {refusal}");
    }
    let question = ["can", "nina@acme.example", "live.view", "device:gate"];
    for (more, help) in [
        (["--org", "acne"], "did you mean `acme`?"),
        (["--at", "2026-12-31"], "--at"),
        (["--address", "10.0.0.0/8"], "--address"),
        (["--table", "no-such.json"], "cannot read `no-such.json`: no such file or folder"),
        (["--table", "policy.yaml"], "`policy.yaml`: not a table"),
    ] {
        let refusal = folder.refusal(&[question.as_slice(), &more].concat());
        assert!(refusal.contains(help), "{more:?} {refusal}");
    }
}

#[test]
fn several_organisations_have_to_be_told_apart() {
    let two = "orgs: { acme: {}, globex: {} }\n---\norg: acme\nusers: { nina: {} }\ndevices: { gate: {} }\n\
               grants: [{ to: nina, role: std/live, scope: all }]\n---\norg: globex\nusers: { nina: {} }\n\
               devices: { gate: {} }\n";
    let folder = Folder::new(&[("policy.yaml", two)]);
    let refusal = folder.refusal(&["can", "nina", "live.view", "device:gate"]);
    assert!(refusal.contains("choose one with `--org`: `acme`, `globex`"), "{refusal}");
    assert_eq!(answer(&folder, &["nina", "live.view", "device:gate", "--org", "acme"]), 0);
    assert_eq!(answer(&folder, &["nina", "live.view", "device:gate", "--org", "globex"]), 1);
}

#[test]
fn a_policy_with_errors_gives_no_answer() {
    let folder = Folder::new(&[("policy.yaml", POLICY), ("more.yaml", "teams: { guards: { members: nobody } }\n")]);
    let refusal = folder.refusal(&["can", "nina@acme.example", "live.view", "device:gate"]);
    assert!(refusal.contains("error[CG0301]"), "{refusal}");
}

#[test]
fn a_team_is_its_users_and_a_scope_is_what_it_reaches() {
    let more = "# camgrant: allow(unused-team) only asked for\n\
                teams: { guards: { members: team:night }, night: { members: nina@acme.example }, none: { members: [] } }\n\
                grants: [{ to: team:guards, allow: archive.view, scope: all }]\n";
    let folder = Folder::new(&[("policy.yaml", POLICY), ("more.yaml", more)]);
    assert_eq!(answer(&folder, &["team:guards", "archive.view", "all"]), 0);
    assert_eq!(answer(&folder, &["team:guards", "live.view", "device:gate"]), 0);
    assert_eq!(answer(&folder, &["team:guards", "live.view", "all"]), 1);
    let late = "# camgrant: allow(unused-team) only asked for\nteams: { late: { members: [ben@acme.example, team:guards] } }\n";
    folder.write("ben.yaml", late);
    assert_eq!(answer(&folder, &["team:late", "archive.view", "device:gate"]), 1);
    folder.result(&["compile", "-o", "table.json"]);
    for (question, help) in [
        (["team:gaurds", "archive.view", "all"].as_slice(), "did you mean `guards`?"),
        (&["team:none", "archive.view", "all"], "has no users"),
        (&["ben@acme.example", "archive.view", "unassigned"], "applies to nothing in this scope"),
        (&["ben@acme.example", "archive.view", "all", "--table", "table.json"], "ask the policy"),
    ] {
        let refusal = folder.refusal(&[&["can"], question].concat());
        assert!(refusal.contains(help), "{question:?} {refusal}");
    }
}

#[test]
fn a_capability_that_does_not_apply_is_no_with_a_note() {
    let folder = Folder::new(&[("policy.yaml", POLICY)]);
    let run = folder.run(&["can", "nina@acme.example", "live.view", "site:hq"]);
    assert_eq!((run.status, run.stdout.as_str()), (1, "no\n"));
    assert_eq!(run.stderr, "note: `live.view` does not apply to a resource of kind `site`\n");
}
