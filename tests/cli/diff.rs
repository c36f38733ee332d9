//! `diff`: versions in any form, gates, and what is refused.

use std::process::Command;

use super::{Folder, POLICY, reviewed};

fn changed() -> String {
    let added = "grants:\n  - { to: ben@acme.example, allow: [access.manage, live.view], scope: site:yard }\n";
    POLICY
        .replace("grants:\n", added)
        .replace("role: std/live, scope: site:hq", "role: std/live, scope: group:hq/lobby")
}

fn folder() -> Folder {
    Folder::new(&[("old/policy.yaml", POLICY), ("new/policy.yaml", &changed())])
}

#[test]
fn who_gains_and_who_loses_what() {
    let folder = folder();
    reviewed("diff", &folder.result(&["diff", "old", "new"]));
    let json: serde_json::Value =
        serde_json::from_str(&folder.result(&["diff", "old", "new", "--format", "json"])).unwrap();
    let (gained, lost) = (json["gained"].as_u64().unwrap(), json["lost"].as_u64().unwrap());
    assert_eq!((json["old"].as_str(), json["new"].as_str()), (Some("old"), Some("new")));
    assert!(gained > 0 && lost > 0, "{json}");
    let blocks = json["orgs"][0]["blocks"].as_array().unwrap();
    assert_eq!(blocks.iter().map(|block| block["rights"].as_u64().unwrap()).sum::<u64>(), gained + lost);
    assert_eq!(blocks[0]["marks"][0]["mark"], "administer");
}

#[test]
fn versions_may_be_folders_files_tables_and_revisions() {
    let folder = folder();
    for layout in ["expanded", "compact", "factored"] {
        let table = format!("{layout}.json");
        folder.result(&["compile", "old", "--layout", layout, "-o", &table]);
        let text = folder.result(&["diff", &table, "old/policy.yaml"]);
        assert_eq!(text, "no effective change: every right is held as before\n");
        // a table does not know from where its rights come
        let without_causes: String = folder
            .result(&["diff", "old", "new"])
            .split_inclusive('\n')
            .filter(|line| !line.starts_with("      by "))
            .collect();
        assert_eq!(folder.result(&["diff", &table, "new"]), without_causes, "{layout}");
    }
    let git = |arguments: &[&str]| {
        let identity = ["-c", "user.name=Tests", "-c", "user.email=tests@acme.example", "-c", "commit.gpgsign=false"];
        let mut git = Command::new("git");
        git.current_dir(folder.path()).args(identity).args(["-c", "core.hooksPath=/dev/null"]).args(arguments);
        git.env("GIT_CONFIG_GLOBAL", "/dev/null").env("GIT_CONFIG_NOSYSTEM", "1");
        assert!(git.output().unwrap().status.success(), "{arguments:?}");
    };
    git(&["init", "--quiet"]);
    git(&["add", "new"]);
    git(&["commit", "--quiet", "-m", "a version"]);
    let expected = folder.result(&["diff", "old", "new"]);
    folder.write("new/policy.yaml", POLICY);
    // the same folder at the revision, not the current one
    assert_eq!(folder.result(&["diff", "new", "git:HEAD"]), expected);
}

#[test]
fn gates_stop_what_they_are_for() {
    let folder = folder();
    let status = |arguments: &[&str]| {
        let run = folder.run(&[&["diff"], arguments].concat());
        (run.status, run.stderr)
    };
    assert_eq!(status(&["old", "new"]), (0, String::new()));
    assert_eq!(status(&["old", "new", "--exit-code"]).0, 1);
    assert_eq!(status(&["old", "old", "--exit-code", "--fail-on", "any", "--max-change", "0%"]), (0, String::new()));
    let (failed, why) = status(&["old", "new", "--fail-on", "administer", "--fail-on", "loss"]);
    assert_eq!(failed, 1);
    assert!(why.contains("--fail-on loss: ") && why.contains("--fail-on administer: "), "{why}");
    assert_eq!(status(&["new", "old", "--fail-on", "administer"]).0, 0, "what is lost is no gain");
    let (failed, why) = status(&["old", "new", "--max-change", "1%"]);
    assert_eq!(failed, 1);
    assert!(why.starts_with("--max-change 1%: ") && why.ends_with(" before\n"), "{why}");
    assert_eq!(status(&["old", "new", "--max-change", "100%"]).0, 0);
    folder.write("none/policy.yaml", "orgs: { acme: {} }\n");
    assert_eq!(status(&["none", "new", "--max-change", "100%"]).0, 1, "of nothing, anything is more");
    assert!(folder.refusal(&["diff", "old", "new", "--max-change", "30"]).contains("such as `30%`"));
}

#[test]
fn what_cannot_be_compared_is_refused() {
    let folder = folder();
    folder.write("broken/policy.yaml", &POLICY.replace("to: nina", "to: nian"));
    let broken = folder.refusal(&["diff", "old", "broken"]);
    assert!(broken.starts_with("NEW, `broken`, does not compile:\n") && broken.contains("policy.yaml:"), "{broken}");
    let both = folder.refusal(&["diff", "broken", "broken"]);
    assert!(both.contains("OLD, `broken`, ") && both.contains("NEW, `broken`, "), "{both}");
    let document = folder.refusal(&["diff", "broken", "broken", "--format", "json"]);
    assert!(serde_json::from_str::<serde_json::Value>(&document).is_ok(), "one document: {document}");
    folder.write("table.json", "{}");
    assert!(folder.refusal(&["diff", "table.json", "new"]).contains("`table.json`"));
    assert!(folder.refusal(&["diff", "none.json", "new"]).contains("cannot read `none.json`"));
    assert!(folder.refusal(&["diff", "-", "-"]).contains("cannot be both"));
    assert!(folder.refusal(&["diff", "old", "new", "--org", "acne"]).contains("`acme`"));
    folder.refusal(&["diff", "old"]);
}
