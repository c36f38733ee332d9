//! camgrant: policy as code for who may see what. Rights to cameras stand in YAML in a Git repository; this library
//! compiles them to the effective-permission table that recorders enforce.
//!
//! The modules, in the order in which data passes through them:
//!
//! 1. [`source`]: files as text, spans, the door to the outside
//! 2. [`diagnostics`]: what is wrong, where, and the way out; one file for each output format
//! 3. [`syntax`]: YAML to a spanned tree to typed declarations
//! 4. [`model`]: names become typed indices
//! 5. [`graph`]: inheritance and containment
//! 6. [`effective`]: rights, over classes of subjects and resources
//! 7. [`lint`]: what is allowed and probably not meant
//! 8. [`emit`]: what rights are written as; [`query`]: why a right is held or not, who holds it, what one holds;
//!    [`testing`]: the policy's own tests; [`diff`]: who gains and loses what between two versions;
//!    [`merge`]: what fails where two changes come together
//!
//! [`compile`](mod@compile) tells the way from the first to the seventh in one function. Beside the way stand
//! [`vocabulary`] (capabilities and built-in roles), [`table`] (the format of the table, and its reader, which needs
//! nothing of the compiler), [`declared`] (in what the declarations of two policies differ), [`catalogue`] (every rule with its page) and [`schema`] (the JSON Schemas).
//!
//! ```
//! use camgrant::compile::{Options, compile};
//! use camgrant::source::MemoryWorld;
//!
//! let policy = "
//! orgs: { acme: {} }
//! users: { nina: {} }
//! devices: { door: {} }
//! grants: [{ to: nina, allow: live.view, scope: device:door }]
//! ";
//! let compiled = compile(&MemoryWorld::new([("policy.yaml", policy)]), &Options::default());
//! assert!(compiled.diagnostics.is_empty());
//! assert!(compiled.policy.is_some());
//! ```
#![forbid(unsafe_code)]

pub mod catalogue;
pub mod compile;
pub mod declared;
pub mod diagnostics;
pub mod diff;
pub mod effective;
pub mod emit;
pub mod graph;
pub mod lint;
pub mod merge;
pub mod model;
pub mod query;
pub mod review;
pub mod schema;
pub mod source;
pub mod syntax;
pub mod table;
pub mod testing;
pub mod vocabulary;
