//! `docs/pull-requests.md`: its three pull requests, judged, and what it says of them held to what is said. When it is
//! stale: `CAMGRANT_WRITE_DOCS=1 cargo test --test pipeline story`.

use std::fs;

use super::repository::{commit, git};
use super::{Folder, ours, script};

const PAGE: &str = "docs/pull-requests.md";

/// A fenced block: the words behind its fence, and its text.
struct Fence<'p> {
    info: &'p str,
    text: &'p str,
}

fn fences(page: &str) -> Vec<Fence<'_>> {
    let mut fences = Vec::new();
    let mut rest = page;
    while let Some(at) = rest.find("\n```") {
        let (info, behind) = rest[at + 4..].split_once('\n').unwrap();
        let end = if behind.starts_with("```") { 0 } else { behind.find("\n```").unwrap() + 1 };
        fences.push(Fence { info, text: &behind[..end] });
        rest = &behind[end..];
        rest = rest.strip_prefix("```").unwrap_or(rest);
    }
    fences
}

fn day(number: usize) -> String {
    format!("2026-11-{number:02}T12:00:00Z")
}

/// The comment on a change, judged in a folder's repository.
fn comment(folder: &Folder, branch: &str) -> String {
    let out = Folder::new(&[]);
    let mut command = script("judge.sh", folder);
    command.env("CAMGRANT", env!("CARGO_BIN_EXE_camgrant")).env("CAMGRANT_OUT", out.path());
    command.env("CAMGRANT_BASE", "start").env("CAMGRANT_HEAD", branch).env("CAMGRANT_POLICY", "policy");
    command.env("CAMGRANT_NOW", day(24)).env("CAMGRANT_DENY", "warnings").env("CAMGRANT_FAIL_ON", "administer");
    let run = command.output().unwrap();
    let written = out.read("comment.md");
    let closed = branch == "own-rights";
    assert_eq!(run.status.code(), Some(i32::from(closed)), "{branch}: {run:?} {written}");
    written
}

#[test]
fn what_the_page_shows_is_what_is_said() {
    let page = fs::read_to_string(ours(PAGE)).unwrap();
    let fences = fences(&page);
    let folder = Folder::new(&[]);
    git(&folder, &day(1), &["init", "--quiet"]);
    for fence in &fences {
        if let Some(path) = fence.info.strip_prefix("yaml ") {
            folder.write(path, fence.text);
        }
    }
    commit(&folder, &day(1), "the policy");
    git(&folder, &day(1), &["tag", "start"]);
    let mut written = page.clone();
    let mut judged = 0;
    for (number, fence) in fences.iter().enumerate() {
        if let Some(branch) = fence.info.strip_prefix("diff ") {
            git(&folder, &day(number), &["checkout", "--quiet", "-b", branch, "start"]);
            let patch = Folder::new(&[("patch", fence.text)]);
            git(&folder, &day(number), &["apply", patch.path().join("patch").to_str().unwrap()]);
            commit(&folder, &day(number), branch);
        }
        if let Some(branch) = fence.info.strip_prefix("markdown ") {
            judged += 1;
            written = replaced(&written, fence, &comment(&folder, branch));
        }
        if fence.info == "console" {
            git(&folder, &day(20), &["checkout", "--quiet", "main"]);
            for (day_of_merge, branch) in [(20, "refactoring"), (22, "contractor")] {
                let message = format!("Merge the {branch}");
                git(&folder, &day(day_of_merge), &["merge", "--quiet", "--no-ff", "-m", &message, branch]);
            }
            let command = fence.text.lines().next().unwrap();
            let arguments: Vec<&str> = command.strip_prefix("$ camgrant ").unwrap().split(' ').collect();
            written = replaced(&written, fence, &format!("{command}\n{}", folder.result(&arguments)));
        }
    }
    assert_eq!(judged, 3);
    if std::env::var_os("CAMGRANT_WRITE_DOCS").is_some() {
        fs::write(ours(PAGE), &written).unwrap();
        return;
    }
    assert!(page == written, "{PAGE} is stale:\n{written}");
}

/// The page with another text in a fence.
fn replaced(page: &str, fence: &Fence<'_>, text: &str) -> String {
    let old = format!("\n```{}\n{}```\n", fence.info, fence.text);
    assert_eq!(page.matches(&old).count(), 1, "{}", fence.info);
    page.replace(&old, &format!("\n```{}\n{text}```\n", fence.info))
}
