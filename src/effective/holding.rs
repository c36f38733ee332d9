//! Who holds anything, and on what anybody does, without a row of rights for everyone.
//!
//! In: an organisation's rights, and the classes of resources that count. Out: a mark for each class of subjects and of
//! resources, the same as rows of rights would give. A grant of something that no denial which comes to the same
//! subjects names gives it wherever it applies: so each target is walked once, and rows are made only for subjects with
//! a grant of which everything may be denied.

use rustc_hash::FxHashMap;

use super::OrgRights;
use super::resources::ResourceClassIx;
use super::rows::Evaluator;
use super::statements::{SubjectClass, SubjectClassIx};
use super::targets::TargetIx;
use super::ways::SetIx;
use crate::model::Arena;
use crate::vocabulary::{CapabilitySet, ResourceKind};

/// Who holds anything, and where.
#[derive(Debug)]
pub struct Holding {
    /// Whether the users of a class hold something on a resource that counts.
    pub subjects: Arena<SubjectClassIx, bool>,
    /// Whether some user holds something on the resources of a class that counts.
    pub resources: Arena<ResourceClassIx, bool>,
}

/// Who holds anything on the classes of resources that count, and on which of them anybody does.
#[must_use]
pub fn holding(evaluator: &mut Evaluator<'_>, counts: &Arena<ResourceClassIx, bool>) -> Holding {
    let rights = evaluator.rights();
    let resources = counts.iter().map(|_| false).collect();
    let mut marks = Marks { rights, counts, resources, given: FxHashMap::default(), possible: FxHashMap::default() };
    let mut subjects: Arena<SubjectClassIx, bool> = Arena::default();
    let mut doubtful: Vec<(SubjectClassIx, Vec<TargetIx>)> = Vec::new();
    for (index, class) in rights.statements.classes.iter() {
        let (holds, in_doubt) = marks.certain(class);
        subjects.add(holds);
        if !in_doubt.is_empty() {
            doubtful.push((index, in_doubt));
        }
    }
    // last, since by now little may be left to find out
    for (index, targets) in doubtful {
        let holds = subjects[index];
        let resources = &mut marks.resources;
        let open = |class: ResourceClassIx| counts[class] && !(holds && resources[class]);
        let mut reached = targets.iter().flat_map(|target| &rights.statements.targets.targets[*target].classes);
        if reached.any(|class| open(*class)) {
            let row = evaluator.row_on(index, open);
            subjects[index] |= !row.is_empty();
            row.iter().for_each(|(class, _)| resources[*class] = true);
        }
    }
    Holding { subjects, resources: marks.resources }
}

/// What is held for certain.
struct Marks<'r> {
    rights: &'r OrgRights,
    counts: &'r Arena<ResourceClassIx, bool>,
    resources: Arena<ResourceClassIx, bool>,
    /// Targets whose resources of a kind are marked, and whether any of these counts.
    given: FxHashMap<(TargetIx, ResourceKind), bool>,
    /// Whether one of these alternatives can hold.
    possible: FxHashMap<SetIx, bool>,
}

impl Marks<'_> {
    /// Marks what the members of a class hold for certain. Says whether that is anything that counts, and where grants
    /// apply that may give nothing.
    fn certain(&mut self, class: &SubjectClass) -> (bool, Vec<TargetIx>) {
        let rights = self.rights;
        if class.owns_org {
            return (self.mark(rights.resources.classes.indices()), Vec::new());
        }
        let owned = class.owner.and_then(|owner| rights.resources.owned.get(&owner));
        let mut holds = self.mark(owned.into_iter().flatten().copied());
        let statements = &rights.statements;
        let all = || class.statements.iter().map(|(index, set)| (&statements.all[*index], *set));
        let denials = all().filter(|(statement, _)| statement.denial);
        let deniable: CapabilitySet = denials.map(|(statement, _)| statement.capabilities).collect();
        let mut in_doubt = Vec::new();
        for (statement, set) in all().filter(|(statement, _)| !statement.denial) {
            if !self.is_possible(set) {
                continue;
            }
            for kind in ResourceKind::ALL {
                let given = statements.on_kind(statement, kind);
                if !given.without(deniable).is_empty() {
                    holds |= self.give(statement.target, kind);
                } else if !given.is_empty() {
                    in_doubt.push(statement.target);
                }
            }
        }
        in_doubt.sort_unstable();
        in_doubt.dedup();
        (holds, in_doubt)
    }

    fn is_possible(&mut self, set: SetIx) -> bool {
        let OrgRights { statements, conditions, .. } = self.rights;
        *self
            .possible
            .entry(set)
            .or_insert_with(|| statements.set(set).iter().any(|condition| !conditions.is_never(*condition)))
    }

    /// Marks the resources of one kind of a target. Whether any counts.
    fn give(&mut self, target: TargetIx, kind: ResourceKind) -> bool {
        if let Some(known) = self.given.get(&(target, kind)) {
            return *known;
        }
        let rights = self.rights;
        let reached = rights.statements.targets.targets[target].classes.iter().copied();
        let any = self.mark(reached.filter(|class| rights.resources.classes[*class].standing.kind == kind));
        self.given.insert((target, kind), any);
        any
    }

    /// Marks those classes of resources that count. Whether there is any.
    fn mark(&mut self, classes: impl Iterator<Item = ResourceClassIx>) -> bool {
        let counting = classes.filter(|class| self.counts[*class]);
        counting.fold(false, |_, class| {
            self.resources[class] = true;
            true
        })
    }
}
