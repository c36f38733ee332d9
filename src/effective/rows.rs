//! Rows: the rights of a class of subjects on all classes of resources, made when somebody asks.

use std::collections::HashMap;

use rustc_hash::FxBuildHasher;

use super::OrgRights;
use super::contributions::{Contribution, Contributions};
use super::resources::ResourceClassIx;
use super::right::{Right, Sum, sum};
use super::statements::{SubjectClass, SubjectClassIx};
use crate::model::Arena;
use crate::vocabulary::ResourceKind;

/// A right by number, in one [`Evaluator`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct RightIx(pub u32);

/// What statements come to on a class of resources, by number, in one [`Evaluator`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct SumIx(u32);

/// The rights of a class of subjects: classes of resources on which something is held, ascending.
pub type Row = Vec<(ResourceClassIx, RightIx)>;

/// Makes rows, and remembers what the same statements came to before.
#[derive(Debug)]
pub struct Evaluator<'r> {
    rights: &'r OrgRights,
    right_numbers: HashMap<Right, RightIx, FxBuildHasher>,
    known: Vec<Right>,
    sums: Vec<(Sum, RightIx)>,
    contributions: Contributions<'r>,
    by_contributions: HashMap<Box<[u32]>, SumIx, FxBuildHasher>,
    owner_sums: [SumIx; 7],
    /// For each class of resources the last row that had a grant on it.
    seen: Arena<ResourceClassIx, u32>,
    rows_made: u32,
    /// For each class of resources the last time that it was asked for among others.
    wanted: Arena<ResourceClassIx, u32>,
    asked: u32,
}

impl<'r> Evaluator<'r> {
    /// An evaluator for one organisation.
    #[must_use]
    pub fn new(rights: &'r OrgRights) -> Evaluator<'r> {
        let mut evaluator = Evaluator {
            rights,
            right_numbers: HashMap::default(),
            known: Vec::new(),
            sums: Vec::new(),
            contributions: Contributions::new(rights),
            by_contributions: HashMap::default(),
            owner_sums: [SumIx(0); 7],
            seen: rights.resources.classes.iter().map(|_| 0).collect(),
            rows_made: 0,
            wanted: rights.resources.classes.iter().map(|_| 0).collect(),
            asked: 0,
        };
        evaluator.owner_sums = ResourceKind::ALL.map(|kind| {
            let right = Right::of_owner(kind);
            evaluator.add_sum(Sum { granted: right.allow, most_alternatives: 1, right, ..Sum::default() })
        });
        evaluator
    }

    pub(super) fn rights(&self) -> &'r OrgRights {
        self.rights
    }

    fn add_sum(&mut self, sum: Sum) -> SumIx {
        let right = self.number(sum.right.clone());
        self.sums.push((sum, right));
        SumIx(self.sums.len() as u32 - 1)
    }

    /// The number of a right.
    pub fn number(&mut self, right: Right) -> RightIx {
        let known = &mut self.known;
        *self.right_numbers.entry(right).or_insert_with_key(|right| {
            known.push(right.clone());
            RightIx(known.len() as u32 - 1)
        })
    }

    /// The right with a number of this evaluator.
    #[must_use]
    pub fn right(&self, number: RightIx) -> &Right {
        &self.known[number.0 as usize]
    }

    pub(super) fn sum(&self, number: SumIx) -> &Sum {
        &self.sums[number.0 as usize].0
    }

    /// The rights of a class of subjects.
    pub fn row(&mut self, class: SubjectClassIx) -> Row {
        self.row_on(class, |_| true)
    }

    /// The rights of a class of subjects on some classes of resources.
    pub fn row_on(&mut self, class: SubjectClassIx, wanted: impl Fn(ResourceClassIx) -> bool) -> Row {
        let sums = self.sums_on(class, wanted);
        let rights = sums.into_iter().map(|(class, sum)| (class, self.sums[sum.0 as usize].1));
        rights.filter(|(_, right)| !self.right(*right).is_empty()).collect()
    }

    /// The right of a class of subjects on one class of resources: what its row has there.
    pub fn cell(&mut self, subjects: SubjectClassIx, resources: ResourceClassIx) -> RightIx {
        let sum = self.sum_at(subjects, resources);
        self.sums[sum.0 as usize].1
    }

    fn sum_at(&mut self, subjects: SubjectClassIx, resources: ResourceClassIx) -> SumIx {
        let rights = self.rights;
        let class = &rights.statements.classes[subjects];
        let standing = &rights.resources.classes[resources].standing;
        let owns = class.owner.is_some_and(|owner| standing.owners.binary_search(&owner).is_ok());
        if class.owns_org || owns {
            return self.owner_sums[standing.kind as usize];
        }
        let mut numbers = Vec::new();
        for (index, set) in &class.statements {
            if !rights.statements.capabilities_on(*index, resources, standing.kind).is_empty() {
                numbers.extend(self.contributions.of(*index, *set)[standing.kind as usize]);
            }
        }
        numbers.sort_unstable();
        numbers.dedup();
        self.sum_of(numbers.into())
    }

    /// What comes to a class of subjects on these classes of resources, ascending; those on which nothing does may be
    /// left out. Where they are few beside all that its statements reach, each is asked for by itself.
    pub(super) fn sums_at(
        &mut self,
        class: SubjectClassIx,
        mut wanted: Vec<ResourceClassIx>,
    ) -> Vec<(ResourceClassIx, SumIx)> {
        /// What finding a class in a statement's reach costs, beside walking over one there.
        const SEARCH: usize = 8;
        wanted.sort_unstable();
        wanted.dedup();
        let statements = &self.rights.statements;
        let coming = &statements.classes[class].statements;
        let reach: usize = coming.iter().map(|(index, _)| statements.reached(&statements.all[*index]).len()).sum();
        if wanted.len().saturating_mul(coming.len()).saturating_mul(SEARCH) < reach {
            return wanted.into_iter().map(|resource| (resource, self.sum_at(class, resource))).collect();
        }
        self.asked += 1;
        let asked = self.asked;
        let mut marks = std::mem::take(&mut self.wanted);
        wanted.iter().for_each(|class| marks[*class] = asked);
        let sums = self.sums_on(class, |class| marks[class] == asked);
        self.wanted = marks;
        sums
    }

    /// What comes to a class of subjects on each class of resources, whether or not anything is left of it.
    pub(super) fn sums_of(&mut self, class: SubjectClassIx) -> Vec<(ResourceClassIx, SumIx)> {
        self.sums_on(class, |_| true)
    }

    /// The same on some classes of resources, ascending.
    pub(super) fn sums_on(
        &mut self,
        class: SubjectClassIx,
        wanted: impl Fn(ResourceClassIx) -> bool,
    ) -> Vec<(ResourceClassIx, SumIx)> {
        let rights = self.rights;
        let subjects = &rights.statements.classes[class];
        if subjects.owns_org {
            let classes = rights.resources.classes.iter().filter(|(class, _)| wanted(*class));
            return classes.map(|(class, c)| (class, self.owner_sums[c.standing.kind as usize])).collect();
        }
        let mut cells = self.cells(subjects, &wanted);
        cells.sort_unstable();
        cells.dedup();
        let mut sums: Vec<(ResourceClassIx, SumIx)> = Vec::new();
        for group in cells.chunk_by(|a, b| a.0 == b.0) {
            let numbers: Box<[u32]> = group.iter().map(|(_, contribution)| *contribution).collect();
            let Some((class, _)) = group.first() else { continue };
            sums.push((*class, self.sum_of(numbers)));
        }
        if let Some(owned) = subjects.owner.and_then(|owner| rights.resources.owned.get(&owner)) {
            let owned: Vec<ResourceClassIx> = owned.iter().copied().filter(|class| wanted(*class)).collect();
            self.put_owned(&mut sums, &owned);
        }
        sums
    }

    /// Class by class, what the statements contribute. Denials count only where something is granted.
    fn cells(
        &mut self,
        subjects: &SubjectClass,
        wanted: &impl Fn(ResourceClassIx) -> bool,
    ) -> Vec<(ResourceClassIx, u32)> {
        let statements = &self.rights.statements;
        self.rows_made += 1;
        let mut cells = Vec::new();
        for denials in [false, true] {
            for (index, set) in &subjects.statements {
                let statement = &statements.all[*index];
                if statement.denial != denials {
                    continue;
                }
                let by_kind = self.contributions.of(*index, *set);
                for class in statements.reached(statement).iter().filter(|class| wanted(**class)) {
                    let kind = self.rights.resources.classes[*class].standing.kind;
                    let Some(contribution) = by_kind[kind as usize] else { continue };
                    if !denials {
                        self.seen[*class] = self.rows_made;
                    } else if self.seen[*class] != self.rows_made {
                        continue;
                    }
                    cells.push((*class, contribution));
                }
            }
        }
        cells
    }

    fn sum_of(&mut self, numbers: Box<[u32]>) -> SumIx {
        if let Some(known) = self.by_contributions.get(&numbers) {
            return *known;
        }
        let contributions: Vec<Contribution> = numbers.iter().map(|number| self.contributions.get(*number)).collect();
        let rights = self.rights;
        let total = sum(&contributions, |set| rights.statements.set(set), &rights.conditions);
        let number = self.add_sum(total);
        self.by_contributions.insert(numbers, number);
        number
    }

    /// What a user owns is held whole, whatever the statements come to.
    fn put_owned(&self, sums: &mut Vec<(ResourceClassIx, SumIx)>, owned: &[ResourceClassIx]) {
        sums.retain(|(class, _)| owned.binary_search(class).is_err());
        let classes = &self.rights.resources.classes;
        sums.extend(owned.iter().map(|class| (*class, self.owner_sums[classes[*class].standing.kind as usize])));
        sums.sort_unstable_by_key(|(class, _)| *class);
    }
}
