//! Rights without what belongs to them: who holds one capability on a device and lacks another there, and by which grant.

use std::collections::{BTreeMap, BTreeSet};

use crate::access::{Access, Accesses};
use crate::read::Policy;
use crate::subjects::owns;

/// What a grant gives to those who lack the other: capabilities, users and devices.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Lacking {
    /// The capabilities of those asked for that it gives.
    pub capabilities: BTreeSet<String>,
    /// To whom.
    pub users: BTreeSet<String>,
    /// On what.
    pub devices: BTreeSet<String>,
}

impl Policy {
    /// By the id of the grant: where a user holds one of `has` on a device, all of `beside` there too and none of `lacks`,
    /// each under some condition or always. Grants without an id are passed over.
    ///
    /// # Panics
    ///
    /// Where there is no such organisation.
    #[must_use]
    pub fn lacking(&self, org: &str, has: &[&str], beside: &[&str], lacks: &[&str]) -> BTreeMap<String, Lacking> {
        let (org, rights) = (&self.orgs[org], &self.rights[org]);
        let accesses = Accesses::new(org, rights, &self.vocabulary);
        let mut found: BTreeMap<String, Lacking> = BTreeMap::new();
        for user in org.users.keys() {
            let access: Access = accesses.user(user);
            for (resource, right) in access.iter().filter(|(resource, _)| !owns(org, user, resource)) {
                let Some(device) = resource.strip_prefix("device:") else { continue };
                let holds = |capability: &&&str| right.holds(capability);
                if lacks.iter().any(|one| holds(&one)) || !beside.iter().all(|one| holds(&one)) {
                    continue;
                }
                for capability in has.iter().filter(holds) {
                    for (grant, effect) in org.grants.iter().zip(&rights.effects) {
                        let comes = effect.conditions.contains_key(user) && effect.touches(capability, resource);
                        let Some(id) = grant.id.as_ref().filter(|_| effect.active && !effect.denial && comes) else {
                            continue;
                        };
                        let of_grant = found.entry(id.clone()).or_default();
                        of_grant.capabilities.insert((*capability).to_owned());
                        of_grant.users.insert(user.clone());
                        of_grant.devices.insert(device.to_owned());
                    }
                }
            }
        }
        found
    }
}
