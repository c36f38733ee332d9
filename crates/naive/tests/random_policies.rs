//! Random policies: the two ways to decide agree, spelling does not matter, and most of them compile.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // tests

use std::net::IpAddr;

use camgrant_naive::random::Rng;
use camgrant_naive::{Policy, consult, draft, random_policy};

fn read(seed: u64) -> Policy {
    let files = random_policy(seed);
    Policy::read(&files).unwrap_or_else(|error| panic!("seed {seed}: {error}\n{}", shown(&files)))
}

fn shown(files: &[(String, String)]) -> String {
    files.iter().map(|(path, text)| format!("=== {path}\n{text}")).collect()
}

#[test]
fn most_compile() {
    let seeds = 0..200;
    let compilable = seeds.clone().filter(|&seed| read(seed).violations().is_empty()).count();
    println!("{compilable} of {}", seeds.end);
    assert!((140..190).contains(&compilable), "{compilable} of {} compile", seeds.end);
}

#[test]
fn every_word_of_the_language_is_used() {
    let words = [
        "org",
        "orgs",
        "users",
        "teams",
        "roles",
        "sites",
        "recorders",
        "devices",
        "device_groups",
        "layouts",
        "schedules",
        "networks",
        "grants",
        "links",
        "owner",
        "timezone",
        "max_group_depth",
        "ungrouped_devices",
        "licenses",
        "same_as",
        "from",
        "until",
        "disabled",
        "members",
        "schedule",
        "extends",
        "allow",
        "without",
        "groups",
        "recorder",
        "exclude",
        "kind",
        "server",
        "sharing",
        "in",
        "locked",
        "weekly",
        "except",
        "id",
        "to",
        "role",
        "scope",
        "deny",
        "except_scope",
        "kinds",
        "only",
        "read_only",
        "outside",
        "consent",
        "enabled",
        "created_by",
        "name",
        "reason",
        "ref",
        "camgrant",
        "lints",
        "limits",
        "max_link_days",
        "mail_domains",
        "x-a0",
    ];
    let all: String =
        (0..150).map(|seed| shown(&random_policy(seed)) + &shown(&draft(seed).files_shuffled(seed))).collect();
    for word in words {
        assert!(all.contains(&format!("{word}:")), "{word}");
    }
    for more in
        ["\r\n", "\u{feff}", "\n---\n", "# ", "*a0", "&a0", "{ ", "mon-fri", "fri-mon", "24:00", "::ffff:", "user:"]
    {
        assert!(all.contains(more), "{more:?}");
    }
}

#[test]
fn the_same_seed_is_the_same_policy() {
    for seed in 0..20 {
        assert_eq!(random_policy(seed), random_policy(seed));
        assert_eq!(draft(seed).files_shuffled(9), draft(seed).files_shuffled(9));
    }
}

#[test]
fn shuffled_means_the_same() {
    for seed in 0..60 {
        let draft = draft(seed);
        let plain = Policy::read(&draft.files()).unwrap();
        for other in 0..2 {
            let files = draft.files_shuffled(seed * 7 + other);
            let shuffled = Policy::read(&files).unwrap_or_else(|error| panic!("{seed}: {error}\n{}", shown(&files)));
            assert_eq!(plain.table_text(), shuffled.table_text(), "seed {seed}, {other}");
            assert_eq!(plain.violations(), shuffled.violations(), "seed {seed}, {other}");
        }
    }
}

#[test]
fn decide_agrees_with_the_table() {
    let (mut asked, mut yes) = (0u32, 0u32);
    for seed in 0..100 {
        let policy = read(seed);
        let table = policy.table();
        let mut rng = Rng::new(seed);
        for org in policy.orgs() {
            let (subjects, resources) = (policy.subjects(&org), policy.resources(&org));
            let (capabilities, moments, addresses) =
                (policy.capabilities(), policy.moments(&org), policy.addresses(&org));
            for _ in 0..1500 {
                let subject = rng.pick(&subjects);
                // the capabilities that are given most, and any
                let capability: &str = match rng.below(4) {
                    0 => "live.view",
                    1 => rng.pick::<&str>(&[
                        "archive.view",
                        "audio.listen",
                        "layout.view",
                        "device_group.view",
                        "ptz.control",
                    ]),
                    _ => rng.pick::<String>(&capabilities),
                };
                let resource = rng.pick(&resources);
                let at: Option<i64> = if rng.chance(15) { None } else { Some(*rng.pick(&moments)) };
                let address: Option<IpAddr> = if rng.chance(15) { None } else { Some(*rng.pick(&addresses)) };
                let decided = policy.decide(&org, subject, capability, resource, at, address);
                let consulted = consult(&table, &org, subject, capability, resource, at, address);
                let question = format!("{org} {subject} {capability} {resource} {at:?} {address:?}");
                assert_eq!(decided, consulted, "seed {seed}: {question}\n{}", policy.table_text());
                asked += 1;
                yes += u32::from(decided);
            }
        }
    }
    println!("{yes} of {asked}");
    assert!(yes > asked / 20, "too few are allowed anything: {yes} of {asked}");
}
