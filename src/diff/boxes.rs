//! Cells put together to boxes *subjects × capabilities × resources*, as few as are found: exact always, and found by a
//! search of a bounded length.
//!
//! In: cells over classes. Out: boxes that together are exactly these cells, no two of which overlap. Three ways of
//! beginning are tried (by subject, by capability, by resource), boxes that are alike in two directions become one until
//! none are, and the fewest count.

use std::collections::BTreeMap;

use super::joint::Cell;
use crate::vocabulary::CapabilitySet;

/// Each of these classes of subjects, each capability, each of these classes of resources; both ascending.
pub(super) type Boxed = (Vec<u32>, CapabilitySet, Vec<u32>);

/// The boxes of some cells; of a class of subjects and one of resources there is at most one cell.
pub(super) fn boxes(cells: &[Cell]) -> Vec<Boxed> {
    let by_subject = || merged(slabs(cells.iter().map(|(s, r, c)| (*s, *r, *c))).into_iter());
    let by_resource = || {
        let turned = slabs(cells.iter().map(|(s, r, c)| (*r, *s, *c)));
        merged(turned.into_iter().map(|(resources, c, subjects)| (subjects, c, resources)))
    };
    let by_capability = || {
        let mut all = Vec::new();
        for atom in atoms(cells) {
            let has = cells.iter().filter(|(_, _, c)| !(*c & atom).is_empty());
            all.extend(slabs(has.map(|(s, r, _)| (*s, *r, atom))));
        }
        merged(all.into_iter())
    };
    let first = by_subject();
    if first.len() < 2 {
        return first;
    }
    // the first of the shortest
    [by_capability(), by_resource()]
        .into_iter()
        .fold(first, |best, other| if other.len() < best.len() { other } else { best })
}

/// One class after the other, all others that have the same capabilities together; then classes that are alike together.
fn slabs(cells: impl Iterator<Item = Cell>) -> Vec<Boxed> {
    let mut rows: BTreeMap<u32, BTreeMap<CapabilitySet, Vec<u32>>> = BTreeMap::new();
    for (one, other, capabilities) in cells {
        rows.entry(one).or_default().entry(capabilities).or_default().push(other);
    }
    let mut alike: BTreeMap<(CapabilitySet, Vec<u32>), Vec<u32>> = BTreeMap::new();
    for (one, by_capabilities) in rows {
        for (capabilities, mut others) in by_capabilities {
            others.sort_unstable();
            alike.entry((capabilities, others)).or_default().push(one);
        }
    }
    alike.into_iter().map(|((capabilities, others), ones)| (ones, capabilities, others)).collect()
}

/// The largest sets of capabilities that no cell parts.
fn atoms(cells: &[Cell]) -> Vec<CapabilitySet> {
    let mut distinct: Vec<CapabilitySet> = cells.iter().map(|(_, _, capabilities)| *capabilities).collect();
    distinct.sort_unstable();
    distinct.dedup();
    let mut atoms = vec![distinct.iter().copied().collect::<CapabilitySet>()];
    for set in distinct {
        let parts = atoms.iter().flat_map(|atom| [*atom & set, atom.without(set)]);
        atoms = parts.filter(|part| !part.is_empty()).collect();
    }
    atoms
}

/// Boxes that are alike in two directions become one, until none are. Each round has fewer boxes than the one before, so
/// there is an end.
fn merged(boxes: impl Iterator<Item = Boxed>) -> Vec<Boxed> {
    let mut boxes: Vec<Boxed> = boxes.collect();
    loop {
        let before = boxes.len();
        let mut same: BTreeMap<(CapabilitySet, Vec<u32>), Vec<u32>> = BTreeMap::new();
        for (subjects, capabilities, resources) in boxes {
            same.entry((capabilities, resources)).or_default().extend(subjects);
        }
        let mut next: BTreeMap<(Vec<u32>, CapabilitySet), Vec<u32>> = BTreeMap::new();
        for ((capabilities, resources), subjects) in same {
            next.entry((ordered(subjects), capabilities)).or_default().extend(resources);
        }
        let mut last: BTreeMap<(Vec<u32>, Vec<u32>), CapabilitySet> = BTreeMap::new();
        for ((subjects, capabilities), resources) in next {
            let all = last.entry((subjects, ordered(resources))).or_default();
            *all = *all | capabilities;
        }
        boxes =
            last.into_iter().map(|((subjects, resources), capabilities)| (subjects, capabilities, resources)).collect();
        if boxes.len() == before {
            return boxes;
        }
    }
}

fn ordered(mut classes: Vec<u32>) -> Vec<u32> {
    classes.sort_unstable();
    classes
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one(capability: usize) -> CapabilitySet {
        CapabilitySet::one(capability)
    }

    #[test]
    fn what_is_a_box_is_told_as_one() {
        let cells: Vec<Cell> = (0..4).flat_map(|s| (0..3).map(move |r| (s, r, one(1) | one(5)))).collect();
        assert_eq!(boxes(&cells), [(vec![0, 1, 2, 3], one(1) | one(5), vec![0, 1, 2])]);
        assert!(boxes(&[]).is_empty());
    }

    #[test]
    fn the_shortest_way_of_beginning_is_taken() {
        // everybody gains one capability everywhere, and each somewhere one of its own: by subject these are cut up
        let cells: Vec<Cell> =
            (0..6).flat_map(|s| (0..6).map(move |r| (s, r, if s == r { one(0) | one(1) } else { one(0) }))).collect();
        let found = boxes(&cells);
        assert_eq!(found.len(), 7, "{found:?}");
        // one resource with more: by resource these are two
        let cells: Vec<Cell> = (0..5).flat_map(|s| (0..=s).map(move |r| (s, 0, one(r as usize)))).collect();
        let cells: Vec<Cell> = cells.into_iter().fold(Vec::new(), |mut all: Vec<Cell>, (s, r, c)| {
            match all.iter_mut().find(|cell| (cell.0, cell.1) == (s, r)) {
                Some(cell) => cell.2 = cell.2 | c,
                None => all.push((s, r, c)),
            }
            all
        });
        assert_eq!(boxes(&cells).len(), 5);
    }
}
