//! The one place in the compiler that opens files: a folder, a single file, or standard input as a [`World`].

#![allow(clippy::disallowed_methods)] // this is the place that opens files

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use walkdir::WalkDir;

use super::{Fault, FaultKind, Listing, MANIFEST, World};

/// A policy on disk.
#[derive(Clone, Debug)]
pub struct DiskWorld {
    root: Root,
}

#[derive(Clone, Debug)]
enum Root {
    Folder {
        named: PathBuf,
        /// None where the system does not say.
        canonical: Option<PathBuf>,
    },
    File(PathBuf),
    /// Read once, since standard input gives its bytes only once.
    Stdin(Result<Vec<u8>, FaultKind>),
}

/// The name under which reports speak of standard input.
pub const STDIN_NAME: &str = "<stdin>";

impl DiskWorld {
    /// The policy at `path`: a folder, a file, or `-` for standard input (of which at most `max_bytes` are kept).
    #[must_use]
    pub fn open(path: &Path, max_bytes: u64) -> DiskWorld {
        let root = if path == Path::new("-") {
            Root::Stdin(read_bounded(io::stdin().lock(), max_bytes))
        } else if path.is_dir() {
            Root::Folder { named: path.to_path_buf(), canonical: path.canonicalize().ok() }
        } else {
            Root::File(path.to_path_buf())
        };
        DiskWorld { root }
    }
}

impl World for DiskWorld {
    fn list(&self, max_files: usize) -> Listing {
        match &self.root {
            Root::Folder { named, canonical: Some(canonical) } => list_folder(named, canonical, max_files),
            Root::Folder { named, canonical: None } => {
                Listing { faults: vec![Fault { path: slashed(named), kind: closed() }], ..Listing::default() }
            }
            Root::File(path) => match std::fs::metadata(path) {
                Ok(_) => Listing { files: vec![slashed(path)], ..Listing::default() },
                Err(error) => Listing {
                    faults: vec![Fault { path: slashed(path), kind: unreadable(&error) }],
                    ..Listing::default()
                },
            },
            Root::Stdin(_) => Listing { files: vec![STDIN_NAME.into()], ..Listing::default() },
        }
    }

    fn read(&self, path: &str, max_bytes: u64) -> Result<Vec<u8>, FaultKind> {
        match &self.root {
            Root::Folder { named, canonical: Some(canonical) } => read_inside(&named.join(path), canonical, max_bytes),
            Root::Folder { .. } => Err(closed()),
            Root::File(file) => read_file(file, max_bytes),
            Root::Stdin(Ok(bytes)) if bytes.len() as u64 > max_bytes => Err(FaultKind::TooLarge { limit: max_bytes }),
            Root::Stdin(bytes) => bytes.clone(),
        }
    }
}

/// Walks a folder, following links that stay inside it. A file reached by two ways counts once, by the first path; a
/// folder is walked once, since links from folder to folder can make more ways than could ever be walked.
fn list_folder(folder: &Path, canonical_root: &Path, max_files: usize) -> Listing {
    let mut listing = Listing::default();
    // canonical path -> path inside the policy
    let mut found: BTreeMap<PathBuf, String> = BTreeMap::new();
    let mut walked: BTreeSet<PathBuf> = BTreeSet::new();
    let mut walk = WalkDir::new(folder).follow_links(true).min_depth(1).sort_by_file_name().into_iter();
    while let Some(step) = walk.next() {
        let entry = match step {
            Ok(entry) => entry,
            Err(error) => {
                listing.faults.extend(walk_fault(folder, canonical_root, &error));
                continue;
            }
        };
        let is_dir = entry.file_type().is_dir();
        if entry.file_name().as_encoded_bytes().starts_with(b".") {
            if is_dir {
                walk.skip_current_dir();
            }
            continue;
        }
        let ending = if is_dir { Ending::None } else { ending(entry.path()) };
        if !is_dir && ending == Ending::None {
            continue;
        }
        let Some(path) = inside(folder, entry.path()) else {
            let path = inside_lossy(folder, entry.path());
            listing.faults.push(Fault { path, kind: FaultKind::PathNotText });
            if is_dir {
                walk.skip_current_dir();
            }
            continue;
        };
        // every file has a canonical path, since below a followed folder any path is a way through a link
        let canonical = match entry.path().canonicalize() {
            Ok(canonical) => canonical,
            Err(error) => {
                listing.faults.push(Fault { path, kind: unreadable(&error) });
                continue;
            }
        };
        if !canonical.starts_with(canonical_root) {
            listing.faults.push(Fault { path, kind: FaultKind::LinkOutside });
            if is_dir {
                walk.skip_current_dir();
            }
            continue;
        }
        match ending {
            Ending::None => {
                if !walked.insert(canonical) {
                    walk.skip_current_dir();
                }
            }
            Ending::WrongCase => listing.faults.push(Fault { path, kind: FaultKind::EndingCase }),
            Ending::Yaml => {
                let shortest = found.entry(canonical).or_insert_with(|| path.clone());
                if path < *shortest {
                    *shortest = path;
                }
                if found.len() > max_files {
                    break;
                }
            }
        }
    }
    listing.files = found.into_values().collect();
    listing.files.sort_unstable();
    // by its listed name: some file systems would also open it by another
    listing.has_manifest = listing.files.iter().any(|path| path == MANIFEST);
    listing
}

#[derive(PartialEq)]
enum Ending {
    Yaml,
    WrongCase,
    None,
}

fn ending(path: &Path) -> Ending {
    match path.extension().and_then(|e| e.to_str()) {
        Some("yaml" | "yml") => Ending::Yaml,
        Some(e) if e.eq_ignore_ascii_case("yaml") || e.eq_ignore_ascii_case("yml") => Ending::WrongCase,
        _ => Ending::None,
    }
}

/// A walk's own errors: link loops, and what the system refuses.
fn walk_fault(folder: &Path, canonical_root: &Path, error: &walkdir::Error) -> Option<Fault> {
    let at = error.path().unwrap_or(folder);
    if at.file_name().is_some_and(|name| name.as_encoded_bytes().starts_with(b".")) && at != folder {
        return None; // hidden, and so passed over
    }
    let path = if at == folder { slashed(folder) } else { inside_lossy(folder, at) };
    let kind = if error.loop_ancestor().is_some() {
        FaultKind::LinkLoop
    } else if at.read_link().is_ok() && at.canonicalize().is_ok_and(|to| !to.starts_with(canonical_root)) {
        FaultKind::LinkOutside
    } else if is_dangling(error) && at.is_symlink() && ending(at) == Ending::None {
        return None; // it would be no policy file, and there is no folder behind it
    } else {
        FaultKind::Unreadable(error.io_error().map_or_else(|| error.to_string(), words))
    };
    Some(Fault { path, kind })
}

fn is_dangling(error: &walkdir::Error) -> bool {
    error.io_error().is_some_and(|error| error.kind() == io::ErrorKind::NotFound)
}

fn inside(folder: &Path, path: &Path) -> Option<String> {
    let relative = path.strip_prefix(folder).unwrap_or(path);
    let parts: Option<Vec<&str>> = relative.components().map(|part| part.as_os_str().to_str()).collect();
    parts.map(|parts| parts.join("/"))
}

fn inside_lossy(folder: &Path, path: &Path) -> String {
    slashed(path.strip_prefix(folder).unwrap_or(path))
}

/// A path as reports show it: with `/`, whatever the system.
#[must_use]
pub fn slashed(path: &Path) -> String {
    let text = path.to_string_lossy();
    if cfg!(windows) { text.replace('\\', "/") } else { text.into_owned() }
}

fn closed() -> FaultKind {
    FaultKind::Unreadable("the folder cannot be opened".into())
}

/// Reads a listed file. Between listing and reading it may have become anything: what is read is a regular file inside
/// the policy, or nothing. (To open a named pipe or a device would be to wait for it, or to set it in motion.)
fn read_inside(path: &Path, canonical_root: &Path, max_bytes: u64) -> Result<Vec<u8>, FaultKind> {
    let path = path.canonicalize().map_err(|error| unreadable(&error))?;
    if !path.starts_with(canonical_root) {
        return Err(FaultKind::LinkOutside);
    }
    let metadata = std::fs::metadata(&path).map_err(|error| unreadable(&error))?;
    if !metadata.is_file() && !metadata.is_dir() {
        return Err(FaultKind::NotAFile);
    }
    read_file(&path, max_bytes)
}

fn read_file(path: &Path, max_bytes: u64) -> Result<Vec<u8>, FaultKind> {
    let file = File::open(path).map_err(|error| unreadable(&error))?;
    let metadata = file.metadata().map_err(|error| unreadable(&error))?;
    if metadata.is_dir() {
        return Err(FaultKind::Unreadable("it is a folder".into()));
    }
    if metadata.len() > max_bytes {
        return Err(FaultKind::TooLarge { limit: max_bytes });
    }
    read_bounded(file, max_bytes)
}

/// Reads to the end, and one byte more than allowed at most.
fn read_bounded(input: impl Read, max_bytes: u64) -> Result<Vec<u8>, FaultKind> {
    let mut bytes = Vec::new();
    input.take(max_bytes.saturating_add(1)).read_to_end(&mut bytes).map_err(|error| unreadable(&error))?;
    if bytes.len() as u64 > max_bytes { Err(FaultKind::TooLarge { limit: max_bytes }) } else { Ok(bytes) }
}

fn unreadable(error: &io::Error) -> FaultKind {
    FaultKind::Unreadable(words(error))
}

/// What the system says of a failure, in words that are the same on every system as far as possible, and without its
/// number.
#[must_use]
pub fn words(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::NotFound => "no such file or folder".into(),
        io::ErrorKind::PermissionDenied => "permission denied".into(),
        io::ErrorKind::IsADirectory => "it is a folder".into(),
        io::ErrorKind::NotADirectory => "a part of the path is no folder".into(),
        io::ErrorKind::AlreadyExists => "it is there already".into(),
        io::ErrorKind::StorageFull => "no space left".into(),
        io::ErrorKind::QuotaExceeded => "the quota is used up".into(),
        io::ErrorKind::FileTooLarge => "it is larger than files may be here".into(),
        io::ErrorKind::ReadOnlyFilesystem => "the file system is read-only".into(),
        _ => {
            let text = error.to_string();
            text.split(" (os error ").next().unwrap_or_default().to_owned()
        }
    }
}
