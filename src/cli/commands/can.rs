//! `can`: yes or no. A policy is compiled to its table first, so that there is one way to decide.

use std::fs;
use std::net::IpAddr;
use std::path::PathBuf;

use camgrant::table::Table;
use jiff::Timestamp;

use crate::cli::chosen::{choose, choose_rights};
use crate::cli::common::{Common, Stream};
use crate::cli::exit::{Failure, Status};
use crate::cli::output;
use crate::cli::policy::{Answering, PolicyOptions};
use crate::cli::question::{Asked, Question};
use crate::cli::tables;

/// Answer whether a subject can do something: yes (exit status 0) or no (1)
///
/// What is unknown counts against the subject: without `--at` the instant, without `--address` the address is unknown, and
/// a condition on it does not hold for a grant and does hold for a denial. The clock of the machine is never asked.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "Examples:\n  \
    camgrant can nina@acme.example live.view device:gate -p policy/\n  \
    camgrant can nina@acme.example ptz.control device:gate -p policy/ \\\n      \
        --at 2026-11-28T23:00:00+01:00 --address 10.1.2.3\n  \
    camgrant can link:dock-xmas live.view device:dock --table table.json \\\n      \
        --at 2026-12-24T12:00:00Z --address 203.0.113.9")]
pub(crate) struct Args {
    /// Who: a user's id, `user:<id>`, `link:<id>`, or `team:<id>` for every user of the team
    #[arg(value_name = "SUBJECT")]
    subject: String,
    /// What: a capability, such as `live.view`
    #[arg(value_name = "CAPABILITY")]
    capability: String,
    /// On what: `org`, `site:hq`, `group:hq/lobby`, `device:gate`, `device_group:police`, `layout:doors`,
    /// `recorder:nvr-1`; or `all`, `unassigned` for every resource to which the capability applies
    #[arg(value_name = "RESOURCE")]
    resource: String,
    /// The policy: a folder or a file; `-` is standard input, `git:REV` the current folder at a revision
    #[arg(long, short, default_value = ".", value_name = "POLICY")]
    policy: PathBuf,
    /// Ask a compiled table in place of a policy
    #[arg(long, value_name = "FILE", conflicts_with = "policy")]
    table: Option<PathBuf>,
    /// When: an RFC 3339 instant, such as `2026-11-23T02:00:00+01:00`
    #[arg(long, value_name = "INSTANT")]
    at: Option<Timestamp>,
    /// From where: an IPv4 or IPv6 address
    #[arg(long, value_name = "ADDRESS")]
    address: Option<IpAddr>,
    /// In which organisation, where there are several
    #[arg(long, value_name = "ID")]
    org: Option<String>,
    #[command(flatten)]
    options: PolicyOptions,
}

pub(crate) fn run(args: Args, common: &Common) -> Result<Status, Failure> {
    let question = Question::read(&args.subject, &args.capability, &args.resource)?;
    let never = question.never();
    let (table, org, asked) = if let Some(path) = &args.table {
        let what = output::named(path);
        let json = fs::read(path).map_err(|error| Failure::input(&what, &error))?;
        let table = Table::load(&json).map_err(|error| Failure::new(format!("{what}: {error}")))?;
        let org = choose(table.orgs().collect(), args.org.as_deref())?.to_owned();
        (table, org, question.for_table()?)
    } else {
        let Answering { policy, .. } = args.options.ask(&args.policy, common)?;
        let rights = choose_rights(&policy, args.org.as_deref())?;
        let asked = question.for_policy(rights)?;
        let org = rights.org.id.to_string();
        (tables::load(&policy, &org)?, org, asked)
    };
    let Asked { subjects, capability, resources } = &asked;
    let may =
        |subject: &String, resource: &String| table.decide(&org, subject, capability, resource, args.at, args.address);
    let yes = subjects.iter().all(|subject| resources.iter().all(|resource| may(subject, resource)));
    if let Some(note) = never.filter(|_| !common.quiet) {
        output::print(Stream::Stderr, |out| writeln!(out, "{note}"))?;
    }
    output::print_text(if yes { "yes\n" } else { "no\n" })?;
    Ok(if yes { Status::Clean } else { Status::Findings })
}
