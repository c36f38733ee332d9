//! The job of GitLab: what it says of a merge request, and the note.

use serde_json::{Value, json};

use super::api::{Api, Asked};
use super::platform::{AT, GRANTS, Platform};
use super::program::Run;
use super::{has, script};

const NOTES: &str = "/api/projects/5/merge_requests/1/notes";

/// Runs the job on a change; what it came to, and what was asked of the API, where these notes are.
fn job(settings: &[(&str, &str)], notes: Value) -> (Run, Vec<Asked>, String) {
    let platform = Platform::new();
    let longer = GRANTS.replace("2026-12-31", "2027-03-31");
    let head = platform.pull_request(1, &[("policy/grants.yaml", &longer)]);
    let answer = move |(method, path, _): &Asked| match (method.as_str(), path.as_str()) {
        ("GET", "/api/user") => (200, json!({ "id": 9, "username": "project_5_bot" }).to_string()),
        ("GET", path) if path.starts_with(NOTES) => (200, notes.to_string()),
        ("POST" | "PUT", _) => (201, "{}".to_owned()),
        _ => (404, "{}".to_owned()),
    };
    let api = Api::new(Box::new(answer));
    let runner = platform.runner();
    let mut command = script("gitlab.sh", &runner);
    command.current_dir(runner.path().join("clone"));
    command.env("CAMGRANT", env!("CARGO_BIN_EXE_camgrant")).env("CAMGRANT_NOW", AT).env("CAMGRANT_POLICY", "policy");
    command
        .env("CI_PROJECT_DIR", runner.path())
        .env("CI_PROJECT_ID", "5")
        .env("CI_API_V4_URL", format!("{}/api", api.url));
    command.env("CI_MERGE_REQUEST_IID", "1").env("CI_MERGE_REQUEST_TARGET_BRANCH_NAME", "main");
    command.env("CI_COMMIT_SHA", &head).envs(settings.iter().copied());
    let run = Run::of(command.output().unwrap());
    let comment = std::fs::read_to_string(runner.path().join("camgrant-out/comment.md")).unwrap_or_default();
    (run, api.asked(), comment)
}

#[test]
fn the_note_is_written_once_and_then_changed() {
    if !has(&["curl", "jq"]) {
        return;
    }
    let token = [("CAMGRANT_TOKEN", "secret")];
    let forged = json!({ "id": 3, "author": { "id": 7 }, "body": "<!-- camgrant -->" });
    let (run, asked, comment) = job(&token, json!([forged]));
    assert_eq!(run.status, 0, "{run:?}");
    assert!(!format!("{run:?}").contains("secret"));
    let (method, path, body) = asked.last().unwrap();
    assert_eq!((method.as_str(), path.as_str()), ("POST", NOTES));
    assert!(
        comment.contains("### camgrant: nothing stands against this change") && comment.contains("`user:kai`"),
        "{comment}"
    );
    // versions of curl differ in what they make of a space
    let body = body.replace('+', "%20");
    assert!(body.starts_with("body=%3C%21--%20camgrant%20--%3E%0A"), "{body}");

    let own = json!({ "id": 4, "author": { "id": 9 }, "body": "<!-- camgrant -->\nof before" });
    let (_, asked, _) = job(&token, json!([forged, own]));
    let (method, path, _) = asked.last().unwrap();
    assert_eq!((method.as_str(), path), ("PUT", &format!("{NOTES}/4")));
}

#[test]
fn without_a_token_the_log_says_it_all() {
    let (run, asked, _) = job(&[], json!([]));
    assert_eq!((run.status, asked.len()), (0, 0), "{run:?}");
    assert!(run.stdout.contains("nothing stands against this change"), "{run:?}");
    let gate = job(&[("CAMGRANT_FAIL_ON", "gain")], json!([])).0;
    assert_eq!(gate.status, 1, "{gate:?}");
}

#[test]
fn another_commit_than_the_pipelines_is_not_judged() {
    let (run, _, _) = job(&[("CI_COMMIT_SHA", "0123456789012345678901234567890123456789")], json!([]));
    assert!(run.status == 2 && run.stderr.contains("other commits by now"), "{run:?}");
    let (run, _, _) = job(&[("CI_MERGE_REQUEST_IID", "1/x")], json!([]));
    assert_eq!(run.status, 2, "{run:?}");
}

#[test]
fn a_push_has_no_merge_request() {
    let (run, _, comment) = job(&[("CI_MERGE_REQUEST_IID", "")], json!([]));
    assert_eq!(run.status, 0, "{run:?}");
    assert!(comment.contains("| tests | pass |") && !comment.contains("| rights |"), "{comment}");
}
