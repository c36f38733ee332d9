//! Baselines as files: `check --write-baseline` and `--baseline`.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use camgrant::diagnostics::baseline::Baseline;

use super::exit::Failure;
use super::output::{self, Staged, Target, named};

/// Bytes that a baseline may have.
const LIMIT: u64 = 64 << 20;

/// Reads the baseline at `path`.
///
/// # Errors
///
/// Where it is not there, or damaged: then nobody knows what was to be passed over.
pub(crate) fn read(path: &Path) -> Result<Baseline, Failure> {
    let what = format!("the baseline {}", named(path));
    let mut bytes = Vec::new();
    File::open(path)
        .and_then(|file| file.take(LIMIT + 1).read_to_end(&mut bytes))
        .map_err(|error| Failure::input(&what, &error))?;
    let read = if bytes.len() as u64 > LIMIT { Err("it is too large".to_owned()) } else { Baseline::read(&bytes) };
    read.map_err(|fault| {
        let help = "mend it, or write a new one with `--write-baseline` and look at what has been added";
        Failure::new(format!("{what} is damaged: {fault}")).help(Some(help.to_owned()))
    })
}

/// Writes a baseline to `path`, whole or not at all.
pub(crate) fn write(baseline: &Baseline, path: &Path) -> Result<(), Failure> {
    let staged = Staged::write(&Target::File(path.to_owned()), None, |out| baseline.write(out))?;
    output::commit(vec![staged])
}
