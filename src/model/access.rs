//! Grants, denials and temporary links.

use super::AddressSet;
use super::conditions::{ConditionFields, networks, stated};
use super::forms::id;
use super::keys::{Keys, key};
use super::names::Kind;
use super::references::Resolver;
use super::types::{Broken, Consent, DeviceIx, Grant, Link};
use crate::diagnostics::Diagnostic;
use crate::source::Span;
use crate::syntax::decl;
use crate::syntax::rules;
use crate::syntax::{Entry, Field};
use crate::vocabulary::{CapabilityClass, CapabilitySet, vocabulary};

pub(super) fn grant<'d>(r: &mut Resolver<'_, 'd>, field: &'d Field<decl::Grant<'d>>, blocks: &[AddressSet]) -> Grant {
    r.begin(field.span, field.end);
    let mut grant = Grant {
        id: None,
        span: field.span,
        denial: false,
        to: Vec::new(),
        except: Vec::new(),
        roles: Vec::new(),
        capabilities: Vec::new(),
        read_only: false,
        scope: Vec::new(),
        except_scope: Vec::new(),
        kinds: None,
        only: None,
        condition: super::Stated::default(),
        until_at: None,
        consent: Consent::Accepted,
        enabled: true,
        broken: Broken { any: true, subjects: true, scope: true },
        keys: Keys::default(),
    };
    let Some(body) = &field.value else { return grant };
    let decl::Grant {
        id: own_id,
        name,
        reason,
        to,
        except,
        role,
        allow,
        deny,
        scope,
        except_scope,
        kinds,
        only,
        read_only,
        schedule,
        from,
        until,
        networks: own_networks,
        outside,
        consent,
        enabled,
    } = body;
    grant.keys = Keys::of([
        key("to", to),
        key("except", except),
        key("role", role),
        key("allow", allow),
        key("deny", deny),
        key("scope", scope),
        key("except_scope", except_scope),
        key("kinds", kinds),
        key("only", only),
        key("read_only", read_only),
        key("schedule", schedule),
        key("from", from),
        key("until", until),
        key("networks", own_networks),
        key("outside", outside),
        key("consent", consent),
        key("enabled", enabled),
    ]);
    let _ = (r.value(name), r.value(reason));
    if let Some((text, span)) = r.value(own_id) {
        let form = id(text.0);
        r.formed(form, span);
        grant.id = Some(text.0.into());
    }
    let word = if deny.is_some() { "denial" } else { "grant" };
    grant.denial = deny.is_some();
    check_exclusive(r, body);

    let this = format!("this {word}");
    r.required("to", to, &this, field.span);
    r.not_empty("to", to);
    r.not_empty("except", except);
    let (subjects, missed_to) = r.list(to, |r, subject, span| r.subject(subject.0, span));
    let (excepted, missed_except) = r.list(except, |r, subject, span| r.subject(subject.0, span));
    (grant.to, grant.except) = (subjects, excepted);

    if role.is_none() && allow.is_none() && deny.is_none() {
        r.report(
            Diagnostic::new(
                &rules::MISSING_FIELD,
                field.span,
                "this grant gives nothing: it has neither `role`, `allow` nor `deny`",
            )
            .help("add `role:` or `allow:` to grant, or `deny:` to deny"),
        );
    }
    r.not_empty("role", role);
    r.not_empty("allow", allow);
    r.not_empty("deny", deny);
    grant.roles = r.list(role, |r, role, span| r.role(role.0, span)).0;
    grant.capabilities = r.capabilities(if deny.is_some() { deny } else { allow });
    if deny.is_some() {
        r.capabilities(allow); // out of place, and its names are judged all the same
    }
    grant.read_only = r.flag(read_only, false);

    r.required("scope", scope, &this, field.span);
    r.not_empty("scope", scope);
    r.not_empty("except_scope", except_scope);
    let (scopes, missed_scope) = r.list(scope, |r, scope, span| r.scope(scope.0, span));
    let (excepted, missed_except_scope) = r.list(except_scope, |r, scope, span| r.scope(scope.0, span));
    (grant.scope, grant.except_scope) = (scopes, excepted);
    r.not_empty("kinds", kinds);
    r.not_empty("only", only);
    let (device_kinds, missed_kinds) = r.list(kinds, |_, kind, _| Some(*kind));
    grant.kinds = kinds.as_ref().map(|_| device_kinds);
    let (groups, missed_only) = r.list(only, |r, group, span| r.device_group("", group.0, span, "stand in `only`"));
    grant.only = only.as_ref().map(|_| groups);

    grant.condition = stated(r, &ConditionFields { from, until, schedule, networks: own_networks }, blocks);
    grant.until_at = until.as_ref().map(|until| until.span);
    grant.condition.outside = networks(r, "outside", outside, blocks);
    grant.consent = r.value(consent).map_or(Consent::Accepted, |(consent, _)| *consent);
    grant.enabled = r.flag(enabled, true);
    grant.broken = Broken {
        any: r.is_broken(),
        subjects: missed_to || missed_except || to.is_none(),
        scope: missed_scope || missed_except_scope || missed_kinds || missed_only || scope.is_none(),
    };
    grant
}

/// Fields that exclude each other; the span is at the later one.
fn check_exclusive(r: &mut Resolver<'_, '_>, body: &decl::Grant<'_>) {
    fn at<T>(field: &Option<Field<T>>) -> Option<Span> {
        field.as_ref().map(Field::key_span)
    }
    let Some(deny) = at(&body.deny) else {
        if let Some(outside) = at(&body.outside) {
            r.report(
                Diagnostic::new(&rules::EXCLUSIVE_FIELDS, outside, "`outside` stands in a denial only")
                    .help("a grant names where it holds with `networks`; deny elsewhere with a `deny` of its own"),
            );
        }
        return;
    };
    let others = [
        ("role", at(&body.role)),
        ("allow", at(&body.allow)),
        ("read_only", at(&body.read_only)),
        ("consent", at(&body.consent)),
    ];
    for (name, span) in others {
        let Some(other) = span else { continue };
        let (first, later) = if other > deny { (deny, other) } else { (other, deny) };
        r.report(
            Diagnostic::new(&rules::EXCLUSIVE_FIELDS, later, format!("`deny` and `{name}` exclude each other"))
                .other(first, "beside this")
                .help("write a grant and a denial apart: two items of `grants`"),
        );
    }
}

pub(super) fn link<'d>(r: &mut Resolver<'_, 'd>, entry: &'d Entry<'d, decl::Link<'d>>, blocks: &[AddressSet]) -> Link {
    r.begin(entry.span, entry.end);
    let mut link = Link {
        id: entry.id.into(),
        span: entry.span,
        devices: Vec::new(),
        condition: super::Stated::default(),
        until_at: None,
        enabled: true,
        allow: CapabilitySet::EMPTY,
        created_by: None,
        broken: true,
        keys: Keys::default(),
    };
    let Some(body) = &entry.body else { return link };
    let decl::Link { name, reason, devices, from, until, schedule, networks, enabled, allow, created_by } = body;
    let _ = (r.value(name), r.value(reason));
    let this = format!("the link `{}`", entry.id);
    r.required("devices", devices, &this, entry.span);
    r.not_empty("devices", devices);
    r.required("from", from, &this, entry.span);
    r.required("until", until, &this, entry.span);
    r.required("created_by", created_by, &this, entry.span);
    link.devices = r.list(devices, |r, id, span| r.name(Kind::Device, id.0, span).map(DeviceIx)).0;
    link.condition = stated(r, &ConditionFields { from, until, schedule, networks }, blocks);
    link.until_at = until.as_ref().map(|until| until.span);
    link.keys = Keys::of([
        key("devices", devices),
        key("allow", allow),
        key("enabled", enabled),
        key("schedule", schedule),
        key("from", from),
        key("until", until),
        key("networks", networks),
    ]);
    link.enabled = r.flag(enabled, true);
    r.not_empty("allow", allow);
    link.allow = match allow {
        None => vocabulary().expand("live.view").unwrap_or_default(),
        Some(_) => link_capabilities(r, allow),
    };
    link.created_by = match r.value(created_by) {
        Some((user, span)) => r.user(user.0, span).map(|user| (user, span)),
        None => None,
    };
    link.broken = r.is_broken();
    link
}

/// A link shows, and does no more.
fn link_capabilities<'d>(
    r: &mut Resolver<'_, 'd>,
    allow: &Option<Field<crate::syntax::Many<decl::Capability<'d>>>>,
) -> CapabilitySet {
    let view = vocabulary().of_class(CapabilityClass::View);
    let (sets, _) = r.list(allow, |r, capability, span| {
        let set = r.capability_of(view, capability.0, span)?;
        let beyond = set.without(view);
        if let Some(first) = vocabulary().names(beyond).next() {
            let found = if beyond.len() == 1 && set.len() == 1 {
                format!("a link cannot give `{first}`, which is not of class `view`")
            } else {
                format!("`{}` has capabilities that are not of class `view`, such as `{first}`", capability.0)
            };
            r.report(
                Diagnostic::new(&super::rules::LINK_BEYOND_VIEW, span, found)
                    .help("a link only shows: name capabilities of class `view`, such as `live.view` or `class:view`"),
            );
        }
        Some(set)
    });
    sets.into_iter().map(|(set, _)| set & view).collect()
}
