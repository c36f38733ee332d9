//! `check`: everything short of writing; with `--fix`, the certain fixes are written as well.

use std::path::{Path, PathBuf};

use camgrant::compile::Compiled;
use camgrant::diagnostics::Diagnostic;
use camgrant::diagnostics::baseline::{Baseline, Left};
use camgrant::diagnostics::render::counted;
use camgrant::source::Sources;

use crate::cli::common::{Common, Stream};
use crate::cli::exit::{Failure, Status};
use crate::cli::output::{self, named};
use crate::cli::policy::PolicyOptions;
use crate::cli::progress::Progress;
use crate::cli::{baseline, diagnose, fix, git, watch};

/// Report every error and lint of a policy
#[derive(Debug, clap::Args)]
#[command(after_long_help = "Examples:\n  \
    camgrant check policy/ --deny warnings\n  \
    camgrant check policy/ --format short --allow condition-not-covered\n  \
    camgrant check policy/ --fix\n  \
    camgrant check policy/ --watch\n  \
    camgrant check policy/ --write-baseline baseline.json\n  \
    camgrant check policy/ --baseline baseline.json\n  \
    cat policy.yaml | camgrant check -")]
pub(crate) struct Args {
    /// The policy: a folder or a file; `-` is standard input, `git:REV` the current folder at a revision
    #[arg(default_value = ".", value_name = "POLICY")]
    policy: PathBuf,
    /// Write the certain fixes into the files, and report what is left
    #[arg(long)]
    fix: bool,
    /// Do not report the lints that this file lists
    #[arg(long, value_name = "FILE")]
    baseline: Option<PathBuf>,
    /// Write all lints that are found into this file, for `--baseline`
    #[arg(long, value_name = "FILE", conflicts_with_all = ["baseline", "fix"])]
    write_baseline: Option<PathBuf>,
    /// Look again after each change, until interrupted
    #[arg(long, conflicts_with_all = ["fix", "write_baseline"])]
    watch: bool,
    #[command(flatten)]
    options: PolicyOptions,
}

pub(crate) fn run(args: Args, common: &Common) -> Result<Status, Failure> {
    let is_stdin = args.policy == Path::new("-");
    if args.fix && is_stdin {
        return Err(watch::not_stdin("fixed"));
    }
    if args.fix && git::named_in(&args.policy).is_some() {
        return Err(Failure::new("a revision cannot be fixed, since it does not change")
            .help(Some("name the folder, and commit what is fixed".to_owned())));
    }
    if args.watch {
        watch::can_watch(&args.policy)?;
        let mut looks = watch::Looks::default();
        return watch::run(&args.policy, || {
            let known = args.baseline.as_deref().map(baseline::read).transpose()?;
            let Compiled { sources, diagnostics, .. } = args.options.clone().compile(&args.policy, common);
            let report = || report(known.as_ref(), &sources, diagnostics, &args, common);
            looks.look(&sources, &args.policy, common, report)
        });
    }
    let known = args.baseline.as_deref().map(baseline::read).transpose()?;
    let mut unwritten = false;
    if args.fix {
        let _progress = Progress::start("fixing", common);
        let options = args.options.judge();
        let wanted = |diagnostics, sources: &Sources| left(known.as_ref(), diagnostics, sources).findings;
        unwritten = fix::run(&args.policy, &args.options.open(&args.policy), &options, wanted, common)?;
    }
    let compiled = args.options.compile_from(&args.policy, common)?;
    let status = match &args.write_baseline {
        Some(path) => write_baseline(path, &compiled, &args, common)?,
        None => report(known.as_ref(), &compiled.sources, compiled.diagnostics, &args, common)?,
    };
    // the program ends here, and nobody asks for the rights: taking them apart would only take time
    std::mem::forget(compiled.policy);
    Ok(if unwritten { Status::Failed } else { status })
}

/// What is to be reported.
fn left(known: Option<&Baseline>, findings: Vec<Diagnostic>, sources: &Sources) -> Left {
    match known {
        Some(baseline) => baseline.leave(findings, sources),
        None => Left { findings, known: 0, gone: 0 },
    }
}

/// Reports what is not in the baseline.
fn report(
    known: Option<&Baseline>,
    sources: &Sources,
    diagnostics: Vec<Diagnostic>,
    args: &Args,
    common: &Common,
) -> Result<Status, Failure> {
    let Left { findings, known: passed_over, gone } = left(known, diagnostics, sources);
    diagnose::report(&findings, sources, &args.policy, args.options.all, common, Stream::Stdout)?;
    if let Some(path) = args.baseline.as_deref().filter(|_| !common.quiet) {
        let path = named(path);
        let mut note = String::new();
        if passed_over > 0 {
            note += &format!("note: {} in the baseline {path} not shown\n", counted(passed_over, "finding"));
        }
        if gone > 0 {
            let which = counted(gone, "finding");
            note +=
                &format!("note: {which} of the baseline {path} no longer found: renew it with `--write-baseline`\n");
        }
        output::print(Stream::Stderr, |out| out.write_all(note.as_bytes()))?;
    }
    Ok(Status::of(&findings))
}

/// Puts all lints into a baseline, unless there are errors, which hide lints.
fn write_baseline(path: &Path, compiled: &Compiled, args: &Args, common: &Common) -> Result<Status, Failure> {
    let Compiled { sources, diagnostics, .. } = compiled;
    if diagnostics.iter().any(|finding| finding.rule.name.is_none()) {
        diagnose::report(diagnostics, sources, &args.policy, args.options.all, common, Stream::Stdout)?;
        let note = "note: no baseline is written while there are errors: they are never in one, and hide lints\n";
        output::print(Stream::Stderr, |out| out.write_all(note.as_bytes()))?;
        return Ok(Status::of(diagnostics));
    }
    let baseline = Baseline::new(diagnostics, sources);
    baseline::write(&baseline, path)?;
    if !common.quiet {
        let told = format!("{} written into the baseline {}\n", counted(baseline.count(), "finding"), named(path));
        output::print(Stream::Stderr, |out| out.write_all(told.as_bytes()))?;
    }
    Ok(Status::Clean)
}
