//! camgrant
#![forbid(unsafe_code)]
pub mod catalogue;
pub mod compile;
pub mod diagnostics;
pub mod source;
pub mod syntax;
pub mod graph;
pub mod effective;
pub mod model;
pub mod vocabulary;
pub mod table;
