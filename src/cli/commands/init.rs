//! `init`: a small working policy to start from.

use std::path::{Path, PathBuf};

use camgrant::source::disk::slashed;

use crate::cli::common::{Common, Format, Stream};
use crate::cli::exit::{Failure, Status};
use crate::cli::output::{self, Staged, Target, named};
use crate::cli::place::{Made, folder_of};

/// Write a small working policy to start from
///
/// With its manifest, a test, a hint for the editor and a workflow for continuous integration. What is there already is
/// never overwritten.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "Examples:\n  \
    camgrant init policy/\n  \
    camgrant check policy/")]
pub(crate) struct Args {
    /// The folder
    #[arg(default_value = ".", value_name = "DIR")]
    folder: PathBuf,
}

/// What is written as it stands, by path.
const FILES: [(&str, &str); 4] = [
    ("camgrant.yaml", include_str!("init/camgrant.yaml")),
    ("policy.yaml", include_str!("init/policy.yaml")),
    ("tests.yaml", include_str!("init/tests.yaml")),
    (".github/workflows/camgrant.yml", include_str!("init/workflow.yml")),
];

/// The schema that the editor's hint in `policy.yaml` names.
const SCHEMA: &str = "schema/policy.schema.json";

pub(crate) fn run(args: &Args, common: &Common) -> Result<Status, Failure> {
    let schema = format!("{:#}\n", camgrant::schema::policy());
    let files: Vec<(&str, &str)> = FILES.into_iter().chain([(SCHEMA, schema.as_str())]).collect();
    let there: Vec<String> = files
        .iter()
        .map(|(path, _)| args.folder.join(path))
        .filter(|path| path.symlink_metadata().is_ok())
        .map(|path| named(&path))
        .collect();
    if !there.is_empty() {
        return Err(Failure::new(format!("{} would be overwritten", there.join(", ")))
            .help(Some("choose another folder, or remove it first".to_owned())));
    }
    write(&args.folder, &files)?;
    if !common.quiet && common.format == Format::Human {
        let folder = slashed(&args.folder);
        output::print(Stream::Stdout, |out| {
            for (path, _) in &files {
                writeln!(out, "wrote {}", slashed(&args.folder.join(path)))?;
            }
            writeln!(out, "\nnext: `camgrant check {folder}`, `camgrant test {folder}`, `camgrant compile {folder}`")
        })?;
    }
    Ok(Status::Clean)
}

/// Writes files that must not be there yet: all of them, or none.
fn write(folder: &Path, files: &[(&str, &str)]) -> Result<(), Failure> {
    let mut made = Made::default();
    let mut staged = Vec::new();
    for (path, content) in files {
        let path = folder.join(path);
        made.folder(folder_of(&path)).map_err(|error| Failure::output(&named(&path), &error))?;
        let complete = Staged::write(&Target::New(path), None, |out| out.write_all(content.as_bytes()));
        staged.push(complete.map_err(Failure::from)?);
    }
    output::commit(staged)?;
    made.keep();
    Ok(())
}
