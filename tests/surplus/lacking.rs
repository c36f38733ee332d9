//! Rights without what belongs to them: on random policies, the grants that are named, with whom and where, are exactly
//! those that the naive evaluator's table says so of, whichever capabilities belong together.

use std::collections::{BTreeMap, BTreeSet};

use camgrant::effective;
use camgrant::vocabulary::{CapabilitySet, ResourceKind, vocabulary};
use camgrant_naive::random::Rng;
use camgrant_naive::{Lacking, Policy};

use super::{cases, draft};
use crate::support::compile_files;

/// What is held, what is held beside it, and what is lacking.
type Question = [Vec<&'static str>; 3];

/// What the lints ask, and what chance asks.
fn questions(rng: &mut Rng) -> Vec<Question> {
    let of_devices: Vec<&'static str> = vocabulary().names(vocabulary().of_kind(ResourceKind::Device)).collect();
    let mut questions = vec![
        [vec!["ptz.control", "audio.talk", "io.trigger"], vec![], vec!["live.view"]],
        [vec!["archive.export"], vec![], vec!["archive.view"]],
        [vec!["archive.export"], vec!["archive.view"], vec!["audio.playback"]],
    ];
    for _ in 0..6 {
        let [has, mut beside, lacks] = [9, 1, 2].map(|most| rng.some(&of_devices, most));
        beside.truncate(rng.below(2));
        questions.push([has, beside, lacks]);
    }
    questions
}

fn set(names: &[&str]) -> CapabilitySet {
    names.iter().map(|name| CapabilitySet::one(vocabulary().number(name).unwrap())).collect()
}

fn found(rights: &effective::OrgRights, [has, beside, lacks]: &Question) -> BTreeMap<String, Lacking> {
    let org = &rights.org;
    let told = |found: effective::Lacking| {
        let lacking = Lacking {
            capabilities: vocabulary().names(found.capabilities).map(str::to_owned).collect(),
            users: found.users.iter().map(|user| org.users[*user].id.to_string()).collect(),
            devices: found.devices.iter().map(|device| org.devices[*device].id.to_string()).collect(),
        };
        (org.grants[found.grant].id.as_deref().unwrap().to_owned(), lacking)
    };
    effective::lacking(rights, set(has), set(beside), set(lacks), |_| true).into_iter().map(told).collect()
}

#[test]
fn who_lacks_what_belongs_to_a_right_is_who_lacks_it_in_the_table() {
    let (mut compared, mut wrong) = (0, Vec::new());
    let mut met = BTreeSet::new();
    for seed in 0..cases() {
        let files = draft(seed).files();
        let Some(policy) = compile_files(&files).policy else { continue };
        let naive = Policy::read(&files).unwrap();
        let mut rng = Rng::new(seed);
        for rights in &policy.orgs {
            for question in questions(&mut rng) {
                let [has, beside, lacks] = &question;
                let (expected, found) = (naive.lacking(&rights.org.id, has, beside, lacks), found(rights, &question));
                compared += found.len();
                met.extend(found.values().flat_map(|one| one.capabilities.clone()));
                if expected != found {
                    wrong.push(format!("seed {seed}: {question:?}: {expected:#?}, and found {found:#?}"));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(compared as u64 > cases() && met.len() > 5, "only {compared} grants, of {met:?}");
}
