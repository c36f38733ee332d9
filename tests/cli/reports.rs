//! Reports: what is found, in each format, on which stream, with which exit status.

use super::{Folder, POLICY, reviewed};

/// Three mistakes in three files.
const MISTAKEN: [(&str, &str); 3] = [
    (
        "org.yaml",
        "orgs: { acme: {} }\nusers: { nina@acme.example: {} }\nteams: { guards: { members: nina@acme.example } }\n",
    ),
    ("devices.yaml", "devices:\n  gate: { knid: camera }\n"),
    ("grants.yaml", "grants:\n  - to: team:gaurds\n    role: std/live\n    scope: all\n"),
];

#[test]
fn one_run_reports_everything() {
    let folder = Folder::new(&MISTAKEN);
    let human = folder.run(&["check"]);
    assert_eq!((human.status, human.stderr.as_str()), (1, ""), "{human:?}");
    reviewed("check_human", &human.stdout);

    let short = folder.run(&["check", "--format", "short"]);
    assert_eq!(short.status, 1);
    let places: Vec<_> =
        short.stdout.lines().map(|line| line.split(": ").take(2).collect::<Vec<_>>().join(" ")).collect();
    assert_eq!(places, ["devices.yaml:2:11 error[CG0201]", "grants.yaml:2:9 error[CG0301]"]);

    let json = folder.run(&["check", "--format", "json"]);
    let json: Vec<serde_json::Value> = serde_json::from_str(&json.stdout).unwrap();
    let codes: Vec<_> = json.iter().map(|finding| finding["code"].as_str().unwrap()).collect();
    assert_eq!(codes, ["CG0201", "CG0301"]);
    assert_eq!(json[1]["column"], 9);
    assert_eq!(json[1]["length"], "team:gaurds".len());
}

#[test]
fn quiet_leaves_out_the_summary_and_colour_is_asked_for() {
    let folder = Folder::new(&MISTAKEN);
    let loud = folder.run(&["check"]).stdout;
    let quiet = folder.run(&["check", "--quiet"]).stdout;
    assert!(loud.starts_with(&quiet) && loud.len() > quiet.len());
    assert!(!loud.contains('\u{1b}'));
    assert!(folder.run(&["check", "--color", "always"]).stdout.contains('\u{1b}'));
    let clean = Folder::new(&[("policy.yaml", POLICY)]);
    assert_eq!(clean.result(&["check"]), "no findings in 1 file\n");
    assert_eq!(clean.result(&["check", "-q"]), "");
    assert_eq!(clean.result(&["check", "--format", "json"]), "[]\n");
}

#[test]
fn a_compile_reports_beside_its_result() {
    let folder = Folder::new(&MISTAKEN);
    let run = folder.run(&["compile"]);
    assert_eq!((run.status, run.stdout.as_str()), (1, ""));
    assert_eq!(run.stderr, folder.run(&["check"]).stdout);
}

#[test]
fn an_input_that_fails_is_status_two() {
    let folder = Folder::new(&[("notes.txt", "no policy")]);
    for (arguments, code) in [
        (["check", "no-such-folder"], "error[CG0001]"),
        (["check", "no-such.yaml"], "error[CG0001]"),
        (["check", "."], "error[CG0009]"),
    ] {
        let run = folder.run(&arguments);
        assert_eq!(run.status, 2, "{arguments:?} {run:?}");
        assert!(run.stdout.contains(code), "{run:?}");
    }
}

#[test]
fn standard_input_and_single_files_are_policies() {
    let folder = Folder::new(&[("policy.yaml", POLICY), ("other.yaml", "x")]);
    assert_eq!(folder.result(&["check", "policy.yaml"]), "no findings in 1 file\n");
    let run = folder.run_with(&["check", "-"], POLICY);
    assert_eq!((run.status, run.stdout.as_str()), (0, "no findings in 1 file\n"), "{run:?}");
    let run = folder.run_with(&["check", "-", "--format", "short"], "x: 1\n");
    assert_eq!(run.status, 1);
    assert!(run.stdout.starts_with("<stdin>:1:1: error[CG0201]: "), "{run:?}");
    let run = folder.run_with(&["check", "-", "--max-file-bytes", "100", "--format", "short"], POLICY);
    assert!(run.stdout.starts_with("<stdin>:1:1: error[CG0003]: "), "{run:?}");
}

#[test]
fn the_last_word_on_a_lint_counts() {
    // the maker of the link does not hold what it shows
    let lapsed = POLICY.replace("created_by: root@acme.example", "created_by: ben@acme.example");
    let folder = Folder::new(&[("policy.yaml", lapsed.as_str())]);
    let level = |arguments: &[&str]| {
        let run = folder.run(&[&["check", "--format", "short"], arguments].concat());
        let level = run.stdout.split(": ").nth(1).unwrap_or("none").to_owned();
        (run.status, level)
    };
    assert_eq!(level(&[]), (0, "warning[CG1003]".to_owned()));
    assert_eq!(level(&["--deny", "warnings"]), (1, "error[CG1003]".to_owned()));
    assert_eq!(level(&["--deny", "lapsed-link", "--warn", "lapsed-link"]), (0, "warning[CG1003]".to_owned()));
    assert_eq!(level(&["--warn", "lapsed-link", "--deny", "CG1003"]), (1, "error[CG1003]".to_owned()));
    assert_eq!(level(&["--allow", "lapsed-link", "--deny", "warnings"]).0, 0);
    let run = folder.run(&["compile", "--deny", "warnings"]);
    assert_eq!((run.status, run.stdout.as_str()), (1, ""));
    let run = folder.run(&["compile"]);
    assert_eq!(run.status, 0);
    assert!(run.stderr.contains("warning[CG1003] lapsed-link"), "{run:?}");
}
