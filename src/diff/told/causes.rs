//! Which changes in the source a block comes from. In: blocks, and the declarations that differ. Out: for each block the
//! changed declarations that stand on the ways by which its rights are held, or that took them away.
//!
//! A grant or denial is at work on a block where it gives or takes something of it, in either version. A change is a cause
//! where it bears on subjects, resources and capabilities of the block through one that is at work, or on these themselves.

use std::collections::{BTreeMap, BTreeSet};

use schemars::JsonSchema;
use serde::Serialize;

use super::bearing::Bearing;
use super::view::{View, Views};
use crate::declared::{self, Change, Changes};
use crate::diff::{Block, OrgDifference, Version};
use crate::effective::{OrgRights, ResourceClassIx, StatementIx, SubjectClassIx};
use crate::query::told::PlaceTold;
use crate::source::{Places, Sources};
use crate::vocabulary::{CapabilitySet, vocabulary};

/// How a declaration differs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[schemars(rename = "DeclarationTurn")]
pub enum CauseTurn {
    /// The new version alone has it.
    Added,
    /// The old version alone has it.
    Removed,
    /// It stands in another place.
    Moved,
    /// It has another id.
    Renamed,
    /// It states something else.
    Changed,
}

/// A declaration that differs, and with it rights.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "Cause")]
pub struct CauseTold {
    /// What is declared: `grant`, `denial`, `team`, `role`, …
    pub kind: String,
    /// Its id, where it has one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// Its id in the old version, where that is another.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub was: Option<String>,
    /// How it differs.
    pub turn: CauseTurn,
    /// The fields that differ, where both versions have it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schemars(default)]
    pub fields: Vec<String>,
    /// In which version it stands at `place`: the new one, unless it was removed.
    pub version: Version,
    /// Where.
    pub place: PlaceTold,
}

impl CauseTold {
    /// `policies/hq.yaml:41 grant "night-guards"`, and how it differs.
    pub(super) fn text(&self) -> String {
        let id = self.id.as_ref().map(|id| format!(" \"{id}\"")).unwrap_or_default();
        let fields = self.fields.join(", ");
        let turn = match self.turn {
            CauseTurn::Added => "added".to_owned(),
            CauseTurn::Removed => "removed".to_owned(),
            CauseTurn::Moved if self.was.is_none() => "moved".to_owned(),
            CauseTurn::Moved => format!("moved, was \"{}\"", self.was.as_deref().unwrap_or_default()),
            CauseTurn::Renamed => format!("renamed, was \"{}\"", self.was.as_deref().unwrap_or_default()),
            CauseTurn::Changed => fields,
        };
        format!("{} {}{id} ({turn})", self.place.text(), self.kind)
    }
}

/// Finds the causes of the blocks of one difference.
pub(super) struct Causes<'c> {
    views: Views<'c>,
    /// Changes with what they bear on.
    changes: Vec<(&'c Change<'c>, Vec<Bearing>)>,
    places: [Places<'c>; 2],
    /// Those that are causes, by their number among `changes`.
    found: BTreeMap<usize, CauseTold>,
}

/// What is at work on a block in one version: each grant or denial, with the classes between which it is.
type Work = BTreeMap<StatementIx, (BTreeSet<SubjectClassIx>, BTreeSet<ResourceClassIx>)>;

impl<'c> Causes<'c> {
    /// Over what differs in an organisation that both policies have.
    pub(super) fn new(
        difference: &'c OrgDifference,
        rights: [&'c OrgRights; 2],
        sources: [&'c Sources; 2],
        changes: &'c Changes<'c>,
    ) -> Causes<'c> {
        let [old, new] = rights;
        let views = Views { old: View::new(old, difference, false), new: View::new(new, difference, true) };
        let org = changes.orgs.iter().filter(|org| org.org == difference.org);
        let changes = org.flat_map(|org| &org.changes).map(|change| (change, views.bearings(change)));
        let changes = changes.filter(|(_, bearings)| !bearings.is_empty()).collect();
        Causes { views, changes, places: sources.map(Places::new), found: BTreeMap::new() }
    }

    /// The causes of a block, by number among all changes.
    pub(super) fn of(&mut self, block: &Block, difference: &OrgDifference) -> Vec<usize> {
        let mut capabilities = block.capabilities;
        if block.subjects.iter().any(|subject| difference.subject(*subject).starts_with("link:")) {
            // what a link gives rests on what its maker may share, too
            let share = vocabulary().number("link.share").map(CapabilitySet::one).unwrap_or_default();
            capabilities = capabilities | share;
        }
        let both = [&self.views.old, &self.views.new];
        let work = both.map(|view| at_work(view, block, capabilities));
        let stands = |bearing: &Bearing| stands(both, &work, block, capabilities, bearing);
        let causes = self.changes.iter().enumerate().filter(|(_, (_, bearings))| bearings.iter().any(stands));
        let causes: Vec<(usize, &Change<'_>)> = causes.map(|(number, (change, _))| (number, *change)).collect();
        for (number, change) in &causes {
            if !self.found.contains_key(number)
                && let Some(told) = tell(change, &mut self.places)
            {
                self.found.insert(*number, told);
            }
        }
        causes.into_iter().map(|(number, _)| number).collect()
    }

    /// All that are causes, and for each number given out its place among them.
    pub(super) fn told(self) -> (Vec<CauseTold>, BTreeMap<usize, usize>) {
        let places = self.found.keys().enumerate().map(|(place, number)| (*number, place)).collect();
        (self.found.into_values().collect(), places)
    }
}

fn at_work(view: &View<'_>, block: &Block, capabilities: CapabilitySet) -> Work {
    let subjects: BTreeSet<_> = block.subjects.iter().filter_map(|one| view.class_of_subject(*one)).collect();
    let resources: BTreeSet<_> = block.resources.iter().filter_map(|one| view.class_of_resource(*one)).collect();
    let statements = &view.rights.statements;
    let mut work = Work::new();
    for class in subjects {
        for (index, _, _) in statements.coming(class) {
            work.entry(index).or_default().0.insert(class);
        }
    }
    work.retain(|index, (_, on)| {
        let given = |class: &ResourceClassIx| {
            let kind = view.rights.resources.classes[*class].standing.kind;
            !(statements.capabilities_on(*index, *class, kind) & capabilities).is_empty()
        };
        on.extend(resources.iter().copied().filter(given));
        !on.is_empty()
    });
    work
}

fn stands(
    both: [&View<'_>; 2],
    work: &[Work; 2],
    block: &Block,
    capabilities: CapabilitySet,
    bearing: &Bearing,
) -> bool {
    let Bearing { subjects, resources, capabilities: of, grants } = bearing;
    // both ascend: the shorter is looked up in the longer
    let on = |numbers: &[u32], among: &Option<BTreeSet<u32>>| -> Option<Vec<u32>> {
        among.as_ref().map(|among| match among.len() < numbers.len() {
            true => among.iter().copied().filter(|one| numbers.binary_search(one).is_ok()).collect(),
            false => numbers.iter().copied().filter(|one| among.contains(one)).collect(),
        })
    };
    let (on_subjects, on_resources) = (on(&block.subjects, subjects), on(&block.resources, resources));
    let none = |some: &Option<Vec<u32>>| some.as_ref().is_some_and(Vec::is_empty);
    if none(&on_subjects) || none(&on_resources) || of.is_some_and(|of| (of & capabilities).is_empty()) {
        return false;
    }
    let Some(grants) = grants else { return true };
    let mut sides = both.into_iter().zip(work).zip(grants);
    sides.any(|((view, work), grants)| {
        work.iter().any(|(index, (classes, places))| {
            let statement = &view.rights.statements.all[*index];
            let class = |one: &u32| view.class_of_subject(*one).is_some_and(|class| classes.contains(&class));
            let place = |one: &u32| view.class_of_resource(*one).is_some_and(|class| places.contains(&class));
            let with = of.is_none_or(|of| !(of & capabilities & statement.capabilities).is_empty());
            grants.contains(&statement.grant)
                && with
                && on_subjects.as_ref().is_none_or(|all| all.iter().any(class))
                && on_resources.as_ref().is_none_or(|all| all.iter().any(place))
        })
    })
}

fn tell(change: &Change<'_>, places: &mut [Places<'_>; 2]) -> Option<CauseTold> {
    let one = change.either()?;
    let version = if change.new.is_some() { Version::New } else { Version::Old };
    let [old, new] = places;
    let (file, at) = if version == Version::New { new } else { old }.locate(one.span);
    let was = change.old.zip(change.new).and_then(|(old, new)| old.id.clone().filter(|_| old.id != new.id));
    let both = change.old.is_some() && change.new.is_some();
    Some(CauseTold {
        kind: if one.is_denial() { "denial" } else { one.kind.name() }.to_owned(),
        id: one.id.as_deref().map(str::to_owned),
        was: was.map(String::from),
        turn: match change.turn() {
            declared::Turn::Added => CauseTurn::Added,
            declared::Turn::Removed => CauseTurn::Removed,
            declared::Turn::Moved => CauseTurn::Moved,
            declared::Turn::Renamed => CauseTurn::Renamed,
            declared::Turn::Changed => CauseTurn::Changed,
        },
        fields: if both { change.fields.iter().map(|field| (*field).to_owned()).collect() } else { Vec::new() },
        version,
        place: PlaceTold { file: file.to_owned(), line: at.line, column: at.column },
    })
}
