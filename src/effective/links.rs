//! Temporary links (`semantics §4`): a link gives what its maker holds and may share, as far as dates go.

use super::condition::{CondIx, Condition, Conditions};
use super::resources::Resources;
use super::right::{Grouped, Right};
use super::statements::{Statements, SubjectClass};
use crate::graph::{Graph, Resource, ResourceIx};
use crate::model::{Index as _, LinkIx, Org, UserIx};
use crate::vocabulary::{CapabilitySet, ResourceKind, vocabulary};

/// What an enabled link gives.
#[derive(Clone, Debug)]
pub struct LinkRights {
    /// The link.
    pub link: LinkIx,
    /// Its devices on which it gives something, ascending, with what.
    pub access: Vec<(ResourceIx, Right)>,
    /// The most alternatives under which it gives one capability.
    pub(super) most_alternatives: usize,
    /// Whether some device of it could be shown, were its maker to hold it.
    pub(super) could_show: bool,
}

pub(super) fn links(
    org: &Org,
    graph: &Graph,
    resources: &Resources,
    statements: &Statements,
    conditions: &mut Conditions,
) -> Vec<LinkRights> {
    let share = vocabulary().number("link.share");
    let mut all = Vec::new();
    for (index, link) in org.links.iter() {
        if !link.enabled || link.broken {
            continue;
        }
        let mut rights = LinkRights { link: index, access: Vec::new(), most_alternatives: 0, could_show: false };
        let mut devices: Vec<ResourceIx> =
            link.devices.iter().map(|(device, _)| graph.containment.index(Resource::Device(*device))).collect();
        devices.sort_unstable();
        devices.dedup();
        devices.retain(|device| !resources.classes[resources.class_of[*device]].standing.barred);
        rights.could_show = !devices.is_empty();
        if let (Some((maker, _)), Some(share)) = (link.created_by, share)
            && let Some(class) = statements.class_of[maker]
        {
            let own = conditions.add(Condition::from(&link.condition));
            let dates =
                Condition { from: org.users[maker].from, until: org.users[maker].until, ..Condition::default() };
            let dates = conditions.add(dates);
            let bound = conditions.and(own, dates);
            let wanted = link.allow & vocabulary().of_kind(ResourceKind::Device);
            let mut shared = Shared { resources, statements, conditions, maker, class: &statements.classes[class] };
            for device in devices {
                let right = shared.right(device, wanted, share, bound);
                let lists = right.allow_when.iter().map(|item| item.when.len());
                rights.most_alternatives = rights.most_alternatives.max(lists.max().unwrap_or(0));
                if !right.is_empty() {
                    rights.access.push((device, right));
                }
            }
        }
        all.push(rights);
    }
    all
}

/// What one maker can share.
struct Shared<'s> {
    resources: &'s Resources,
    statements: &'s Statements,
    conditions: &'s mut Conditions,
    maker: UserIx,
    class: &'s SubjectClass,
}

/// Under which dates the maker holds a capability: grants' alternatives, and denials that state nothing but dates.
struct Held {
    grants: Vec<CondIx>,
    denials: Vec<CondIx>,
}

impl Shared<'_> {
    fn right(&mut self, device: ResourceIx, wanted: CapabilitySet, share: usize, bound: CondIx) -> Right {
        let class = self.resources.class_of[device];
        let standing = &self.resources.classes[class].standing;
        let owns = self.class.owns_org || standing.owners.binary_search(&self.maker).is_ok();
        let mut allows = Grouped::default();
        let mut denies = Grouped::default();
        let mut always = CapabilitySet::EMPTY;
        let sharing = self.held(device, share, owns);
        for capability in wanted.iter() {
            let one = CapabilitySet::one(capability);
            let own = self.held(device, capability, owns);
            let denials = self.conditions.reduce(&[&sharing.denials[..], &own.denials].concat());
            let both = self.conditions.product(&sharing.grants, &own.grants);
            let bounded = self.conditions.product(&both, &[bound]);
            let mut held = self.conditions.reduce(&bounded);
            held.retain(|held| !denials.iter().any(|denied| self.conditions.lies_in(*held, *denied)));
            if held.is_empty() {
                continue;
            }
            if held == [Conditions::ALWAYS] {
                always = always | one;
            } else {
                allows.add(one, held);
            }
            if !denials.is_empty() {
                denies.add(one, denials);
            }
        }
        Right { allow: always, allow_when: allows.sorted(), deny_when: denies.sorted() }
    }

    /// Dates alone count: schedules and addresses are the maker's working hours and desk.
    fn held(&mut self, device: ResourceIx, capability: usize, owns: bool) -> Held {
        if owns {
            return Held { grants: vec![Conditions::ALWAYS], denials: Vec::new() };
        }
        let class = self.resources.class_of[device];
        let mut held = Held { grants: Vec::new(), denials: Vec::new() };
        for (index, set) in &self.class.statements {
            let statement = &self.statements.all[*index];
            if !self.statements.capabilities_on(*index, class, ResourceKind::Device).has(capability) {
                continue;
            }
            for condition in self.statements.set(*set) {
                let stated = self.conditions.get(*condition);
                if statement.denial {
                    if stated.is_dates_only() {
                        held.denials.push(*condition);
                    }
                } else {
                    let dates = stated.dates();
                    held.grants.push(self.conditions.add(dates));
                }
            }
        }
        // dates have but one way of being written, so reducing early changes nothing
        held.grants = self.conditions.reduce(&held.grants);
        held.denials = self.conditions.reduce(&held.denials);
        held
    }
}

impl LinkRights {
    /// Whether the link gives nothing although there is something to show: its maker holds nothing of it.
    pub(super) fn is_lapsed(&self) -> bool {
        self.could_show && self.access.is_empty()
    }

    /// Its number among the organisation's links.
    #[must_use]
    pub fn number(&self) -> usize {
        self.link.number()
    }
}
