//! Git's own merge of two revisions, as it would stand in the repository, without writing into it.
//!
//! In: a base and two changes. Out: a [`GitWorld`] of the merge, or the files that Git cannot merge. Nothing of the
//! repository's own settings is started: a merge driver that it names is a conflict.

use super::exit::Failure;
use super::git::{GitWorld, Repository, Revision};

/// What a merge came to.
pub(crate) enum Merged {
    /// The policy's folder in it.
    World(GitWorld),
    /// The files in conflict, as seen from the policy's folder.
    Conflicts(Vec<String>),
}

/// Merges what two revisions did since a base.
pub(crate) fn merge(
    repository: &Repository,
    base: &Revision,
    ours: &Revision,
    theirs: &Revision,
) -> Result<Merged, Failure> {
    // what is written goes to a place that is gone afterwards
    let repository = repository.quarantined()?;
    // Git finds the base itself where it is the one that both have; to be told another one, it must be of version 2.40
    let (_, bases) = repository.decide(&["merge-base", "--all", &ours.id, &theirs.id])?;
    let base = (bases.trim() != base.id).then(|| format!("--merge-base={}", base.id));
    let mut arguments: Vec<String> = vec!["-c".into(), "merge.renormalize=false".into()];
    for driver in drivers(&repository)? {
        arguments.extend(["-c".into(), format!("{driver}=false")]);
    }
    arguments.extend(["merge-tree", "--write-tree", "--name-only", "--no-messages", "-z"].map(String::from));
    arguments.extend(base);
    arguments.extend([ours.id.clone(), theirs.id.clone()]);
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let (clean, output) = repository.decide(&arguments)?;
    let mut parts = output.split('\0').filter(|part| !part.is_empty());
    let tree = parts.next().unwrap_or_default();
    if !clean {
        let mut conflicts: Vec<String> = parts.map(str::to_owned).collect();
        conflicts.sort_unstable();
        conflicts.dedup();
        return Ok(Merged::Conflicts(conflicts));
    }
    repository.world_of(tree).map(Merged::World)
}

/// The settings that name programs which merge files.
fn drivers(repository: &Repository) -> Result<Vec<String>, Failure> {
    let settings = ["config", "--name-only", "--get-regexp", r"^merge\..*\.driver$"];
    let (_, names) = repository.decide(&settings)?;
    Ok(names.lines().map(str::to_owned).collect())
}
