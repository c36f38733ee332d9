//! Places: classes of resources, each once, that are found again in ascending lists.

use super::OrgRights;
use super::resources::ResourceClassIx;
use super::search::is_worth_searching;
use crate::model::Arena;

/// Some classes of resources, numbered as they were added.
#[derive(Debug)]
pub(super) struct Places {
    all: Vec<ResourceClassIx>,
    /// For each class the last round in which it was met, and its number then.
    met: Arena<ResourceClassIx, (u32, u32)>,
    round: u32,
}

/// The number of a class that is not to be added.
const BARRED: u32 = u32::MAX;

impl Places {
    pub(super) fn new(rights: &OrgRights) -> Places {
        Places { all: Vec::new(), met: rights.resources.classes.iter().map(|_| (0, 0)).collect(), round: 0 }
    }

    /// Forgets all.
    pub(super) fn begin(&mut self) {
        self.all.clear();
        self.round += 1;
    }

    /// Keeps a place out.
    pub(super) fn bar(&mut self, place: ResourceClassIx) {
        self.met[place] = (self.round, BARRED);
    }

    pub(super) fn add(&mut self, place: ResourceClassIx) {
        let met = &mut self.met[place];
        if met.0 != self.round {
            *met = (self.round, self.all.len() as u32);
            self.all.push(place);
        }
    }

    pub(super) fn all(&self) -> &[ResourceClassIx] {
        &self.all
    }

    pub(super) fn len(&self) -> usize {
        self.all.len()
    }

    pub(super) fn position(&self, place: ResourceClassIx) -> Option<usize> {
        let (round, number) = self.met[place];
        (round == self.round && number != BARRED).then_some(number as usize)
    }

    /// Those that stand in an ascending list, with their numbers. A long list is searched, a short one walked.
    pub(super) fn each_in(&self, list: &[ResourceClassIx], mut look: impl FnMut(usize, ResourceClassIx)) {
        if is_worth_searching(&self.all, list) {
            let all = self.all.iter().enumerate();
            all.filter(|(_, place)| list.binary_search(place).is_ok()).for_each(|(at, place)| look(at, *place));
        } else {
            for place in list {
                if let Some(at) = self.position(*place) {
                    look(at, *place);
                }
            }
        }
    }

    /// The same of a list in which each has a number, and may stand with several.
    pub(super) fn each_told_in(&self, list: &[(ResourceClassIx, usize)], mut look: impl FnMut(usize, usize)) {
        if is_worth_searching(&self.all, list) {
            for (at, place) in self.all.iter().enumerate() {
                let from = list.partition_point(|(other, _)| other < place);
                let here = list.get(from..).unwrap_or_default().iter().take_while(|(other, _)| other == place);
                here.for_each(|(_, number)| look(at, *number));
            }
        } else {
            for (place, number) in list {
                if let Some(at) = self.position(*place) {
                    look(at, *number);
                }
            }
        }
    }
}
