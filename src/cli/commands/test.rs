//! `test`: the policy's own tests.

use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;

use camgrant::compile::Compiled;
use camgrant::diagnostics;
use camgrant::testing::{
    CoverageTold, Outcome, coverage, coverage_text, findings, junit, run as run_tests, score, tell, tell_coverage,
    tests_text, uncovered,
};

use crate::cli::chosen::choose_rights;
use crate::cli::common::{Common, Format, Stream};
use crate::cli::exit::{Failure, Status};
use crate::cli::output;
use crate::cli::policy::PolicyOptions;
use crate::cli::progress::Progress;
use crate::cli::{diagnose, watch};

/// Run the policy's own tests
///
/// What stands under `tests` must follow from the policy: at every instant from now on and from every address, unless a
/// test names one. A test that fails is told with the first counterexamples, and with the proof of one.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "Examples:\n  \
    camgrant test policy/\n  \
    camgrant test policy/ --coverage --min-coverage 80%\n  \
    camgrant test policy/ --watch\n  \
    camgrant test policy/ --format junit > report.xml")]
pub(crate) struct Args {
    /// The policy: a folder or a file; `-` is standard input, `git:REV` the current folder at a revision
    #[arg(default_value = ".", value_name = "POLICY")]
    policy: PathBuf,
    /// Tell also which grants, denials and roles no test depends on
    #[arg(long)]
    coverage: bool,
    /// Fail where tests depend on less of them than so many percent, such as `80%`
    #[arg(long, value_name = "PERCENT")]
    min_coverage: Option<Floor>,
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
        let compiled = args.options.answer_from(&args.policy, common)?;
        return report(&compiled, &args, common);
    }
    watch::can_watch(&args.policy)?;
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
    let (outcomes, told, missed) = {
        let _progress = Progress::start("testing", common);
        let outcomes: Vec<Outcome<'_>> = orgs.into_iter().map(|rights| run_tests(rights, now)).collect();
        let mut told = tell(&outcomes, sources);
        let mut missed = Vec::new();
        if args.coverage || args.min_coverage.is_some() {
            missed.extend(outcomes.iter().map(|outcome| (outcome.rights, coverage(outcome, now))));
            told.coverage = Some(tell_coverage(&missed, sources));
        }
        (outcomes, told, missed)
    };
    match common.format {
        Format::Human => {
            output::print_text(&tests_text(&told, !common.quiet, !common.quiet))?;
            if let Some(coverage) = &told.coverage {
                output::print_text(&coverage_text(coverage))?;
            }
        }
        Format::Json => output::print_json(&told)?,
        Format::Junit => output::print_text(&junit(&told, &diagnose::folder(&args.policy)))?,
        // (drawings are refused before)
        Format::Short
        | Format::Sarif
        | Format::Github
        | Format::Gitlab
        | Format::Dot
        | Format::Mermaid
        | Format::Svg
        | Format::Markdown => {
            let mut found = findings(&outcomes, &told);
            found.extend(uncovered(&missed));
            diagnostics::sort(&mut found, sources);
            diagnose::report(&found, sources, &args.policy, true, common, Stream::Stdout)?;
        }
    }
    let short = args.min_coverage.zip(told.coverage.as_ref()).filter(|(floor, coverage)| !floor.is_reached(coverage));
    if let Some((floor, coverage)) = short {
        let told = format!("{}, and at least {floor} must be\n", score(coverage));
        output::print(Stream::Stderr, |out| out.write_all(told.as_bytes()))?;
    }
    Ok(if told.passed && short.is_none() { Status::Clean } else { Status::Findings })
}

/// So many percent, in hundredths of one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Floor(u64);

impl Floor {
    fn is_reached(self, told: &CoverageTold) -> bool {
        // counts of a policy are far from the bounds of these numbers
        u128::from(told.covered) * 10_000 >= u128::from(self.0) * u128::from(told.count)
    }
}

impl FromStr for Floor {
    type Err = String;

    fn from_str(text: &str) -> Result<Floor, String> {
        let wrong = || "write a number from 0 to 100, such as `80%`".to_owned();
        let number = text.strip_suffix('%').unwrap_or(text).trim_end();
        let (whole, part) = number.split_once('.').unwrap_or((number, "0"));
        let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        if !digits(whole) || !digits(part) || part.len() > 2 {
            return Err(wrong());
        }
        let hundredths: u64 = format!("{part:0<2}").parse().map_err(|_| wrong())?;
        let whole: u64 = whole.parse().map_err(|_| wrong())?;
        let floor = whole.checked_mul(100).and_then(|whole| whole.checked_add(hundredths));
        floor.filter(|floor| *floor <= 10_000).map(Floor).ok_or_else(wrong)
    }
}

impl fmt::Display for Floor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.0 / 100, self.0 % 100) {
            (whole, 0) => write!(f, "{whole} %"),
            (whole, part) => write!(f, "{whole}.{part:02} %"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_floor_is_a_number_of_percent() {
        for (text, floor) in [("80", 8000), ("80%", 8000), ("79.5 %", 7950), ("0", 0), ("100%", 10_000), ("7.05", 705)]
        {
            assert_eq!(text.parse(), Ok(Floor(floor)), "{text}");
        }
        for text in ["", "%", "101", "100.01", "-1", "8,5", "1e1", ".5", "5.", "1.234", "99999999999999999999"] {
            assert!(text.parse::<Floor>().is_err(), "{text}");
        }
        assert_eq!([Floor(8000), Floor(705)].map(|floor| floor.to_string()), ["80 %", "7.05 %"]);
    }
}
