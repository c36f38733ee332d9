//! `can`: yes or no. A policy is compiled to its table first, so that there is one way to decide.

use std::fs;
use std::net::IpAddr;
use std::path::PathBuf;

use camgrant::compile::Compiled;
use camgrant::diagnostics::did_you_mean;
use camgrant::effective::Effective;
use camgrant::model::Org;
use camgrant::table::Table;
use camgrant::vocabulary::{ResourceKind, vocabulary};
use jiff::Timestamp;

use crate::cli::common::{Common, Stream};
use crate::cli::diagnose;
use crate::cli::exit::{Failure, Status};
use crate::cli::output;
use crate::cli::policy::PolicyOptions;
use crate::cli::tables;

/// The status where the policy has errors: it compiles to nothing, which is no `no`.
const NO_ANSWER: Status = Status::Failed;

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
    /// Who: a user's id, `user:<id>` or `link:<id>`
    #[arg(value_name = "SUBJECT")]
    subject: String,
    /// What: a capability, such as `live.view`
    #[arg(value_name = "CAPABILITY")]
    capability: String,
    /// On what: `org`, `site:hq`, `group:hq/lobby`, `device:gate`, `device_group:police`, `layout:doors`,
    /// `recorder:nvr-1`
    #[arg(value_name = "RESOURCE")]
    resource: String,
    /// The policy: a folder or a file; `-` is standard input
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
    let question = Question {
        subject: subject(&args.subject)?,
        capability: capability(&args.capability)?,
        resource: resource(&args.resource)?,
    };
    let (table, org, question) = if let Some(path) = &args.table {
        let what = format!("`{}`", path.display());
        let json = fs::read(path).map_err(|error| Failure::input(&what, &error))?;
        let table = Table::load(&json).map_err(|error| Failure::new(format!("{what}: {error}")))?;
        let org = choose(table.orgs().collect(), args.org.as_deref())?.to_owned();
        (table, org, question)
    } else {
        let all = args.options.all;
        let Compiled { sources, diagnostics, policy, .. } = args.options.compile(&args.policy, common);
        let Some(policy) = policy else {
            diagnose::report(&diagnostics, &sources, all, common, Stream::Stderr)?;
            return Ok(NO_ANSWER);
        };
        let org = the_org(&policy, args.org.as_deref())?;
        let question = question.declared_in(org)?;
        (tables::load(&policy, &org.id)?, org.id.to_string(), question)
    };
    let Question { subject, capability, resource } = &question;
    let yes = table.decide(&org, subject, capability, resource, args.at, args.address);
    output::print_text(if yes { "yes\n" } else { "no\n" })?;
    Ok(if yes { Status::Clean } else { Status::Findings })
}

/// What is asked, as the table writes it.
struct Question {
    subject: String,
    capability: String,
    resource: String,
}

impl Question {
    /// The same question, if the organisation knows what it speaks of.
    fn declared_in(self, org: &Org) -> Result<Question, Failure> {
        let users = org.users.iter().map(|(_, user)| format!("user:{}", user.id));
        let links = org.links.iter().map(|(_, link)| format!("link:{}", link.id));
        let subject = known("subject", &self.subject, users.chain(links).collect(), &org.id)?;
        let resource = known("resource", &self.resource, resources(org), &org.id)?;
        Ok(Question { subject, resource, ..self })
    }
}

/// `name` as it is declared. Device groups alone are compared without regard to case.
fn known(what: &str, name: &str, names: Vec<String>, org: &str) -> Result<String, Failure> {
    let same = |known: &&String| {
        *known == name || (name.starts_with("device_group:") && known.eq_ignore_ascii_case(name))
    };
    if let Some(known) = names.iter().find(same) {
        return Ok(known.clone());
    }
    let kind = |name: &str| name.split(':').next().map(str::to_owned);
    let alike = names.iter().filter(|known| kind(known) == kind(name)).map(String::as_str);
    Err(Failure::new(format!("`{org}` has no {what} `{name}`")).help(did_you_mean(name, alike)))
}

/// Every resource of an organisation, as the table writes it.
fn resources(org: &Org) -> Vec<String> {
    let places = org.places.iter().map(|(_, place)| {
        let kind = if place.parent.is_some() { "group" } else { "site" };
        format!("{kind}:{}", place.path)
    });
    let devices = org.devices.iter().map(|(_, device)| format!("device:{}", device.id));
    let device_groups = org.device_groups.iter().map(|(_, group)| format!("device_group:{}", group.id));
    let layouts = org.layouts.iter().map(|(_, layout)| format!("layout:{}", layout.id));
    let recorders = org.recorders.iter().map(|(_, recorder)| format!("recorder:{}", recorder.id));
    let all = places.chain(devices).chain(device_groups).chain(layouts).chain(recorders);
    std::iter::once("org".to_owned()).chain(all).collect()
}

fn the_org<'p>(policy: &'p Effective, org: Option<&str>) -> Result<&'p Org, Failure> {
    let ids = policy.orgs.iter().map(|rights| &*rights.org.id).collect();
    let chosen = choose(ids, org)?;
    let mut orgs = policy.orgs.iter().map(|rights| &rights.org);
    orgs.find(|org| &*org.id == chosen).ok_or_else(|| Failure::new(format!("there is no organisation `{chosen}`")))
}

/// The organisation that is meant: the one that is named, or the only one.
fn choose<'o>(ids: Vec<&'o str>, org: Option<&str>) -> Result<&'o str, Failure> {
    let list = || ids.iter().map(|id| format!("`{id}`")).collect::<Vec<_>>().join(", ");
    match (org, ids.as_slice()) {
        (Some(org), _) => ids.iter().copied().find(|id| *id == org).ok_or_else(|| {
            let known = Some(format!("there is {}", list())).filter(|_| !ids.is_empty());
            Failure::new(format!("there is no organisation `{org}`"))
                .help(did_you_mean(org, ids.iter().copied()).or(known))
        }),
        (None, [only]) => Ok(only),
        (None, []) => Err(Failure::new("there is no organisation")),
        (None, _) => Err(Failure::new("there are several organisations")
            .help(Some(format!("choose one with `--org`: {}", list())))),
    }
}

/// A subject as the table writes it: users are in lower case.
fn subject(text: &str) -> Result<String, Failure> {
    match text.split_once(':') {
        None if text.eq_ignore_ascii_case("everyone") => Err(Failure::new("`everyone` is no single subject")),
        None => Ok(format!("user:{}", text.to_ascii_lowercase())),
        Some(("user", id)) => Ok(format!("user:{}", id.to_ascii_lowercase())),
        Some(("link", _)) => Ok(text.to_owned()),
        Some(("team", _)) => Err(Failure::new("a team is no single subject").help(Some("ask for one of its users".to_owned()))),
        Some((kind, _)) => Err(Failure::new(format!("`{text}` is no subject"))
            .help(did_you_mean(kind, ["user", "link"]).or_else(|| {
                Some("write a user's id, `user:<id>` or `link:<id>`".to_owned())
            }))),
    }
}

fn capability(text: &str) -> Result<String, Failure> {
    if vocabulary().number(text).is_some() {
        return Ok(text.to_owned());
    }
    let names = vocabulary().capabilities().iter().map(|capability| capability.name.as_str());
    let failure = if vocabulary().expand(text).is_some() {
        Failure::new(format!("`{text}` stands for several capabilities")).help(Some("ask for one of them".to_owned()))
    } else {
        let list = || Some("`camgrant capabilities` lists them all".to_owned());
        Failure::new(format!("no capability is called `{text}`")).help(did_you_mean(text, names).or_else(list))
    };
    Err(failure)
}

/// A resource by its form: what it names is looked up later, where there is a policy.
fn resource(text: &str) -> Result<String, Failure> {
    let kinds = || ResourceKind::ALL.into_iter().map(ResourceKind::name).filter(|kind| *kind != "org");
    match text.split_once(':') {
        None if text == "org" => Ok(text.to_owned()),
        Some((kind, id)) if !id.is_empty() && kinds().any(|known| known == kind) => Ok(text.to_owned()),
        None if ["all", "unassigned"].contains(&text) => {
            Err(Failure::new(format!("`{text}` is no single resource")).help(Some("ask for one of them".to_owned())))
        }
        Some((kind, id)) => Err(Failure::new(format!("`{text}` is no resource"))
            .help(did_you_mean(kind, kinds()).or_else(|| (!id.is_empty()).then(forms)))),
        None => Err(Failure::new(format!("`{text}` is no resource")).help(Some(forms()))),
    }
}

fn forms() -> String {
    "write `org`, or a kind and an id: `device:gate`, `group:hq/lobby`".to_owned()
}
