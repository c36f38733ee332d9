//! `explain`: the page of a diagnostic or lint, or the list of all of them.

use camgrant::catalogue;
use camgrant::diagnostics::{Level, Rule, did_you_mean};
use serde_json::json;

use crate::cli::common::{Common, Format, Stream};
use crate::cli::exit::{Failure, Status};
use crate::cli::output;

/// Explain a diagnostic or lint, or list them all
#[derive(Debug, clap::Args)]
#[command(after_long_help = "Examples:\n  \
    camgrant explain CG1001\n  \
    camgrant explain view-over-denied\n  \
    camgrant explain")]
pub(crate) struct Args {
    /// The code of a diagnostic, or the name of a lint; without it, all are listed
    #[arg(value_name = "CODE|NAME")]
    name: Option<String>,
    /// Print the pages of all as one Markdown document
    #[arg(long, conflicts_with = "name")]
    all: bool,
}

pub(crate) fn run(args: &Args, common: &Common) -> Result<Status, Failure> {
    if args.all {
        output::print_text(&catalogue::document())?;
        return Ok(Status::Clean);
    }
    match &args.name {
        None if common.format == Format::Json => {
            output::print_json(&catalogue::all().map(as_json).collect::<Vec<_>>())?
        }
        None => output::print_text(&list())?,
        Some(name) => {
            let rule = catalogue::find(name).ok_or_else(|| unknown(name))?;
            match common.format {
                Format::Json => {
                    let mut page = as_json(rule);
                    page["page"] = rule.page.into();
                    output::print_json(&page)?;
                }
                _ if common.colored(Stream::Stdout) => output::print_text(&styled(rule.page))?,
                _ => output::print_text(&format!("{}\n", rule.page.trim_end()))?,
            }
        }
    }
    Ok(Status::Clean)
}

fn unknown(name: &str) -> Failure {
    let known = catalogue::all().flat_map(|rule| [Some(rule.code), rule.name]).flatten();
    let upper = name.to_ascii_uppercase();
    let near = if upper.starts_with("CG") { None } else { did_you_mean(name, known) };
    Failure::new(format!("no diagnostic or lint is called `{name}`"))
        .help(near.or_else(|| Some("`camgrant explain` lists them all".to_owned())))
}

fn list() -> String {
    let mut text = String::new();
    for rule in catalogue::all() {
        text += &match rule.name {
            None => format!("{}  {}\n", rule.code, rule.title()),
            Some(name) => format!("{}  {name} [{}]: {}\n", rule.code, word(rule.level), rule.title()),
        };
    }
    text
}

fn word(level: Level) -> &'static str {
    match level {
        Level::Allow => "allow",
        Level::Warn => "warn",
        Level::Deny => "deny",
    }
}

fn as_json(rule: &Rule) -> serde_json::Value {
    json!({ "code": rule.code, "name": rule.name, "level": word(rule.level), "title": rule.title() })
}

const BOLD: &str = "\u{1b}[1m";
const DIM: &str = "\u{1b}[2m";
const CYAN: &str = "\u{1b}[36m";
const PLAIN: &str = "\u{1b}[0m";

/// Markdown with light styling: headings stand out, examples stand back.
fn styled(page: &str) -> String {
    let mut text = String::new();
    let mut in_example = false;
    for line in page.lines() {
        if line.trim_start().starts_with("```") {
            in_example = !in_example;
            continue;
        }
        let line = if in_example {
            format!("    {CYAN}{line}{PLAIN}")
        } else if let Some(heading) = line.strip_prefix('#') {
            format!("{BOLD}{}{PLAIN}", heading.trim_start_matches('#').trim_start())
        } else {
            names(line)
        };
        text += line.trim_end();
        text.push('\n');
    }
    text
}

/// Names in backticks stand out.
fn names(line: &str) -> String {
    let parts: Vec<&str> = line.split('`').collect();
    if parts.len().is_multiple_of(2) {
        return line.to_owned(); // one backtick too many
    }
    let style = |(number, part): (usize, &&str)| {
        if number % 2 == 1 { format!("{CYAN}{part}{PLAIN}") } else { (*part).to_owned() }
    };
    let styled: String = parts.iter().enumerate().map(style).collect();
    if line.starts_with('>') { format!("{DIM}{styled}{PLAIN}") } else { styled }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headings_names_and_examples_are_told_apart() {
        let page = "# CG0301: unknown\n\nThe `x`.\n\n```yaml\na: 1\n```\none ` tick\n";
        assert_eq!(
            styled(page),
            "\u{1b}[1mCG0301: unknown\u{1b}[0m\n\nThe \u{1b}[36mx\u{1b}[0m.\n\n    \u{1b}[36ma: 1\u{1b}[0m\none ` tick\n"
        );
    }
}
