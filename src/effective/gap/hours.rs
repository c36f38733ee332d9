//! The hours of a gap: of every week, and of the dates that are unlike their weekday since a schedule leaves them out.

use std::collections::{BTreeMap, BTreeSet};

use jiff::ToSpan;
use jiff::civil::Date;

use super::{Beyond, Part, Role, Steps, Stretch, differs};
use crate::effective::OrgRights;
use crate::model::{Org, Schedule, ScheduleIx};

/// Windows of one day in minutes, ascending, ends excluded.
pub type Windows = Vec<(u16, u16)>;

/// Hours, by the clock of one zone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hours {
    /// A schedule with that zone; of [`Days::Named`] the first.
    pub clock: ScheduleIx,
    /// Which.
    pub days: Days,
}

/// Hours of every week, or of one day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Days {
    /// Of every week.
    Weekly {
        /// From Monday.
        week: [Windows; 7],
        /// Not on these dates, ascending.
        except: Vec<Date>,
    },
    /// Of a date that is unlike its weekday.
    On(Date, Windows),
    /// While some schedules hold and others do not: where they are in several zones, no week tells their hours.
    Named {
        /// All of these hold.
        within: Vec<ScheduleIx>,
        /// None of these does.
        outside: Vec<ScheduleIx>,
    },
}

/// At which times of a stretch parts differ.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Times {
    Never,
    Always,
    At {
        clock: ScheduleIx,
        week: [Windows; 7],
        /// Dates that are unlike their weekday.
        unlike: BTreeMap<Date, Windows>,
    },
    /// While the first hold and the others do not.
    Named(ScheduleIx, Vec<ScheduleIx>, Vec<ScheduleIx>),
}

const DAY: u16 = 24 * 60;

/// The times at which some parts differ whose dates and addresses hold.
pub(super) fn times(rights: &OrgRights, parts: &[&Part<'_>], steps: &mut Steps) -> Result<Times, Beyond> {
    let schedules = |part: &&Part<'_>| part.condition.schedules.clone();
    let stated: BTreeSet<ScheduleIx> = parts.iter().flat_map(schedules).collect();
    let Some(clock) = stated.first().copied() else {
        return Ok(if differs(parts.iter().map(|part| part.role)) { Times::Always } else { Times::Never });
    };
    if settled(parts) {
        return Ok(Times::Never);
    }
    let org = &rights.org;
    if stated.iter().any(|one| org.schedules[*one].zone.name != org.schedules[clock].zone.name) {
        return named(clock, parts, steps);
    }
    let windows = stated.iter().flat_map(|one| org.schedules[*one].weekly.iter().flatten());
    let mut cuts: BTreeSet<u16> = windows.flat_map(|window| [window.start % DAY, window.end % DAY]).collect();
    cuts.extend([0, DAY]);
    let cuts: Vec<u16> = cuts.into_iter().collect();
    let work = |one: &ScheduleIx| org.schedules[*one].weekly.iter().map(Vec::len).max().unwrap_or_default() + 1;
    let cost = cuts.len() * parts.iter().flat_map(|part| &part.condition.schedules).map(work).sum::<usize>();

    let mut at = |day: LocalDay| -> Result<Windows, Beyond> {
        steps.take(cost)?;
        let mut found: Windows = Vec::new();
        for cell in cuts.windows(2) {
            let &[start, end] = cell else { continue };
            let holding = parts.iter().filter(|part| {
                let mut schedules = part.condition.schedules.iter();
                schedules.all(|schedule| day.holds(&org.schedules[*schedule], start))
            });
            if differs(holding.map(|part| part.role)) {
                match found.last_mut() {
                    Some(last) if last.1 == start => last.1 = end,
                    _ => found.push((start, end)),
                }
            }
        }
        Ok(found)
    };
    let mut week: [Windows; 7] = Default::default();
    for (weekday, windows) in week.iter_mut().enumerate() {
        *windows = at(LocalDay { weekday, date: None })?;
    }
    let left_out = stated.iter().flat_map(|one| &org.schedules[*one].except);
    let mut unlike = BTreeMap::new();
    for date in left_out.flat_map(|date| [*date, date.saturating_add(1.day())]) {
        let weekday = weekday(date);
        let windows = at(LocalDay { weekday, date: Some(date) })?;
        if week.get(weekday).is_some_and(|ordinary| *ordinary != windows) {
            unlike.insert(date, windows);
        }
    }
    let whole = [(0, DAY)];
    Ok(match (unlike.is_empty(), &week) {
        (true, week) if week.iter().all(Vec::is_empty) => Times::Never,
        (true, week) if week.iter().all(|windows| *windows == whole) => Times::Always,
        _ => Times::At { clock, week, unlike },
    })
}

/// Whether there is no gap at any hour, as the conditions without hours show: then zones need not agree.
fn settled(parts: &[&Part<'_>]) -> bool {
    let is = |role: Role| parts.iter().filter(move |part| part.role == role);
    let always = |role: Role| is(role).any(|part| part.condition.schedules.is_empty());
    is(Role::Holds).next().is_none()
        || always(Role::HoldsNot)
        || (always(Role::Lacks) && is(Role::LacksNot).next().is_none())
}

/// The gap by the names of schedules, where that is one stretch of words: one condition holds, and each that ends the gap
/// does so by one schedule.
fn named(clock: ScheduleIx, parts: &[&Part<'_>], steps: &mut Steps) -> Result<Times, Beyond> {
    let is = |role: Role| parts.iter().filter(move |part| part.role == role);
    let (Some(holding), 1, None) = (is(Role::Holds).next(), is(Role::Holds).count(), is(Role::LacksNot).next()) else {
        return Err(Beyond::Zones);
    };
    let within = &holding.condition.schedules;
    let mut outside = BTreeSet::new();
    for part in is(Role::HoldsNot).chain(is(Role::Lacks)) {
        steps.take(within.len() * part.condition.schedules.len())?;
        let mut further = part.condition.schedules.iter().filter(|one| !within.contains(one));
        match (further.next(), further.next()) {
            (None, _) => return Ok(Times::Never),
            (Some(one), None) => outside.insert(*one),
            (Some(_), Some(_)) => return Err(Beyond::Zones),
        };
    }
    Ok(Times::Named(clock, within.clone(), outside.into_iter().collect()))
}

fn weekday(date: Date) -> usize {
    // from 0 to 6
    usize::from(date.weekday().to_monday_zero_offset().unsigned_abs())
}

/// A day by its weekday, or a certain one.
#[derive(Clone, Copy)]
struct LocalDay {
    weekday: usize,
    date: Option<Date>,
}

impl LocalDay {
    /// Whether a schedule holds at a minute of this day (`semantics §3`).
    fn holds(self, schedule: &Schedule, minute: u16) -> bool {
        let before =
            LocalDay { weekday: (self.weekday + 6) % 7, date: self.date.map(|date| date.saturating_sub(1.day())) };
        self.opens(schedule, minute) || before.opens(schedule, minute + DAY)
    }

    /// Whether a window that opens on this day holds at a minute counted from its start.
    fn opens(self, schedule: &Schedule, minute: u16) -> bool {
        let windows = schedule.weekly.get(self.weekday).map_or(&[][..], |windows| windows);
        windows.iter().any(|window| window.start <= minute && minute < window.end)
            && self.date.is_none_or(|date| !schedule.except.contains(&date))
    }
}

/// A stretch this long has each hour of a week, whatever the clock does.
const LONG: i64 = 22 * 24 * 3600;

impl Times {
    /// As hours, those of every week first; of them only what lies in a stretch. `None`: at any hour.
    pub(super) fn within(&self, org: &Org, stretch: Stretch, steps: &mut Steps) -> Result<Vec<Option<Hours>>, Beyond> {
        let (clock, mut week, unlike) = match self {
            Times::Never => return Ok(Vec::new()),
            Times::Always => return Ok(vec![None]),
            Times::Named(clock, within, outside) => {
                let days = Days::Named { within: within.clone(), outside: outside.clone() };
                return Ok(vec![Some(Hours { clock: *clock, days })]);
            }
            Times::At { clock, week, unlike } => (*clock, week.clone(), unlike),
        };
        let zone = &org.schedules[clock].zone;
        let mut lies_in = |date: Date, window: (u16, u16)| -> Result<bool, Beyond> {
            steps.take(64)?; // a look into the zone's rules
            let instants = zone.instants_of(date, window);
            Ok(instants.iter().any(|(from, until)| {
                stretch.from.is_none_or(|start| *until > start) && stretch.until.is_none_or(|end| *from < end)
            }))
        };
        let (mut except, mut dated) = (Vec::new(), Vec::new());
        for (date, windows) in unlike {
            let ordinary = week.get(weekday(*date)).map_or(&[][..], |windows| windows);
            let mut here: Windows = Vec::new();
            for window in windows {
                if lies_in(*date, *window)? {
                    here.push(*window);
                }
            }
            let mut missed = false;
            for window in ordinary.iter().filter(|window| !windows.contains(window)) {
                missed |= lies_in(*date, *window)?;
            }
            if missed {
                except.push(*date);
            } else {
                // the week tells of those that the day has in common with it
                here.retain(|window| !ordinary.contains(window));
            }
            if !here.is_empty() {
                dated.push(Some(Hours { clock, days: Days::On(*date, here) }));
            }
        }
        if let (Some(from), Some(until)) = (stretch.from, stretch.until)
            && until - from < LONG
        {
            let mut kept: [Windows; 7] = Default::default();
            let mut next = zone.local(from).map(|(date, _)| date);
            let last = zone.local(until - 1).map(|(date, _)| date);
            while let Some(date) = next.filter(|date| last.is_some_and(|last| *date <= last)) {
                next = date.tomorrow().ok();
                let windows = week.get(weekday(date)).map_or(&[][..], |windows| windows);
                for window in windows {
                    if !except.contains(&date)
                        && lies_in(date, *window)?
                        && let Some(kept) = kept.get_mut(weekday(date))
                        && !kept.contains(window)
                    {
                        kept.push(*window);
                    }
                }
            }
            kept.iter_mut().for_each(|windows| windows.sort_unstable());
            week = kept;
        }
        let mut hours = Vec::new();
        if week.iter().any(|windows| !windows.is_empty()) {
            hours.push(Some(Hours { clock, days: Days::Weekly { week, except } }));
        }
        hours.extend(dated);
        Ok(hours)
    }
}
