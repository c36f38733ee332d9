//! What the lints about grants without effect have in common: the words for what can go, and why.
//!
//! Each thing that can go is told once, by the lint that says most of it: `no-effect-grant` before `shadowed-grant`
//! before `redundant-grant`; of denials, by `unused-denial`.

use std::collections::{HashMap, HashSet};
use std::hash::Hash;

use crate::diagnostics::{Diagnostic, Rule};
use crate::effective::{Covered, Others, Part, Reason, Surplus};
use crate::lint::{Findings, Rights};
use crate::model::{At, Grant, Org, Scope, Subject};
use crate::source::Span;

/// Whether it is not told: that a disabled user is named is told by another lint, and `unassigned` names what is to come.
pub(super) fn is_passed_over(org: &Org, surplus: &Surplus) -> bool {
    let disabled =
        |subject: &Subject| matches!(subject, Subject::User(user) if org.users[*user].disabled == Some(true));
    let to = &org.grants[surplus.grant].to;
    match (&surplus.why, surplus.part) {
        (Reason::NoUser, Part::To) => to.iter().any(|(subject, span)| *span == surplus.span && disabled(subject)),
        (Reason::NoUser, Part::Whole) => to.iter().all(|(subject, _)| disabled(subject)),
        (Reason::NoResource, Part::Scope) => {
            let scope = &org.grants[surplus.grant].scope;
            scope.iter().any(|(scope, span)| *span == surplus.span && *scope == Scope::Unassigned)
        }
        _ => false,
    }
}

/// What can go, in words.
pub(super) fn subject(surplus: &Surplus, denial: bool) -> &'static str {
    match (surplus.part, denial) {
        (Part::Whole, false) => "this grant",
        (Part::Whole, true) => "this denial",
        (Part::To, _) => "this item of `to`",
        (Part::Scope, _) => "this item of `scope`",
        (Part::Only, _) => "this item of `only`",
        (Part::Capability, false) => "this item of `role` or `allow`",
        (Part::Capability, true) => "this item of `deny`",
    }
}

/// Reason a thing by itself is without effect.
pub(super) fn by_itself(why: &Reason) -> Option<(&'static str, &'static str)> {
    match why {
        Reason::NoUser => Some(("it names no user who is not disabled or left out", "name somebody, or remove it")),
        Reason::NoResource => Some((
            "it reaches nothing to which its capabilities apply",
            "name a scope that has what the capabilities are for, or remove it",
        )),
        Reason::Never => Some((
            "no instant or no address can meet its conditions and those of the teams on the way together",
            "mend the conditions, or remove it",
        )),
        Reason::Barred => Some((
            "all that it reaches is excluded, or on a recorder with `sharing: false`",
            "remove it, or share again what it reaches",
        )),
        Reason::Idle => Some(("nothing is granted where it denies", "remove it, or deny where something is granted")),
        Reason::Denied(_) | Reason::Covered(_) => None,
    }
}

/// Points to other grants.
pub(super) fn point_to(policy: &Rights<'_>, mut finding: Diagnostic, others: &Others, label: &str) -> Diagnostic {
    let last = others.grants.len().saturating_sub(1);
    for (number, grant) in others.grants.iter().enumerate() {
        let more = if others.more && number == last { ", and others" } else { "" };
        finding = finding.other(policy.rights.org.grants[*grant].span, format!("{label}{more}"));
    }
    finding
}

/// How other things cover a thing.
pub(super) fn covered_by(covered: &Covered, denial: bool) -> &'static str {
    let Covered { same_grant, ownership, others, denials } = covered;
    match (same_grant, ownership, others.grants.is_empty(), denials.grants.is_empty()) {
        _ if denial && !same_grant => "other denials take all that it takes",
        _ if denial => "the rest of the denial takes it, or others do",
        (true, false, true, true) => "the rest of the grant gives all of it",
        (false, true, true, true) => "whom it names holds all of it as an owner",
        (false, false, false, true) => "other grants give all of it",
        (false, true, false, true) => "other grants give all of it, or ownership does",
        (_, _, _, false) => "what denials leave of it is given otherwise",
        _ => "the rest of the grant gives it, or others do",
    }
}

/// Adds a finding about what is covered, with what mends it.
pub(super) fn tell_covered(
    policy: &Rights<'_>,
    rule: &'static Rule,
    (surplus, by): (&Surplus, &Covered),
    removal: Option<Removal>,
    findings: &mut Findings,
) {
    let finding = covered(policy, rule, surplus, by);
    let title = match (surplus.part, policy.rights.org.grants[surplus.grant].denial) {
        (Part::Whole, false) => "remove the grant",
        (Part::Whole, true) => "remove the denial",
        _ => "remove it from its list",
    };
    match removal {
        None => findings.push(finding),
        Some(Removal::Item(span)) => findings.push_without_item(finding, span, title),
        Some(Removal::Entry(key)) => findings.push_without_entry(finding, key, title),
    }
}

fn covered(policy: &Rights<'_>, rule: &'static Rule, surplus: &Surplus, covered: &Covered) -> Diagnostic {
    let denial = policy.rights.org.grants[surplus.grant].denial;
    let (verb, label) =
        if denial { ("takes nothing", "takes it already") } else { ("adds nothing", "gives it already") };
    let found = format!("{} {verb}: {}", subject(surplus, denial), covered_by(covered, denial));
    let finding = Diagnostic::new(rule, surplus.span, found);
    let finding = point_to(policy, finding, &covered.others, label);
    point_to(policy, finding, &covered.denials, "takes the rest").help("remove it: the table stays as it is")
}

/// What is to be taken out of the text.
#[derive(Clone, Copy, Debug)]
pub(super) enum Removal {
    /// An item of a list.
    Item(Span),
    /// A field, whose key stands here.
    Entry(Span),
}

/// For each thing that can go what takes it out of the text, where that is certain. It is where what stays says all of it:
/// what a denial takes part of would be missed once the denial goes, and what names nobody or nothing may be about what
/// is to come. An item that stands twice is left to `duplicate-item`, and the last items of a field go with the field.
pub(super) fn removals(policy: &Rights<'_>) -> Vec<Option<Removal>> {
    let of_grants = policy.surplus().chunk_by(|a, b| a.grant == b.grant);
    of_grants.flat_map(|all| of_grant(&policy.rights.org, all)).collect()
}

fn is_certain(surplus: &Surplus) -> bool {
    matches!(&surplus.why, Reason::Covered(by) if by.denials.grants.is_empty())
}

/// What can go of one grant.
fn of_grant(org: &Org, all: &[Surplus]) -> Vec<Option<Removal>> {
    let Some(grant) = all.first().map(|first| &org.grants[first.grant]) else { return Vec::new() };
    if all.iter().all(|one| one.part == Part::Whole) {
        return all.iter().map(|one| is_certain(one).then_some(Removal::Item(one.span))).collect();
    }
    let going: HashSet<Span> = all.iter().filter(|one| is_certain(one)).map(|one| one.span).collect();
    let mut kept = HashSet::new();
    again(&grant.to, &mut kept);
    again(&grant.scope, &mut kept);
    again(grant.only.as_deref().unwrap_or_default(), &mut kept);
    let mut fields: HashMap<Span, Span> = HashMap::new();
    field(grant, "role", &grant.roles, &going, &mut kept, &mut fields);
    field(grant, if grant.denial { "deny" } else { "allow" }, &grant.capabilities, &going, &mut kept, &mut fields);
    let removal = |one: &Surplus| match fields.get(&one.span) {
        _ if !going.contains(&one.span) => None,
        Some(key) => Some(Removal::Entry(*key)),
        None => (!kept.contains(&one.span)).then_some(Removal::Item(one.span)),
    };
    all.iter().map(removal).collect()
}

/// Where what stands more than once in a list does.
fn again<T: Eq + Hash>(list: &[At<T>], places: &mut HashSet<Span>) {
    let mut times: HashMap<&T, usize> = HashMap::new();
    list.iter().for_each(|(value, _)| *times.entry(value).or_default() += 1);
    places.extend(list.iter().filter(|(value, _)| times.get(value) > Some(&1)).map(|(_, span)| *span));
}

/// The items of a field that has nothing left, each with the key that goes; else those that stand more than once.
fn field<T: Eq + Hash>(
    grant: &Grant,
    name: &str,
    list: &[At<T>],
    going: &HashSet<Span>,
    kept: &mut HashSet<Span>,
    fields: &mut HashMap<Span, Span>,
) {
    let values: HashSet<&T> = list.iter().filter(|(_, span)| going.contains(span)).map(|(value, _)| value).collect();
    match grant.keys.at(name) {
        Some(key) if list.iter().all(|(value, _)| values.contains(value)) => {
            fields.extend(list.iter().map(|(_, span)| (*span, key)));
        }
        _ => again(list, kept),
    }
}
