//! `same_as` is short for writing a user wherever the other one is written.

use camgrant_naive::random::{self, OrgDraft};

use crate::harness::{Case, Judged, Outcome, Rule, Side, can_fail, hold};

/// The user, and all who are like him, also by others, in lower case.
fn equals(org: &OrgDraft, id: &str) -> Vec<String> {
    let mut all = vec![id.to_lowercase()];
    let mut next = 0;
    while let Some(one) = all.get(next).cloned() {
        next += 1;
        let like =
            org.users.iter().filter(|user| user.same_as.as_ref().is_some_and(|of| of.eq_ignore_ascii_case(&one)));
        all.extend(like.map(|user| user.id.to_lowercase()));
    }
    all
}

/// A list of subjects with everybody who stands where one of them does.
fn written_out(org: &OrgDraft, list: &[String]) -> Vec<String> {
    let mut all = list.to_vec();
    for text in list {
        let id = text.trim_start_matches("user:");
        if org.users.iter().any(|user| user.id.eq_ignore_ascii_case(id)) {
            all.extend(equals(org, id));
        }
    }
    all.sort_by_key(|text| text.trim_start_matches("user:").to_lowercase());
    all.dedup_by_key(|text| text.trim_start_matches("user:").to_lowercase());
    all
}

/// The organisation without any `same_as`: memberships, grants, denials, exceptions, networks and licences written out.
fn without(org: &OrgDraft) -> OrgDraft {
    let mut other = org.clone();
    for team in &mut other.teams {
        team.members = written_out(org, &team.members);
    }
    for grant in &mut other.grants {
        grant.to = written_out(org, &grant.to);
        grant.except = written_out(org, &grant.except);
    }
    for user in &mut other.users {
        // the nearest on the way who states something of his own
        let mut like = user.same_as.take();
        while let Some(id) = like {
            let Some(model) = org.users.iter().find(|one| one.id.eq_ignore_ascii_case(&id)) else { break };
            if user.condition.networks.is_empty() {
                user.condition.networks = model.condition.networks.clone();
            }
            if user.licenses.is_empty() {
                user.licenses = model.licenses.clone();
            }
            like = model.same_as.clone();
        }
    }
    other
}

fn same_as(case: &mut Case) -> Judged {
    let draft = random::draft(case.seed);
    if draft.orgs.iter().all(|org| org.users.iter().all(|user| user.same_as.is_none())) {
        return Ok(Outcome::Passed);
    }
    let mut other = draft.clone();
    for org in &mut other.orgs {
        *org = without(org);
    }
    let (one, other) = match (Side::of(&draft), Side::of(&other)) {
        (Some(one), Some(other)) => (one, other),
        (None, None) => return Ok(Outcome::Passed),
        (one, _) => {
            return Err(format!("only {} `same_as` it compiles", if one.is_some() { "with" } else { "without" }));
        }
    };
    case.judge(Rule::Same, &one, &other, None)?;
    if one.json != other.json {
        return Err("the tables differ, with `same_as` and with everything written out".to_owned());
    }
    Ok(Outcome::Held)
}

#[test]
fn same_as_is_short_for_writing_it_out() {
    hold(500_000, same_as);
}

#[test]
fn a_right_that_same_as_gives_or_takes_is_noticed() {
    can_fail(500_000, Rule::Same, same_as);
}
