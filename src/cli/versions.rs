//! Two versions to compare: each a folder or file, a folder at a Git revision, or a table.
//!
//! In: two arguments. Out: what each holds, or the findings why one does not compile. Where one is a folder and the other
//! `git:REV`, the same folder at that revision is meant.

use std::fs;
use std::path::Path;

use camgrant::compile::Compiled;
use camgrant::declared::{Declared, read};
use camgrant::diff::{Side, Version};
use camgrant::effective::Effective;
use camgrant::model::Budgets;
use camgrant::source::{Sources, World};
use camgrant::table::Table;
use camgrant::table::format::Document;

use super::common::{Common, Stream};
use super::diagnose;
use super::exit::Failure;
use super::git::{Repository, named_in};
use super::output;
use super::policy::PolicyOptions;

/// One version, as it was read.
pub(crate) enum Loaded {
    /// A policy that compiled, with its texts.
    Policy(Box<Effective>, Sources, Budgets),
    /// A table, as text; well-formed.
    Table(Vec<u8>),
}

/// What a comparison reads of a version: a borrowed view of what was loaded.
pub(crate) enum Opened<'l> {
    Policy(&'l Effective, &'l Sources),
    Table(Box<Document<'l>>),
}

/// Reads both versions. None where one of them is a policy that does not compile; why was reported.
pub(crate) fn load(
    paths: [&Path; 2],
    options: &PolicyOptions,
    common: &Common,
) -> Result<Option<[Loaded; 2]>, Failure> {
    not_both_stdin(paths)?;
    let folder = folder(paths);
    let old = one(Version::Old, paths[0], folder, options, common)?;
    // both are read and judged, so that one run reports what is wrong with either; a document is one report
    if old.is_none() && diagnose::is_document(common) {
        return Ok(None);
    }
    let new = one(Version::New, paths[1], folder, options, common)?;
    Ok(old.zip(new).map(|(old, new)| [old, new]))
}

/// Standard input can be read once.
pub(crate) fn not_both_stdin(paths: [&Path; 2]) -> Result<(), Failure> {
    if paths.iter().all(|path| *path == Path::new("-")) {
        return Err(Failure::new("standard input cannot be both versions"));
    }
    Ok(())
}

/// The folder that is meant where a version is `git:REV`: the other one where that is a folder, otherwise the current one.
pub(crate) fn folder(paths: [&Path; 2]) -> &Path {
    paths.into_iter().find(|path| path.is_dir() && named_in(path).is_none()).unwrap_or(Path::new("."))
}

/// Whether a version is a table, by its name.
pub(crate) fn is_table(path: &Path) -> bool {
    path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("json")) && named_in(path).is_none()
}

/// The policy of a version, as it is read; `folder` is meant where it is `git:REV`.
pub(crate) fn world(path: &Path, folder: &Path, options: &PolicyOptions) -> Result<Box<dyn World>, Failure> {
    Ok(match named_in(path) {
        None => Box::new(options.open(path)),
        Some(name) => {
            let repository = Repository::open(folder)?;
            Box::new(repository.world(&repository.revision(name)?)?)
        }
    })
}

fn one(
    version: Version,
    path: &Path,
    folder: &Path,
    options: &PolicyOptions,
    common: &Common,
) -> Result<Option<Loaded>, Failure> {
    if is_table(path) {
        return table(path).map(Some);
    }
    let world = world(path, folder, options)?;
    let Compiled { sources, diagnostics, policy, budgets } = options.answer_from_world(&*world, common);
    let Some(policy) = policy else {
        let place = if named_in(path).is_some() { folder } else { path };
        if !diagnose::is_document(common) {
            let which = match version {
                Version::Old => "OLD",
                Version::New => "NEW",
            };
            output::print(Stream::Stderr, |out| writeln!(out, "{which}, `{}`, does not compile:", path.display()))?;
        }
        diagnose::report(&diagnostics, &sources, place, options.all, common, Stream::Stderr)?;
        return Ok(None);
    };
    Ok(Some(Loaded::Policy(Box::new(policy), sources, budgets)))
}

fn table(path: &Path) -> Result<Loaded, Failure> {
    let what = output::named(path);
    let json = fs::read(path).map_err(|error| Failure::input(&what, &error))?;
    Table::load(&json).map_err(|error| Failure::new(format!("{what}: {error}")))?;
    Ok(Loaded::Table(json))
}

/// What both versions declare, where both are policies.
pub(crate) fn declared(versions: &[Loaded; 2]) -> Option<[Declared; 2]> {
    match versions {
        [Loaded::Policy(_, old, old_budgets), Loaded::Policy(_, new, new_budgets)] => {
            Some([read(old, *old_budgets), read(new, *new_budgets)])
        }
        _ => None,
    }
}

impl Loaded {
    /// To be compared.
    pub(crate) fn open(&self) -> Result<Opened<'_>, Failure> {
        match self {
            Loaded::Policy(policy, sources, _) => Ok(Opened::Policy(policy, sources)),
            Loaded::Table(json) => {
                let read = serde_json::from_slice(json);
                let document = read.map_err(|error| Failure::new(format!("the table cannot be read: {error}")))?;
                Ok(Opened::Table(Box::new(document)))
            }
        }
    }
}

impl<'l> Opened<'l> {
    /// One side of a comparison.
    pub(crate) fn side(&'l self) -> Side<'l> {
        match self {
            Opened::Policy(policy, sources) => Side::Policy(policy, sources),
            Opened::Table(document) => Side::Table(document),
        }
    }
}
