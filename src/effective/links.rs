//! Temporary links (`semantics §4`): a link gives what its maker holds and may share, as far as dates go.

use std::borrow::Cow;

use super::condition::{CondIx, Condition, Conditions};
use super::resources::{ResourceClassIx, Resources};
use super::right::{Grouped, Right};
use super::statements::{StatementIx, Statements, SubjectClassIx};
use super::ways::SetIx;
use crate::graph::{Graph, Resource, ResourceIx};
use crate::model::{Index as _, Link, LinkIx, Org};
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

/// A statement as it comes to a maker.
#[derive(Clone, Debug)]
pub(super) struct Piece<'s> {
    pub denial: bool,
    pub capabilities: CapabilitySet,
    pub alternatives: Cow<'s, [CondIx]>,
    /// The classes of resources that it reaches, ascending.
    pub classes: Cow<'s, [ResourceClassIx]>,
}

/// The statements that come to a maker's class, as they are in force.
fn pieces(statements: &Statements, class: SubjectClassIx) -> Vec<Piece<'_>> {
    let of_class = &statements.classes[class].statements;
    let piece = |(index, set): &(StatementIx, SetIx)| {
        let stated = &statements.all[*index];
        Piece {
            denial: stated.denial,
            capabilities: stated.capabilities & statements.targets.targets[stated.target].mask(ResourceKind::Device),
            alternatives: Cow::Borrowed(statements.set(*set)),
            classes: Cow::Borrowed(statements.reached(stated)),
        }
    };
    of_class.iter().map(piece).collect()
}

pub(super) fn links(
    org: &Org,
    graph: &Graph,
    resources: &Resources,
    statements: &Statements,
    conditions: &mut Conditions,
) -> Vec<LinkRights> {
    let mut all = Vec::new();
    for (index, link) in org.links.iter() {
        if !link.enabled || link.broken {
            continue;
        }
        let maker = link.created_by.and_then(|(maker, _)| statements.class_of[maker]);
        let pieces = maker.map_or(Vec::new(), |maker| pieces(statements, maker));
        all.push(Sharing { org, graph, resources, statements, conditions, pieces: &pieces }.rights(index));
    }
    all
}

/// What is needed to say what a link gives.
pub(super) struct Sharing<'s> {
    pub org: &'s Org,
    pub graph: &'s Graph,
    pub resources: &'s Resources,
    pub statements: &'s Statements,
    pub conditions: &'s mut Conditions,
    /// What comes to the link's maker.
    pub pieces: &'s [Piece<'s>],
}

/// The devices of a link that are not barred, ascending.
pub(super) fn shown(graph: &Graph, resources: &Resources, link: &Link) -> Vec<ResourceIx> {
    let mut devices: Vec<ResourceIx> =
        link.devices.iter().map(|(device, _)| graph.containment.index(Resource::Device(*device))).collect();
    devices.sort_unstable();
    devices.dedup();
    devices.retain(|device| !resources.classes[resources.class_of[*device]].standing.barred);
    devices
}

impl Sharing<'_> {
    /// What an enabled link gives.
    pub(super) fn rights(&mut self, index: LinkIx) -> LinkRights {
        let link = &self.org.links[index];
        let devices = shown(self.graph, self.resources, link);
        let could_show = !devices.is_empty();
        let mut rights = LinkRights { link: index, access: Vec::new(), most_alternatives: 0, could_show };
        let share = vocabulary().number("link.share");
        if let (Some((maker, _)), Some(share)) = (link.created_by, share)
            && let Some(class) = self.statements.class_of[maker]
        {
            let own = self.conditions.add(Condition::from(&link.condition));
            let user = &self.org.users[maker];
            let dates = Condition { from: user.from, until: user.until, ..Condition::default() };
            let dates = self.conditions.add(dates);
            let bound = self.conditions.and(own, dates);
            let wanted = link.allow & vocabulary().of_kind(ResourceKind::Device);
            let owns_org = self.statements.classes[class].owns_org;
            for device in devices {
                let owners = &self.resources.classes[self.resources.class_of[device]].standing.owners;
                let owns = owns_org || owners.binary_search(&maker).is_ok();
                let right = self.right(device, wanted, share, owns, bound);
                let lists = right.allow_when.iter().map(|item| item.when.len());
                rights.most_alternatives = rights.most_alternatives.max(lists.max().unwrap_or(0));
                if !right.is_empty() {
                    rights.access.push((device, right));
                }
            }
        }
        rights
    }

    fn right(&mut self, device: ResourceIx, wanted: CapabilitySet, share: usize, owns: bool, bound: CondIx) -> Right {
        let class = self.resources.class_of[device];
        let mut allows = Grouped::default();
        let mut denies = Grouped::default();
        let mut always = CapabilitySet::EMPTY;
        let sharing = self.held(class, share, owns);
        for capability in wanted.iter() {
            let one = CapabilitySet::one(capability);
            let own = self.held(class, capability, owns);
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
    fn held(&mut self, class: ResourceClassIx, capability: usize, owns: bool) -> Held {
        if owns {
            return Held { grants: vec![Conditions::ALWAYS], denials: Vec::new() };
        }
        let mut held = Held { grants: Vec::new(), denials: Vec::new() };
        for piece in self.pieces {
            if !piece.capabilities.has(capability) || piece.classes.binary_search(&class).is_err() {
                continue;
            }
            for condition in piece.alternatives.iter() {
                let stated = self.conditions.get(*condition);
                if piece.denial {
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

/// Under which dates the maker holds a capability: grants' alternatives, and denials that state nothing but dates.
struct Held {
    grants: Vec<CondIx>,
    denials: Vec<CondIx>,
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
