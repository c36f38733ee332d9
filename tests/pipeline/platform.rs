//! A platform with a policy: a bare repository, the desk where changes are made, and what a runner clones.

use std::path::Path;
use std::process::Command;

use super::Folder;
use super::repository::{commit, git};

/// Who there is, and what.
pub(crate) const PEOPLE: &str = "\
orgs: { klinik: { owner: dana } }
users: { dana: , olga: , ben: , kai: }
teams: { guards: { members: [ben] } }
sites: { north: { groups: { lobby: } } }
devices: { gate: { in: north }, lobby-1: { in: north/lobby }, lift-1: { in: north/lobby } }
";

/// Who may.
pub(crate) const GRANTS: &str = "\
grants:
  - { to: olga, allow: [access.manage, live.view, archive.view], scope: site:north }
  - { to: team:guards, allow: [live.view, archive.view], scope: site:north }
  - { id: lift, to: kai, allow: live.view, scope: device:lift-1, until: 2026-12-31 }
";

/// What must follow.
pub(crate) const TESTS: &str = "\
tests:
  - { name: nobody but Dana exports, to: everyone, except: dana, cannot: archive.export, scope: all }
";

/// When everything happens.
pub(crate) const AT: &str = "2026-11-24T12:00:00Z";

/// A platform with a policy on its main branch, and one pull request.
pub(crate) struct Platform {
    origin: Folder,
    /// Where changes are made.
    desk: Folder,
}

impl Platform {
    pub(crate) fn new() -> Platform {
        let origin = Folder::new(&[]);
        git(&origin, AT, &["init", "--quiet", "--bare"]);
        let desk = Folder::new(&[
            ("policy/people.yaml", PEOPLE),
            ("policy/grants.yaml", GRANTS),
            ("policy/tests.yaml", TESTS),
            ("README.md", "hello\n"),
            ("authors", "Olga-Klinik olga\nbens-login ben\n"),
        ]);
        git(&desk, AT, &["init", "--quiet"]);
        commit(&desk, AT, "the policy");
        git(&desk, AT, &["remote", "add", "origin", origin.path().to_str().unwrap()]);
        git(&desk, AT, &["push", "--quiet", "origin", "main"]);
        Platform { origin, desk }
    }

    /// A pull request with these files, and what it is called by its last commit.
    pub(crate) fn pull_request(&self, number: u32, files: &[(&str, &str)]) -> String {
        let branch = format!("change-{number}");
        git(&self.desk, AT, &["checkout", "--quiet", "-b", &branch, "main"]);
        for (path, text) in files {
            self.desk.write(path, text);
        }
        commit(&self.desk, AT, "a change, by olga <olga@klinik.example>");
        for place in ["pull", "merge-requests"] {
            let head = format!("{branch}:refs/{place}/{number}/head");
            git(&self.desk, AT, &["push", "--quiet", "origin", &head]);
        }
        let id = git(&self.desk, AT, &["rev-parse", &branch]).trim().to_owned();
        git(&self.desk, AT, &["checkout", "--quiet", "main"]);
        id
    }

    /// Something else that is merged meanwhile.
    pub(crate) fn push(&self, files: &[(&str, &str)]) {
        for (path, text) in files {
            self.desk.write(path, text);
        }
        commit(&self.desk, AT, "meanwhile");
        git(&self.desk, AT, &["push", "--quiet", "origin", "main"]);
    }

    /// What a runner has: the base, and nothing behind its last commit, in the folder `clone`.
    pub(crate) fn runner(&self) -> Folder {
        let runner = Folder::new(&[]);
        let url = format!("file://{}", self.origin.path().display());
        git(&runner, AT, &["clone", "--quiet", "--depth", "1", "--branch", "main", &url, "clone"]);
        runner
    }
}

/// Runs git in a folder; what it prints.
pub(crate) fn git_in(folder: &Path, arguments: &[&str]) -> String {
    let output = Command::new("git").arg("-C").arg(folder).args(arguments).output().unwrap();
    String::from_utf8(output.stdout).unwrap()
}
