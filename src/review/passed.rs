//! Rights on an added, removed or moved resource that come from unchanged grants or ownership: rules 2 to 5 pass over
//! them. A camera that is hung up in the lobby is watched by whoever watches the lobby.
//!
//! A right comes from unchanged grants where each grant and denial that speaks of it, in either policy, says the same in
//! the other, and comes to the same subject there under the same conditions. Ownership is unchanged where the subject owns
//! the organisation, or what records the resource, in both. In doubt it is changed.

use std::collections::BTreeMap;

use super::authority::class_owns;
use super::cause::Causes;
use super::standing::{Standing, Subject};
use crate::diff::{Cond, Conditions, Version};
use crate::effective::{OrgRights, ResourceClassIx, SubjectClassIx};
use crate::graph::{Resource, ResourceIx};
use crate::model::{GrantIx, RecorderIx, UserIx};

/// What is unchanged between two policies.
pub(super) struct Unchanged<'d> {
    was: &'d OrgRights,
    is: &'d OrgRights,
    /// What each grant says, by its place.
    said: [BTreeMap<GrantIx, String>; 2],
    /// The grants that say so.
    saying: [BTreeMap<String, Vec<GrantIx>>; 2],
}

/// What comes to a subject: grants, each with its conditions.
type Coming = Vec<(GrantIx, Vec<Cond>)>;

impl<'d> Unchanged<'d> {
    pub(super) fn new(was: &'d OrgRights, is: &'d OrgRights, causes: &Causes<'d>) -> Unchanged<'d> {
        let said = [(was, Version::Old), (is, Version::New)].map(|(rights, version)| {
            let grants = rights.org.grants.iter();
            grants.filter_map(|(index, grant)| Some((index, causes.said(version, grant.span)?))).collect()
        });
        let saying = [0, 1].map(|side| {
            let mut saying: BTreeMap<String, Vec<GrantIx>> = BTreeMap::new();
            let said: Option<&BTreeMap<GrantIx, String>> = said.get(side);
            said.into_iter().flatten().for_each(|(grant, text)| saying.entry(text.clone()).or_default().push(*grant));
            saying
        });
        Unchanged { was, is, said, saying }
    }

    /// Both policies.
    pub(super) fn sides(&self) -> (&'d OrgRights, &'d OrgRights) {
        (self.was, self.is)
    }

    /// Whether a right comes from unchanged grants or ownership.
    pub(super) fn is(
        &self,
        subject: &Subject,
        resource: &Standing,
        capability: usize,
        conditions: &mut Conditions,
    ) -> bool {
        let class = subject.class();
        let (Some(was), Some(is), Some(old_user), Some(new_user)) =
            (class.was, class.is, subject.user, subject.new_user)
        else {
            return false;
        };
        if subject.link || !class.same_account {
            return false;
        }
        let owns = [
            resource.old_class.is_some_and(|resource| class_owns(self.was, was, resource)),
            resource.new_class.is_some_and(|resource| class_owns(self.is, is, resource)),
        ];
        if owns.contains(&true) {
            // of one that was moved an owner holds the same in both, or its ownership changed
            let moved = resource.was.is_some() && resource.is.is_some();
            return !moved && self.owns_above([old_user, new_user], resource);
        }
        let classes = [was, is];
        [resource.old_class, resource.new_class].into_iter().enumerate().all(|(side, resource)| {
            resource.is_none_or(|resource| self.comes_to_both(side, classes, resource, capability, conditions))
        })
    }

    /// Whether a subject owns, in both policies, the organisation or what records a resource that one of them has.
    fn owns_above(&self, [old, new]: [UserIx; 2], resource: &Standing) -> bool {
        let owns_org = |rights: &OrgRights, user| rights.org.owners.iter().any(|(owner, _)| *owner == user);
        if owns_org(self.was, old) && owns_org(self.is, new) {
            return true;
        }
        let recorder = |rights: &'d OrgRights, index: Option<ResourceIx>| -> Option<&'d str> {
            match rights.graph.containment.resource(index?) {
                Resource::Device(device) => {
                    let recorder = rights.graph.containment.recorder_of[device]?;
                    Some(&*rights.org.recorders[recorder].id)
                }
                _ => None,
            }
        };
        let id = recorder(self.was, resource.was).or_else(|| recorder(self.is, resource.is));
        let owns = |rights: &OrgRights, user: UserIx| {
            let found = rights.org.recorders.iter().find(|(_, one)| Some(&*one.id) == id);
            found.is_some_and(|(_, recorder): (RecorderIx, _)| recorder.owners.iter().any(|(owner, _)| *owner == user))
        };
        owns(self.was, old) && owns(self.is, new)
    }

    /// Whether every grant and denial that speaks of a right in one policy comes to the subject in the other as well.
    fn comes_to_both(
        &self,
        side: usize,
        classes: [SubjectClassIx; 2],
        resource: ResourceClassIx,
        capability: usize,
        conditions: &mut Conditions,
    ) -> bool {
        let rights = [self.was, self.is];
        let (Some(here), Some(there)) = (rights.get(side), rights.get(1 - side)) else { return false };
        let (Some(class), Some(other)) = (classes.get(side), classes.get(1 - side)) else { return false };
        let kind = here.resources.classes[resource].standing.kind;
        let reaches = |statement| here.statements.capabilities_on(statement, resource, kind).has(capability);
        let speaking = here.statements.coming(*class).filter(|(index, ..)| reaches(*index));
        let speaking: Coming = speaking
            .map(|(_, statement, when)| (statement.grant, read(here, version(side), when, conditions)))
            .collect();
        speaking.into_iter().all(|(grant, when)| {
            let text = self.said.get(side).and_then(|said| said.get(&grant));
            let same = text.and_then(|text| self.saying.get(1 - side)?.get(text));
            same.into_iter().flatten().any(|grant| {
                let mut coming = there.statements.coming(*other).filter(|(_, statement, _)| statement.grant == *grant);
                coming.any(|(_, statement, alternatives)| {
                    statement.capabilities.has(capability)
                        && read(there, version(1 - side), alternatives, conditions) == when
                })
            })
        })
    }
}

fn version(side: usize) -> Version {
    if side == 0 { Version::Old } else { Version::New }
}

fn read(
    rights: &OrgRights,
    version: Version,
    when: &[crate::effective::CondIx],
    conditions: &mut Conditions,
) -> Vec<Cond> {
    let read = |one: &crate::effective::CondIx| conditions.of_policy(version, rights.conditions.get(*one), &rights.org);
    let mut all: Vec<Cond> = when.iter().map(read).collect();
    all.sort_unstable();
    all.dedup();
    all
}
