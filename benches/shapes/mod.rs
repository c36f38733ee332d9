//! Large policies for the benchmarks, made up but shaped like real ones.
//!
//! In: a [`Size`] and a seed. Out: the files of a policy, as pairs of path and YAML text. The same size and seed give
//! the same bytes on every machine: all chance comes from one small generator ([`rng`]), and nothing asks a clock, the
//! environment or a hash map.
//!
//! There is one shape so far, [`org`](fn@org): an organisation with regions, in which people mostly look at what is
//! near them.

#![allow(dead_code, reason = "each bench uses a part of what is here")]

mod denials;
mod devices;
mod grants;
mod ids;
mod links;
mod org;
mod people;
mod places;
mod rng;
mod settings;
mod size;

#[allow(unused_imports, reason = "each bench uses a part of what is here")]
pub(crate) use self::{org::org, size::Size};
