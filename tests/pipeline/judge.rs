//! The judge, as GitHub's runner calls it.

use std::fs;
use std::path::PathBuf;

use serde_json::Value;

use super::platform::{AT, GRANTS, Platform, git_in};
use super::program::Run;
use super::{Folder, script};

struct Judged {
    run: Run,
    out: PathBuf,
    runner: Folder,
}

impl Judged {
    fn comment(&self) -> String {
        fs::read_to_string(self.out.join("comment.md")).unwrap_or_else(|error| panic!("{error}: {:?}", self.run))
    }

    /// The line of the comment's table about something.
    fn says(&self, what: &str) -> String {
        let comment = self.comment();
        let row = comment.lines().find_map(|line| line.strip_prefix(&format!("| {what} | ")));
        row.unwrap_or_else(|| panic!("nothing is said of {what}: {comment}")).trim_end_matches(" |").to_owned()
    }
}

/// What GitHub's runner makes of a pull request.
fn judge(platform: &Platform, number: u32, head: &str, settings: &[(&str, &str)]) -> Judged {
    let runner = platform.runner();
    let clone = runner.path().join("clone");
    let mut command = script("github.sh", &runner);
    command.current_dir(&clone);
    command.env("CAMGRANT", env!("CARGO_BIN_EXE_camgrant")).env("CAMGRANT_OUT", runner.path().join("out"));
    command.env("CAMGRANT_NOW", AT).env("CAMGRANT_POLICY", "policy");
    command.env("EVENT", "pull_request_target").env("NUMBER", number.to_string()).env("BASE_REF", "main");
    command.env("HEAD_SHA", head);
    command.envs(settings.iter().copied());
    let run = Run::of(command.output().unwrap());
    // nothing of the change was checked out
    let status = git_in(&clone, &["status", "--porcelain"]);
    assert_eq!(status, "", "{run:?}");
    Judged { run, out: runner.path().join("out"), runner }
}

#[test]
fn who_gains_what_is_told_and_the_results_are_kept() {
    let platform = Platform::new();
    let longer = GRANTS.replace("2026-12-31", "2027-03-31");
    let head = platform.pull_request(1, &[("policy/grants.yaml", &longer)]);
    let judged = judge(&platform, 1, &head, &[]);
    assert_eq!((judged.run.status, &*judged.says("rights")), (0, "change"), "{:?}", judged.run);
    assert!(judged.comment().contains("`user:kai`"), "{}", judged.comment());
    for result in ["table.json", "camgrant.sarif", "tests.xml", "status", "diff.json"] {
        assert!(judged.out.join(result).is_file(), "{result}");
    }
}

#[test]
fn a_policy_that_is_new_has_no_base_to_be_compared_with() {
    let platform = Platform::new();
    let head = platform.pull_request(1, &[("second/policy.yaml", "orgs: { second: }\n")]);
    let second = ("CAMGRANT_POLICY", "second");
    let judged = judge(&platform, 1, &head, &[second]);
    assert_eq!((judged.run.status, &*judged.says("rights")), (0, "the policy is new"), "{:?}", judged.run);
    assert_eq!(judge(&platform, 1, &head, &[second, ("CAMGRANT_FAIL_ON", "gain")]).run.status, 1);
    assert_eq!(judge(&platform, 1, &head, &[("CAMGRANT_POLICY", "nowhere")]).run.status, 2);
}

#[test]
fn a_change_of_text_alone_changes_no_right() {
    let platform = Platform::new();
    let (first, rest) = GRANTS.split_at(GRANTS.find("  - { id: lift").unwrap());
    let moved = [("policy/grants.yaml", first), ("policy/lift.yaml", &*format!("grants:\n{rest}"))];
    let judged = judge(&platform, 1, &platform.pull_request(1, &moved), &[("CAMGRANT_FAIL_ON", "any")]);
    assert_eq!((judged.run.status, &*judged.says("rights")), (0, "nobody gains or loses any"), "{:?}", judged.run);
}

#[test]
fn what_is_wrong_is_told_and_is_no_pass() {
    let platform = Platform::new();
    let slip = GRANTS.replace("team:guards", "team:gaurds");
    let judged = judge(&platform, 1, &platform.pull_request(1, &[("policy/grants.yaml", &slip)]), &[]);
    assert_eq!((judged.run.status, &*judged.says("check")), (1, "fails"));
    assert!(judged.comment().contains("no team `gaurds` is declared"), "{}", judged.comment());
    assert!(judged.run.stdout.contains("\n::error file=policy/grants.yaml,line=3,"), "{:?}", judged.run);
    let sarif: Value = serde_json::from_slice(&fs::read(judged.out.join("camgrant.sarif")).unwrap()).unwrap();
    assert_eq!(sarif["runs"][0]["results"][0]["ruleId"], "CG0301");
    assert!(!judged.out.join("table.json").exists());

    let export = GRANTS.replace("[live.view, archive.view], scope", "[live.view, archive.view, archive.export], scope");
    let judged = judge(&platform, 2, &platform.pull_request(2, &[("policy/grants.yaml", &export)]), &[]);
    assert_eq!((judged.run.status, &*judged.says("tests")), (1, "fail"));
    assert!(judged.comment().contains("FAILED  nobody but Dana exports"), "{}", judged.comment());
}

#[test]
fn a_gate_closes_by_the_kind_of_a_difference() {
    let platform = Platform::new();
    let longer = GRANTS.replace("2026-12-31", "2027-03-31");
    let head = platform.pull_request(1, &[("policy/grants.yaml", &longer)]);
    let closed = |kinds| judge(&platform, 1, &head, &[("CAMGRANT_FAIL_ON", kinds)]);
    assert_eq!(closed("administer loss").run.status, 0);
    let gain = closed("gain");
    assert_eq!((gain.run.status, &*gain.says("rights of kind gain")), (1, "change, and must not by this run"));
    let slip = closed("gian");
    assert_eq!(slip.run.status, 2, "{:?}", slip.run);
    assert!(slip.comment().contains("could not be judged"), "{}", slip.comment());
}

#[test]
fn what_was_merged_meanwhile_is_judged_with_it() {
    let platform = Platform::new();
    let test = "tests: [{ name: Kai stays out, to: kai, cannot: live.view, scope: device:gate }]\n";
    let grant = "grants: [{ to: kai, allow: live.view, scope: device:gate }]\n";
    let head = platform.pull_request(1, &[("policy/kai.yaml", grant)]);
    assert_eq!(judge(&platform, 1, &head, &[]).run.status, 0);
    platform.push(&[("policy/kai-test.yaml", test)]);
    let judged = judge(&platform, 1, &head, &[]);
    assert_eq!((judged.run.status, &*judged.says("tests")), (1, "fail"), "{:?}", judged.run);
    let comment = judged.comment();
    assert!(comment.contains("What the base and the change break together"), "{comment}");
    // and what cannot be merged at all
    let other = GRANTS.replace("2026-12-31", "2027-01-31");
    let head = platform.pull_request(2, &[("policy/grants.yaml", &GRANTS.replace("2026-12-31", "2027-03-31"))]);
    platform.push(&[("policy/grants.yaml", &other)]);
    let judged = judge(&platform, 2, &head, &[]);
    assert_eq!((judged.run.status, &*judged.says("merge")), (1, "conflicts with the base"), "{:?}", judged.run);
}

#[test]
fn what_was_pushed_meanwhile_is_judged_by_its_own_run() {
    let platform = Platform::new();
    let head = platform.pull_request(1, &[("policy/more.yaml", "users: { late: }\n")]);
    let other = platform.pull_request(2, &[("policy/more.yaml", "users: { later: }\n")]);
    assert_ne!(head, other);
    let judged = judge(&platform, 1, &other, &[]);
    assert_eq!(judged.run.status, 2, "{:?}", judged.run);
    for (name, value) in [("NUMBER", "1:x"), ("HEAD_SHA", "HEAD"), ("BASE_REF", "a b"), ("BASE_REF", "x:refs/heads/y")]
    {
        let judged = judge(&platform, 1, &head, &[(name, value)]);
        assert_eq!(judged.run.status, 2, "{name}: {:?}", judged.run);
    }
}

/// Names in a policy and of its files are text, in the shell, in the comment and in the log.
#[test]
fn nothing_that_a_change_is_called_does_anything() {
    let platform = Platform::new();
    let evil = "tests:\n  - { name: \"</details> | @all [x](http://evil.example) <img src=x> ``` ::error::x\", to: kai, \
                can: archive.view, scope: all }\n  - { name: \"::set-output name=status::0\", to: kai, can: ptz.control, scope: all }\n";
    let name = "policy/$(touch pwned) `touch pwned` '; touch pwned;' -- ::warning::x.yaml";
    let head = platform.pull_request(1, &[(name, evil)]);
    let judged = judge(&platform, 1, &head, &[]);
    assert_eq!((judged.run.status, &*judged.says("tests")), (1, "fail"), "{:?}", judged.run);
    assert!(!judged.runner.files().iter().any(|file| file.ends_with("pwned")), "{:?}", judged.runner.files());
    let comment = judged.comment();
    assert!(comment.contains("@all"), "{comment}");
    for line in comment.lines().filter(|line| line.contains("@all") || line.contains("pwned")) {
        assert!(line.starts_with("    "), "{line}");
    }
    // the log's reader takes no command but our own
    let mut hushed: Option<String> = None;
    for line in judged.run.stdout.lines().map(str::trim_start) {
        if let Some(token) = line.strip_prefix("::stop-commands::") {
            hushed = Some(format!("::{token}::"));
        } else if hushed.as_deref() == Some(line) {
            hushed = None;
        } else if hushed.is_none() {
            assert!(line.is_empty() || line.starts_with("::error file=policy/"), "{line}");
        }
    }
}

#[test]
fn a_push_is_checked_tested_and_compiled() {
    let platform = Platform::new();
    let judged = judge(&platform, 1, "", &[("EVENT", "push")]);
    assert_eq!((judged.run.status, &*judged.says("tests")), (0, "pass"), "{:?}", judged.run);
    assert!(judged.out.join("table.json").is_file());
    assert!(!judged.comment().contains("review"));
}
