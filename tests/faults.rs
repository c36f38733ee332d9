//! The program where the outside fails: no room, no permission, files that change, readers that leave, signals. Each
//! fault is a real one, met by the program as it is built. Whatever happens, the output of earlier runs is as it was or
//! the new one is whole, the message names the place, and the exit status is 2.
//!
//! Where a machine cannot make a fault happen, the test says so in a line that begins with `skipped: `.

#![allow(clippy::disallowed_methods)] // tests make files, and take them away
#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

#[path = "faults/changes.rs"]
mod changes;
#[cfg(unix)]
#[path = "faults/interrupts.rs"]
mod interrupts;
#[cfg(unix)]
#[path = "faults/kinds.rs"]
mod kinds;
#[cfg(unix)]
#[path = "faults/permissions.rs"]
mod permissions;
#[path = "support/program.rs"]
mod program;
#[cfg(unix)]
#[path = "faults/room.rs"]
mod room;
mod support;
#[path = "faults/together.rs"]
mod together;

use std::collections::BTreeMap;
use std::fmt::Write;
use std::fs;
use std::path::Path;

use program::{Folder, Run};

/// A policy with so many recorders, each with so many devices; Nina watches them all.
fn policy(recorders: usize, devices: usize) -> String {
    let mut text = String::from("orgs: { acme: {} }\nusers: { nina: {} }\nsites: { hq: {} }\nrecorders:\n");
    for recorder in 0..recorders {
        writeln!(text, "  nvr-{recorder:03}: {{}}").unwrap();
    }
    text.push_str("devices:\n");
    for recorder in 0..recorders {
        for device in 0..devices {
            writeln!(text, "  gate-{recorder:03}-{device:03}: {{ in: hq, recorder: nvr-{recorder:03} }}").unwrap();
        }
    }
    text.push_str("grants: [{ to: nina, allow: live.view, scope: site:hq }]\n");
    text
}

/// Everything below a folder, hidden files too: what kind of thing stands at each path, and what is in it.
fn everything(folder: &Path) -> BTreeMap<String, String> {
    fn walk(folder: &Path, root: &Path, found: &mut BTreeMap<String, String>) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let kind = fs::symlink_metadata(&path).unwrap().file_type();
            let what = if kind.is_dir() {
                walk(&path, root, found);
                "a folder".to_owned()
            } else if kind.is_symlink() {
                format!("a link to {}", fs::read_link(&path).unwrap().display())
            } else if kind.is_file() {
                String::from_utf8_lossy(&fs::read(&path).unwrap()).into_owned()
            } else {
                "something else".to_owned()
            };
            found.insert(path.strip_prefix(root).unwrap().to_string_lossy().replace('\\', "/"), what);
        }
    }
    let mut found = BTreeMap::new();
    walk(folder, folder, &mut found);
    found
}

/// The run failed as an input or output fails: status 2, no result, and one message that names the place, says why, and
/// what to do.
fn assert_told(run: &Run, place: &str, why: &str, help: &str) {
    assert_eq!((run.status, run.stdout.as_str()), (2, ""), "{run:?}");
    let told = &run.stderr;
    assert!(told.starts_with("error: "), "{told}");
    for part in [place, why, help] {
        assert!(told.contains(part), "`{part}` is not in: {told}");
    }
    assert!(!told.contains("panicked") && !told.contains("os error") && !told.contains(".camgrant-"), "{told}");
}

/// Says that a test could not be done here. `.ci/run` counts these lines.
#[cfg(unix)]
fn skipped(test: &str, why: &str) {
    println!("\nskipped: {test}: {why}");
}

/// A command that gets the program's arguments, as a shell would start it after some words of its own.
#[cfg(unix)]
fn shell(folder: &Folder, before: &str, arguments: &[&str]) -> Run {
    let mut command = std::process::Command::new("sh");
    command.arg("-c").arg(format!("{before} exec \"$0\" \"$@\""));
    command.arg(env!("CARGO_BIN_EXE_camgrant")).args(arguments).current_dir(folder.path());
    Run::of(command.stdin(std::process::Stdio::null()).output().unwrap())
}
