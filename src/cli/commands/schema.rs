//! `schema`: the JSON Schemas of what goes in and what comes out.

use clap::ValueEnum;

use crate::cli::exit::{Failure, Status};
use crate::cli::output;

/// Print a JSON Schema (draft 2020-12)
#[derive(Debug, clap::Args)]
#[command(after_long_help = "Examples:\n  \
    camgrant schema > policy.schema.json\n  \
    camgrant schema table")]
pub(crate) struct Args {
    /// Of what
    #[arg(value_enum, default_value = "policy", value_name = "WHAT")]
    what: What,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum What {
    /// The files of a policy
    Policy,
    /// What `compile` writes
    Table,
    /// The manifest, `camgrant.yaml`
    Manifest,
    /// What `--format json` writes
    Diagnostics,
    /// What `why --format json` writes
    Why,
    /// What `check --write-baseline` writes
    Baseline,
    /// What `who --format json` and `what --format json` write
    Holders,
    /// What `who --history --format json` writes
    History,
    /// What `bisect --format json` writes
    Bisect,
    /// What `timeline SUBJECT --format json` writes
    Timeline,
    /// What `timeline --format json` writes
    Ahead,
    /// What `test --format json` writes
    Tests,
    /// What `diff --format json` writes
    Diff,
    /// What `merge-check --format json` writes
    Merge,
    /// What `review --format json` writes
    Review,
}

pub(crate) fn run(args: &Args) -> Result<Status, Failure> {
    output::print_json(&match args.what {
        What::Policy => camgrant::schema::policy(),
        What::Table => camgrant::schema::table(),
        What::Manifest => camgrant::schema::manifest(),
        What::Diagnostics => camgrant::schema::diagnostics(),
        What::Why => camgrant::schema::why(),
        What::Baseline => camgrant::schema::baseline(),
        What::Holders => camgrant::schema::holders(),
        What::History => camgrant::schema::history(),
        What::Bisect => camgrant::schema::bisect(),
        What::Timeline => camgrant::schema::timeline(),
        What::Ahead => camgrant::schema::ahead(),
        What::Tests => camgrant::schema::tests(),
        What::Diff => camgrant::schema::diff(),
        What::Merge => camgrant::schema::merge(),
        What::Review => camgrant::schema::review(),
    })?;
    Ok(Status::Clean)
}
