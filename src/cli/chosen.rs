//! Which organisation of a policy is meant, where a question is about one.

use camgrant::diagnostics::did_you_mean;
use camgrant::effective::{Effective, OrgRights};

use super::exit::Failure;

/// The organisation that is meant, with its rights.
pub(crate) fn choose_rights<'p>(policy: &'p Effective, org: Option<&str>) -> Result<&'p OrgRights, Failure> {
    let ids = policy.orgs.iter().map(|rights| &*rights.org.id).collect();
    let chosen = choose(ids, org)?;
    let mut orgs = policy.orgs.iter();
    orgs.find(|rights| &*rights.org.id == chosen)
        .ok_or_else(|| Failure::new(format!("there is no organisation `{chosen}`")))
}

/// The organisation that is meant: the one that is named, or the only one.
pub(crate) fn choose<'o>(ids: Vec<&'o str>, org: Option<&str>) -> Result<&'o str, Failure> {
    let list = || ids.iter().map(|id| format!("`{id}`")).collect::<Vec<_>>().join(", ");
    match (org, ids.as_slice()) {
        (Some(org), _) => ids.iter().copied().find(|id| *id == org).ok_or_else(|| {
            let known = Some(format!("there is {}", list())).filter(|_| !ids.is_empty());
            Failure::new(format!("there is no organisation `{org}`"))
                .help(did_you_mean(org, ids.iter().copied()).or(known))
        }),
        (None, [only]) => Ok(only),
        (None, []) => Err(Failure::new("there is no organisation")),
        (None, _) => {
            Err(Failure::new("there are several organisations")
                .help(Some(format!("choose one with `--org`: {}", list()))))
        }
    }
}
