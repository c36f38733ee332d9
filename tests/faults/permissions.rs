//! Doors that are closed. The administrator passes all of them, so the program is run as somebody without rights.

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::os::unix::process::CommandExt;
use std::process::Output;

use super::program::{Folder, Run};
use super::{assert_told, everything, policy, skipped};

/// `nobody`, on about every system.
const NOBODY: u32 = 65534;

/// A folder that belongs to `nobody` where we can give it away, and to us otherwise.
struct Shut {
    folder: Folder,
    root: bool,
}

impl Shut {
    /// None where closed doors cannot be had here; the reason is then told.
    fn new(test: &str, files: &[(&str, &str)]) -> Option<Shut> {
        let folder = Folder::new(files);
        let id = std::process::Command::new("id").arg("-u").output().unwrap();
        let root = id.stdout == b"0\n";
        let shut = Shut { folder, root };
        if root {
            shut.mode("", 0o755);
            let owner = NOBODY.to_string();
            let given = std::process::Command::new("chown").arg("-R").arg(&owner).arg(shut.folder.path()).status();
            let starts = shut.start(&["--version"]);
            if !given.is_ok_and(|status| status.success()) || !starts.is_ok_and(|output| output.status.success()) {
                skipped(test, "the administrator passes every door, and cannot run the program as somebody else");
                return None;
            }
        }
        Some(shut)
    }

    fn mode(&self, path: &str, mode: u32) {
        fs::set_permissions(self.folder.path().join(path), Permissions::from_mode(mode)).unwrap();
    }

    fn start(&self, arguments: &[&str]) -> std::io::Result<Output> {
        let mut command = self.folder.command(arguments);
        if self.root {
            command.uid(NOBODY).gid(NOBODY);
        }
        command.output()
    }

    fn run(&self, arguments: &[&str]) -> Run {
        Run::of(self.start(arguments).unwrap())
    }
}

/// Everything can be removed again.
impl Drop for Shut {
    fn drop(&mut self) {
        let _ = std::process::Command::new("chmod").args(["-R", "u+rwX"]).arg(self.folder.path()).status();
    }
}

#[test]
fn parts_of_a_policy_that_may_not_be_read() {
    let files = [
        ("policy/policy.yaml", &*policy(1, 1)),
        ("policy/shut.yaml", ""),
        ("policy/sub/more.yaml", ""),
        ("t.json", "old"),
    ];
    let Some(shut) = Shut::new("parts_of_a_policy_that_may_not_be_read", &files) else { return };
    let denied = |path: &str| format!("{path}:1:1: error[CG0001]: `{path}` cannot be read: permission denied\n");
    for (path, mode, shown) in [
        ("policy/shut.yaml", 0o000, "shut.yaml"),
        ("policy/shut.yaml", 0o200, "shut.yaml"),
        ("policy/sub", 0o000, "sub"),
        ("policy/sub", 0o600, "sub/more.yaml"),
        ("policy/camgrant.yaml", 0o000, "camgrant.yaml"),
        ("policy", 0o000, "policy"),
        ("policy", 0o300, "policy"),
    ] {
        if path == "policy/camgrant.yaml" {
            shut.folder.write(path, "camgrant: 1\n");
        }
        shut.mode(path, mode);
        let run = shut.run(&["check", "policy", "--format", "short"]);
        assert_eq!((run.status, run.stdout), (2, denied(shown)), "{path} {mode:o}");
        let run = shut.run(&["compile", "policy", "-o", "t.json"]);
        assert_eq!((run.status, run.stdout.as_str()), (2, ""), "{run:?}");
        assert!(run.stderr.contains("check that it exists and who may read it"), "{run:?}");
        assert_eq!(shut.folder.read("t.json"), "old");
        shut.mode(path, if path.ends_with(".yaml") { 0o644 } else { 0o755 });
        let _ = fs::remove_file(shut.folder.path().join("policy/camgrant.yaml"));
    }
    assert_eq!(shut.run(&["check", "policy"]).status, 0);
    // a link to a folder behind a closed door is no link to nothing
    fs::create_dir_all(shut.folder.path().join("policy/.hidden/behind")).unwrap();
    std::os::unix::fs::symlink(".hidden/behind", shut.folder.path().join("policy/link")).unwrap();
    shut.mode("policy/.hidden", 0o000);
    assert_eq!(shut.run(&["check", "policy", "--format", "short"]).stdout, denied("link"));
    shut.mode("policy/.hidden", 0o755);
    assert_eq!(shut.run(&["check", "policy"]).status, 0);
    // nor may the way to it be walked
    shut.mode("policy", 0o600);
    assert_eq!(shut.run(&["check", "policy/sub"]).status, 2);
    assert_eq!(shut.run(&["check", "policy/policy.yaml"]).status, 2);
}

#[test]
fn folders_that_may_not_be_written_to() {
    let files = [("policy.yaml", &*policy(2, 2)), ("old.yaml", &*policy(2, 1))];
    let Some(shut) = Shut::new("folders_that_may_not_be_written_to", &files) else { return };
    fs::create_dir(shut.folder.path().join("shut")).unwrap();
    let split = ["compile", "policy.yaml", "--split", "recorder", "-o", "shut/out"];
    shut.folder.result(&["compile", "old.yaml", "-o", "shut/table.json", "--source-map", "shut/map.json"]);
    shut.folder.result(&["compile", "old.yaml", "--split", "recorder", "-o", "shut/out"]);
    let folders = ["shut/out/acme", "shut/out", "shut"];
    folders.iter().for_each(|folder| shut.mode(folder, 0o555));
    let before = everything(shut.folder.path());
    let check = |arguments: &[&str], place: &str| {
        let run = shut.run(arguments);
        assert_told(&run, place, "permission denied", "help: check who may write into that folder");
        assert_eq!(everything(shut.folder.path()), before, "{arguments:?}");
    };
    check(&["compile", "policy.yaml", "-o", "shut/table.json"], "cannot write `shut/table.json`");
    check(&["compile", "policy.yaml", "-o", "shut/new.json"], "cannot write `shut/new.json`");
    check(&["compile", "policy.yaml", "--source-map", "shut/map.json"], "cannot write `shut/map.json`");
    check(&split, "cannot write `shut/out/acme/_unrecorded.json`");
    check(&["compile", "policy.yaml", "--split", "recorder", "-o", "shut/new/out"], "cannot write `shut/new/out/");
    check(&["init", "shut/first"], "cannot write `shut/first/camgrant.yaml`");
    check(&["init", "shut"], "cannot write `shut/camgrant.yaml`");
}

/// A list of sums that cannot be read says nothing of what has to be emptied.
#[test]
fn a_list_of_sums_that_may_not_be_read() {
    let Some(shut) = Shut::new("a_list_of_sums_that_may_not_be_read", &[("policy.yaml", &policy(2, 2))]) else {
        return;
    };
    let split = ["compile", "policy.yaml", "--split", "recorder", "-o", "out"];
    assert_eq!(shut.run(&split).status, 0);
    shut.mode("out/SHA256SUMS", 0o000);
    assert_told(&shut.run(&split), "cannot read `out/SHA256SUMS`", "permission denied", "");
    shut.mode("out/SHA256SUMS", 0o644);
    assert_eq!(shut.run(&split).status, 0);
}
