//! `compile`: the table, whole or not at all.

use std::cell::RefCell;
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use camgrant::compile::Compiled;
use camgrant::diagnostics::Diagnostic;
use camgrant::effective::{Effective, rules};
use camgrant::emit::{self, TableOptions};
use camgrant::source::{SourceFile, Sources, Span};
use camgrant::table::format;
use clap::ValueEnum;

use crate::cli::common::{Common, Stream};
use crate::cli::diagnose;
use crate::cli::exit::{Failure, Status};
use crate::cli::output::{StageFault, Staged, Target};
use crate::cli::policy::PolicyOptions;
use crate::cli::slices::{self, Summing, Sums};
use crate::cli::tables;

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
    cat policy.yaml | camgrant compile -")]
pub(crate) struct Args {
    /// The policy: a folder or a file; `-` is standard input
    #[arg(default_value = ".", value_name = "POLICY")]
    policy: PathBuf,
    /// Write to PATH and not to standard output; with `--split`, PATH is a folder
    #[arg(long, short, value_name = "PATH")]
    output: Option<PathBuf>,
    /// How rights are laid out; all layouts mean the same
    #[arg(long, value_enum, default_value = "expanded", value_name = "LAYOUT")]
    layout: Layout,
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
    let target = match &args.output {
        None => Target::Stdout,
        Some(path) if path == Path::new("-") && args.split.is_none() => Target::Stdout,
        Some(path) => Target::File(path.clone()),
    };
    if args.source_map.is_some() && args.source_map == args.output {
        return Err(Failure::new("the table and the source map would be written to the same file"));
    }
    let layout = match args.layout {
        Layout::Expanded => format::Layout::Expanded,
        Layout::Compact => format::Layout::Compact,
        Layout::Factored => format::Layout::Factored,
    };
    let options = TableOptions {
        layout,
        compact_json: args.compact_json,
        org: args.org.as_deref(),
        recorder: args.recorder.as_deref(),
    };

    let Compiled { mut sources, mut diagnostics, policy, budgets } = args.options.compile(&args.policy, common);
    let mut staged = Vec::new();
    let mut selected = Ok(());
    if let Some(policy) = &policy {
        selected = tables::check(policy, &options);
        // the other layouts grow with the variety of a policy alone
        let limit = (layout == format::Layout::Expanded).then_some(budgets.max_table_bytes);
        let written = match (&selected, args.split, &target) {
            (Err(_), _, _) => Ok(Vec::new()),
            (Ok(()), Some(Split::Recorder), Target::File(folder)) => stage_slices(policy, &options, limit, folder),
            (Ok(()), _, _) => stage_table(policy, &options, limit, &target),
        };
        match written {
            Ok(written) => staged = written,
            Err(Fault::TooLarge) => diagnostics.push(too_large(&mut sources, budgets.max_table_bytes)),
            Err(Fault::Failure(failure)) => selected = Err(failure),
        }
        if let (Ok(()), Some(path)) = (&selected, &args.source_map) {
            staged.insert(0, stage_source_map(policy, &sources, path)?);
        }
    }
    diagnose::report(&diagnostics, &sources, all, common, Stream::Stderr)?;
    selected?;
    let status = Status::of(&diagnostics);
    if status == Status::Clean {
        for Output { staged, what } in staged {
            staged.commit().map_err(|error| Failure::output(&what, &error))?;
        }
    }
    Ok(status)
}

/// Something complete, with its name for messages.
struct Output {
    staged: Staged,
    what: String,
}

/// Why nothing was staged.
enum Fault {
    TooLarge,
    Failure(Failure),
}

impl From<Failure> for Fault {
    fn from(failure: Failure) -> Fault {
        Fault::Failure(failure)
    }
}

fn staging(what: &str) -> impl Fn(StageFault) -> Fault {
    move |fault| match fault {
        StageFault::TooLarge => Fault::TooLarge,
        StageFault::Io(error) => Fault::Failure(Failure::output(what, &error)),
    }
}

fn named(path: &Path) -> String {
    format!("`{}`", path.display())
}

fn stage_table(
    policy: &Effective,
    options: &TableOptions<'_>,
    limit: Option<u64>,
    target: &Target,
) -> Result<Vec<Output>, Fault> {
    let what = match target {
        Target::Stdout => "the table".to_owned(),
        Target::File(path) => named(path),
    };
    let staged = Staged::write(target, limit, |out| tables::write(policy, options, out)).map_err(staging(&what))?;
    Ok(vec![Output { staged, what }])
}

fn stage_source_map(policy: &Effective, sources: &Sources, path: &Path) -> Result<Output, Failure> {
    let what = named(path);
    let staged = Staged::write(&Target::File(path.to_owned()), None, |out| emit::write_source_map(policy, sources, out));
    match staged.map_err(staging(&what)) {
        Ok(staged) => Ok(Output { staged, what }),
        Err(Fault::Failure(failure)) => Err(failure),
        Err(Fault::TooLarge) => Err(Failure::new("the source map is too large")), // it has no limit
    }
}

/// The slices that differ from what the folder holds, what empties those that are gone, and last the list of sums.
fn stage_slices(
    policy: &Effective,
    options: &TableOptions<'_>,
    limit: Option<u64>,
    folder: &Path,
) -> Result<Vec<Output>, Fault> {
    let old = old_sums(folder)?;
    let mut folder = Folder { folder, old: &old, new: Sums::new(), outputs: Vec::new() };
    let result = RefCell::new(None);
    let walked = tables::each_slice(policy, options, |path, write| {
        folder.stage(path, limit, write).map_err(|fault| {
            *result.borrow_mut() = Some(fault);
            StageFault::TooLarge
        })
    });
    if let Some(fault) = result.into_inner() {
        return Err(fault);
    }
    walked.map_err(staging("the slices"))?;
    let gone = slices::gone(&old, &folder.new, options.org, options.layout, options.compact_json);
    for (path, content) in gone.emptied {
        folder.stage(path, None, &|out: &mut dyn Write| out.write_all(content.as_bytes()))?;
    }
    let Folder { folder, mut new, mut outputs, .. } = folder;
    new.extend(gone.kept);
    let path = folder.join(slices::SUMS);
    let what = named(&path);
    let staged = Staged::write(&Target::File(path), None, |out| out.write_all(slices::format(&new).as_bytes()))
        .map_err(staging(&what))?;
    outputs.push(Output { staged, what });
    Ok(outputs)
}

/// The sums of the last run, if there was one.
fn old_sums(folder: &Path) -> Result<Sums, Failure> {
    let path = folder.join(slices::SUMS);
    let text = match fs::read_to_string(&path) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Sums::new()),
        Err(error) => return Err(Failure::input(&named(&path), &error)),
    };
    slices::parse(&text).map_err(|fault| {
        Failure::new(format!("{} cannot be read: {fault}", named(&path))).help(Some(
            "it says which slices have to be emptied; mend it, or write to another folder".to_owned(),
        ))
    })
}

/// The folder of the slices while it is prepared.
struct Folder<'f> {
    folder: &'f Path,
    old: &'f Sums,
    new: Sums,
    outputs: Vec<Output>,
}

impl Folder<'_> {
    fn stage(
        &mut self,
        path: String,
        limit: Option<u64>,
        write: &dyn Fn(&mut dyn Write) -> io::Result<()>,
    ) -> Result<(), Fault> {
        let file = self.folder.join(&path);
        let what = named(&file);
        if let Some(folder) = file.parent() {
            fs::create_dir_all(folder).map_err(|error| Failure::output(&what, &error))?;
        }
        let mut summing = Summing::default();
        let staged = Staged::write(&Target::File(file.clone()), limit, |out| {
            write(&mut Tee { out, summing: &mut summing })
        })
        .map_err(staging(&what))?;
        let sum = summing.finish();
        let unchanged = self.old.get(&path) == Some(&sum)
            && fs::read(&file).is_ok_and(|content| slices::sum(&content) == sum);
        self.new.insert(path, sum);
        if !unchanged {
            self.outputs.push(Output { staged, what });
        }
        Ok(())
    }
}

/// Writes, and sums up what was written.
struct Tee<'t> {
    out: &'t mut dyn Write,
    summing: &'t mut Summing,
}

impl Write for Tee<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.out.write(bytes)?;
        self.summing.feed(bytes.get(..written).unwrap_or(bytes));
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

/// The finding for a table beyond its budget. It is about no file: the policy as a whole is too varied.
fn too_large(sources: &mut Sources, limit: u64) -> Diagnostic {
    let whole = sources.add(SourceFile::unreadable(".".to_owned()));
    Diagnostic::new(
        &rules::TABLE_TOO_LARGE,
        Span::file_start(whole),
        format!("the expanded table is larger than `max_table_bytes`, {limit} bytes"),
    )
    .help(
        "choose `--layout compact` or `--layout factored`, which grow with the variety of a policy alone, or raise the \
         limit with `--max-table-bytes`",
    )
}
