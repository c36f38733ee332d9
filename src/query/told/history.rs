//! The history of an answer to `who`, told: periods between revisions, and for each subject the times in which it could.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Serialize;

use super::blocks::{Holders, conditions_text};

/// What `camgrant who --history` prints as JSON.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct HistoryTold {
    /// The capability.
    pub capability: String,
    /// The resource or scope.
    pub resource: String,
    /// The only time that was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub between: Option<SpanTold>,
    /// Everybody who could, with the times in which they could as far as dates go; schedules and addresses may narrow them.
    pub subjects: BTreeMap<String, Vec<SpanTold>>,
    /// The periods, in order.
    pub periods: Vec<PeriodTold>,
}

/// A time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "Span")]
pub struct SpanTold {
    /// From this instant.
    pub from: String,
    /// Until just before this one; left out where it has not ended.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub until: Option<String>,
}

/// The time in which a revision was in force.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[schemars(rename = "Period")]
pub struct PeriodTold {
    /// The revision.
    pub revision: String,
    /// From this instant.
    pub from: String,
    /// Until just before this one; left out where it has not ended.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub until: Option<String>,
    /// Later revisions in this period, in which the answer is the same.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schemars(default)]
    pub unchanged: Vec<String>,
    /// Who could at some time in it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub holders: Option<Holders>,
    /// Why it is not known who could, where that is so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub gap: Option<String>,
}

/// The history for people.
#[must_use]
pub fn history_text(told: &HistoryTold) -> String {
    let between = match &told.between {
        Some(SpanTold { from, until: Some(until) }) => format!(" between {from} and {until}"),
        _ => String::new(),
    };
    let count = told.subjects.len();
    let subjects = if count == 1 { "1 subject".to_owned() } else { format!("{count} subjects") };
    let mut text = format!("{subjects} could `{}` on `{}`{between}:\n", told.capability, told.resource);
    let until = |until: &Option<String>| until.as_ref().map_or("on".to_owned(), |until| format!("to {until}"));
    let gaps = told.periods.iter().filter(|period| period.gap.is_some()).count();
    if gaps > 0 {
        let times = if gaps == 1 { "1 of the periods below" } else { "some of the periods below" };
        text.push_str(&format!("  in {times} it is not known who could\n"));
    }
    for (subject, spans) in &told.subjects {
        let spans: Vec<String> = spans.iter().map(|span| format!("{} {}", span.from, until(&span.until))).collect();
        text.push_str(&format!("  `{subject}`  {}\n", spans.join(", ")));
    }
    text.push_str("\nby revision:\n");
    for period in &told.periods {
        text.push_str(&format!("  {} {}  {}", period.from, until(&period.until), period.revision));
        match period.unchanged.len() {
            0 => {}
            1 => text.push_str(" and 1 more, which changes nothing here"),
            more => text.push_str(&format!(" and {more} more, which change nothing here")),
        }
        text.push('\n');
        if let Some(gap) = &period.gap {
            text.push_str(&format!("      not known: {gap}\n"));
        }
        if let Some(holders) = &period.holders {
            if holders.blocks.is_empty() {
                text.push_str("      nobody\n");
            }
            for block in &holders.blocks {
                text.push_str(&format!("      {}\n", block.subjects.text()));
                if block.resources != holders.resources {
                    text.push_str(&format!("          on {}\n", block.resources.text()));
                }
                let conditions = conditions_text(&block.when, &block.except_when, block.account.as_ref());
                if conditions != "always" {
                    text.push_str(&format!("          {conditions}\n"));
                }
            }
        }
    }
    text
}
