//! What every grant and denial gives and takes, and to whom it goes: §1 to §3 worked out once for each, and kept.

use std::collections::{BTreeMap, BTreeSet};

use crate::condition::Condition;
use crate::grants::{caps, given};
use crate::model::{Grant, Org};
use crate::resources::{grant_reach, is_barred, resources};
use crate::subjects::ways;
use crate::vocabulary::Vocabulary;

/// One grant or denial, worked out.
#[derive(Debug, Clone)]
pub(crate) struct Effect {
    pub(crate) denial: bool,
    pub(crate) active: bool,
    /// The capabilities that it gives or takes, by resource; a resource with none is not there.
    pub(crate) given: BTreeMap<String, BTreeSet<String>>,
    /// Its whole condition for each user whom it names, by every way (semantics §3: several ways are alternatives).
    pub(crate) conditions: BTreeMap<String, BTreeSet<Condition>>,
}

impl Effect {
    fn of(org: &Org, vocabulary: &Vocabulary, grant: &Grant) -> Self {
        let caps = caps(org, vocabulary, grant);
        let reach = grant_reach(org, grant);
        let given = reach.into_iter().map(|resource| {
            let given = given(org, vocabulary, grant, &caps, &resource);
            (resource, given)
        });
        let conditions = org.users.keys().map(|user| {
            let all = ways(org, grant, user).iter().map(|way| grant.condition.and(way)).collect();
            (user.clone(), all)
        });
        Self {
            denial: grant.is_denial(),
            active: grant.active(),
            given: given.filter(|(_, given)| !given.is_empty()).collect(),
            conditions: conditions.filter(|(_, all): &(_, BTreeSet<_>)| !all.is_empty()).collect(),
        }
    }

    /// Whether it gives or takes the capability on the resource.
    pub(crate) fn touches(&self, capability: &str, resource: &str) -> bool {
        self.given.get(resource).is_some_and(|given| given.contains(capability))
    }
}

/// All grants and denials of an organisation, worked out, in the order of `Org::grants`.
#[derive(Debug, Clone)]
pub(crate) struct Rights {
    pub(crate) effects: Vec<Effect>,
    /// semantics §4, rule 2: excluded devices, recorders with `sharing: false` and their devices.
    pub(crate) barred: BTreeSet<String>,
    pub(crate) resources: BTreeSet<String>,
}

impl Rights {
    pub(crate) fn of(org: &Org, vocabulary: &Vocabulary) -> Self {
        Self {
            effects: org.grants.iter().map(|grant| Effect::of(org, vocabulary, grant)).collect(),
            barred: resources(org).into_iter().filter(|resource| is_barred(org, resource)).collect(),
            resources: resources(org),
        }
    }

    /// The conditions under which active grants (or denials) give (take) the capability on the resource, for the user.
    pub(crate) fn conditions(&self, denial: bool, user: &str, capability: &str, resource: &str) -> BTreeSet<Condition> {
        self.effects
            .iter()
            .filter(|effect| effect.active && effect.denial == denial && effect.touches(capability, resource))
            .filter_map(|effect| effect.conditions.get(user))
            .flatten()
            .cloned()
            .collect()
    }
}
