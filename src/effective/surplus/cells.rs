//! Cells: row by row, which statements come to a class of subjects on each class of resources, and what each is needed
//! for. Places to which the same statements come, and which nobody who asks tells apart, are one cell; what the same
//! contributions are needed for is found out once.

use std::cell::OnceCell;
use std::collections::HashMap;

use rustc_hash::FxBuildHasher;

use super::needs::{Marks, Needs};
use super::states::{Label, Party, States};
use super::views::Views;
use crate::effective::OrgRights;
use crate::effective::contributions::{Contribution, Contributions};
use crate::effective::places::Places;
use crate::effective::resources::ResourceClassIx;
use crate::effective::right::parted;
use crate::effective::statements::{StatementIx, SubjectClassIx};
use crate::effective::turns::{Turn, turns};
use crate::vocabulary::CapabilitySet;

/// What comes to a class of subjects on some classes of resources.
#[derive(Debug)]
pub(super) struct Cell<'c> {
    pub subjects: SubjectClassIx,
    /// One of the classes of resources, for all of them.
    pub resource: ResourceClassIx,
    /// Its statements, by contribution.
    parties: &'c [Party],
    /// Which of those by which somebody asked to part places it is in: a statement, and a number; ascending.
    parts: &'c [(StatementIx, usize)],
    known: &'c Known,
}

/// What is known of all cells with the same contributions.
#[derive(Debug)]
struct Known {
    contributions: Vec<Contribution>,
    needs: Needs,
    parted: OnceCell<Vec<(CapabilitySet, Vec<usize>)>>,
}

impl<'c> Cell<'c> {
    pub(super) fn contributions(&self) -> &'c [Contribution] {
        &self.known.contributions
    }

    pub(super) fn needs(&self) -> &'c Needs {
        &self.known.needs
    }

    /// Its capabilities, parted by the contributions that apply to them, which are named by their positions.
    pub(super) fn parted(&self) -> &'c [(CapabilitySet, Vec<usize>)] {
        let contributions = &self.known.contributions;
        let all = || contributions.iter().map(|contribution| contribution.capabilities).collect();
        self.known.parted.get_or_init(|| parted(contributions, all()))
    }

    /// The statements of each contribution, in the order of `contributions`.
    pub(super) fn groups(&self) -> impl Iterator<Item = &'c [Party]> + use<'c> {
        self.parties.chunk_by(|a, b| a.contribution == b.contribution)
    }

    /// The numbers by which it is told apart for a statement.
    pub(super) fn parts_of(&self, statement: StatementIx) -> impl Iterator<Item = usize> + use<'c> {
        let from = self.parts.partition_point(|(other, _)| *other < statement);
        let of_this = self.parts.get(from..).unwrap_or_default().iter();
        of_this.take_while(move |(other, _)| *other == statement).map(|(_, number)| *number)
    }
}

/// What somebody asks of a row.
#[derive(Debug, Default)]
pub(super) struct Ask<'p> {
    /// Places to look at, but where the same was looked at in the row before.
    pub places: Vec<&'p [ResourceClassIx]>,
    /// Places to look at in any case, since who the subjects are counts there.
    pub always: Vec<&'p [ResourceClassIx]>,
    /// Places that are to be told apart from others for a statement, ascending, each with a number that tells.
    pub parts: Vec<(StatementIx, &'p [(ResourceClassIx, usize)])>,
}

/// The cells of a row that somebody asked for.
#[derive(Debug)]
pub(super) struct Row {
    pub subjects: SubjectClassIx,
    /// Those in which something is granted: a place of each, and its state.
    cells: Vec<(ResourceClassIx, u32)>,
    states: States,
}

type MarksOfRow = HashMap<ResourceClassIx, Marks, FxBuildHasher>;

/// Makes cells, and remembers needs.
#[derive(Debug)]
pub(super) struct Cells<'r> {
    rights: &'r OrgRights,
    turns: std::rc::Rc<[Turn]>,
    contributions: Contributions<'r>,
    views: Views<'r>,
    known: Vec<Known>,
    /// By the numbers of a cell's contributions and, last, its marks.
    numbers: HashMap<Box<[u32]>, usize, FxBuildHasher>,
    wanted: Places,
    changed: Places,
    /// Those of the last row with which others are compared.
    marks_before: MarksOfRow,
}

impl<'r> Cells<'r> {
    pub(super) fn new(rights: &'r OrgRights) -> Cells<'r> {
        Cells {
            rights,
            turns: turns(rights).into(),
            contributions: Contributions::new(rights),
            views: Views::new(rights),
            known: Vec::new(),
            numbers: HashMap::default(),
            wanted: Places::new(rights),
            changed: Places::new(rights),
            marks_before: HashMap::default(),
        }
    }

    /// All classes of subjects for which rows are made, in their order: whoever looks at rows takes all in turn.
    pub(super) fn turns(&self) -> std::rc::Rc<[Turn]> {
        std::rc::Rc::clone(&self.turns)
    }

    /// Parts what is asked for into cells. Where a class owns, statements mean nothing, and it has no cell.
    pub(super) fn row(&mut self, turn: &Turn, ask: &Ask<'_>) -> Row {
        let subjects = turn.subjects;
        let mut row = Row { subjects, cells: Vec::new(), states: States::default() };
        if ask.places.is_empty() && ask.always.is_empty() {
            return row;
        }
        let marks = self.views.marks(subjects);
        self.want(turn, ask, &marks);
        if self.wanted.len() > 0 {
            self.part(&mut row, ask, &marks);
        }
        if self.rights.statements.classes[subjects].owner.is_none() {
            self.marks_before = marks;
        }
        row
    }

    /// Finds the places to look at.
    fn want(&mut self, turn: &Turn, ask: &Ask<'_>, marks: &MarksOfRow) {
        let rights = self.rights;
        let (wanted, changed) = (&mut self.wanted, &mut self.changed);
        wanted.begin();
        let class = &rights.statements.classes[turn.subjects];
        for owned in class.owner.and_then(|owner| rights.resources.owned.get(&owner)).into_iter().flatten() {
            wanted.bar(*owned);
        }
        ask.always.iter().copied().flatten().for_each(|place| wanted.add(*place));
        let Some(differs) = &turn.differs else {
            ask.places.iter().copied().flatten().for_each(|place| wanted.add(*place));
            return;
        };
        changed.begin();
        for statement in differs {
            let reached = rights.statements.reached(&rights.statements.all[*statement]);
            reached.iter().for_each(|place| changed.add(*place));
        }
        let before = &self.marks_before;
        let other =
            marks.iter().filter(|(place, of_place)| before.get(place) != Some(of_place)).map(|(place, _)| *place);
        let gone = before.keys().filter(|place| !marks.contains_key(place)).copied();
        let mut marked_otherwise: Vec<ResourceClassIx> = other.chain(gone).collect();
        marked_otherwise.sort_unstable();
        marked_otherwise.into_iter().for_each(|place| changed.add(place));
        for places in &ask.places {
            changed.each_in(places, |_, place| wanted.add(place));
        }
    }

    fn part(&mut self, row: &mut Row, ask: &Ask<'_>, marks: &MarksOfRow) {
        let rights = self.rights;
        let (wanted, contributions) = (&self.wanted, &mut self.contributions);
        let kinds = wanted.all().iter().map(|place| rights.resources.classes[*place].standing.kind);
        row.states = States::new(kinds);
        let of_class = &rights.statements.classes[row.subjects].statements;
        for denials in [false, true] {
            for (statement, set) in of_class {
                let stated = &rights.statements.all[*statement];
                if stated.denial != denials {
                    continue;
                }
                row.states.next();
                let mut by_kind = None;
                wanted.each_in(rights.statements.reached(stated), |position, _| {
                    let by_kind = by_kind.get_or_insert_with(|| contributions.of(*statement, *set));
                    row.states.party(position, *statement, stated.denial, by_kind);
                });
            }
        }
        let mut parted: Vec<(usize, usize)> = Vec::new();
        for (statement, places) in &ask.parts {
            parted.clear();
            wanted.each_told_in(places, |position, number| parted.push((number, position)));
            parted.sort_unstable();
            for alike in parted.chunk_by(|a, b| a.0 == b.0) {
                row.states.next();
                alike.iter().for_each(|(number, place)| row.states.part(*place, Label::Part(*statement, *number)));
            }
        }
        let mut marked: Vec<(u32, usize, Marks)> = Vec::new();
        for (place, marks) in marks {
            marked.extend(wanted.position(*place).map(|position| (marks.number(), position, *marks)));
        }
        marked.sort_unstable_by_key(|(number, position, _)| (*number, *position));
        for alike in marked.chunk_by(|a, b| a.0 == b.0) {
            row.states.next();
            alike.iter().for_each(|(_, position, marks)| row.states.part(*position, Label::Marks(*marks)));
        }
        row.cells = row.states.granted().filter_map(|(at, state)| Some((*wanted.all().get(at)?, state))).collect();
    }

    /// Looks at the cells of a row.
    pub(super) fn look(&mut self, row: &Row, mut look: impl FnMut(&Cell<'_>)) {
        let (mut parties, mut parts, mut key) = (Vec::new(), Vec::new(), Vec::new());
        for (resource, state) in &row.cells {
            parties.clear();
            parts.clear();
            let mut marks = Marks::default();
            for label in row.states.labels(*state) {
                match label {
                    Label::Party(party) => parties.push(party),
                    Label::Part(statement, number) => parts.push((statement, number)),
                    Label::Marks(of_cell) => marks = of_cell,
                }
            }
            parties.sort_unstable();
            parts.sort_unstable();
            key.clear();
            key.extend(parties.iter().map(|party| party.contribution));
            key.dedup();
            key.push(marks.number());
            let number = match self.numbers.get(&key[..]) {
                Some(number) => *number,
                None => self.add(&key, marks),
            };
            let Some(known) = self.known.get(number) else { continue };
            look(&Cell { subjects: row.subjects, resource: *resource, parties: &parties, parts: &parts, known });
        }
    }

    fn add(&mut self, key: &[u32], marks: Marks) -> usize {
        let numbers = key.split_last().map_or(&[][..], |(_, numbers)| numbers);
        let contributions: Vec<Contribution> = numbers.iter().map(|n| self.contributions.get(*n)).collect();
        let rights = self.rights;
        let needs = Needs::of(&contributions, marks, |set| rights.statements.set(set), &rights.conditions);
        self.known.push(Known { contributions, needs, parted: OnceCell::new() });
        self.numbers.insert(key.into(), self.known.len() - 1);
        self.known.len() - 1
    }
}
