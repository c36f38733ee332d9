//! What the program says about itself: help, pages, vocabulary, schemas, and the policy that `init` writes.

use super::{Folder, reviewed};

#[test]
fn the_whole_help() {
    let folder = Folder::new(&[]);
    let mut text = folder.result(&["--help"]);
    for command in [
        "compile",
        "check",
        "test",
        "can",
        "why",
        "who",
        "what",
        "diff",
        "review",
        "bisect",
        "timeline",
        "graph",
        "merge-check",
        "explain",
        "schema",
        "roles",
        "capabilities",
        "init",
    ] {
        text += &format!("\n=== {command} ===\n\n{}", folder.result(&[command, "--help"]));
    }
    assert!(text.lines().all(|line| line.chars().count() <= 100), "{text}");
    reviewed("help", &text);
    // the limits are for those who need them
    assert!(!folder.result(&["check", "-h"]).contains("--max-files"));
}

#[test]
fn the_version_names_what_answers_depend_on() {
    let version = Folder::new(&[]).result(&["--version"]);
    let lines: Vec<&str> = version.lines().collect();
    assert_eq!(lines[0], concat!("camgrant ", env!("CARGO_PKG_VERSION")));
    assert!(lines[1].starts_with("time zone database 20"), "{version}");
    assert_eq!(lines[2], "policy language 1");
}

#[test]
fn pages_are_found_by_code_and_by_name() {
    let folder = Folder::new(&[]);
    let page = folder.result(&["explain", "CG1001"]);
    assert!(page.starts_with("# CG1001: "), "{page}");
    assert_eq!(page, folder.result(&["explain", "view-over-denied"]));
    assert_eq!(page, folder.result(&["explain", "cg1001"]));
    assert!(folder.result(&["explain", "CG1001", "--color", "always"]).contains("\u{1b}[1m"));

    let list = folder.result(&["explain"]);
    assert!(list.lines().is_sorted());
    assert!(list.lines().any(|line| line.starts_with("CG1003  lapsed-link [warn]: ")), "{list}");
    let json: Vec<serde_json::Value> = serde_json::from_str(&folder.result(&["explain", "--format", "json"])).unwrap();
    assert_eq!(json.len(), list.lines().count());

    let near = folder.refusal(&["explain", "lapsed-lnik"]);
    assert!(near.contains("did you mean `lapsed-link`?"), "{near}");
    assert!(folder.refusal(&["explain", "CG9999"]).contains("`camgrant explain` lists them all"));
}

#[test]
fn the_vocabulary() {
    let folder = Folder::new(&[]);
    reviewed("roles", &folder.result(&["roles"]));
    reviewed("role", &folder.result(&["roles", "std/operator"]));
    reviewed("capabilities", &folder.result(&["capabilities"]));
    let near = folder.refusal(&["roles", "std/viewre"]);
    assert!(near.contains("did you mean `std/viewer`?"), "{near}");

    let role: serde_json::Value =
        serde_json::from_str(&folder.result(&["roles", "std/live", "--format", "json"])).unwrap();
    assert_eq!(role["capabilities"][0]["name"], "live.quality");
    let all: Vec<serde_json::Value> =
        serde_json::from_str(&folder.result(&["capabilities", "--format", "json"])).unwrap();
    assert!(all.iter().all(|capability| capability["class"].is_string() && capability["applies_to"].is_array()));
}

#[test]
fn schemas_are_schemas() {
    let folder = Folder::new(&[]);
    for what in ["policy", "table", "manifest", "diagnostics"] {
        let schema: serde_json::Value = serde_json::from_str(&folder.result(&["schema", what])).unwrap();
        assert_eq!(schema["$schema"], "https://json-schema.org/draft/2020-12/schema", "{what}");
    }
    assert_eq!(folder.result(&["schema"]), folder.result(&["schema", "policy"]));
}

#[test]
fn what_init_writes_works_at_once() {
    let folder = Folder::new(&[]);
    let told = folder.result(&["init", "new"]);
    assert!(told.starts_with("wrote new"), "{told}");
    assert_eq!(
        folder.files(),
        [
            "new/.github/workflows/camgrant.yml",
            "new/camgrant.yaml",
            "new/policy.yaml",
            "new/schema/policy.schema.json",
            "new/tests.yaml",
        ]
    );
    assert_eq!(folder.result(&["check", "new", "--deny", "warnings"]), "no findings in 3 files\n");
    folder.result(&["compile", "new", "-o", "table.json"]);
    assert_eq!(folder.read("new/schema/policy.schema.json"), folder.result(&["schema"]));
    assert!(folder.read("new/policy.yaml").starts_with("# yaml-language-server: $schema=schema/policy.schema.json\n"));
}

#[test]
fn init_overwrites_nothing() {
    let folder = Folder::new(&[("tests.yaml", "mine")]);
    let refusal = folder.refusal(&["init"]);
    assert!(refusal.contains("tests.yaml"), "{refusal}");
    assert_eq!(folder.files(), ["tests.yaml"]);
    assert_eq!(folder.read("tests.yaml"), "mine");
}
