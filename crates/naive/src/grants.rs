//! semantics §3: what a grant gives, and what a denial takes.

use std::collections::BTreeSet;

use crate::model::{Grant, Org};
use crate::resources::{kind_of, passes_only};
use crate::vocabulary::Vocabulary;

/// semantics §3: `caps(role) = (⋃ caps(extended roles) ∪ expand(allow)) ∖ expand(without)`.
pub(crate) fn role_caps(org: &Org, vocabulary: &Vocabulary, role: &str) -> BTreeSet<String> {
    let Some(role) = org.roles.get(role) else {
        return BTreeSet::new();
    };
    let mut all = vocabulary.expand_all(&role.allow);
    all.extend(role.extends.iter().flat_map(|other| role_caps(org, vocabulary, other)));
    &all - &vocabulary.expand_all(&role.without)
}

/// semantics §3: `caps(grant)`, with `read_only` only those of class `view`; `caps(denial) = expand(deny)`.
pub(crate) fn caps(org: &Org, vocabulary: &Vocabulary, grant: &Grant) -> BTreeSet<String> {
    if let Some(deny) = &grant.deny {
        return vocabulary.expand_all(deny);
    }
    let mut all = vocabulary.expand_all(&grant.allow);
    all.extend(grant.roles.iter().flat_map(|role| role_caps(org, vocabulary, role)));
    if grant.read_only {
        all.retain(|capability| vocabulary.class(capability) == "view");
    }
    all
}

/// semantics §3: the capabilities of `caps` that the grant gives (a denial takes) on a resource in its reach: those for
/// which the resource passes `only`, and that apply to its kind.
pub(crate) fn given(
    org: &Org,
    vocabulary: &Vocabulary,
    grant: &Grant,
    caps: &BTreeSet<String>,
    resource: &str,
) -> BTreeSet<String> {
    caps.iter()
        .filter(|capability| vocabulary.applies(capability, kind_of(resource)))
        .filter(|capability| passes_only(org, grant, resource, vocabulary.class(capability)))
        .cloned()
        .collect()
}
