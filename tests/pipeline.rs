//! What pipelines run: the scripts of `pipeline/` and the steps of `action.yml`, as they are, on repositories made here,
//! with a bare one for the platform's and a server on this machine for its API.

#![cfg(unix)] // the scripts are for a POSIX shell
#![allow(clippy::disallowed_methods)] // tests read their cases and write to temporary folders
#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

use std::path::PathBuf;
use std::process::Command;

#[path = "pipeline/action.rs"]
mod action;
#[path = "pipeline/api.rs"]
mod api;
#[path = "pipeline/comment.rs"]
mod comment;
#[path = "pipeline/gitlab.rs"]
mod gitlab;
#[path = "pipeline/install.rs"]
mod install;
#[path = "pipeline/judge.rs"]
mod judge;
#[path = "pipeline/platform.rs"]
mod platform;
#[path = "support/program.rs"]
mod program;
#[path = "cli/repository.rs"]
mod repository;
#[path = "pipeline/steps.rs"]
mod steps;
#[path = "pipeline/story.rs"]
mod story;

use program::Folder;

/// A file of this repository.
fn ours(path: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// A script of ours, run in a folder with nothing in its environment but what every program needs.
fn script(name: &str, folder: &Folder) -> Command {
    let mut command = Command::new("sh");
    command.arg(ours("pipeline").join(name)).current_dir(folder.path());
    command.env_clear().env("PATH", std::env::var_os("PATH").unwrap()).env("HOME", folder.path());
    command
}

/// Whether this machine has a program. Where it has not, the test says so, and shows nothing.
fn has(programs: &[&str]) -> bool {
    let missing: Vec<&&str> = programs
        .iter()
        .filter(|program| {
            let found = Command::new("sh").args(["-c", "command -v \"$0\"", program]).output();
            !found.is_ok_and(|found| found.status.success())
        })
        .collect();
    if !missing.is_empty() {
        println!("skipped: this machine has no {missing:?}");
    }
    missing.is_empty()
}
