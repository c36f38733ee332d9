//! Thousands of random policies: Cedar's engine decides every question as the table does.
//!
//! `CAMGRANT_CASES` says how many policies, `CAMGRANT_SEED` (by default 0) the first one's seed. How much was compared
//! is printed at the end.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // a test fails by panicking

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};

use camgrant_cedar_judge::{Compared, Tally, questions};
use camgrant_naive::random::{ConditionDraft, Draft, Rng, draft};

/// How many questions are asked of one organisation where they are too many to ask all.
const SAMPLE: usize = 400;

fn number(variable: &str) -> Option<u64> {
    // what a test takes from its environment: which policies to judge
    #[allow(clippy::disallowed_methods)]
    std::env::var(variable).ok()?.parse().ok()
}

/// The policy of a seed. In some, dates move to the ends of the calendar.
fn policy(seed: u64, rng: &mut Rng) -> Draft {
    let mut draft = draft(seed);
    if rng.chance(20) {
        for org in &mut draft.orgs {
            let conditions = org.users.iter_mut().map(|user| &mut user.condition);
            let conditions = conditions.chain(org.teams.iter_mut().map(|team| &mut team.condition));
            let conditions = conditions.chain(org.grants.iter_mut().map(|grant| &mut grant.condition));
            for condition in conditions.chain(org.links.iter_mut().map(|link| &mut link.condition)) {
                far(condition, rng);
            }
        }
    }
    draft
}

fn far(condition: &mut ConditionDraft, rng: &mut Rng) {
    if condition.from.is_some() && rng.chance(60) {
        let early = ["1970-01-01", "1970-01-01T00:00:00Z", "1970-12-31T23:59:59-11:00"];
        condition.from = Some((*rng.pick(&early)).to_owned());
    }
    if condition.until.is_some() && rng.chance(60) {
        let late = ["9998-12-31", "9998-12-31T23:59:59Z", "9998-01-01", "1971-01-01"];
        let late = (*rng.pick(&late)).to_owned();
        let begun = condition.from.as_ref().is_none_or(|from| *from < late);
        condition.until = if begun { Some(late) } else { condition.until.take() };
    }
}

fn judge(seed: u64) -> Result<Tally, String> {
    let mut rng = Rng::new(seed ^ 0xceda);
    let Some(compared) = Compared::new(&policy(seed, &mut rng).files())? else { return Ok(Tally::default()) };
    let mut tally = Tally { policies: 1, ..Tally::default() };
    for org in compared.naive.orgs() {
        for question in questions(&compared.naive, &org, SAMPLE, &mut rng) {
            let (allowed, compared) = compared.ask(&org, &question)?;
            tally += Tally { policies: 0, asked: 1, compared, allowed: usize::from(allowed) };
        }
    }
    Ok(tally)
}

#[test]
fn cedar_decides_as_the_table_does() {
    let (first, cases) = (number("CAMGRANT_SEED").unwrap_or(0), number("CAMGRANT_CASES").unwrap_or(300));
    let next = AtomicU64::new(first);
    let found: Mutex<(Tally, Vec<String>)> = Mutex::default();
    let workers = std::thread::available_parallelism().map_or(1, usize::from);
    std::thread::scope(|scope| {
        for _ in 0..workers {
            scope.spawn(|| {
                loop {
                    let seed = next.fetch_add(1, Ordering::Relaxed);
                    if seed >= first + cases {
                        break;
                    }
                    let judged = judge(seed);
                    let mut found = found.lock().unwrap_or_else(PoisonError::into_inner);
                    match judged {
                        Ok(tally) => found.0 += tally,
                        Err(difference) => found.1.push(format!("seed {seed}: {difference}")),
                    }
                    if found.1.len() > 5 {
                        break;
                    }
                }
            });
        }
    });
    let (tally, differences) = found.into_inner().unwrap_or_else(PoisonError::into_inner);
    println!("{tally}");
    assert!(differences.is_empty(), "{}", differences.join("\n"));
    assert!(tally.policies as u64 * 2 > cases, "too few of {cases} policies compile: {tally}");
    assert!(tally.allowed * 30 > tally.asked, "too little is allowed to mean much: {tally}");
}
