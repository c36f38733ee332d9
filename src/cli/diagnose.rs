//! Findings to the stream where they belong: `check` prints its report as its result, every other command beside it.

use std::path::{Component, Path, PathBuf};

use camgrant::diagnostics::Diagnostic;
use camgrant::diagnostics::render::{Format, RenderOptions, render};
use camgrant::source::Sources;

use super::common::{Common, Stream};
use super::exit::Failure;
use super::git;
use super::output;

/// Prints findings of the policy at a path.
///
/// # Errors
///
/// Where the stream fails.
pub(crate) fn report(
    diagnostics: &[Diagnostic],
    sources: &Sources,
    policy: &Path,
    all: bool,
    common: &Common,
    stream: Stream,
) -> Result<(), Failure> {
    let format: Format = common.format.into();
    // beside a result, no finding means no report; programs get their document always
    if diagnostics.is_empty() && stream == Stream::Stderr && !format.is_document() {
        return Ok(());
    }
    let folder = folder(policy);
    let (color, width, summary) = (common.colored(stream), stream.width(), !common.quiet);
    let options = RenderOptions { color, width, all, summary, folder: &folder };
    output::print(stream, |out| render(format, diagnostics, sources, &options, out))
}

/// Whether reports are one document, beside which nothing else may be written.
pub(crate) fn is_document(common: &Common) -> bool {
    Format::from(common.format).is_document()
}

/// Why a revision has no answer, in a line: its first error.
pub(crate) fn does_not_compile(diagnostics: &[Diagnostic]) -> String {
    let errors: Vec<_> = diagnostics.iter().filter(|found| found.stops()).collect();
    let first = errors.first().map(|first| format!("{}: {}", first.rule.code, first.message)).unwrap_or_default();
    format!("it does not compile: {first} ({} in all)", errors.len())
}

/// Where the policy stands, as seen from the current folder, which in a pipeline is the repository's; of the current folder
/// at a revision, as seen from the repository's.
pub(crate) fn folder(policy: &Path) -> String {
    if git::named_in(policy).is_some() {
        return git::current_folder();
    }
    if !policy.is_dir() {
        return String::new(); // reports call a single file by its whole path
    }
    let here = std::env::current_dir().ok().and_then(|here| Some(policy.strip_prefix(here).ok()?.to_path_buf()));
    let seen = here.unwrap_or_else(|| policy.to_path_buf());
    let parts = seen.components().filter(|part| *part != Component::CurDir);
    let seen = parts.collect::<PathBuf>().to_string_lossy().into_owned();
    if cfg!(windows) { seen.replace('\\', "/") } else { seen }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_is_told_from_where_one_stands() {
        let here = std::env::current_dir().unwrap_or_default();
        for (path, told) in [(Path::new("."), ""), (Path::new("./src/cli/"), "src/cli"), (&here.join("src"), "src")] {
            assert_eq!(folder(path), told);
        }
        assert_eq!(folder(Path::new("Cargo.toml")), "");
    }
}
