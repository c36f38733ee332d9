//! `check --watch`, driven by pipes: each step waits for the report that must come, and never for a time. A report that
//! does not come fails the test, after a bound that no machine at work reaches.

#![cfg(unix)]

use std::fs;
use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::thread;
use std::time::Duration;

use super::Folder;

const BOUND: Duration = Duration::from_secs(120);
const GOOD: &str = "orgs: { acme: {} }\nusers: { nina: {} }\n";
const BAD: &str = "orgs: { acme: {} }\nusers: { nina: { same_as: ben } }\n";
const WORSE: &str = "orgs: { acme: {} }\nusers: { nina: { same_as: ben, networks: none } }\n";

/// A running `check --watch` and the lines that it has printed.
struct Watching {
    child: Child,
    lines: Receiver<String>,
}

impl Watching {
    fn start(folder: &Folder, policy: &str) -> Watching {
        let mut command = folder.command(&["check", policy, "--watch"]);
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        let stdout = BufReader::new(child.stdout.take().unwrap());
        let (sender, lines) = mpsc::channel();
        thread::spawn(move || stdout.lines().map_while(Result::ok).try_for_each(|line| sender.send(line).ok()));
        Watching { child, lines }
    }

    /// Waits for a report that ends with this summary; others on the way may be of a state between two.
    fn until(&self, summary: &str) {
        loop {
            let line = self.lines.recv_timeout(BOUND).unwrap_or_else(|_| panic!("no report `{summary}` came"));
            if line == summary {
                return;
            }
        }
    }

    fn interrupt(mut self) -> Option<i32> {
        let kill = Command::new("sh").args(["-c", &format!("kill -INT {}", self.child.id())]).status().unwrap();
        assert!(kill.success());
        self.child.wait().unwrap().code()
    }
}

/// Where a test fails, nothing stays behind.
impl Drop for Watching {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn a_folder_is_looked_at_again_after_each_change() {
    let folder = Folder::new(&[("policy/a.yaml", GOOD)]);
    let watching = Watching::start(&folder, "policy");
    watching.until("no findings in 1 file");
    folder.write("policy/a.yaml", BAD);
    watching.until("1 error in 1 file");
    folder.write("policy/people/b.yaml", "users: { mia: {} }\n");
    folder.write("policy/a.yaml", GOOD);
    watching.until("no findings in 2 files");
    // a folder that came after the start
    folder.write("policy/people/b.yaml", "users: { mia: { same_as: zoe } }\n");
    watching.until("1 error in 1 file");
    fs::remove_dir_all(folder.path().join("policy/people")).unwrap();
    watching.until("no findings in 1 file");
    assert_eq!(watching.interrupt(), Some(0));
}

#[test]
fn a_folder_that_goes_and_comes_back_is_watched_on() {
    let folder = Folder::new(&[("policy/a.yaml", GOOD), ("new/a.yaml", BAD)]);
    let watching = Watching::start(&folder, "policy");
    watching.until("no findings in 1 file");
    fs::remove_dir_all(folder.path().join("policy")).unwrap();
    watching.until("1 error in 1 file"); // it cannot be read
    fs::rename(folder.path().join("new"), folder.path().join("policy")).unwrap();
    folder.write("policy/a.yaml", WORSE);
    watching.until("2 errors in 1 file");
    folder.write("policy/a.yaml", BAD);
    watching.until("1 error in 1 file");
    assert_eq!(watching.interrupt(), Some(1));
}

#[test]
fn a_single_file_is_watched_through_editors_that_save_by_renaming() {
    let folder = Folder::new(&[("policy.yaml", GOOD)]);
    let watching = Watching::start(&folder, "policy.yaml");
    watching.until("no findings in 1 file");
    for (text, summary) in [(BAD, "1 error in 1 file"), (WORSE, "2 errors in 1 file"), (GOOD, "no findings in 1 file")]
    {
        folder.write("policy.yaml~new", text);
        fs::rename(folder.path().join("policy.yaml~new"), folder.path().join("policy.yaml")).unwrap();
        watching.until(summary);
    }
    folder.write("policy.yaml", WORSE);
    watching.until("2 errors in 1 file");
    assert_eq!(watching.interrupt(), Some(1));
}

#[test]
fn what_cannot_be_watched_is_wrong_usage() {
    let folder = Folder::new(&[("a.yaml", GOOD)]);
    assert!(folder.refusal(&["check", "-", "--watch"]).contains("standard input"));
    folder.refusal(&["check", "--watch", "--fix"]);
    folder.refusal(&["check", "--watch", "--write-baseline", "x.json"]);
}
