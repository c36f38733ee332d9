//! The steps of `action.yml`, run one after the other as GitHub does: each command as it stands there, with the variables
//! that are set for it.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::process::Command;

use serde_json::{Value, json};

use super::api::{Api, Asked};
use super::platform::{GRANTS, Platform};
use super::{Folder, has, ours};

/// Runs the action on a pull request; how each step that is a command ended, and what was asked of the API.
fn act(files: &[(&str, &str)], inputs: &[(&str, &str)]) -> (Vec<i32>, Vec<Asked>) {
    let platform = Platform::new();
    let head = platform.pull_request(1, files);
    let api = Api::new(Box::new(|(method, _, _): &Asked| match method.as_str() {
        "GET" => (200, "[]".to_owned()),
        _ => (201, "{}".to_owned()),
    }));
    let runner = platform.runner();
    let tools = cargo_that_takes_what_is_built();
    let action: Value = serde_yaml::from_str(&fs::read_to_string(ours("action.yml")).unwrap()).unwrap();
    let mut known: BTreeMap<String, String> = BTreeMap::new();
    for (name, input) in action["inputs"].as_object().unwrap() {
        known.insert(format!("inputs.{name}"), input["default"].as_str().unwrap().to_owned());
    }
    for (name, value) in [
        ("github.action_path", env!("CARGO_MANIFEST_DIR")),
        ("github.server_url", "https://github.invalid"),
        ("github.action_repository", ""),
        ("github.action_ref", "main"),
        ("github.event_name", "pull_request_target"),
        ("github.event.pull_request.number", "1"),
        ("github.event.pull_request.base.ref", "main"),
        ("github.event.pull_request.head.sha", &head),
        ("github.token", "secret"),
        ("runner.temp", runner.path().to_str().unwrap()),
    ] {
        known.insert(name.to_owned(), value.to_owned());
    }
    known.extend(inputs.iter().map(|(name, value)| (format!("inputs.{name}"), (*value).to_owned())));
    let mut ended = Vec::new();
    for step in action["runs"]["steps"].as_array().unwrap() {
        let Some(run) = step["run"].as_str() else { continue };
        runner.write("step.sh", run);
        runner.write("output", "");
        let mut command = Command::new("sh");
        command.arg("-e").arg(runner.path().join("step.sh")).current_dir(runner.path().join("clone"));
        let path = format!("{}:{}", tools.path().display(), std::env::var("PATH").unwrap());
        command.env_clear().env("PATH", path).env("HOME", runner.path()).env("RUNNER_TEMP", runner.path());
        command.env("GITHUB_OUTPUT", runner.path().join("output")).env("GITHUB_API_URL", &api.url);
        command.env("GITHUB_STEP_SUMMARY", runner.path().join("summary")).env("GITHUB_REPOSITORY", "acme/policy");
        for (name, value) in step["env"].as_object().into_iter().flatten() {
            command.env(name, filled(&filled(value.as_str().unwrap(), &known), &known));
        }
        let run = command.output().unwrap();
        ended.push(run.status.code().unwrap());
        for line in runner.read("output").lines() {
            let (name, value) = line.split_once('=').unwrap_or_else(|| panic!("{line}: {run:?}"));
            known.insert(format!("steps.{}.outputs.{name}", step["id"].as_str().unwrap()), value.to_owned());
        }
    }
    let comment = fs::read_to_string(runner.path().join("camgrant/comment.md")).unwrap();
    assert_eq!(runner.read("summary"), comment);
    let (_, _, body) = api.asked().last().cloned().unwrap();
    assert_eq!(serde_json::from_str::<Value>(&body).unwrap(), json!({ "body": comment }));
    (ended, api.asked())
}

/// A text with its expressions replaced by what they are known to be.
fn filled(text: &str, known: &BTreeMap<String, String>) -> String {
    let mut parts = text.split("${{");
    let mut filled = parts.next().unwrap().to_owned();
    for part in parts {
        let (name, rest) = part.split_once("}}").unwrap();
        filled += known.get(name.trim()).unwrap_or_else(|| panic!("nothing is known of `{}`", name.trim()));
        filled += rest;
    }
    filled
}

/// A `cargo` that has built the program already.
fn cargo_that_takes_what_is_built() -> Folder {
    let text = format!(
        "#!/bin/sh\nset -eu\nwhile [ \"$1\" != --root ]; do shift; done\nmkdir -p \"$2/bin\"\ncp '{}' \"$2/bin/camgrant\"\n",
        env!("CARGO_BIN_EXE_camgrant")
    );
    let tools = Folder::new(&[("cargo", &text)]);
    fs::set_permissions(tools.path().join("cargo"), fs::Permissions::from_mode(0o755)).unwrap();
    tools
}

#[test]
fn the_steps_of_the_action_judge_and_comment_and_the_last_one_says_how_it_ended() {
    if !has(&["curl", "jq"]) {
        return;
    }
    let longer = GRANTS.replace("2026-12-31", "2027-03-31");
    let files = [("policy/grants.yaml", &*longer)];
    let (ended, asked) = act(&files, &[("policy", "policy")]);
    assert_eq!(ended, [0, 0, 0, 0]);
    assert_eq!(asked.last().unwrap().1, "/repos/acme/policy/issues/1/comments");
    // a gate that closes: everything is written all the same, and then the job fails
    assert_eq!(act(&files, &[("policy", "policy"), ("fail-on", "gain")]).0, [0, 0, 0, 1]);
    let slip = GRANTS.replace("to: kai", "to: aki");
    assert_eq!(act(&[("policy/grants.yaml", &slip)], &[("policy", "policy")]).0, [0, 0, 0, 1]);
}
