//! A topic: one Markdown file of a system, taken apart into prose, policies, cases and matrices. The form is described in
//! `tests/systems/README.md`. What is malformed is a complaint with its line, never passed over.

use serde::Deserialize;
use serde_yaml::{Mapping, Value};

use crate::expect::Expectation;
use crate::matrix::Matrix;
use crate::policy::{Edits, Policy};
use crate::support::markdown::{Block, Fence, blocks};

/// One file.
#[derive(Debug)]
pub(crate) struct Topic {
    /// Its path, for complaints.
    pub(crate) path: String,
    /// Its first line.
    pub(crate) title: String,
    pub(crate) parts: Vec<Part>,
}

/// A piece of a topic, in order.
#[derive(Debug)]
pub(crate) enum Part {
    Prose(String),
    /// The policy of the cases and matrices below it.
    Policy(Policy),
    Cases(Vec<Case>),
    Matrix(Matrix),
    /// A fence that only shows something.
    Shown(Fence),
}

/// One check of one or more statements, or the reason why there is none.
#[derive(Debug)]
pub(crate) struct Case {
    /// Where the list of cases begins that it stands in.
    pub(crate) line: usize,
    /// Ids and words; none where the case is about something of our own.
    pub(crate) statements: Vec<(String, String)>,
    /// The words of such a case.
    pub(crate) also: Option<String>,
    /// What is written first; nothing where the policy is judged as it stands.
    pub(crate) change: Edits,
    /// What holds then, and no longer after the turn.
    pub(crate) expect: Vec<Expectation>,
    /// What holds before and after the turn.
    pub(crate) and: Vec<Expectation>,
    /// What turns every expectation round; where it is empty, `change` undone.
    pub(crate) turn: Edits,
    pub(crate) reason: Option<(Kind, String)>,
}

/// Why a statement is not checked, or not as the system has it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Kind {
    /// It is about pages, buttons or machines, of which a policy says nothing.
    Outside,
    /// It is for whoever puts the table into the system.
    Consumer,
    /// It is about the step from one policy to the next, and this version compares none.
    Step,
    /// The language decides otherwise, on purpose.
    Otherwise,
}

impl Kind {
    pub(crate) const ALL: [Kind; 4] = [Kind::Outside, Kind::Consumer, Kind::Step, Kind::Otherwise];

    /// As the page has it.
    pub(crate) fn words(self) -> &'static str {
        match self {
            Kind::Outside => "Outside of a policy",
            Kind::Consumer => "For the consumer of the table",
            Kind::Step => "A step between two policies",
            Kind::Otherwise => "Decided otherwise",
        }
    }
}

/// A case as it is written.
#[derive(Deserialize)]
struct Written {
    #[serde(default)]
    change: Mapping,
    #[serde(default)]
    expect: OneOrMany,
    #[serde(default)]
    and: OneOrMany,
    #[serde(default)]
    turn: Mapping,
    outside: Option<String>,
    also: Option<String>,
    consumer: Option<String>,
    step: Option<String>,
    otherwise: Option<String>,
    #[serde(flatten)]
    statements: Mapping,
}

/// A text, or a list of texts.
#[derive(Deserialize)]
#[serde(untagged)]
pub(crate) enum OneOrMany {
    One(String),
    Many(Vec<String>),
}

impl Default for OneOrMany {
    fn default() -> Self {
        OneOrMany::Many(Vec::new())
    }
}

impl OneOrMany {
    pub(crate) fn into_vec(self) -> Vec<String> {
        match self {
            OneOrMany::One(one) => vec![one],
            OneOrMany::Many(many) => many,
        }
    }
}

impl Case {
    /// What it is called in a complaint.
    pub(crate) fn name(&self) -> &str {
        self.statements.first().map(|(id, _)| id).or(self.also.as_ref()).map_or("", |name| name)
    }
}

impl Topic {
    /// Reads a file.
    pub(crate) fn read(path: &str, text: &str) -> Result<Topic, String> {
        let (title, rest) = text
            .strip_prefix("# ")
            .and_then(|text| text.split_once('\n'))
            .ok_or_else(|| format!("{path}: the first line must be a title, `# …`"))?;
        let mut parts = Vec::new();
        for block in blocks(rest) {
            let fence = match block {
                Block::Fence(fence) => Fence { line: fence.line + 1, ..fence },
                Block::Prose(prose) => {
                    parts.push(Part::Prose(prose));
                    continue;
                }
            };
            let complain = |message: String| format!("{path}:{}: {message}", fence.line);
            match fence.info.as_str() {
                "yaml policy" => parts.push(Part::Policy(Policy { text: fence.text })),
                "yaml cases" => parts.push(Part::Cases(cases(&fence).map_err(complain)?)),
                "yaml matrix" => parts.push(Part::Matrix(Matrix::read(&fence).map_err(complain)?)),
                "yaml" | "text" | "sh" => parts.push(Part::Shown(fence)),
                info => return Err(complain(format!("a fence cannot be `{info}`"))),
            }
        }
        Ok(Topic { path: path.to_owned(), title: title.trim().to_owned(), parts })
    }
}

fn cases(fence: &Fence) -> Result<Vec<Case>, String> {
    let written: Vec<Written> = serde_yaml::from_str(&fence.text).map_err(|error| error.to_string())?;
    written.into_iter().map(|written| case(written, fence.line)).collect()
}

fn case(written: Written, line: usize) -> Result<Case, String> {
    let statements = pairs(&written.statements)?;
    let first = statements.first().map(|(id, _)| id).or(written.also.as_ref());
    let first = first.cloned().ok_or("a case without a statement")?;
    if let Some((id, _)) = statements.iter().find(|(id, _)| !is_id(id)) {
        return Err(format!("{first}: `{id}` is neither a field nor the id of a statement"));
    }
    let read = |lines: OneOrMany| -> Result<Vec<Expectation>, String> {
        let lines = lines.into_vec();
        lines.iter().map(|line| Expectation::read(line).map_err(|error| format!("{first}: {error}"))).collect()
    };
    let reasons = [written.outside, written.consumer, written.step, written.otherwise];
    let mut reasons = Kind::ALL.into_iter().zip(reasons).filter_map(|(kind, reason)| Some((kind, reason?)));
    let case = Case {
        line,
        change: Edits(pairs(&written.change)?),
        expect: read(written.expect)?,
        and: read(written.and)?,
        turn: Edits(pairs(&written.turn)?),
        reason: reasons.next(),
        also: written.also,
        statements,
    };
    if reasons.next().is_some() {
        return Err(format!("{first}: more than one reason"));
    }
    if case.expect.is_empty() && case.reason.is_none() {
        return Err(format!("{first}: neither an expectation nor a reason why there is none"));
    }
    if case.also.is_some() && (!case.statements.is_empty() || case.expect.is_empty()) {
        return Err(format!("{first}: `also` is a check that belongs to no statement"));
    }
    if case.expect.is_empty() != (case.turn.0.is_empty() && case.change.0.is_empty()) {
        return Err(format!("{first}: an expectation and what turns it round belong together"));
    }
    Ok(case)
}

/// The entries of a map of texts, in the order written.
pub(crate) fn pairs(mapping: &Mapping) -> Result<Vec<(String, String)>, String> {
    let text = |value: &Value| {
        let text = value.as_str().map(str::to_owned);
        text.ok_or_else(|| format!("`{}` must be text", serde_yaml::to_string(value).unwrap_or_default().trim()))
    };
    mapping.iter().map(|(key, value)| Ok((text(key)?, text(value)?))).collect()
}

/// `VERK-46`.
pub(crate) fn is_id(text: &str) -> bool {
    text.split_once('-').is_some_and(|(system, number)| {
        !system.is_empty()
            && system.chars().all(|c| c.is_ascii_uppercase())
            && number.len() >= 2
            && number.chars().all(|c| c.is_ascii_digit())
    })
}
