//! Lints: what is allowed and probably not meant.
//!
//! In: a compiled policy, the settings that lints have, and which of them somebody wants to hear. Out: findings. A lint
//! is one file in `rules`, its page beside it, and one line in [`ALL`]. No lint stops another, none changes what the
//! policy means, and one that nobody wants to hear is not run.

mod comments;
mod findings;
mod gaps;
mod lists;
mod rules;
mod surplus;
mod words;

pub use comments::{Heard, UNUSED_ALLOW, quiet};
pub use findings::Findings;

use std::cell::OnceCell;

use crate::diagnostics::Rule;
use crate::effective::{self, Effective, OrgRights, Surplus};
use crate::graph::Graph;
use crate::model::Org;
use crate::source::Sources;

/// A lint.
#[derive(Debug)]
pub struct Lint {
    /// Its code, name, default level and page.
    pub rule: Rule,
    /// What it rests on, and how it looks.
    pub basis: Basis,
}

/// What a lint rests on. It decides whether the lint can be trusted where the policy has errors.
#[derive(Clone, Copy, Debug)]
pub enum Basis {
    /// Single declarations: it runs also where the policy has errors elsewhere, and passes over what is `broken`.
    Declarations(fn(&Declarations<'_>, &mut Findings)),
    /// The policy as a whole, or its rights: it runs only where the policy has no error, since otherwise what it finds
    /// might follow from one.
    Rights(fn(&Rights<'_>, &mut Findings)),
    /// What was judged together with the rules of `semantics §5`: it runs always, since whatever rests on an error was
    /// left out there.
    Judged(fn(&Rights<'_>, &mut Findings)),
}

/// What a lint about declarations sees: one organisation.
#[derive(Clone, Copy, Debug)]
pub struct Declarations<'p> {
    /// The organisation.
    pub org: &'p Org,
    /// Its graphs.
    pub graph: &'p Graph,
    /// The texts, to say what is written where.
    pub sources: &'p Sources,
    /// What lints have to know besides.
    pub settings: &'p Settings,
}

/// What a lint about rights sees: one organisation.
#[derive(Debug)]
pub struct Rights<'p> {
    /// The organisation, its graphs, and what they come to.
    pub rights: &'p OrgRights,
    /// What lints have to know besides.
    pub settings: &'p Settings,
    /// What can be taken away, once somebody has asked.
    surplus: OnceCell<Vec<Surplus>>,
}

impl Rights<'_> {
    /// Grants, denials and items of them that can be taken away without changing the table.
    pub fn surplus(&self) -> &[Surplus] {
        self.surplus.get_or_init(|| effective::surplus(self.rights))
    }
}

/// What lints have to know besides the policy.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The time, in seconds since 1970; where it is not known, what looks at the clock says nothing.
    pub now: Option<i64>,
    /// How many days a link may be open.
    pub max_link_days: u64,
    /// The organisation's own mail domains; empty where nobody has said which these are.
    pub mail_domains: Vec<String>,
}

/// Every lint, in the order of the codes. Codes are given once and stay.
pub static ALL: &[&Lint] = &[
    &rules::view_over_denied::LINT,
    &rules::condition_not_covered::LINT,
    &rules::lapsed_link::LINT,
    &rules::redundant_grant::LINT,
    &rules::shadowed_grant::LINT,
    &rules::no_effect_grant::LINT,
    &rules::unused_denial::LINT,
    &rules::same_as_disabled::LINT,
    &rules::analytics_without_license::LINT,
    &rules::shift_escaped::LINT,
    &rules::expired_grant::LINT,
    &rules::expired_link::LINT,
    &rules::ungrouped_device_visible::LINT,
    &rules::export_without_view::LINT,
    &rules::export_may_carry_sound::LINT,
    &rules::operate_without_view::LINT,
    &rules::site_access_without_org_role::LINT,
    &rules::unsupported_capability::LINT,
    &rules::broad_administer::LINT,
    &rules::permanent_guest::LINT,
    &rules::excluded_in_layout::LINT,
    &rules::long_link::LINT,
    &rules::unused_role::LINT,
    &rules::unused_team::LINT,
    &rules::unused_schedule::LINT,
    &rules::unused_network::LINT,
    &rules::unused_device_group::LINT,
    &rules::unused_layout::LINT,
    &rules::user_without_access::LINT,
    &rules::disabled_user_in_grant::LINT,
    &rules::unassigned_device::LINT,
    &rules::device_without_recorder::LINT,
    &rules::duplicate_item::LINT,
    &rules::similar_id::LINT,
];

/// Runs the lints that somebody wants to hear. `has_errors` says whether the policy has any error.
pub fn run(
    policy: &Effective,
    sources: &Sources,
    settings: &Settings,
    has_errors: bool,
    heard: &impl Heard,
    findings: &mut Findings,
) {
    let wanted: Vec<&Lint> = ALL.iter().copied().filter(|lint| heard.wants(&lint.rule)).collect();
    for rights in &policy.orgs {
        let declarations = Declarations { org: &rights.org, graph: &rights.graph, sources, settings };
        let rights = Rights { rights, settings, surplus: OnceCell::new() };
        for lint in &wanted {
            match lint.basis {
                Basis::Declarations(look) => look(&declarations, findings),
                Basis::Judged(look) => look(&rights, findings),
                Basis::Rights(look) if !has_errors => look(&rights, findings),
                Basis::Rights(_) => {}
            }
        }
    }
}
