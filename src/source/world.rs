//! The door to the outside: what the compiler may ask for is to list files and to read one.
//!
//! A world never interprets what it reads. [`MemoryWorld`] serves tests and editors, `disk` the command line.

use std::collections::BTreeMap;

/// The name of the manifest, at the policy's root.
pub const MANIFEST: &str = "camgrant.yaml";

/// What went wrong outside, at one path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// The path inside the policy, or that of the policy itself.
    pub path: String,
    /// What it was.
    pub kind: FaultKind,
}

/// The ways in which the outside fails.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FaultKind {
    /// The system's own words.
    Unreadable(String),
    /// A pipe, a socket or a device, which is not opened.
    NotAFile,
    /// More bytes than were asked for at most.
    TooLarge {
        /// The limit that was asked for.
        limit: u64,
    },
    /// A symbolic link that leads back to a folder above it.
    LinkLoop,
    /// A symbolic link that leads out of the policy.
    LinkOutside,
    /// An ending such as `.YAML` or `.Yml`, which is too easily overlooked.
    EndingCase,
    /// A path that is no valid text.
    PathNotText,
}

/// The files of a policy.
#[derive(Clone, Debug, Default)]
pub struct Listing {
    /// Paths of the YAML files, with `/`, sorted, each once.
    pub files: Vec<String>,
    /// What could not be listed.
    pub faults: Vec<Fault>,
    /// Whether the file [`MANIFEST`] is among them, at the root of a folder; a policy of one file has none.
    pub has_manifest: bool,
}

/// Where a policy's files come from.
pub trait World {
    /// All YAML files, the manifest among them; stops looking when more than `max_files` were found.
    fn list(&self, max_files: usize) -> Listing;

    /// The bytes of one listed file, at most `max_bytes` of them.
    ///
    /// # Errors
    /// [`FaultKind::TooLarge`] where there are more, [`FaultKind::Unreadable`] where the system says no.
    fn read(&self, path: &str, max_bytes: u64) -> Result<Vec<u8>, FaultKind>;
}

/// A policy that exists in memory alone.
#[derive(Clone, Debug, Default)]
pub struct MemoryWorld {
    files: BTreeMap<String, Vec<u8>>,
}

impl MemoryWorld {
    /// A world of these files: path and contents.
    pub fn new<P: Into<String>, B: Into<Vec<u8>>>(files: impl IntoIterator<Item = (P, B)>) -> MemoryWorld {
        MemoryWorld { files: files.into_iter().map(|(p, b)| (p.into(), b.into())).collect() }
    }
}

/// A world in which some files hold something else.
pub struct Overlay<'w> {
    /// What lies below.
    pub world: &'w dyn World,
    /// Texts by path, in place of what the files hold.
    pub texts: BTreeMap<String, String>,
}

impl World for Overlay<'_> {
    fn list(&self, max_files: usize) -> Listing {
        self.world.list(max_files)
    }

    fn read(&self, path: &str, max_bytes: u64) -> Result<Vec<u8>, FaultKind> {
        match self.texts.get(path) {
            Some(text) if text.len() as u64 > max_bytes => Err(FaultKind::TooLarge { limit: max_bytes }),
            Some(text) => Ok(text.clone().into_bytes()),
            None => self.world.read(path, max_bytes),
        }
    }
}

impl World for MemoryWorld {
    fn list(&self, max_files: usize) -> Listing {
        let files = self.files.keys().take(max_files.saturating_add(1)).cloned().collect();
        Listing { files, faults: Vec::new(), has_manifest: self.files.contains_key(MANIFEST) }
    }

    fn read(&self, path: &str, max_bytes: u64) -> Result<Vec<u8>, FaultKind> {
        match self.files.get(path) {
            Some(bytes) if bytes.len() as u64 > max_bytes => Err(FaultKind::TooLarge { limit: max_bytes }),
            Some(bytes) => Ok(bytes.clone()),
            None => Err(FaultKind::Unreadable("no such file".into())),
        }
    }
}
