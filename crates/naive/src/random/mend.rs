//! Mends a draft that breaks the rules of views, of licences or of owners, with as little change as will do.

use std::collections::{BTreeMap, BTreeSet};

use super::generate::{condition, dates};
use super::model::{ConditionDraft, Draft, GrantDraft};
use super::rng::Rng;
use crate::read::Policy;
use crate::rules::Violation;

/// Mends until nothing is broken, or gives up.
pub(crate) fn mend(draft: &mut Draft, rng: &mut Rng) {
    for _ in 0..6 {
        let Ok(policy) = Policy::read(&draft.files()) else {
            return;
        };
        let broken = policy.violations();
        if broken.is_empty() {
            return;
        }
        mend_once(draft, &broken, rng);
    }
}

fn mend_once(draft: &mut Draft, broken: &BTreeSet<Violation>, rng: &mut Rng) {
    // organisation and view, with the users to whom a device of it is missing
    let mut uncovered: BTreeMap<(String, String), BTreeSet<String>> = BTreeMap::new();
    for violation in broken {
        match violation {
            Violation::LayoutUncovered { org, user, layout, .. } => {
                uncovered.entry((org.clone(), format!("layout:{layout}"))).or_default().insert(user.clone());
            }
            Violation::DeviceGroupUncovered { org, user, device_group, .. } => {
                let view = format!("device_group:{device_group}");
                uncovered.entry((org.clone(), view)).or_default().insert(user.clone());
            }
            Violation::ViewOverDenied { org, .. } => soften(draft, org, rng),
            Violation::LicencePool { org, .. } => {
                let org = draft.orgs.iter_mut().find(|one| one.id == *org);
                org.into_iter().flat_map(|org| &mut org.licenses).for_each(|(_, count)| *count += 50);
            }
            Violation::LicenceUnknown { org, level, .. } => {
                let org = draft.orgs.iter_mut().find(|one| one.id == *org);
                org.into_iter().for_each(|org| org.licenses.push((level.clone(), 50)));
                return;
            }
            Violation::OwnerDisabled { org, user } => {
                let org = draft.orgs.iter_mut().find(|one| one.id == *org);
                let users = org.into_iter().flat_map(|org| &mut org.users);
                users.filter(|one| one.id.eq_ignore_ascii_case(user)).for_each(|one| one.disabled = false);
            }
            Violation::TooManyAlternatives { .. } => {
                if let Some(manifest) = &mut draft.manifest {
                    manifest.limits.retain(|(name, _)| name != "max_alternatives");
                }
            }
        }
    }
    for ((id, view), users) in uncovered {
        let Some(org) = draft.orgs.iter_mut().find(|org| org.id == id) else {
            continue;
        };
        let condition = if rng.chance(40) { condition(org, rng) } else { ConditionDraft::default() };
        org.grants.push(GrantDraft {
            to: users.into_iter().collect(),
            allow: vec!["live.view".to_owned()],
            scope: vec![view],
            condition,
            ..GrantDraft::default()
        });
    }
}

/// A denial of `live.view` that states nothing is given a date, or spares `live.view`.
fn soften(draft: &mut Draft, id: &str, rng: &mut Rng) {
    let org = draft.orgs.iter_mut().find(|one| one.id == id);
    for grant in org.into_iter().flat_map(|org| &mut org.grants) {
        let takes = grant.deny.iter().any(|one| matches!(one.as_str(), "live.view" | "class:view" | "*"));
        if takes && grant.condition.is_empty() {
            if rng.chance(50) {
                dates(rng, &mut grant.condition);
            } else {
                grant.deny = vec!["class:take".to_owned(), "ptz.*".to_owned()];
            }
        }
    }
}
