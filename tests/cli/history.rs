//! Policies at revisions: `git:REV`, and who could in which revision. Each test makes a small repository of its own, whose
//! commits have fixed dates.

use super::program::Run;
use super::repository::git;
use super::{Folder, reviewed};

/// What the hospital's vault was told, version by version; the third does not compile.
const VERSIONS: [(&str, &str); 5] = [
    ("2026-01-10T00:00:00Z", "  - { to: nina, allow: archive.export, scope: group:hq/vault }"),
    (
        "2026-03-10T12:00:00Z",
        "  - { to: [nina, ben], allow: archive.export, scope: group:hq/vault, until: 2026-03-20 }",
    ),
    ("2026-03-25T00:00:00Z", "  - { to: nobody, allow: archive.export, scope: group:hq/vault }"),
    ("2026-03-28T00:00:00Z", "  - { to: team:night, allow: archive.export, scope: group:hq/vault }"),
    ("2026-05-01T00:00:00Z", "  - { to: team:night, allow: archive.export, scope: group:hq/vault, reason: VID-1 }"),
];

fn policy(grant: &str) -> String {
    format!(
        "orgs: {{ acme: {{ owner: root }} }}\nusers: {{ root: , nina: , ben: , eve: , late: {{ from: 2026-04-15 }} }}\n\
         schedules: {{ nights: {{ weekly: {{ mon-sun: [22:00-06:00] }} }} }}\n\
         teams: {{ night: {{ members: [eve, late], schedule: nights }} }}\n\
         sites: {{ hq: {{ groups: {{ vault: }} }} }}\ndevices: {{ safe: {{ in: hq/vault }}, door: {{ in: hq/vault }} }}\n\
         grants:\n{grant}\n"
    )
}

/// A repository with the policy in a folder of it, and something else beside.
fn repository() -> Folder {
    let folder = Folder::new(&[("README.md", "hello\n")]);
    git(&folder, "2026-01-01T00:00:00Z", &["init", "--quiet"]);
    for (number, (date, grant)) in VERSIONS.iter().enumerate() {
        folder.write("policy/vault.yaml", &policy(grant));
        git(&folder, date, &["add", "."]);
        git(&folder, date, &["commit", "--quiet", "-m", "a change"]);
        git(&folder, date, &["tag", &format!("v{}", number + 1)]);
    }
    git(&folder, "2026-06-01T00:00:00Z", &["commit", "--quiet", "--allow-empty", "-m", "nothing"]);
    folder
}

#[test]
fn who_could_last_march() {
    let folder = repository();
    let march = ["--between", "2026-03-01T00:00:00Z", "2026-04-01T00:00:00Z"];
    let who = ["who", "archive.export", "group:hq/vault", "-p", "policy", "--history", "v1..main"];
    let mut text = String::new();
    for more in [&march[..], &[], &["--tags", "v[145]"]] {
        let arguments = [&who, more].concat();
        // ids of commits are those of their dates and texts, and so always the same
        text += &format!("$ camgrant {}\n{}\n", arguments.join(" "), folder.result(&arguments));
    }
    reviewed("history", &text);
    let json = folder.result(&[&who, &march[..], &["--format", "json"]].concat());
    let told: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!(told["subjects"]["user:ben"][0]["from"], "2026-03-10T12:00:00Z");
    assert!(told["periods"][2]["gap"].as_str().unwrap().contains("CG0301"), "{told:#}");
}

#[test]
fn a_policy_is_read_at_a_revision_without_a_checkout() {
    let folder = repository();
    let inside = Folder::new(&[]);
    git(&inside, "2026-01-01T00:00:00Z", &["clone", "--quiet", folder.path().to_str().unwrap(), "."]);
    let policy = |revision: &str| format!("git:{revision}");
    let at = |revision: &str, subject: &str| {
        let mut command = inside.command(&[
            "why",
            subject,
            "archive.export",
            "device:safe",
            "--edits",
            "0",
            "-p",
            &policy(revision),
            "--at",
            "2026-03-15T00:00:00Z",
        ]);
        command.current_dir(inside.path().join("policy")).output().unwrap()
    };
    let status = |revision: &str, subject: &str| at(revision, subject).status.code();
    assert_eq!(status("v1", "nina"), Some(0));
    assert_eq!(status("v1", "ben"), Some(1));
    assert_eq!(status("v2", "ben"), Some(0));
    assert_eq!(status("HEAD", "nina"), Some(1));
    assert_eq!(status("v3", "nina"), Some(2));
    let unknown = at("v9", "nina");
    assert_eq!(unknown.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&unknown.stderr).contains("there is no revision `v9`"), "{unknown:?}");
    let option = at("--output=x", "nina");
    assert_eq!(option.status.code(), Some(2), "{option:?}");
    assert!(!inside.path().join("policy/x").exists());
}

#[test]
fn a_revision_is_checked_tested_and_compiled_as_its_folder_was() {
    let folder = repository();
    let inside = |arguments: &[&str]| {
        let mut command = folder.command(arguments);
        Run::of(command.current_dir(folder.path().join("policy")).output().unwrap())
    };
    git(&folder, "2026-07-01T00:00:00Z", &["checkout", "--quiet", "v1"]);
    let table = inside(&["compile", "."]).stdout;
    let policy = folder.read("policy/vault.yaml");
    git(&folder, "2026-07-01T00:00:00Z", &["checkout", "--quiet", "main"]);
    assert_eq!(inside(&["compile", "git:v1"]).stdout, table);
    assert_ne!(inside(&["compile", "."]).stdout, table);
    // where its files stand is told from the repository
    let check = inside(&["check", "git:v3", "--format", "github"]);
    assert_eq!(check.status, 1, "{check:?}");
    assert!(check.stdout.starts_with("::error file=policy/vault.yaml,"), "{check:?}");
    assert_eq!(inside(&["check", "git:v1", "--now", "2026-02-01T00:00:00Z"]).status, 0);
    for (arguments, says) in [
        (&["check", "git:v3", "--fix"][..], "a revision cannot be fixed"),
        (&["check", "git:v3", "--watch"], "a revision cannot be watched"),
        (&["compile", "git:v1", "-o", "vault.yaml"], "is a file of the policy"),
        (&["check", "git:v9"], "there is no revision `v9`"),
    ] {
        let run = inside(arguments);
        assert!(run.status == 2 && run.stderr.contains(says), "{arguments:?}: {run:?}");
    }
    assert_ne!(folder.read("policy/vault.yaml"), policy);
}

#[test]
fn what_is_no_history_is_refused() {
    let folder = Folder::new(&[("policy/a.yaml", "orgs: { acme: }\n")]);
    let who = ["who", "archive.export", "all", "-p", "policy", "--history"];
    let refusal = folder.refusal(&[&who[..], &["a..b"]].concat());
    assert!(refusal.contains("git cannot read `policy`"), "{refusal}");
    let folder = repository();
    let refusal = folder.refusal(&[&who[..], &["v1"]].concat());
    assert!(refusal.contains("`v1` is no range of revisions"), "{refusal}");
    let refusal = folder.refusal(&[&who[..], &["v1..v9"]].concat());
    assert!(refusal.contains("there is no revision `v9`"), "{refusal}");
    let wrong = ["--between", "2026-04-01T00:00:00Z", "2026-03-01T00:00:00Z"];
    let refusal = folder.refusal(&[&who[..], &["v1..v2"], &wrong].concat());
    assert!(refusal.contains("is not after the first"), "{refusal}");
}
