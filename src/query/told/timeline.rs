//! Timelines, told: when what is held, and who gains and loses what by the dates of a policy. In: spans and turns. Out:
//! sets by the names that the policy has for them, instants in the organisation's zone.

use schemars::JsonSchema;
use serde::Serialize;

use super::blocks::{capabilities, conditions_text};
use super::names::{ConditionTold, Names};
use crate::effective::Condition;
use crate::query::ahead::{Turn, turns};
use crate::query::blocks::Frame;
use crate::query::sets::{NamedSet, SetNames};
use crate::query::timeline::{Judged, Left, Span, TimedBlock, Timeline, timeline};
use crate::query::why::Asker;

/// How many spans of a block are written out for people.
const SHOWN: usize = 24;

/// What `camgrant timeline SUBJECT` prints as JSON.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "Timeline")]
pub struct TimelineTold {
    /// The organisation.
    pub org: String,
    /// From this instant.
    pub from: String,
    /// Until just before this one.
    pub until: String,
    /// Whether that is earlier than was asked for, since too much changes in that time.
    pub cut: bool,
    /// The address that was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub address: Option<String>,
    /// The subjects that were asked about.
    pub subjects: NamedSet,
    /// The resources that were asked about.
    pub resources: NamedSet,
    /// What is held at some time: each right in one block.
    pub blocks: Vec<TimedBlockTold>,
}

/// Each of the subjects holds each of the capabilities on each of the resources in these spans, and at no other time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "TimedBlock")]
pub struct TimedBlockTold {
    /// The subjects.
    pub subjects: NamedSet,
    /// The capabilities.
    pub capabilities: Vec<String>,
    /// The resources.
    pub resources: NamedSet,
    /// The spans, in order.
    pub spans: Vec<HeldSpanTold>,
}

/// A time in which something is held.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "HeldSpan")]
pub struct HeldSpanTold {
    /// From this instant.
    pub from: String,
    /// Until just before this one.
    pub until: String,
    /// From which addresses.
    #[serde(flatten)]
    pub held: HeldTold,
}

/// When and from where something is held, beside what is told with it. Nothing stated: always.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "Held")]
pub struct HeldTold {
    /// Under any one of these; always where there is none.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schemars(default)]
    pub when: Vec<ConditionTold>,
    /// And under none of these.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schemars(default)]
    pub except_when: Vec<ConditionTold>,
    /// And within what their accounts state: networks, and dates where those are not told already.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub account: Option<ConditionTold>,
}

/// What `camgrant timeline` prints as JSON where no subject is named.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "Ahead")]
pub struct AheadTold {
    /// The organisation.
    pub org: String,
    /// After this instant.
    pub from: String,
    /// Until just before this one.
    pub until: String,
    /// The instants at which rights change by a date, in order.
    pub turns: Vec<TurnTold>,
}

/// What changes at one instant.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "Turn")]
pub struct TurnTold {
    /// The instant.
    pub at: String,
    /// What is held from then on, and was not before.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schemars(default)]
    pub gained: Vec<TurnBlockTold>,
    /// What was held before, and is not any more.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schemars(default)]
    pub lost: Vec<TurnBlockTold>,
    /// What is held before and after, under other conditions.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schemars(default)]
    pub changed: Vec<TurnBlockTold>,
}

/// Each of the subjects, each of the capabilities, each of the resources.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "TurnBlock")]
pub struct TurnBlockTold {
    /// The subjects.
    pub subjects: NamedSet,
    /// The capabilities.
    pub capabilities: Vec<String>,
    /// The resources.
    pub resources: NamedSet,
    /// How it was held, where it was.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub before: Option<HeldTold>,
    /// How it is held from then on, where it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub after: Option<HeldTold>,
}

impl Asker<'_> {
    /// When what of a frame is held from `from` until just before `until`, in seconds since 1970. The address of its request
    /// counts, where it is known; its instant does not.
    #[must_use]
    pub fn timeline(&self, frame: &Frame, from: i64, until: i64) -> TimelineTold {
        let address = frame.request.and_then(|request| request.address);
        let Timeline { from, until, cut, blocks } = timeline(self.rights, frame, from, until, Judged::Time(address));
        let names = Names::new(self.rights, self.sources);
        let sets = SetNames::new(self.rights);
        TimelineTold {
            org: self.rights.org.id.to_string(),
            from: names.instant(from),
            until: names.instant(until),
            cut,
            address: address.map(|address| address.to_string()),
            subjects: sets.subjects(&frame.subjects),
            resources: sets.resources(&frame.resources),
            blocks: blocks.iter().map(|block| timed_block(&names, &sets, block)).collect(),
        }
    }

    /// What of a frame begins, ends or changes by a date after `from` and before `until`. Schedules and addresses are
    /// conditions that stay.
    #[must_use]
    pub fn ahead(&self, frame: &Frame, from: i64, until: i64) -> AheadTold {
        let names = Names::new(self.rights, self.sources);
        let sets = SetNames::new(self.rights);
        let mut told: Vec<TurnTold> = Vec::new();
        for turn in turns(&timeline(self.rights, frame, from, until, Judged::Dates)) {
            let at = names.instant(turn.at);
            if told.last().is_none_or(|last| last.at != at) {
                told.push(TurnTold { at, gained: Vec::new(), lost: Vec::new(), changed: Vec::new() });
            }
            let Some(last) = told.last_mut() else { continue };
            let list = match (turn.before.is_nothing(), turn.after.is_nothing()) {
                (true, _) => &mut last.gained,
                (_, true) => &mut last.lost,
                _ => &mut last.changed,
            };
            list.push(turn_block(&names, &sets, &turn));
        }
        AheadTold {
            org: self.rights.org.id.to_string(),
            from: names.instant(from),
            until: names.instant(until),
            turns: told,
        }
    }
}

fn timed_block(names: &Names<'_>, sets: &SetNames<'_>, block: &TimedBlock) -> TimedBlockTold {
    let span = |span: &Span| HeldSpanTold {
        from: names.instant(span.from),
        until: names.instant(span.until),
        held: held(names, &span.left),
    };
    TimedBlockTold {
        subjects: sets.subjects(&block.subjects),
        capabilities: capabilities(block.capabilities),
        resources: sets.resources(&block.resources),
        spans: block.spans.iter().map(span).collect(),
    }
}

fn turn_block(names: &Names<'_>, sets: &SetNames<'_>, turn: &Turn) -> TurnBlockTold {
    let some = |left: &Left| (!left.is_nothing()).then(|| held(names, left));
    TurnBlockTold {
        subjects: sets.subjects(&turn.subjects),
        capabilities: capabilities(turn.capabilities),
        resources: sets.resources(&turn.resources),
        before: some(&turn.before),
        after: some(&turn.after),
    }
}

fn held(names: &Names<'_>, left: &Left) -> HeldTold {
    let told = |all: &[Condition]| {
        let stated = all.iter().filter(|one| !one.is_always());
        stated.map(|one| names.condition(one)).collect()
    };
    let account = left.networks.clone().map(|networks| Condition { networks: Some(networks), ..Condition::default() });
    HeldTold {
        when: told(&left.when),
        except_when: told(&left.denied),
        account: account.map(|account| names.condition(&account)),
    }
}

impl HeldTold {
    /// In words.
    pub(crate) fn text(&self) -> String {
        conditions_text(&self.when, &self.except_when, self.account.as_ref())
    }
}

/// A timeline for people: `what` is what was asked, in words.
#[must_use]
pub fn timeline_text(told: &TimelineTold, what: &str) -> String {
    let mut text = what.to_owned();
    text.push_str(&format!(", {} to {}", told.from, told.until));
    if let Some(address) = &told.address {
        text.push_str(&format!(", from {address}"));
    }
    text.push_str(if told.blocks.is_empty() { ": at no time\n" } else { ":\n" });
    let one = told.subjects.count == 1 && told.resources.count == 1 && told.blocks.len() == 1;
    for block in &told.blocks {
        let alone = one && block.capabilities.len() == 1;
        if !alone {
            text.push_str(&format!("  {}\n", block.capabilities.join(", ")));
            text.push_str(&format!("      on {}\n", block.resources.text()));
            if block.subjects != told.subjects {
                text.push_str(&format!("      {}\n", block.subjects.text()));
            }
        }
        let indent = if alone { "  " } else { "          " };
        for span in block.spans.iter().take(SHOWN) {
            text.push_str(&format!("{indent}{}\n", span_text(told, span)));
        }
        if block.spans.len() > SHOWN {
            let left = block.spans.len() - SHOWN;
            text.push_str(&format!("{indent}and {left} more spans, which `--format json` lists\n"));
        }
    }
    if told.cut {
        text.push_str(&format!(
            "\ncut at {}: more changes after it than are looked at in one go; ask for that time by itself with `--from`\n",
            told.until
        ));
    }
    text
}

fn span_text(told: &TimelineTold, span: &HeldSpanTold) -> String {
    let time = if span.from == told.from && span.until == told.until {
        "all the time".to_owned()
    } else {
        format!("{} to {}", span.from, span.until)
    };
    match span.held.text().as_str() {
        "always" => time,
        conditions => format!("{time}  {conditions}"),
    }
}

/// What lies ahead, for people.
#[must_use]
pub fn ahead_text(told: &AheadTold) -> String {
    let count = match told.turns.len() {
        0 => "nothing changes".to_owned(),
        1 => "rights change once".to_owned(),
        more => format!("rights change {more} times"),
    };
    let mut text = format!("by the dates of `{}`, {count} between {} and {}", told.org, told.from, told.until);
    text.push_str(if told.turns.is_empty() { "\n" } else { ":\n" });
    for turn in &told.turns {
        text.push_str(&format!("\n{}\n", turn.at));
        for (word, blocks) in [("gain", &turn.gained), ("lose", &turn.lost), ("go on with", &turn.changed)] {
            let mut last = None;
            for block in blocks {
                if last != Some(&block.subjects) {
                    text.push_str(&format!("  {} {}\n", block.subjects.text(), verb(word, block.subjects.count)));
                }
                last = Some(&block.subjects);
                text.push_str(&turn_text(block));
            }
        }
    }
    text
}

fn verb(word: &str, count: u64) -> String {
    match (word, count) {
        ("go on with", 1) => "goes on with".to_owned(),
        (word, 1) => format!("{word}s"),
        (word, _) => word.to_owned(),
    }
}

fn turn_text(block: &TurnBlockTold) -> String {
    let mut text = format!("      {}\n          on {}\n", block.capabilities.join(", "), block.resources.text());
    let words = |held: &Option<HeldTold>| held.as_ref().map(HeldTold::text);
    match (words(&block.before), words(&block.after)) {
        (Some(before), Some(after)) => text.push_str(&format!("          {after}; before: {before}\n")),
        (Some(only), None) | (None, Some(only)) if only != "always" => text.push_str(&format!("          {only}\n")),
        _ => {}
    }
    text
}
