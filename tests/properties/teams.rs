//! The conditions of teams are short for writing them on each grant and denial that comes through the team.

use camgrant_naive::random::{self, ConditionDraft, DATES, GrantDraft, OrgDraft};
use ipnet::{IpNet, Ipv4Net};
use serde_json::Value;

use crate::harness::{Case, Judged, Outcome, Rule, Side, can_fail, hold};

/// One way of a grant: whom it names at its end, and the teams on it.
struct Way {
    to: String,
    teams: Vec<usize>,
}

fn team_named(org: &OrgDraft, text: &str) -> Option<usize> {
    let id = text.strip_prefix("team:")?;
    org.teams.iter().position(|team| team.id == id)
}

/// All ways from a subject; a user or `everyone` is its own end.
fn ways(org: &OrgDraft, subject: &str) -> Vec<Way> {
    let Some(team) = team_named(org, subject) else {
        return vec![Way { to: subject.to_owned(), teams: Vec::new() }];
    };
    let below = org.teams[team].members.iter().flat_map(|member| ways(org, member));
    below
        .map(|mut way| {
            way.teams.push(team);
            way
        })
        .collect()
}

/// All that is stated on a way: by the grant, and by the teams.
fn stated<'a>(org: &'a OrgDraft, grant: &'a GrantDraft, way: &'a Way) -> impl Iterator<Item = &'a ConditionDraft> {
    std::iter::once(&grant.condition).chain(way.teams.iter().map(|team| &org.teams[*team].condition))
}

/// Leaves one schedule at most on every way, since a grant can state no more.
fn one_schedule_a_way(org: &mut OrgDraft) {
    loop {
        let conflict = org.grants.iter().enumerate().find_map(|(number, grant)| {
            let of_way = |way: Way| {
                let mut schedules: Vec<_> = stated(org, grant, &way).filter_map(|one| one.schedule.clone()).collect();
                schedules.dedup();
                (schedules.len() > 1).then_some((number, way))
            };
            grant.to.iter().flat_map(|subject| ways(org, subject)).find_map(of_way)
        });
        let Some((grant, way)) = conflict else { return };
        let on_way = way.teams.into_iter().find(|team| org.teams[*team].condition.schedule.is_some());
        match on_way {
            Some(team) if org.grants[grant].condition.schedule.is_none() => org.teams[team].condition.schedule = None,
            _ => org.grants[grant].condition.schedule = None,
        }
    }
}

/// The blocks of a `networks`: of the networks that it names, and those that it writes.
fn blocks(org: &OrgDraft, networks: &[String]) -> Vec<IpNet> {
    let texts = networks.iter().flat_map(|text| {
        let named = org.networks.iter().find(|network| network.id == *text);
        named.map_or_else(|| vec![text.clone()], |network| network.blocks.clone())
    });
    texts.map(|text| block(&text)).collect()
}

/// A block; one within `::ffff:0:0/96` is the IPv4 block in it.
fn block(text: &str) -> IpNet {
    let net = text.parse().unwrap_or_else(|_| IpNet::from(text.parse::<std::net::IpAddr>().unwrap()));
    match net {
        IpNet::V6(six) if six.prefix_len() >= 96 => match six.addr().to_ipv4_mapped() {
            Some(four) => IpNet::V4(Ipv4Net::new(four, six.prefix_len() - 96).unwrap()),
            None => net,
        },
        _ => net,
    }
}

/// The blocks that are in both.
fn in_both(one: &[IpNet], other: &[IpNet]) -> Vec<IpNet> {
    let pairs = one.iter().flat_map(|a| other.iter().map(move |b| (a, b)));
    pairs.filter_map(|(a, b)| if a.contains(b) { Some(*b) } else { b.contains(a).then_some(*a) }).collect()
}

/// Everything stated on a way in one condition; none where it can never hold.
fn joined(org: &OrgDraft, grant: &GrantDraft, way: &Way) -> Option<ConditionDraft> {
    let number = |date: &String| DATES.iter().position(|one| one == date).unwrap();
    let mut all = ConditionDraft { outside: grant.condition.outside.clone(), ..ConditionDraft::default() };
    let (mut from, mut until) = (None, None);
    for one in stated(org, grant, way) {
        all.schedule = all.schedule.or_else(|| one.schedule.clone());
        from = from.max(one.from.as_ref().map(number));
        until = match (until, one.until.as_ref().map(number)) {
            (Some(a), Some(b)) => Some(std::cmp::min(a, b)),
            (a, b) => a.or(b),
        };
        all.networks = match (all.networks.is_empty(), one.networks.is_empty()) {
            (_, true) => all.networks,
            (true, _) => one.networks.clone(),
            _ => {
                let both = in_both(&blocks(org, &all.networks), &blocks(org, &one.networks));
                if both.is_empty() {
                    return None;
                }
                both.iter().map(ToString::to_string).collect()
            }
        };
    }
    if let (Some(from), Some(until)) = (from, until) {
        // the same date is a whole day, the same instant is nothing
        if from > until || (from == until && DATES[from].contains('T')) {
            return None;
        }
    }
    all.from = from.map(|at| DATES[at].to_owned());
    all.until = until.map(|at| DATES[at].to_owned());
    Some(all)
}

/// The organisation with a grant for every way, to the user (or `everyone`) at its end.
fn written_out(org: &OrgDraft) -> OrgDraft {
    let mut other = org.clone();
    other.grants.clear();
    for grant in &org.grants {
        for way in grant.to.iter().flat_map(|subject| ways(org, subject)) {
            if let Some(condition) = joined(org, grant, &way) {
                let grant = GrantDraft { id: None, to: vec![way.to], condition, ..grant.clone() };
                if !other.grants.contains(&grant) {
                    other.grants.push(grant);
                }
            }
        }
    }
    other
}

fn subjects(json: &str) -> Vec<Value> {
    let table: Value = serde_json::from_str(json).unwrap();
    table["orgs"].as_object().unwrap().values().map(|org| org["subjects"].clone()).collect()
}

fn conditions(case: &mut Case) -> Judged {
    let mut draft = random::draft(case.seed);
    let is_stated = |org: &OrgDraft| org.teams.iter().any(|team| !team.condition.is_empty());
    if !draft.orgs.iter().any(is_stated) {
        return Ok(Outcome::Passed);
    }
    draft.orgs.iter_mut().for_each(one_schedule_a_way);
    let mut other = draft.clone();
    for org in &mut other.orgs {
        *org = written_out(org);
    }
    // (a way that never holds counts where views are checked, and is not written out: then one side has an error)
    let (Some(one), Some(other)) = (Side::of(&draft), Side::of(&other)) else { return Ok(Outcome::Passed) };
    case.judge(Rule::Same, &one, &other, None)?;
    // (offers are listed grant by grant, so they differ)
    if subjects(&one.json) != subjects(&other.json) {
        return Err("the rights are written otherwise, with teams' conditions and with grants' own".to_owned());
    }
    Ok(Outcome::Held)
}

#[test]
fn conditions_of_teams_are_short_for_those_of_grants() {
    hold(600_000, conditions);
}

#[test]
fn a_right_that_a_team_gives_or_takes_is_noticed() {
    can_fail(600_000, Rule::Same, conditions);
}
