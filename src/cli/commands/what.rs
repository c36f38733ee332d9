//! `what`: what one can, as capabilities on sets of resources by the names that the policy has for them.

use std::path::PathBuf;

use camgrant::query::told::what_text;
use camgrant::query::{Asker, Frame, applying, everything};

use crate::cli::chosen::choose_rights;
use crate::cli::commands::who::asked;
use crate::cli::common::{Common, Format};
use crate::cli::exit::{Failure, Status};
use crate::cli::output;
use crate::cli::policy::{Answering, PolicyOptions};
use crate::cli::question::{What, read_resource, read_subject};
use crate::cli::request::RequestOptions;

/// Tell what a subject can do, where, and under which conditions
///
/// As capabilities on sets of resources: sites, groups, recorders and device groups, all but some where that is shorter.
/// Without `--at` and `--address` all that is held at some time from somewhere, with the conditions; with one of them what
/// `can` says yes to.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "Examples:\n  \
    camgrant what nina@acme.example -p policy/\n  \
    camgrant what team:guards site:hq -p policy/ --at 2026-11-28T23:00:00+01:00\n  \
    camgrant what link:dock-xmas -p policy/ --format json")]
pub(crate) struct Args {
    /// Who: a user's id, `user:<id>`, `link:<id>`, or `team:<id>` for the users of the team
    #[arg(value_name = "SUBJECT")]
    subject: String,
    /// Where: a resource and everything in its reach; by default everywhere
    #[arg(value_name = "RESOURCE")]
    resource: Option<String>,
    /// The policy: a folder or a file; `-` is standard input, `git:REV` the current folder at a revision
    #[arg(long, short, default_value = ".", value_name = "POLICY")]
    policy: PathBuf,
    /// Tell also which grant gives what, and which denial takes it
    #[arg(long)]
    by_grant: bool,
    #[command(flatten)]
    request: RequestOptions,
    #[command(flatten)]
    options: PolicyOptions,
}

pub(crate) fn run(args: Args, common: &Common) -> Result<Status, Failure> {
    let subject = read_subject(&args.subject)?;
    let what = args.resource.as_deref().map(read_resource).transpose()?;
    let Answering { sources, policy, .. } = args.options.ask(&args.policy, common)?;
    let rights = choose_rights(&policy, args.request.org.as_deref())?;
    let resources = match &what {
        Some(what) => what.reach(rights)?,
        None => everything(rights),
    };
    let frame = Frame {
        subjects: subject.meant(rights)?,
        capabilities: applying(rights, &resources),
        request: args.request.known(),
        resources,
    };
    let told = Asker { rights, sources: &sources }.holders(&frame, args.by_grant);
    match common.format {
        Format::Json => output::print_json(&told)?,
        _ => {
            let asked = what.as_ref().map(|what: &What| asked(what, told.resources.count));
            output::print_text(&what_text(&told, &format!("`{}`", subject.text()), asked.as_deref()))?;
        }
    }
    Ok(Status::Clean)
}
