//! Small repositories for tests: commits with fixed dates and names, so that their ids are always the same.

use std::process::{Command, Output};

use super::Folder;

/// Runs git in a folder, without anything that a machine sets.
pub(crate) fn try_git(folder: &Folder, date: &str, arguments: &[&str]) -> Output {
    Command::new("git")
        .current_dir(folder.path())
        .args(["-c", "user.name=Tests", "-c", "user.email=tests@acme.example", "-c", "commit.gpgsign=false"])
        .args(["-c", "init.defaultBranch=main", "-c", "tag.gpgsign=false", "-c", "core.hooksPath=/dev/null"])
        .args(["-c", "core.autocrlf=false", "-c", "protocol.file.allow=always"])
        .args(arguments)
        .env("GIT_COMMITTER_DATE", date)
        .env("GIT_AUTHOR_DATE", date)
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .env("GIT_CONFIG_NOSYSTEM", "1")
        .output()
        .unwrap()
}

/// The same, which must end well; what it prints.
pub(crate) fn git(folder: &Folder, date: &str, arguments: &[&str]) -> String {
    let run = try_git(folder, date, arguments);
    assert!(run.status.success(), "{arguments:?}: {run:?}");
    String::from_utf8(run.stdout).unwrap()
}

/// Everything that lies in the folder, as a commit.
pub(crate) fn commit(folder: &Folder, date: &str, title: &str) {
    git(folder, date, &["add", "."]);
    git(folder, date, &["commit", "--quiet", "-m", title]);
}
