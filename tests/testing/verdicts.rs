//! Verdicts are those of the naive evaluator, which asks each subject about each resource. What fails here fails there
//! too, at the instant and from the address that are told; what passes here fails there at no instant that it tries.

use std::collections::BTreeSet;

use camgrant::compile::Compiled;
use camgrant::testing::Failure;
use camgrant_naive::random::{self, Rng};
use camgrant_naive::{Policy, Samples};

use crate::support::compile_files;
use crate::{cases, failures, now};

/// Instants at which the naive evaluator tries a test: the next ones, and some of those that come later.
fn samples(naive: &Policy, org: &str, rng: &mut Rng) -> Samples {
    let mut moments: Vec<i64> = naive.moments(org).into_iter().filter(|at| *at >= now()).collect();
    rng.shuffle(&mut moments);
    moments.truncate(60);
    moments.push(now());
    Samples { moments, addresses: naive.addresses(org).into_iter().take(14).collect() }
}

#[test]
fn verdicts_are_those_of_the_naive_evaluator() {
    let (mut passed, mut failed) = (0, 0);
    for seed in 0..cases(60) {
        let mut rng = Rng::new(seed);
        let mut files = random::random_policy(900_000 + seed);
        let Ok(bare) = Policy::read(&files) else { continue };
        for (number, org) in bare.orgs().iter().enumerate() {
            files.push((format!("tests-{number}.yaml"), random::trials(&bare, org, &mut rng)));
        }
        let Compiled { policy: Some(policy), .. } = compile_files(&files) else { continue };
        let naive = Policy::read(&files).unwrap();
        for rights in &policy.orgs {
            let org = &*rights.org.id;
            let samples = samples(&naive, org, &mut rng);
            let tests = failures(rights);
            assert_eq!(tests.len(), naive.tests(org));
            for (number, (test, failure)) in tests.into_iter().enumerate() {
                let mut samples = samples.clone();
                if let Some(Failure::Untrue(untrue)) = &failure {
                    let requests = untrue.shown.iter().filter_map(|one| one.request);
                    for request in requests.collect::<BTreeSet<_>>() {
                        assert!(test.at.is_some() || request.at.is_none_or(|at| at >= now()));
                        samples.moments.extend(request.at);
                        samples.addresses.extend(request.address);
                    }
                }
                let passes = naive.passes(org, number, &samples);
                let told = format!("seed {seed}, {org}, test {number}: {test:?}\n{failure:?}\n{}", shown(&files));
                assert_eq!(passes, failure.is_none(), "{told}");
                *if passes { &mut passed } else { &mut failed } += 1;
            }
        }
    }
    println!("{passed} tests pass, {failed} fail");
    assert!(
        passed > failed / 4 && failed > passed / 4 && passed > 20,
        "{passed} pass, {failed} fail: this shows little"
    );
}

fn shown(files: &[(String, String)]) -> String {
    files.iter().map(|(path, text)| format!("--- {path}\n{text}")).collect()
}
