//! What `why` prints: of one subject and resource the answer, of several how many are answered how, and one explained.

use schemars::JsonSchema;
use serde::Serialize;

use super::text::why_text;
use super::why::WhyTold;

/// What `camgrant why --format json` prints.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct WhyAnswer {
    /// Whether each of the subjects may, on each of the resources.
    pub yes: bool,
    /// The organisation.
    pub org: String,
    /// The instant that was asked for; left out where it is not known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub at: Option<String>,
    /// The address that was asked for; left out where it is not known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub address: Option<String>,
    /// Pairs of a subject and a resource: how many are answered how.
    pub pairs: PairsTold,
    /// The first pair that is answered no, or the first of all.
    pub explained: WhyTold,
}

/// Pairs of a subject and a resource.
#[derive(Clone, Copy, Debug, Serialize, JsonSchema)]
#[schemars(rename = "Pairs")]
pub struct PairsTold {
    /// Answered yes.
    pub yes: u64,
    /// Answered no.
    pub no: u64,
}

/// The same for people.
#[must_use]
pub fn why_answer_text(answer: &WhyAnswer) -> String {
    let PairsTold { yes, no } = answer.pairs;
    let mut text = String::new();
    if yes + no > 1 {
        let word = if answer.yes { "yes" } else { "no" };
        text =
            format!("{word}: of {} pairs of a subject and a resource {yes} are yes, {no} are no; the first", yes + no);
        text.push_str(if answer.yes { ":\n\n" } else { " no:\n\n" });
    }
    text.push_str(&why_text(&answer.explained));
    text
}
