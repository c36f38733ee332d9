//! One question of several subjects and resources. In: subjects, a capability, resources. Out: how many pairs are
//! answered yes and no, and one to explain. Answered over classes, so that a team on everything is no long work.

use std::collections::BTreeMap;

use super::clock::Request;
use super::held::{decide, held};
use super::unmet::{Bearer, Counting, unmet};
use super::why::{Question, Who};
use crate::effective::{OrgRights, ResourceClassIx, SubjectClassIx};
use crate::graph::ResourceIx;

/// What several questions come to.
#[derive(Clone, Debug)]
pub struct Several {
    /// Pairs of a subject and a resource that are answered yes.
    pub yes: u64,
    /// Pairs that are answered no.
    pub no: u64,
    /// The first pair that is answered no, or the first of all where each is answered yes.
    pub first: Option<Question>,
}

/// Asks for each of the subjects on each of the resources.
#[must_use]
pub fn ask_several(
    rights: &OrgRights,
    subjects: &[Who],
    capability: usize,
    resources: &[ResourceIx],
    request: Request,
) -> Several {
    let mut by_class: BTreeMap<ResourceClassIx, (ResourceIx, u64)> = BTreeMap::new();
    for resource in resources {
        by_class.entry(rights.resources.class_of[*resource]).or_insert((*resource, 0)).1 += 1;
    }
    // users of a class hold the same, their own dates and networks aside
    let mut known: BTreeMap<(SubjectClassIx, bool), Several> = BTreeMap::new();
    let mut sum = Several { yes: 0, no: 0, first: None };
    for who in subjects {
        let ask = |own: bool| {
            let mut one = Several { yes: 0, no: 0, first: None };
            for (class, (resource, count)) in &by_class {
                let question = Question { who: *who, capability, resource: *resource, request };
                let yes = match who {
                    Who::User(user) => rights.statements.class_of[*user].is_some_and(|subjects| {
                        own && held(rights, subjects, *class, capability).holds(rights, &request)
                    }),
                    Who::Link(_) => decide(rights, &question),
                };
                one.add(yes, *count, question);
            }
            one
        };
        let one = match who {
            Who::User(user) => {
                let own = unmet(Bearer::User(*user), &rights.org, &rights.graph, &request, Counting::All).is_empty();
                match rights.statements.class_of[*user] {
                    Some(class) => known.entry((class, own)).or_insert_with(|| ask(own)).clone(),
                    None => ask(own),
                }
            }
            Who::Link(_) => ask(true),
        };
        let first = one.first.map(|first| Question { who: *who, ..first });
        let was_no = sum.no > 0;
        sum.yes += one.yes;
        sum.no += one.no;
        if sum.first.is_none() || (!was_no && one.no > 0) {
            sum.first = first;
        }
    }
    sum
}

impl Several {
    fn add(&mut self, yes: bool, count: u64, question: Question) {
        if self.first.is_none() || (!yes && self.no == 0) {
            self.first = Some(question);
        }
        *if yes { &mut self.yes } else { &mut self.no } += count;
    }
}
