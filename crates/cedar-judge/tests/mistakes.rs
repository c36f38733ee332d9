//! The judge can tell: each of these changes to what is written for Cedar is noticed on some random policy.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // a test fails by panicking

use camgrant_cedar_judge::{Compared, questions};
use camgrant_naive::draft;
use camgrant_naive::random::Rng;

/// How many policies are looked at, and how many questions are asked of each, before a mistake counts as unnoticed.
const POLICIES: u64 = 150;
const SAMPLE: usize = 250;

/// What goes wrong, what stands in its place; within policies.
const MISTAKES: [(&str, &str, &str); 17] = [
    ("a denial binds owners", "unless { principal is User && resource.owners.contains(principal) }", ""),
    (
        "owners own nothing",
        "when { resource.owners.contains(principal) }",
        "when { [User::\"x\"].contains(principal) }",
    ),
    ("exclusion is forgotten", "resource in DeviceSet::\"exclude\"", "false"),
    (
        "devices of a dark recorder are shared",
        "when { resource is Recorder || resource is Device }",
        "when { resource is Recorder }",
    ),
    ("what is unknown holds for no denial", "else true", "else false"),
    ("`from` excludes its own second", "context.instant >= ", "context.instant > "),
    ("`until` includes its own second", "context.instant < ", "context.instant <= "),
    ("every schedule holds", "context.schedules.contains(", "!context.schedules.contains("),
    ("addresses count for nothing", ".isInRange(ip(\"10.", ".isInRange(ip(\"11."),
    ("`outside` is inside", "then !(context.address", "then (context.address"),
    ("`except` is forgotten", "unless { principal in ", "unless { false && principal in "),
    ("`except_scope` is forgotten", "when { !(resource", "when { true || !(resource"),
    ("`only` lets everything through", "resource in DeviceGroup::", "true || resource in DeviceGroup::"),
    ("kinds are forgotten", "resource is Device && [\"", "true || resource is Device && [\""),
    ("`read_only` is forgotten", "when { action in Action::\"class:view\" }", ""),
    ("a disabled user acts", "&& principal.disabled", "&& !principal.disabled"),
    ("the maker need not share", "resource.owners.contains(User::", "true || resource.owners.contains(User::"),
];

/// Within entities.
const MISPLACED: [(&str, &str, &str); 5] = [
    ("nobody is in a team", r#"{"type":"Team","id":""#, r#"{"type":"Team","id":"not "#),
    (
        "a device is in no recorder",
        r#"{"type":"Recorder","id":"#,
        r#"{"type":"Recorder","id":"x"},{"type":"Org","id":"#,
    ),
    ("nothing is ungrouped", r#""id":"ungrouped""#, r#""id":"grouped""#),
    ("nothing is unassigned", r#""id":"unassigned""#, r#""id":"assigned""#),
    ("no layout has devices", r#"{"type":"DeviceSet","id":"layout:"#, r#"{"type":"DeviceSet","id":"no layout:"#),
];

/// Whether a change is noticed: a different answer, a policy that fails, or files that do not go together.
fn is_noticed(path: &str, wrong: &str, instead: &str) -> bool {
    (0..POLICIES).any(|seed| {
        let change = |changed: &str, text: String| {
            // what stands after `uid` is the entity itself, and not what it is in
            match (changed == path, path) {
                (true, "entities.json") => text
                    .lines()
                    .map(|line| match line.split_once(r#""parents":"#) {
                        Some((own, parents)) => format!("{own}\"parents\":{}\n", parents.replace(wrong, instead)),
                        None => format!("{line}\n"),
                    })
                    .collect(),
                (true, _) => text.replace(wrong, instead),
                _ => text,
            }
        };
        let files = draft(seed).files();
        let compared = match Compared::with(&files, &change) {
            Ok(Some(compared)) => compared,
            Ok(None) | Err(_) => return false, // a change that Cedar refuses proves nothing
        };
        let mut rng = Rng::new(seed);
        let orgs = compared.naive.orgs();
        orgs.iter().any(|org| {
            let asked = questions(&compared.naive, org, SAMPLE, &mut rng);
            asked.iter().any(|question| compared.ask(org, question).is_err())
        })
    })
}

#[test]
fn mistakes_are_noticed() {
    let in_policies = MISTAKES.map(|(what, wrong, instead)| ("policies.cedar", what, wrong, instead));
    let in_entities = MISPLACED.map(|(what, wrong, instead)| ("entities.json", what, wrong, instead));
    let unnoticed: Vec<&str> = in_policies
        .into_iter()
        .chain(in_entities)
        .filter(|(path, _, wrong, instead)| !is_noticed(path, wrong, instead))
        .map(|(_, what, ..)| what)
        .collect();
    assert!(unnoticed.is_empty(), "{unnoticed:#?}");
}
