//! States: places are parted by what comes to them, statement by statement, until those that are left together have all
//! in common. No place is compared with another: each time, all places of one state that something comes to move on
//! together into one new state.

use super::needs::Marks;
use crate::effective::statements::StatementIx;
use crate::vocabulary::ResourceKind;

/// A statement in a cell.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Party {
    /// The number of what it contributes. Within a cell, parties stand by it.
    pub contribution: u32,
    pub statement: StatementIx,
}

/// What came to places.
#[derive(Clone, Copy, Debug)]
pub(super) enum Label {
    Party(Party),
    /// What tells places apart for a statement.
    Part(StatementIx, usize),
    Marks(Marks),
}

#[derive(Clone, Copy, Debug)]
struct State {
    /// What came last, and the state before; nothing came to the first ones.
    came: Option<(Label, u32)>,
    kind: ResourceKind,
    /// Whether a grant came.
    granted: bool,
    /// The last step in which places moved on from it, and where to.
    step: u32,
    next: u32,
}

/// The states of some places.
#[derive(Debug, Default)]
pub(super) struct States {
    all: Vec<State>,
    /// The state of each place.
    of: Vec<u32>,
    step: u32,
}

impl States {
    /// Places are of different kinds, at first that is all.
    pub(super) fn new(kinds: impl Iterator<Item = ResourceKind>) -> States {
        let first = |kind| State { came: None, kind, granted: false, step: 0, next: 0 };
        let all = ResourceKind::ALL.map(first).to_vec();
        let number = |kind| ResourceKind::ALL.iter().position(|one| *one == kind).unwrap_or_default() as u32;
        States { all, of: kinds.map(number).collect(), step: 0 }
    }

    /// Something else comes.
    pub(super) fn next(&mut self) {
        self.step += 1;
    }

    /// A statement comes to a place; a denial only where something is granted.
    pub(super) fn party(
        &mut self,
        place: usize,
        statement: StatementIx,
        denial: bool,
        by_kind: &[Option<u32>; ResourceKind::ALL.len()],
    ) {
        let Some(state) = self.state(place) else { return };
        if denial && !state.granted {
            return;
        }
        if let Some(contribution) = by_kind[state.kind as usize] {
            self.part(place, Label::Party(Party { contribution, statement }));
        }
    }

    /// Something comes to a place, the same to all to which it comes in this step from one state.
    pub(super) fn part(&mut self, place: usize, label: Label) {
        let Some(number) = self.of.get_mut(place) else { return };
        let count = self.all.len() as u32;
        let Some(state) = self.all.get_mut(*number as usize) else { return };
        let is_new = state.step != self.step;
        if is_new {
            (state.step, state.next) = (self.step, count);
        }
        let moved = State {
            came: Some((label, *number)),
            granted: state.granted || matches!(label, Label::Party(_)),
            ..*state
        };
        *number = state.next;
        if is_new {
            self.all.push(State { step: 0, next: 0, ..moved });
        }
    }

    fn state(&self, place: usize) -> Option<State> {
        self.all.get(*self.of.get(place)? as usize).copied()
    }

    /// For each state in which something is granted, the first place that is in it.
    pub(super) fn granted(&self) -> impl Iterator<Item = (usize, u32)> + '_ {
        let mut met = vec![false; self.all.len()];
        self.of.iter().enumerate().filter_map(move |(place, state)| {
            let first = met.get_mut(*state as usize).is_some_and(|met| !std::mem::replace(met, true));
            let granted = self.all.get(*state as usize).is_some_and(|state| state.granted);
            (first && granted).then_some((place, *state))
        })
    }

    /// All that came to the places of a state.
    pub(super) fn labels(&self, state: u32) -> impl Iterator<Item = Label> + '_ {
        let came = |state: u32| self.all.get(state as usize).and_then(|state| state.came);
        let chain = std::iter::successors(came(state), move |(_, before)| came(*before));
        chain.map(|(label, _)| label)
    }
}
