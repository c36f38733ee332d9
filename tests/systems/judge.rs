//! Judges a topic: its policies are clean, its cases and matrices hold, and every turn turns them round.

use std::collections::BTreeSet;

use crate::expect::Expectation;
use crate::policy::{Outcome, Policy};
use crate::topic::{Case, Part, Topic};

/// Everything that is wrong with a topic.
pub(crate) fn judge(topic: &Topic) -> Vec<String> {
    let mut wrong = Vec::new();
    let mut policy: Option<&Policy> = None;
    for part in &topic.parts {
        match (part, policy) {
            (Part::Prose(_) | Part::Shown(_), _) => {}
            (Part::Policy(new), _) => {
                wrong.extend(clean(new).map_err(|error| format!("{}: {error}", topic.path)).err());
                policy = Some(new);
            }
            (Part::Cases(cases), policy) => wrong.extend(cases.iter().filter_map(|case| {
                let error = judge_case(case, policy).err()?;
                Some(format!("{}:{}: {}: {error}", topic.path, case.line, case.name()))
            })),
            (Part::Matrix(matrix), Some(policy)) => {
                wrong.extend(matrix.judge(policy).into_iter().map(|e| format!("{}:{}: {e}", topic.path, matrix.line)));
            }
            (Part::Matrix(matrix), None) => wrong.push(format!("{}:{}: no policy above", topic.path, matrix.line)),
        }
    }
    wrong
}

fn clean(policy: &Policy) -> Result<(), String> {
    let found = policy.outcome()?.found();
    if found.is_empty() { Ok(()) } else { Err(format!("the policy is not clean: {found:#?}\n{}", policy.text)) }
}

fn judge_case(case: &Case, policy: Option<&Policy>) -> Result<(), String> {
    if case.expect.is_empty() {
        return Ok(());
    }
    let base = policy.ok_or("no policy above")?;
    let changed = base.edited(&case.change)?;
    let turned = if case.turn.0.is_empty() { base.clone() } else { changed.edited(&case.turn)? };
    let (before, after) = (changed.outcome()?, turned.outcome()?);
    if case.expect.iter().any(|line| line.reported().is_some()) {
        nothing_else(case, &before)?;
    }
    for line in &case.expect {
        line.holds(&before).map_err(|error| format!("`{}` does not hold: {error}", line.text))?;
        line.is_turned(&after).map_err(|error| format!("`{}` is not turned round: {error}", line.text))?;
        if line.reported().is_some() {
            // what breaks the policy would hide the finding
            after.table().map_err(|error| format!("`{}` is not mended: {error}", line.text))?;
        }
    }
    for line in &case.and {
        line.holds(&before).map_err(|error| format!("`{}` does not hold: {error}", line.text))?;
        line.holds(&after).map_err(|error| format!("`{}` does not hold after the turn: {error}", line.text))?;
    }
    Ok(())
}

/// Complains where more is reported than the case says.
fn nothing_else(case: &Case, before: &Outcome) -> Result<(), String> {
    let expected: BTreeSet<&str> = case.expect.iter().chain(&case.and).filter_map(|line| line.reported()).collect();
    let surplus = before.codes().into_iter().find(|code| !expected.contains(code));
    surplus.map_or(Ok(()), |code| Err(format!("{code} is reported too: {:#?}", before.found_under(code))))
}

/// Every capability that a case or cell of a topic says is held.
pub(crate) fn held(topic: &Topic) -> BTreeSet<&str> {
    let mut all = BTreeSet::new();
    for part in &topic.parts {
        match part {
            Part::Cases(cases) => all.extend(cases.iter().flat_map(|case| &case.expect).flat_map(Expectation::held)),
            Part::Matrix(matrix) => all.extend(matrix.held()),
            Part::Prose(_) | Part::Policy(_) | Part::Shown(_) => {}
        }
    }
    all
}

/// Every statement of a topic: id, words, whether it is checked, and the reason where it is not or otherwise.
pub(crate) fn statements(topic: &Topic) -> Vec<Statement<'_>> {
    let mut all = Vec::new();
    for part in &topic.parts {
        match part {
            Part::Cases(cases) => {
                for case in cases {
                    let kind = case.reason.as_ref().map(|(kind, _)| *kind);
                    let checked = !case.expect.is_empty();
                    all.extend(case.statements.iter().map(|(id, words)| Statement {
                        id: id.clone(),
                        words: words.clone(),
                        checked,
                        kind,
                        topic,
                    }));
                }
            }
            Part::Matrix(matrix) => all.extend(matrix.statements().into_iter().map(|(id, words)| Statement {
                id,
                words,
                checked: true,
                kind: None,
                topic,
            })),
            Part::Prose(_) | Part::Policy(_) | Part::Shown(_) => {}
        }
    }
    all
}

/// One statement of a system's documentation.
pub(crate) struct Statement<'t> {
    pub(crate) id: String,
    /// In our words.
    pub(crate) words: String,
    pub(crate) checked: bool,
    pub(crate) kind: Option<crate::topic::Kind>,
    pub(crate) topic: &'t Topic,
}
