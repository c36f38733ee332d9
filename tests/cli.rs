//! The program from outside: arguments and files in, streams, files and an exit status out.

#![allow(clippy::disallowed_methods)] // tests read their cases and write to temporary folders
#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

use std::fs;
use std::io::{Read, Write};
use std::path::Path;
use std::process::{Command, Stdio};

use tempfile::TempDir;

#[path = "cli/can.rs"]
mod can;
#[path = "cli/compile.rs"]
mod compile;
#[path = "cli/reference.rs"]
mod reference;
#[path = "cli/reports.rs"]
mod reports;

/// A small policy: Nina watches everything at headquarters, and turns the camera at the gate from the office; a link
/// opens the dock.
const POLICY: &str = "\
orgs: { acme: { owner: root@acme.example } }
users: { root@acme.example: {}, Nina@acme.example: {}, ben@acme.example: {} }
sites: { hq: { groups: { lobby: } }, yard: }
recorders: { nvr-1: {}, nvr-2: { kind: dw-spectrum } }
networks: { office: 10.0.0.0/8 }
devices:
  lobby-1: { in: hq/lobby, recorder: nvr-1 }
  gate: { in: hq, recorder: nvr-2, device_groups: Police }
  dock: { in: yard }
device_groups: { Police: }
grants:
  - { to: nina@acme.example, role: std/live, scope: site:hq }
  - { to: nina@acme.example, allow: ptz.control, scope: device:gate, networks: office, until: 2026-12-31 }
links:
  dock-xmas: { devices: dock, created_by: root@acme.example, from: 2026-12-20, until: 2026-12-27 }
";

/// What a run of the program came to.
#[derive(Debug)]
struct Run {
    status: i32,
    stdout: String,
    stderr: String,
}

/// A folder with a policy in it.
struct Folder(TempDir);

impl Folder {
    fn new(files: &[(&str, &str)]) -> Folder {
        let folder = Folder(tempfile::tempdir().unwrap());
        for (path, content) in files {
            folder.write(path, content);
        }
        folder
    }

    fn path(&self) -> &Path {
        self.0.path()
    }

    fn write(&self, path: &str, content: &str) {
        let path = self.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
    }

    fn read(&self, path: &str) -> String {
        fs::read_to_string(self.path().join(path)).unwrap()
    }

    /// Everything in it, by path.
    fn files(&self) -> Vec<String> {
        fn walk(folder: &Path, root: &Path, files: &mut Vec<String>) {
            for entry in fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    walk(&path, root, files);
                } else {
                    files.push(path.strip_prefix(root).unwrap().to_str().unwrap().replace('\\', "/"));
                }
            }
        }
        let mut files = Vec::new();
        walk(self.path(), self.path(), &mut files);
        files.sort();
        files
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_camgrant"));
        command.args(arguments).current_dir(self.path());
        command.env_remove("NO_COLOR").env("COLUMNS", "80").stdin(Stdio::null());
        command
    }

    fn run(&self, arguments: &[&str]) -> Run {
        self.run_with(arguments, "")
    }

    /// Runs the program with some standard input.
    fn run_with(&self, arguments: &[&str], stdin: &str) -> Run {
        let mut command = self.command(arguments);
        let piped = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = piped.spawn().unwrap();
        // a program that asks for no input may have ended by now
        let _ = child.stdin.take().unwrap().write_all(stdin.as_bytes());
        let output = child.wait_with_output().unwrap();
        Run {
            status: output.status.code().unwrap(),
            stdout: String::from_utf8(output.stdout).unwrap(),
            stderr: String::from_utf8(output.stderr).unwrap(),
        }
    }

    /// Runs the program, which must succeed and say nothing beside its result.
    fn result(&self, arguments: &[&str]) -> String {
        let run = self.run(arguments);
        assert_eq!((run.status, run.stderr.as_str()), (0, ""), "{arguments:?}: {run:?}");
        run.stdout
    }

    /// Runs the program, which must refuse, and gives what it says.
    fn refusal(&self, arguments: &[&str]) -> String {
        let run = self.run(arguments);
        assert_eq!((run.status, run.stdout.as_str()), (2, ""), "{arguments:?}: {run:?}");
        run.stderr
    }
}

/// Compares with the reviewed text under `tests/cli`.
fn reviewed(name: &str, text: &str) {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("cli");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!(name, text));
}

#[test]
fn a_reader_who_leaves_ends_the_program_quietly() {
    let folder = Folder::new(&[("policy.yaml", POLICY)]);
    for arguments in [["capabilities"].as_slice(), &["schema"], &["compile"]] {
        let mut command = folder.command(arguments);
        // the reader has left before the program begins: nothing depends on who is quicker
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        let mut child = command.stdout(writer).stderr(Stdio::piped()).spawn().unwrap();
        let mut stderr = String::new();
        child.stderr.take().unwrap().read_to_string(&mut stderr).unwrap();
        let status = child.wait().unwrap().code();
        assert_eq!((status, stderr.as_str()), (Some(2), ""), "{arguments:?}");
    }
}

#[test]
fn wrong_usage_is_told_apart_from_findings() {
    let folder = Folder::new(&[]);
    let unknown = folder.refusal(&["chekc"]);
    assert!(unknown.contains("check"), "{unknown}");
    folder.refusal(&[]);
    folder.refusal(&["check", "--colour"]);
    folder.refusal(&["compile", "--split", "recorder"]);
    folder.refusal(&["compile", "--split", "recorder", "--recorder", "x", "-o", "out"]);
    let lint = folder.refusal(&["check", "--deny", "lapsed-lnik"]);
    assert!(lint.contains("did you mean `lapsed-link`?"), "{lint}");
}
