//! From a world to texts: lists, reads, decodes, and keeps to the budgets.

use super::{FaultKind, Listing, SourceFile, Sources, World};

/// How much may be read (`language: Budgets`).
#[derive(Clone, Copy, Debug)]
pub struct FileBudgets {
    /// Bytes in one file.
    pub max_file_bytes: u64,
    /// Files in a policy.
    pub max_files: u64,
    /// Bytes in all files.
    pub max_total_bytes: u64,
}

/// What was wrong with one file, or with the policy as a whole (`path` is then empty).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Trouble {
    /// The outside world said no.
    World(FaultKind),
    /// The bytes are no UTF-8: the first offset at which they are not.
    NotUtf8 {
        /// Bytes before it.
        valid_up_to: usize,
    },
    /// There are more files than the budget.
    TooManyFiles {
        /// The budget.
        limit: u64,
    },
    /// The files together are larger than the budget; this one is the first that does not fit.
    TotalTooLarge {
        /// The budget.
        limit: u64,
    },
    /// There is no policy file at all.
    NothingToRead,
}

/// Reads every listed file of `world`. Never fails: what could not be read is in the second part, by file number,
/// and stands in the first as an unreadable file.
#[must_use]
pub fn load(world: &dyn World, listing: Listing, budgets: FileBudgets) -> (Sources, Vec<(super::FileId, Trouble)>) {
    let max_files = usize::try_from(budgets.max_files).unwrap_or(usize::MAX);
    let Listing { mut files, faults, has_manifest: _ } = listing;
    let too_many = files.len() > max_files;
    files.truncate(max_files);

    let mut entries: Vec<(String, Result<Option<SourceFile>, Trouble>)> = Vec::new();
    entries.extend(faults.into_iter().map(|fault| (fault.path, Err(Trouble::World(fault.kind)))));
    let mut total = 0;
    for path in files {
        let read = if too_many { Ok(None) } else { read_within(world, &path, budgets, &mut total) };
        entries.push((path, read));
    }
    if too_many {
        entries.push((String::new(), Err(Trouble::TooManyFiles { limit: budgets.max_files })));
    } else if entries.is_empty() {
        entries.push((String::new(), Err(Trouble::NothingToRead)));
    }
    entries.sort_by(|a, b| a.0.cmp(&b.0));

    let mut sources = Sources::default();
    let mut troubles = Vec::new();
    for (path, read) in entries {
        match read {
            Ok(Some(file)) => drop(sources.add(file)),
            Ok(None) => {}
            Err(trouble) => {
                let shown = if path.is_empty() { ".".to_owned() } else { path };
                troubles.push((sources.add(SourceFile::unreadable(shown)), trouble));
            }
        }
    }
    (sources, troubles)
}

/// How much of one file is asked for at most. Offsets are 32 bits wide: nothing larger can be pointed into.
#[must_use]
pub fn readable(max_file_bytes: u64) -> u64 {
    max_file_bytes.min(u64::from(u32::MAX) - 1)
}

/// Reads a single file of a world, for what has to be known before everything else (the manifest).
///
/// # Errors
/// As [`World::read`], and where the bytes are no UTF-8.
pub fn read_one(world: &dyn World, path: &str, max_bytes: u64) -> Result<SourceFile, Trouble> {
    let bytes = world.read(path, readable(max_bytes)).map_err(Trouble::World)?;
    let text =
        String::from_utf8(bytes).map_err(|error| Trouble::NotUtf8 { valid_up_to: error.utf8_error().valid_up_to() })?;
    let text = match text.strip_prefix('\u{feff}') {
        Some(rest) => rest.to_owned(),
        None => text,
    };
    Ok(SourceFile::new(path.to_owned(), text))
}

fn read_within(
    world: &dyn World,
    path: &str,
    budgets: FileBudgets,
    total: &mut u64,
) -> Result<Option<SourceFile>, Trouble> {
    if *total > budgets.max_total_bytes {
        return Ok(None); // said once, at the file that went over
    }
    let file = read_one(world, path, budgets.max_file_bytes)?;
    *total = total.saturating_add(file.text.len() as u64);
    if *total > budgets.max_total_bytes {
        return Err(Trouble::TotalTooLarge { limit: budgets.max_total_bytes });
    }
    Ok(Some(file))
}
