//! `check`: everything short of writing.

use std::path::PathBuf;

use crate::cli::common::{Common, Stream};
use crate::cli::diagnose;
use crate::cli::exit::{Failure, Status};
use crate::cli::policy::PolicyOptions;

/// Report every error and lint of a policy, and write nothing
#[derive(Debug, clap::Args)]
#[command(after_long_help = "Examples:\n  \
    camgrant check policy/ --deny warnings\n  \
    camgrant check policy/ --format short --allow condition-not-covered\n  \
    cat policy.yaml | camgrant check -")]
pub(crate) struct Args {
    /// The policy: a folder or a file; `-` is standard input
    #[arg(default_value = ".", value_name = "POLICY")]
    policy: PathBuf,
    #[command(flatten)]
    options: PolicyOptions,
}

pub(crate) fn run(args: Args, common: &Common) -> Result<Status, Failure> {
    let all = args.options.all;
    let compiled = args.options.compile(&args.policy, common);
    diagnose::report(&compiled.diagnostics, &compiled.sources, &args.policy, all, common, Stream::Stdout)?;
    Ok(Status::of(&compiled.diagnostics))
}
