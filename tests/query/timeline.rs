//! Timelines say at every instant what the table says then: on random policies, at random instants and at the edges of all
//! spans; and on the nights when the clock changes.

use std::collections::BTreeSet;

use camgrant::effective::{Condition, OrgRights};
use camgrant::model::format_instant;
use camgrant::query::{
    Frame, Judged, Left, Question, Request, Timeline, Who, dated, decide as decide_query, everybody, timeline, turns,
};
use camgrant::vocabulary::{CapabilitySet, vocabulary};
use camgrant_naive::random::Rng;
use jiff::Timestamp;

use crate::support::compile_text;
use crate::{Case, decide, each_case, subject};

const DAY: i64 = 24 * 60 * 60;

fn everything(rights: &OrgRights) -> Frame {
    Frame {
        subjects: everybody(rights),
        capabilities: (0..vocabulary().capabilities().len()).map(CapabilitySet::one).collect(),
        resources: rights.graph.containment.resources().map(|(index, _)| index).collect(),
        request: None,
    }
}

/// What a timeline says is held at an instant, from an address: subject, capability, resource.
fn holding(case: &Case<'_>, timeline: &Timeline, request: Request) -> BTreeSet<(String, String, String)> {
    let at = request.at.unwrap();
    let mut cells = BTreeSet::new();
    for block in &timeline.blocks {
        let span = block.spans.iter().find(|span| span.from <= at && at < span.until);
        if !span.is_some_and(|span| holds(&span.left, request, case.rights)) {
            continue;
        }
        for who in &block.subjects {
            for capability in vocabulary().names(block.capabilities) {
                for resource in &block.resources {
                    let cell = (subject(&case.rights.org, *who), capability.to_owned(), case.name(*resource));
                    assert!(cells.insert(cell), "seed {}: one cell in two blocks", case.seed);
                }
            }
        }
    }
    cells
}

fn holds(left: &Left, request: Request, rights: &OrgRights) -> bool {
    let any = |all: &[Condition], unknown| all.iter().any(|one| request.meets(one, &rights.org, unknown));
    let own = left.networks.as_ref().is_none_or(|set| request.address.is_some_and(|address| set.contains(address)));
    own && any(&left.when, false) && !any(&left.denied, true)
}

/// Instants inside of a timeline: edges of its spans with the seconds beside them, and others.
fn instants(timeline: &Timeline, rng: &mut Rng, count: usize) -> Vec<i64> {
    let spans = timeline.blocks.iter().flat_map(|block| &block.spans);
    let edges: BTreeSet<i64> = spans.flat_map(|span| [span.from, span.until]).collect();
    let mut edges: Vec<i64> = edges.into_iter().flat_map(|at| [at - 1, at, at + 1]).collect();
    edges.retain(|at| (timeline.from..timeline.until).contains(at));
    let length = usize::try_from(timeline.until - timeline.from).unwrap();
    let mut instants: Vec<i64> = (0..count).map(|_| timeline.from + rng.below(length) as i64).collect();
    if !edges.is_empty() {
        instants.extend((0..count).map(|_| *rng.pick(&edges)));
    }
    instants
}

/// A period that begins or ends near a moment of the policy.
fn period(case: &Case<'_>, rng: &mut Rng) -> (i64, i64) {
    let from = *rng.pick(&case.moments) - [0, 1, DAY / 2, 9 * DAY][rng.below(4)];
    (from, from + [1, DAY, 8 * DAY, 40 * DAY, 400 * DAY][rng.below(5)])
}

#[test]
fn at_every_instant_a_timeline_says_what_the_table_says() {
    let (mut judged, mut turned) = (0, 0);
    each_case(|case| {
        let mut rng = Rng::new(case.seed + 7000);
        for judge in [Judged::Time(None), Judged::Dates, Judged::Time(Some(*rng.pick(&case.addresses)))] {
            let (from, until) = period(case, &mut rng);
            let timeline = timeline(case.rights, &everything(case.rights), from, until, judge);
            assert!(!timeline.cut && timeline.until == until);
            for block in &timeline.blocks {
                let meet = |pair: &[camgrant::query::Span]| pair[0].until == pair[1].from;
                assert!(block.spans.windows(2).all(|pair| pair[0].until <= pair[1].from));
                assert!(block.spans.windows(2).all(|pair| !meet(pair) || pair[0].left != pair[1].left));
                turned += block.spans.len() - 1;
            }
            for at in instants(&timeline, &mut rng, 2) {
                let address = match judge {
                    Judged::Time(Some(address)) => Some(address),
                    _ => (!rng.chance(25)).then(|| *rng.pick(&case.addresses)),
                };
                let request = Request { at: Some(at), address };
                let ours = holding(case, &timeline, request);
                let org = &case.rights.org;
                for cell in &case.table_cells {
                    let number = vocabulary().number(&cell.1).unwrap();
                    let theirs = decide(case.table, org, &cell.0, number, cell.2.clone(), request);
                    assert_eq!(ours.contains(cell), theirs, "seed {}: {cell:?} at {request:?}, {judge:?}", case.seed);
                    judged += 1;
                }
                let outside: Vec<_> = ours.difference(&case.table_cells).collect();
                assert!(outside.is_empty(), "seed {}: {outside:?}", case.seed);
            }
        }
    });
    assert!(judged > 10_000 && turned > 100, "{judged} cells, {turned} changes: too few to mean anything");
}

#[test]
fn what_lies_ahead_is_the_difference_between_before_and_after() {
    let mut judged = 0;
    each_case(|case| {
        let mut rng = Rng::new(case.seed + 8000);
        let (from, until) = period(case, &mut rng);
        let all = timeline(case.rights, &everything(case.rights), from, until, Judged::Dates);
        let dated = Frame { subjects: dated(case.rights, from, until), ..everything(case.rights) };
        let turns = turns(&timeline(case.rights, &dated, from, until, Judged::Dates));
        let left_at = |at: i64| {
            let mut cells = std::collections::BTreeMap::new();
            for block in &all.blocks {
                let Some(span) = block.spans.iter().find(|span| span.from <= at && at < span.until) else { continue };
                for who in &block.subjects {
                    for capability in block.capabilities.iter() {
                        for resource in &block.resources {
                            cells.insert((*who, capability, *resource), span.left.clone());
                        }
                    }
                }
            }
            cells
        };
        // whoever takes all turns comes from the first instant to the last
        let mut now = left_at(from);
        for turn in &turns {
            assert!(from < turn.at && turn.at < until && turn.before != turn.after);
            for who in &turn.subjects {
                for capability in turn.capabilities.iter() {
                    for resource in &turn.resources {
                        let cell = (*who, capability, *resource);
                        let before = now.remove(&cell).unwrap_or_default();
                        assert_eq!(before, turn.before, "seed {}: {cell:?} at {}", case.seed, turn.at);
                        if !turn.after.is_nothing() {
                            now.insert(cell, turn.after.clone());
                        }
                        judged += 1;
                    }
                }
            }
        }
        assert!(turns.is_sorted_by_key(|turn| turn.at));
        assert_eq!(now, left_at(until - 1), "seed {}", case.seed);
    });
    assert!(judged > 100, "only {judged} turns were judged");
}

fn at(text: &str) -> i64 {
    text.parse::<Timestamp>().unwrap().as_second()
}

/// The spans in which Nina watches the gate, as text; and every minute of them held against the decision.
fn spans_of(schedule: &str, from: &str, until: &str) -> String {
    let policy = format!(
        "orgs: {{ acme: {{ timezone: Europe/Berlin }} }}\nusers: {{ nina: }}\ndevices: {{ gate: }}\n\
         schedules: {{ hours: {{ weekly: {schedule} }} }}\n\
         grants: [{{ to: nina, allow: live.view, scope: all, schedule: hours }}]\n"
    );
    let policy = compile_text(&policy).policy.unwrap();
    let rights = &policy.orgs[0];
    let (from, until) = (at(from), at(until));
    let timeline = timeline(rights, &everything(rights), from, until, Judged::Time(None));
    let spans: Vec<_> = timeline.blocks.iter().flat_map(|block| &block.spans).collect();
    let user = Who::User(rights.org.users.indices().next().unwrap());
    let (resource, _) =
        rights.graph.containment.resources().find(|(_, one)| one.text(&rights.org) == "device:gate").unwrap();
    for at in (from..until).step_by(30) {
        let request = Request { at: Some(at), address: None };
        let capability = vocabulary().number("live.view").unwrap();
        let held = decide_query(rights, &Question { who: user, capability, resource, request });
        let told = spans.iter().any(|span| span.from <= at && at < span.until);
        assert_eq!(told, held, "{schedule} at {}", format_instant(at));
    }
    spans.iter().map(|span| format!("{} {}\n", format_instant(span.from), format_instant(span.until))).collect()
}

#[test]
fn when_the_clock_goes_forward_a_window_in_the_lost_hour_is_shorter_or_gone() {
    // 2026-03-29 in Berlin: from 02:00 the clock goes to 03:00, which is 01:00 UTC
    let spans = |schedule| spans_of(schedule, "2026-03-28T12:00:00Z", "2026-03-30T12:00:00Z");
    insta::assert_snapshot!(spans("{ sun: [01:30-03:30] }"), @"2026-03-29T00:30:00Z 2026-03-29T01:30:00Z");
    insta::assert_snapshot!(spans("{ sun: [02:30-03:30] }"), @"2026-03-29T01:00:00Z 2026-03-29T01:30:00Z");
    insta::assert_snapshot!(spans("{ sun: [02:15-02:45] }"), @"");
    insta::assert_snapshot!(spans("{ sat: [22:00-02:30] }"), @"2026-03-28T21:00:00Z 2026-03-29T01:00:00Z");
}

#[test]
fn when_the_clock_goes_back_a_window_in_the_repeated_hour_comes_twice() {
    // 2026-10-25 in Berlin: at 03:00, which is 01:00 UTC, the clock goes back to 02:00
    let spans = |schedule| spans_of(schedule, "2026-10-24T12:00:00Z", "2026-10-26T12:00:00Z");
    insta::assert_snapshot!(spans("{ sun: [02:15-02:45] }"), @r"
    2026-10-25T00:15:00Z 2026-10-25T00:45:00Z
    2026-10-25T01:15:00Z 2026-10-25T01:45:00Z
    ");
    insta::assert_snapshot!(spans("{ sun: [02:30-03:30] }"), @r"
    2026-10-25T00:30:00Z 2026-10-25T01:00:00Z
    2026-10-25T01:30:00Z 2026-10-25T02:30:00Z
    ");
    insta::assert_snapshot!(spans("{ sun: [00:00-02:30] }"), @r"
    2026-10-24T22:00:00Z 2026-10-25T00:30:00Z
    2026-10-25T01:00:00Z 2026-10-25T01:30:00Z
    ");
    insta::assert_snapshot!(spans("{ sat: [22:00-06:00] }"), @"2026-10-24T20:00:00Z 2026-10-25T05:00:00Z");
}

#[test]
fn a_period_in_which_too_much_changes_is_cut_at_an_instant_and_right_until_there() {
    let policy = compile_text(
        "orgs: { acme: }\nusers: { nina: }\ndevices: { gate: }\nschedules: { hours: { weekly: { mon-sun: [08:00-18:00] } } }\n\
         grants: [{ to: nina, allow: live.view, scope: all, schedule: hours }]\n",
    );
    let policy = policy.policy.unwrap();
    let frame = everything(&policy.orgs[0]);
    let cut =
        timeline(&policy.orgs[0], &frame, at("2026-01-01T00:00:00Z"), at("9000-01-01T00:00:00Z"), Judged::Time(None));
    assert!(cut.cut);
    insta::assert_snapshot!(format_instant(cut.until), @"2295-04-22T08:00:00Z");
    // it would have opened at that instant, and was closed before it
    assert_eq!(format_instant(cut.blocks[0].spans.last().unwrap().until), "2295-04-21T18:00:00Z");
}
