//! `merge-check`: two changes, each harmless, that break something together.

use serde_json::Value;

use super::repository::{commit, git, try_git};
use super::{Folder, reviewed};

const BASE: &str = "\
orgs: { acme: { owner: root } }
users: { root: , nina: , ben: , eve: }
teams: { guards: { members: [nina] }, archivists: { members: [eve] } }
sites: { hq: }
devices: { gate: { in: hq }, safe: { in: hq } }
grants:
  - { to: team:guards, allow: [live.view, archive.view, archive.export], scope: site:hq }
  - { to: team:archivists, allow: [archive.view, archive.delete], scope: site:hq }
tests:
  - name: exporting and deleting are never in one hand
    to: everyone
    except: root
    never_together: [archive.export, archive.delete]
    scope: all
";

/// Ben becomes a guard.
const GUARD: &str = "members: [nina, ben] }, archivists: { members: [eve]";
/// Ben becomes an archivist.
const ARCHIVIST: &str = "teams: { helpers: { members: [ben] } }\ngrants:\n  - { to: team:helpers, allow: [archive.view, archive.delete], scope: device:safe }\n";

fn at(hour: usize) -> String {
    format!("2026-03-01T{hour:02}:00:00Z")
}

/// A repository with a base and two changes of it: files that are written over those of the base.
fn repository(base: &[(&str, &str)], ours: &[(&str, &str)], theirs: &[(&str, &str)]) -> Folder {
    let folder = Folder::new(&[("README.md", "hello\n")]);
    git(&folder, &at(1), &["init", "--quiet"]);
    let put = |files: &[(&str, &str)]| {
        for (path, text) in files {
            folder.write(&format!("policy/{path}"), text);
        }
    };
    put(base);
    commit(&folder, &at(1), "base");
    git(&folder, &at(1), &["tag", "base"]);
    for (hour, branch, files) in [(2, "ours", ours), (3, "theirs", theirs)] {
        git(&folder, &at(hour), &["checkout", "--quiet", "-b", branch, "base"]);
        put(files);
        commit(&folder, &at(hour), branch);
    }
    folder
}

fn guard_and_archivist() -> Folder {
    let guard = BASE.replace("members: [nina] }, archivists: { members: [eve]", GUARD);
    repository(&[("policy.yaml", BASE)], &[("policy.yaml", &guard)], &[("helpers.yaml", ARCHIVIST)])
}

const CHECK: [&str; 6] = ["merge-check", "base", "ours", "theirs", "-p", "policy"];

fn json(folder: &Folder, arguments: &[&str]) -> (i32, Value) {
    let run = folder.run(&[arguments, &["--format", "json"]].concat());
    (run.status, serde_json::from_str(&run.stdout).unwrap_or_else(|error| panic!("{error}: {run:?}")))
}

#[test]
fn two_changes_put_together_what_must_be_apart() {
    let folder = guard_and_archivist();
    for revision in ["base", "ours", "theirs"] {
        let mut command = folder.command(&["test", &format!("git:{revision}")]);
        let run = command.current_dir(folder.path().join("policy")).output().unwrap();
        assert_eq!(run.status.code(), Some(0), "{revision}: {run:?}");
    }
    let (status, told) = json(&folder, &CHECK);
    assert_eq!((status, &told["passed"]), (1, &Value::Bool(false)), "{told:#}");
    let broken = &told["tests"][0];
    assert_eq!((&broken["ours"], &broken["theirs"]), (&"holds".into(), &"holds".into()));
    assert_eq!(broken["failure"]["counterexamples"][0]["subjects"]["members"][0], "user:ben");
    assert_eq!(broken["failure"]["counterexamples"][0]["resource"], "device:safe");
    assert_eq!(broken["failure"]["proofs"].as_array().unwrap().len(), 2);
    let sarif = folder.run(&[&CHECK[..], &["--format", "sarif"]].concat());
    assert!(sarif.stdout.contains("CG0601") && sarif.stdout.contains("policy/policy.yaml"), "{sarif:?}");
    let run = folder.run(&CHECK);
    assert_eq!((run.status, &*run.stderr), (1, ""), "{run:?}");
    reviewed("merge_check", &format!("$ camgrant {}\n{}", CHECK.join(" "), run.stdout));
}

#[test]
fn a_test_of_one_change_meets_a_grant_of_the_other() {
    let test = "tests: [{ to: everyone, except: [team:guards, root], cannot: live.view, scope: all }]\n";
    let grant = "grants: [{ to: eve, allow: live.view, scope: device:gate }]\n";
    let folder = repository(&[("policy.yaml", BASE)], &[("more.yaml", test)], &[("eve.yaml", grant)]);
    let (status, told) = json(&folder, &CHECK);
    assert_eq!(status, 1);
    assert_eq!(told["tests"].as_array().unwrap().len(), 1, "{told:#}");
    assert_eq!((&told["tests"][0]["ours"], &told["tests"][0]["theirs"]), (&"holds".into(), &"absent".into()));
    // and the other way round
    let (_, turned) = json(&folder, &["merge-check", "base", "git:theirs", "git:ours", "-p", "policy"]);
    assert_eq!((&turned["tests"][0]["ours"], &turned["tests"][0]["theirs"]), (&"absent".into(), &"holds".into()));
}

#[test]
fn an_error_that_neither_has_alone() {
    let late = "users: { late: }\n";
    let folder = repository(&[("policy.yaml", BASE)], &[("a.yaml", late)], &[("b.yaml", late)]);
    let run = folder.run(&CHECK);
    assert_eq!(run.status, 1, "{run:?}");
    assert!(run.stdout.contains("error[CG03") && run.stdout.contains("break together: 1 error\n"), "{run:?}");
    let lint = "grants: [{ to: eve, allow: live.view, scope: device:safe }]\n";
    let folder = repository(&[("policy.yaml", BASE)], &[("a.yaml", lint)], &[("b.yaml", lint)]);
    assert_eq!(json(&folder, &CHECK).0, 0);
    let (status, told) = json(&folder, &[&CHECK[..], &["--deny", "redundant-grant"]].concat());
    assert_eq!((status, &told["findings"][0]["name"]), (1, &"redundant-grant".into()), "{told:#}");
}

#[test]
fn what_fails_in_one_of_them_already_is_no_news_and_no_pass() {
    let grant = "grants: [{ to: eve, allow: archive.export, scope: device:gate }]\n";
    let folder = repository(&[("policy.yaml", BASE)], &[("a.yaml", grant)], &[("b.yaml", "users: { late: }\n")]);
    let run = folder.run(&CHECK);
    let last = run.stdout.lines().last().unwrap();
    assert_eq!(run.status, 1, "{run:?}");
    assert_eq!(last, "`ours` and `theirs` break nothing together; besides, 1 failure in one of them alone already");
    assert_eq!(json(&folder, &CHECK).1["tests"][0]["ours"], "fails");
}

#[test]
fn what_goes_well_together_passes_and_leaves_no_trace() {
    let folder =
        repository(&[("policy.yaml", BASE)], &[("a.yaml", "users: { a: }\n")], &[("b.yaml", "users: { b: }\n")]);
    let files = folder.files();
    assert_eq!(folder.result(&CHECK), "`ours` and `theirs` break nothing together\n");
    assert_eq!(folder.files(), files, "the repository is as it was");
    assert_eq!(folder.result(&[&CHECK[..], &["--quiet"]].concat()), "");
}

#[test]
fn rights_that_neither_gives_are_told() {
    let base = "orgs: { acme: { owner: root } }\nusers: { root: , ben: , eve: }\nnetworks: { office: 10.0.0.0/8, home: 192.168.0.0/16 }\n\
                teams: { guards: { members: [eve] } }\ndevices: { gate: , safe: }\n\
                grants:\n  - { to: team:guards, allow: live.view, scope: device:gate, networks: office }\n";
    let joins = base.replace("[eve]", "[eve, ben]");
    // what the team is granted is what Ben gains with it; on the gate he has it in the first change, from the office
    let grants = "grants: [{ to: team:guards, allow: [live.view, archive.view], scope: device:safe },\
                  { to: team:guards, allow: live.view, scope: device:gate, networks: home }]\n";
    let folder = repository(&[("policy.yaml", base)], &[("policy.yaml", &joins)], &[("more.yaml", grants)]);
    let (status, told) = json(&folder, &CHECK);
    let emergent: Vec<_> = told["emergent"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| {
            let texts =
                [&one["subjects"]["members"][0], &one["resources"]["members"][0]].map(|text| text.as_str().unwrap());
            (
                one["gained"].as_bool().unwrap(),
                texts[0],
                one["capabilities"].as_array().unwrap().len(),
                texts[1],
                &one["rights"],
            )
        })
        .collect();
    let wanted = [(true, "user:ben", 2, "device:safe", &2.into()), (false, "user:ben", 1, "device:gate", &1.into())];
    assert_eq!((status, &emergent[..]), (0, &wanted[..]), "{told:#}");
    assert_eq!(
        folder.result(&CHECK),
        "rights that neither has alone:\n  `user:ben` can `archive.view`, `live.view` on `device:safe`\n  \
         `user:ben` can `live.view` on `device:gate`, under other conditions than in either\n\
         `ours` and `theirs` break nothing together\n"
    );
}

#[test]
fn a_conflict_is_told_and_is_no_pass() {
    let [a, b] = ["[nina, ben]", "[nina, eve]"].map(|members| BASE.replace("[nina]", members));
    let folder = repository(&[("policy.yaml", BASE)], &[("policy.yaml", &a)], &[("policy.yaml", &b)]);
    let run = folder.run(&CHECK);
    assert_eq!((run.status, &*run.stderr), (1, ""), "{run:?}");
    assert_eq!(run.stdout, "CONFLICT  policy.yaml\n`ours` and `theirs` cannot be merged: 1 file in conflict\n");
    assert_eq!(json(&folder, &CHECK).1["conflicts"][0], "policy.yaml");
    let sarif = folder.run(&[&CHECK[..], &["--format", "sarif"]].concat());
    assert!(serde_json::from_str::<Value>(&sarif.stdout).is_ok() && sarif.stderr.contains("CONFLICT"), "{sarif:?}");
}

/// Of a base that is not the one that both have, what each did since is merged.
#[test]
fn another_base_may_be_named() {
    let folder =
        repository(&[("policy.yaml", BASE)], &[("a.yaml", "users: { a: }\n")], &[("b.yaml", "users: { b: }\n")]);
    git(&folder, &at(5), &["checkout", "--quiet", "ours"]);
    folder.write("policy/a.yaml", "users: { a: , c: }\n");
    commit(&folder, &at(5), "more");
    // since `ours~1` the second change has taken `a` away again, with its file: that meets the change of it
    let other = ["merge-check", "ours~1", "ours", "theirs", "-p", "policy"];
    let version = git(&folder, &at(5), &["version"]);
    let numbers: Vec<u32> = version.split(['.', ' ']).filter_map(|part| part.trim().parse().ok()).collect();
    if numbers < vec![2, 40] {
        println!("skipped: another base needs Git 2.40, and this is {version}");
        return;
    }
    assert!(folder.run(&other).stdout.starts_with("CONFLICT  a.yaml\n"), "{:?}", folder.run(&other));
    assert_eq!(folder.run(&CHECK).status, 0);
}

/// A repository's own settings start nothing.
#[test]
fn a_merge_driver_of_the_repository_is_not_run() {
    let [a, b] = ["[nina, ben]", "[nina, eve]"].map(|members| BASE.replace("[nina]", members));
    let folder = repository(&[("policy.yaml", BASE)], &[("policy.yaml", &a)], &[("policy.yaml", &b)]);
    folder.write(".git/info/attributes", "*.yaml merge=mine\n");
    git(&folder, &at(4), &["config", "merge.mine.driver", "touch driven; cp %A %A"]);
    assert_eq!(folder.run(&CHECK).status, 1);
    assert!(!folder.files().iter().any(|file| file.ends_with("driven")));
    // the driver is one: git itself runs it
    let merge = try_git(&folder, &at(4), &["merge", "--quiet", "-m", "merge", "ours"]);
    assert!(folder.files().iter().any(|file| file.ends_with("driven")), "{merge:?}");
}

#[test]
fn a_change_that_does_not_compile_is_reported() {
    let slip = "grants: [{ to: bne, allow: live.view, scope: all }]\n";
    let folder = repository(&[("policy.yaml", BASE)], &[("a.yaml", slip)], &[("b.yaml", "users: { late: }\n")]);
    let run = folder.run(&CHECK);
    assert_eq!((run.status, &*run.stdout), (1, ""), "{run:?}");
    assert!(run.stderr.starts_with("`ours` does not compile:\n") && run.stderr.contains("CG0301"), "{run:?}");
    let refusal = folder.refusal(&["merge-check", "base", "ours", "nothing", "-p", "policy"]);
    assert!(refusal.contains("there is no revision `nothing`"), "{refusal}");
}
