//! table: offers, what was offered and is not accepted yet.

use std::collections::{BTreeMap, BTreeSet};

use crate::access::{Conditions, alternatives};
use crate::condition::Condition;
use crate::grants::caps;
use crate::model::Org;
use crate::rights::Rights;
use crate::subjects::is_disabled;
use crate::vocabulary::Vocabulary;

/// One offer. The derived order is the table's: by (`to`, `scope`, `capabilities`, `consent`, `when`).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Offer {
    pub(crate) to: BTreeSet<String>,
    pub(crate) scope: BTreeSet<String>,
    pub(crate) capabilities: BTreeSet<String>,
    pub(crate) consent: String,
    /// None where the offer would hold always.
    pub(crate) when: Conditions,
}

/// table: one for each enabled grant that is pending or rejected, one for each set of users with the same conditions.
pub(crate) fn offers(org: &Org, rights: &Rights, vocabulary: &Vocabulary) -> Vec<Offer> {
    let mut all = Vec::new();
    for (grant, effect) in org.grants.iter().zip(&rights.effects) {
        if grant.is_denial() || !grant.enabled || grant.consent == "accepted" {
            continue;
        }
        let scope: BTreeSet<String> =
            effect.given.keys().filter(|resource| !rights.barred.contains(*resource)).cloned().collect();
        if scope.is_empty() {
            continue;
        }
        let mut by_conditions: BTreeMap<Conditions, BTreeSet<String>> = BTreeMap::new();
        for (user, conditions) in &effect.conditions {
            let when = alternatives(conditions, &org.schedules);
            if !is_disabled(org, user) && !when.is_empty() {
                by_conditions.entry(when).or_default().insert(format!("user:{user}"));
            }
        }
        for (mut when, to) in by_conditions {
            if when.iter().any(Condition::states_nothing) {
                when.clear();
            }
            all.push(Offer {
                to,
                scope: scope.clone(),
                capabilities: caps(org, vocabulary, grant),
                consent: grant.consent.clone(),
                when,
            });
        }
    }
    all.sort();
    all
}
