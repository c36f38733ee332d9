//! What this repository takes from elsewhere, held to `docs/dependencies.md`, and what none of its own code does.

#![allow(clippy::disallowed_methods)] // tests read their cases
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // a test fails by panicking

mod support;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use support::{files_below, repository};

/// A direct dependency.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Dependency {
    package: String,
    /// As the manifest and the code call it.
    name: String,
    /// Whether users get it: no development dependency.
    shipped: bool,
}

/// Every manifest in the repository.
fn manifests() -> Vec<PathBuf> {
    fn walk(folder: &Path, found: &mut Vec<PathBuf>) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_str().unwrap().to_owned();
            if path.is_dir() && name != "target" && !name.starts_with('.') {
                walk(&path, found);
            } else if name == "Cargo.toml" {
                found.push(path);
            }
        }
    }
    let mut found = Vec::new();
    walk(&repository(""), &mut found);
    found.sort();
    assert!(found.len() >= 2, "{found:?}");
    found
}

/// The package of a manifest and its direct dependencies. (`cargo metadata` would need a registry for packages outside
/// of the workspace; our manifests are plain.)
fn read(manifest: &Path) -> (String, Vec<Dependency>) {
    let text = fs::read_to_string(manifest).unwrap();
    let (mut section, mut package, mut dependencies) = (String::new(), String::new(), Vec::new());
    for line in text.lines() {
        let line = line.trim();
        if let Some(header) = line.strip_prefix('[') {
            section = header.trim_end_matches(']').to_owned();
            // [dependencies.name]
            if let Some((table, name)) = section.rsplit_once('.')
                && table.ends_with("dependencies")
            {
                dependencies.push((name.to_owned(), !table.ends_with("dev-dependencies")));
            }
            continue;
        }
        let Some((key, value)) = line.split_once('=').filter(|_| !line.starts_with('#')) else { continue };
        let key = key.trim().split('.').next().unwrap().to_owned();
        if section == "package" && key == "name" {
            package = value.trim().trim_matches('"').to_owned();
        } else if section.ends_with("dependencies") {
            dependencies.push((key, !section.ends_with("dev-dependencies")));
        }
    }
    assert!(!package.is_empty(), "{}: no package", manifest.display());
    // of packages that are no part of the program, every dependency serves tests, whatever its manifest calls it
    let beside = package != "camgrant";
    let dependency = |(name, shipped)| Dependency { package: package.clone(), name, shipped: shipped || beside };
    let dependencies = dependencies.into_iter().map(dependency).collect();
    (package, dependencies)
}

/// The rows of the tables below a heading of the page, cell by cell.
fn rows(heading: &str) -> Vec<Vec<String>> {
    let page = fs::read_to_string(repository("docs/dependencies.md")).unwrap();
    let part = page.split(&format!("\n## {heading}\n")).nth(1).expect("the heading is there");
    let part = part.split("\n## ").next().unwrap();
    let rows = part.lines().filter(|line| line.starts_with("| `"));
    rows.map(|row| row.trim_matches('|').split(" | ").map(|cell| cell.trim().to_owned()).collect()).collect()
}

/// What stands between backticks.
fn quoted(cell: &str) -> Vec<String> {
    cell.split('`').skip(1).step_by(2).map(str::to_owned).collect()
}

fn first(cell: &str) -> String {
    quoted(cell).into_iter().next().expect("a name in backticks")
}

#[test]
fn every_dependency_is_on_its_page_and_no_other() {
    let used: BTreeSet<Dependency> = manifests().iter().flat_map(|manifest| read(manifest).1).collect();
    let shipped = rows("The program and its library").into_iter().map(|cells| {
        assert_eq!(cells.len(), 6, "{cells:?}");
        Dependency { package: "camgrant".to_owned(), name: first(&cells[0]), shipped: true }
    });
    let for_tests = rows("Tests and benchmarks").into_iter().map(|cells| {
        assert_eq!(cells.len(), 5, "{cells:?}");
        let package = first(&cells[1]);
        Dependency { shipped: package != "camgrant", package, name: first(&cells[0]) }
    });
    let told: BTreeSet<Dependency> = shipped.chain(for_tests).collect();
    let missing: Vec<_> = used.difference(&told).collect();
    let stale: Vec<_> = told.difference(&used).collect();
    assert!(missing.is_empty(), "not in docs/dependencies.md: {missing:#?}");
    assert!(stale.is_empty(), "in docs/dependencies.md, and in no manifest: {stale:#?}");
}

#[test]
fn a_dependency_is_used_behind_its_door_and_nowhere_else() {
    let sources = files_below(&repository("src"), &["rs"]);
    for cells in rows("The program and its library") {
        let name = first(&cells[0]).replace('-', "_");
        let doors = quoted(&cells[3]);
        assert!(!doors.is_empty(), "{name} has no door");
        let uses = |text: &str| {
            // a test may take whatever it needs
            let program = text.split("\nmod tests {").next().unwrap();
            program.lines().filter(|line| !line.trim_start().starts_with("//")).any(|line| {
                line.match_indices(&*name).any(|(at, _)| {
                    let before = line[..at].chars().next_back();
                    let whole = before.is_none_or(|c| !(c.is_alphanumeric() || c == '_' || c == '.'));
                    whole && line[at + name.len()..].starts_with("::")
                })
            })
        };
        let users: Vec<&String> = sources.iter().filter(|(_, text)| uses(text)).map(|(path, _)| path).collect();
        let behind = |path: &str, door: &str| path == door || path.starts_with(&format!("{door}/"));
        for user in &users {
            let is_test = user.ends_with("tests.rs") || user.contains("/tests/");
            let inside = doors.iter().any(|door| behind(user, door));
            assert!(is_test || inside, "{name} is used in {user}; its doors are {doors:?}");
        }
        for door in &doors {
            assert!(users.iter().any(|user| behind(user, door)), "{name} is not used in {door}");
        }
    }
}

/// Licences that `deny.toml` does not know would stop the run there; the page must not promise others.
#[test]
fn licences_on_the_page_are_allowed() {
    let deny = fs::read_to_string(repository("deny.toml")).unwrap();
    let allowed = deny.lines().find(|line| line.starts_with("allow = ")).unwrap();
    let licences = rows("The program and its library").into_iter().map(|cells| cells[4].clone());
    for licence in licences.chain(rows("Tests and benchmarks").into_iter().map(|cells| cells[3].clone())) {
        let known = licence.replace('/', " OR ").split(" OR ").any(|one| allowed.contains(&format!("{one:?}")));
        assert!(known, "{licence} is not in deny.toml");
    }
}

/// Every crate, tests, benchmarks and fuzzers aside, says so itself; every package says so for all that it builds.
#[test]
fn unsafe_code_is_forbidden_everywhere() {
    let root = fs::read_to_string(repository("Cargo.toml")).unwrap();
    assert!(root.contains("[workspace.lints.rust]\nunsafe_code = \"forbid\""));
    for manifest in manifests() {
        let text = fs::read_to_string(&manifest).unwrap();
        let forbids = text.contains("[lints]\nworkspace = true") || text.contains("unsafe_code = \"forbid\"");
        assert!(forbids, "{}: unsafe code is not forbidden", manifest.display());
        for top in ["src/lib.rs", "src/main.rs"].map(|path| manifest.with_file_name(path)) {
            if let Ok(text) = fs::read_to_string(&top) {
                assert!(text.contains("#![forbid(unsafe_code)]"), "{}: it does not say so", top.display());
            }
        }
    }
    let word = "unsafe";
    for (path, text) in files_below(&repository("src"), &["rs"]) {
        let code = text.lines().filter(|line| !line.trim_start().starts_with("//"));
        let mut uses = code.filter(|line| line.contains(&format!("{word} ")));
        assert_eq!(uses.next(), None, "{path}");
    }
}

/// Every manifest with a workspace of its own has its own lock, which is kept.
#[test]
fn versions_are_locked() {
    let text: BTreeMap<PathBuf, String> =
        manifests().into_iter().map(|path| (path.clone(), fs::read_to_string(path).unwrap())).collect();
    for (manifest, _) in text.iter().filter(|(_, text)| text.lines().any(|line| line == "[workspace]")) {
        let lock = manifest.with_file_name("Cargo.lock");
        let lock_text = fs::read_to_string(&lock).unwrap_or_else(|error| panic!("{}: {error}", lock.display()));
        for source in lock_text.lines().filter(|line| line.starts_with("source = ")) {
            assert!(source.contains("registry+https://github.com/rust-lang/crates.io-index"), "{source}");
        }
    }
}

/// Nothing opens a connection, and no program is started but `git` and the `dot` of Graphviz, each in one place: a policy
/// is data.
#[test]
fn the_program_has_no_network_and_starts_git_and_dot_alone() {
    let started = [("cli/git.rs", "git"), ("cli/graphviz.rs", "dot")];
    for (path, text) in files_below(&repository("src"), &["rs"]) {
        for word in ["std::net::Tcp", "std::net::Udp", "TcpStream", "UdpSocket", "UnixStream"] {
            assert!(!text.contains(word), "{path} uses {word}");
        }
        for word in ["process::Command", ".spawn()", ".output()", "Stdio"] {
            let may = started.iter().any(|(file, _)| path == *file);
            assert!(may || !text.contains(word), "{path} starts a program: {word}");
        }
    }
    for (file, program) in started {
        let text = fs::read_to_string(repository("src").join(file)).unwrap();
        assert_eq!(text.matches("Command::new(").count(), 1, "{program} is started in one place");
        assert!(text.contains(&format!("Command::new(\"{program}\")")));
    }
    // and no dependency that could bring one
    let lock = fs::read_to_string(repository("Cargo.lock")).unwrap();
    for name in ["tokio", "hyper", "reqwest", "ureq", "curl", "socket2", "rustls", "openssl"] {
        assert!(!lock.contains(&format!("name = \"{name}\"")), "{name} is in Cargo.lock");
    }
    // `mio` has a network behind its feature `net`. It is there for `notify` alone, which waits with it for news of
    // files and does not ask for that feature
    let uses_mio = |package: &&str| package.lines().any(|line| line.trim().starts_with("\"mio"));
    let users: Vec<&str> =
        lock.split("[[package]]").filter(uses_mio).filter_map(|package| package.lines().nth(1)).collect();
    assert_eq!(users, ["name = \"notify\""]);
}

/// SECURITY.md names a test for each of its promises: `file::test`, where the file is one below `tests`, or a case of it.
#[test]
fn promises_of_security_are_tests() {
    let page = fs::read_to_string(repository("SECURITY.md")).unwrap();
    let tests = files_below(&repository("tests"), &["rs"]);
    let of = |file: &str| {
        let belongs = |path: &str| path == format!("{file}.rs") || path.starts_with(&format!("{file}/"));
        tests.iter().filter(|(path, _)| belongs(path)).map(|(_, text)| &**text).collect::<String>()
    };
    let mut named = 0;
    for (file, test) in quoted(&page).iter().filter_map(|name| name.split_once("::")) {
        if !tests.iter().any(|(path, _)| *path == format!("{file}.rs")) {
            continue; // a path in the code
        }
        named += 1;
        assert!(of(file).contains(&format!("fn {test}()")), "SECURITY.md names `{file}::{test}`, which is not there");
    }
    assert!(named > 25, "only {named} tests were found");
}
