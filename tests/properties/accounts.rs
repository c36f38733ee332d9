//! A disabled user is as one whom nothing names: for himself, and for everybody else.

use camgrant_naive::random::{self, OrgDraft};

use crate::harness::{Case, Judged, Outcome, Rule, Side, can_fail, hold};

/// Whether nobody is like this user, and so listed wherever the user is.
fn is_nobodys_model(org: &OrgDraft, id: &str) -> bool {
    !org.users.iter().any(|other| other.same_as.as_ref().is_some_and(|of| of.eq_ignore_ascii_case(id)))
}

fn disown(org: &mut OrgDraft, id: &str) {
    let owners = std::iter::once(&mut org.owner)
        .chain(org.recorders.iter_mut().map(|one| &mut one.owner))
        .chain(org.devices.iter_mut().map(|one| &mut one.owner));
    owners.for_each(|owner| owner.retain(|one| !one.eq_ignore_ascii_case(id)));
}

/// Takes the user out of everything that names users, and out of `everyone`.
fn unname(org: &mut OrgDraft, id: &str) {
    let is_it = |text: &String| text.trim_start_matches("user:").eq_ignore_ascii_case(id);
    for team in &mut org.teams {
        team.members.retain(|member| !is_it(member));
    }
    for grant in &mut org.grants {
        grant.except.retain(|one| !is_it(one));
        let named = grant.to.len();
        grant.to.retain(|one| !is_it(one));
        if grant.to.is_empty() && named > 0 {
            grant.to.push("everyone".to_owned());
            grant.except.push("everyone".to_owned());
        }
        // (whom `everyone` names, and a team that has everyone)
        grant.except.push(id.to_owned());
    }
    for user in org.users.iter_mut().filter(|user| user.id.eq_ignore_ascii_case(id)) {
        user.same_as = None;
        user.licenses.clear();
    }
}

fn disabled(case: &mut Case) -> Judged {
    let mut draft = random::draft(case.seed);
    let org = case.rng.below(draft.orgs.len());
    let mut users: Vec<String> = draft.orgs[org].users.iter().map(|user| user.id.clone()).collect();
    users.retain(|id| is_nobodys_model(&draft.orgs[org], id));
    if users.is_empty() {
        return Ok(Outcome::Passed);
    }
    let id = case.rng.pick(&users).clone();
    disown(&mut draft.orgs[org], &id);
    let set = |org: &mut OrgDraft, disabled: bool| {
        org.users.iter_mut().filter(|user| user.id == id).for_each(|user| user.disabled = disabled);
    };
    let (mut one, mut other) = (draft.clone(), draft);
    set(&mut one.orgs[org], true);
    set(&mut other.orgs[org], false);
    unname(&mut other.orgs[org], &id);
    let (Some(one), Some(other)) = (Side::of(&one), Side::of(&other)) else { return Ok(Outcome::Passed) };
    case.judge(Rule::Same, &one, &other, None)?;
    if one.json != other.json {
        return Err(format!("the tables differ, where `{id}` is disabled and where nothing names `{id}`"));
    }
    Ok(Outcome::Held)
}

#[test]
fn a_disabled_user_is_as_one_whom_nothing_names() {
    hold(400_000, disabled);
}

#[test]
fn a_right_that_a_disabled_user_keeps_or_costs_others_is_noticed() {
    can_fail(400_000, Rule::Same, disabled);
}
