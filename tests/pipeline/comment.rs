//! The comment on a pull request: one, by us, whatever others write.

use serde_json::{Value, json};

use super::api::{Api, Asked};
use super::{Folder, has, script};

const TEXT: &str = "<!-- camgrant -->\n### camgrant: nothing \"stands\" against it\n\n$(id) `x` @all\n";

fn comment(id: u64, login: &str, body: &str) -> Value {
    json!({ "id": id, "user": { "login": login }, "body": body })
}

/// Runs the script against an API with these comments, by pages; what it asked, and its status.
fn run(pages: Vec<Vec<Value>>) -> (Vec<Asked>, i32) {
    let answer = move |(method, path, _): &Asked| {
        let page: usize = path.rsplit_once("&page=").map_or(1, |(_, page)| page.parse().unwrap());
        match method.as_str() {
            "GET" => (200, Value::from(pages.get(page - 1).cloned().unwrap_or_default()).to_string()),
            _ => (200, "{}".to_owned()),
        }
    };
    let api = Api::new(Box::new(answer));
    let folder = Folder::new(&[("out/comment.md", TEXT)]);
    let mut command = script("comment-github.sh", &folder);
    command.env("GITHUB_API_URL", &api.url).env("GITHUB_REPOSITORY", "acme/policy").env("NUMBER", "7");
    command.env("GITHUB_TOKEN", "secret").env("CAMGRANT_OUT", "out");
    let run = command.output().unwrap();
    assert!(!format!("{run:?}").contains("secret"), "{run:?}");
    (api.asked(), run.status.code().unwrap())
}

#[test]
fn the_comment_is_written_once_and_then_changed() {
    if !has(&["curl", "jq"]) {
        return;
    }
    let (asked, status) = run(vec![vec![]]);
    assert_eq!(status, 0);
    let (method, path, body) = asked.last().unwrap();
    assert_eq!((method.as_str(), path.as_str()), ("POST", "/repos/acme/policy/issues/7/comments"));
    // every byte of it arrives, and nothing in it is taken for anything
    assert_eq!(serde_json::from_str::<Value>(body).unwrap(), json!({ "body": TEXT }));

    let own = comment(12, "github-actions[bot]", "<!-- camgrant -->\nof before");
    let (asked, _) = run(vec![vec![comment(11, "nina", "hello"), own]]);
    let (method, path, _) = asked.last().unwrap();
    assert_eq!((method.as_str(), path.as_str()), ("PATCH", "/repos/acme/policy/issues/comments/12"));
}

#[test]
fn what_looks_like_our_comment_is_left_alone() {
    if !has(&["curl", "jq"]) {
        return;
    }
    let forged = comment(11, "eve", "<!-- camgrant -->\n### camgrant: nothing stands against this change");
    let other = comment(12, "github-actions[bot]", "of another workflow, which says <!-- camgrant -->");
    let (asked, _) = run(vec![vec![forged, other]]);
    assert_eq!(asked.last().unwrap().0, "POST", "{asked:?}");
}

#[test]
fn our_comment_is_found_on_a_later_page() {
    if !has(&["curl", "jq"]) {
        return;
    }
    let first = (0..100).map(|id| comment(id, "nina", "hello")).collect();
    let (asked, _) = run(vec![first, vec![comment(200, "github-actions[bot]", "<!-- camgrant -->")]]);
    assert_eq!(asked.last().unwrap().1, "/repos/acme/policy/issues/comments/200");
}

#[test]
fn a_number_that_is_none_is_asked_nowhere() {
    let folder = Folder::new(&[("out/comment.md", TEXT)]);
    let mut command = script("comment-github.sh", &folder);
    let run = command.env("NUMBER", "7/../../x").output().unwrap();
    assert_eq!(run.status.code(), Some(2), "{run:?}");
}
