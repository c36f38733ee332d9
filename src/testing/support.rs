//! What one right rests on. In: a subject and a resource. Out: the statements that give it and that take it, so that it
//! can be judged as it is and as it would be without one of them.

use std::collections::{BTreeMap, HashMap};
use std::rc::Rc;

use super::frame::{Holder, Places};
use crate::effective::{CondIx, Conditions, OrgRights, ResourceClassIx, Statement, StatementIx, SubjectClassIx};
use crate::graph::{Resource, ResourceIx};
use crate::model::{GrantIx, LinkIx};
use crate::vocabulary::{CapabilitySet, ResourceKind, vocabulary};

/// A grant or denial that bears on a right.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Piece<'r> {
    pub grant: GrantIx,
    /// What of it counts: the capability that is asked for, or `link.share` of a link's maker.
    pub capability: usize,
    /// Its alternatives.
    pub when: &'r [CondIx],
}

/// What a right rests on. It is held where what bounds its subject holds, and of each clause a piece, and nothing of
/// what takes it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Support<'r> {
    pub bound: Bound,
    /// None for what is owned.
    pub clauses: Vec<Vec<Piece<'r>>>,
    pub takes: Vec<Piece<'r>>,
}

/// What bounds all that a subject holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Bound {
    /// A user's account, by number.
    Account(u32),
    /// What a link states, and the dates of its maker's account.
    Link(LinkIx),
}

/// A right with its conditions alone.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Formula {
    pub bound: Bound,
    pub clauses: Vec<Vec<CondIx>>,
    pub takes: Vec<CondIx>,
}

/// Resources on which a subject's rights are the same, with what they rest on: one support for each capability.
#[derive(Debug)]
pub(super) struct Spot<'r, 'p> {
    pub class: ResourceClassIx,
    pub members: &'p [ResourceIx],
    pub supports: Vec<(usize, Support<'r>)>,
}

/// Spots by the first of their resources.
pub(super) type Spots<'r, 'p> = BTreeMap<ResourceIx, Spot<'r, 'p>>;

/// Which cells of a row are wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Cells {
    /// All to which the capability applies.
    All,
    /// Those on which something is owned or granted.
    Given,
}

impl Formula {
    /// Whether no time and no address could meet it.
    pub(super) fn is_never(&self) -> bool {
        self.clauses.iter().any(Vec::is_empty) || self.takes.contains(&Conditions::ALWAYS)
    }
}

impl Support<'_> {
    /// Whether it is what a link gives: of its maker's grants, dates alone count.
    pub(super) fn is_of_link(&self) -> bool {
        matches!(self.bound, Bound::Link(_))
    }

    /// Its conditions, without the pieces that are dropped.
    pub(super) fn formula(&self, conditions: &Conditions, dropped: impl Fn(&Piece<'_>) -> bool) -> Formula {
        let left = |pieces: &[Piece<'_>], counts: &dyn Fn(&CondIx) -> bool| {
            let left = pieces.iter().filter(|piece| !dropped(piece)).flat_map(|piece| piece.when);
            let mut left: Vec<CondIx> = left.filter(|one| counts(one)).copied().collect();
            if left.contains(&Conditions::ALWAYS) {
                return vec![Conditions::ALWAYS];
            }
            left.sort_unstable();
            left.dedup();
            left
        };
        let of_link = self.is_of_link();
        let reaches_links = |one: &CondIx| !of_link || conditions.get(*one).is_dates_only();
        Formula {
            bound: self.bound,
            clauses: self.clauses.iter().map(|pieces| left(pieces, &|_| true)).collect(),
            takes: left(&self.takes, &reaches_links),
        }
    }
}

/// The statements of one class of subjects that name one capability.
#[derive(Debug, Default)]
struct Coming<'r> {
    grants: Vec<(StatementIx, &'r Statement, &'r [CondIx])>,
    denials: Vec<(StatementIx, &'r Statement, &'r [CondIx])>,
}

/// Finds what rights rest on.
#[derive(Debug)]
pub(super) struct Finder<'r> {
    rights: &'r OrgRights,
    coming: HashMap<(SubjectClassIx, usize), Rc<Coming<'r>>>,
}

impl<'r> Finder<'r> {
    pub(super) fn new(rights: &'r OrgRights) -> Finder<'r> {
        Finder { rights, coming: HashMap::new() }
    }

    /// The row of a subject: these capabilities on these resources.
    pub(super) fn row<'p>(
        &mut self,
        holder: Holder,
        capabilities: CapabilitySet,
        places: &'p Places,
        cells: Cells,
    ) -> Spots<'r, 'p> {
        let mut spots = Spots::new();
        for capability in capabilities.iter() {
            match holder {
                Holder::Users(class, account) => {
                    for (at, support) in self.users((class, account), capability, places, cells) {
                        let Some(members) = places.get(&at) else { continue };
                        add(&mut spots, at, members, capability, support);
                    }
                }
                Holder::Link(link) => {
                    for (class, members) in places {
                        for one in members.chunks(1) {
                            let support = one.first().and_then(|resource| self.link(link, capability, *resource));
                            match support {
                                Some(support) => add(&mut spots, *class, one, capability, support),
                                None if cells == Cells::All && self.applies(capability, *class) => {
                                    add(&mut spots, *class, one, capability, nothing(Bound::Link(link)));
                                }
                                None => {}
                            }
                        }
                    }
                }
                Holder::Disabled if cells == Cells::All => {
                    for (class, members) in places.iter().filter(|(class, _)| self.applies(capability, **class)) {
                        // no account holds anything here
                        add(&mut spots, *class, members, capability, nothing(Bound::Account(u32::MAX)));
                    }
                }
                Holder::Disabled => {}
            }
        }
        spots
    }

    fn applies(&self, capability: usize, class: ResourceClassIx) -> bool {
        vocabulary().of_kind(self.rights.resources.classes[class].standing.kind).has(capability)
    }

    fn coming(&mut self, class: SubjectClassIx, capability: usize) -> Rc<Coming<'r>> {
        let statements = &self.rights.statements;
        let gather = || {
            let mut coming = Coming::default();
            for one in statements.coming(class).filter(|(_, stated, _)| stated.capabilities.has(capability)) {
                if one.1.denial { &mut coming.denials } else { &mut coming.grants }.push(one);
            }
            Rc::new(coming)
        };
        Rc::clone(self.coming.entry((class, capability)).or_insert_with(gather))
    }

    /// What users of a class hold, class by class of resources.
    fn users(
        &mut self,
        (class, account): (SubjectClassIx, u32),
        capability: usize,
        places: &Places,
        cells: Cells,
    ) -> BTreeMap<ResourceClassIx, Support<'r>> {
        let (rights, bound) = (self.rights, Bound::Account(account));
        let coming = self.coming(class, capability);
        let subjects = &rights.statements.classes[class];
        let mut row: BTreeMap<ResourceClassIx, Support<'r>> = BTreeMap::new();
        if cells == Cells::All {
            let all = places.keys().filter(|at| self.applies(capability, **at));
            row.extend(all.map(|at| (*at, nothing(bound))));
        }
        let piece = |stated: &Statement, when| Piece { grant: stated.grant, capability, when };
        let reaches = |stated: &'r Statement| {
            let reached = rights.statements.reached(stated).iter().filter(|at| places.contains_key(at));
            reached.filter(move |at| {
                rights.statements.on_kind(stated, rights.resources.classes[**at].standing.kind).has(capability)
            })
        };
        for (_, stated, when) in &coming.grants {
            for at in reaches(stated) {
                let support = row.entry(*at).or_insert_with(|| nothing(bound));
                support.clauses.iter_mut().for_each(|clause| clause.push(piece(stated, when)));
            }
        }
        for (_, stated, when) in &coming.denials {
            for at in reaches(stated) {
                if let Some(support) = row.get_mut(at) {
                    support.takes.push(piece(stated, when));
                }
            }
        }
        let owned: Vec<ResourceClassIx> = if subjects.owns_org {
            places.keys().copied().collect()
        } else {
            let owned = subjects.owner.and_then(|owner| rights.resources.owned.get(&owner));
            owned.into_iter().flatten().filter(|at| places.contains_key(at)).copied().collect()
        };
        for at in owned.into_iter().filter(|at| self.applies(capability, *at)) {
            row.insert(at, Support { bound, clauses: Vec::new(), takes: Vec::new() });
        }
        row
    }

    /// What a link gives on a resource; none where it can give nothing, whatever its maker holds (`semantics §4`).
    fn link(&mut self, index: LinkIx, capability: usize, resource: ResourceIx) -> Option<Support<'r>> {
        let rights = self.rights;
        let link = &rights.org.links[index];
        let Resource::Device(device) = rights.graph.containment.resource(resource) else { return None };
        let class = rights.resources.class_of[resource];
        let standing = &rights.resources.classes[class].standing;
        let (maker, _) = link.created_by?;
        let gives = link.enabled
            && !link.broken
            && !standing.barred
            && link.allow.has(capability)
            && self.applies(capability, class)
            && link.devices.iter().any(|(one, _)| *one == device);
        let subjects = rights.statements.class_of[maker].filter(|_| gives)?;
        let mut support = Support { bound: Bound::Link(index), clauses: Vec::new(), takes: Vec::new() };
        let owns_org = rights.statements.classes[subjects].owns_org;
        if owns_org || standing.owners.binary_search(&maker).is_ok() {
            return Some(support);
        }
        for capability in [vocabulary().number("link.share")?, capability] {
            let coming = self.coming(subjects, capability);
            let there = |(index, stated, when): &(StatementIx, &'r Statement, &'r [CondIx])| {
                let there = rights.statements.capabilities_on(*index, class, ResourceKind::Device).has(capability);
                there.then_some(Piece { grant: stated.grant, capability, when })
            };
            support.clauses.push(coming.grants.iter().filter_map(there).collect());
            support.takes.extend(coming.denials.iter().filter_map(there));
        }
        Some(support)
    }
}

/// A right that nothing gives.
fn nothing<'r>(bound: Bound) -> Support<'r> {
    Support { bound, clauses: vec![Vec::new()], takes: Vec::new() }
}

fn add<'r, 'p>(
    spots: &mut Spots<'r, 'p>,
    class: ResourceClassIx,
    members: &'p [ResourceIx],
    capability: usize,
    support: Support<'r>,
) {
    let Some(first) = members.first() else { return };
    let spot = spots.entry(*first).or_insert_with(|| Spot { class, members, supports: Vec::new() });
    spot.supports.push((capability, support));
}
