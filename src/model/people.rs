//! Organisations' settings, users, teams and roles.

use std::collections::BTreeMap;

use super::AddressSet;
use super::conditions::{ConditionFields, interval, networks, stated};
use super::forms::id;
use super::instants::Zone;
use super::keys::{Keys, key};
use super::references::Resolver;
use super::types::{At, Role, Team, User, UserIx};
use crate::diagnostics::Diagnostic;
use crate::source::Span;
use crate::syntax::decl::{self, Ungrouped};
use crate::syntax::rules;
use crate::syntax::{Entry, Field, Pairs};

/// An organisation's own settings.
pub(super) struct Settings {
    pub owners: Vec<At<UserIx>>,
    pub max_group_depth: u32,
    pub ungrouped_visible: bool,
    pub licenses: Option<BTreeMap<Box<str>, (u64, Span)>>,
}

const DEFAULT_GROUP_DEPTH: u32 = 5;
const GREATEST_GROUP_DEPTH: u32 = 32;

/// Reads the zone first, since every date in the organisation rests on it.
pub(super) fn zone<'d>(r: &mut Resolver<'_, 'd>, org: Option<&'d decl::Org<'d>>) -> Zone {
    let Some((text, span)) = org.and_then(|org| r.value(&org.timezone)) else { return Zone::utc() };
    let zone = Zone::parse(text.0);
    r.formed(zone, span).unwrap_or_else(Zone::utc)
}

pub(super) fn settings<'d>(r: &mut Resolver<'_, 'd>, org: Option<&'d decl::Org<'d>>) -> Settings {
    let mut settings =
        Settings { owners: Vec::new(), max_group_depth: DEFAULT_GROUP_DEPTH, ungrouped_visible: true, licenses: None };
    let Some(org) = org else { return settings };
    let decl::Org { name, reason, owner, timezone: _, max_group_depth, ungrouped_devices, licenses } = org;
    let _ = (r.value(name), r.value(reason));
    settings.owners = r.owners(owner);
    if let Some((depth, span)) = r.value(max_group_depth) {
        match u32::try_from(*depth).ok().filter(|depth| (1..=GREATEST_GROUP_DEPTH).contains(depth)) {
            Some(depth) => settings.max_group_depth = depth,
            None => {
                settings.max_group_depth = GREATEST_GROUP_DEPTH;
                let found = format!("groups cannot nest {depth} deep");
                r.report(
                    Diagnostic::new(&rules::OUT_OF_RANGE, span, found)
                        .help(format!("write a number from 1 to {GREATEST_GROUP_DEPTH}")),
                );
            }
        }
    } else if max_group_depth.is_some() {
        settings.max_group_depth = GREATEST_GROUP_DEPTH; // not readable: judge no group by it
    }
    settings.ungrouped_visible =
        r.value(ungrouped_devices).is_none_or(|(ungrouped, _)| *ungrouped == Ungrouped::Visible);
    settings.licenses = match (licenses, read_licenses(r, licenses)) {
        (None, _) => Some(BTreeMap::new()),
        (Some(field), read) => {
            let complete =
                field.value.as_ref().is_some_and(|Pairs(pairs)| pairs.iter().all(|(_, n)| n.value.is_some()));
            read.filter(|_| complete)
                .map(|pairs| pairs.into_iter().map(|(level, n, span)| (level, (n, span))).collect())
        }
    };
    settings
}

fn read_licenses<'d>(
    r: &mut Resolver<'_, 'd>,
    field: &Option<Field<Pairs<'d, u64>>>,
) -> Option<Vec<(Box<str>, u64, Span)>> {
    let (Pairs(pairs), _) = r.value(field)?;
    let mut licenses = Vec::with_capacity(pairs.len());
    for (level, count) in pairs {
        let name = level.value.unwrap_or_default();
        let form = id(name);
        if r.formed(form, level.span).is_some()
            && let Some((count, _)) = r.value(&Some(Field::at(count.span, count.end, count.value)))
        {
            licenses.push((name.into(), *count, level.span));
        }
    }
    Some(licenses)
}

pub(super) fn user<'d>(r: &mut Resolver<'_, 'd>, entry: &'d Entry<'d, decl::User<'d>>, blocks: &[AddressSet]) -> User {
    r.begin(entry.span, entry.end);
    let mut user = User {
        id: entry.id.to_ascii_lowercase().into(),
        span: entry.span,
        reference: None,
        same_as: None,
        networks: None,
        from: None,
        until: None,
        licenses: None,
        disabled: None,
        broken: true,
        keys: Keys::default(),
    };
    let Some(body) = &entry.body else { return user };
    let decl::User { name, reason, reference, same_as, networks: own_networks, from, until, licenses, disabled } = body;
    let _ = (r.value(name), r.value(reason));
    user.reference = r.reference(reference);
    user.same_as = match r.value(same_as) {
        Some((other, span)) => r.user(other.0, span).map(|other| (other, span)),
        None => None,
    };
    user.networks = networks(r, "networks", own_networks, blocks);
    (user.from, user.until) = interval(r, from, until);
    user.licenses = read_licenses(r, licenses);
    user.disabled = match disabled {
        None => Some(false),
        some => r.value(some).map(|(disabled, _)| *disabled),
    };
    user.keys =
        Keys::of([key("networks", own_networks), key("from", from), key("until", until), key("disabled", disabled)]);
    user.broken = r.is_broken();
    user
}

pub(super) fn team<'d>(r: &mut Resolver<'_, 'd>, entry: &'d Entry<'d, decl::Team<'d>>, blocks: &[AddressSet]) -> Team {
    r.begin(entry.span, entry.end);
    let mut team = Team {
        id: entry.id.into(),
        span: entry.span,
        members: Vec::new(),
        condition: super::Stated::default(),
        broken: true,
        keys: Keys::default(),
    };
    let Some(body) = &entry.body else { return team };
    let decl::Team { name, reason, members, schedule, networks, from, until } = body;
    let _ = (r.value(name), r.value(reason));
    team.members = r.list(members, |r, member, span| r.subject(member.0, span)).0;
    team.keys = Keys::of([
        key("members", members),
        key("schedule", schedule),
        key("networks", networks),
        key("from", from),
        key("until", until),
    ]);
    team.condition = stated(r, &ConditionFields { from, until, schedule, networks }, blocks);
    team.broken = r.is_broken();
    team
}

pub(super) fn role<'d>(r: &mut Resolver<'_, 'd>, entry: &'d Entry<'d, decl::Role<'d>>) -> Role {
    r.begin(entry.span, entry.end);
    let mut role = Role {
        id: entry.id.into(),
        span: entry.span,
        extends: Vec::new(),
        allow: Default::default(),
        named: Default::default(),
        without: Default::default(),
        broken: true,
        keys: Keys::default(),
    };
    let Some(body) = &entry.body else { return role };
    let decl::Role { name, reason, extends, allow, without } = body;
    let _ = (r.value(name), r.value(reason));
    role.keys = Keys::of([key("allow", allow), key("without", without)]);
    role.extends = r.list(extends, |r, base, span| r.role(base.0, span)).0;
    let allowed = r.capabilities(allow);
    role.allow = allowed.iter().map(|(set, _)| *set).collect();
    role.named = allowed.iter().map(|(set, _)| *set).filter(|set| set.len() == 1).collect();
    role.without = r.capabilities(without).into_iter().map(|(set, _)| set).collect();
    role.broken = r.is_broken();
    role
}
