//! The policy's own tests: what they claim, with their names resolved. They are run by `testing`.

use super::forms::{Misfit, shortened};
use super::instants::Edge;
use super::names::Kind;
use super::references::Resolver;
use super::types::{Claim, LinkIx, MaxHolders, PolicyTest, Tested};
use crate::diagnostics::Diagnostic;
use crate::source::Span;
use crate::syntax::decl;
use crate::syntax::rules;
use crate::syntax::{Field, Pairs};

/// Reads a test; none where it claims nothing, which is reported.
pub(super) fn test<'d>(r: &mut Resolver<'_, 'd>, field: &'d Field<decl::PolicyTest<'d>>) -> Option<PolicyTest> {
    r.begin(field.span, field.end);
    let body = field.value.as_ref()?;
    let decl::PolicyTest {
        name,
        reason,
        to,
        except,
        can,
        cannot,
        never_together,
        max_holders,
        nobody_else,
        scope,
        at,
        address,
    } = body;
    let name = r.value(name).map(|(name, _)| name.0.into());
    r.value(reason);
    r.required("to", to, "this test", field.span);
    r.not_empty("to", to);
    let to = r.list(to, |r, subject, span| test_subject(r, subject.0, span)).0;
    let except = r.list(except, |r, subject, span| test_subject(r, subject.0, span)).0;
    let [claims_can, claims_cannot, claims_never] = [can, cannot, never_together].map(|list| r.capabilities(list));
    for (name, list) in [("can", can), ("cannot", cannot), ("never_together", never_together)] {
        r.not_empty(name, list);
    }
    let mut limits = Vec::new();
    if let Some((Pairs(pairs), _)) = r.value(max_holders) {
        for (capability, count) in pairs {
            let capabilities = r.capability(capability.value.unwrap_or_default(), capability.span);
            let limit = r.value(&Some(Field::at(count.span, count.end, count.value))).map(|(limit, _)| *limit);
            if let (Some(capabilities), Some(limit)) = (capabilities, limit) {
                limits.push(MaxHolders { capabilities, limit, span: capability.span });
            }
        }
    }
    let claims = [
        ("can", can.as_ref().map(Field::key_span)),
        ("cannot", cannot.as_ref().map(Field::key_span)),
        ("never_together", never_together.as_ref().map(Field::key_span)),
        ("max_holders", max_holders.as_ref().map(Field::key_span)),
    ];
    let mut made: Vec<_> = claims.into_iter().filter_map(|(name, span)| Some((span?, name))).collect();
    made.sort_unstable();
    match made[..] {
        [] => r.report(
            Diagnostic::new(&rules::MISSING_FIELD, field.span, "this test claims nothing")
                .help("add one of `can`, `cannot`, `never_together`, `max_holders`"),
        ),
        [(first, first_name), (later, name), ..] => r.report(
            Diagnostic::new(&rules::EXCLUSIVE_FIELDS, later, format!("`{first_name}` and `{name}` exclude each other"))
                .other(first, "beside this")
                .help("write a test for each claim"),
        ),
        [_] => {}
    }
    let nobody_else = r.value(nobody_else).map(|(flag, span)| (*flag, span));
    if let (Some((_, span)), None) = (nobody_else, can) {
        r.report(
            Diagnostic::new(&rules::EXCLUSIVE_FIELDS, span, "`nobody_else` stands beside `can` only")
                .help("add `can:`, or leave `nobody_else` out"),
        );
    }
    r.required("scope", scope, "this test", field.span);
    r.not_empty("scope", scope);
    let scope = r.list(scope, |r, scope, span| r.scope(scope.0, span)).0;
    let at = r.instant(at, Edge::Start);
    let address = r.value(address).and_then(|(text, span)| {
        let parsed = text.0.parse::<std::net::IpAddr>().map_err(|_| {
            let found = format!("`{}` is no address", shortened(text.0));
            Misfit::new(&rules::MALFORMED_NETWORK, found, "write one address, such as `10.1.2.3`")
        });
        r.formed(parsed, span)
    });
    let claim = if can.is_some() {
        Claim::Can { capabilities: claims_can, nobody_else: nobody_else.is_some_and(|(flag, _)| flag) }
    } else if cannot.is_some() {
        Claim::Cannot(claims_cannot)
    } else if never_together.is_some() {
        Claim::NeverTogether(claims_never)
    } else {
        max_holders.as_ref()?;
        Claim::MaxHolders(limits)
    };
    Some(PolicyTest { name, span: field.span, to, except, claim, scope, at, address })
}

/// A subject, or a link: tests speak of both.
fn test_subject(r: &mut Resolver<'_, '_>, text: &str, span: Span) -> Option<Tested> {
    match text.strip_prefix("link:") {
        Some(link) => r.name(Kind::Link, link, span).map(|link| Tested::Link(LinkIx(link))),
        None => r.subject(text, span).map(Tested::Named),
    }
}
