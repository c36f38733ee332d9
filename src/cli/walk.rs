//! The way of first parents between two revisions: what a branch was, commit by commit, each with all that it merged.
//!
//! In: a repository and two revisions. Out: the commits of the way that changed the policy's folder. A way that does not
//! lead from one to the other is refused, so that no commit is blamed for what lies beside the way.

use super::exit::Failure;
use super::git::{Repository, Revision, short};

/// A way of first parents.
#[derive(Clone, Debug)]
pub(crate) struct Walk {
    /// Where it begins.
    pub(crate) start: Revision,
    /// The commits behind it that changed the folder, oldest first.
    pub(crate) changes: Vec<Revision>,
}

impl Walk {
    /// The way of a range, `FROM..TO`; a side that is left out is `HEAD`.
    pub(crate) fn of(repository: &Repository, range: &str) -> Result<Walk, Failure> {
        let (from, to) = match range.split_once("..") {
            Some((from, to)) if !to.starts_with('.') => (from, to),
            _ => {
                return Err(Failure::new(format!("`{range}` is no range of revisions"))
                    .help(Some("write two revisions, as in `v1.0..main`".to_owned())));
            }
        };
        let named = |name: &str| repository.revision(if name.is_empty() { "HEAD" } else { name });
        let (start, end) = (named(from)?, named(to)?);
        if start.id != end.id && fork(repository, &start.id, &end.id)?.as_deref() != Some(&*start.id) {
            return Err(no_way(repository, &start, &end, range)?);
        }
        let arguments = ["log", "--first-parent", "--reverse", "--format=%H %ct"];
        let range = format!("{}..{}", start.id, end.id);
        let lines = repository.run(&[&arguments[..], &[&range, "--", "."]].concat())?;
        let changes = lines.lines().map(Revision::of_line).collect::<Result<_, _>>()?;
        Ok(Walk { start, changes })
    }
}

/// Where the way of first parents to `to` leaves what `from` has behind it. None where it never does, and where `to` is
/// itself behind `from`.
pub(crate) fn fork(repository: &Repository, from: &str, to: &str) -> Result<Option<String>, Failure> {
    let range = format!("{from}..{to}");
    let lines = repository.run(&["rev-list", "--first-parent", "--parents", &range])?;
    // `<id> <first parent> …`, newest first
    let oldest = lines.lines().last().unwrap_or_default();
    Ok(oldest.split(' ').nth(1).map(str::to_owned))
}

fn no_way(repository: &Repository, start: &Revision, end: &Revision, range: &str) -> Result<Failure, Failure> {
    let help = match fork(repository, &start.id, &end.id)? {
        Some(fork) => format!("the way of first parents to its end has left it at {}: begin there", short(&fork)),
        None => "its end has nothing that its beginning has not; a range goes from the older to the newer".to_owned(),
    };
    Ok(Failure::new(format!("`{range}` does not lead from one revision to the other")).help(Some(help)))
}
