//! Output, whole or not at all: everything is written to a temporary place first, and moved to where it belongs when
//! all of it is there. A failure before that, or an interrupt, leaves earlier output as it was.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::{self, BufWriter, Seek, Write};
use std::path::{Path, PathBuf};

use camgrant::diagnostics::Diagnostic;
use camgrant::source::disk::slashed;
use tempfile::{SpooledTempFile, TempPath};

use super::common::Stream;
use super::exit::Failure;
use super::interrupt;
use super::place::{Place, folder_of};

/// Where a result goes.
#[derive(Clone, Debug)]
pub(crate) enum Target {
    /// Standard output.
    Stdout,
    /// A file, or what a link of this name leads to.
    File(PathBuf),
    /// A file that must not be there yet.
    New(PathBuf),
    /// A file in a folder that the program fills: never written through a link.
    Own(PathBuf),
}

impl Target {
    /// What messages call it.
    fn name(&self) -> String {
        match self {
            Target::Stdout => "the table".to_owned(),
            Target::File(path) | Target::New(path) | Target::Own(path) => named(path),
        }
    }
}

/// What messages call a file.
pub(crate) fn named(path: &Path) -> String {
    format!("`{}`", slashed(path))
}

/// Why a result could not be staged.
#[derive(Debug)]
pub(crate) enum StageFault {
    /// It is larger than its limit.
    TooLarge,
    /// Something in the policy stands against it.
    Finding(Box<Diagnostic>),
    /// It could not be made, or not be written.
    Failure(Failure),
}

impl From<Failure> for StageFault {
    fn from(failure: Failure) -> StageFault {
        StageFault::Failure(failure)
    }
}

impl From<StageFault> for Failure {
    fn from(fault: StageFault) -> Failure {
        match fault {
            StageFault::TooLarge => Failure::new("the output is larger than its limit"),
            StageFault::Finding(finding) => Failure::new(finding.message),
            StageFault::Failure(failure) => failure,
        }
    }
}

/// A result that is complete, and not yet where it belongs. Dropped, it is gone.
#[derive(Debug)]
pub(crate) struct Staged {
    complete: Complete,
    name: String,
}

#[derive(Debug)]
enum Complete {
    /// For standard output.
    Stream(SpooledTempFile),
    /// For something that is no file and cannot be replaced, such as `/dev/stderr`.
    Device(SpooledTempFile, PathBuf),
    /// In the folder of the file that it will be. Closed, since there may be many at once.
    Beside { file: TempPath, path: PathBuf, new: bool },
}

impl Staged {
    /// Writes a result of at most `limit` bytes to a temporary place.
    pub(crate) fn write(
        target: &Target,
        limit: Option<u64>,
        write: impl FnOnce(&mut dyn Write) -> io::Result<()>,
    ) -> Result<Staged, StageFault> {
        let name = target.name();
        match Complete::write(target, limit, write) {
            Ok(Some(complete)) => Ok(Staged { complete, name }),
            Ok(None) => Err(StageFault::TooLarge),
            Err(error) => Err(Failure::output(&name, &error).into()),
        }
    }
}

/// Puts results where they belong. First those for streams, which may fail at any byte; then the files, which are
/// complete and are only renamed. An interrupt between two of them waits for the last one.
pub(crate) fn commit(staged: Vec<Staged>) -> Result<(), Failure> {
    let is_file = |staged: &Staged| matches!(staged.complete, Complete::Beside { .. });
    let (files, streams): (Vec<_>, Vec<_>) = staged.into_iter().partition(is_file);
    for Staged { complete, name } in streams {
        complete.commit().map_err(|error| Failure::output(&name, &error))?;
    }
    let _together = interrupt::hold();
    let mut folders = BTreeSet::new();
    let mut new = Vec::new();
    for Staged { complete, name } in files {
        if let Complete::Beside { path, new: is_new, .. } = &complete {
            folders.insert(folder_of(path).to_path_buf());
            new.extend(is_new.then(|| path.clone()));
        }
        if let Err(error) = complete.commit() {
            new.pop(); // not ours: somebody else was quicker
            new.iter().for_each(|path| drop(fs::remove_file(path)));
            return Err(Failure::output(&name, &error));
        }
    }
    folders.iter().for_each(|folder| sync(folder));
    Ok(())
}

impl Complete {
    /// None where the result is larger than its limit.
    fn write(
        target: &Target,
        limit: Option<u64>,
        write: impl FnOnce(&mut dyn Write) -> io::Result<()>,
    ) -> io::Result<Option<Complete>> {
        let mut place = Place::open(target)?;
        let mut out = Limited { inner: BufWriter::new(&mut place), left: limit, exceeded: false };
        let written = write(&mut out).and_then(|()| out.flush());
        if out.exceeded {
            return Ok(None);
        }
        written?;
        drop(out);
        Ok(Some(match place {
            Place::Stream(spool) => Complete::Stream(spool),
            Place::Device(spool, path) => Complete::Device(spool, path),
            Place::Beside { file, path, new } => {
                file.as_file().sync_all()?;
                Complete::Beside { file: file.into_temp_path(), path, new }
            }
        }))
    }

    fn commit(self) -> io::Result<()> {
        match self {
            Complete::Stream(spool) => copy(spool, &mut io::stdout().lock()),
            Complete::Device(spool, path) => copy(spool, &mut File::options().write(true).open(path)?),
            Complete::Beside { file, path, new: true } => file.persist_noclobber(path).map_err(|error| error.error),
            Complete::Beside { file, path, new: false } => file.persist(path).map_err(|error| error.error),
        }
    }
}

/// A writer that stops at its limit.
struct Limited<W> {
    inner: W,
    left: Option<u64>,
    exceeded: bool,
}

impl<W: Write> Write for Limited<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if let Some(left) = &mut self.left {
            let Some(rest) = left.checked_sub(bytes.len() as u64) else {
                self.exceeded = true;
                return Err(io::Error::other("larger than its limit"));
            };
            *left = rest;
        }
        self.inner.write_all(bytes)?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}

fn copy(mut spool: SpooledTempFile, out: &mut dyn Write) -> io::Result<()> {
    spool.rewind()?;
    io::copy(&mut spool, out)?;
    out.flush()
}

/// Makes renames in a folder last. Not every system can; what was renamed is whole in any case.
fn sync(folder: &Path) {
    if let Ok(folder) = File::open(folder) {
        let _ = folder.sync_all();
    }
}

/// Prints to a stream, as it comes.
///
/// # Errors
///
/// Where the stream fails; a closed pipe is no more than an end.
pub(crate) fn print(stream: Stream, write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> Result<(), Failure> {
    let mut out: Box<dyn Write> = match stream {
        Stream::Stdout => Box::new(BufWriter::new(io::stdout().lock())),
        Stream::Stderr => Box::new(BufWriter::new(io::stderr().lock())),
    };
    write(&mut out).and_then(|()| out.flush()).map_err(|error| Failure::stream(&error))
}

/// Prints a text to standard output.
pub(crate) fn print_text(text: &str) -> Result<(), Failure> {
    print(Stream::Stdout, |out| out.write_all(text.as_bytes()))
}

/// Prints a JSON document to standard output, indented.
pub(crate) fn print_json(value: &impl serde::Serialize) -> Result<(), Failure> {
    print(Stream::Stdout, |out| {
        serde_json::to_writer_pretty(&mut *out, value)?;
        writeln!(out)
    })
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use super::*;

    fn stage(path: &Path, limit: Option<u64>, text: &str) -> Result<Staged, StageFault> {
        Staged::write(&Target::File(path.to_owned()), limit, |out| out.write_all(text.as_bytes()))
    }

    #[test]
    fn nothing_is_there_before_the_commit_and_everything_after_it() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("table.json");
        fs::write(&path, "old").unwrap();
        let staged = stage(&path, Some(3), "new").unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "old");
        commit(vec![staged]).unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "new");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[test]
    fn what_is_too_large_or_fails_leaves_no_trace() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("table.json");
        assert!(matches!(stage(&path, Some(2), "new"), Err(StageFault::TooLarge)));
        let failed = Staged::write(&Target::File(path), None, |_| Err(io::Error::other("broken")));
        assert!(matches!(failed, Err(StageFault::Failure(_))));
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
        assert!(matches!(stage(folder.path(), None, ""), Err(StageFault::Failure(_))));
    }

    #[cfg(unix)]
    #[test]
    fn a_link_stays_a_link_and_a_mode_a_mode() {
        use std::os::unix::fs::{PermissionsExt, symlink};
        let folder = tempfile::tempdir().unwrap();
        let (path, link) = (folder.path().join("table.json"), folder.path().join("link.json"));
        fs::write(&path, "old").unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).unwrap();
        symlink(&path, &link).unwrap();
        commit(vec![stage(&link, None, "new").unwrap()]).unwrap();
        assert!(link.is_symlink());
        assert_eq!(fs::read_to_string(&path).unwrap(), "new");
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o640);
    }
}
