//! The bytes: a table streamed as JSON, in the order of keys that the format has.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::io::{self, BufWriter, Write};

use serde::ser::{Serialize, SerializeMap, SerializeSeq, Serializer};
use serde_json::ser::CompactFormatter;

use super::compact::{Compact, compact};
use super::expanded::{Entries, EntryMaker};
use super::factored::{Factored, factored};
use super::head::{self, Head};
use super::indent::Indented;
use super::rows::{OfClass, Rows};
use super::selection::Selected;
use super::{Selection, TableOptions, wire};
use crate::effective::RightIx;
use crate::graph::ResourceIx;
use crate::table::format::{self, FORMAT, Layout};
use crate::vocabulary::CapabilitySet;

/// Writes the table of a selection, with a newline at its end.
///
/// # Errors
/// What the writer says.
pub fn write(selection: &Selection<'_>, options: TableOptions, out: &mut dyn Write) -> io::Result<()> {
    let orgs = selection.orgs.iter().map(|selected| OrgTable::new(selected.clone(), options.layout));
    let table = Table { layout: options.layout, orgs: orgs.collect() };
    // a table is written in very small pieces: they are put together here, and not behind a call for each
    let mut out = BufWriter::with_capacity(1 << 16, out);
    if options.compact_json {
        table.serialize(&mut serde_json::Serializer::with_formatter(&mut out, CompactFormatter))?;
    } else {
        table.serialize(&mut serde_json::Serializer::with_formatter(&mut out, Indented::default()))?;
    }
    out.write_all(b"\n")?;
    out.flush()
}

struct Table<'r> {
    layout: Layout,
    orgs: Vec<OrgTable<'r>>,
}

struct OrgTable<'r> {
    rows: Rows<'r>,
    head: Head<'r>,
    body: Body,
    /// Rights as they are written, by number.
    written: Vec<(RightIx, format::Right<'static>)>,
}

enum Body {
    Expanded(OfClass),
    Compact(Compact),
    Factored(Box<Factored>),
}

impl<'r> OrgTable<'r> {
    fn new(selected: Selected<'r>, layout: Layout) -> OrgTable<'r> {
        if layout == Layout::Factored {
            let rows = Rows::in_common(selected);
            let factored = factored(&rows);
            let head = head::head(&rows, factored.schedules.clone());
            return OrgTable { rows, head, body: Body::Factored(Box::new(factored)), written: Vec::new() };
        }
        let (rows, of_class) = Rows::of_classes(selected);
        let conditions = &rows.selected.rights.conditions;
        let mut schedules = BTreeSet::new();
        let mut written = Vec::new();
        for number in rows.rights_used(&of_class) {
            let right = rows.right(number);
            wire::schedules_of(conditions, right, &mut schedules);
            written.push((number, wire::right(conditions, right, CapabilitySet::EMPTY)));
        }
        let head = head::head(&rows, schedules);
        let body = match layout {
            Layout::Compact => Body::Compact(compact(&rows, &of_class)),
            _ => Body::Expanded(of_class),
        };
        OrgTable { rows, head, body, written }
    }

    fn right(&self, number: RightIx) -> Option<&format::Right<'static>> {
        let at = self.written.binary_search_by_key(&number, |(number, _)| *number).ok()?;
        self.written.get(at).map(|(_, right)| right)
    }
}

impl Serialize for Table<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("format", FORMAT)?;
        map.serialize_entry("layout", self.layout.name())?;
        map.serialize_entry("orgs", &Mapped(|| self.orgs.iter().map(|org| (&*org.rows.selected.rights.org.id, org))))?;
        map.end()
    }
}

impl Serialize for OrgTable<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Head { owners, recorders, devices, refs, schedules, offers } = &self.head;
        let mut map = serializer.serialize_map(None)?;
        unless_empty(&mut map, "owners", owners, owners.is_empty())?;
        unless_empty(&mut map, "recorders", &in_order(recorders), recorders.is_empty())?;
        unless_empty(&mut map, "devices", &in_order(devices), devices.is_empty())?;
        unless_empty(&mut map, "refs", &in_order(refs), refs.is_empty())?;
        unless_empty(&mut map, "schedules", schedules, schedules.is_empty())?;
        let maker = match &self.body {
            Body::Expanded(of_class) => Some(RefCell::new(EntryMaker::new(&self.rows, of_class))),
            _ => None,
        };
        let subjects = || {
            self.rows.subjects.iter().map(|(text, subject)| {
                let entries = maker.as_ref().map(|maker| maker.borrow_mut().entries(*subject));
                (text, SubjectOut { org: self, said: head::subject(&self.rows, *subject), entries })
            })
        };
        map.serialize_entry("subjects", &Mapped(subjects))?;
        match &self.body {
            Body::Expanded(_) => {}
            Body::Compact(compact) => self.compact(compact, &mut map)?,
            Body::Factored(factored) => self.factored(factored, &mut map)?,
        }
        unless_empty(&mut map, "offers", offers, offers.is_empty())?;
        map.end()
    }
}

impl OrgTable<'_> {
    fn compact<M: SerializeMap>(&self, compact: &Compact, map: &mut M) -> Result<(), M::Error> {
        let Compact { subject_classes, resource_classes, rights, access } = compact;
        unless_empty(map, "subject_classes", subject_classes, subject_classes.is_empty())?;
        let classes: Vec<_> = resource_classes.iter().map(|members| Names { org: self, resources: members }).collect();
        unless_empty(map, "resource_classes", &classes, classes.is_empty())?;
        let rights: Vec<_> = rights.iter().filter_map(|right| self.right(*right)).collect();
        unless_empty(map, "rights", &rights, rights.is_empty())?;
        unless_empty(map, "access", access, access.is_empty())
    }

    fn factored<M: SerializeMap>(&self, factored: &Factored, map: &mut M) -> Result<(), M::Error> {
        let Factored { resource_sets, rights, rows, subject_rows, subject_owned, schedules: _ } = factored;
        let resources = || self.rows.names.ranked().zip(resource_sets).filter(|(_, sets)| !sets.is_empty());
        let subjects = || self.rows.subjects.iter().map(|(text, _)| text);
        let holding = || subjects().zip(subject_rows).filter(|(_, rows)| !rows.is_empty());
        let owning = || subjects().zip(subject_owned).filter_map(|(text, owned)| Some((text, (*owned)?)));
        unless_empty(map, "resource_sets", &Mapped(resources), resources().next().is_none())?;
        unless_empty(map, "rights", rights, rights.is_empty())?;
        unless_empty(map, "rows", rows, rows.is_empty())?;
        unless_empty(map, "subject_rows", &Mapped(holding), holding().next().is_none())?;
        unless_empty(map, "subject_owned", &Mapped(owning), owning().next().is_none())
    }
}

fn unless_empty<M: SerializeMap, T: Serialize + ?Sized>(
    map: &mut M,
    key: &'static str,
    value: &T,
    empty: bool,
) -> Result<(), M::Error> {
    if empty { Ok(()) } else { map.serialize_entry(key, value) }
}

/// A map whose entries stand in order already.
fn in_order<K: Serialize, V: Serialize>(entries: &[(K, V)]) -> impl Serialize {
    Mapped(|| entries.iter().map(|(key, value)| (key, value)))
}

/// A map whose entries are made while it is written.
struct Mapped<F>(F);

impl<F, I, K, V> Serialize for Mapped<F>
where
    F: Fn() -> I,
    I: Iterator<Item = (K, V)>,
    K: Serialize,
    V: Serialize,
{
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map((self.0)())
    }
}

/// Resources by name.
struct Names<'t, 'r> {
    org: &'t OrgTable<'r>,
    resources: &'t [ResourceIx],
}

impl Serialize for Names<'_, '_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.resources.iter().map(|resource| self.org.rows.names.text(*resource)))
    }
}

/// A subject, in the expanded layout with its entries.
struct SubjectOut<'t, 'r> {
    org: &'t OrgTable<'r>,
    said: format::Subject<'r>,
    entries: Option<Entries>,
}

impl Serialize for SubjectOut<'_, '_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let format::Subject { from, until, networks, licenses, owns, access: _ } = &self.said;
        let mut map = serializer.serialize_map(None)?;
        unless_empty(&mut map, "from", from, from.is_none())?;
        unless_empty(&mut map, "until", until, until.is_none())?;
        unless_empty(&mut map, "networks", networks, networks.is_none())?;
        unless_empty(&mut map, "licenses", licenses, licenses.is_empty())?;
        unless_empty(&mut map, "owns", owns, owns.is_empty())?;
        if let Some(entries) = &self.entries {
            map.serialize_entry("access", &Access { org: self.org, entries })?;
        }
        map.end()
    }
}

struct Access<'t, 'r> {
    org: &'t OrgTable<'r>,
    entries: &'t Entries,
}

impl Serialize for Access<'_, '_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut list = serializer.serialize_seq(Some(self.entries.len()))?;
        for (right, resources) in self.entries.iter() {
            if let Some(right) = self.org.right(*right) {
                list.serialize_element(&EntryOut { names: Names { org: self.org, resources }, right })?;
            }
        }
        list.end()
    }
}

struct EntryOut<'t, 'r> {
    names: Names<'t, 'r>,
    right: &'t format::Right<'static>,
}

impl Serialize for EntryOut<'_, '_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let format::Right { allow, deny: _, allow_when, deny_when } = self.right;
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("resources", &self.names)?;
        unless_empty(&mut map, "allow", allow, allow.is_empty())?;
        unless_empty(&mut map, "allow_when", allow_when, allow_when.is_empty())?;
        unless_empty(&mut map, "deny_when", deny_when, deny_when.is_empty())?;
        map.end()
    }
}
