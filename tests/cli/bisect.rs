//! `bisect`: by which commit a right was gained or lost.

use serde_json::Value;

use super::repository::{commit, git};
use super::{Folder, reviewed};

fn policy(grants: &[&str]) -> String {
    format!(
        "orgs: {{ acme: {{ owner: root }} }}\nusers: {{ root: , nina: , ben: }}\n\
         teams: {{ guards: {{ members: [nina, ben] }} }}\nschedules: {{ nights: {{ weekly: {{ mon-sun: [22:00-06:00] }} }} }}\n\
         sites: {{ hq: }}\ndevices: {{ gate: {{ in: hq }}, safe: {{ in: hq }} }}\ngrants: [{}]\n",
        grants.join(", ")
    )
}

const GATE: &str = "{ to: ben, allow: live.view, scope: device:gate }";
const SAFE: &str = "{ to: ben, allow: live.view, scope: device:safe }";
const NIGHTS: &str = "{ to: nina, allow: live.view, scope: device:gate, schedule: nights }";
const SLIP: &str = "{ to: bne, allow: live.view, scope: device:gate }";

fn day(number: usize) -> String {
    format!("2026-03-{number:02}T12:00:00Z")
}

/// A repository with the policy in a folder of it; `history` is what its grants were, day by day.
fn repository(history: &[&[&str]]) -> Folder {
    let folder = Folder::new(&[("README.md", "hello\n")]);
    git(&folder, &day(1), &["init", "--quiet"]);
    commit(&folder, &day(1), "before any policy");
    git(&folder, &day(1), &["tag", "start"]);
    for (number, grants) in history.iter().enumerate() {
        folder.write("policy/grants.yaml", &policy(grants));
        commit(&folder, &day(number + 2), &format!("change {}", number + 1));
        git(&folder, &day(number + 2), &["tag", &format!("v{}", number + 1)]);
    }
    folder
}

fn ask<'a>(subject: &'a str, resource: &'a str, range: &'a str) -> [&'a str; 7] {
    ["bisect", subject, "live.view", resource, range, "-p", "policy"]
}

/// What turned: `gained 1`, `lost 2|3`, by the numbers of the changes.
fn turned(folder: &Folder, arguments: &[&str]) -> (i32, Vec<String>) {
    let run = folder.run(&[arguments, &["--format", "json"]].concat());
    let told: Value = serde_json::from_str(&run.stdout).unwrap_or_else(|error| panic!("{error}: {run:?}"));
    let turned = told["turned"].as_array().unwrap().iter().map(|turn| {
        let commits = turn["commits"].as_array().unwrap().iter();
        let titles: Vec<&str> = commits.map(|commit| commit["title"].as_str().unwrap()).collect();
        let by = turn["merge"]["by"].as_str().map(|by| format!(" ({by})")).unwrap_or_default();
        let word = if turn["held"] == true { "gained" } else { "lost" };
        format!("{word} {}{by}", titles.join("|").replace("change ", ""))
    });
    (run.status, turned.collect())
}

#[test]
fn the_first_commit_by_which_a_right_was_gained_and_lost() {
    let folder = repository(&[&[], &[SAFE], &[SAFE, GATE], &[GATE], &[]]);
    assert_eq!(turned(&folder, &ask("ben", "device:gate", "v1..main")), (0, vec!["gained 3".into(), "lost 5".into()]));
    assert_eq!(turned(&folder, &ask("ben", "device:gate", "v1..v4")), (0, vec!["gained 3".into()]));
    assert_eq!(turned(&folder, &ask("ben", "device:gate", "v3..")), (0, vec!["lost 5".into()]));
    // the same throughout is a no
    assert_eq!(turned(&folder, &ask("ben", "device:gate", "v3..v4")), (1, vec![]));
    assert_eq!(turned(&folder, &ask("nina", "device:gate", "v1..v5")), (1, vec![]));
    // each of the subjects on each of the resources, as `can` asks
    assert_eq!(turned(&folder, &ask("ben", "all", "v1..v5")), (0, vec!["gained 3".into(), "lost 4".into()]));
    assert_eq!(turned(&folder, &ask("team:guards", "device:gate", "v1..v5")), (1, vec![]));
    let scope = ["bisect", "ben", "live.view", "unassigned", "v1..v5", "-p", "policy"];
    assert!(folder.refusal(&scope).contains("applies to nothing in this scope"));
}

#[test]
fn a_policy_that_is_not_there_yet_gives_nothing() {
    let folder = repository(&[&[GATE]]);
    assert_eq!(turned(&folder, &ask("ben", "device:gate", "start..main")), (0, vec!["gained 1".into()]));
}

#[test]
fn each_turn_is_told_where_it_turns_several_times() {
    // a search by halves would see the first and the last alone
    let folder = repository(&[&[], &[GATE], &[], &[GATE], &[SAFE], &[GATE, SAFE]]);
    let wanted = ["gained 2", "lost 3", "gained 4", "lost 5", "gained 6"].map(String::from);
    assert_eq!(turned(&folder, &ask("ben", "device:gate", "v1..main")), (0, wanted.to_vec()));
    let lost_between = repository(&[&[GATE], &[], &[GATE]]);
    let wanted = ["lost 2", "gained 3"].map(String::from);
    assert_eq!(turned(&lost_between, &ask("ben", "device:gate", "v1..main")), (0, wanted.to_vec()));
}

#[test]
fn what_does_not_compile_is_passed_over_and_leaves_several() {
    let folder = repository(&[&[SLIP], &[], &[SLIP], &[SLIP, SAFE], &[GATE], &[SLIP]]);
    let (status, told) = turned(&folder, &ask("ben", "device:gate", "v1..main"));
    assert_eq!((status, &told[..]), (0, &["gained 3|4|5".to_owned()][..]));
    let json: Value = serde_json::from_str(
        &folder.result(&[&ask("ben", "device:gate", "v1..main")[..], &["--format", "json"]].concat()),
    )
    .unwrap();
    let passed_over = json["passed_over"].as_array().unwrap();
    assert_eq!(passed_over.len(), 4);
    assert!(passed_over[0]["reason"].as_str().unwrap().contains("CG0301"), "{json:#}");
    // five changes behind the first; of the six policies three are the same
    assert_eq!((json["commits"].as_u64(), json["compiled"].as_u64()), (Some(5), Some(4)));
    let none = repository(&[&[SLIP], &[SLIP, SAFE]]);
    let refusal = none.refusal(&ask("ben", "device:gate", "v1..main"));
    assert!(refusal.contains("no revision of v1..main has an answer") && refusal.contains("CG0301"), "{refusal}");
}

#[test]
fn conditions_count_where_an_instant_is_named() {
    let folder = repository(&[&[], &[NIGHTS], &["{ to: nina, allow: live.view, scope: device:gate }"]]);
    let always = ask("nina", "device:gate", "v1..main");
    assert_eq!(turned(&folder, &always), (0, vec!["gained 2".into()]));
    let noon = [&always[..], &["--at", "2026-05-01T12:00:00Z"]].concat();
    assert_eq!(turned(&folder, &noon), (0, vec!["gained 3".into()]));
    // the instant is unknown, and counts against her
    let address = [&always[..], &["--address", "10.0.0.1"]].concat();
    assert_eq!(turned(&folder, &address), (0, vec!["gained 3".into()]));
}

/// Ben's right comes by a branch, or by two things of which each is harmless.
fn merged(branch: &str, main: &str) -> Folder {
    let folder = repository(&[&[], &[SAFE]]);
    git(&folder, &day(5), &["checkout", "--quiet", "-b", "topic"]);
    folder.write("policy/topic.yaml", branch);
    commit(&folder, &day(5), "topic");
    git(&folder, &day(6), &["checkout", "--quiet", "main"]);
    folder.write("policy/main.yaml", main);
    commit(&folder, &day(6), "aside");
    git(&folder, &day(7), &["merge", "--quiet", "--no-ff", "-m", "merge topic", "topic"]);
    folder
}

#[test]
fn a_merge_is_one_change_and_can_be_looked_into() {
    let folder = merged("grants: [{ to: ben, allow: live.view, scope: device:gate }]\n", "teams: { few: }\n");
    let told = folder.result(&ask("ben", "device:gate", "v1..main"));
    let range = told.split("ask again in ").nth(1).unwrap().trim().split('\n').next().unwrap().to_owned();
    assert_eq!(
        turned(&folder, &ask("ben", "device:gate", "v1..main")),
        (0, vec!["gained merge topic (branch)".into()])
    );
    assert_eq!(turned(&folder, &ask("ben", "device:gate", &range)), (0, vec!["gained topic".into()]));
    // the branch left the way before: what lies beside the way is blamed for nothing
    let refusal = folder.refusal(&ask("ben", "device:gate", "topic..main"));
    assert!(refusal.contains("begin there"), "{refusal}");
}

#[test]
fn a_merge_of_two_harmless_changes_is_told() {
    let grant =
        "grants: [{ to: team:few, allow: live.view, scope: device:gate }]\nteams: { few: { members: [nina] } }\n";
    let folder = repository(&[&[]]);
    folder.write("policy/few.yaml", "teams: { few: { members: [nina] } }\n");
    commit(&folder, &day(4), "few");
    git(&folder, &day(5), &["checkout", "--quiet", "-b", "topic"]);
    folder.write("policy/few.yaml", grant);
    commit(&folder, &day(5), "topic");
    git(&folder, &day(6), &["checkout", "--quiet", "main"]);
    folder.write("policy/late.yaml", "users: { late: { same_as: nina } }\n");
    commit(&folder, &day(6), "aside");
    git(&folder, &day(7), &["merge", "--quiet", "--no-ff", "-m", "merge topic", "topic"]);
    let asked = ask("late", "device:gate", "v1..main");
    assert_eq!(turned(&folder, &asked), (0, vec!["gained merge topic (together)".into()]));
}

#[test]
fn what_is_told_to_people() {
    let mut text = String::new();
    let flips = repository(&[&[], &[GATE], &[SLIP], &[], &[SLIP], &[SLIP, SAFE], &[GATE]]);
    let branch = merged("grants: [{ to: ben, allow: live.view, scope: device:gate }]\n", "teams: { few: }\n");
    for (folder, range) in [(&flips, "v1..main"), (&flips, "v1..v2"), (&branch, "v1..main")] {
        let arguments = ask("ben", "device:gate", range);
        text += &format!("$ camgrant {}\n{}\n", arguments.join(" "), folder.result(&arguments));
    }
    let same = [&ask("nina", "device:gate", "v1..main")[..], &["--at", "2026-05-01T12:00:00Z"]].concat();
    let run = flips.run(&same);
    assert_eq!(run.status, 1, "{run:?}");
    text += &format!("$ camgrant {}\n{}", same.join(" "), run.stdout);
    reviewed("bisect", &text);
}

#[test]
fn what_is_no_question_is_refused() {
    let folder = repository(&[&[], &[GATE]]);
    for (arguments, says) in [
        (ask("bne", "device:gate", "v1..main"), "no revision of this range that compiles knows"),
        (ask("ben", "device:gaet", "v1..main"), "`acme` has no resource `device:gaet`"),
        (ask("ben", "device:gate", "v1"), "`v1` is no range of revisions"),
        (ask("ben", "device:gate", "v1...main"), "is no range of revisions"),
        (ask("ben", "device:gate", "v1..v9"), "there is no revision `v9`"),
        (ask("ben", "device:gate", "v2..v1"), "from the older to the newer"),
        (ask("ben", "device:gate", "--output=x..v1"), "unexpected argument"),
    ] {
        let refusal = folder.refusal(&arguments);
        assert!(refusal.contains(says), "{arguments:?}: {refusal}");
    }
}
