//! The policy's own tests: their shape is judged here, and their names are resolved; nothing runs them yet.

use super::forms::{Misfit, shortened};
use super::instants::Edge;
use super::names::Kind;
use super::references::Resolver;
use super::types::{LinkIx, Subject};
use crate::diagnostics::Diagnostic;
use crate::source::Span;
use crate::syntax::decl;
use crate::syntax::rules;
use crate::syntax::{Field, Pairs};

pub(super) fn check<'d>(r: &mut Resolver<'_, 'd>, field: &'d Field<decl::PolicyTest<'d>>) {
    r.begin(field.span, field.end);
    let Some(body) = &field.value else { return };
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
    let _ = (r.value(name), r.value(reason));
    r.required("to", to, "this test", field.span);
    r.not_empty("to", to);
    r.list(to, |r, subject, span| test_subject(r, subject.0, span));
    r.list(except, |r, subject, span| test_subject(r, subject.0, span));
    for capabilities in [can, cannot, never_together] {
        r.capabilities(capabilities);
    }
    for (name, list) in [("can", can), ("cannot", cannot), ("never_together", never_together)] {
        r.not_empty(name, list);
    }
    if let Some((Pairs(pairs), _)) = r.value(max_holders) {
        for (capability, count) in pairs {
            r.capability(capability.value.unwrap_or_default(), capability.span);
            r.value(&Some(Field::at(count.span, count.end, count.value)));
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
    if let (Some((_, span)), None) = (r.value(nobody_else), can) {
        r.report(
            Diagnostic::new(&rules::EXCLUSIVE_FIELDS, span, "`nobody_else` stands beside `can` only")
                .help("add `can:`, or leave `nobody_else` out"),
        );
    }
    r.required("scope", scope, "this test", field.span);
    r.not_empty("scope", scope);
    r.list(scope, |r, scope, span| r.scope(scope.0, span));
    r.instant(at, Edge::Start);
    if let Some((text, span)) = r.value(address) {
        let parsed = text.0.parse::<std::net::IpAddr>().map_err(|_| {
            let found = format!("`{}` is no address", shortened(text.0));
            Misfit::new(&rules::MALFORMED_NETWORK, found, "write one address, such as `10.1.2.3`")
        });
        r.formed(parsed, span);
    }
}

/// A subject, or a link: tests speak of both.
fn test_subject(r: &mut Resolver<'_, '_>, text: &str, span: Span) -> Option<Result<Subject, LinkIx>> {
    match text.strip_prefix("link:") {
        Some(link) => r.name(Kind::Link, link, span).map(|link| Err(LinkIx(link))),
        None => r.subject(text, span).map(Ok),
    }
}
