//! `merge-check`: whether two changes, each harmless, break something together.

use std::path::{Path, PathBuf};

use camgrant::compile::Compiled;
use camgrant::diagnostics::{self, Diagnostic};
use camgrant::merge::{self, Broken, EmergentTold, Judged, Names, broken, emergent, is_together, merge_text, tell};
use camgrant::source::Sources;
use camgrant::testing::{self, Outcome};

use crate::cli::common::{Common, Format, Stream};
use crate::cli::exit::{Failure, Status};
use crate::cli::git::{PREFIX, Repository, Revision};
use crate::cli::merging::{Merged, merge as merge_texts};
use crate::cli::policy::PolicyOptions;
use crate::cli::progress::Progress;
use crate::cli::{diagnose, output};

/// Tell what two changes break together, of which each is harmless
///
/// Both are merged as Git merges them, without writing anything. What then is an error, a lint at deny or a test that fails,
/// and holds in either change alone, is told with its proof; and the rights that neither change gives alone. Exit status 1
/// where anything fails in the merge, and where Git cannot merge them.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "Examples:\n  \
    camgrant merge-check main topic-a topic-b -p policy/\n  \
    camgrant merge-check $(git merge-base main topic) main topic --format json")]
pub(crate) struct Args {
    /// The revision from which both come
    #[arg(value_name = "BASE")]
    base: String,
    /// The revision with the first change
    #[arg(value_name = "OURS")]
    ours: String,
    /// The revision with the second change
    #[arg(value_name = "THEIRS")]
    theirs: String,
    /// The policy: a folder in a repository
    #[arg(long, short, default_value = ".", value_name = "POLICY")]
    policy: PathBuf,
    #[command(flatten)]
    options: PolicyOptions,
}

/// A version of the policy, compiled and tested.
struct Tested<'c> {
    compiled: &'c Compiled,
    outcomes: Vec<Outcome<'c>>,
}

pub(crate) fn run(args: &Args, common: &Common) -> Result<Status, Failure> {
    let repository = Repository::open(&args.policy)?;
    let named = [&args.base, &args.ours, &args.theirs].map(|name| name.strip_prefix(PREFIX).unwrap_or(name));
    let [base, ours, theirs] = named.map(|name| repository.revision(name));
    let (base, ours, theirs) = (base?, ours?, theirs?);
    let names = {
        let [base, ours, theirs] = named.map(str::to_owned);
        Names { base, ours, theirs }
    };
    let merged = match merge_texts(&repository, &base, &ours, &theirs)? {
        Merged::World(world) => args.options.compile_world(&world, common),
        Merged::Conflicts(files) => {
            args.conflict(&merge::conflict(names, files), common)?;
            return Ok(Status::Findings);
        }
    };
    let mut changes = Vec::new();
    for (revision, name) in [(&ours, &names.ours), (&theirs, &names.theirs)] {
        match args.change(&repository, revision, name, common)? {
            Ok(compiled) => changes.push(compiled),
            Err(status) => return Ok(status),
        }
    }
    let [ours, theirs] = &changes[..] else { return Err(Failure::new("there are not two changes")) };
    let now = args.options.now();
    let (told, found) = {
        let _progress = Progress::start("testing", common);
        let [ours, theirs, merged] = [ours, theirs, &merged].map(|compiled| Tested::new(compiled, now));
        let broken = broken([ours.judged(), theirs.judged()], merged.judged());
        let told = tell(names, &broken, merged.judged(), beyond([&ours, &theirs], &merged)?);
        // tests have their own form for people, with the proof, and for programs
        let tests = !matches!(common.format, Format::Human | Format::Json);
        (told, findings(&broken, &merged, tests))
    };
    args.report(&told, &found, &merged, common)?;
    // a place that could not be read weighs more than what was found elsewhere
    let of_merge = Status::of(&merged.diagnostics);
    Ok(if told.passed || of_merge == Status::Failed { of_merge } else { Status::Findings })
}

impl Args {
    /// One of the changes alone, which must compile; otherwise it is reported, and this is the status.
    fn change(
        &self,
        repository: &Repository,
        revision: &Revision,
        name: &str,
        common: &Common,
    ) -> Result<Result<Compiled, Status>, Failure> {
        let compiled = self.options.compile_world(&repository.world(revision)?, common);
        if compiled.policy.is_some() {
            return Ok(Ok(compiled));
        }
        let Compiled { sources, diagnostics, .. } = &compiled;
        if common.format == Format::Human {
            output::print(Stream::Stderr, |out| writeln!(out, "`{name}` does not compile:"))?;
        }
        diagnose::report(diagnostics, sources, &self.policy, self.options.all, common, Stream::Stderr)?;
        Ok(Err(Status::of(diagnostics)))
    }

    /// A merge that Git cannot make. It has no place in a file to which a platform could point.
    fn conflict(&self, told: &merge::MergeTold, common: &Common) -> Result<(), Failure> {
        let text = merge_text(told, !common.quiet);
        match common.format {
            Format::Json => output::print_json(told),
            Format::Human => output::print_text(&text),
            _ => {
                output::print(Stream::Stderr, |out| out.write_all(text.as_bytes()))?;
                let nothing = Sources::default();
                diagnose::report(&[], &nothing, &self.policy, self.options.all, common, Stream::Stdout)
            }
        }
    }

    fn report(
        &self,
        told: &merge::MergeTold,
        found: &[Diagnostic],
        merged: &Compiled,
        common: &Common,
    ) -> Result<(), Failure> {
        let report = |found: &[Diagnostic], common: &Common| {
            let policy: &Path = &self.policy;
            diagnose::report(found, &merged.sources, policy, self.options.all, common, Stream::Stdout)
        };
        match common.format {
            Format::Json => output::print_json(told),
            Format::Human => {
                // the last line counts, and no other one
                if !found.is_empty() {
                    report(found, &Common { quiet: true, ..common.clone() })?;
                }
                output::print_text(&merge_text(told, !common.quiet))
            }
            _ => report(found, common),
        }
    }
}

impl<'c> Tested<'c> {
    fn new(compiled: &'c Compiled, now: i64) -> Tested<'c> {
        let orgs = compiled.policy.iter().flat_map(|policy| &policy.orgs);
        Tested { compiled, outcomes: orgs.map(|rights| testing::run(rights, now)).collect() }
    }

    fn judged(&self) -> Judged<'_> {
        let Compiled { sources, diagnostics, .. } = self.compiled;
        Judged { sources, diagnostics, outcomes: &self.outcomes }
    }
}

/// The rights that the merge has beyond both changes, if it compiles.
fn beyond(changes: [&Tested<'_>; 2], merged: &Tested<'_>) -> Result<Vec<EmergentTold>, Failure> {
    let [Some(ours), Some(theirs), Some(merged)] = [changes[0], changes[1], merged].map(|one| {
        let compiled = one.compiled;
        compiled.policy.as_ref().map(|policy| (policy, &compiled.sources))
    }) else {
        return Ok(Vec::new());
    };
    Ok(emergent([ours, theirs], merged)?)
}

/// What fails in the merge alone, as findings in the order of a report; with the tests, or without.
fn findings(broken: &Broken<'_>, merged: &Tested<'_>, tests: bool) -> Vec<Diagnostic> {
    let errors = broken.findings.iter().filter(|(_, alone)| is_together(*alone));
    let mut found: Vec<Diagnostic> = errors.map(|(found, _)| (*found).clone()).collect();
    let sources = &merged.compiled.sources;
    if tests {
        let failed: Vec<Outcome<'_>> = merged.outcomes.iter().map(Outcome::failed).collect();
        let told = testing::findings(&failed, &testing::tell(&failed, sources)).into_iter().zip(&broken.tests);
        found.extend(told.filter(|(_, (_, _, alone))| is_together(*alone)).map(|(found, _)| found));
    }
    diagnostics::sort(&mut found, sources);
    found
}
