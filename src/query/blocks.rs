//! Who can do something, and what one can do: as blocks of subjects × capabilities × resources with one condition.
//!
//! In: subjects, capabilities and resources to look at. Out: blocks that together are exactly the cells of the table, each
//! cell in one block. Worked out over classes: never user by user and device by device.

use std::collections::{BTreeMap, BTreeSet};

use super::clock::Request;
use super::held::{Held, held, held_by_link};
use super::unmet::{Bearer, Counting, unmet};
use super::why::Who;
use crate::effective::{
    Condition, Evaluator, LinkRights, OrgRights, ResourceClassIx, Right, SubjectClassIx, networks_of,
};
use crate::graph::ResourceIx;
use crate::model::{AddressSet, UserIx};
use crate::vocabulary::{CapabilitySet, vocabulary};

/// Above this many classes of resources, whole rows are made in place of single cells.
const CELLS: usize = 64;

/// The dates and networks of a user's own account, which bind all that it holds.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Account {
    /// Seconds since 1970.
    pub from: Option<i64>,
    /// Seconds since 1970, excluded.
    pub until: Option<i64>,
    /// The only addresses.
    pub networks: Option<AddressSet>,
}

/// Each of the subjects holds each of the capabilities on each of the resources, under one condition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Block {
    /// The subjects, ascending.
    pub subjects: Vec<Who>,
    /// The capabilities.
    pub capabilities: CapabilitySet,
    /// The resources, ascending.
    pub resources: Vec<ResourceIx>,
    /// Under which conditions; none of it holds outside of them.
    pub held: Held,
    /// And within these of the account.
    pub account: Account,
}

/// What is looked at.
#[derive(Clone, Debug)]
pub struct Frame {
    /// The subjects.
    pub subjects: Vec<Who>,
    /// The capabilities.
    pub capabilities: CapabilitySet,
    /// The resources.
    pub resources: Vec<ResourceIx>,
    /// For one request: what holds then, told without conditions. Otherwise what is held at some time, from somewhere.
    pub request: Option<Request>,
}

impl Account {
    /// Of a user.
    #[must_use]
    pub fn of(rights: &OrgRights, user: UserIx) -> Account {
        let declared = &rights.org.users[user];
        let networks = networks_of(&rights.org, &rights.graph, user).cloned();
        Account { from: declared.from, until: declared.until, networks }
    }

    /// As a condition.
    #[must_use]
    pub fn condition(&self) -> Condition {
        let Account { from, until, networks } = self.clone();
        Condition { from, until, networks, ..Condition::default() }
    }
}

/// What of one capability holds where: from this, blocks are put together.
type Cells = BTreeMap<(Held, Account), BTreeMap<Vec<ResourceIx>, CapabilitySet>>;

/// All subjects of an organisation.
#[must_use]
pub fn everybody(rights: &OrgRights) -> Vec<Who> {
    let users = rights.org.users.indices().map(Who::User);
    users.chain(rights.org.links.indices().map(Who::Link)).collect()
}

/// The blocks within a frame: unconditional ones first, of these the largest.
#[must_use]
pub fn blocks(rights: &OrgRights, frame: &Frame) -> Vec<Block> {
    let mut by_class: BTreeMap<ResourceClassIx, Vec<ResourceIx>> = BTreeMap::new();
    for resource in frame.resources.iter().collect::<BTreeSet<_>>() {
        by_class.entry(rights.resources.class_of[*resource]).or_default().push(*resource);
    }
    let mut looking = Looking { rights, frame, by_class, evaluator: Evaluator::new(rights) };
    // subjects of whom the same is true
    let mut users: BTreeMap<(SubjectClassIx, Account, bool), Vec<Who>> = BTreeMap::new();
    let mut all: BTreeMap<(Held, Account, Vec<ResourceIx>, CapabilitySet), Vec<Who>> = BTreeMap::new();
    let mut links = Vec::new();
    for who in frame.subjects.iter().collect::<BTreeSet<_>>() {
        match who {
            Who::User(user) => {
                let Some(class) = rights.statements.class_of[*user] else { continue };
                let account = Account::of(rights, *user);
                let open = frame.request.is_none_or(|request| {
                    unmet(Bearer::User(*user), &rights.org, &rights.graph, &request, Counting::All).is_empty()
                });
                if open {
                    let account = if frame.request.is_some() { Account::default() } else { account };
                    users.entry((class, account, open)).or_default().push(*who);
                }
            }
            Who::Link(link) => links.extend(rights.links.iter().find(|given| given.link == *link)),
        }
    }
    for ((class, account, _), members) in users {
        let cells = looking.of_class(class, account);
        add(&mut all, cells, &members);
    }
    for link in links {
        let cells = looking.of_link(link);
        add(&mut all, cells, &[Who::Link(link.link)]);
    }
    let mut blocks: Vec<Block> = all
        .into_iter()
        .map(|((held, account, resources, capabilities), subjects)| {
            let subjects: BTreeSet<Who> = subjects.into_iter().collect();
            Block { subjects: subjects.into_iter().collect(), capabilities, resources, held, account }
        })
        .collect();
    blocks.sort_by_key(|block| {
        let conditional = !block.held.is_always() || block.account != Account::default();
        let size = block.subjects.len() * block.resources.len() * block.capabilities.len();
        (conditional, std::cmp::Reverse(size), block.subjects.first().copied(), block.resources.first().copied())
    });
    blocks
}

fn add(all: &mut BTreeMap<(Held, Account, Vec<ResourceIx>, CapabilitySet), Vec<Who>>, cells: Cells, members: &[Who]) {
    for ((held, account), by_resources) in cells {
        for (resources, capabilities) in by_resources {
            let key = (held.clone(), account.clone(), resources, capabilities);
            all.entry(key).or_default().extend(members);
        }
    }
}

struct Looking<'r> {
    rights: &'r OrgRights,
    frame: &'r Frame,
    by_class: BTreeMap<ResourceClassIx, Vec<ResourceIx>>,
    evaluator: Evaluator<'r>,
}

impl Looking<'_> {
    fn of_class(&mut self, class: SubjectClassIx, account: Account) -> Cells {
        let one = match self.frame.capabilities.len() {
            1 => self.frame.capabilities.iter().next(),
            _ => None,
        };
        let mut found: Vec<(ResourceClassIx, Vec<(Held, CapabilitySet)>)> = Vec::new();
        match one {
            Some(capability) if self.by_class.len() <= CELLS => {
                for resources in self.by_class.keys() {
                    let held = held(self.rights, class, *resources, capability);
                    found.push((*resources, vec![(held, self.frame.capabilities)]));
                }
            }
            _ if self.by_class.len() <= CELLS => {
                for resources in self.by_class.keys() {
                    let right = self.evaluator.cell(class, *resources);
                    found.push((*resources, parts(self.evaluator.right(right), self.frame.capabilities)));
                }
            }
            _ => {
                for (resources, right) in self.evaluator.row(class) {
                    if self.by_class.contains_key(&resources) {
                        found.push((resources, parts(self.evaluator.right(right), self.frame.capabilities)));
                    }
                }
            }
        }
        self.together(found.into_iter().map(|(class, parts)| (self.members(class), parts)), &account)
    }

    fn members(&self, class: ResourceClassIx) -> Vec<ResourceIx> {
        self.by_class.get(&class).cloned().unwrap_or_default()
    }

    fn of_link(&self, link: &LinkRights) -> Cells {
        let wanted: BTreeSet<&ResourceIx> = self.by_class.values().flatten().collect();
        let access = link.access.iter().filter(|(device, _)| wanted.contains(device));
        let found = access.map(|(device, _)| {
            let parts = self
                .frame
                .capabilities
                .iter()
                .map(|capability| (held_by_link(link, *device, capability), CapabilitySet::one(capability)));
            (vec![*device], parts.collect())
        });
        self.together(found, &Account::default())
    }

    /// Cells that hold under the same condition: resources with the same capabilities together.
    fn together(
        &self,
        found: impl Iterator<Item = (Vec<ResourceIx>, Vec<(Held, CapabilitySet)>)>,
        account: &Account,
    ) -> Cells {
        let mut by_held: BTreeMap<Held, BTreeMap<CapabilitySet, Vec<ResourceIx>>> = BTreeMap::new();
        for (resources, parts) in found {
            let mut of_class: BTreeMap<Held, CapabilitySet> = BTreeMap::new();
            for (held, capabilities) in parts {
                let held = match self.frame.request {
                    Some(request) if held.holds(self.rights, &request) => Held::always(),
                    Some(_) => Held::default(),
                    None => held,
                };
                if !held.is_nothing() {
                    let all = of_class.entry(held).or_default();
                    *all = *all | capabilities;
                }
            }
            for (held, capabilities) in of_class {
                by_held.entry(held).or_default().entry(capabilities).or_default().extend(&resources);
            }
        }
        let mut cells = Cells::new();
        for (held, by_capabilities) in by_held {
            let by_resources = cells.entry((held, account.clone())).or_default();
            for (capabilities, mut resources) in by_capabilities {
                resources.sort_unstable();
                by_resources.insert(resources, capabilities);
            }
        }
        cells
    }
}

/// A right taken apart by conditions.
fn parts(right: &Right, wanted: CapabilitySet) -> Vec<(Held, CapabilitySet)> {
    let held = right.allow_when.iter().fold(right.allow, |all, item| all | item.capabilities);
    (held & wanted).iter().map(|capability| (Held::of(right, capability), CapabilitySet::one(capability))).collect()
}

/// The resources that a resource reaches as a scope, itself among them (`semantics §1`).
#[must_use]
pub fn reach(rights: &OrgRights, scope: ResourceIx) -> Vec<ResourceIx> {
    let containment = &rights.graph.containment;
    let scope = containment.resource(scope);
    let reached = containment.resources().filter(|(_, one)| *one == scope || containment.above(*one).contains(&scope));
    reached.map(|(index, _)| index).collect()
}

/// The capabilities that apply to any of these resources.
#[must_use]
pub fn applying(rights: &OrgRights, resources: &[ResourceIx]) -> CapabilitySet {
    let kinds: BTreeSet<_> =
        resources.iter().map(|resource| rights.graph.containment.resource(*resource).kind(&rights.org)).collect();
    kinds.into_iter().map(|kind| vocabulary().of_kind(kind)).collect()
}
