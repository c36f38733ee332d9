//! Where a result grows until it is complete: in the folder of the file that it will be, or in memory and an unnamed
//! file where what it goes to cannot be replaced. In: a target. Nothing that is there already is touched here.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use tempfile::{NamedTempFile, SpooledTempFile};

use super::interrupt;
use super::output::Target;

/// What fits into memory before it is spooled to a file.
const SPOOL: usize = 16 << 20;

/// Links that are followed one after the other, as on most systems.
const MAX_LINKS: usize = 40;

/// Where a result grows.
pub(crate) enum Place {
    /// For standard output.
    Stream(SpooledTempFile),
    /// For something that is no file.
    Device(SpooledTempFile, PathBuf),
    /// For a file, which must not be there yet where it is `new`.
    Beside {
        /// Its temporary file.
        file: NamedTempFile,
        /// Where it belongs.
        path: PathBuf,
        new: bool,
    },
}

impl Place {
    pub(crate) fn open(target: &Target) -> io::Result<Place> {
        let (path, new) = match target {
            Target::Stdout => return Ok(Place::Stream(SpooledTempFile::new(SPOOL))),
            Target::File(path) if is_device(path) => {
                return Ok(Place::Device(SpooledTempFile::new(SPOOL), path.clone()));
            }
            // what a link leads to is replaced, and not the link
            Target::File(path) => (followed(path)?, false),
            Target::New(path) => (path.clone(), true),
            Target::Own(path) => (path.clone(), false),
        };
        let existing = match fs::symlink_metadata(&path) {
            Ok(existing) => Some(existing),
            Err(error) if error.kind() == io::ErrorKind::NotFound => None,
            Err(error) => return Err(error),
        };
        match &existing {
            None => {}
            Some(_) if new => return Err(io::ErrorKind::AlreadyExists.into()),
            Some(existing) if existing.is_dir() => return Err(io::ErrorKind::IsADirectory.into()),
            Some(existing) if !existing.is_file() => return Err(io::Error::other("what is there is no regular file")),
            Some(_) => {}
        }
        let mut builder = tempfile::Builder::new();
        builder.prefix(".camgrant-").suffix(".tmp");
        #[cfg(unix)]
        builder.permissions({
            use std::os::unix::fs::PermissionsExt;
            // as any new file, cut by the umask
            fs::Permissions::from_mode(0o666)
        });
        let file = interrupt::file(|| builder.tempfile_in(folder_of(&path)))?;
        if let Some(existing) = existing {
            file.as_file().set_permissions(existing.permissions())?;
        }
        Ok(Place::Beside { file, path, new })
    }
}

impl Write for Place {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Place::Stream(spool) | Place::Device(spool, _) => spool.write(bytes),
            Place::Beside { file, .. } => file.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Place::Stream(spool) | Place::Device(spool, _) => spool.flush(),
            Place::Beside { file, .. } => file.flush(),
        }
    }
}

/// The folder in which a file is.
pub(crate) fn folder_of(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// Whether something is there that can be written to and not be replaced.
fn is_device(path: &Path) -> bool {
    fs::metadata(path).is_ok_and(|existing| !existing.is_file() && !existing.is_dir())
}

/// Where a path leads by way of links, whether there is something at the end or not.
pub(crate) fn followed(path: &Path) -> io::Result<PathBuf> {
    let mut path = path.to_path_buf();
    for _ in 0..MAX_LINKS {
        match fs::read_link(&path) {
            Ok(to) => path = folder_of(&path).join(to),
            // no link; what else there is to say, whoever opens it says
            Err(_) => return Ok(path),
        }
    }
    Err(io::Error::other("its links lead round in a circle, or on and on"))
}

/// Whether two paths lead to one file, there or not yet.
pub(crate) fn same_file(a: &Path, b: &Path) -> bool {
    // where the case of letters makes no difference, it must make none here
    let fold = |path: PathBuf| match path.to_str() {
        Some(text) if cfg!(any(windows, target_os = "macos")) => PathBuf::from(text.to_lowercase()),
        _ => path,
    };
    let place = |path: &Path| {
        let path = followed(path).unwrap_or_else(|_| path.to_path_buf());
        let folder = folder_of(&path).canonicalize().unwrap_or_else(|_| folder_of(&path).to_path_buf());
        path.canonicalize().unwrap_or_else(|_| folder.join(path.file_name().unwrap_or_default()))
    };
    fold(place(a)) == fold(place(b))
}

/// The folders that were made, outermost first. Dropped, they are gone again, as far as they are empty.
#[derive(Debug, Default)]
pub(crate) struct Made(Vec<PathBuf>);

impl Made {
    /// Makes a folder and what is missing above it.
    pub(crate) fn folder(&mut self, folder: &Path) -> io::Result<()> {
        let missing = folder.ancestors().take_while(|above| !above.as_os_str().is_empty() && !above.exists());
        let missing: Vec<&Path> = missing.collect();
        for folder in missing.into_iter().rev() {
            match interrupt::folder(folder) {
                Ok(()) => self.0.push(folder.to_path_buf()),
                // another run was quicker
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists && folder.is_dir() => {}
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }

    /// They are needed from now on.
    pub(crate) fn keep(&mut self) {
        self.0.clear();
    }
}

impl Drop for Made {
    fn drop(&mut self) {
        for folder in self.0.iter().rev() {
            let _ = fs::remove_dir(folder); // whoever put something into it may keep it
        }
    }
}
