//! `compile`: the table, whole or not at all.

use std::io::Write;
use std::path::{Path, PathBuf};

use camgrant::compile::Compiled;
use camgrant::diagnostics::{Diagnostic, Level};
use camgrant::effective::{Effective, rules};
use camgrant::emit::Emitter;
use camgrant::emit::table::{self, TableOptions};
use camgrant::source::{SourceFile, Sources, Span};
use camgrant::table::format;
use clap::ValueEnum;

use crate::cli::common::{Common, Stream};
use crate::cli::diagnose;
use crate::cli::exit::{Failure, Status};
use crate::cli::folder;
use crate::cli::git;
use crate::cli::output::{self, StageFault, Staged, Target, named};
use crate::cli::place::{Made, followed, same_file};
use crate::cli::policy::PolicyOptions;
use crate::cli::progress::Progress;
use crate::cli::{tables, targets};

/// Compile a policy to its table of effective permissions
///
/// Where there is an error, or a lint of level deny, nothing is written, and earlier output stays as it was. Files are
/// written whole or not at all.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "Examples:\n  \
    camgrant compile policy/ -o table.json\n  \
    camgrant compile policy/ --layout compact --compact-json -o table.json\n  \
    camgrant compile policy/ --recorder nvr-1 -o nvr-1.json\n  \
    camgrant compile policy/ --split recorder -o out/ && (cd out && sha256sum -c SHA256SUMS)\n  \
    camgrant compile policy/ --target cedar --org acme -o cedar/\n  \
    cat policy.yaml | camgrant compile -")]
pub(crate) struct Args {
    /// The policy: a folder or a file; `-` is standard input, `git:REV` the current folder at a revision
    #[arg(default_value = ".", value_name = "POLICY")]
    policy: PathBuf,
    /// Write to PATH and not to standard output; with `--split` and other targets than the table, PATH is a folder
    #[arg(long, short, value_name = "PATH")]
    output: Option<PathBuf>,
    /// What rights are written as; all targets mean the same
    #[arg(long, default_value = targets::TABLE, value_parser = targets::parser(), value_name = "TARGET")]
    target: String,
    /// How a table's rights are laid out, `expanded` by default; all layouts mean the same
    #[arg(long, value_enum, value_name = "LAYOUT")]
    layout: Option<Layout>,
    /// No indent
    #[arg(long)]
    compact_json: bool,
    /// Only the slice of this recorder
    #[arg(long, value_name = "ID", conflicts_with = "split")]
    recorder: Option<String>,
    /// One table for each recorder, and SHA256SUMS, in the folder of `-o`
    #[arg(long, value_enum, value_name = "BY", requires = "output")]
    split: Option<Split>,
    /// Write where each right comes from
    #[arg(long, value_name = "FILE")]
    source_map: Option<PathBuf>,
    /// Only this organisation
    #[arg(long, value_name = "ID")]
    org: Option<String>,
    #[command(flatten)]
    options: PolicyOptions,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Layout {
    /// Each subject lists its own rights
    Expanded,
    /// Subjects and resources are gathered in classes
    Compact,
    /// Rights are kept as they are held in common, for very large organisations
    Factored,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Split {
    /// One table for each recorder
    Recorder,
}

pub(crate) fn run(args: Args, common: &Common) -> Result<Status, Failure> {
    let all = args.options.all;
    let emitter = targets::find(&args.target);
    if let Some(emitter) = emitter {
        check_folder_target(&args, emitter)?;
    }
    if args.split.is_some() && args.output.as_deref().is_some_and(is_stdout) {
        return Err(Failure::new("several tables go into a folder: name one with `-o DIR`"));
    }
    let target = match &args.output {
        None => Target::Stdout,
        Some(path) if is_stdout(path) => Target::Stdout,
        Some(path) => Target::File(path.clone()),
    };
    if let (Some(map), Some(table)) = (&args.source_map, &args.output) {
        if same_file(map, table) {
            return Err(Failure::new("the table and the source map would be written to the same file"));
        }
        if args.split.is_some() && folder::holds(table, map) {
            let help = "name another file with `--source-map`, such as one beside the folder of slices";
            return Err(Failure::new(format!("{} is the place of a slice", named(map))).help(Some(help.to_owned())));
        }
    }
    let layout = match args.layout {
        None | Some(Layout::Expanded) => format::Layout::Expanded,
        Some(Layout::Compact) => format::Layout::Compact,
        Some(Layout::Factored) => format::Layout::Factored,
    };
    let options = TableOptions { layout, compact_json: args.compact_json };
    let wanted = Wanted {
        emitter,
        options,
        org: args.org.as_deref(),
        recorder: args.recorder.as_deref(),
        split: args.split,
        source_map: args.source_map.as_deref(),
    };

    let Compiled { mut sources, mut diagnostics, policy, budgets } = args.options.compile_from(&args.policy, common)?;
    let outputs = [args.output.as_ref(), args.source_map.as_ref()];
    if let Some(path) = outputs.into_iter().flatten().find(|path| is_read(path, &args.policy, &sources)) {
        let help = "name another file: what is written here would be the end of the policy";
        return Err(Failure::new(format!("{} is a file of the policy", named(path))).help(Some(help.to_owned())));
    }
    let mut made = Made::default();
    let staged = match &policy {
        Some(policy) => {
            let _progress = Progress::start("writing", common);
            stage(policy, &sources, &wanted, &target, budgets.max_table_bytes, &mut made)
        }
        None => Ok(Vec::new()),
    };
    let staged = match staged {
        Ok(staged) => Ok(staged),
        Err(StageFault::TooLarge) => {
            diagnostics.push(too_large(&mut sources, budgets.max_table_bytes, emitter));
            Ok(Vec::new())
        }
        Err(StageFault::Finding(finding)) => {
            diagnostics.push(*finding);
            Ok(Vec::new())
        }
        Err(StageFault::Failure(failure)) => Err(failure),
    };
    // what stops no compile is no error of this one
    for finding in diagnostics.iter_mut().filter(|finding| !finding.stops()) {
        finding.level = finding.level.min(Level::Warn);
    }
    diagnose::report(&diagnostics, &sources, &args.policy, all, common, Stream::Stderr)?;
    let staged = staged?;
    let status = Status::of(&diagnostics);
    if status == Status::Clean {
        output::commit(staged)?;
        made.keep();
    }
    // the program ends here: taking a large policy apart again would take as long as a part of compiling it
    std::mem::forget((policy, sources));
    Ok(status)
}

/// A target that is a folder of files needs one, and has no layouts and slices.
fn check_folder_target(args: &Args, emitter: &Emitter) -> Result<(), Failure> {
    let of_tables = [
        ("--layout", args.layout.is_some()),
        ("--compact-json", args.compact_json),
        ("--recorder", args.recorder.is_some()),
        ("--split", args.split.is_some()),
    ];
    if let Some((option, _)) = of_tables.into_iter().find(|(_, given)| *given) {
        return Err(Failure::new(format!(
            "`{option}` is for tables, and does not go with `--target {}`",
            emitter.name
        )));
    }
    if args.output.as_deref().is_none_or(is_stdout) {
        let found = format!("`--target {}` writes several files into a folder: name one with `-o DIR`", emitter.name);
        return Err(Failure::new(found));
    }
    Ok(())
}

/// Whether a path means standard output. Its own names are written to, never replaced.
fn is_stdout(path: &Path) -> bool {
    ["-", "/dev/stdout", "/dev/fd/1", "/proc/self/fd/1"].iter().any(|name| path == Path::new(name))
}

/// Whether a path is that of a file which this policy was read from.
fn is_read(path: &Path, policy: &Path, sources: &Sources) -> bool {
    // of a revision, what stands in the folder now is the policy as well
    let policy = if git::named_in(policy).is_some() { Path::new(".") } else { policy };
    if !policy.is_dir() {
        return path.is_file() && same_file(path, policy);
    }
    // only what there is, by a name that a policy's file may have
    let link = followed(path).unwrap_or_default();
    let fits = |name: &Path| name.extension().is_some_and(|ending| ending == "yaml" || ending == "yml");
    link.is_file()
        && (fits(path) || fits(&link))
        && sources.iter().any(|(_, file)| file.readable && same_file(&link, &policy.join(&file.path)))
}

/// What is to be written.
struct Wanted<'a> {
    /// What is written in place of a table.
    emitter: Option<&'static Emitter>,
    options: TableOptions,
    org: Option<&'a str>,
    recorder: Option<&'a str>,
    split: Option<Split>,
    source_map: Option<&'a Path>,
}

/// Everything that is to be written, complete, in the order in which it is to be put into its place.
fn stage(
    policy: &Effective,
    sources: &Sources,
    wanted: &Wanted<'_>,
    target: &Target,
    max_table_bytes: u64,
    made: &mut Made,
) -> Result<Vec<Staged>, StageFault> {
    // the other layouts grow with the variety of a policy alone
    let expanded = wanted.options.layout == format::Layout::Expanded;
    let limit = expanded.then_some(max_table_bytes);
    let mut staged = match (wanted.emitter, wanted.split, target) {
        (Some(emitter), _, Target::File(folder)) => {
            let filling = targets::Filling { emitter, org: wanted.org, limit: max_table_bytes, folder };
            filling.stage(policy, wanted.source_map, made)?
        }
        (None, Some(Split::Recorder), Target::File(folder)) => {
            let selection = tables::select(policy, wanted.org, wanted.recorder)?;
            let split = folder::Split { options: wanted.options, org: wanted.org, limit };
            split.stage(&selection, folder, made)?
        }
        _ => {
            let selection = tables::select(policy, wanted.org, wanted.recorder)?;
            let write = |out: &mut dyn Write| table::write(&selection, wanted.options, out);
            vec![Staged::write(target, limit, write)?]
        }
    };
    // made last, since it may stand in the folder that was made for the slices; in its place first
    if let Some(path) = wanted.source_map {
        let write = |out: &mut dyn Write| table::write_source_map(policy, sources, out);
        staged.insert(0, Staged::write(&Target::File(path.to_owned()), None, write)?);
    }
    Ok(staged)
}

/// The finding for a table beyond its budget. It is about no file: the policy as a whole is too varied.
fn too_large(sources: &mut Sources, limit: u64, emitter: Option<&Emitter>) -> Diagnostic {
    let whole = sources.add(SourceFile::unreadable(".".to_owned()));
    let (what, help) = match emitter {
        None => (
            "the expanded table is",
            "choose `--layout compact` or `--layout factored`, which grow with the variety of a policy alone, or raise \
             the limit with `--max-table-bytes`",
        ),
        Some(_) => {
            ("these files are", "choose one organisation with `--org`, or raise the limit with `--max-table-bytes`")
        }
    };
    let found = format!("{what} larger than `max_table_bytes`, {limit} bytes");
    Diagnostic::new(&rules::TABLE_TOO_LARGE, Span::file_start(whole), found).help(help)
}
