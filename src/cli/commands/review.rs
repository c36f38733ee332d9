//! `review`: whether an author may make a change, by the policy before it.

use std::path::{Path, PathBuf};

use camgrant::compile::Compiled;
use camgrant::declared::{self, Declared};
use camgrant::diff::Side;
use camgrant::diff::told::{diff, diff_text};
use camgrant::effective::Effective;
use camgrant::model::Budgets;
use camgrant::query::Request;
use camgrant::review::{self, Asked, ReviewSide, Shown, review_markdown, review_text};
use camgrant::source::{Listing, MANIFEST, Sources, World};

use crate::cli::common::{Common, Format, Stream};
use crate::cli::exit::{Failure, Status};
use crate::cli::git::named_in;
use crate::cli::policy::PolicyOptions;
use crate::cli::{diagnose, output, versions};

/// Tell whether an author may make a change, by the policy before it
///
/// Who administers whom stands in the policy, and a change of the policy is an act of administration. Each right that is
/// held otherwise, and each declaration that differs, is held against what the author may do by OLD. What is in doubt is
/// refused.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "Examples:\n  \
    camgrant review git:main policy/ --author ben@acme.example\n  \
    camgrant review git:main policy/ --author ben@acme.example --approved-by nina@acme.example\n  \
    camgrant review old/ new/ --author ben@acme.example --approvers\n  \
    camgrant review git:main . --author-email \"$AUTHOR\" --format github")]
pub(crate) struct Args {
    /// The policy before: a folder or a file, or `git:REV`, the same folder at a revision
    #[arg(value_name = "OLD")]
    old: PathBuf,
    /// The policy after
    #[arg(value_name = "NEW")]
    new: PathBuf,
    /// Who made the change: a user of OLD
    #[arg(long, value_name = "USER", required_unless_present = "author_email", conflicts_with = "author_email")]
    author: Option<String>,
    /// The same by e-mail address, as the platform knows it: never from a commit's header, which anybody can write
    #[arg(long, value_name = "EMAIL")]
    author_email: Option<String>,
    /// Users of OLD who approve of the change
    #[arg(long, value_name = "USER,...", value_delimiter = ',')]
    approved_by: Vec<String>,
    /// Print only whose approval would let it pass, one line for each choice
    #[arg(long)]
    approvers: bool,
    /// From which address the change is made; without it the address is unknown
    #[arg(long, value_name = "ADDRESS")]
    address: Option<std::net::IpAddr>,
    #[command(flatten)]
    options: PolicyOptions,
}

/// What hosts of repositories take as one comment.
const COMMENT: usize = 65_536;

/// One version, as it was read.
struct Read {
    policy: Effective,
    sources: Sources,
    declared: Declared,
    budgets: Budgets,
}

pub(crate) fn run(args: &Args, common: &Common) -> Result<Status, Failure> {
    let author = args.author.as_deref().or(args.author_email.as_deref()).unwrap_or_default();
    if matches!(common.format, Format::Junit) {
        return Err(Failure::new("`junit` is no format of `review`")
            .help(Some("`human`, `short`, `json`, `markdown`, `github`, `sarif` and `gitlab` are".to_owned())));
    }
    let Some([old, new]) = args.read(common)? else { return Ok(Status::Failed) };
    let sides =
        [&old, &new].map(|read| ReviewSide { policy: &read.policy, sources: &read.sources, declared: &read.declared });
    let request = Request { at: Some(args.options.now()), address: args.address };
    let author = author.strip_prefix("user:").unwrap_or(author);
    let approvers: Vec<String> =
        args.approved_by.iter().map(|user| user.strip_prefix("user:").unwrap_or(user).to_owned()).collect();
    let asked = Asked { author, approvers: &approvers, request, budgets: old.budgets };
    let reviewed = review::review(sides[0], sides[1], &asked);
    let shown = review::findings(&reviewed, &old.sources, &new.sources);
    args.print(&old, &new, &asked, &reviewed, &shown, common)?;
    Ok(if reviewed.violations.is_empty() { Status::Clean } else { Status::Findings })
}

impl Args {
    fn print(
        &self,
        old: &Read,
        new: &Read,
        asked: &Asked<'_>,
        reviewed: &review::Review,
        shown: &Shown,
        common: &Common,
    ) -> Result<(), Failure> {
        let told = || {
            let names = [self.old.display().to_string(), self.new.display().to_string()];
            let sides = [old, new].map(|read| Side::Policy(&read.policy, &read.sources));
            let changes = declared::changes(&old.declared, &new.declared);
            let differs = diff(sides[0], sides[1], [&names[0], &names[1]], None, Some(&changes));
            Ok::<_, Failure>(review::tell(reviewed, shown, asked.author, asked.approvers, differs?))
        };
        if self.approvers && common.format != Format::Json {
            return output::print_text(&review::approvers_text(reviewed));
        }
        match common.format {
            Format::Json => output::print_json(&told()?),
            Format::Markdown => output::print_text(&review_markdown(&told()?, COMMENT)),
            Format::Human => {
                let told = told()?;
                if !common.quiet {
                    output::print_text(&diff_text(&told.diff, self.options.all))?;
                    output::print_text("\n")?;
                }
                if !shown.findings.is_empty() {
                    self.report(shown, common)?;
                }
                output::print_text(&review_text(&told))
            }
            _ => self.report(shown, common),
        }
    }

    fn report(&self, shown: &Shown, common: &Common) -> Result<(), Failure> {
        diagnose::report(&shown.findings, &shown.sources, self.folder(), self.options.all, common, Stream::Stdout)
    }

    /// The folder in which the new policy stands.
    fn folder(&self) -> &Path {
        if named_in(&self.new).is_some() { self.base() } else { &self.new }
    }

    /// The folder that is meant where a version is `git:REV`.
    fn base(&self) -> &Path {
        versions::folder([&self.old, &self.new])
    }

    /// Reads both versions. None where one of them does not compile; why was reported.
    fn read(&self, common: &Common) -> Result<Option<[Read; 2]>, Failure> {
        versions::not_both_stdin([&self.old, &self.new])?;
        let old_world = self.world(&self.old)?;
        let Some(old) = self.compiled("OLD", &self.old, &*old_world, common)? else { return Ok(None) };
        let new_world = self.world(&self.new)?;
        let Some(new) = self.compiled("NEW", &self.new, &*new_world, common)? else { return Ok(None) };
        // what OLD forbids, a new manifest cannot allow: lint levels and limits are OLD's
        let manifest = |read: &Read| read.declared.manifest_file.map(|file| read.sources.file(file).text.clone());
        if manifest(&old) != manifest(&new) {
            let text = manifest(&old).unwrap_or_else(|| "camgrant: 1\n".to_owned());
            let under = Under { world: &*new_world, manifest: text };
            if self.compiled("NEW, under the manifest of OLD,", &self.new, &under, common)?.is_none() {
                return Ok(None);
            }
        }
        Ok(Some([old, new]))
    }

    fn world(&self, path: &Path) -> Result<Box<dyn World>, Failure> {
        if versions::is_table(path) {
            let found = format!("`{}` is a table, and a review needs the policy's text", path.display());
            let help = "name the folder of the policy, or `git:REV`; `camgrant diff` compares tables";
            return Err(Failure::new(found).help(Some(help.to_owned())));
        }
        versions::world(path, self.base(), &self.options)
    }

    fn compiled(&self, which: &str, path: &Path, world: &dyn World, common: &Common) -> Result<Option<Read>, Failure> {
        let Compiled { sources, diagnostics, policy, budgets } = self.options.answer_from_world(world, common);
        let Some(policy) = policy else {
            let place = if named_in(path).is_some() { self.base() } else { path };
            if !common.quiet {
                let line = format!("{which} `{}` does not compile:\n", path.display());
                output::print(Stream::Stderr, |out| out.write_all(line.as_bytes()))?;
            }
            diagnose::report(&diagnostics, &sources, place, self.options.all, common, Stream::Stderr)?;
            return Ok(None);
        };
        let declared = declared::read(&sources, budgets);
        Ok(Some(Read { policy, sources, declared, budgets }))
    }
}

/// A policy under another manifest.
struct Under<'w> {
    world: &'w dyn World,
    manifest: String,
}

impl World for Under<'_> {
    fn list(&self, max_files: usize) -> Listing {
        let mut listing = self.world.list(max_files);
        if !listing.has_manifest {
            listing.files.push(MANIFEST.to_owned());
            listing.files.sort();
            listing.has_manifest = true;
        }
        listing
    }

    fn read(&self, path: &str, max_bytes: u64) -> Result<Vec<u8>, camgrant::source::FaultKind> {
        if path == MANIFEST { Ok(self.manifest.clone().into_bytes()) } else { self.world.read(path, max_bytes) }
    }
}
