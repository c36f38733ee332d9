//! A policy in two forms, asked side by side.

use std::net::IpAddr;

use camgrant::compile::{Compiled, Options};
use camgrant::effective::{Effective, OrgRights};
use camgrant::emit::table::{self, TableOptions};
use camgrant::emit::{ALL, Artefact};
use camgrant::source::MemoryWorld;
use camgrant::table::Table;
use camgrant::table::format::Layout;
use camgrant_naive::Policy;
use cedar_policy::EntityUid;
use jiff::Timestamp;

use crate::engine::{Engine, Known, uid};
use crate::questions::Question;

/// A policy as a table, as Cedar has it, and as the naive evaluator has it.
#[derive(Debug)]
pub struct Compared {
    /// What the naive evaluator has read: it knows what can be asked.
    pub naive: Policy,
    table: Table,
    engines: Vec<(Option<String>, Engine)>,
}

/// Compiles texts.
#[must_use]
pub fn compile(files: &[(String, String)]) -> Compiled {
    camgrant::compile::compile(&MemoryWorld::new(files.iter().cloned()), &Options::default())
}

impl Compared {
    /// Brings a policy into its forms. Where there are several organisations, Cedar gets them together as well as each
    /// alone. None where the policy does not compile.
    ///
    /// # Errors
    /// Where one of the forms is not taken by its reader.
    pub fn new(files: &[(String, String)]) -> Result<Option<Compared>, String> {
        Compared::with(files, &|_, text| text)
    }

    /// The same, with each file for Cedar changed by its path and text: that the judge notices is worth a test.
    ///
    /// # Errors
    /// As [`Compared::new`].
    pub fn with(
        files: &[(String, String)],
        change: &dyn Fn(&str, String) -> String,
    ) -> Result<Option<Compared>, String> {
        let Some(policy) = compile(files).policy else { return Ok(None) };
        let naive = Policy::read(files)?;
        let table = Table::load(table_of(&policy)).map_err(|error| error.to_string())?;
        let all: Vec<&OrgRights> = policy.orgs.iter().collect();
        let load = |orgs: &[&OrgRights]| {
            let files = cedar(orgs).into_iter().map(|Artefact { path, text }| {
                let text = change(&path, text);
                Artefact { path, text }
            });
            Engine::load(&files.collect::<Vec<_>>())
        };
        let mut engines = Vec::new();
        if all.len() > 1 {
            engines.push((None, load(&all)?));
        }
        for rights in all {
            engines.push((Some(rights.org.id.to_string()), load(&[rights])?));
        }
        Ok(Some(Compared { naive, table, engines }))
    }

    /// Asks the table and Cedar. Gives the answer and how often Cedar was asked.
    ///
    /// # Errors
    /// What Cedar says differently, or could not evaluate.
    pub fn ask(&self, org: &str, question: &Question) -> Result<(bool, usize), String> {
        let Question { subject, capability, resource, at, address } = question;
        let timestamp = at.map(|at| Timestamp::from_second(at).expect("an instant of the calendar"));
        let expected = self.table.decide(org, subject, capability, resource, timestamp, *address);
        let mut asked = 0;
        for (only, engine) in self.engines.iter().filter(|(only, _)| only.as_deref().is_none_or(|only| only == org)) {
            let prefix = if only.is_none() { format!("{org}:") } else { String::new() };
            let schedules = at.map(|at| self.naive.schedules_at(org, at));
            let schedules = schedules.map(|ids| ids.into_iter().map(|id| format!("{prefix}{id}")).collect());
            let known = Known { instant: *at, schedules, address: address.map(canonical) };
            let action = uid("Action", capability);
            let found = engine.decide(&named(org, subject, &prefix), &action, &named(org, resource, &prefix), &known);
            let found = found.map_err(|error| format!("{org}: {question}: {error}"))?;
            if found != expected {
                return Err(format!("{org}: {question}: the table says {expected}, and Cedar {found}"));
            }
            asked += 1;
        }
        Ok((expected, asked))
    }
}

/// The Cedar files of organisations.
#[must_use]
pub fn cedar(orgs: &[&OrgRights]) -> Vec<Artefact> {
    let emitter = ALL.iter().find(|emitter| emitter.name == "cedar").expect("the emitter");
    (emitter.emit)(orgs, u64::MAX).expect("no policy here is too large")
}

fn table_of(policy: &Effective) -> Vec<u8> {
    let selection = table::select(policy, None, None).expect("everything");
    let mut bytes = Vec::new();
    let options = TableOptions { layout: Layout::Expanded, compact_json: true };
    table::write(&selection, options, &mut bytes).expect("memory takes it");
    bytes
}

/// The uid of a subject or resource of the table (`docs/cedar.md`).
fn named(org: &str, text: &str, prefix: &str) -> EntityUid {
    let Some((kind, id)) = text.split_once(':') else { return uid("Org", org) };
    let kind = match kind {
        "user" => "User",
        "link" => "Link",
        "site" => "Site",
        "group" => "Group",
        "device" => "Device",
        "device_group" => "DeviceGroup",
        "layout" => "Layout",
        "recorder" => "Recorder",
        other => panic!("`{other}` is no kind of subject or resource"),
    };
    uid(kind, &format!("{prefix}{id}"))
}

/// An address within `::ffff:0:0/96` is the IPv4 address in it.
fn canonical(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V6(six) => six.to_ipv4_mapped().map_or(address, IpAddr::V4),
        IpAddr::V4(_) => address,
    }
}
