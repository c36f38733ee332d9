//! `bisect`: by which commit of a range a right was gained or lost.

use std::path::PathBuf;

use camgrant::query::told::bisect_text;

use crate::cli::bisection::{Asked, Bisection};
use crate::cli::common::{Common, Format, Stream};
use crate::cli::exit::{Failure, Status};
use crate::cli::git::Repository;
use crate::cli::output;
use crate::cli::policy::PolicyOptions;
use crate::cli::question::Question;
use crate::cli::request::RequestOptions;

/// Find the commit by which a right was gained or lost
///
/// Every commit of the range that changes the policy is judged, on the way of first parents: a pull request is its merge.
/// Without `--at` and `--address` a right is held that is held at some time, from somewhere; with one of them, as `can`
/// says. What was not declared then is not held. Revisions that do not compile are told and passed over. Exit status 1
/// where the answer is the same throughout.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "Examples:\n  \
    camgrant bisect ben@acme.example archive.export device:vault v1.0..main -p policy/\n  \
    camgrant bisect team:guards live.view all v1.0..v2.0 --format json")]
pub(crate) struct Args {
    /// Who: a user's id, `user:<id>`, `link:<id>`, or `team:<id>` for every user of the team
    #[arg(value_name = "SUBJECT")]
    subject: String,
    /// What: a capability, such as `live.view`
    #[arg(value_name = "CAPABILITY")]
    capability: String,
    /// On what: a resource, such as `device:gate`; or `all`, `unassigned` for every resource to which the capability
    /// applies
    #[arg(value_name = "RESOURCE")]
    resource: String,
    /// In which revisions: behind the first one, up to the second one, such as `v1.0..main`
    #[arg(value_name = "REV..REV")]
    range: String,
    /// The policy: a folder in a repository
    #[arg(long, short, default_value = ".", value_name = "POLICY")]
    policy: PathBuf,
    #[command(flatten)]
    request: RequestOptions,
    #[command(flatten)]
    options: PolicyOptions,
}

pub(crate) fn run(args: &Args, common: &Common) -> Result<Status, Failure> {
    let question = Question::read(&args.subject, &args.capability, &args.resource)?;
    let repository = Repository::open(&args.policy)?;
    let asked = Asked { question: &question, org: args.request.org.as_deref(), request: args.request.known() };
    let told = Bisection::new(&repository, asked, &args.options, common).run(&args.range)?;
    if let Some(note) = question.never().filter(|_| !common.quiet) {
        output::print(Stream::Stderr, |out| writeln!(out, "{note}"))?;
    }
    match common.format {
        Format::Json => output::print_json(&told)?,
        _ => output::print_text(&bisect_text(&told))?,
    }
    Ok(if told.turned.is_empty() { Status::Findings } else { Status::Clean })
}
