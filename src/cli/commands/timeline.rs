//! `timeline`: when a subject can, to the second; or who gains and loses what by the dates of a policy.

use std::net::IpAddr;
use std::path::PathBuf;

use camgrant::effective::OrgRights;
use camgrant::graph::ResourceIx;
use camgrant::query::told::{ahead_text, timeline_text};
use camgrant::query::{Asker, Frame, Request, applying, dated, everything};
use camgrant::source::Sources;
use camgrant::vocabulary::CapabilitySet;
use jiff::Timestamp;

use crate::cli::chosen::choose_rights;
use crate::cli::commands::who::{asked, meant};
use crate::cli::common::{Common, Format};
use crate::cli::exit::{Failure, Status};
use crate::cli::output;
use crate::cli::policy::{Answering, PolicyOptions};
use crate::cli::question::{What, Whom, number, read_capability, read_resource, read_subject};
use crate::cli::request::second;

const DAY: i64 = 24 * 60 * 60;
/// Schedules are weekly.
const WEEK: i64 = 7 * DAY;
const QUARTER: i64 = 90 * DAY;

/// Tell when a subject can do something, to the second; or who gains and loses what in the next 90 days
///
/// With a subject: the exact spans in which it holds what, in the next seven days or from `--from` until `--until`; dates,
/// schedules and changes of the clock are worked out, addresses stay conditions unless one is given. Without a subject:
/// every instant at which a date of the policy gives or takes a right. What a schedule opens and closes each week is then a
/// condition, and no change.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "Examples:\n  \
    camgrant timeline nina@acme.example live.view device:gate -p policy/\n  \
    camgrant timeline team:guards site:hq -p policy/ \\\n      \
        --from 2026-12-24T00:00:00Z --until 2026-12-27T00:00:00Z\n  \
    camgrant timeline -p policy/")]
pub(crate) struct Args {
    /// Who: a user's id, `user:<id>`, `link:<id>`, or `team:<id>` for the users of the team; by default, the dates of the
    /// whole policy are told
    #[arg(value_name = "SUBJECT")]
    subject: Option<String>,
    /// What: a capability, such as `live.view`; by default all. It may be left out before a resource
    #[arg(value_name = "CAPABILITY")]
    capability: Option<String>,
    /// On what: a resource, such as `device:gate`, or a scope such as `all`, for everything in its reach; by default
    /// everywhere
    #[arg(value_name = "RESOURCE")]
    resource: Option<String>,
    /// The policy: a folder or a file; `-` is standard input, `git:REV` the current folder at a revision
    #[arg(long, short, default_value = ".", value_name = "POLICY")]
    policy: PathBuf,
    /// From this instant; by default `--now`, and without it the machine's clock
    #[arg(long, value_name = "INSTANT")]
    from: Option<Timestamp>,
    /// Until just before this one; by default seven days later, and 90 where no subject is named
    #[arg(long, value_name = "INSTANT")]
    until: Option<Timestamp>,
    /// From where: an IPv4 or IPv6 address
    #[arg(long, value_name = "ADDRESS", requires = "subject")]
    address: Option<IpAddr>,
    /// In which organisation, where there are several
    #[arg(long, value_name = "ID")]
    org: Option<String>,
    #[command(flatten)]
    options: PolicyOptions,
}

/// Of whom, what and where a timeline is asked for.
struct Question {
    subject: Whom,
    capability: Option<String>,
    what: Option<What>,
}

pub(crate) fn run(args: Args, common: &Common) -> Result<Status, Failure> {
    let question = args.question()?;
    let (from, until) = args.period()?;
    let Answering { sources, policy, .. } = args.options.ask(&args.policy, common)?;
    let rights = choose_rights(&policy, args.org.as_deref())?;
    match question {
        Some(question) => of_subject(&question, rights, &sources, (from, until), args.address, common)?,
        None => {
            let resources = everything(rights);
            let subjects = dated(rights, from, until);
            let frame = Frame { subjects, capabilities: applying(rights, &resources), resources, request: None };
            let told = Asker { rights, sources: &sources }.ahead(&frame, from, until);
            match common.format {
                Format::Json => output::print_json(&told)?,
                _ => output::print_text(&ahead_text(&told))?,
            }
        }
    }
    Ok(Status::Clean)
}

fn of_subject(
    question: &Question,
    rights: &OrgRights,
    sources: &Sources,
    (from, until): (i64, i64),
    address: Option<IpAddr>,
    common: &Common,
) -> Result<(), Failure> {
    let resources = question.resources(rights)?;
    let capabilities = match &question.capability {
        Some(capability) => CapabilitySet::one(number(capability)?),
        None => applying(rights, &resources),
    };
    let request = Some(Request { at: None, address });
    let frame = Frame { subjects: question.subject.meant(rights)?, capabilities, resources, request };
    let told = Asker { rights, sources }.timeline(&frame, from, until);
    match common.format {
        Format::Json => output::print_json(&told),
        _ => output::print_text(&timeline_text(&told, &question.text(told.resources.count))),
    }
}

impl Args {
    fn question(&self) -> Result<Option<Question>, Failure> {
        let Some(subject) = &self.subject else { return Ok(None) };
        let is_resource = |text: &str| text.contains(':') || matches!(text, "all" | "org" | "unassigned");
        let (capability, resource) = match (self.capability.as_deref(), self.resource.as_deref()) {
            (Some(resource), None) if is_resource(resource) => (None, Some(resource)),
            both => both,
        };
        Ok(Some(Question {
            subject: read_subject(subject)?,
            capability: capability.map(read_capability).transpose()?,
            what: resource.map(read_resource).transpose()?,
        }))
    }

    /// In seconds since 1970; the second is excluded.
    fn period(&self) -> Result<(i64, i64), Failure> {
        let from = self.from.map_or_else(|| self.options.now(), second);
        let usual = if self.subject.is_some() { WEEK } else { QUARTER };
        let until = self.until.map_or(from.saturating_add(usual), second);
        if until <= from {
            return Err(Failure::new("`--until` is not after `--from`")
                .help(Some("without `--from`, the time begins now, or at `--now`".to_owned())));
        }
        Ok((from, until))
    }
}

impl Question {
    fn resources(&self, rights: &OrgRights) -> Result<Vec<ResourceIx>, Failure> {
        match (&self.what, &self.capability) {
            (Some(what), Some(capability)) => meant(rights, what, capability, false),
            (Some(what), None) => what.reach(rights),
            (None, Some(capability)) => meant(rights, &What::All, capability, false),
            (None, None) => Ok(everything(rights)),
        }
    }

    /// In words; `count` is how many resources are meant.
    fn text(&self, count: u64) -> String {
        let on = self.what.as_ref().map(|what| format!(" on {}", asked(what, count))).unwrap_or_default();
        let capability = self.capability.as_ref().map_or("what it may".to_owned(), |name| format!("`{name}`"));
        format!("`{}`: {capability}{on}", self.subject.text())
    }
}
