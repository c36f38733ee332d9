//! Whose approval would make a change pass.
//!
//! In: what is missing. Out: the same put together by change, each with who holds it; and who could approve: users each
//! of whom alone would do, or else a few who would together. Nobody is named whose own account the change touches: for
//! that, somebody else would have to vouch again.

use std::collections::{BTreeMap, BTreeSet};

use super::authority::{Authority, Need};
use super::effect::{Judge, Voters};
use super::{Lack, Review, Violation, Wanted};
use crate::model::UserIx;

/// Who could approve.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Approvals {
    /// Users, each of whom alone would do, sorted.
    pub any_of: Vec<String>,
    /// Where none alone would: some who would do together.
    pub together: Vec<String>,
    /// Whether something is missing that no approval can give.
    pub nobody: bool,
    /// Whether something is missing at all.
    pub wanted: bool,
}

impl Approvals {
    /// Of several organisations, each of which must be satisfied.
    pub(super) fn together(all: Vec<Approvals>) -> Approvals {
        let wanted: Vec<Approvals> = all.into_iter().filter(|one| one.wanted || one.nobody).collect();
        if wanted.iter().any(|one| one.nobody) {
            return Approvals { nobody: true, wanted: true, ..Approvals::default() };
        }
        let mut several = wanted.into_iter();
        let Some(mut first) = several.next() else { return Approvals::default() };
        for next in several {
            let both: Vec<String> = first.any_of.iter().filter(|user| next.any_of.contains(user)).cloned().collect();
            if both.is_empty() {
                let few = |one: Approvals| {
                    if one.together.is_empty() { one.any_of.into_iter().take(1).collect() } else { one.together }
                };
                let mut all: Vec<String> = [few(first), few(next)].concat();
                all.sort();
                all.dedup();
                first = Approvals { together: all, wanted: true, ..Approvals::default() };
            } else {
                first = Approvals { any_of: both, wanted: true, ..Approvals::default() };
            }
        }
        first
    }
}

/// All enabled users who meet what is wanted, and whose word counts for it.
pub(super) fn holders(
    authority: &Authority<'_>,
    wanted: &Wanted,
    mut gives: impl FnMut(UserIx, &Need) -> bool,
) -> BTreeSet<UserIx> {
    let users = authority.rights.org.users.indices();
    users.filter(|user| authority.meets(*user, wanted, &mut gives)).collect()
}

/// By what lacks are told together: the rule, the change, what is wanted of whom, the resource aside.
type Key = (&'static str, Option<usize>, Vec<String>, Option<UserIx>);

/// Puts lacks together to violations, and finds who could approve.
pub(super) fn tell(
    authority: &Authority<'_>,
    judge: &mut Judge<'_, '_>,
    voters: &Voters,
    lacks: Vec<Lack>,
    touched: &BTreeSet<UserIx>,
    violation: impl Fn(&Lack, Vec<String>, Vec<String>) -> Violation,
    review: &mut Review,
) -> Approvals {
    let mut groups: BTreeMap<Key, Vec<Lack>> = BTreeMap::new();
    for lack in lacks {
        let kinds = lack.wanted.any.iter().map(kind_of).collect();
        groups.entry((lack.rule.code, lack.change, kinds, lack.wanted.but)).or_default().push(lack);
    }
    let mut known: BTreeMap<Wanted, BTreeSet<UserIx>> = BTreeMap::new();
    for lack in groups.values().flatten() {
        if !known.contains_key(&lack.wanted) {
            let given = lack.wanted.any.iter().find_map(|need| match *need {
                Need::Gives { resource, .. } => Some(resource),
                _ => None,
            });
            let standing = given.and_then(|resource| judge.resources_standing(resource));
            let found = holders(authority, &lack.wanted, |user, need| match *need {
                Need::Gives { capability, under, .. } => {
                    standing.as_ref().is_some_and(|standing| judge.gives(user, capability, standing, under))
                }
                _ => false,
            });
            known.insert(lack.wanted.clone(), found);
        }
    }
    let name = |user: &UserIx| format!("user:{}", authority.rights.org.users[*user].id);
    for lacks in groups.into_values() {
        let Some(first) = lacks.first().cloned() else { continue };
        let mut missing: Vec<String> = Vec::new();
        let mut all: Option<BTreeSet<UserIx>> = None;
        let mut others = 0;
        for lack in &lacks {
            let words: Vec<String> = lack.wanted.any.iter().map(|need| authority.text(need)).collect();
            missing.push(words.join(", or "));
            others += lack.others + 1;
            let held = known.get(&lack.wanted).cloned().unwrap_or_default();
            // whose own account is touched would need somebody again
            let held: BTreeSet<UserIx> =
                held.difference(touched).filter(|user| !voters.all.contains(user)).copied().collect();
            all = Some(all.map_or(held.clone(), |all| all.intersection(&held).copied().collect()));
        }
        missing.sort();
        missing.dedup();
        let by_effect = first.rule.code != super::rules::DECLARATION.code;
        let lack = Lack { others: if by_effect { others - 1 } else { 0 }, ..first };
        review.violations.push(violation(&lack, missing, all.unwrap_or_default().iter().map(name).collect()));
    }
    let free: Vec<BTreeSet<UserIx>> = known
        .into_values()
        .map(|users| users.into_iter().filter(|user| !touched.contains(user) && !voters.all.contains(user)).collect())
        .collect();
    cover(&free, &name)
}

/// What is wanted, the resource aside.
fn kind_of(need: &Need) -> String {
    match need {
        Need::Holds { capability, .. } => format!("holds {capability}"),
        Need::Owns { .. } => "owns".to_owned(),
        Need::Gives { .. } => "gives".to_owned(),
    }
}

/// Users of whom each is in every set; or else a few who together meet every set.
fn cover(sets: &[BTreeSet<UserIx>], name: &impl Fn(&UserIx) -> String) -> Approvals {
    let Some(first) = sets.first() else { return Approvals::default() };
    let wanted = true;
    if sets.iter().any(BTreeSet::is_empty) {
        return Approvals { nobody: true, wanted, ..Approvals::default() };
    }
    let in_all = first.iter().filter(|user| sets.iter().all(|set| set.contains(user)));
    let any_of: Vec<String> = in_all.map(name).collect();
    if !any_of.is_empty() {
        return Approvals { any_of, wanted, ..Approvals::default() };
    }
    let mut left: Vec<&BTreeSet<UserIx>> = sets.iter().collect();
    let mut together = Vec::new();
    while !left.is_empty() {
        let mut counts: BTreeMap<UserIx, usize> = BTreeMap::new();
        left.iter().flat_map(|set| set.iter()).for_each(|user| *counts.entry(*user).or_default() += 1);
        // the first of those who meet the most
        let best = counts.into_iter().fold(None, |best: Option<(UserIx, usize)>, one| match best {
            Some(best) if best.1 >= one.1 => Some(best),
            _ => Some(one),
        });
        let Some((user, _)) = best else { break };
        together.push(name(&user));
        left.retain(|set| !set.contains(&user));
    }
    together.sort();
    Approvals { together, wanted, ..Approvals::default() }
}
