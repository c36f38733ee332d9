//! All pages as one Markdown document, `docs/diagnostics.md`: errors by family, then lints with their levels.

use std::fmt::Write;

use super::all;
use crate::diagnostics::{Level, Rule};

/// How the codes of a family begin, and what it is about.
const FAMILIES: [(&str, &str); 9] = [
    ("CG00", "Files"),
    ("CG01", "YAML"),
    ("CG02", "Shape"),
    ("CG03", "Names"),
    ("CG04", "Inheritance"),
    ("CG05", "Meaning"),
    ("CG06", "Tests of a policy"),
    ("CG07", "Review of a change"),
    ("CG1", "Lints"),
];

/// The document.
#[must_use]
pub fn document() -> String {
    let mut text = String::from(
        "# Diagnostics\n\nEvery error and lint that camgrant reports, each with an example that raises it and its mend. \
         `camgrant explain CODE` prints one page of this document, `camgrant explain --all` all of it: it is made from the \
         pages beside the code, and not written by hand. What all of them have in common is told in \
         [commands.md](commands.md#diagnostics).\n",
    );
    let families: Vec<(&str, Vec<&Rule>)> = FAMILIES
        .into_iter()
        .map(|(prefix, title)| (title, all().filter(|rule| rule.code.starts_with(prefix)).collect()))
        .filter(|(_, rules): &(_, Vec<_>)| !rules.is_empty())
        .collect();
    for (title, rules) in &families {
        contents(title, rules, &mut text);
    }
    for (title, rules) in &families {
        line(&mut text, &format!("\n## {title}\n"));
        rules.iter().for_each(|rule| page(rule, &mut text));
    }
    text
}

/// The list of a family. Lints have names and levels.
fn contents(title: &str, rules: &[&Rule], text: &mut String) {
    let are_lints = rules.iter().any(|rule| rule.name.is_some());
    line(text, &format!("\n**[{title}](#{})**\n", anchor(title)));
    line(
        text,
        if are_lints {
            "| code | name | level | reports |\n|---|---|---|---|"
        } else {
            "| code | reports |\n|---|---|"
        },
    );
    for rule in rules {
        let link = format!("[{}](#{})", rule.code, anchor(&headline(rule)));
        let reports = rule.title().replace('|', "\\|");
        line(
            text,
            &match rule.name {
                Some(name) => format!("| {link} | `{name}` | {} | {reports} |", word(rule.level)),
                None => format!("| {link} | {reports} |"),
            },
        );
    }
}

/// A page, with its headings below that of its family.
fn page(rule: &Rule, text: &mut String) {
    let mut in_fence = false;
    line(text, &format!("\n### {}\n", headline(rule)));
    if let Some(name) = rule.name {
        line(text, &format!("Lint `{name}`, by default `{}`.\n", word(rule.level)));
    }
    for written in rule.page.trim_end().lines().skip(1).skip_while(|line| line.is_empty()) {
        in_fence ^= written.starts_with("```");
        match written.strip_prefix("## ").filter(|_| !in_fence) {
            Some(heading) => line(text, &format!("#### {heading}")),
            None => line(text, written),
        }
    }
}

fn headline(rule: &Rule) -> String {
    format!("{}: {}", rule.code, rule.title())
}

fn line(text: &mut String, line: &str) {
    // a string takes everything
    let _ = writeln!(text, "{line}");
}

/// A level as people write it.
fn word(level: Level) -> &'static str {
    match level {
        Level::Allow => "allow",
        Level::Warn => "warn",
        Level::Deny => "deny",
    }
}

/// What a heading is called in a link.
fn anchor(heading: &str) -> String {
    let kept = heading.to_lowercase().replace(' ', "-");
    kept.chars().filter(|c| c.is_alphanumeric() || "-_".contains(*c)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_rule_is_in_one_family() {
        for rule in all() {
            let families = FAMILIES.iter().filter(|(prefix, _)| rule.code.starts_with(prefix)).count();
            assert_eq!(families, 1, "{}", rule.code);
        }
        let document = document();
        assert_eq!(document.matches("\n### CG").count(), all().count());
    }
}
