//! The options with which a policy is compiled, common to the commands that compile one.

use std::path::Path;

use camgrant::compile::{BudgetFlags, Compiled, Options, compile};
use camgrant::effective::Effective;
use camgrant::model::Budgets;
use camgrant::source::disk::DiskWorld;
use camgrant::source::{Sources, World};
use clap::Args;
use jiff::Timestamp;

use super::common::{Common, Stream};
use super::diagnose;
use super::exit::Failure;
use super::git;
use super::levels::Levels;
use super::progress::Progress;

/// How a policy is judged.
#[derive(Clone, Debug, Args)]
pub(crate) struct PolicyOptions {
    #[command(flatten)]
    levels: Levels,
    /// Report everything, where more than a hundred of one code in a file would be cut
    #[arg(long, help_heading = "Output")]
    pub(crate) all: bool,
    /// The time for what looks at the clock (lints, tests), an RFC 3339 instant; by default the machine's
    #[arg(long, value_name = "INSTANT", help_heading = "Lints")]
    now: Option<Timestamp>,
    #[command(flatten)]
    limits: Limits,
}

/// The budgets. Input is never trusted: only here can they be raised.
#[derive(Clone, Copy, Debug, Args)]
#[command(next_help_heading = "Limits")]
struct Limits {
    /// Bytes in one file [default: 64 MiB]
    #[arg(long, value_name = "N", hide_short_help = true)]
    max_file_bytes: Option<u64>,
    /// Files in a policy [default: 100000]
    #[arg(long, value_name = "N", hide_short_help = true)]
    max_files: Option<u64>,
    /// Bytes in all files [default: 1 GiB]
    #[arg(long, value_name = "N", hide_short_help = true)]
    max_total_bytes: Option<u64>,
    /// How deep YAML may nest, 128 at most [default: 64]
    #[arg(long, value_name = "N", hide_short_help = true, value_parser = clap::value_parser!(u64).range(..=128))]
    max_depth: Option<u64>,
    /// Nodes that aliases add, for each file [default: 1000000]
    #[arg(long, value_name = "N", hide_short_help = true)]
    max_alias_expansion: Option<u64>,
    /// Conditions for one right [default: 256]
    #[arg(long, value_name = "N", hide_short_help = true)]
    max_alternatives: Option<u64>,
    /// Bytes of an expanded table [default: 1 GiB]
    #[arg(long, value_name = "N", hide_short_help = true)]
    max_table_bytes: Option<u64>,
}

/// A policy that compiled, to be asked about.
#[derive(Debug)]
pub(crate) struct Answering {
    pub(crate) sources: Sources,
    pub(crate) policy: Effective,
    pub(crate) budgets: Budgets,
}

impl PolicyOptions {
    /// Compiles the policy at `path`.
    pub(crate) fn compile(self, path: &Path, common: &Common) -> Compiled {
        self.compile_world(&self.open(path), common)
    }

    /// Compiles the policy at `path`; it may be the current folder at a revision: `git:REV`.
    pub(crate) fn compile_from(&self, path: &Path, common: &Common) -> Result<Compiled, Failure> {
        Ok(match git::at_revision(path)? {
            Some(world) => self.compile_world(&world, common),
            None => self.compile_world(&self.open(path), common),
        })
    }

    /// Compiles the policy of a world.
    pub(crate) fn compile_world(&self, world: &dyn World, common: &Common) -> Compiled {
        let _progress = Progress::start("compiling", common);
        compile(world, &self.judge())
    }

    /// The policy at `path`, to be asked about. Where it does not compile there is no answer, and the report says why.
    pub(crate) fn ask(&self, path: &Path, common: &Common) -> Result<Answering, Failure> {
        let Compiled { sources, diagnostics, policy, budgets } = self.answer_from(path, common)?;
        match policy {
            Some(policy) => Ok(Answering { sources, policy, budgets }),
            None => {
                diagnose::report(&diagnostics, &sources, path, self.all, common, Stream::Stderr)?;
                Err(Failure::Reported)
            }
        }
    }

    /// Compiles the policy at `path` for an answer; it may be the current folder at a revision: `git:REV`.
    pub(crate) fn answer_from(&self, path: &Path, common: &Common) -> Result<Compiled, Failure> {
        Ok(match git::at_revision(path)? {
            Some(world) => self.answer_from_world(&world, common),
            None => self.answer_from_world(&self.open(path), common),
        })
    }

    /// Compiles the policy of a world for an answer, beside which no warning is shown. Where there is none to be had, the
    /// report is as whole as ever.
    pub(crate) fn answer_from_world(&self, world: &dyn World, common: &Common) -> Compiled {
        let _progress = Progress::start("compiling", common);
        let judge = self.judge();
        let compiled = compile(world, &Options { only_stopping: true, ..judge.clone() });
        if compiled.policy.is_some() { compiled } else { compile(world, &judge) }
    }

    /// The policy at `path`, as it is read. Standard input is read here, once.
    pub(crate) fn open(&self, path: &Path) -> DiskWorld {
        // standard input has no manifest that could lower this
        DiskWorld::open(path, self.limits.max_file_bytes.unwrap_or(Budgets::default().max_file_bytes))
    }

    /// How it is judged, now.
    pub(crate) fn judge(&self) -> Options {
        let Limits {
            max_file_bytes,
            max_files,
            max_total_bytes,
            max_depth,
            max_alias_expansion,
            max_alternatives,
            max_table_bytes,
        } = self.limits;
        let budgets = BudgetFlags {
            max_file_bytes,
            max_files,
            max_total_bytes,
            max_alternatives,
            max_table_bytes,
            max_depth,
            max_alias_expansion,
        };
        Options { budgets, levels: self.levels.0.clone(), now: Some(self.now()), only_stopping: false }
    }

    /// The time, in seconds since 1970: what was said, or the machine's.
    #[allow(clippy::disallowed_methods)] // the one clock: what it says is reported, and never written into a table
    pub(crate) fn now(&self) -> i64 {
        self.now.unwrap_or_else(Timestamp::now).as_second()
    }
}
