//! Lines that say what follows from a policy.
//!
//! | line | holds when |
//! |---|---|
//! | `can nina live.view device:gate` | the table says yes; `at INSTANT` and `from ADDRESS` may follow |
//! | `cannot nina live.view, archive.view device:gate, device:dock` | it says no to each of these |
//! | `reports lapsed-link at "text"` | such a finding points at the text; without `at`, anywhere |
//! | `does not report CG0301` | there is no such finding |
//! | `table /recorders/home/server is "Agent"` | the organisation's object in the table has this there |
//! | `table /recorders/home/server is not "Agent"` | it has something else there, or nothing |

use camgrant::catalogue;
use camgrant::diagnostics::Rule;
use serde_json::Value;

use crate::policy::{Outcome, Question};

/// One line.
#[derive(Clone, Debug)]
pub(crate) struct Expectation {
    /// As it is written.
    pub(crate) text: String,
    /// Whether it says that something is so, or that it is not.
    yes: bool,
    about: About,
}

#[derive(Clone, Debug)]
enum About {
    /// Each of these.
    Right(Vec<Question>),
    Report {
        rule: &'static Rule,
        at: Option<String>,
    },
    Table {
        pointer: String,
        value: Value,
    },
}

impl Expectation {
    /// Reads a line.
    pub(crate) fn read(text: &str) -> Result<Expectation, String> {
        let beginnings = [
            ("can ", true, right as fn(&str) -> Result<About, String>),
            ("cannot ", false, right),
            ("reports ", true, report),
            ("does not report ", false, report),
        ];
        let (yes, about) = if let Some(rest) = text.strip_prefix("table ") {
            table(rest)?
        } else {
            let known =
                beginnings.into_iter().find_map(|(word, yes, read)| Some((yes, read, text.strip_prefix(word)?)));
            let (yes, read, rest) = known.ok_or_else(|| format!("`{text}` is no expectation"))?;
            (yes, read(rest)?)
        };
        Ok(Expectation { text: text.to_owned(), yes, about })
    }

    /// The code of the diagnostic that it says is reported.
    pub(crate) fn reported(&self) -> Option<&'static str> {
        match &self.about {
            About::Report { rule, .. } if self.yes => Some(rule.code),
            _ => None,
        }
    }

    /// The capabilities that it says are held.
    pub(crate) fn held(&self) -> impl Iterator<Item = &str> {
        let questions = match &self.about {
            About::Right(questions) if self.yes => questions.as_slice(),
            _ => &[],
        };
        questions.iter().map(|question| question.capability.as_str())
    }

    /// Complains unless it holds.
    pub(crate) fn holds(&self, outcome: &Outcome) -> Result<(), String> {
        self.judge(outcome, self.yes, true)
    }

    /// Complains unless the opposite holds. (Of a report, that it is made nowhere; of none, that one is made.)
    pub(crate) fn is_turned(&self, outcome: &Outcome) -> Result<(), String> {
        self.judge(outcome, !self.yes, false)
    }

    /// Where nothing may be done any more, what the question names may be gone; before, its answer would be no by chance.
    fn judge(&self, outcome: &Outcome, yes: bool, must_be_known: bool) -> Result<(), String> {
        let so = match &self.about {
            About::Right(questions) => {
                for question in questions {
                    if yes || must_be_known {
                        outcome.knows(question)?;
                    }
                    if outcome.decide(question)? != yes {
                        let answer = if yes { "no" } else { "yes" };
                        return Err(format!("it is {answer} to {} on {}", question.capability, question.resource));
                    }
                }
                yes
            }
            About::Report { rule, at } => match at {
                Some(at) if yes => outcome.places(rule.code).iter().any(|place| place == at),
                _ => !outcome.places(rule.code).is_empty(),
            },
            About::Table { pointer, value } => outcome.organisation()?.pointer(pointer) == Some(value),
        };
        if so == yes {
            return Ok(());
        }
        Err(match &self.about {
            About::Right(_) => format!("`{}` asks nothing", self.text),
            About::Report { rule, .. } if so => format!("reported: {:#?}", outcome.found_under(rule.code)),
            About::Report { .. } => format!("reported: {:#?}", outcome.found()),
            About::Table { pointer, .. } => format!("there is {:?}", outcome.organisation()?.pointer(pointer)),
        })
    }
}

/// `nina live.view, archive.view device:gate at 2026-11-23T02:00:00+01:00 from 10.1.2.3`
fn right(text: &str) -> Result<About, String> {
    let wrong = || format!("`{text}` is not `SUBJECT CAPABILITY RESOURCE [at INSTANT] [from ADDRESS]`");
    let joined = text.replace(", ", ",");
    let mut words = joined.split(' ');
    let mut word = || words.next().ok_or_else(wrong);
    let (subjects, capabilities, resources) = (word()?, word()?, word()?);
    let (mut at, mut from) = (None, None);
    while let Ok(key) = word() {
        let value = word()?;
        match key {
            "at" => at = Some(value.parse().map_err(|error| format!("`{value}`: {error}"))?),
            "from" => from = Some(value.parse().map_err(|error| format!("`{value}`: {error}"))?),
            _ => return Err(wrong()),
        }
    }
    let mut questions = Vec::new();
    for subject in subjects.split(',') {
        let subject = if subject.starts_with("link:") { subject.to_owned() } else { format!("user:{subject}") };
        for capability in capabilities.split(',') {
            for resource in resources.split(',') {
                let (capability, resource) = (capability.to_owned(), resource.to_owned());
                questions.push(Question { subject: subject.clone(), capability, resource, at, from });
            }
        }
    }
    Ok(About::Right(questions))
}

/// `CG0301 at "team:securty"`
fn report(text: &str) -> Result<About, String> {
    let (name, at) = match text.split_once(" at ") {
        Some((name, at)) => {
            let quoted = at.strip_prefix('"').and_then(|at| at.strip_suffix('"'));
            (name, Some(quoted.ok_or_else(|| format!("`{at}` must stand in double quotes"))?.to_owned()))
        }
        None => (text, None),
    };
    let rule = catalogue::find(name).ok_or_else(|| format!("there is no diagnostic `{name}`"))?;
    Ok(About::Report { rule, at })
}

/// `/recorders/home/server is "Agent"`
fn table(text: &str) -> Result<(bool, About), String> {
    let (pointer, rest) = text.split_once(" is ").ok_or_else(|| format!("`{text}` is not `POINTER is VALUE`"))?;
    let (yes, json) = rest.strip_prefix("not ").map_or((true, rest), |rest| (false, rest));
    let value = serde_json::from_str(json).map_err(|error| format!("`{json}`: {error}"))?;
    Ok((yes, About::Table { pointer: pointer.to_owned(), value }))
}
