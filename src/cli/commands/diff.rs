//! `diff`: who gains, loses or holds otherwise what, between two versions.

use std::collections::BTreeSet;
use std::path::PathBuf;

use camgrant::declared::changes;
use camgrant::diff::told::{Counts, DiffTold, Mark, TurnTold, diff, diff_text};
use clap::ValueEnum;

use crate::cli::chosen::choose;
use crate::cli::common::{Common, Format, Stream};
use crate::cli::exit::{Failure, Status};
use crate::cli::output;
use crate::cli::policy::PolicyOptions;
use crate::cli::versions;

/// Tell who gains and who loses what between two versions
///
/// As sets of subjects, capabilities and resources by the names that the policies have for them, not line by line: a change
/// of text that changes no right is no difference. Each right that differs stands in one block.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "Examples:\n  \
    camgrant diff git:main policy/\n  \
    camgrant diff git:v1.0 git:v1.1 --format json\n  \
    camgrant diff table.json policy/ --exit-code\n  \
    camgrant diff git:main policy/ --fail-on administer --max-change 30%")]
pub(crate) struct Args {
    /// The version before: a folder or a file; `git:REV`, the same folder at a revision; or a table (`.json`)
    #[arg(value_name = "OLD")]
    old: PathBuf,
    /// The version after
    #[arg(value_name = "NEW")]
    new: PathBuf,
    /// Only this organisation
    #[arg(long, value_name = "ID")]
    org: Option<String>,
    /// Exit with status 1 where any right differs
    #[arg(long, help_heading = "Gates")]
    exit_code: bool,
    /// Exit with status 1 where there is something of this kind; may be given several times
    #[arg(long, value_enum, value_name = "KIND", help_heading = "Gates")]
    fail_on: Vec<Kind>,
    /// Exit with status 1 where more rights differ than this part of those that OLD has, such as `30%`
    #[arg(long, value_name = "PART", value_parser = percent, help_heading = "Gates")]
    max_change: Option<u32>,
    #[command(flatten)]
    options: PolicyOptions,
}

/// What a gate looks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, ValueEnum)]
enum Kind {
    /// A right that is gained, or held under conditions that are not shown to be within those before
    Gain,
    /// A right that is lost, or held under conditions that are not shown to contain those before
    Loss,
    /// A right of class `administer` that is gained, or held under conditions that are not shown to be within those before
    Administer,
    /// Any right that differs
    Any,
}

/// A part in percent, a whole number up to 100.
fn percent(text: &str) -> Result<u32, String> {
    let number = text.strip_suffix('%').and_then(|number| number.parse().ok());
    number.filter(|number| *number <= 100).ok_or_else(|| "write a part of a hundred, such as `30%`".to_owned())
}

pub(crate) fn run(args: &Args, common: &Common) -> Result<Status, Failure> {
    let Some(versions) = versions::load([&args.old, &args.new], &args.options, common)? else {
        return Ok(Status::Failed);
    };
    let declared = versions::declared(&versions);
    let changes = declared.as_ref().map(|[old, new]| changes(old, new));
    let (old, new) = (versions[0].open()?, versions[1].open()?);
    let (old, new) = (old.side(), new.side());
    if args.org.is_some() {
        let ids: BTreeSet<String> = old.orgs().into_iter().chain(new.orgs()).collect();
        choose(ids.iter().map(String::as_str).collect(), args.org.as_deref())?;
    }
    let names = [args.old.display().to_string(), args.new.display().to_string()];
    let told = diff(old, new, [&names[0], &names[1]], args.org.as_deref(), changes.as_ref());
    let told = told.map_err(|unknown| {
        Failure::from(unknown).help(Some("compare tables that it wrote itself, or the policies".to_owned()))
    })?;
    match common.format {
        Format::Json => output::print_json(&told)?,
        _ => output::print_text(&diff_text(&told, args.options.all))?,
    }
    let closed = args.closed(&told);
    if !common.quiet {
        let lines: String = closed.iter().map(|gate| format!("{gate}\n")).collect();
        output::print(Stream::Stderr, |out| out.write_all(lines.as_bytes()))?;
    }
    let differs = args.exit_code && !told.is_empty();
    Ok(if differs || !closed.is_empty() { Status::Findings } else { Status::Clean })
}

impl Args {
    /// The gates that do not let this through, each with why.
    fn closed(&self, told: &DiffTold) -> Vec<String> {
        let kinds: BTreeSet<Kind> = self.fail_on.iter().copied().collect();
        let mut closed: Vec<String> = kinds.into_iter().filter_map(|kind| kind.closed(told)).collect();
        let Counts { before, gained, lost, changed } = told.counts;
        let differ = u128::from(gained) + u128::from(lost) + u128::from(changed);
        if let Some(percent) = self.max_change
            && differ * 100 > u128::from(before) * u128::from(percent)
        {
            closed.push(format!("--max-change {percent}%: {differ} rights differ, of {before} before"));
        }
        closed
    }
}

impl Kind {
    /// Why this gate does not let it through, if so.
    fn closed(self, told: &DiffTold) -> Option<String> {
        let turns: &[TurnTold] = match self {
            Kind::Gain => &[TurnTold::Gained, TurnTold::Wider, TurnTold::Otherwise],
            Kind::Loss => &[TurnTold::Lost, TurnTold::Narrower, TurnTold::Otherwise],
            Kind::Administer | Kind::Any => &[],
        };
        let meant = told.blocks().filter(|block| match self {
            Kind::Any => true,
            Kind::Administer => block.marks.iter().any(|mark| mark.mark == Mark::Administer),
            Kind::Gain | Kind::Loss => turns.contains(&block.turn),
        });
        let name = self.to_possible_value().map(|value| value.get_name().to_owned()).unwrap_or_default();
        let count = meant.count();
        let blocks = if count == 1 { "1 block".to_owned() } else { format!("{count} blocks") };
        (count > 0).then(|| format!("--fail-on {name}: {blocks}"))
    }
}
