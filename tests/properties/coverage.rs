//! What the random policies show: that every feature of the language is used, that it makes a difference in some of them
//! and none in others, and that every rule is kept in some and broken in others.

use std::collections::{BTreeMap, BTreeSet};

use camgrant::table::Table;
use camgrant_naive::random::{self, Draft};
use camgrant_naive::{Policy, Violation};

use crate::features::{each, features};
use crate::harness::{Side, cases, load};
use crate::questions::Questions;

/// The seeds that are looked at.
fn seeds() -> std::ops::Range<u64> {
    800_000..800_000 + cases(40)
}

#[derive(Default)]
struct Count {
    used: u64,
    /// Of those, where the table is another without it (or none).
    matters: u64,
}

/// Counts, feature by feature, in how many policies it is used, and in how many it makes a difference.
#[test]
fn every_feature_is_used_and_makes_a_difference() {
    let mut counts: BTreeMap<&str, Count> = features().map(|(name, _)| (name, Count::default())).collect();
    for draft in seeds().map(random::draft) {
        let Some(whole) = Side::of(&draft) else { continue };
        for (name, take_out) in features() {
            let mut other = draft.clone();
            if !each(&mut other.orgs, take_out) {
                continue;
            }
            let without = Side::of(&other);
            let count = counts.get_mut(name).unwrap();
            count.used += 1;
            count.matters += u64::from(without.is_none_or(|without| without.json != whole.json));
        }
    }
    let policies = seeds().end - seeds().start;
    println!("of {policies} policies");
    for (name, count) in &counts {
        println!("{name:36} {:3} % use it, it matters in {:3} %", count.used * 100 / policies, percent(count));
    }
    // (a rare one may be missing from a few policies)
    let blind: Vec<_> = counts.iter().filter(|(_, count)| count.matters == 0).map(|(name, _)| name).collect();
    assert!(blind.len() * 12 < counts.len(), "no policy shows what these are for: {blind:?}");
    assert!(policies < 200 || blind.is_empty(), "no policy shows what these are for: {blind:?}");
    let always = counts.values().filter(|count| count.used > 8 && count.matters == count.used).count();
    assert!(always * 6 < counts.len(), "{always} features make a difference wherever they are");
}

fn percent(count: &Count) -> u64 {
    (count.matters * 100).checked_div(count.used).unwrap_or(0)
}

/// The name of a rule, without the place where it is broken.
fn name(violation: &Violation) -> String {
    let shown = format!("{violation:?}");
    shown.split([' ', '(']).next().unwrap().to_owned()
}

fn read(draft: &Draft) -> Policy {
    Policy::read(&draft.files()).unwrap_or_else(|error| panic!("{}: {error}", draft.seed))
}

/// Every rule is broken by some policy, and kept by most.
#[test]
fn every_rule_is_kept_and_broken() {
    let mut counts: BTreeMap<String, u64> = BTreeMap::new();
    let policies = cases(40).max(200);
    for draft in (0..policies).map(|seed| random::draft(800_000 + seed)) {
        let policy = read(&draft);
        let found: BTreeSet<String> = policy.violations().iter().map(name).collect();
        found.into_iter().for_each(|rule| *counts.entry(rule).or_default() += 1);
        *counts.entry("ConditionNotCovered".to_owned()).or_default() += u64::from(!policy.warnings().is_empty());
    }
    for (rule, count) in &counts {
        println!("{rule:36} broken by {:3} % of {policies} policies", count * 100 / policies);
        assert!(count * 2 < policies, "most policies break this: {rule}");
    }
    assert!(counts.len() >= if policies < 1000 { 7 } else { 8 }, "some rule is never broken: {counts:?}");
}

/// Answers depend on when and from where: for some the instant decides, for some the address, and what is not known.
#[test]
fn answers_depend_on_instants_and_addresses() {
    let mut counts: BTreeMap<&str, u64> = BTreeMap::new();
    // links that give something at the very instant asked are rare: it takes more policies to meet them
    let policies = cases(40).max(160);
    for draft in (0..policies).map(|seed| random::draft(800_000 + seed)) {
        let Some(side) = Side::of(&draft) else { continue };
        let table: Table = load(&side.json);
        let mut rng = random::Rng::new(draft.seed);
        let questions = Questions::of(&[&read(&draft)]);
        for question in questions.some(&mut rng) {
            let kind = question.subject.split(':').next().unwrap();
            let answer = question.ask(&table);
            *counts.entry(if answer { "yes" } else { "no" }).or_default() += 1;
            if kind == "link" {
                *counts.entry(if answer { "yes to a link" } else { "no to a link" }).or_default() += 1;
            }
            let blind = crate::questions::Question { at: None, ..question };
            if answer != blind.ask(&table) {
                *counts.entry("the instant decides").or_default() += 1;
            }
            let blind = crate::questions::Question { address: None, ..question };
            if answer != blind.ask(&table) {
                *counts.entry("the address decides").or_default() += 1;
            }
        }
    }
    println!("{counts:#?}");
    for what in ["yes", "no", "yes to a link", "no to a link", "the instant decides", "the address decides"] {
        assert!(counts.get(what).is_some_and(|count| *count >= 20), "too seldom: {what}: {counts:?}");
    }
}
