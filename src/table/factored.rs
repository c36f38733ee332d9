//! The factored layout: subjects have rows, rows have pairs of a set of resources and a right, resources are in sets
//! (`table: Factored layout`).

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::error::{Fault, LoadError};
use super::format;
use super::organisation::{Names, index, intern_resource};

/// All lists are in order, without repeats.
#[derive(Debug)]
pub(super) struct Factored {
    /// The sets that a resource is in, by the resource's number.
    sets: Box<[Box<[u32]>]>,
    rows: Box<[Row]>,
    /// By the subject's number.
    subjects: Box<[Holdings]>,
}

/// Pairs of a set and a right's number.
type Row = Box<[(u32, u32)]>;

/// What a subject has.
#[derive(Debug, Default, Clone)]
struct Holdings {
    /// Places in `rows`.
    rows: Box<[u32]>,
    /// The sets in which it owns everything.
    owned: Box<[u32]>,
}

impl Factored {
    /// `rights` are the numbers of the organisation's rights, in the order of its list.
    pub(super) fn load(
        org: &format::Org<'_>,
        place: &str,
        subjects: &Names,
        resources: &mut Names,
        rights: &[u32],
    ) -> Result<Self, LoadError> {
        let at = |key: &'static str| move |fault: Fault| fault.at(format!("{place}, `{key}`"));
        // the first resources of this organisation, so their numbers follow the map's order
        let mut sets = Vec::with_capacity(org.resource_sets.len());
        for (name, in_sets) in &org.resource_sets {
            intern_resource(resources, name).map_err(at("resource_sets"))?;
            sets.push(ordered(in_sets));
        }
        let rows = org.rows.iter().map(|row| load_row(row, rights)).collect::<Result<_, _>>().map_err(at("rows"))?;

        let mut holdings = vec![Holdings::default(); subjects.len()];
        for_each_subject(&org.subject_rows, subjects, &mut holdings, |holdings, rows| {
            rows.iter().try_for_each(|&row| index("rows", &org.rows, row).map(drop))?;
            holdings.rows = ordered(rows);
            Ok(())
        })
        .map_err(at("subject_rows"))?;
        for_each_subject(&org.subject_owned, subjects, &mut holdings, |holdings, sets| {
            holdings.owned = ordered(sets);
            Ok(())
        })
        .map_err(at("subject_owned"))?;
        Ok(Self { sets: sets.into_boxed_slice(), rows, subjects: holdings.into_boxed_slice() })
    }

    /// Whether the resource lies in a set that the subject owns.
    pub(super) fn owns(&self, subject: u32, resource: u32) -> bool {
        let owned = self.subjects.get(subject as usize).map_or(&[][..], |holdings| &holdings.owned);
        self.sets(resource).iter().any(|set| owned.binary_search(set).is_ok())
    }

    /// The rights of all pairs in the subject's rows whose set the resource is in.
    pub(super) fn find(&self, subject: u32, resource: u32) -> impl Iterator<Item = u32> {
        let rows = self.subjects.get(subject as usize).map_or(&[][..], |holdings| &holdings.rows);
        let sets = self.sets(resource);
        let rows = rows.iter().filter_map(|&row| self.rows.get(row as usize));
        rows.flat_map(move |row| rights_in(row, sets))
    }

    fn sets(&self, resource: u32) -> &[u32] {
        self.sets.get(resource as usize).map_or(&[], |sets| sets)
    }
}

/// The rights that the row has on any of the sets: each of the shorter list is looked up in the longer, so that no table
/// makes the question long.
fn rights_in(row: &[(u32, u32)], sets: &[u32]) -> impl Iterator<Item = u32> {
    let (short_row, short_sets) = if row.len() < sets.len() { (row, &[][..]) } else { (&[][..], sets) };
    let by_pair = short_row.iter().filter(|pair| sets.binary_search(&pair.0).is_ok());
    let by_set = short_sets.iter().flat_map(move |set| {
        let first = row.partition_point(|pair| pair.0 < *set);
        row.iter().skip(first).take_while(move |pair| pair.0 == *set)
    });
    by_pair.chain(by_set).map(|pair| pair.1)
}

fn load_row(row: &[[u32; 2]], rights: &[u32]) -> Result<Row, Fault> {
    let mut pairs = Vec::with_capacity(row.len());
    for &[set, right] in row {
        pairs.push((set, *index("rights", rights, right)?));
    }
    pairs.sort_unstable();
    pairs.dedup();
    Ok(pairs.into_boxed_slice())
}

fn for_each_subject(
    from: &BTreeMap<Cow<'_, str>, Vec<u32>>,
    subjects: &Names,
    holdings: &mut [Holdings],
    mut load: impl FnMut(&mut Holdings, &[u32]) -> Result<(), Fault>,
) -> Result<(), Fault> {
    for (name, numbers) in from {
        let holdings = subjects.find(name).and_then(|subject| holdings.get_mut(subject as usize));
        load(holdings.ok_or_else(|| Fault::Subject(name.to_string()))?, numbers)?;
    }
    Ok(())
}

fn ordered(numbers: &[u32]) -> Box<[u32]> {
    let mut numbers = numbers.to_vec();
    numbers.sort_unstable();
    numbers.dedup();
    numbers.into_boxed_slice()
}
