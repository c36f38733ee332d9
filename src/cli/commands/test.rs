//! `test`: the policy's own tests.

use std::path::PathBuf;

use camgrant::compile::Compiled;
use camgrant::testing::{Outcome, findings, junit, run as run_tests, tell, tests_text};

use crate::cli::chosen::choose_rights;
use crate::cli::common::{Common, Format, Stream};
use crate::cli::exit::{Failure, Status};
use crate::cli::output;
use crate::cli::policy::PolicyOptions;
use crate::cli::progress::Progress;
use crate::cli::{diagnose, git, watch};

/// Run the policy's own tests
///
/// What stands under `tests` must follow from the policy: at every instant from now on and from every address, unless a
/// test names one. A test that fails is told with the first counterexamples, and with the proof of one.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "Examples:\n  \
    camgrant test policy/\n  \
    camgrant test policy/ --watch\n  \
    camgrant test policy/ --format junit > report.xml")]
pub(crate) struct Args {
    /// The policy: a folder or a file; `-` is standard input, `git:REV` the current folder at a revision
    #[arg(default_value = ".", value_name = "POLICY")]
    policy: PathBuf,
    /// Only the tests of this organisation
    #[arg(long, value_name = "ID")]
    org: Option<String>,
    /// Run them again after each change, until interrupted
    #[arg(long)]
    watch: bool,
    #[command(flatten)]
    options: PolicyOptions,
}

pub(crate) fn run(args: Args, common: &Common) -> Result<Status, Failure> {
    if !args.watch {
        let compiled = args.options.compile_at(&args.policy, common)?;
        return report(&compiled, &args, common);
    }
    watch::can_watch(&args.policy)?;
    if args.policy.to_str().is_some_and(|policy| policy.starts_with(git::PREFIX)) {
        return Err(Failure::new("a revision cannot be watched, since it does not change"));
    }
    let mut looks = watch::Looks::default();
    watch::run(&args.policy, || {
        let compiled = args.options.clone().compile(&args.policy, common);
        looks.look(&compiled.sources, &args.policy, common, || report(&compiled, &args, common))
    })
}

/// Runs the tests, and prints what they came to.
fn report(compiled: &Compiled, args: &Args, common: &Common) -> Result<Status, Failure> {
    let Compiled { sources, diagnostics, policy, .. } = compiled;
    let Some(policy) = policy else {
        diagnose::report(diagnostics, sources, &args.policy, args.options.all, common, Stream::Stderr)?;
        return Ok(Status::of(diagnostics));
    };
    let orgs = match &args.org {
        Some(org) => vec![choose_rights(policy, Some(org))?],
        None => policy.orgs.iter().collect(),
    };
    let now = args.options.now();
    let (outcomes, told) = {
        let _progress = Progress::start("testing", common);
        let outcomes: Vec<Outcome<'_>> = orgs.into_iter().map(|rights| run_tests(rights, now)).collect();
        let told = tell(&outcomes, sources);
        (outcomes, told)
    };
    match common.format {
        Format::Human => output::print_text(&tests_text(&told, !common.quiet, !common.quiet))?,
        Format::Json => output::print_json(&told)?,
        Format::Junit => output::print_text(&junit(&told, &diagnose::folder(&args.policy)))?,
        // (drawings are refused before)
        Format::Short
        | Format::Sarif
        | Format::Github
        | Format::Gitlab
        | Format::Dot
        | Format::Mermaid
        | Format::Svg => {
            let found = findings(&outcomes, &told);
            diagnose::report(&found, sources, &args.policy, true, common, Stream::Stdout)?;
        }
    }
    Ok(if told.passed { Status::Clean } else { Status::Findings })
}
