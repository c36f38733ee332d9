//! Grants as permits, denials as forbids: one policy for each condition under which somebody is named.

use std::collections::BTreeSet;

use sha2::{Digest, Sha256};

use super::actions::action_of;
use super::conditions::Unknown;
use super::names::Names;
use super::policy::{Draft, Policy, UNLESS_OWNER};
use super::scopes::{Reach, applicable, narrowed};
use super::teams::{Alternative, Teams};
use super::text::{Uid, in_one, list};
use crate::graph::Graph;
use crate::model::{Consent, Grant, Org, RoleRef};
use crate::vocabulary::{CapabilityClass, CapabilitySet, vocabulary};

/// A grant or denial that takes part, in Cedar's terms.
#[derive(Debug)]
pub(super) struct Statement<'m> {
    pub grant: &'m Grant,
    /// What it gives or takes, before anything is asked of a resource.
    pub capabilities: CapabilitySet,
    /// The same as actions and groups of actions; with `read_only`, all of its roles.
    pub actions: BTreeSet<Uid>,
    /// Whom it names, by condition; a denial that can never hold is left out.
    pub alternatives: Vec<Alternative<'m>>,
    /// Whom it leaves out.
    pub left_out: BTreeSet<Uid>,
    pub reach: Reach,
    /// What else must hold of the resource.
    pub narrowed: Vec<String>,
}

/// Everything active that gives or takes anything.
pub(super) fn statements<'m>(org: &'m Org, graph: &Graph, teams: &Teams<'m>, names: &Names<'m>) -> Vec<Statement<'m>> {
    let active = org
        .grants
        .iter()
        .map(|(_, grant)| grant)
        .filter(|grant| grant.enabled && grant.consent == Consent::Accepted && !grant.broken.any);
    let statements = active.map(|grant| {
        let mut alternatives = teams.named(grant.to.iter().map(|(to, _)| *to), &grant.condition);
        // of a grant that can never hold the dates may still count for a link
        alternatives.retain(|alternative| !grant.denial || !alternative.parts.is_never());
        Statement {
            grant,
            capabilities: applicable(grant, org, capabilities(graph, grant)),
            actions: actions(grant, names),
            alternatives,
            left_out: teams.left_out(grant.except.iter().map(|(except, _)| *except)),
            reach: Reach::of(grant.scope.iter().map(|(scope, _)| *scope), grant.denial, names),
            narrowed: beyond_reach(grant, org, names),
        }
    });
    statements.filter(|statement| !statement.capabilities.is_empty()).collect()
}

/// `caps(grant)` and `caps(denial)` (`semantics §3`).
fn capabilities(graph: &Graph, grant: &Grant) -> CapabilitySet {
    let of_roles = grant.roles.iter().map(|(role, _)| match role {
        RoleRef::BuiltIn(role) => role.capabilities,
        RoleRef::Declared(role) => graph.inheritance.capabilities[*role],
    });
    let all: CapabilitySet = of_roles.chain(grant.capabilities.iter().map(|(set, _)| *set)).collect();
    if grant.read_only { all & vocabulary().of_class(CapabilityClass::View) } else { all }
}

fn actions(grant: &Grant, names: &Names<'_>) -> BTreeSet<Uid> {
    let roles = grant.roles.iter().map(|(role, _)| names.role(*role));
    roles.chain(grant.capabilities.iter().flat_map(|(set, _)| action_of(*set))).collect()
}

/// `except_scope`, `kinds`, `only`.
fn beyond_reach(grant: &Grant, org: &Org, names: &Names<'_>) -> Vec<String> {
    let mut all = Vec::new();
    if !grant.except_scope.is_empty() {
        let excepted = Reach::of(grant.except_scope.iter().map(|(scope, _)| *scope), grant.denial, names);
        all.push(format!("!({})", excepted.text()));
    }
    all.extend(narrowed(grant, org, names));
    all
}

impl Statement<'_> {
    /// Whether an action is one of its own.
    pub(super) fn covers_action(&self) -> Vec<String> {
        let mut all = vec![format!("action in {}", list(&self.actions))];
        if self.grant.read_only {
            all.push(r#"action in Action::"class:view""#.to_owned());
        }
        all
    }

    /// What must hold of the resource.
    pub(super) fn covers_resource(&self) -> Vec<String> {
        std::iter::once(self.reach.text()).chain(self.narrowed.iter().cloned()).collect()
    }

    /// Its policies, in the order of their texts.
    pub(super) fn policies(&self, names: &Names<'_>) -> Vec<Policy> {
        let mut drafts: Vec<Draft> = self.alternatives.iter().map(|one| self.draft(one, names)).collect();
        drafts.sort_by(|a, b| a.body().cmp(b.body()));
        drafts.dedup_by(|a, b| a.body() == b.body());
        let id = names.id(&self.id(&drafts));
        let several = drafts.len() > 1;
        let numbered = |number: usize| if several { format!("{id}/{}", number + 1) } else { id.clone() };
        drafts.into_iter().enumerate().map(|(number, draft)| draft.named(numbered(number))).collect()
    }

    /// By its own id, or by what it says: what else there is has no part in it.
    fn id(&self, drafts: &[Draft]) -> String {
        let word = if self.grant.denial { "denial" } else { "grant" };
        match &self.grant.id {
            Some(id) => format!("{word}:{id}"),
            None => {
                let mut sum = Sha256::new();
                drafts.iter().for_each(|draft| sum.update(draft.body()));
                let sum: String = sum.finalize().iter().take(8).map(|byte| format!("{byte:02x}")).collect();
                format!("{word}:~{sum}")
            }
        }
    }

    fn draft(&self, alternative: &Alternative<'_>, names: &Names<'_>) -> Draft {
        let Alternative { named, parts } = alternative;
        let single = if named.len() == 1 { named.first() } else { None };
        let principal = single.map_or("principal".to_owned(), |uid| format!("principal in {uid}"));
        let resource = self.reach.single().map_or("resource".to_owned(), |uid| format!("resource in {uid}"));
        let (effect, unknown) = if self.grant.denial { ("forbid", Unknown::Holds) } else { ("permit", Unknown::Fails) };
        let action = format!("action in {}", list(&self.actions));
        let mut draft = Draft::new(effect, &principal, &action, &resource);
        if single.is_none() {
            draft.when(&in_one("principal", named));
        }
        if !self.left_out.is_empty() {
            draft.unless(&in_one("principal", &self.left_out));
        }
        if self.grant.read_only {
            draft.when(r#"action in Action::"class:view""#);
        }
        if self.reach.single().is_none() {
            draft.when(&self.reach.text());
        }
        self.narrowed.iter().for_each(|narrowed| draft.when(narrowed));
        draft.parts(&parts.written(names, unknown));
        if self.grant.denial {
            draft.unless(UNLESS_OWNER);
        }
        draft
    }
}
