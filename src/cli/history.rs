//! `who … --history`: who could, revision by revision, each for the time in which it was in force. In: revisions of a
//! policy's folder. Out: periods, each with those who could at some time in it; what does not compile is a gap.

use std::collections::BTreeMap;

use camgrant::compile::Compiled;
use camgrant::query::told::{DatesOf, HistoryTold, Holders, PeriodTold, SpanTold};
use camgrant::query::{Asker, Frame, everybody};
use camgrant::vocabulary::CapabilitySet;
use jiff::Timestamp;

use super::chosen::choose_rights;
use super::commands::who::meant;
use super::common::Common;
use super::diagnose;
use super::exit::Failure;
use super::git::{Repository, Revision};
use super::policy::PolicyOptions;
use super::question::{What, number};

/// What is asked of the history.
pub(crate) struct Asked<'a> {
    pub(crate) capability: &'a str,
    pub(crate) what: &'a What,
    pub(crate) reach: bool,
    pub(crate) org: Option<&'a str>,
    /// Only between these, in seconds since 1970; the second is excluded.
    pub(crate) between: Option<(i64, i64)>,
}

/// The history of an answer.
pub(crate) fn history(
    repository: &Repository,
    revisions: &[Revision],
    asked: &Asked<'_>,
    options: &PolicyOptions,
    common: &Common,
) -> Result<HistoryTold, Failure> {
    let mut periods: Vec<PeriodTold> = Vec::new();
    let mut dates: BTreeMap<String, Vec<(i64, Option<i64>)>> = BTreeMap::new();
    for (number, revision) in revisions.iter().enumerate() {
        // in force until the next one; a commit that is dated before the one that it follows was never in force
        let next = revisions.get(number + 1).map(|next| next.committed);
        let (mut from, mut until) = (revision.committed, next);
        if let Some((first, last)) = asked.between {
            from = from.max(first);
            until = Some(until.map_or(last, |until| until.min(last)));
        }
        if until.is_some_and(|until| until <= from) {
            continue;
        }
        let (holders, gap) = match at(repository, revision, asked, options, common, (from, until))? {
            Ok((holders, found)) => {
                for DatesOf { subject, from, until } in found {
                    dates.entry(subject).or_default().push((from, until));
                }
                (Some(holders), None)
            }
            Err(gap) => (None, Some(gap)),
        };
        let period = PeriodTold {
            revision: revision.text(),
            from: instant(from),
            until: until.map(instant),
            unchanged: Vec::new(),
            holders,
            gap,
        };
        match periods.last_mut() {
            Some(last) if last.gap.is_none() && period.gap.is_none() && last.holders == period.holders => {
                last.until = period.until;
                last.unchanged.push(period.revision);
            }
            _ => periods.push(period),
        }
    }
    Ok(HistoryTold {
        capability: asked.capability.to_owned(),
        resource: asked.what.text().to_owned(),
        between: asked.between.map(|(from, until)| SpanTold { from: instant(from), until: Some(instant(until)) }),
        subjects: dates.into_iter().map(|(subject, dates)| (subject, spans(dates))).collect(),
        periods,
    })
}

/// Who could, and between which dates.
type Answer = (Holders, Vec<DatesOf>);

/// Who could at one revision within a period, or why that is not known.
fn at(
    repository: &Repository,
    revision: &Revision,
    asked: &Asked<'_>,
    options: &PolicyOptions,
    common: &Common,
    (from, until): (i64, Option<i64>),
) -> Result<Result<Answer, String>, Failure> {
    let world = repository.world(revision)?;
    let Compiled { sources, diagnostics, policy, .. } = options.answer_from_world(&world, common);
    let Some(policy) = policy else {
        return Ok(Err(diagnose::does_not_compile(&diagnostics)));
    };
    // what was not declared then is no wrong usage, but an answer
    let found = choose_rights(&policy, asked.org)
        .and_then(|rights| Ok((rights, meant(rights, asked.what, asked.capability, asked.reach)?)));
    let (rights, resources) = match found {
        Ok(found) => found,
        Err(Failure::Told(told)) => return Ok(Err(told.message().to_owned())),
        Err(other) => return Err(other),
    };
    let frame = Frame {
        subjects: everybody(rights),
        capabilities: CapabilitySet::one(number(asked.capability)?),
        resources,
        request: None,
    };
    Ok(Ok(Asker { rights, sources: &sources }.holders_within(&frame, from, until)))
}

/// Dates that meet or overlap are one time.
fn spans(mut dates: Vec<(i64, Option<i64>)>) -> Vec<SpanTold> {
    dates.sort_unstable_by_key(|(from, until)| (*from, until.is_none(), *until));
    let mut joined: Vec<(i64, Option<i64>)> = Vec::new();
    for (from, until) in dates {
        match joined.last_mut() {
            Some((_, end)) if end.is_none_or(|end| from <= end) => {
                *end = end.zip(until).map(|(a, b)| a.max(b));
            }
            _ => joined.push((from, until)),
        }
    }
    joined.into_iter().map(|(from, until)| SpanTold { from: instant(from), until: until.map(instant) }).collect()
}

/// An instant in words.
pub(crate) fn instant(second: i64) -> String {
    Timestamp::from_second(second).map_or_else(|_| second.to_string(), |at| at.to_string())
}
