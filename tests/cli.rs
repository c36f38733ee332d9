//! The program from outside: arguments and files in, streams, files and an exit status out.

#![allow(clippy::disallowed_methods)] // tests read their cases and write to temporary folders
#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

use std::io::Read;
use std::process::Stdio;

#[path = "cli/bisect.rs"]
mod bisect;
#[path = "cli/can.rs"]
mod can;
#[path = "cli/compile.rs"]
mod compile;
#[path = "cli/diff.rs"]
mod diff;
#[path = "cli/fix.rs"]
mod fix;
#[path = "cli/graph.rs"]
mod graph;
#[path = "cli/history.rs"]
mod history;
#[path = "cli/merge_check.rs"]
mod merge_check;
#[path = "support/program.rs"]
mod program;
#[path = "cli/questions.rs"]
mod questions;
#[path = "cli/reference.rs"]
mod reference;
#[path = "cli/reports.rs"]
mod reports;
#[path = "cli/repository.rs"]
mod repository;
#[path = "cli/timeline.rs"]
mod timeline;
#[path = "cli/watch.rs"]
mod watch;

use program::Folder;

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
  - { to: nina@acme.example, allow: ptz.control, scope: device:gate, only: police, networks: office, until: 2026-12-31 }
links:
  dock-xmas: { devices: dock, created_by: root@acme.example, from: 2026-12-20, until: 2026-12-27 }
";

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
