//! Inheritance as graphs: who is in a team, what a role extends, whose equal a user is, what lies below what.
//!
//! In: a resolved organisation. Out: a [`Graph`] without circles, and a report of each circle there was. What was in
//! a circle loses the references that made it, so that later stages always come to an end.

mod circles;
mod containment;
mod depth;
mod inheritance;
pub mod rules;

pub use containment::{Containment, Line, Resource, ResourceIx};
pub use inheritance::Inheritance;

use crate::diagnostics::Diagnostic;
use crate::model::Org;

/// The graphs of one organisation.
#[derive(Clone, Debug)]
pub struct Graph {
    /// Teams, roles, `same_as`.
    pub inheritance: Inheritance,
    /// Sites, groups, devices, device groups, layouts, recorders.
    pub containment: Containment,
}

/// Builds the graphs of an organisation.
#[must_use]
pub fn build(org: &Org) -> (Graph, Vec<Diagnostic>) {
    let mut diagnostics = Vec::new();
    let inheritance = inheritance::build(org, &mut diagnostics);
    depth::check(org, &mut diagnostics);
    let containment = containment::build(org);
    (Graph { inheritance, containment }, diagnostics)
}
