//! A policy's own tests: what must and must not follow from it.

use schemars::JsonSchema;
use serde::Deserialize;

use super::{Capability, Field, Instant, Many, Pairs, Scope, Subject, Text};

/// A test: exactly one of `can`, `cannot`, `never_together`, `max_holders`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PolicyTest<'a> {
    /// What the test says, in plain words.
    #[serde(borrow)]
    pub name: Option<Field<Text<'a>>>,
    /// Free text for people.
    #[serde(borrow)]
    pub reason: Option<Field<Text<'a>>>,
    /// Of whom it speaks: users, teams, `link:<id>`, and `everyone` (links too).
    #[serde(borrow)]
    #[schemars(required)]
    pub to: Option<Field<Many<Subject<'a>>>>,
    /// Of those in `to`, not these.
    #[serde(borrow)]
    pub except: Option<Field<Many<Subject<'a>>>>,
    /// Each of them can, on every resource of the scope.
    #[serde(borrow)]
    pub can: Option<Field<Many<Capability<'a>>>>,
    /// None of them can, on any resource of the scope.
    #[serde(borrow)]
    pub cannot: Option<Field<Many<Capability<'a>>>>,
    /// No one of them holds all of these on one resource at once.
    #[serde(borrow)]
    pub never_together: Option<Field<Many<Capability<'a>>>>,
    /// At most so many of them hold the capability, counted for each resource.
    #[serde(borrow)]
    pub max_holders: Option<Field<Pairs<'a, u64>>>,
    /// Beside `can`: no other subject can, owners aside.
    pub nobody_else: Option<Field<bool>>,
    /// Where.
    #[serde(borrow)]
    #[schemars(required)]
    pub scope: Option<Field<Many<Scope<'a>>>>,
    /// At this instant.
    #[serde(borrow)]
    pub at: Option<Field<Instant<'a>>>,
    /// From this address.
    #[serde(borrow)]
    pub address: Option<Field<Text<'a>>>,
}
