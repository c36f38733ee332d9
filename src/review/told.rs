//! The outcome of a review as plain data that goes to JSON as it is, and as text: for a terminal, and for a comment on a
//! pull request.

use std::fmt::Write as _;

use schemars::JsonSchema;
use serde::Serialize;

use super::findings::{Shown, names};
use super::{Approvals, Review};
use crate::diff::told::DiffTold;
use crate::query::told::PlaceTold;
use crate::source::Places;

/// What `camgrant review` prints as JSON.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct ReviewTold {
    /// Who made the change.
    pub author: String,
    /// Whose approval was taken into account.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schemars(default)]
    pub approved_by: Vec<String>,
    /// Whether the change may be made.
    pub allowed: bool,
    /// What is missing, by code and place.
    pub violations: Vec<ViolationTold>,
    /// Whose approval would let it pass; none where nothing is missing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub approvals: Option<ApprovalsTold>,
    /// Approvals that do not count, and why.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schemars(default)]
    pub notes: Vec<String>,
    /// The rights that differ, as `camgrant diff` tells them.
    pub diff: DiffTold,
}

/// What is missing for one change.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[schemars(rename = "Violation")]
pub struct ViolationTold {
    /// The code of the rule.
    pub code: String,
    /// The organisation.
    pub org: String,
    /// What was found.
    pub message: String,
    /// Where: the change, in the new policy where it is there.
    pub place: PlaceTold,
    /// What is needed: each of these.
    pub missing: Vec<String>,
    /// Users who hold all of it by the old policy, and whose word counts.
    pub held_by: Vec<String>,
}

/// Whose approval would let a change pass.
#[derive(Clone, Debug, Default, Serialize, JsonSchema)]
#[schemars(rename = "Approvals")]
pub struct ApprovalsTold {
    /// Users, each of whom alone would do.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schemars(default)]
    pub any_of: Vec<String>,
    /// Where none alone would: some who would do together.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schemars(default)]
    pub together: Vec<String>,
}

/// Tells a review, with its findings and the difference in rights.
#[must_use]
pub fn tell(review: &Review, shown: &Shown, author: &str, approved_by: &[String], diff: DiffTold) -> ReviewTold {
    let mut places = Places::new(&shown.sources);
    let mut violations: Vec<ViolationTold> = Vec::new();
    for (finding, number) in shown.findings.iter().zip(&shown.of) {
        let found = review.violations.get(*number);
        let (file, at) = places.locate(finding.span);
        violations.push(ViolationTold {
            code: finding.rule.code.to_owned(),
            org: found.map(|one| one.org.clone()).unwrap_or_default(),
            message: finding.message.clone(),
            place: PlaceTold { file: file.to_owned(), line: at.line, column: at.column },
            missing: found.map(|one| one.missing.clone()).unwrap_or_default(),
            held_by: found.map(|one| one.holders.clone()).unwrap_or_default(),
        });
    }
    let Approvals { any_of, together, .. } = review.approvals.clone();
    let allowed = review.violations.is_empty();
    ReviewTold {
        author: author.to_owned(),
        approved_by: approved_by.to_vec(),
        allowed,
        violations,
        approvals: (!allowed).then_some(ApprovalsTold { any_of, together }),
        notes: review.notes.clone(),
        diff,
    }
}

/// The verdict in a few lines: whether it may be made, and who could approve.
#[must_use]
pub fn review_text(told: &ReviewTold) -> String {
    let mut text = String::new();
    let by = match told.approved_by.as_slice() {
        [] => String::new(),
        approvers => format!(" with the approval of {}", names(approvers)),
    };
    let verdict = if told.allowed { "may make this change" } else { "may not make this change" };
    let _ = writeln!(text, "`{}` {verdict}{by}", told.author);
    told.notes.iter().for_each(|note| _ = writeln!(text, "note: {note}"));
    if let Some(approvals) = &told.approvals {
        let _ = writeln!(text, "{}", approvals.text());
    }
    text
}

impl ApprovalsTold {
    /// Whose approval would do, in a line.
    #[must_use]
    pub fn text(&self) -> String {
        if !self.any_of.is_empty() {
            return format!("the approval of {} would let it pass", names(&self.any_of));
        }
        if !self.together.is_empty() {
            let all: Vec<String> = self.together.iter().map(|user| format!("`{user}`")).collect();
            return format!("the approvals of {}, together, would let it pass", all.join(" and "));
        }
        "no approval would let it pass: something is missing that nobody else holds".to_owned()
    }
}

/// The choices of approvers, one line each: users behind each other on a line must all approve. Nothing where none would do
/// or none is needed.
#[must_use]
pub fn approvers_text(review: &Review) -> String {
    let Approvals { any_of, together, .. } = &review.approvals;
    let mut text: String = any_of.iter().map(|user| format!("{user}\n")).collect();
    if !together.is_empty() {
        let _ = writeln!(text, "{}", together.join(" "));
    }
    text
}

/// For a comment on a pull request, at most so many characters long.
#[must_use]
pub fn review_markdown(told: &ReviewTold, limit: usize) -> String {
    let mut text = String::new();
    let verdict = if told.allowed { "allowed" } else { "not allowed" };
    let _ = writeln!(text, "### camgrant review: {verdict}\n");
    let by = match told.approved_by.as_slice() {
        [] => String::new(),
        approvers => format!(", approved by {}", code(&approvers.join(", "))),
    };
    let _ = writeln!(
        text,
        "Author {}{by}. {} gained, {} lost, {} under other conditions.\n",
        code(&told.author),
        told.diff.counts.gained,
        told.diff.counts.lost,
        told.diff.counts.changed
    );
    if let Some(approvals) = &told.approvals {
        let _ = writeln!(text, "**{}**\n", capital(&approvals.text()));
    }
    told.notes.iter().for_each(|note| _ = writeln!(text, "{}\n", escaped(note)));
    if told.violations.is_empty() {
        return text;
    }
    let _ = writeln!(text, "| where | what is missing | held by |\n|---|---|---|");
    let rest = |left: usize| format!("\n{left} more are not shown here.\n");
    for (number, one) in told.violations.iter().enumerate() {
        let place = format!("{}:{}", one.place.file, one.place.line);
        let held = if one.held_by.is_empty() { "nobody".to_owned() } else { names(&one.held_by) };
        let row = format!("| {} | {}: {} | {} |\n", code(&place), one.code, escaped(&one.message), escaped(&held));
        let left = told.violations.len() - number;
        if text.chars().count() + row.chars().count() + rest(left).len() > limit {
            text.push_str(&rest(left));
            return text;
        }
        text.push_str(&row);
    }
    text
}

/// Text that cannot leave its cell, start a line, or mention anybody.
fn escaped(text: &str) -> String {
    let mut out = String::new();
    let mut in_code = false;
    for c in text.chars() {
        in_code ^= c == '`';
        match c {
            '|' => out.push_str("\\|"),
            '<' if !in_code => out.push_str("&lt;"),
            '>' if !in_code => out.push_str("&gt;"),
            '@' if !in_code => out.push_str("&#64;"),
            c if c.is_control() => out.push(' '),
            c => out.push(c),
        }
    }
    out
}

fn code(text: &str) -> String {
    let clean: String = text.chars().map(|c| if c == '`' || c.is_control() { ' ' } else { c }).collect();
    format!("`{}`", clean.replace('|', "\\|"))
}

fn capital(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}
