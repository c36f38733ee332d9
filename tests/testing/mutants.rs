//! What no test depends on is what the slow way says: each grant, denial and role is dropped, the policy computed again,
//! and every test run.

use std::collections::BTreeSet;

use camgrant::compile::Compiled;
use camgrant::effective::{OrgRights, compute};
use camgrant::graph;
use camgrant::model::Org;
use camgrant::testing::{Item, coverage, run};
use camgrant::vocabulary::CapabilitySet;
use camgrant_naive::Policy;
use camgrant_naive::random::{self, Rng};

use crate::support::compile_files;
use crate::{cases, now};

/// What the tests say of a policy from which an item is gone.
fn verdicts_without(org: &Org, item: Item) -> Vec<bool> {
    let mut org = org.clone();
    match item {
        Item::Grant(grant) => org.grants[grant].enabled = false,
        Item::Role(role) => {
            org.roles[role].extends.clear();
            org.roles[role].allow = CapabilitySet::EMPTY;
        }
    }
    let (graph, _) = graph::build(&org);
    passing(&compute(org, graph, 256, false).0)
}

fn passing(rights: &OrgRights) -> Vec<bool> {
    run(rights, now()).tests.iter().map(|(_, failure)| failure.is_none()).collect()
}

/// The items without which a test that passes fails.
fn covered(rights: &OrgRights, items: &BTreeSet<Item>) -> BTreeSet<Item> {
    let before = passing(rights);
    let fails = |item: &&Item| {
        let after = verdicts_without(&rights.org, **item);
        before.iter().zip(&after).any(|(before, after)| *before && !after)
    };
    items.iter().filter(fails).copied().collect()
}

#[test]
fn what_no_test_depends_on_is_what_compiling_without_it_says() {
    let (mut kinds, mut uncovered) = (BTreeSet::new(), 0);
    for seed in 0..cases(40) {
        let mut rng = Rng::new(seed);
        let mut files = random::random_policy(950_000 + seed);
        let Ok(bare) = Policy::read(&files) else { continue };
        for (number, org) in bare.orgs().iter().enumerate() {
            files.push((format!("tests-{number}.yaml"), random::trials(&bare, org, &mut rng)));
        }
        let Compiled { policy: Some(policy), .. } = compile_files(&files) else { continue };
        for rights in &policy.orgs {
            let found = coverage(&run(rights, now()), now());
            let items = found.covered.union(&found.uncovered).copied().collect();
            let expected = covered(rights, &items);
            let text: String = files.iter().map(|(path, text)| format!("--- {path}\n{text}")).collect();
            assert_eq!(found.covered, expected, "seed {seed}, {}\n{text}", rights.org.id);
            kinds.extend(found.covered.iter().map(|item| item.declared(rights).0));
            uncovered += found.uncovered.len();
        }
    }
    assert_eq!(
        kinds.into_iter().collect::<Vec<_>>(),
        ["denial", "grant", "role"],
        "too little is covered to show much"
    );
    assert!(uncovered > 20, "{uncovered}");
}
