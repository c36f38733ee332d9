//! Surplus: what of the grants and denials can be taken away, all of it at once, without changing the table by a byte.
//!
//! In: rights. Out: grants, and items of their lists, each with the reason. Denials are judged before grants, and each
//! from the last to the first: what is written later gives way. No policy is compiled again: what each statement is
//! needed for is told cell by cell (`cells`, `needs`), most are needed by some cell and done with (`survey`), and the
//! few that are left are taken away one by one (`taking`), links included (`links`).
//!
//! No place is looked at for each grant, user and device: places to which the same comes are one cell (`states`), rows
//! are made where they differ from the one before (`effective::turns`), and nobody looks where nothing could be missed (`loose`).

mod cells;
mod items;
mod left;
mod less;
mod links;
mod loose;
mod named;
mod needed;
mod needs;
mod reach;
mod reasons;
mod states;
mod survey;
mod taking;
mod tally;
mod views;

use std::collections::{HashMap, HashSet};

use super::OrgRights;
use crate::model::GrantIx;
use crate::source::Span;

/// A grant or denial, or an item of it, that can go.
#[derive(Clone, Debug)]
pub struct Surplus {
    /// The grant or denial.
    pub grant: GrantIx,
    /// What of it.
    pub part: Part,
    /// Where it stands.
    pub span: Span,
    /// Reason it can go.
    pub why: Reason,
}

/// What of a grant can go.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Part {
    /// All of it.
    Whole,
    /// An item of `to`.
    To,
    /// An item of `scope`.
    Scope,
    /// An item of `only`.
    Only,
    /// An item of `role`, `allow` or `deny`.
    Capability,
}

/// Reason something can go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reason {
    /// No user who is not disabled is named.
    NoUser,
    /// Nothing in reach has a use for any of the capabilities.
    NoResource,
    /// No instant or no address can meet the condition.
    Never,
    /// All that a grant reaches is kept from everybody: excluded, or on a recorder with `sharing: false`.
    Barred,
    /// Denials take all that a grant gives.
    Denied(Others),
    /// A denial meets no grant.
    Idle,
    /// All that it says is said without it.
    Covered(Covered),
}

/// By what something is covered: at least one of these.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Covered {
    /// The other items of the same grant.
    pub same_grant: bool,
    /// Ownership: an owner holds everything anyway.
    pub ownership: bool,
    /// Other grants (or, for a denial, denials).
    pub others: Others,
    /// Denials that take part of what a grant gives.
    pub denials: Others,
}

/// Some grants, and whether it takes more than these.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Others {
    /// The first ones, ascending.
    pub grants: Vec<GrantIx>,
    /// Whether there are more.
    pub more: bool,
}

/// All that can go, in the order of the grants.
#[must_use]
pub fn surplus(rights: &OrgRights) -> Vec<Surplus> {
    let mut cells = cells::Cells::new(rights);
    let (tracked, named) = survey::survey(rights, &mut cells);
    let (left, taken) = taking::take(rights, &tracked, named, &mut cells);
    let mut surplus = reasons::tell(rights, &tracked, &left, &taken, &mut cells);
    let kept = shared_with_what_stays(rights, &surplus);
    surplus.retain(|one| !kept.contains(&one.span));
    surplus
}

/// Places that several grants have in common, through an alias, where some of these cannot do without. Whatever is left
/// standing only provides more.
fn shared_with_what_stays(rights: &OrgRights, surplus: &[Surplus]) -> HashSet<Span> {
    let mut times: HashMap<Span, i64> = HashMap::new();
    for one in surplus {
        *times.entry(one.span).or_default() += 1;
    }
    let org = &rights.org;
    let mut stands = |span: Span| {
        times.entry(span).and_modify(|times| *times -= 1);
    };
    for (_, grant) in org.grants.iter() {
        stands(grant.span);
        grant.to.iter().chain(&grant.except).for_each(|(_, span)| stands(*span));
        grant.roles.iter().for_each(|(_, span)| stands(*span));
        grant.capabilities.iter().for_each(|(_, span)| stands(*span));
        grant.scope.iter().chain(&grant.except_scope).for_each(|(_, span)| stands(*span));
        grant.only.iter().flatten().for_each(|(_, span)| stands(*span));
    }
    for (_, team) in org.teams.iter() {
        team.members.iter().for_each(|(_, span)| stands(*span));
    }
    times.into_iter().filter(|(_, times)| *times < 0).map(|(span, _)| span).collect()
}
