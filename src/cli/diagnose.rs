//! Findings to the stream where they belong: `check` prints its report as its result, every other command beside it.

use camgrant::diagnostics::Diagnostic;
use camgrant::diagnostics::render::{RenderOptions, render};
use camgrant::source::Sources;

use super::common::{Common, Format, Stream};
use super::exit::Failure;
use super::output;

/// Prints findings.
///
/// # Errors
///
/// Where the stream fails.
pub(crate) fn report(
    diagnostics: &[Diagnostic],
    sources: &Sources,
    all: bool,
    common: &Common,
    stream: Stream,
) -> Result<(), Failure> {
    // beside a result, no finding means no report; programs get their array always
    if diagnostics.is_empty() && stream == Stream::Stderr && common.format != Format::Json {
        return Ok(());
    }
    let options = RenderOptions { color: common.colored(stream), width: stream.width(), all, summary: !common.quiet };
    output::print(stream, |out| render(common.format.into(), diagnostics, sources, &options, out))
}
