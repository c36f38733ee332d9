//! `capabilities`: every capability, with its class and the kinds of resource to which it applies.

use camgrant::vocabulary::{Capability, vocabulary};
use serde_json::json;

use crate::cli::common::{Common, Format};
use crate::cli::exit::{Failure, Status};
use crate::cli::output;

/// List the capabilities, with their classes and the kinds of resource they apply to
#[derive(Debug, clap::Args)]
#[command(after_long_help = "Examples:\n  \
    camgrant capabilities\n  \
    camgrant capabilities --format json")]
pub(crate) struct Args {}

pub(crate) fn run(common: &Common) -> Result<Status, Failure> {
    let capabilities = vocabulary().capabilities();
    if common.format == Format::Json {
        output::print_json(&(0..capabilities.len()).map(as_json).collect::<Vec<_>>())?;
    } else {
        let table = columns(["CAPABILITY", "CLASS", "APPLIES TO", "LETS ONE"], capabilities.iter().map(row));
        output::print_text(&table)?;
    }
    Ok(Status::Clean)
}

fn row(capability: &Capability) -> [String; 4] {
    let kinds: Vec<_> = capability.applies_to.iter().map(|kind| kind.name()).collect();
    [capability.name.clone(), capability.class.name().to_owned(), kinds.join(", "), capability.meaning.clone()]
}

/// The capability with this number, which comes from the vocabulary.
pub(super) fn as_json(number: usize) -> serde_json::Value {
    let capability = &vocabulary().capabilities()[number];
    let kinds: Vec<_> = capability.applies_to.iter().map(|kind| kind.name()).collect();
    json!({
        "name": capability.name,
        "class": capability.class.name(),
        "applies_to": kinds,
        "meaning": capability.meaning,
    })
}

/// Rows under a heading, in columns two spaces apart; the last one is as wide as it is.
pub(super) fn columns<const N: usize>(heading: [&str; N], rows: impl Iterator<Item = [String; N]>) -> String {
    let rows: Vec<[String; N]> = std::iter::once(heading.map(str::to_owned)).chain(rows).collect();
    let mut widths = [0; N];
    for row in &rows {
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = cell.chars().count().max(*width);
        }
    }
    let mut text = String::new();
    for row in &rows {
        let cells = row.iter().zip(widths).map(|(cell, width)| format!("{cell:width$}"));
        text += cells.collect::<Vec<_>>().join("  ").trim_end();
        text.push('\n');
    }
    text
}
