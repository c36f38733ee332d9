//! `who`: who can, as sets by the names that the policy has for them.

use std::path::PathBuf;

use camgrant::effective::OrgRights;
use camgrant::graph::ResourceIx;
use camgrant::query::told::{history_text, who_text};
use camgrant::query::{Asker, Frame, everybody};
use camgrant::vocabulary::{CapabilitySet, applies};
use jiff::Timestamp;

use crate::cli::chosen::choose_rights;
use crate::cli::common::{Common, Format};
use crate::cli::exit::{Failure, Status};
use crate::cli::git::Repository;
use crate::cli::history;
use crate::cli::output;
use crate::cli::policy::{Answering, PolicyOptions};
use crate::cli::question::{What, number, read_capability, read_resource};
use crate::cli::request::{RequestOptions, second};

/// Tell who can do something, and under which conditions
///
/// As sets: teams and everyone, all but some where that is shorter. Without `--at` and `--address` all who can at some time
/// from somewhere, with the conditions; with one of them those for whom `can` says yes.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "Examples:\n  \
    camgrant who archive.export device:gate -p policy/\n  \
    camgrant who archive.export group:hq/lobby/vault -p policy/ --by-grant\n  \
    camgrant who access.manage all -p policy/ --format json\n  \
    camgrant who archive.export all -p policy/ --history v1.0..main \\\n      \
        --between 2026-03-01T00:00:00Z 2026-04-01T00:00:00Z")]
pub(crate) struct Args {
    /// What: a capability, such as `live.view`
    #[arg(value_name = "CAPABILITY")]
    capability: String,
    /// On what: a resource, such as `device:gate`; or a scope such as `all` or `group:hq/lobby`, for everything in its
    /// reach to which the capability applies
    #[arg(value_name = "RESOURCE")]
    resource: String,
    /// The policy: a folder or a file; `-` is standard input, `git:REV` the current folder at a revision
    #[arg(long, short, default_value = ".", value_name = "POLICY")]
    policy: PathBuf,
    /// Everything in the reach of the resource, also where the capability applies to the resource itself
    #[arg(long)]
    reach: bool,
    /// Tell also which grant gives it to whom, and which denial takes it
    #[arg(long)]
    by_grant: bool,
    /// Who could, in the revisions of a range, each for the time in which it was in force
    #[arg(long, value_name = "REV..REV", conflicts_with_all = ["at", "address", "by_grant"], help_heading = "History")]
    history: Option<String>,
    /// Only at some time from the first of these instants until just before the second
    #[arg(long, num_args = 2, value_names = ["INSTANT", "INSTANT"], requires = "history", help_heading = "History")]
    between: Option<Vec<Timestamp>>,
    /// The revisions in force are the tags of this pattern, such as `release/*`, and not the commits
    #[arg(long, value_name = "PATTERN", requires = "history", help_heading = "History")]
    tags: Option<String>,
    #[command(flatten)]
    request: RequestOptions,
    #[command(flatten)]
    options: PolicyOptions,
}

pub(crate) fn run(args: Args, common: &Common) -> Result<Status, Failure> {
    let capability = read_capability(&args.capability)?;
    let what = read_resource(&args.resource)?;
    if let Some(range) = &args.history {
        return revisions(&args, range, &capability, &what, common);
    }
    let Answering { sources, policy, .. } = args.options.ask(&args.policy, common)?;
    let rights = choose_rights(&policy, args.request.org.as_deref())?;
    let resources = meant(rights, &what, &capability, args.reach)?;
    let frame = Frame {
        subjects: everybody(rights),
        capabilities: CapabilitySet::one(number(&capability)?),
        request: args.request.known(),
        resources,
    };
    let told = Asker { rights, sources: &sources }.holders(&frame, args.by_grant);
    match common.format {
        Format::Json => output::print_json(&told)?,
        _ => output::print_text(&who_text(&told, &capability, &asked(&what, told.resources.count)))?,
    }
    Ok(Status::Clean)
}

/// The answer in each revision of a range.
fn revisions(args: &Args, range: &str, capability: &str, what: &What, common: &Common) -> Result<Status, Failure> {
    let repository = Repository::open(&args.policy)?;
    let revisions = match &args.tags {
        Some(pattern) => repository.tags(pattern, range)?,
        None => repository.range(range)?,
    };
    if revisions.is_empty() {
        let help = args.tags.as_ref().map(|pattern| format!("no tag in this range matches `{pattern}`"));
        return Err(Failure::new(format!("no revision of `{range}` has this folder")).help(help));
    }
    let between = match args.between.as_deref() {
        Some([from, until]) if from < until => Some((second(*from), second(*until))),
        Some(_) => return Err(Failure::new("the second instant of `--between` is not after the first")),
        None => None,
    };
    let asked = history::Asked { capability, what, reach: args.reach, org: args.request.org.as_deref(), between };
    let told = history::history(&repository, &revisions, &asked, &args.options, common)?;
    match common.format {
        Format::Json => output::print_json(&told)?,
        _ => output::print_text(&history_text(&told))?,
    }
    Ok(Status::Clean)
}

/// The resources that are meant: the resource itself where the capability applies to it, and otherwise what it reaches.
pub(crate) fn meant(
    rights: &OrgRights,
    what: &What,
    capability: &str,
    reach: bool,
) -> Result<Vec<ResourceIx>, Failure> {
    let kind = |index: &ResourceIx| rights.graph.containment.resource(*index).kind(&rights.org).name();
    let named = what.meant(rights, capability)?;
    if !reach && named.iter().all(|index| applies(capability, kind(index))) {
        return Ok(named);
    }
    let mut reached = what.reach(rights)?;
    reached.retain(|index| applies(capability, kind(index)));
    if reached.is_empty() {
        return Err(Failure::new(format!("`{capability}` applies to nothing in the reach of `{}`", what.text())));
    }
    Ok(reached)
}

/// What was asked about, in words.
pub(crate) fn asked(what: &What, count: u64) -> String {
    match (what, count) {
        (What::One(name), 1) => format!("`{name}`"),
        (what, 1) => format!("the 1 resource in the reach of `{}`", what.text()),
        (what, count) => format!("the {count} resources in the reach of `{}`", what.text()),
    }
}
