//! semantics §2: subjects, ways, and `same_as`.

use std::collections::{BTreeMap, BTreeSet};

use crate::condition::Condition;
use crate::model::{Grant, Named, Org};

/// semantics §2: the user itself, and those whom it is `same_as`, through chains: it is listed wherever one of them is.
pub(crate) fn listed_as(org: &Org, user: &str) -> Vec<String> {
    let mut all = vec![user.to_owned()];
    let mut next = org.users.get(user).and_then(|one| one.same_as.clone());
    while let Some(other) = next {
        if all.contains(&other) {
            break;
        }
        next = org.users.get(&other).and_then(|one| one.same_as.clone());
        all.push(other);
    }
    all
}

/// semantics §2: every path from `named` through teams to the user, each as the conjunction of its teams' conditions.
fn paths(org: &Org, named: &Named, listed: &[String]) -> Vec<Condition> {
    match named {
        Named::User(id) if listed.contains(id) => vec![Condition::default()],
        Named::User(_) => Vec::new(),
        Named::Everyone => vec![Condition::default()],
        Named::Team(id) => {
            let Some(team) = org.teams.get(id) else {
                return Vec::new();
            };
            let below = team.members.iter().flat_map(|member| paths(org, member, listed));
            below.map(|rest| team.condition.and(&rest)).collect()
        }
    }
}

/// semantics §2: the ways from a grant's `to` to a user; none for one who is in `except` at any time.
pub(crate) fn ways(org: &Org, grant: &Grant, user: &str) -> BTreeSet<Condition> {
    let listed = listed_as(org, user);
    if grant.except.iter().any(|named| !paths(org, named, &listed).is_empty()) {
        return BTreeSet::new();
    }
    grant.to.iter().flat_map(|named| paths(org, named, &listed)).collect()
}

/// Whether a list that has `named` names the user, by any way at any time.
pub(crate) fn is_named(org: &Org, named: &Named, user: &str) -> bool {
    !paths(org, named, &listed_as(org, user)).is_empty()
}

/// semantics §2: the user's own `from` and `until`, and its `networks` or, where it has none, those of the one whom it
/// is `same_as`.
pub(crate) fn own_condition(org: &Org, user: &str) -> Condition {
    let listed = listed_as(org, user);
    let networks = listed.iter().find_map(|id| org.users.get(id)?.own.networks.clone());
    let own = org.users.get(user).map(|one| one.own.clone()).unwrap_or_default();
    Condition { networks, ..own }
}

/// semantics §2: the user's licences, or, where it sets none, those of the one whom it is `same_as`.
pub(crate) fn licenses(org: &Org, user: &str) -> BTreeMap<String, u64> {
    listed_as(org, user).iter().find_map(|id| org.users.get(id)?.licenses.clone()).unwrap_or_default()
}

/// semantics §4, rule 1: owns the organisation, the recorder or one whose device it is, or the device.
pub(crate) fn owns(org: &Org, user: &str, resource: &str) -> bool {
    let owns_recorder = |id: &str| org.recorders.get(id).is_some_and(|one| one.owners.contains(user));
    if org.owners.contains(user) {
        return true;
    }
    match resource.split_once(':') {
        Some(("recorder", id)) => owns_recorder(id),
        Some(("device", id)) => {
            org.devices.get(id).is_some_and(|one| one.owners.contains(user))
                || crate::resources::recorder_of(org, id).is_some_and(|recorder| owns_recorder(&recorder))
        }
        _ => false,
    }
}

/// Whether the user is disabled.
pub(crate) fn is_disabled(org: &Org, user: &str) -> bool {
    org.users.get(user).is_some_and(|one| one.disabled)
}
