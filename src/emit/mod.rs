//! What a compiled policy is written as. An emitter only formats: it gives bytes, and the command line decides where they
//! go.
//!
//! The table has a module of its own, since it is written as it is made, in layouts and slices. Everything else is an
//! [`Emitter`]: it gives a folder of files, and stands in [`ALL`].

mod cedar;
pub mod table;

use crate::diagnostics::Diagnostic;
use crate::effective::OrgRights;

/// One way of writing organisations as a folder of files.
#[derive(Debug)]
pub struct Emitter {
    /// Its name.
    pub name: &'static str,
    /// What it writes, in a few words.
    pub writes: &'static str,
    /// Writes organisations, in at most so many bytes.
    pub emit: fn(&[&OrgRights], u64) -> Result<Vec<Artefact>, EmitFault>,
}

/// All emitters, by name.
pub static ALL: &[Emitter] = &[Emitter {
    name: "cedar",
    writes: "Policies, entities and a schema for Cedar's engine, which decides the same",
    emit: cedar::emit,
}];

/// A file of an output.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Artefact {
    /// Its path in the folder.
    pub path: String,
    /// What it holds.
    pub text: String,
}

/// Why rights cannot be written in some way.
#[derive(Debug)]
pub enum EmitFault {
    /// It would take more bytes than it may.
    TooLarge,
    /// Something in the policy stands against it.
    Finding(Box<Diagnostic>),
}
