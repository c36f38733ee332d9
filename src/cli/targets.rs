//! What rights are written as beside the table: folders of files, all of them complete before the first one is put into
//! its place.

use std::io::Write;
use std::path::Path;

use camgrant::effective::Effective;
use camgrant::emit::{self, Artefact, EmitFault, Emitter};
use clap::builder::{PossibleValue, PossibleValuesParser};

use super::exit::Failure;
use super::output::{StageFault, Staged, Target, named};
use super::place::{Made, same_file};
use super::tables;

/// The name of the target that is no folder.
pub(crate) const TABLE: &str = "table";

/// The names of all targets.
pub(crate) fn parser() -> PossibleValuesParser {
    let table = PossibleValue::new(TABLE).help("The effective-permission table");
    let others = emit::ALL.iter().map(|emitter| PossibleValue::new(emitter.name).help(emitter.writes));
    std::iter::once(table).chain(others).collect::<Vec<_>>().into()
}

/// The emitter of this name; none is the table.
pub(crate) fn find(name: &str) -> Option<&'static Emitter> {
    emit::ALL.iter().find(|emitter| emitter.name == name)
}

/// A folder that a target fills.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Filling<'a> {
    pub(crate) emitter: &'static Emitter,
    /// The only organisation that is asked for.
    pub(crate) org: Option<&'a str>,
    /// Bytes of all files.
    pub(crate) limit: u64,
    pub(crate) folder: &'a Path,
}

impl Filling<'_> {
    /// The files, in the order in which they are to be put into the folder. None of them may be what is written `beside`.
    pub(crate) fn stage(
        &self,
        policy: &Effective,
        beside: Option<&Path>,
        made: &mut Made,
    ) -> Result<Vec<Staged>, StageFault> {
        let orgs = tables::organisations(policy, self.org)?;
        let artefacts = (self.emitter.emit)(&orgs, self.limit).map_err(|fault| match fault {
            EmitFault::TooLarge => StageFault::TooLarge,
            EmitFault::Finding(finding) => StageFault::Finding(finding),
        })?;
        made.folder(self.folder).map_err(|error| Failure::output(&named(self.folder), &error))?;
        let mut staged = Vec::with_capacity(artefacts.len());
        for Artefact { path, text } in artefacts {
            let path = self.folder.join(path);
            if let Some(other) = beside.filter(|other| same_file(other, &path)) {
                return Err(Failure::new(format!("two results would be written to {}", named(other))).into());
            }
            let write = |out: &mut dyn Write| out.write_all(text.as_bytes());
            staged.push(Staged::write(&Target::Own(path), None, write)?);
        }
        Ok(staged)
    }
}
