//! Where each right comes from. It stands apart from the table, so that the table does not change when lines move.

use std::collections::HashMap;
use std::io::{self, Write};

use serde::Serialize;

use super::names::{ResourceNames, Subject};
use crate::effective::{Effective, OrgRights};
use crate::graph::ResourceIx;
use crate::model::{Grant, GrantIx};
use crate::source::{Places, Sources, Span};

/// The version of the format.
const FORMAT: &str = "camgrant.sources/1";

/// Where the rights of a table come from.
#[derive(Debug, Serialize)]
struct SourceMap<'s> {
    /// The version of the format: `camgrant.sources/1`.
    format: &'static str,
    /// The organisations, by id.
    orgs: std::collections::BTreeMap<&'s str, OrgSources<'s>>,
}

/// Where the rights of one organisation come from.
#[derive(Debug, Serialize)]
struct OrgSources<'s> {
    /// Every grant and denial, by file and place.
    grants: Vec<GrantSource<'s>>,
    /// Subjects to whom the same grants come, in the order of their first member.
    subject_classes: Vec<Vec<String>>,
    /// Resources that the same grants reach, in the order of their first member.
    resource_classes: Vec<Vec<&'s str>>,
    /// Subject class, resource class, and the grants and denials that apply, as numbers into these lists.
    access: Vec<(u32, u32, Vec<u32>)>,
}

/// A grant or denial, as it was written.
#[derive(Debug, Serialize)]
struct GrantSource<'s> {
    /// Its id.
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<&'s str>,
    /// Its file.
    path: &'s str,
    /// Its line, from 1.
    line: usize,
    /// Its column, from 1, in Unicode scalar values.
    column: usize,
    /// Whether it denies.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    denial: bool,
    /// Whom it names.
    to: Vec<&'s str>,
    /// Whom it leaves out.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    except: Vec<&'s str>,
    /// Its roles.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    role: Vec<&'s str>,
    /// Its capabilities, granted or denied.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    capabilities: Vec<&'s str>,
    /// Where it applies.
    scope: Vec<&'s str>,
    /// Where it does not.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    except_scope: Vec<&'s str>,
}

/// Writes the source map of a policy.
///
/// # Errors
/// What the writer says.
pub fn write(policy: &Effective, sources: &Sources, out: &mut dyn Write) -> io::Result<()> {
    let names: Vec<ResourceNames> = policy.orgs.iter().map(ResourceNames::new).collect();
    let orgs = policy.orgs.iter().zip(&names);
    let orgs = orgs.map(|(rights, names)| (&*rights.org.id, of_org(rights, names, sources))).collect();
    serde_json::to_writer_pretty(&mut *out, &SourceMap { format: FORMAT, orgs })?;
    out.write_all(b"\n")
}

fn of_org<'s>(rights: &'s OrgRights, names: &'s ResourceNames, sources: &'s Sources) -> OrgSources<'s> {
    // by place: files are sorted by path
    let mut order: Vec<(GrantIx, &Grant)> = rights.org.grants.iter().collect();
    order.sort_by_key(|(_, grant)| grant.span);
    let numbers: HashMap<GrantIx, u32> = order.iter().enumerate().map(|(i, (index, _))| (*index, i as u32)).collect();
    let mut places = Places::new(sources);
    let grants = order.iter().map(|(_, grant)| grant_source(grant, sources, &mut places)).collect();

    let mut subjects: Vec<(Vec<String>, _)> = rights
        .statements
        .classes
        .iter()
        .map(|(class, subjects)| {
            let mut members: Vec<String> =
                subjects.members.iter().map(|user| Subject::User(*user).text(&rights.org)).collect();
            members.sort_unstable();
            (members, class)
        })
        .collect();
    subjects.sort_unstable_by(|a, b| a.0.cmp(&b.0));
    let mut resources: Vec<(Vec<ResourceIx>, _)> = rights
        .resources
        .classes
        .iter()
        .map(|(class, resources)| {
            let mut members = resources.members.clone();
            names.sort(&mut members);
            (members, class)
        })
        .collect();
    resources.sort_unstable_by_key(|(members, _)| members.first().map(|first| names.rank(*first)));
    let resource_numbers: HashMap<_, u32> =
        resources.iter().enumerate().map(|(i, (_, class))| (*class, i as u32)).collect();

    let mut access = Vec::new();
    for (number, (_, class)) in subjects.iter().enumerate() {
        let mut row: HashMap<u32, Vec<u32>> = HashMap::new();
        for (grant, reached) in rights.statements.applying(*class) {
            for resource in reached {
                row.entry(resource_numbers[resource]).or_default().push(numbers[&grant]);
            }
        }
        let mut row: Vec<(u32, u32, Vec<u32>)> = row
            .into_iter()
            .map(|(resource, mut grants)| {
                grants.sort_unstable();
                (number as u32, resource, grants)
            })
            .collect();
        row.sort_unstable();
        access.extend(row);
    }
    OrgSources {
        grants,
        subject_classes: subjects.into_iter().map(|(members, _)| members).collect(),
        resource_classes: resources
            .into_iter()
            .map(|(members, _)| members.into_iter().map(|member| names.text(member)).collect())
            .collect(),
        access,
    }
}

fn grant_source<'s>(grant: &'s Grant, sources: &'s Sources, places: &mut Places<'s>) -> GrantSource<'s> {
    fn texts<'s, T>(items: &[(T, Span)], sources: &'s Sources) -> Vec<&'s str> {
        items.iter().map(|(_, span)| unquoted(sources.slice(*span))).collect()
    }
    let (path, at) = places.locate(grant.span);
    GrantSource {
        id: grant.id.as_deref(),
        path,
        line: at.line,
        column: at.column,
        denial: grant.denial,
        to: texts(&grant.to, sources),
        except: texts(&grant.except, sources),
        role: texts(&grant.roles, sources),
        capabilities: grant.capabilities.iter().map(|(_, span)| unquoted(sources.slice(*span))).collect(),
        scope: texts(&grant.scope, sources),
        except_scope: texts(&grant.except_scope, sources),
    }
}

fn unquoted(text: &str) -> &str {
    let inner = |quote: char| text.strip_prefix(quote)?.strip_suffix(quote);
    inner('"').or_else(|| inner('\'')).unwrap_or(text)
}
