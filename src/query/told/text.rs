//! An answer to `why` as text for people. In: what was told. Out: lines, indented by what belongs to what.

use std::fmt::Write as _;

use super::changes::{CellsTold, EditTold};
use super::names::in_words;
use super::why::{GivenTold, ObstacleTold, Step, WhyTold};

/// How many grants and denials are written out; of the others the name is told.
const WHOLE: usize = 5;
/// How many other grants and denials are named.
const NAMED: usize = 10;

/// Lines with their indents.
#[derive(Default)]
struct Lines {
    text: String,
}

impl Lines {
    fn line(&mut self, depth: usize, text: impl AsRef<str>) {
        let _ = writeln!(self.text, "{:1$}{2}", "", depth * 2, text.as_ref());
    }

    /// Lines whose second column begins in the same place.
    fn columns(&mut self, depth: usize, rows: &[(String, String)]) {
        let width = rows.iter().map(|(left, _)| left.chars().count()).max().unwrap_or(0);
        for (left, right) in rows {
            let line = format!("{left:width$}  {right}");
            self.line(depth, line.trim_end());
        }
    }
}

/// An answer in words, lines that end in a newline.
#[must_use]
pub fn why_text(told: &WhyTold) -> String {
    let mut lines = Lines::default();
    let WhyTold { yes, subject, capability, resource, .. } = told;
    let (answer, may) = if *yes { ("yes", "may") } else { ("no", "may not") };
    lines.line(0, format!("{answer}: `{subject}` {may} `{capability}` on `{resource}`"));
    body(&mut lines, 1, told);
    if let Some(maker) = &told.maker {
        lines.line(0, "");
        lines.line(0, format!("made by `{}`, whose dates alone count:", maker.user));
        for part in [&maker.shares, &maker.holds] {
            let holds = if part.yes { "holds" } else { "does not hold" };
            lines.line(1, format!("{holds} `{}` on `{}`", part.capability, part.resource));
            body(&mut lines, 2, part);
        }
    }
    edits(&mut lines, told);
    lines.text
}

fn body(lines: &mut Lines, depth: usize, told: &WhyTold) {
    for owned in &told.ownership {
        let what =
            if owned.resource == "org" { "the organisation".to_owned() } else { format!("`{}`", owned.resource) };
        lines.line(depth, format!("owns {what}  {}", owned.place.text()));
        lines.line(depth + 1, "an owner holds everything there: no grant is needed, and no denial or `exclude` counts");
    }
    if !told.obstacles.is_empty() {
        lines.line(depth, "in the way:");
        lines.columns(depth + 1, &told.obstacles.iter().map(obstacle).collect::<Vec<_>>());
    }
    let (now, later): (Vec<&GivenTold>, Vec<&GivenTold>) = told.grants.iter().partition(|given| given.holds);
    if told.yes && told.derivations > 1 {
        lines.line(depth, format!("in {} ways:", told.derivations));
    }
    given(lines, depth, "given by the", &now);
    given(lines, depth, if told.yes { "also, at other times, by the" } else { "given, and not now, by the" }, &later);
    let (now, later): (Vec<&GivenTold>, Vec<&GivenTold>) = told.denials.iter().partition(|denied| denied.holds);
    given(lines, depth, "denied by the", &now);
    given(lines, depth, "denied at other times by the", &later);
    near(lines, depth, told);
}

fn obstacle(told: &ObstacleTold) -> (String, String) {
    (told.text.clone(), told.place.as_ref().map(super::names::PlaceTold::text).unwrap_or_default())
}

fn given(lines: &mut Lines, depth: usize, word: &str, all: &[&GivenTold]) {
    for given in all.iter().take(WHOLE) {
        let denial = word.starts_with("denied");
        let name = given.grant.text(denial);
        let place = if given.grant.id.is_some() { format!("  {}", given.grant.place.text()) } else { String::new() };
        lines.line(depth, format!("{word} {name}{place}"));
        let mut rows = Vec::new();
        for (number, route) in given.subject.iter().enumerate() {
            if number > 0 {
                rows.push(("or".to_owned(), String::new()));
            }
            rows.extend(route.steps.iter().map(|one| step(one, denial)));
            if let Some(when) = &route.when {
                rows.push((format!("holds {}", in_words(when)), String::new()));
            }
            rows.extend(route.unmet.iter().map(obstacle).map(|(text, place)| (format!("but {text}"), place)));
        }
        more(&mut rows, given.subject_routes, given.subject.len());
        for steps in given.resource.iter().chain(&given.capability) {
            rows.extend(steps.iter().map(|one| step(one, denial)));
        }
        more(&mut rows, given.capability_routes, given.capability.len());
        lines.columns(depth + 1, &rows);
    }
    let rest = all.iter().skip(WHOLE);
    for given in rest.clone().take(NAMED) {
        lines.line(depth, format!("{word} {}", given.grant.text(false)));
    }
    let left = rest.count().saturating_sub(NAMED);
    if left > 0 {
        lines.line(depth, format!("{word} {left} more"));
    }
}

fn more(rows: &mut Vec<(String, String)>, total: u64, shown: usize) {
    let left = total.saturating_sub(shown as u64);
    if left > 0 {
        let count =
            if total == u64::MAX { "more ways than can be counted".into() } else { format!("{left} more ways") };
        rows.push((format!("or in {count}"), String::new()));
    }
}

fn step(step: &Step, denial: bool) -> (String, String) {
    let name = |text: &str| match text.strip_prefix("grant ") {
        Some(_) => if denial { "this denial" } else { "this grant" }.to_owned(),
        None => match text.strip_prefix("role ") {
            Some(role) => format!("the role `{role}`"),
            None => format!("`{text}`"),
        },
    };
    (format!("{} {} {}", name(&step.from), step.by, name(&step.to)), step.place.text())
}

fn near(lines: &mut Lines, depth: usize, told: &WhyTold) {
    if told.near.is_empty() {
        return;
    }
    lines.line(depth, "grants that come near:");
    for near in &told.near {
        let place = if near.grant.id.is_some() { format!("  {}", near.grant.place.text()) } else { String::new() };
        lines.line(depth + 1, format!("{}{place}", near.grant.text(false)));
        lines.columns(depth + 2, &near.misses.iter().map(obstacle).collect::<Vec<_>>());
    }
    if told.more_near > 0 {
        lines.line(depth + 1, format!("and {} more", told.more_near));
    }
}

fn edits(lines: &mut Lines, told: &WhyTold) {
    if told.edits.is_empty() {
        if told.obstacles.iter().any(|one| one.kind.ends_with("_unknown")) {
            lines.line(0, "");
            lines.line(
                0,
                "while the time or the address is not known, no edit is sure to give it: say `--at`, `--address`",
            );
        }
        return;
    }
    lines.line(0, "");
    lines.line(0, if told.yes { "what would take it away:" } else { "what would give it:" });
    for (number, edit) in told.edits.iter().enumerate() {
        for (at, change) in edit.changes.iter().enumerate() {
            let bullet = if at == 0 { format!("{}.", number + 1) } else { "  ".to_owned() };
            let and = if at == 0 { "" } else { "and " };
            let place = change.place.as_ref().map(|place| format!("  {}", place.text())).unwrap_or_default();
            let yaml = change.yaml.as_ref().map(|yaml| format!(": {yaml}")).unwrap_or_default();
            lines.line(1, format!("{bullet:3} {and}{}{yaml}{place}", change.text));
        }
        lines.line(3, effect(edit));
    }
    let more = if told.more_edits > 0 {
        format!("{} more {} found", told.more_edits, if told.more_edits == 1 { "was" } else { "were" })
    } else {
        String::new()
    };
    let rest = if told.all_edits_tried { "" } else { "not every possible edit was tried" };
    let rest: Vec<&str> = [more.as_str(), rest].into_iter().filter(|text| !text.is_empty()).collect();
    if !rest.is_empty() {
        lines.line(1, rest.join("; "));
    }
}

/// What an edit does beside.
fn effect(edit: &EditTold) -> String {
    let count = |number: u64, word: &str| format!("{number} {word}{}", if number == 1 { "" } else { "s" });
    let cells = |cells: &CellsTold, verb: &str| {
        let number = cells.capabilities.len() as u64;
        let capabilities = match &cells.capabilities[..] {
            [only] => format!("`{only}`"),
            _ => format!("{number} capabilities"),
        };
        let whole = cells.subjects.saturating_mul(number).saturating_mul(cells.resources) == cells.rights;
        let between = if whole { " × " } else { ", " };
        let of = [count(cells.subjects, "subject"), capabilities, count(cells.resources, "resource")].join(between);
        (cells.rights > 0).then(|| format!("{verb} {}: {of}", count(cells.rights, "other right")))
    };
    let parts =
        [cells(&edit.gained, "gives"), cells(&edit.lost, "takes"), cells(&edit.changed, "changes the conditions of")];
    let parts: Vec<String> = parts.into_iter().flatten().collect();
    if parts.is_empty() { "and nothing else".to_owned() } else { parts.join("; ") }
}
