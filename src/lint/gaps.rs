//! Gaps in words: when and from where one right holds and another does not. In: gaps of `effective`. Out: a few windows,
//! dates and addresses, and how many more there are; never all of a long list.

use std::rc::Rc;

use crate::effective::{Days, Differing, Gap, Gaps, Hours, Piece, Windows};
use crate::model::{AddressSet, Org, ScheduleIx, UserIx, Zone, format_instant};

/// How many of a list are told; the rest is counted.
const SHOWN: usize = 3;

/// A gap in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Told {
    /// At these times, from these places.
    At(String),
    /// There is no such time and place.
    Nowhere,
    /// It was not computed, and why.
    Unknown(&'static str),
}

/// The gap between two rights for some users, in words that stay short.
pub(super) fn told(org: &Org, gaps: &mut Gaps<'_>, users: &[UserIx], differing: &Differing) -> Told {
    let mut first: Option<(Rc<Gap>, Told)> = None;
    for user in users {
        let gap = gaps.of(*user, differing);
        match &first {
            None => first = Some((Rc::clone(&gap), in_words(org, &gap))),
            Some((known, words)) if Rc::ptr_eq(known, &gap) || in_words(org, &gap) == *words => {}
            // by their accounts alone
            Some(_) => {
                return match in_words(org, &gaps.of_anybody(differing)) {
                    Told::At(hours) => Told::At(hours + ", as far as the dates and networks of each account go"),
                    other => other,
                };
            }
        }
    }
    first.map_or(Told::Nowhere, |(_, words)| words)
}

fn in_words(org: &Org, gap: &Gap) -> Told {
    match gap {
        Gap::Zones => Told::Unknown("their schedules are in different zones"),
        Gap::TooMuch => Told::Unknown("there is too much to compare"),
        Gap::Told { pieces, .. } if pieces.is_empty() => Told::Nowhere,
        Gap::Told { pieces, within } => {
            let words = pieces.iter().take(SHOWN).map(|one| piece(org, one, *within));
            let first = words.collect::<Vec<_>>().join("; ");
            Told::At(first + &rest(pieces.len(), "; and", "stretch", "stretches"))
        }
    }
}

/// How many more there are than are shown.
fn rest(count: usize, and: &str, one: &str, many: &str) -> String {
    match count.saturating_sub(SHOWN) {
        0 => String::new(),
        1 => format!("{and} 1 more {one}"),
        more => format!("{and} {more} more {many}"),
    }
}

fn piece(org: &Org, piece: &Piece, within: Option<ScheduleIx>) -> String {
    let zone = match &piece.hours {
        Some(Hours { clock, days: Days::Weekly { .. } | Days::On(..) }) => &org.schedules[*clock].zone,
        Some(Hours { days: Days::Named { .. }, .. }) | None => &org.zone,
    };
    let mut parts: Vec<String> =
        if names_its_day(piece, zone) { None } else { dates(piece, zone) }.into_iter().collect();
    match (&piece.hours, within) {
        (Some(hours), within) => parts.push(hours_in_words(org, hours, within)),
        (None, Some(schedule)) => parts.push(format!("within `{}`", org.schedules[schedule].id)),
        (None, None) if parts.is_empty() => parts.push("at any time".to_owned()),
        (None, None) => {}
    }
    parts.extend(piece.addresses.as_ref().map(addresses));
    parts.join(", ")
}

/// Whether it is of one day that lies in its dates whole, so that these say nothing more.
fn names_its_day(piece: &Piece, zone: &Zone) -> bool {
    let Some(Hours { days: Days::On(date, _), .. }) = &piece.hours else { return false };
    let mut of_the_day = zone.instants_of(*date, (0, 24 * 60)).into_iter();
    of_the_day
        .all(|(start, end)| piece.from.is_none_or(|from| from <= start) && piece.until.is_none_or(|until| end <= until))
}

fn dates(piece: &Piece, zone: &Zone) -> Option<String> {
    let from = piece.from.map(|from| match zone.day_of(from) {
        Some((day, start, _)) if start == from => format!("from {day}"),
        _ => format!("from {}", format_instant(from)),
    });
    let until = piece.until.map(|until| match zone.day_of(until.saturating_sub(1)) {
        Some((day, _, end)) if end == until => format!("until the end of {day}"),
        _ => format!("until {}", format_instant(until)),
    });
    match (from, until) {
        (Some(from), Some(until)) => Some(format!("{from} {until}")),
        (Some(from), None) => Some(format!("{from} on")),
        (None, until) => until,
    }
}

fn hours_in_words(org: &Org, hours: &Hours, within: Option<ScheduleIx>) -> String {
    let by = match within {
        Some(schedule) => format!("of `{}`", org.schedules[schedule].id),
        None => format!("({})", org.schedules[hours.clock].zone.name),
    };
    match &hours.days {
        Days::Named { within, outside } => by_name(org, within, outside),
        Days::On(date, windows) => format!("on {date} {} {by}", windows_in_words(windows)),
        Days::Weekly { week, except } => {
            let told = format!("{} {by}", weekly(week));
            if except.is_empty() {
                return told;
            }
            let first: Vec<String> = except.iter().take(SHOWN).map(ToString::to_string).collect();
            format!("{told} but not on {}{}", first.join(", "), rest(except.len(), " and", "date", "dates"))
        }
    }
}

/// ``within `days`, outside `nights` ``.
fn by_name(org: &Org, within: &[ScheduleIx], outside: &[ScheduleIx]) -> String {
    let list = |schedules: &[ScheduleIx], word: &str| {
        let first = schedules.iter().take(SHOWN).map(|schedule| format!("{word} `{}`", org.schedules[*schedule].id));
        first.collect::<Vec<_>>().join(", ") + &rest(schedules.len(), " and", "schedule", "schedules")
    };
    let lists = [list(within, "within"), list(outside, "outside")];
    lists.into_iter().filter(|list| !list.is_empty()).collect::<Vec<_>>().join(", ")
}

/// `mon-fri 06:00-08:00, sat-sun 00:00-24:00`.
fn weekly(week: &[Windows; 7]) -> String {
    const DAYS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
    // neighbours with the same windows are told together
    let mut runs: Vec<(&str, &str, &Windows)> = Vec::new();
    let mut joins = false;
    for (day, windows) in DAYS.into_iter().zip(week) {
        match runs.last_mut() {
            _ if windows.is_empty() => {}
            Some(last) if joins && last.2 == windows => last.1 = day,
            _ => runs.push((day, day, windows)),
        }
        joins = !windows.is_empty();
    }
    let run = |(first, last, windows): &(&str, &str, &Windows)| {
        let days = if first == last { (*first).to_owned() } else { format!("{first}-{last}") };
        format!("{days} {}", windows_in_words(windows))
    };
    runs.iter().map(run).collect::<Vec<_>>().join(", ")
}

fn windows_in_words(windows: &Windows) -> String {
    let time = |minute: u16| format!("{:02}:{:02}", minute / 60, minute % 60);
    let shown: Vec<String> =
        windows.iter().take(SHOWN).map(|(start, end)| format!("{}-{}", time(*start), time(*end))).collect();
    shown.join(", ") + &rest(windows.len(), " and", "window", "windows")
}

/// From these addresses, or from all but the others, whichever is shorter.
fn addresses(set: &AddressSet) -> String {
    let (blocks, more) = set.first_blocks(SHOWN);
    let others = AddressSet::everything().difference(set).addresses();
    let (kept_off, more_kept_off) = others.first_blocks(SHOWN);
    let outside = kept_off.len() + more_kept_off < blocks.len() + more;
    let (shown, more) = if outside { (kept_off, more_kept_off) } else { (blocks, more) };
    let from = if outside { "from outside" } else { "from" };
    format!("{from} {}{}", shown.join(", "), rest(shown.len() + more, " and", "block", "blocks"))
}
