//! What the documentation of five real systems says, statement by statement: each is checked on a small policy, together
//! with a change of the policy that turns the answer round, so that nothing holds by chance.
//!
//! The cases stand in `tests/systems/<system>`, in files that are the documentation, too: `docs/systems/<system>.md` is
//! made from them. `tests/systems/README.md` describes the form, and says how the pages are made anew.

#![allow(clippy::disallowed_methods)] // tests read their cases and write to temporary folders
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // a test fails by panicking

mod support;

#[path = "systems/expect.rs"]
mod expect;
#[path = "systems/itself.rs"]
mod itself;
#[path = "systems/judge.rs"]
mod judge;
#[path = "systems/matrix.rs"]
mod matrix;
#[path = "systems/page.rs"]
mod page;
#[path = "systems/policy.rs"]
mod policy;
#[path = "systems/topic.rs"]
mod topic;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use camgrant::vocabulary::vocabulary;
use support::{files_below, repository};
use topic::Topic;

/// The systems: folder, prefix of its statements, and how many statements its documentation makes.
const SYSTEMS: [(&str, &str, usize); 5] = [
    ("agent-dvr", "AGENT", 42),
    ("camera-cloud", "CLOUD", 34),
    ("dw-spectrum", "DW", 99),
    ("verkada", "VERK", 130),
    ("web-client", "WEB", 48),
];

/// The topics of a system, in order.
fn topics(folder: &str) -> Vec<Topic> {
    let files = files_below(&repository("tests/systems").join(folder), &["md"]);
    let read = |(path, text): &(String, String)| Topic::read(&format!("tests/systems/{folder}/{path}"), text);
    files.iter().map(|file| read(file).unwrap_or_else(|error| panic!("{error}"))).collect()
}

/// What is wrong with the ids of a system: missing, unknown, twice, or without words.
fn miscounted(prefix: &str, count: usize, topics: &[Topic]) -> Vec<String> {
    let mut missing: BTreeSet<String> = (1..=count).map(|number| format!("{prefix}-{number:02}")).collect();
    let mut seen = BTreeMap::new();
    let mut wrong = Vec::new();
    for statement in topics.iter().flat_map(judge::statements) {
        let known = missing.remove(&statement.id);
        if let Some(first) = seen.insert(statement.id.clone(), &statement.topic.path) {
            wrong.push(format!("{} stands in {first} and in {}", statement.id, statement.topic.path));
        } else if !known {
            wrong.push(format!("{}: there is no {}", statement.topic.path, statement.id));
        }
        if statement.words.trim().is_empty() {
            wrong.push(format!("{}: {} has no words", statement.topic.path, statement.id));
        }
    }
    wrong.extend(missing.into_iter().map(|id| format!("{id} is missing")));
    wrong
}

#[test]
fn every_system_is_listed() {
    let folders = fs::read_dir(repository("tests/systems")).unwrap().map(|entry| entry.unwrap());
    let folders = folders.filter(|entry| entry.path().is_dir()).map(|entry| entry.file_name().into_string().unwrap());
    assert_eq!(folders.collect::<BTreeSet<_>>(), SYSTEMS.map(|(folder, ..)| folder.to_owned()).into());
}

#[test]
fn every_statement_is_there_once() {
    for (folder, prefix, count) in SYSTEMS {
        assert_eq!(miscounted(prefix, count, &topics(folder)), Vec::<String>::new());
    }
}

#[test]
fn every_statement_holds_and_every_turn_turns_it() {
    let topics = SYSTEMS.iter().flat_map(|(folder, ..)| topics(folder));
    let wrong: Vec<String> = topics.flat_map(|topic| judge::judge(&topic)).collect();
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

/// What a built-in role gives beyond what its system's documentation says would be given unseen.
#[test]
fn every_capability_of_the_systems_roles_is_asked_for() {
    for (folder, prefix, _) in SYSTEMS {
        let topics = topics(folder);
        let held: BTreeSet<&str> = topics.iter().flat_map(judge::held).collect();
        let family = if prefix == "VERK" { "verkada".to_owned() } else { prefix.to_lowercase() };
        let roles: Vec<_> =
            vocabulary().roles().iter().filter(|role| role.name.split('/').next() == Some(&family)).collect();
        assert!(!roles.is_empty(), "{folder}: no roles");
        for role in roles {
            let unasked: Vec<&str> =
                vocabulary().names(role.capabilities).filter(|name| !held.contains(name)).collect();
            assert!(unasked.is_empty(), "{folder}: no case asks whether {} gives {unasked:?}", role.name);
        }
    }
}

#[test]
fn every_page_is_made_from_its_cases() {
    // makes the pages where it is set, and does not compare them
    let write = std::env::var("CAMGRANT_WRITE_DOCS").is_ok();
    for (folder, ..) in SYSTEMS {
        let path = repository("docs/systems").join(folder).with_extension("md");
        let page = page::page(folder, &topics(folder));
        if write {
            fs::write(&path, page).unwrap();
        } else {
            let fresh = fs::read_to_string(&path).is_ok_and(|there| there == page);
            assert!(fresh, "docs/systems/{folder}.md is stale: CAMGRANT_WRITE_DOCS=1 cargo test --test systems");
        }
    }
}
