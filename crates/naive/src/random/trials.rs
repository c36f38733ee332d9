//! Random tests for a policy: some that say what is so, some that say anything.

use super::Rng;
use crate::read::Policy;
use crate::time::instant_text;

/// A document with tests of one organisation, which is to stand beside the files of the policy.
#[must_use]
pub fn trials(policy: &Policy, org: &str, rng: &mut Rng) -> String {
    let mut text = format!("org: {org}\ntests:\n");
    for _ in 0..rng.between(6, 14) {
        let test = one(policy, org, rng);
        text += &format!("  - {test}\n");
    }
    text
}

fn one(policy: &Policy, org: &str, rng: &mut Rng) -> serde_json::Value {
    let (subjects, resources) = (policy.subjects(org), policy.resources(org));
    let (moments, addresses) = (policy.moments(org), policy.addresses(org));
    let mut resource = rng.pick(&resources).clone();
    let kind = crate::resources::kind_of(&resource).to_owned();
    let mut capabilities = policy.capabilities();
    if rng.chance(90) {
        capabilities.retain(|one| policy.vocabulary.applies(one, &kind));
    }
    // what is given somewhere says more than what is not
    let given: Vec<String> =
        policy.rights[org].effects.iter().filter_map(|effect| effect.given.get(&resource)).flatten().cloned().collect();
    if !given.is_empty() && rng.chance(80) {
        capabilities = given;
    }
    let mut who = rng.pick(&subjects).clone();
    let mut capability = rng.pick(&capabilities).clone();
    // what a denial takes, from one to whom it comes
    let denials: Vec<_> = policy.rights[org].effects.iter().filter(|effect| effect.denial && effect.active).collect();
    if !denials.is_empty() && rng.chance(35) {
        let denial = rng.pick(&denials);
        let taken: Vec<(String, String)> = denial
            .given
            .iter()
            .flat_map(|(resource, all)| all.iter().map(|one| (resource.clone(), one.clone())))
            .collect();
        let from: Vec<String> = denial.conditions.keys().map(|user| format!("user:{user}")).collect();
        if !taken.is_empty() && !from.is_empty() {
            (resource, capability) = rng.pick(&taken).clone();
            who = rng.pick(&from).clone();
        }
    }
    let at = (!rng.chance(40)).then(|| *rng.pick(&moments));
    let address = (!rng.chance(40)).then(|| *rng.pick(&addresses));
    let mut test = serde_json::Map::new();
    let mut set = |key: &str, value: serde_json::Value| drop(test.insert(key.to_owned(), value));
    let text = |who: &String| who.strip_prefix("user:").unwrap_or(who).to_owned();
    if let Some(at) = at {
        set("at", instant_text(at).into());
    }
    if let Some(address) = address {
        set("address", address.to_string().into());
    }
    let teams: Vec<String> = policy.orgs[org].teams.keys().map(|id| format!("team:{id}")).collect();
    let everyone = "everyone".to_owned();
    let pattern = |rng: &mut Rng| -> String {
        let prefix = capability.split('.').next().unwrap_or_default();
        match rng.below(12) {
            0 => format!("{prefix}.*"),
            1 => format!("class:{}", policy.vocabulary.class(&capability)),
            _ => rng.pick(&capabilities).clone(),
        }
    };
    if rng.chance(50) {
        // what is so, as far as one request shows
        let yes = policy.decide(org, &who, &capability, &resource, at, address);
        set("to", text(&who).into());
        set(if yes { "can" } else { "cannot" }, vec![capability].into());
        if yes && rng.chance(15) {
            set("nobody_else", true.into());
        }
        set("scope", vec![resource].into());
        return test.into();
    }
    let to: Vec<String> = match rng.below(4) {
        0 => vec![everyone],
        1 if !teams.is_empty() => rng.some(&teams, 2),
        _ => rng.some(&subjects, 3).iter().map(text).collect(),
    };
    set("to", if to.is_empty() { vec![text(&who)] } else { to }.into());
    if rng.chance(40) {
        let except: Vec<String> = rng.some(&subjects, 3).iter().map(text).chain(rng.some(&teams, 1)).collect();
        if !except.is_empty() {
            set("except", except.into());
        }
    }
    set("scope", if rng.chance(12) { "all".to_owned() } else { resource }.into());
    let several = |rng: &mut Rng| -> Vec<String> { (0..rng.between(1, 2)).map(|_| pattern(rng)).collect() };
    match rng.below(8) {
        0 | 1 => set("can", several(rng).into()),
        2 => {
            set("can", several(rng).into());
            set("nobody_else", true.into());
        }
        3 | 4 => set("cannot", several(rng).into()),
        5 | 6 => set("never_together", vec![pattern(rng), pattern(rng)].into()),
        _ => {
            let limits = serde_json::Map::from_iter([(pattern(rng), rng.below(4).into())]);
            set("max_holders", limits.into());
        }
    }
    test.into()
}
