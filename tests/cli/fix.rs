//! `check --fix` and baselines: what is written, and what is not.

use std::fs;

use super::Folder;

/// Two certain fixes, and one mistake that only its writer can mend.
const SLIPS: &str = "\
orgs: { acme: {} }
users: { nina: {} } # people
teams: { guards: { members: nina } }
sites: { hq: { exclude: no } }
grants:
  - { to: guards, role: std/live, scope: site:hq }   # watch
  - { to: nobody, role: std/live, scope: all }
";

#[test]
fn certain_fixes_are_written_and_what_is_left_is_reported() {
    let folder = Folder::new(&[("policy.yaml", SLIPS), ("fine.yaml", "schedules: {}\n")]);
    let run = folder.run(&["check", "--fix", "--format", "short"]);
    assert_eq!(run.status, 1, "{run:?}");
    assert_eq!(run.stdout, "policy.yaml:7:11: error[CG0301]: no user `nobody` is declared\n");
    assert_eq!(
        run.stderr,
        "fixed policy.yaml:4:25: CG0202: write `false`\n\
         fixed policy.yaml:6:11: CG0301: name the team\n\
         fixed 2 findings in 1 file\n"
    );
    let fixed = SLIPS.replace("exclude: no", "exclude: false").replace("to: guards", "to: team:guards");
    assert_eq!(folder.read("policy.yaml"), fixed);
    assert_eq!(folder.files(), ["fine.yaml", "policy.yaml"]);

    let again = folder.run(&["check", "--fix", "--format", "short"]);
    assert_eq!((again.stdout, again.stderr.as_str()), (run.stdout, "nothing fixed\n"));
    assert_eq!(folder.read("policy.yaml"), fixed);
    assert_eq!(folder.run(&["check", "--fix", "-q", "--format", "short"]).stderr, "");
}

#[test]
fn a_byte_order_mark_and_line_ends_stay() {
    let slips = format!("\u{feff}{}", SLIPS.replace('\n', "\r\n"));
    let folder = Folder::new(&[("policy.yaml", slips.as_str())]);
    folder.run(&["check", "--fix", "policy.yaml"]);
    let fixed = slips.replace("exclude: no", "exclude: false").replace("to: guards", "to: team:guards");
    assert_eq!(folder.read("policy.yaml"), fixed);
}

#[test]
fn what_cannot_be_written_is_told_and_left() {
    let folder = Folder::new(&[("policy.yaml", SLIPS)]);
    let refused = folder.refusal(&["check", "--fix", "-"]);
    assert!(refused.contains("standard input cannot be fixed"), "{refused}");
    let path = folder.path().join("policy.yaml");
    let mut permissions = fs::metadata(&path).unwrap().permissions();
    permissions.set_readonly(true);
    fs::set_permissions(&path, permissions).unwrap();
    let run = folder.run(&["check", "--fix"]);
    assert_eq!(run.status, 2, "{run:?}");
    assert!(run.stderr.contains("not fixed: `policy.yaml` is write-protected"), "{run:?}");
    assert!(run.stderr.ends_with("nothing fixed\n"), "{run:?}");
    assert_eq!(folder.read("policy.yaml"), SLIPS);
}

#[cfg(unix)]
#[test]
fn links_out_of_the_policy_are_not_written_through() {
    use std::os::unix::fs::symlink;
    let folder = Folder::new(&[("outside.yaml", SLIPS), ("policy/camgrant.yaml", "camgrant: 1\n")]);
    symlink("../outside.yaml", folder.path().join("policy/policy.yaml")).unwrap();
    symlink("outside.yaml", folder.path().join("link.yaml")).unwrap();
    folder.run(&["check", "--fix", "policy"]);
    let run = folder.run(&["check", "--fix", "link.yaml"]);
    assert_eq!(run.status, 2);
    assert!(run.stderr.contains("not fixed: `link.yaml` is a link"), "{run:?}");
    assert_eq!(folder.read("outside.yaml"), SLIPS);

    // inside, the file that a link leads to is written, and the link stays
    let folder = Folder::new(&[("policy/real/slips.yaml", SLIPS)]);
    symlink("real/slips.yaml", folder.path().join("policy/a.yaml")).unwrap();
    folder.run(&["check", "--fix", "policy"]);
    assert!(folder.path().join("policy/a.yaml").is_symlink());
    assert!(folder.read("policy/real/slips.yaml").contains("team:guards"));
}

/// A lint twice, and an error.
fn lapsed(links: &str) -> String {
    format!("orgs: {{ acme: {{}} }}\nusers: {{ ben: {{}} }}\ndevices: {{ dock: {{}}, gate: {{}} }}\nlinks:\n{links}")
}
const DOCK: &str = "  x-1: { devices: dock, created_by: ben, from: 2026-12-20, until: 2026-12-27 }\n";
const GATE: &str = "  x-2: { devices: gate, created_by: ben, from: 2026-12-20, until: 2026-12-27 }\n";

#[test]
fn a_baseline_passes_over_what_was_there_and_nothing_else() {
    let now = ["--now", "2026-12-01T00:00:00Z", "--format", "short"];
    let folder = Folder::new(&[("policy/a.yaml", &lapsed(DOCK))]);
    let check = |arguments: &[&str]| folder.run(&[&["check", "policy"], arguments, &now].concat());
    let before = check(&[]);
    assert!(before.stdout.contains("CG1003"), "{before:?}");
    let written = check(&["--write-baseline", "known.json"]);
    assert_eq!((written.status, written.stdout.as_str()), (0, ""), "{written:?}");
    assert!(written.stderr.contains("written into the baseline `known.json`"), "{written:?}");

    let known = folder.read("known.json");
    let run = check(&["--baseline", "known.json", "--deny", "warnings"]);
    assert_eq!((run.status, run.stdout.as_str()), (0, ""), "{run:?}");
    folder.write("policy/a.yaml", &format!("# moved\n\n{}", lapsed(&format!("{GATE}{DOCK}"))));
    let run = check(&["--baseline", "known.json", "--deny", "lapsed-link"]);
    assert_eq!(run.status, 1);
    assert!(run.stdout.contains("x-2") && !run.stdout.contains("x-1"), "{run:?}");

    folder.write("policy/a.yaml", &lapsed(GATE));
    let run = check(&["--baseline", "known.json", "--allow", "lapsed-link"]);
    assert!(run.stderr.contains("no longer found"), "{run:?}");
    assert_eq!(folder.read("known.json"), known, "only --write-baseline writes");
    check(&["--write-baseline", "known.json"]);
    assert_ne!(folder.read("known.json"), known);
}

#[test]
fn errors_are_never_in_a_baseline() {
    let folder =
        Folder::new(&[("a.yaml", &format!("{}grants: [{{ to: x, role: std/live, scope: all }}]\n", lapsed(DOCK)))]);
    let run = folder.run(&["check", "--write-baseline", "known.json"]);
    assert_eq!(run.status, 1);
    assert!(run.stdout.contains("CG0301") && run.stderr.contains("no baseline is written"), "{run:?}");
    assert_eq!(folder.files(), ["a.yaml"]);
}

#[test]
fn a_baseline_that_cannot_be_read_ends_the_run() {
    let folder = Folder::new(&[("a.yaml", &lapsed(DOCK)), ("damaged.json", "{}")]);
    assert!(folder.refusal(&["check", "--baseline", "none.json"]).contains("no such file"));
    assert!(folder.refusal(&["check", "--baseline", "damaged.json"]).contains("is damaged"));
    folder.refusal(&["check", "--baseline", "x", "--write-baseline", "y"]);
    folder.refusal(&["check", "--fix", "--write-baseline", "y"]);
}
