//! What turned an answer, told: the commits of a range by which a right was gained or lost.

use schemars::JsonSchema;
use serde::Serialize;

use crate::diagnostics::render::{counted, inline};

/// What `camgrant bisect` prints as JSON.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[schemars(rename = "Bisect")]
pub struct BisectTold {
    /// The subject that was asked about.
    pub subject: String,
    /// The capability.
    pub capability: String,
    /// The resource or scope.
    pub resource: String,
    /// The instant, where one was named; without it and `address`, a right is held that is held at some time, from
    /// somewhere.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub at: Option<String>,
    /// The address, where one was named.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub address: Option<String>,
    /// The range.
    pub range: String,
    /// The first revision with an answer, and whether the right is held in it.
    pub first: AnswerTold,
    /// The last revision with an answer, and whether the right is held in it.
    pub last: AnswerTold,
    /// All that turned the answer, oldest first; none where it is the same throughout.
    pub turned: Vec<TurnedTold>,
    /// Revisions without an answer, oldest first.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schemars(default)]
    pub passed_over: Vec<PassedOverTold>,
    /// How many commits of the range change the policy.
    pub commits: u64,
    /// How many different policies were compiled.
    pub compiled: u64,
}

/// The answer in a revision.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "RevisionAnswer")]
pub struct AnswerTold {
    /// The revision.
    pub revision: String,
    /// Whether the right is held.
    pub held: bool,
}

/// A turn of the answer.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[schemars(rename = "Turned")]
pub struct TurnedTold {
    /// Whether the right is held from then on: gained, or otherwise lost.
    pub held: bool,
    /// The commit that did it; or several, one of which did, where those before the last have no answer. Oldest first.
    pub commits: Vec<CommitTold>,
    /// Where the one commit is a merge: what of it did it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub merge: Option<MergeTold>,
}

/// A commit.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[schemars(rename = "Commit")]
pub struct CommitTold {
    /// Its full id.
    pub id: String,
    /// When it was committed, as it says itself.
    pub committed: String,
    /// The first line of its message.
    pub title: String,
}

/// What of a merge turned the answer.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[schemars(rename = "Merge")]
pub struct MergeTold {
    /// `branch`: what was merged has the new answer by itself. `together`: it has not, nor has what it was merged into.
    /// `unknown`: what was merged has no answer.
    pub by: &'static str,
    /// The range of the merged branch, to look into it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub range: Option<String>,
}

/// A revision without an answer.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[schemars(rename = "PassedOver")]
pub struct PassedOverTold {
    /// Its id.
    pub revision: String,
    /// Why it has none.
    pub reason: String,
}

/// The same for people.
#[must_use]
pub fn bisect_text(told: &BisectTold) -> String {
    let BisectTold { subject, capability, resource, range, first, last, turned, .. } = told;
    let (subject, resource, range) = (inline(subject), inline(resource), inline(range));
    let when = match (&told.at, &told.address) {
        (None, None) => " at some time, from somewhere".to_owned(),
        (at, address) => {
            let at = at.iter().map(|at| format!(", at {at}"));
            at.chain(address.iter().map(|address| format!(", from {address}"))).collect()
        }
    };
    let mut text = format!("whether `{subject}` can `{capability}` on `{resource}`{when}, in {range}:\n");
    text += &format!("  {:7}{}\n", yes(first.held), inline(&first.revision));
    for turn in turned {
        text += &turned_text(turn);
    }
    text += &match &turned[..] {
        [] => format!("  {:7}{}: the same throughout\n", yes(last.held), inline(&last.revision)),
        [_] => format!("  {:7}{}\n", yes(last.held), inline(&last.revision)),
        more => format!("  {:7}{}: it turned {} times\n", yes(last.held), inline(&last.revision), more.len()),
    };
    if !told.passed_over.is_empty() {
        text += "passed over, since there is no answer:\n";
        for PassedOverTold { revision, reason } in &told.passed_over {
            text += &format!("  {}  {}\n", short(revision), inline(reason));
        }
    }
    let commits = usize::try_from(told.commits).unwrap_or(usize::MAX);
    let change = if commits == 1 { "changes" } else { "change" };
    text + &format!("{} of the range {change} the policy, {} compiled\n", counted(commits, "commit"), told.compiled)
}

fn yes(held: bool) -> &'static str {
    if held { "yes" } else { "no" }
}

/// The beginning of an id, which is enough for people.
fn short(id: &str) -> &str {
    id.get(..12).unwrap_or(id)
}

fn turned_text(turn: &TurnedTold) -> String {
    let word = if turn.held { "gained" } else { "lost" };
    let line = |CommitTold { id, committed, title }: &CommitTold| {
        format!("{}  {committed}  {}", short(id), inline(title)).trim_end().to_owned() + "\n"
    };
    let mut text = match &turn.commits[..] {
        [only] => format!("    {word} by  {}", line(only)),
        several => {
            let lines: String = several.iter().map(|commit| format!("      {}", line(commit))).collect();
            format!("    {word} by one of {}, of which only the last has an answer:\n{lines}", several.len())
        }
    };
    if let Some(MergeTold { by, range }) = &turn.merge {
        text += &match (*by, range) {
            ("branch", Some(range)) => {
                format!("      a merge, and it came with what was merged: ask again in {range}\n")
            }
            ("branch", None) => "      a merge, and it came with what was merged\n".to_owned(),
            ("together", _) => {
                "      a merge, and neither side has it alone: both together, or the merge itself, did it\n".to_owned()
            }
            _ => "      a merge, and what was merged has no answer by itself\n".to_owned(),
        };
    }
    text
}
