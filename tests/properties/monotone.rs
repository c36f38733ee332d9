//! A grant more takes from nobody, and whatever denies or shuts out gives to nobody.

use camgrant_naive::random::{self, Draft, PlaceDraft, Rng};

use crate::harness::{Case, Judged, Outcome, Rule, Side, can_fail, hold};

/// Makes a change to one organisation of a random policy, and judges.
fn judge(case: &mut Case, rule: Rule, change: impl Fn(&mut Draft, usize, &mut Rng) -> bool) -> Judged {
    let draft = random::draft(case.seed);
    let Some(before) = Side::of(&draft) else { return Ok(Outcome::Passed) };
    let mut other = draft;
    let org = case.rng.below(other.orgs.len());
    if !change(&mut other, org, &mut case.rng) {
        return Ok(Outcome::Passed);
    }
    // (who may open a layout and sees not all that is in it is an error: then there is no table)
    let Some(after) = Side::of(&other) else { return Ok(Outcome::Passed) };
    case.judge(rule, &before, &after, None)
}

fn a_grant_more(case: &mut Case) -> Judged {
    judge(case, Rule::NeverLess, |draft, org, rng| {
        let org = &mut draft.orgs[org];
        let mut grant = random::grant(org, rng);
        grant.consent = None;
        let place = rng.below(org.grants.len() + 1);
        org.grants.insert(place, grant);
        true
    })
}

#[test]
fn a_grant_more_takes_no_right_from_anybody() {
    hold(100_000, a_grant_more);
}

#[test]
fn a_right_lost_by_a_grant_more_is_noticed() {
    can_fail(100_000, Rule::NeverLess, a_grant_more);
}

/// Whom a grant more does not name loses and gains nothing; so does nothing beside it.
fn a_member_more(case: &mut Case) -> Judged {
    judge(case, Rule::NeverLess, |draft, org, rng| {
        let org = &mut draft.orgs[org];
        // (not in a team that a denial names or spares, nor in one of which such a team is made)
        let user = rng.pick(&org.users).id.to_lowercase();
        let denied: Vec<&String> = org.grants.iter().filter(|g| !g.deny.is_empty()).flat_map(|g| &g.to).collect();
        let spared: Vec<&String> = org.grants.iter().flat_map(|g| &g.except).collect();
        let is_named = |id: &str| denied.iter().chain(&spared).any(|one| one.ends_with(&format!("team:{id}")));
        let nested = |id: &str| org.teams.iter().any(|other| other.members.contains(&format!("team:{id}")));
        let free: Vec<usize> =
            (0..org.teams.len()).filter(|&at| !is_named(&org.teams[at].id) && !nested(&org.teams[at].id)).collect();
        if free.is_empty() {
            return false;
        }
        org.teams[*rng.pick(&free)].members.push(user);
        true
    })
}

#[test]
fn a_member_more_takes_no_right_where_no_denial_names_the_team() {
    hold(110_000, a_member_more);
}

#[test]
fn a_right_lost_by_a_member_more_is_noticed() {
    can_fail(110_000, Rule::NeverLess, a_member_more);
}

fn a_denial_more(case: &mut Case) -> Judged {
    judge(case, Rule::NeverMore, |draft, org, rng| {
        let org = &mut draft.orgs[org];
        let denial = random::denial(org, rng);
        let place = rng.below(org.grants.len() + 1);
        org.grants.insert(place, denial);
        true
    })
}

#[test]
fn a_denial_more_gives_no_right_to_anybody() {
    hold(120_000, a_denial_more);
}

#[test]
fn a_right_gained_by_a_denial_more_is_noticed() {
    can_fail(120_000, Rule::NeverMore, a_denial_more);
}

fn a_place_shut(case: &mut Case) -> Judged {
    fn shut(all: &mut [PlaceDraft], rng: &mut Rng) -> bool {
        if all.is_empty() {
            return false;
        }
        let at = rng.below(all.len());
        let place = &mut all[at];
        if rng.chance(50) && shut(&mut place.groups, rng) {
            return true;
        }
        place.exclude = true;
        true
    }
    judge(case, Rule::NeverMore, |draft, org, rng| shut(&mut draft.orgs[org].sites, rng))
}

#[test]
fn a_place_in_exclude_gives_no_right_to_anybody() {
    hold(130_000, a_place_shut);
}

#[test]
fn a_right_gained_by_a_place_in_exclude_is_noticed() {
    can_fail(130_000, Rule::NeverMore, a_place_shut);
}

fn a_device_shut(case: &mut Case) -> Judged {
    judge(case, Rule::NeverMore, |draft, org, rng| {
        let devices = &mut draft.orgs[org].devices;
        let device = rng.below(devices.len());
        devices[device].device_groups.push("exclude".to_owned());
        true
    })
}

#[test]
fn a_device_in_exclude_gives_no_right_to_anybody() {
    hold(140_000, a_device_shut);
}

#[test]
fn a_right_gained_by_a_device_in_exclude_is_noticed() {
    can_fail(140_000, Rule::NeverMore, a_device_shut);
}

fn a_recorder_shut(case: &mut Case) -> Judged {
    judge(case, Rule::NeverMore, |draft, org, rng| {
        let recorders = &mut draft.orgs[org].recorders;
        if recorders.is_empty() {
            return false;
        }
        let recorder = rng.below(recorders.len());
        recorders[recorder].sharing = Some(false);
        true
    })
}

#[test]
fn a_recorder_that_is_not_shared_gives_no_right_to_anybody() {
    hold(150_000, a_recorder_shut);
}

#[test]
fn a_right_gained_by_a_recorder_that_is_not_shared_is_noticed() {
    can_fail(150_000, Rule::NeverMore, a_recorder_shut);
}
