//! Conditions of two versions by what they mean: the same number is the same condition, whatever its schedules are called
//! and in whatever table or policy it stands.
//!
//! In: conditions of a policy or of a table. Out: numbers, and which of two conditions is wider (`semantics §5`). A
//! schedule is its zone, hours and exceptions, so that other hours under an old name are another condition.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use jiff::Timestamp;

use super::Version;
use crate::effective;
use crate::model::{AddressSet, Org, Schedule, format_instant};
use crate::table::format;

/// A condition by number, in one comparison.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Cond(u32);

/// A schedule by what it means, by number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct HoursIx(u32);

/// What a schedule means.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(super) struct Hours {
    zone: Box<str>,
    /// From Monday: start and end in minutes, sorted; an end above 1440 lies in the next day.
    weekly: [Vec<(u32, u32)>; 7],
    /// Dates as tables write them.
    except: BTreeSet<Box<str>>,
}

/// When and from where something holds; all parts must. None stated: always.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
struct Meaning {
    from: Option<i64>,
    until: Option<i64>,
    /// Ascending.
    hours: Vec<HoursIx>,
    networks: Option<AddressSet>,
    outside: Option<AddressSet>,
}

#[derive(Clone, Debug)]
struct Known {
    meaning: Meaning,
    /// The addresses left, where it speaks of addresses.
    addresses: Option<AddressSet>,
}

/// The conditions of both versions of an organisation.
#[derive(Debug)]
pub struct Conditions {
    known: Vec<Known>,
    numbers: HashMap<Meaning, Cond>,
    hours: Vec<Hours>,
    hours_numbers: HashMap<Hours, HoursIx>,
    /// What schedules are called in each version.
    ids: BTreeMap<(Version, Box<str>), HoursIx>,
    names: BTreeMap<(Version, HoursIx), Box<str>>,
}

/// How a condition differs from the one before.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Shift {
    /// It holds whenever the one before did, and at other times or from other addresses too.
    Wider,
    /// It holds only when the one before did.
    Narrower,
    /// Neither is shown to contain the other.
    Other,
}

impl Cond {
    /// The condition that states nothing.
    pub const ALWAYS: Cond = Cond(0);
}

impl Default for Conditions {
    fn default() -> Conditions {
        let mut conditions = Conditions {
            known: Vec::new(),
            numbers: HashMap::default(),
            hours: Vec::new(),
            hours_numbers: HashMap::default(),
            ids: BTreeMap::new(),
            names: BTreeMap::new(),
        };
        conditions.add(Meaning::default());
        conditions
    }
}

impl Conditions {
    fn add(&mut self, meaning: Meaning) -> Cond {
        let known = &mut self.known;
        *self.numbers.entry(meaning).or_insert_with_key(|meaning| {
            let addresses = (meaning.networks.is_some() || meaning.outside.is_some()).then(|| {
                let all = meaning.networks.clone().unwrap_or_else(AddressSet::everything);
                meaning.outside.as_ref().map_or(all.clone(), |outside| all.difference(outside)).addresses()
            });
            known.push(Known { meaning: meaning.clone(), addresses });
            Cond(known.len() as u32 - 1)
        })
    }

    fn known(&self, number: Cond) -> &Known {
        // numbers come from `add` alone
        &self.known[number.0 as usize]
    }

    /// A schedule of one version.
    pub(super) fn schedule(&mut self, version: Version, id: &str, hours: Hours) {
        let all = &mut self.hours;
        let number = *self.hours_numbers.entry(hours).or_insert_with_key(|hours| {
            all.push(hours.clone());
            HoursIx(all.len() as u32 - 1)
        });
        self.ids.insert((version, id.into()), number);
    }

    /// The schedules that a condition names, ascending. Of several ids with the same hours the first that some condition
    /// names is what they are called.
    fn named<'i>(&mut self, version: Version, schedules: impl Iterator<Item = &'i str>) -> Option<Vec<HoursIx>> {
        let mut hours = Vec::new();
        for id in schedules {
            let number = *self.ids.get(&(version, id.into()))?;
            let name = self.names.entry((version, number)).or_insert_with(|| id.into());
            if id < &**name {
                *name = id.into();
            }
            hours.push(number);
        }
        hours.sort_unstable();
        hours.dedup();
        Some(hours)
    }

    /// A condition of a policy whose schedules were all added.
    pub fn of_policy(&mut self, version: Version, condition: &effective::Condition, org: &Org) -> Cond {
        let effective::Condition { from, until, schedules, networks, outside } = condition;
        let hours = self.named(version, schedules.iter().map(|schedule| &*org.schedules[*schedule].id));
        let (networks, outside) = (networks.clone(), outside.clone());
        self.add(Meaning { from: *from, until: *until, hours: hours.unwrap_or_default(), networks, outside })
    }

    /// A condition of a table that was loaded, and so is well-formed: what it does not understand is none.
    pub(super) fn of_table(&mut self, version: Version, condition: &format::Condition<'_>) -> Option<Cond> {
        let format::Condition { from, until, schedules, networks, outside } = condition;
        let hours = self.named(version, schedules.iter().map(AsRef::as_ref))?;
        let outside = if outside.is_empty() { None } else { Some(blocks(outside)?) };
        let networks = match networks {
            Some(networks) => Some(blocks(networks)?),
            None => None,
        };
        let (from, until) = (instant(from.as_deref())?, instant(until.as_deref())?);
        Some(self.add(Meaning { from, until, hours, networks, outside }))
    }

    /// A condition as tables write it, with schedules by the names of one version.
    #[must_use]
    pub fn write(&self, condition: Cond, version: Version) -> format::Condition<'static> {
        let Meaning { from, until, hours, networks, outside } = &self.known(condition).meaning;
        let blocks = |set: &AddressSet| set.blocks().into_iter().map(Into::into).collect::<Vec<_>>();
        let name = |hours: &HoursIx| self.names.get(&(version, *hours)).map(|name| name.to_string());
        let mut schedules: Vec<String> = hours.iter().filter_map(name).collect();
        schedules.sort_unstable();
        format::Condition {
            from: from.map(|instant| format_instant(instant).into()),
            until: until.map(|instant| format_instant(instant).into()),
            schedules: schedules.into_iter().map(Into::into).collect(),
            networks: networks.as_ref().map(blocks),
            outside: outside.as_ref().map(blocks).unwrap_or_default(),
        }
    }

    /// The schedules that have the same id in both versions and do not mean the same, sorted.
    #[must_use]
    pub fn changed_schedules(&self) -> Vec<String> {
        let old = self.ids.iter().filter(|((version, _), _)| *version == Version::Old);
        let changed =
            old.filter(|((_, id), hours)| self.ids.get(&(Version::New, id.clone())).is_some_and(|new| new != *hours));
        changed.map(|((_, id), _)| id.to_string()).collect()
    }

    /// Whether `narrow` lies in `wide`, part by part (`semantics §5`).
    #[must_use]
    pub fn lies_in(&self, narrow: Cond, wide: Cond) -> bool {
        if narrow == wide || wide == Cond::ALWAYS {
            return true;
        }
        let (narrow, wide) = (self.known(narrow), self.known(wide));
        let (n, w) = (&narrow.meaning, &wide.meaning);
        let from = w.from.is_none_or(|wide| n.from.is_some_and(|narrow| narrow >= wide));
        let until = w.until.is_none_or(|wide| n.until.is_some_and(|narrow| narrow <= wide));
        let addresses = match (&narrow.addresses, &wide.addresses) {
            (_, None) => true,
            (None, Some(_)) => false,
            (Some(narrow), Some(wide)) => narrow.is_subset(wide),
        };
        let inside =
            |narrow: &HoursIx, wide: &HoursIx| narrow == wide || self.hours(*narrow).lies_in(self.hours(*wide));
        let hours = || w.hours.iter().all(|wide| n.hours.iter().any(|narrow| inside(narrow, wide)));
        from && until && addresses && hours()
    }

    fn hours(&self, number: HoursIx) -> &Hours {
        // numbers come from `schedule` alone
        &self.hours[number.0 as usize]
    }

    /// Whether no instant or no address can meet it.
    fn is_never(&self, number: Cond) -> bool {
        let Known { meaning, addresses } = self.known(number);
        matches!((meaning.from, meaning.until), (Some(from), Some(until)) if until <= from)
            || addresses.as_ref().is_some_and(AddressSet::is_empty)
    }

    /// The fewest alternatives that say the same, as tables have them. Where two lie in each other, the first in the
    /// table's order stays.
    #[must_use]
    pub fn reduce(&self, alternatives: &[Cond], version: Version) -> Vec<Cond> {
        let mut left: Vec<Cond> = alternatives.iter().copied().filter(|one| !self.is_never(*one)).collect();
        if left.contains(&Cond::ALWAYS) {
            return vec![Cond::ALWAYS];
        }
        left.sort_by_cached_key(|one| self.write(*one, version));
        left.dedup();
        let mut kept: Vec<Cond> = Vec::with_capacity(left.len());
        for candidate in left {
            if !kept.iter().any(|other| self.lies_in(candidate, *other)) {
                kept.retain(|other| !self.lies_in(*other, candidate));
                kept.push(candidate);
            }
        }
        kept
    }

    /// Both conditions together.
    pub fn joined(&mut self, a: Cond, b: Cond) -> Cond {
        let (a, b) = (&self.known(a).meaning, &self.known(b).meaning);
        let both = |a: &Option<AddressSet>,
                    b: &Option<AddressSet>,
                    join: fn(&AddressSet, &AddressSet) -> AddressSet| match (a, b) {
            (Some(a), Some(b)) => Some(join(a, b)),
            (one, other) => one.as_ref().or(other.as_ref()).cloned(),
        };
        let until = match (a.until, b.until) {
            (Some(a), Some(b)) => Some(a.min(b)),
            (one, other) => one.or(other),
        };
        let mut hours = [&a.hours[..], &b.hours[..]].concat();
        hours.sort_unstable();
        hours.dedup();
        let networks = both(&a.networks, &b.networks, AddressSet::intersection);
        let outside = both(&a.outside, &b.outside, AddressSet::union);
        let from = a.from.max(b.from);
        self.add(Meaning { from, until, hours, networks, outside })
    }

    /// Which parts of two conditions differ: dates, hours, addresses.
    #[must_use]
    pub fn parts_that_differ(&self, a: Cond, b: Cond) -> [bool; 3] {
        let (a, b) = (&self.known(a).meaning, &self.known(b).meaning);
        let dates = (a.from, a.until) != (b.from, b.until);
        let addresses = a.networks != b.networks || a.outside != b.outside;
        [dates, a.hours != b.hours, addresses]
    }
}

impl Hours {
    /// Of a policy's schedule.
    pub(super) fn of_policy(schedule: &Schedule) -> Hours {
        let mut hours = Hours { zone: schedule.zone.name.clone(), ..Hours::default() };
        for (day, windows) in hours.weekly.iter_mut().zip(&schedule.weekly) {
            *day = windows.iter().map(|window| (window.start.into(), window.end.into())).collect();
            day.sort_unstable();
            day.dedup();
        }
        hours.except = schedule.except.iter().map(|date| date.to_string().into()).collect();
        hours
    }

    /// Of a table's, which was loaded and so is well-formed.
    pub(super) fn of_table(schedule: &format::Schedule<'_>) -> Option<Hours> {
        let mut hours = Hours { zone: schedule.timezone.as_ref().into(), ..Hours::default() };
        for (day, windows) in hours.weekly.iter_mut().zip(schedule.weekly.days()) {
            for text in windows {
                let (opens, closes) = text.split_once('-')?;
                let (opens, closes) = (minutes(opens)?, minutes(closes)?);
                day.push((opens, if closes < opens { closes + 1440 } else { closes }));
            }
            day.sort_unstable();
            day.dedup();
        }
        hours.except = schedule.except.iter().map(|date| date.as_ref().into()).collect();
        Some(hours)
    }

    /// As `effective` has it: the same zone, every window inside one that opens on the same weekday, every exception of the
    /// wider also one of the narrower.
    fn lies_in(&self, wide: &Hours) -> bool {
        let within = |window: &(u32, u32), windows: &[(u32, u32)]| {
            windows.iter().any(|wide| wide.0 <= window.0 && window.1 <= wide.1)
        };
        self.zone == wide.zone
            && self.weekly.iter().zip(&wide.weekly).all(|(a, b)| a.iter().all(|window| within(window, b)))
            && wide.except.is_subset(&self.except)
    }
}

fn minutes(text: &str) -> Option<u32> {
    let (hours, minutes) = text.split_once(':')?;
    Some(hours.parse::<u32>().ok()?.checked_mul(60)? + minutes.parse::<u32>().ok()?)
}

fn instant(text: Option<&str>) -> Option<Option<i64>> {
    match text {
        None => Some(None),
        Some(text) => Some(Some(text.parse::<Timestamp>().ok()?.as_second())),
    }
}

fn blocks(texts: &[std::borrow::Cow<'_, str>]) -> Option<AddressSet> {
    let read: Option<Vec<_>> = texts.iter().map(|text| text.parse().ok()).collect();
    Some(AddressSet::from_blocks(read?))
}
