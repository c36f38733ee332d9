//! The page of a system, as `docs/systems` has it: the topics with their cases told in words.

use std::collections::BTreeMap;
use std::fmt::Write;

use crate::judge::{Statement, statements};
use crate::matrix::{Cell, Matrix};
use crate::policy::{ADD, Edits};
use crate::topic::{Case, Kind, Part, Topic};

/// Writes the page of a system from its topics; the first is its beginning, and names it.
pub(crate) fn page(folder: &str, topics: &[Topic]) -> String {
    let mut page = format!("<!-- Made from tests/systems/{folder}; tests/systems/README.md says how. -->\n\n");
    for (number, topic) in topics.iter().enumerate() {
        let level = if number == 0 { "#" } else { "##" };
        page += &format!("{level} {}\n", topic.title);
        for part in &topic.parts {
            page += &match part {
                Part::Prose(prose) => deeper(prose),
                Part::Policy(policy) => format!("```yaml policy\n{}```\n", policy.text),
                Part::Shown(fence) => format!("```{}\n{}```\n", fence.info, fence.text),
                Part::Cases(cases) => cases.iter().map(case).collect(),
                Part::Matrix(matrix) => table(matrix),
            };
        }
        if number == 0 {
            page = page.trim_end().to_owned() + "\n\n" + &contents(topics);
        }
        page = page.trim_end().to_owned() + "\n\n";
    }
    page + &index(topics)
}

/// Headings inside of a topic stand below its title.
fn deeper(prose: &str) -> String {
    prose.lines().map(|line| if line.starts_with("##") { format!("#{line}\n") } else { format!("{line}\n") }).collect()
}

fn contents(topics: &[Topic]) -> String {
    let topics = topics.iter().skip(1).map(|topic| format!("- [{}](#{})\n", topic.title, anchor(&topic.title)));
    let last = [
        "- [Where each statement is](#where-each-statement-is)\n".to_owned(),
        "\nHow to read the lines below a statement is said [here](README.md#how-to-read-a-page).\n".to_owned(),
    ];
    topics.chain(last).collect()
}

/// The name of a heading in a link.
fn anchor(heading: &str) -> String {
    let kept = heading.to_lowercase().replace(' ', "-");
    kept.chars().filter(|c| c.is_alphanumeric() || "-_".contains(*c)).collect()
}

/// A case as an item of a list: what the system says, and below it what follows here.
fn case(case: &Case) -> String {
    let said = case.statements.iter().map(|(id, words)| format!("**{id}** {words}"));
    let mut text = format!("- {}\n", said.chain(case.also.clone()).collect::<Vec<_>>().join(" "));
    if !case.expect.is_empty() {
        text += &format!("  - {}\n", consequence(case));
    }
    if let Some((kind, reason)) = &case.reason {
        text += &format!("  - *{}:* {reason}\n", kind.words());
    }
    text
}

/// `can …`, and not with `x` in place of `y`.
fn consequence(case: &Case) -> String {
    let code = |lines: &[crate::expect::Expectation]| {
        lines.iter().map(|line| format!("`{}`", line.text)).collect::<Vec<_>>().join(", ")
    };
    let mut text = String::new();
    if !case.change.0.is_empty() {
        text += &format!("{}: ", capital(&edits(&case.change)));
    }
    text += &code(&case.expect);
    if !case.turn.0.is_empty() {
        text += &format!("; the opposite {}", edits(&case.turn));
    }
    if !case.and.is_empty() {
        text += &format!("; either way {}", code(&case.and));
    }
    text
}

fn edits(edits: &Edits) -> String {
    let mut words: Vec<String> = edits.0.iter().map(|(old, new)| edit(old, new)).collect();
    words.dedup();
    words.join(" and ")
}

/// What an edit does, without what it leaves as it is: `with sharing: false`.
fn edit(old: &str, new: &str) -> String {
    let (old, new) = (line(old), line(new));
    if old == ADD {
        return format!("with `{new}`");
    }
    // without commas at the ends, and without brackets of which the other half is elsewhere
    let bare = |text: &str| {
        let torn = text.matches('[').count() != text.matches(']').count();
        text.trim_matches(|c| c == ',' || c == ' ' || (torn && (c == '[' || c == ']'))).to_owned()
    };
    if let Some(added) = new.strip_prefix(&old) {
        return format!("with `{}`", bare(added));
    }
    let (old_words, new_words): (Vec<&str>, Vec<&str>) = (old.split(' ').collect(), new.split(' ').collect());
    let most = old_words.len().min(new_words.len());
    let same = |pairs: &mut dyn Iterator<Item = (&&str, &&str)>| pairs.take_while(|(a, b)| bare(a) == bare(b)).count();
    let first = same(&mut old_words.iter().zip(&new_words));
    let last = same(&mut old_words.iter().rev().zip(new_words.iter().rev()).take(most - first));
    let gone = bare(&old_words[first..old_words.len() - last].join(" "));
    if first + last == new_words.len() || bare(&new).is_empty() {
        return format!("without `{gone}`");
    }
    // the key that both have in common tells what the new value is of
    let key = first.checked_sub(1).map(|at| old_words[at]).filter(|word| word.ends_with(':'));
    let come = bare(&new_words[first - usize::from(key.is_some())..new_words.len() - last].join(" "));
    let is_field =
        come.split_once(": ").is_some_and(|(key, _)| key.chars().all(|c| c.is_ascii_lowercase() || c == '_'));
    if gone.is_empty() || is_field { format!("with `{come}`") } else { format!("with `{come}` in place of `{gone}`") }
}

/// A text on one line.
fn line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn capital(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or(String::new(), |first| first.to_uppercase().chain(chars).collect())
}

fn table(matrix: &Matrix) -> String {
    let has_roles = matrix.rows.iter().any(|row| row.role.is_some());
    let mut heads = vec![""];
    heads.extend(has_roles.then_some("role"));
    heads.push("capability");
    heads.extend(matrix.columns.iter().map(|column| column.title.as_str()));
    let mut text = format!("| {} |\n|{}\n", heads.join(" | ").trim_start(), "---|".repeat(heads.len()));
    for row in &matrix.rows {
        let mut cells = vec![row.words.clone()];
        cells.extend(has_roles.then(|| row.role.as_ref().map_or(String::new(), |role| format!("`{role}`"))));
        cells.push(row.capabilities.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", "));
        cells.extend(row.cells.iter().map(|cell| match cell {
            Cell::Blank => String::new(),
            Cell::Is { yes, id } => {
                let word = if *yes { "**yes**" } else { "no" };
                let number = id.as_deref().and_then(|id| id.split_once('-')).map(|(_, number)| format!(" {number}"));
                word.to_owned() + &number.unwrap_or_default()
            }
        }));
        text += &format!("| {} |\n", cells.join(" | "));
    }
    match matrix.statements().first().and_then(|(id, _)| Some((id.clone(), id.split_once('-')?.1.to_owned()))) {
        Some((id, number)) => {
            text + &format!("\nThe number beside an answer is that of its statement: {number} is {id}.\n")
        }
        None => text,
    }
}

/// Where each statement stands, and how many of them are checked.
fn index(topics: &[Topic]) -> String {
    let all: Vec<Statement<'_>> = topics.iter().flat_map(statements).collect();
    let checked = all.iter().filter(|statement| statement.checked).count();
    let mut text = "## Where each statement is\n\n".to_owned();
    let _ =
        writeln!(text, "{checked} of {} statements are checked, and the change that turns each is made.\n", all.len());
    let mut kinds: BTreeMap<Kind, Vec<&str>> = BTreeMap::new();
    for statement in &all {
        if let Some(kind) = statement.kind {
            kinds.entry(kind).or_default().push(&statement.id);
        }
    }
    let mut rows: Vec<(String, String)> = Vec::new();
    for topic in topics {
        let ids: Vec<&str> =
            all.iter().filter(|statement| std::ptr::eq(statement.topic, topic)).map(|s| s.id.as_str()).collect();
        if !ids.is_empty() {
            rows.push((format!("[{}](#{})", topic.title, anchor(&topic.title)), ranges(&ids)));
        }
    }
    rows.extend(kinds.into_iter().map(|(kind, ids)| (kind.words().to_owned(), ranges(&ids))));
    text += "| topic | statements |\n|---|---|\n";
    text + &rows.iter().map(|(what, ids)| format!("| {what} | {ids} |\n")).collect::<String>()
}

/// `AGENT-01 to AGENT-05, AGENT-08`
fn ranges(ids: &[&str]) -> String {
    let number = |id: &str| id.rsplit('-').next().and_then(|number| number.parse::<u32>().ok()).unwrap_or_default();
    let mut ids = ids.to_vec();
    ids.sort_by_key(|id| number(id));
    let mut runs: Vec<(&str, &str)> = Vec::new();
    for id in ids {
        match runs.last_mut() {
            Some((_, last)) if number(last) + 1 == number(id) => *last = id,
            _ => runs.push((id, id)),
        }
    }
    let run = |(first, last): &(&str, &str)| match number(last) - number(first) {
        0 => (*first).to_owned(),
        1 => format!("{first}, {last}"),
        _ => format!("{first} to {last}"),
    };
    runs.iter().map(run).collect::<Vec<_>>().join(", ")
}
