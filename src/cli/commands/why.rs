//! `why`: the proof of a yes, or everything that stands in the way of it.

use std::path::PathBuf;

use camgrant::query::told::{PairsTold, WhyAnswer, why_answer_text};
use camgrant::query::{Asker, Edits, ask_several};

use crate::cli::chosen::choose_rights;
use crate::cli::common::{Common, Format};
use crate::cli::exit::{Failure, Status};
use crate::cli::output;
use crate::cli::policy::{Answering, PolicyOptions};
use crate::cli::progress::Progress;
use crate::cli::question::{Meant, Question};
use crate::cli::request::RequestOptions;

/// Explain why a subject may do something (exit status 0), or what stands in the way (1)
///
/// Every grant that gives the right, with each step from the subject through teams, and from the scope to the resource;
/// or all that keeps it from being held, and the smallest edits that would give it. As for `can`, what is unknown counts
/// against the subject.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "Examples:\n  \
    camgrant why nina@acme.example live.view device:gate -p policy/\n  \
    camgrant why nina@acme.example ptz.control device:gate -p policy/ \\\n      \
        --at 2026-11-28T23:00:00+01:00 --address 10.1.2.3\n  \
    camgrant why team:guards archive.export all -p policy/ --format json")]
pub(crate) struct Args {
    /// Who: a user's id, `user:<id>`, `link:<id>`, or `team:<id>` for every user of the team
    #[arg(value_name = "SUBJECT")]
    subject: String,
    /// What: a capability, such as `live.view`
    #[arg(value_name = "CAPABILITY")]
    capability: String,
    /// On what: `org`, `site:hq`, `group:hq/lobby`, `device:gate`, `device_group:police`, `layout:doors`,
    /// `recorder:nvr-1`; or `all`, `unassigned` for every resource to which the capability applies
    #[arg(value_name = "RESOURCE")]
    resource: String,
    /// The policy: a folder or a file; `-` is standard input, `git:REV` the current folder at a revision
    #[arg(long, short, default_value = ".", value_name = "POLICY")]
    policy: PathBuf,
    /// How many edits are shown that would turn the answer; 0 looks for none
    #[arg(long, default_value = "5", value_name = "N")]
    edits: usize,
    #[command(flatten)]
    request: RequestOptions,
    #[command(flatten)]
    options: PolicyOptions,
}

pub(crate) fn run(args: Args, common: &Common) -> Result<Status, Failure> {
    let question = Question::read(&args.subject, &args.capability, &args.resource)?;
    let Answering { sources, policy, budgets } = args.options.ask(&args.policy, common)?;
    let rights = choose_rights(&policy, args.request.org.as_deref())?;
    let Meant { subjects, capability, resources } = question.meant(rights)?;
    let asker = Asker { rights, sources: &sources };
    let several = ask_several(rights, &subjects, capability, &resources, args.request.request());
    let Some(first) = several.first else { return Err(Failure::new("there is nothing to ask about")) };
    let answer = asker.why(first);
    let edits = if args.edits == 0 {
        Edits { complete: true, ..Edits::default() }
    } else {
        let _progress = Progress::start("looking for edits", common);
        asker.edits(&answer, budgets.max_alternatives)
    };
    let told = WhyAnswer {
        yes: several.no == 0,
        org: rights.org.id.to_string(),
        at: args.request.at.map(|at| at.to_string()),
        address: args.request.address.map(|address| address.to_string()),
        pairs: PairsTold { yes: several.yes, no: several.no },
        explained: asker.tell(&answer, &edits, args.edits),
    };
    match common.format {
        Format::Json => output::print_json(&told)?,
        _ => output::print_text(&why_answer_text(&told))?,
    }
    Ok(if told.yes { Status::Clean } else { Status::Findings })
}
