//! What a compiled policy is written as. An emitter only formats: it gives bytes to a writer, and the command line
//! decides where they go.

pub mod table;
