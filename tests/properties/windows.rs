//! At an instant, dates are as good as gone: the policy decides as one from which every grant and denial outside its
//! window was deleted, and the dates of all others.

use camgrant_naive::random::{self, DATES, Draft, GrantDraft};
use jiff::{Timestamp, ToSpan, civil};

use crate::harness::{Case, Judged, Outcome, Rule, Side, can_fail, hold, read};
use crate::questions::Questions;

/// Before all dates of random policies (0), or after the one of this number: between it and the next, in every zone.
fn instant(after: usize) -> Timestamp {
    let day: civil::Date = match after.checked_sub(1) {
        None => "2025-12-01".parse().unwrap(),
        Some(index) => DATES[index][..10].parse().unwrap(),
    };
    // a date in `until` ends the next midnight; no zone is a day from UTC
    day.to_zoned(jiff::tz::TimeZone::UTC).unwrap().timestamp() + 39.hours()
}

/// Whether the grant's window is open after the date of this number, as counted above.
fn is_open(grant: &GrantDraft, after: usize) -> bool {
    let number =
        |date: &Option<String>| date.as_ref().map(|date| DATES.iter().position(|one| one == date).unwrap() + 1);
    number(&grant.condition.from).is_none_or(|from| from <= after)
        && number(&grant.condition.until).is_none_or(|until| until > after)
}

fn at_one_instant(draft: &Draft, after: usize) -> Draft {
    let mut other = draft.clone();
    for org in &mut other.orgs {
        org.grants.retain(|grant| is_open(grant, after));
        for grant in &mut org.grants {
            (grant.condition.from, grant.condition.until) = (None, None);
        }
    }
    other
}

fn windows(case: &mut Case) -> Judged {
    let draft = random::draft(case.seed);
    let after = case.rng.below(DATES.len() + 1);
    let Some(before) = Side::of(&draft) else { return Ok(Outcome::Passed) };
    let Some(other) = Side::of(&at_one_instant(&draft, after)) else { return Ok(Outcome::Passed) };
    let questions = Questions::of(&[&read(&before.files)]).at(instant(after));
    case.judge_tables(Rule::Same, &before.json, &other.json, &questions, None)
}

#[test]
fn at_an_instant_dates_are_as_good_as_gone() {
    hold(700_000, windows);
}

#[test]
fn a_right_that_outlives_its_window_is_noticed() {
    can_fail(700_000, Rule::Same, windows);
}

#[test]
fn the_instants_lie_between_the_dates() {
    for (index, date) in DATES.iter().enumerate() {
        let (before, after) = (instant(index), instant(index + 1));
        let earliest: Timestamp = date.parse().unwrap_or_else(|_| format!("{date}T00:00:00+14:00").parse().unwrap());
        let latest: Timestamp = date.parse().unwrap_or_else(|_| format!("{date}T23:59:59-12:00").parse().unwrap());
        assert!(before < earliest && latest < after, "{date}: {before}, {after}");
    }
}
