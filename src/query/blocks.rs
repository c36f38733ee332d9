//! Who can do something, and what one can do: as blocks of subjects × capabilities × resources with one condition.
//!
//! In: subjects, capabilities and resources to look at. Out: blocks that together are exactly the cells of the table, each
//! cell in one block. Worked out over classes: never user by user and device by device.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::rc::Rc;

use rustc_hash::FxBuildHasher;

use super::clock::Request;
use super::held::{Held, held, held_by_link};
use super::unmet::{Bearer, Counting, unmet};
use super::why::Who;
use crate::effective::{
    Condition, Evaluator, LinkRights, OrgRights, ResourceClassIx, Right, RightIx, SubjectClassIx, networks_of,
};
use crate::graph::ResourceIx;
use crate::model::{AddressSet, LinkIx, UserIx};
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

/// Where something is held.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Where {
    /// On all resources that are looked at of these classes, ascending.
    Classes(Vec<ResourceClassIx>),
    /// On these resources, ascending.
    Resources(Vec<ResourceIx>),
}

/// What is held where, under which condition and within which account; these two by their numbers in [`Looking`].
type Cell = (u32, u32, Where, CapabilitySet);

/// All subjects of an organisation.
#[must_use]
pub fn everybody(rights: &OrgRights) -> Vec<Who> {
    let users = rights.org.users.indices().map(Who::User);
    users.chain(rights.org.links.indices().map(Who::Link)).collect()
}

/// All resources of an organisation.
#[must_use]
pub fn everything(rights: &OrgRights) -> Vec<ResourceIx> {
    rights.graph.containment.resources().map(|(index, _)| index).collect()
}

/// The blocks within a frame: unconditional ones first, of these the largest.
#[must_use]
pub fn blocks(rights: &OrgRights, frame: &Frame) -> Vec<Block> {
    let mut by_class: BTreeMap<ResourceClassIx, Vec<ResourceIx>> = BTreeMap::new();
    for resource in frame.resources.iter().collect::<BTreeSet<_>>() {
        by_class.entry(rights.resources.class_of[*resource]).or_default().push(*resource);
    }
    let mut looking = Looking::new(rights, frame, by_class);
    // subjects of whom the same is true
    let mut users: BTreeMap<(SubjectClassIx, Account), Vec<Who>> = BTreeMap::new();
    let given: BTreeMap<LinkIx, &LinkRights> = rights.links.iter().map(|given| (given.link, given)).collect();
    let mut links = Vec::new();
    for who in frame.subjects.iter().collect::<BTreeSet<_>>() {
        match who {
            Who::User(user) => {
                let Some(class) = rights.statements.class_of[*user] else { continue };
                let open = frame.request.is_none_or(|request| {
                    unmet(Bearer::User(*user), &rights.org, &rights.graph, &request, Counting::All).is_empty()
                });
                if open {
                    let account = if frame.request.is_some() { Account::default() } else { Account::of(rights, *user) };
                    users.entry((class, account)).or_default().push(*who);
                }
            }
            Who::Link(link) => links.extend(given.get(link)),
        }
    }
    let mut all: HashMap<Cell, Vec<Who>, FxBuildHasher> = HashMap::default();
    for ((class, account), members) in users {
        let account = looking.account(account);
        for cell in looking.of_class(class, account) {
            all.entry(cell).or_default().extend(&members);
        }
    }
    for link in links {
        for cell in looking.of_link(link) {
            all.entry(cell).or_default().push(Who::Link(link.link));
        }
    }
    looking.told(all)
}

struct Looking<'r> {
    rights: &'r OrgRights,
    frame: &'r Frame,
    by_class: BTreeMap<ResourceClassIx, Vec<ResourceIx>>,
    /// The resources of the frame, ascending.
    wanted: Vec<ResourceIx>,
    evaluator: Evaluator<'r>,
    /// What rights come to within the frame: capabilities by condition, ascending.
    known: HashMap<RightIx, Rc<[(u32, CapabilitySet)]>, FxBuildHasher>,
    held: Vec<Held>,
    held_numbers: HashMap<Held, u32, FxBuildHasher>,
    accounts: BTreeMap<Account, u32>,
}

impl<'r> Looking<'r> {
    fn new(
        rights: &'r OrgRights,
        frame: &'r Frame,
        by_class: BTreeMap<ResourceClassIx, Vec<ResourceIx>>,
    ) -> Looking<'r> {
        let mut wanted: Vec<ResourceIx> = by_class.values().flatten().copied().collect();
        wanted.sort_unstable();
        Looking {
            rights,
            frame,
            by_class,
            wanted,
            evaluator: Evaluator::new(rights),
            known: HashMap::default(),
            held: Vec::new(),
            held_numbers: HashMap::default(),
            accounts: BTreeMap::new(),
        }
    }

    fn of_class(&mut self, class: SubjectClassIx, account: u32) -> Vec<Cell> {
        let one = match self.frame.capabilities.len() {
            1 => self.frame.capabilities.iter().next(),
            _ => None,
        };
        let few: Vec<ResourceClassIx> = self.by_class.keys().copied().take(CELLS + 1).collect();
        let few = (few.len() <= CELLS).then_some(few);
        let mut found: HashMap<(u32, CapabilitySet), Vec<ResourceClassIx>, FxBuildHasher> = HashMap::default();
        match (one, few) {
            (Some(capability), Some(few)) => {
                for resources in few {
                    let held = held(self.rights, class, resources, capability);
                    if let Some(number) = self.number(held) {
                        found.entry((number, self.frame.capabilities)).or_default().push(resources);
                    }
                }
            }
            (None, Some(few)) => {
                for resources in few {
                    let right = self.evaluator.cell(class, resources);
                    for part in self.parts(right).iter() {
                        found.entry(*part).or_default().push(resources);
                    }
                }
            }
            (_, None) => {
                let by_class = &self.by_class;
                for (resources, right) in self.evaluator.row_on(class, |class| by_class.contains_key(&class)) {
                    for part in self.parts(right).iter() {
                        found.entry(*part).or_default().push(resources);
                    }
                }
            }
        }
        let cell = |((held, capabilities), classes)| (held, account, Where::Classes(classes), capabilities);
        found.into_iter().map(cell).collect()
    }

    fn of_link(&mut self, link: &LinkRights) -> Vec<Cell> {
        let mut found: BTreeMap<(u32, CapabilitySet), Vec<ResourceIx>> = BTreeMap::new();
        for (device, _) in &link.access {
            if self.wanted.binary_search(device).is_ok() {
                let capabilities = self.frame.capabilities.iter();
                let held = capabilities.map(|one| (held_by_link(link, *device, one), CapabilitySet::one(one)));
                for part in self.by_held(held.collect()) {
                    found.entry(part).or_default().push(*device);
                }
            }
        }
        let account = self.account(Account::default());
        let cell = |((held, capabilities), resources)| (held, account, Where::Resources(resources), capabilities);
        found.into_iter().map(cell).collect()
    }

    /// A right taken apart by conditions.
    fn parts(&mut self, right: RightIx) -> Rc<[(u32, CapabilitySet)]> {
        if let Some(known) = self.known.get(&right) {
            return Rc::clone(known);
        }
        let taken = parts(self.evaluator.right(right), self.frame.capabilities);
        let parts: Rc<[(u32, CapabilitySet)]> = self.by_held(taken).into();
        self.known.insert(right, Rc::clone(&parts));
        parts
    }

    /// The capabilities that hold under the same condition together.
    fn by_held(&mut self, parts: Vec<(Held, CapabilitySet)>) -> Vec<(u32, CapabilitySet)> {
        let mut together: BTreeMap<u32, CapabilitySet> = BTreeMap::new();
        for (held, capabilities) in parts {
            if let Some(number) = self.number(held) {
                let all = together.entry(number).or_default();
                *all = *all | capabilities;
            }
        }
        together.into_iter().collect()
    }

    /// The number of a condition as the frame tells it; none where nothing is held.
    fn number(&mut self, held: Held) -> Option<u32> {
        let held = match self.frame.request {
            Some(request) if held.holds(self.rights, &request) => Held::always(),
            Some(_) => Held::default(),
            None => held,
        };
        let all = &mut self.held;
        let number = |held: &Held| {
            all.push(held.clone());
            all.len() as u32 - 1
        };
        (!held.is_nothing()).then(|| *self.held_numbers.entry(held).or_insert_with_key(number))
    }

    fn account(&mut self, account: Account) -> u32 {
        let next = self.accounts.len() as u32;
        *self.accounts.entry(account).or_insert(next)
    }

    /// Everything that was found, in blocks and in order.
    fn told(self, all: HashMap<Cell, Vec<Who>, FxBuildHasher>) -> Vec<Block> {
        let accounts: BTreeMap<u32, &Account> =
            self.accounts.iter().map(|(account, number)| (*number, account)).collect();
        let mut by_key: BTreeMap<(&Held, &Account, Vec<ResourceIx>, CapabilitySet), BTreeSet<Who>> = BTreeMap::new();
        for ((number, account, place, capabilities), subjects) in all {
            let (Some(held), Some(account)) = (self.held.get(number as usize), accounts.get(&account)) else {
                continue;
            };
            let resources = match place {
                Where::Resources(resources) => resources,
                Where::Classes(classes) => {
                    let members = classes.iter().filter_map(|class| self.by_class.get(class));
                    let mut resources: Vec<ResourceIx> = members.flatten().copied().collect();
                    resources.sort_unstable();
                    resources
                }
            };
            by_key.entry((held, account, resources, capabilities)).or_default().extend(subjects);
        }
        let block =
            |((held, account, resources, capabilities), subjects): ((&Held, &Account, _, _), BTreeSet<Who>)| Block {
                subjects: subjects.into_iter().collect(),
                capabilities,
                resources,
                held: held.clone(),
                account: account.clone(),
            };
        let mut blocks: Vec<Block> = by_key.into_iter().map(block).collect();
        blocks.sort_by_key(|block| {
            let conditional = !block.held.is_always() || block.account != Account::default();
            let size = block.subjects.len() * block.resources.len() * block.capabilities.len();
            (conditional, Reverse(size), block.subjects.first().copied(), block.resources.first().copied())
        });
        blocks
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
