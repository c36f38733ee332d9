//! What the lints say can go, can go: on random policies, each grant and each item is taken away and the policy compiled
//! again, and what leaves the table as it is must be what is reported, no more and no less. `CAMGRANT_CASES` says how
//! many policies. (Beside it, `fixes`: what is offered to take them away; `lacking`: who lacks what
//! belongs to a right.)

#![allow(clippy::disallowed_methods)] // tests read their cases and write to temporary folders
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // a test fails by panicking

mod support;

#[path = "surplus/fixes.rs"]
mod fixes;
#[path = "surplus/lacking.rs"]
mod lacking;

use std::collections::BTreeMap;

use camgrant::effective::{self, Effective, Part};
use camgrant::model::{Consent, Grant};
use camgrant::source::Span;
use camgrant_naive::random::{self, Draft, GrantDraft};
use support::{compile_files, table_of};

fn cases() -> u64 {
    std::env::var("CAMGRANT_CASES").ok().and_then(|count| count.parse().ok()).unwrap_or(60)
}

/// What can be taken away: from which grant, what of it, and what stands there.
type Removal = (String, Part, String);

/// A random policy in which every grant has an id of its own.
fn draft(seed: u64) -> Draft {
    let mut draft = random::draft(seed);
    for org in &mut draft.orgs {
        for (number, grant) in org.grants.iter_mut().enumerate() {
            grant.id = Some(format!("g{number}"));
        }
    }
    draft
}

fn table(draft: &Draft) -> Option<String> {
    compile_files(&draft.files()).policy.map(|policy| table_of(&policy, "expanded"))
}

fn take_item(grant: &mut GrantDraft, part: Part, text: &str) {
    let list = match part {
        Part::To => &mut grant.to,
        Part::Scope => &mut grant.scope,
        Part::Only => &mut grant.only,
        Part::Capability if grant.role.iter().any(|role| role == text) => &mut grant.role,
        Part::Capability if !grant.deny.is_empty() => &mut grant.deny,
        Part::Capability => &mut grant.allow,
        Part::Whole => return,
    };
    list.retain(|item| !same(part, item, text));
}

/// Takes something away; says whether that left anything to be said.
fn take(draft: &mut Draft, org: &str, removal: &Removal) -> bool {
    let (id, part, text) = removal;
    let org = draft.orgs.iter_mut().find(|one| one.id == org).unwrap();
    let at = org.grants.iter().position(|grant| grant.id.as_ref() == Some(id)).unwrap();
    if *part == Part::Whole {
        org.grants.remove(at);
        return true;
    }
    let grant = &mut org.grants[at];
    take_item(grant, *part, text);
    let says = !(grant.role.is_empty() && grant.allow.is_empty() && grant.deny.is_empty());
    !grant.to.is_empty() && !grant.scope.is_empty() && says && (*part != Part::Only || !grant.only.is_empty())
}

/// The items of a grant in lists that have more than one, each once, the last in the text first.
fn items(grant: &Grant, written: &GrantDraft) -> Vec<(Span, Part, String)> {
    fn at<T>(list: &[(T, Span)]) -> Vec<Span> {
        list.iter().map(|(_, span)| *span).collect()
    }
    let capabilities = [at(&grant.roles), at(&grant.capabilities)].concat();
    let written_capabilities = [&written.role[..], &written.allow, &written.deny].concat();
    let lists = [
        (Part::To, at(&grant.to), &written.to),
        (Part::Scope, at(&grant.scope), &written.scope),
        (Part::Only, at(grant.only.as_deref().unwrap_or_default()), &written.only),
        (Part::Capability, capabilities, &written_capabilities),
    ];
    let mut all = Vec::new();
    for (part, places, texts) in lists {
        assert_eq!(places.len(), texts.len());
        let mut once: Vec<(Span, Part, String)> = Vec::new();
        for (span, text) in places.into_iter().zip(texts) {
            if !once.iter().any(|(_, _, known)| same(part, known, text)) {
                once.push((span, part, text.clone()));
            }
        }
        if once.len() > 1 {
            all.extend(once);
        }
    }
    all.sort_by_key(|(span, ..)| std::cmp::Reverse(*span));
    all
}

/// Whether two items name the same.
fn same(part: Part, a: &str, b: &str) -> bool {
    let plain = |item: &str| {
        let item = item.to_lowercase();
        let item = item.strip_prefix("user:").unwrap_or(&item);
        item.strip_prefix("team:").filter(|team| *team == "everyone").unwrap_or(item).to_owned()
    };
    a == b || (part == Part::To && plain(a) == plain(b))
}

/// By compiling again: denials first, then grants, each from the last to the first.
fn by_compiling(draft: &Draft, policy: &Effective, table_before: &str) -> Vec<(String, Removal)> {
    let mut places: BTreeMap<Span, i32> = BTreeMap::new();
    let mut now = draft.clone();
    let mut gone = Vec::new();
    for rights in &policy.orgs {
        let org = &*rights.org.id;
        for denials in [true, false] {
            for (_, grant) in rights.org.grants.iter().rev().filter(|(_, grant)| grant.denial == denials) {
                if !grant.enabled || grant.consent != Consent::Accepted {
                    continue;
                }
                let id = grant.id.as_deref().unwrap().to_owned();
                let written = draft.orgs.iter().find(|one| one.id == org).unwrap();
                let written = written.grants.iter().find(|one| one.id.as_ref() == Some(&id)).unwrap();
                let mut parts = vec![(grant.span, Part::Whole, String::new())];
                parts.extend(items(grant, written));
                for (span, part, text) in parts {
                    let removal = (id.clone(), part, text);
                    let mut without = now.clone();
                    if take(&mut without, org, &removal) && table(&without).is_some_and(|table| table == table_before) {
                        now = without;
                        let whole = removal.1 == Part::Whole;
                        *places.entry(span).or_default() += 1;
                        gone.push((span, (org.to_owned(), removal)));
                        if whole {
                            break;
                        }
                    }
                }
            }
        }
    }
    // what an alias puts into several lists goes where it can go from all
    for (_, grant) in policy.orgs.iter().flat_map(|rights| rights.org.grants.iter()) {
        for span in all_places(grant) {
            places.entry(span).and_modify(|times| *times -= 1);
        }
    }
    gone.into_iter().filter(|(span, _)| places[span] >= 0).map(|(_, one)| one).collect()
}

fn all_places(grant: &Grant) -> Vec<Span> {
    fn at<T>(list: &[(T, Span)]) -> impl Iterator<Item = Span> + '_ {
        list.iter().map(|(_, span)| *span)
    }
    let only = grant.only.as_deref().unwrap_or_default();
    let subjects = at(&grant.to).chain(at(&grant.except));
    let scopes = at(&grant.scope).chain(at(&grant.except_scope));
    let given = at(&grant.roles).chain(at(&grant.capabilities)).chain(at(only));
    std::iter::once(grant.span).chain(subjects).chain(scopes).chain(given).collect()
}

#[test]
fn what_is_reported_is_what_can_go() {
    let mut compared = 0;
    let mut wrong = Vec::new();
    for seed in 0..cases() {
        let draft = draft(seed);
        let files = draft.files();
        let compiled = compile_files(&files);
        let Some(policy) = &compiled.policy else { continue };
        let before = table_of(policy, "expanded");
        let mut expected = by_compiling(&draft, policy, &before);
        let mut found: Vec<(String, Removal)> = Vec::new();
        let mut without = draft.clone();
        for rights in &policy.orgs {
            for surplus in effective::surplus(rights) {
                let grant = &rights.org.grants[surplus.grant];
                let id = grant.id.as_deref().unwrap();
                let written = draft.orgs.iter().find(|org| *org.id == *rights.org.id).unwrap();
                let written = written.grants.iter().find(|grant| grant.id.as_deref() == Some(id)).unwrap();
                let mut items = items(grant, written).into_iter();
                let item = items.find(|(span, part, _)| (*span, *part) == (surplus.span, surplus.part));
                let removal = (id.to_owned(), surplus.part, item.map_or(String::new(), |(.., text)| text));
                take(&mut without, &rights.org.id, &removal);
                found.push((rights.org.id.to_string(), removal));
            }
        }
        expected.sort();
        found.sort();
        if expected != found {
            let only = |a: &[(String, Removal)], b: &[(String, Removal)]| -> Vec<String> {
                a.iter().filter(|one| !b.contains(one)).map(|one| format!("{one:?}")).collect()
            };
            wrong.push(format!(
                "seed {seed}: missed {:?}, wrongly {:?}",
                only(&expected, &found),
                only(&found, &expected)
            ));
        } else if table(&without).as_ref() != Some(&before) {
            wrong.push(format!("seed {seed}: without all that can go, the table is another"));
        }
        compared += found.len();
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(compared as u64 > cases(), "only {compared} things could go");
}
