//! The test of the test: what does not hold, does not turn, or cannot fail is a complaint.

use crate::judge::judge;
use crate::topic::Topic;
use crate::{miscounted, page};

const POLICY: &str = "\
orgs: { acme: { owner: root } }
users: { root: {}, nina: {} }
recorders: { nvr: {} }
devices: { gate: { recorder: nvr }, dock: { recorder: nvr } }
grants:
  - { to: nina, role: std/live, scope: device:gate }
";

/// A topic with this policy and one more fence.
fn topic(info: &str, text: &str) -> Result<Topic, String> {
    Topic::read("x.md", &format!("# A topic\n\n```yaml policy\n{POLICY}```\n\n```yaml {info}\n{text}```\n"))
}

/// What is wrong with a case.
fn case(text: &str) -> String {
    match topic("cases", &format!("- X-01: words\n{text}")) {
        Ok(topic) => judge(&topic).join("\n"),
        Err(error) => error,
    }
}

/// What is wrong with a row of a matrix.
fn matrix(row: &str) -> String {
    let columns = "columns: { Watcher: { user: nina, role: std/live, on: [device:gate, recorder:nvr] }, \
                   Boss: { user: root, owner: { 'owner: root': 'owner: nina' }, on: 'device:gate' } }";
    match topic("matrix", &format!("{columns}\nrows:\n  - {row}\n")) {
        Ok(topic) => judge(&topic).join("\n"),
        Err(error) => error,
    }
}

#[track_caller]
fn complains(wrong: &str, of: &str) {
    assert!(wrong.contains(of), "`{of}` was to be found in: {wrong}");
}

const TURN: &str = "  turn: { 'scope: device:gate': 'scope: device:dock' }\n";

#[test]
fn what_holds_and_turns_is_right() {
    assert_eq!(case(&format!("  expect: can nina live.view device:gate\n{TURN}")), "");
    assert_eq!(case(&format!("  expect: cannot nina live.view device:dock\n{TURN}")), "");
    assert_eq!(case("  change: { 'to: nina': 'to: nino' }\n  expect: reports CG0301 at \"nino\"\n"), "");
    assert_eq!(case("  expect: does not report CG0301\n  turn: { 'to: nina': 'to: nino' }\n"), "");
    assert_eq!(
        case(
            "  expect: table /owners is [\"user:root\"]\n  turn: { 'owner: root': 'owner: nina' }\n  \
             and: table /owners is not 1\n"
        ),
        ""
    );
    let added = "  turn: { add: 'grants: [{ to: nina, deny: live.view, scope: all }]' }\n";
    assert_eq!(case(&format!("  expect: can nina live.view device:gate\n{added}")), "");
    assert_eq!(case("  outside: of no concern\n"), "");
}

#[test]
fn what_does_not_hold_is_wrong() {
    complains(&case(&format!("  expect: can nina live.view device:dock\n{TURN}")), "does not hold: it is no");
    complains(&case(&format!("  expect: cannot nina live.view device:gate\n{TURN}")), "does not hold: it is yes");
    complains(&case(&format!("  expect: reports CG0301\n{TURN}")), "does not hold: reported: []");
    complains(
        &case("  change: { 'to: nina': 'to: nino' }\n  expect: reports CG0301 at \"nina\"\n"),
        "does not hold: reported: [",
    );
    complains(
        &case("  expect: table /owners is 1\n  turn: { 'owner: root': 'owner: nina' }\n"),
        "does not hold: there is Some(Array",
    );
    let expect = "  expect: can nina live.view device:gate\n";
    complains(
        &case(&format!("{expect}  and: can nina live.view device:gate\n{TURN}")),
        "does not hold after the turn: it is no",
    );
}

#[test]
fn a_turn_that_turns_nothing_is_wrong() {
    let expect = "  expect: can nina live.view device:gate\n";
    complains(&case(&format!("{expect}  turn: {{ 'to: nina': 'to: nina' }}\n")), "is not turned round: it is yes");
    complains(&case(&format!("{expect}  turn: {{ 'role: std/live': 'role: std/viewer' }}\n")), "is not turned round");
    // every line must turn, not one of them
    let two = "  expect: [can nina live.view device:gate, can root live.view device:gate]\n";
    complains(&case(&format!("{two}{TURN}")), "`can root live.view device:gate` is not turned round");
    complains(&case(expect), "belong together");
    complains(&case("  turn: { a: b }\n"), "neither an expectation nor a reason");
}

#[test]
fn an_answer_by_chance_is_wrong() {
    complains(&case(&format!("  expect: cannot nino live.view device:dock\n{TURN}")), "no subject `user:nino`");
    complains(&case(&format!("  expect: cannot nina live.view device:deck\n{TURN}")), "no resource `device:deck`");
    complains(&case(&format!("  expect: cannot nina live.veiw device:dock\n{TURN}")), "no capability `live.veiw`");
    let expect = "  expect: can nina live.view device:gate\n";
    complains(&case(&format!("{expect}  turn: {{ 'to: nina': 'to: nino' }}\n")), "the policy does not compile");
    complains(&case(&format!("{expect}  turn: {{ nvr: nvs }}\n")), "`nvr` occurs 3 times");
    complains(&case(&format!("{expect}  turn: {{ kvr: nvs }}\n")), "`kvr` occurs 0 times");
    // a finding that another one hides, and one beside others
    let hidden =
        "  change: { 'to: nina': 'to: nino' }\n  expect: reports CG0301\n  turn: { '{ to: nino': '{ two: nino' }\n";
    complains(&case(hidden), "is not mended");
    let beside = "  change: { 'to: nina': 'to: nino', 'role: std/live': 'roll: std/live' }\n  expect: reports CG0301\n";
    complains(&case(beside), "CG0201 is reported too");
}

#[test]
fn what_is_malformed_is_wrong() {
    complains(&case("  expected: can nina live.view device:gate\n"), "`expected` is neither a field nor the id");
    complains(&case(&format!("  expect: may nina live.view device:gate\n{TURN}")), "is no expectation");
    complains(&case(&format!("  expect: can nina live.view\n{TURN}")), "is not `SUBJECT CAPABILITY RESOURCE");
    complains(&case(&format!("  expect: can nina live.view device:gate when noon\n{TURN}")), "is not `SUBJECT");
    complains(&case(&format!("  expect: reports CG9999\n{TURN}")), "no diagnostic `CG9999`");
    complains(&case("  outside: a\n  step: b\n"), "more than one reason");
    complains(&topic("cases", "- expect: can nina live.view device:gate\n").unwrap_err(), "without a statement");
    complains(&topic("policies", "").unwrap_err(), "cannot be `yaml policies`");
    complains(&Topic::read("x.md", "A topic\n").unwrap_err(), "must be a title");
}

#[test]
fn a_policy_must_be_clean() {
    let text = format!("# A topic\n\n```yaml policy\n{POLICY}  - {{ to: nino, role: std/live, scope: all }}\n```\n");
    complains(&judge(&Topic::read("x.md", &text).unwrap()).join("\n"), "the policy is not clean");
    let text = format!("# A topic\n\n```yaml cases\n- X-01: words\n  expect: can a b c\n{TURN}```\n");
    complains(&judge(&Topic::read("x.md", &text).unwrap()).join("\n"), "no policy above");
}

#[test]
fn a_matrix_is_judged_cell_by_cell() {
    assert_eq!(matrix("{ what: watch, is: live.view, cells: [X-01, X-02] }"), "");
    assert_eq!(matrix("{ what: play, is: [archive.view, archive.search], cells: [not X-01, yes] }"), "");
    assert_eq!(matrix("{ what: play, is: archive.view, cells: [no, .] }"), "");
    complains(
        &matrix("{ what: play, is: archive.view, cells: [X-01, .] }"),
        "`play` × `Watcher`, archive.view: it is no",
    );
    complains(&matrix("{ what: watch, is: live.view, cells: [not X-01, .] }"), "it is yes on device:gate");
    complains(&matrix("{ what: watch, is: live.view, cells: [., not X-02] }"), "it is yes on device:gate");
    complains(&matrix("{ what: rename, is: org.rename, cells: [not X-01, .] }"), "it applies to nothing");
    complains(&matrix("{ what: watch, is: live.view, cells: [X-01] }"), "1 cells for 2 columns");
    complains(&matrix("{ what: watch, is: [], cells: [X-01, .] }"), "row `watch` asks for nothing");
    complains(&matrix("{ what: watch, is: live.view, cells: [X-01, perhaps] }"), "`perhaps` is no cell");
}

#[test]
fn statements_are_counted() {
    let topics = |text: &str| vec![topic("cases", text).unwrap()];
    let one = "- X-01: words\n  outside: a\n";
    assert_eq!(miscounted("X", 1, &topics(one)), Vec::<String>::new());
    assert_eq!(miscounted("X", 2, &topics(one)), ["X-02 is missing"]);
    assert_eq!(miscounted("Y", 0, &topics(one)), ["x.md: there is no X-01"]);
    assert_eq!(miscounted("X", 1, &topics(&format!("{one}{one}"))), ["X-01 stands in x.md and in x.md"]);
    assert_eq!(miscounted("X", 1, &topics("- X-01: ''\n  outside: a\n")), ["x.md: X-01 has no words"]);
}

#[test]
fn a_page_tells_the_cases() {
    let text = "- X-01: Nina watches.\n  expect: can nina live.view device:gate\n  \
                turn: { 'scope: device:gate': 'scope: device:dock' }\n\
                - X-02: It rains.\n  outside: the weather is what it is.\n";
    let page = page::page("x", &[topic("cases", text).unwrap()]);
    let told = page.split("```\n\n").nth(1).unwrap();
    insta::assert_snapshot!(told, @r"
    - **X-01** Nina watches.
      - `can nina live.view device:gate`; the opposite with `scope: device:dock`
    - **X-02** It rains.
      - *Outside of a policy:* the weather is what it is.

    - [Where each statement is](#where-each-statement-is)

    How to read the lines below a statement is said [here](README.md#how-to-read-a-page).

    ## Where each statement is

    1 of 2 statements are checked, and the change that turns each is made.

    | topic | statements |
    |---|---|
    | [A topic](#a-topic) | X-01, X-02 |
    | Outside of a policy | X-02 |
    ");
}
