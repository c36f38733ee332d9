//! When a schedule holds, and when several next hold together.

use camgrant::effective::Condition;
use camgrant::model::Org;
use camgrant::query::next_holding;
use jiff::Timestamp;

use crate::support::compile_text;

fn org(schedules: &str) -> Org {
    let text = format!("orgs: {{ acme: {{ timezone: Europe/Berlin }} }}\nschedules: {schedules}\n");
    compile_text(&text).policy.unwrap().orgs.remove(0).org
}

fn second(text: &str) -> i64 {
    text.parse::<Timestamp>().unwrap().as_second()
}

fn next(org: &Org, at: &str) -> Option<String> {
    let schedules = org.schedules.indices().collect();
    let condition = Condition { schedules, ..Condition::default() };
    next_holding(&condition, org, second(at)).map(camgrant::model::format_instant)
}

#[test]
fn a_schedule_opens_next_at_its_next_window() {
    let night = org("{ night: { weekly: { mon: [22:00-06:00] }, except: [2026-11-30] } }");
    // 2026-11-24 is a Tuesday; Monday the 30th opens nothing
    assert_eq!(next(&night, "2026-11-24T03:00:00Z").unwrap(), "2026-11-24T03:00:00Z");
    assert_eq!(next(&night, "2026-11-24T05:00:00Z").unwrap(), "2026-12-07T21:00:00Z");
    assert!(!night.schedules.iter().next().unwrap().1.holds(second("2026-11-30T22:00:00Z")));
}

#[test]
fn a_window_that_the_clock_jumps_into_opens_at_the_jump() {
    let sunday = org("{ early: { weekly: { sun: [02:30-03:30] } } }");
    // 2026-03-29: from 02:00 the clock goes to 03:00
    assert_eq!(next(&sunday, "2026-03-28T00:00:00Z").unwrap(), "2026-03-29T01:00:00Z");
    // 2026-10-25: 02:00 to 03:00 happens twice, and between the two the window is closed again
    assert_eq!(next(&sunday, "2026-10-25T00:00:00Z").unwrap(), "2026-10-25T00:30:00Z");
    let short = org("{ early: { weekly: { sun: [02:30-02:45] } } }");
    assert_eq!(next(&short, "2026-10-25T00:50:00Z").unwrap(), "2026-10-25T01:30:00Z");
}

#[test]
fn several_schedules_open_together_or_never() {
    let both = org("{ day: { weekly: { mon-fri: [08:00-18:00] } }, late: { weekly: { wed: [17:00-20:00] } } }");
    assert_eq!(next(&both, "2026-11-24T12:00:00Z").unwrap(), "2026-11-25T16:00:00Z");
    let never = org("{ day: { weekly: { mon: [08:00-18:00] } }, late: { weekly: { wed: [17:00-20:00] } } }");
    assert_eq!(next(&never, "2026-11-24T12:00:00Z"), None);
}
