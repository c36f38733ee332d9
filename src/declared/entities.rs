//! Each kind of declaration, field by field. Every declaration is taken apart whole, so that a new field of the language
//! is a difference here as soon as it exists.

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::fields::{Fields, flag, instant, lower, network, scope, subject, user};
use super::{Declaration, Kind, Stated};
use crate::model::weekdays;
use crate::syntax::decl::{self, Consent, DeviceKind, Document, LevelWord, RecorderKind, Ungrouped};
use crate::syntax::{Entries, Entry, Field, Many, Pairs};

type Orgs = BTreeMap<Box<str>, Vec<Declaration>>;

/// Reads the declarations of a document; what belongs to no organisation is left out.
pub(super) fn document(body: &Document<'_>, org: Option<&str>, orgs: &mut Orgs) {
    let Document {
        org: _,
        orgs: declared,
        users,
        teams,
        roles,
        sites,
        recorders,
        devices,
        device_groups,
        layouts,
        schedules,
        networks,
        grants,
        links,
        tests,
    } = body;
    for entry in entries(declared) {
        let own = orgs.entry(entry.id.into()).or_default();
        own.extend(entity(Kind::Org, entry, entry.id.into(), organisation));
    }
    let Some(org) = org else { return };
    let all = orgs.entry(org.into()).or_default();
    let same = |id: &str| Box::<str>::from(id);
    let folded = |id: &str| Box::<str>::from(lower(id));
    all.extend(entries(users).filter_map(|entry| entity(Kind::User, entry, folded(entry.id), account)));
    all.extend(entries(teams).filter_map(|entry| entity(Kind::Team, entry, same(entry.id), team)));
    all.extend(entries(roles).filter_map(|entry| entity(Kind::Role, entry, same(entry.id), role)));
    places(sites, None, all);
    all.extend(entries(recorders).filter_map(|entry| entity(Kind::Recorder, entry, same(entry.id), recorder)));
    all.extend(entries(devices).filter_map(|entry| entity(Kind::Device, entry, same(entry.id), device)));
    for entry in entries(device_groups) {
        let mut read = entity(Kind::DeviceGroup, entry, folded(entry.id), device_group);
        if let Some(group) = &mut read {
            // outputs bear this spelling
            group.fields.insert("id", Stated { span: entry.span, items: vec![(entry.id.into(), entry.span)] });
        }
        all.extend(read);
    }
    all.extend(entries(layouts).filter_map(|entry| entity(Kind::Layout, entry, same(entry.id), layout)));
    all.extend(entries(schedules).filter_map(|entry| entity(Kind::Schedule, entry, same(entry.id), schedule)));
    if let Some(Pairs(pairs)) = networks.as_ref().and_then(|section| section.value.as_ref()) {
        all.extend(pairs.iter().filter_map(|(id, blocks)| named_blocks(id, blocks)));
    }
    all.extend(items(grants).filter_map(|item| {
        let body = item.value.as_ref()?;
        let id = body.id.as_ref().and_then(|id| id.value).map(|id| id.0.into());
        Some(listed(Kind::Grant, item, id, grant(body)))
    }));
    all.extend(entries(links).filter_map(|entry| entity(Kind::Link, entry, same(entry.id), link)));
    all.extend(items(tests).filter_map(|item| {
        let body = item.value.as_ref()?;
        let name = body.name.as_ref().and_then(|name| name.value).map(|name| name.0.into());
        Some(listed(Kind::Test, item, name, test(body)))
    }));
}

fn entries<'d, T>(section: &'d Option<Field<Entries<'d, T>>>) -> impl Iterator<Item = &'d Entry<'d, T>> {
    section.iter().filter_map(|section| section.value.as_ref()).flat_map(|entries| &entries.0)
}

fn items<T>(section: &Option<Field<Many<T>>>) -> impl Iterator<Item = &Field<T>> {
    section.iter().filter_map(|section| section.value.as_ref()).flat_map(|items| &items.0)
}

fn entity<T>(kind: Kind, entry: &Entry<'_, T>, id: Box<str>, read: impl Fn(&T) -> Fields) -> Option<Declaration> {
    let fields = read(entry.body.as_ref()?).0;
    Some(Declaration { kind, id: Some(id), span: entry.span, end: entry.end, fields, comments: Vec::new() })
}

fn listed<T>(kind: Kind, item: &Field<T>, id: Option<Box<str>>, fields: Fields) -> Declaration {
    Declaration { kind, id, span: item.span, end: item.end, fields: fields.0, comments: Vec::new() }
}

fn places(
    section: &Option<Field<Entries<'_, decl::SiteOrGroup<'_>>>>,
    parent: Option<&str>,
    all: &mut Vec<Declaration>,
) {
    for entry in entries(section) {
        let path = parent.map_or_else(|| entry.id.to_owned(), |parent| format!("{parent}/{}", entry.id));
        let Some(body) = &entry.body else { continue };
        let kind = if parent.is_none() { Kind::Site } else { Kind::Group };
        all.extend(entity(kind, entry, path.as_str().into(), place));
        places(&body.groups, Some(&path), all);
    }
}

fn named_blocks(id: &Field<&str>, blocks: &Field<Many<decl::NetworkItem<'_>>>) -> Option<Declaration> {
    let list = Some(Field::at(blocks.span, blocks.end, blocks.value.as_ref()));
    let mut fields = Fields::default();
    let Many(items) = list.as_ref()?.value?;
    let words = items.iter().filter_map(|item| Some((network(item.value.as_ref()?.0).into(), item.span)));
    let mut items: Vec<(Box<str>, _)> = words.collect();
    items.sort_by(|a, b| a.0.cmp(&b.0));
    items.dedup_by(|a, b| a.0 == b.0);
    fields.0.insert("blocks", Stated { span: blocks.span, items });
    let id_text = id.value?;
    let (id, span, end) = (Some(id_text.into()), id.span, blocks.end);
    Some(Declaration { kind: Kind::Network, id, span, end, fields: fields.0, comments: Vec::new() })
}

macro_rules! words {
    ($fields:ident, $($kind:ident $name:literal $field:ident $word:expr;)*) => {$(words!(@ $kind $fields $name $field $word);)*};
    // text with a form of its own
    (@ text $fields:ident $name:literal $field:ident $word:expr) => { $fields.one($name, $field, "\0", |text| $word(text.0)) };
    (@ list $fields:ident $name:literal $field:ident $word:expr) => { $fields.many($name, $field, |text| $word(text.0)) };
    (@ flag $fields:ident $name:literal $field:ident $word:expr) => { $fields.one($name, $field, $word, flag) };
}

/// Text as it is.
fn plain(text: &str) -> Cow<'_, str> {
    text.into()
}

/// A word and its count.
fn count(word: &str, count: &u64) -> Vec<String> {
    vec![format!("{word}: {count}")]
}

fn number(number: &u64) -> Cow<'_, str> {
    number.to_string().into()
}

fn organisation(body: &decl::Org<'_>) -> Fields {
    let decl::Org { name, reason, owner, timezone, max_group_depth, ungrouped_devices, licenses } = body;
    let mut fields = Fields::default();
    words!(fields, text "name" name plain; text "reason" reason plain; list "owner" owner user;);
    fields.one("timezone", timezone, "UTC", |zone| zone.0.into());
    fields.one("max_group_depth", max_group_depth, "5", number);
    fields.one("ungrouped_devices", ungrouped_devices, "visible", |ungrouped| match ungrouped {
        Ungrouped::Visible => "visible".into(),
        Ungrouped::Hidden => "hidden".into(),
    });
    fields.pairs("licenses", licenses, count);
    fields
}

fn account(body: &decl::User<'_>) -> Fields {
    let decl::User { name, reason, reference, same_as, networks, from, until, licenses, disabled } = body;
    let mut fields = Fields::default();
    words!(fields,
        text "name" name plain; text "reason" reason plain; text "ref" reference plain; text "same_as" same_as user;
        list "networks" networks network; text "from" from instant; text "until" until instant;
        flag "disabled" disabled "false";);
    fields.pairs("licenses", licenses, count);
    fields
}

fn team(body: &decl::Team<'_>) -> Fields {
    let decl::Team { name, reason, members, schedule, networks, from, until } = body;
    let mut fields = Fields::default();
    words!(fields,
        text "name" name plain; text "reason" reason plain; list "members" members subject;
        text "schedule" schedule plain; list "networks" networks network; text "from" from instant;
        text "until" until instant;);
    fields
}

fn role(body: &decl::Role<'_>) -> Fields {
    let decl::Role { name, reason, extends, allow, without } = body;
    let mut fields = Fields::default();
    words!(fields,
        text "name" name plain; text "reason" reason plain; list "extends" extends plain; list "allow" allow plain;
        list "without" without plain;);
    fields
}

fn place(body: &decl::SiteOrGroup<'_>) -> Fields {
    let decl::SiteOrGroup { name, reason, reference, groups: _, recorder, exclude } = body;
    let mut fields = Fields::default();
    words!(fields,
        text "name" name plain; text "reason" reason plain; text "ref" reference plain; text "recorder" recorder plain;
        flag "exclude" exclude "false";);
    fields
}

fn recorder(body: &decl::Recorder<'_>) -> Fields {
    let decl::Recorder { name, reason, reference, kind, server, owner, sharing } = body;
    let mut fields = Fields::default();
    words!(fields,
        text "name" name plain; text "reason" reason plain; text "ref" reference plain; text "server" server plain;
        list "owner" owner user; flag "sharing" sharing "true";);
    fields.one("kind", kind, RecorderKind::Generic.name(), |kind| kind.name().into());
    fields
}

fn device(body: &decl::Device<'_>) -> Fields {
    let decl::Device { name, reason, reference, kind, place, recorder, device_groups, owner } = body;
    let mut fields = Fields::default();
    words!(fields,
        text "name" name plain; text "reason" reason plain; text "ref" reference plain; text "in" place plain;
        text "recorder" recorder plain; list "device_groups" device_groups lower; list "owner" owner user;);
    fields.one("kind", kind, DeviceKind::Camera.name(), |kind| kind.name().into());
    fields
}

fn device_group(body: &decl::DeviceGroup<'_>) -> Fields {
    let decl::DeviceGroup { name, reason, devices } = body;
    let mut fields = Fields::default();
    words!(fields, text "name" name plain; text "reason" reason plain; list "devices" devices plain;);
    fields
}

fn layout(body: &decl::Layout<'_>) -> Fields {
    let decl::Layout { name, reason, reference, devices, locked, place, recorder } = body;
    let mut fields = Fields::default();
    words!(fields,
        text "name" name plain; text "reason" reason plain; text "ref" reference plain; list "devices" devices plain;
        flag "locked" locked "false"; text "in" place plain; text "recorder" recorder plain;);
    fields
}

fn schedule(body: &decl::Schedule<'_>) -> Fields {
    let decl::Schedule { name, reason, timezone, weekly, except } = body;
    let mut fields = Fields::default();
    words!(fields,
        text "name" name plain; text "reason" reason plain; text "timezone" timezone plain; list "except" except plain;);
    fields.pairs("weekly", weekly, |days, windows: &Many<decl::Window<'_>>| {
        let windows: Vec<&str> = windows.values().map(|(window, _)| window.0).collect();
        let opening = |day: &str| windows.iter().map(|window| format!("{day} {window}")).collect::<Vec<_>>();
        weekdays(days).map_or_else(|| opening(days), |days| days.iter().flat_map(|day| opening(day.name())).collect())
    });
    fields
}

fn grant(body: &decl::Grant<'_>) -> Fields {
    let decl::Grant {
        id,
        name,
        reason,
        to,
        except,
        role,
        allow,
        deny,
        scope: scopes,
        except_scope,
        kinds,
        only,
        read_only,
        schedule,
        from,
        until,
        networks,
        outside,
        consent,
        enabled,
    } = body;
    let mut fields = Fields::default();
    words!(fields,
        text "id" id plain; text "name" name plain; text "reason" reason plain; list "to" to subject;
        list "except" except subject; list "role" role plain; list "allow" allow plain; list "deny" deny plain;
        list "scope" scopes scope; list "except_scope" except_scope scope; list "only" only lower;
        flag "read_only" read_only "false"; text "schedule" schedule plain; text "from" from instant;
        text "until" until instant; list "networks" networks network; list "outside" outside network;
        flag "enabled" enabled "true";);
    fields.many("kinds", kinds, |kind| kind.name().into());
    fields.one("consent", consent, "accepted", |consent| match consent {
        Consent::Accepted => "accepted".into(),
        Consent::Pending => "pending".into(),
        Consent::Rejected => "rejected".into(),
    });
    fields
}

fn link(body: &decl::Link<'_>) -> Fields {
    let decl::Link { name, reason, devices, from, until, schedule, networks, enabled, allow, created_by } = body;
    let mut fields = Fields::default();
    words!(fields,
        text "name" name plain; text "reason" reason plain; list "devices" devices plain; text "from" from instant;
        text "until" until instant; text "schedule" schedule plain; list "networks" networks network;
        flag "enabled" enabled "true"; list "allow" allow plain; text "created_by" created_by user;);
    if fields.0.get("allow").is_some_and(|allow| allow.words().eq(["live.view"])) {
        fields.0.remove("allow"); // the default
    }
    fields
}

fn test(body: &decl::PolicyTest<'_>) -> Fields {
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
        scope: scopes,
        at,
        address,
    } = body;
    let mut fields = Fields::default();
    words!(fields,
        text "name" name plain; text "reason" reason plain; list "to" to subject; list "except" except subject;
        list "can" can plain; list "cannot" cannot plain; list "never_together" never_together plain;
        flag "nobody_else" nobody_else "false"; list "scope" scopes scope; text "at" at instant;
        text "address" address plain;);
    fields.pairs("max_holders", max_holders, count);
    fields
}

/// What a manifest says.
pub(super) fn manifest(body: &decl::Manifest<'_>) -> BTreeMap<&'static str, Stated> {
    let decl::Manifest { camgrant, lints, limits, max_link_days, mail_domains } = body;
    let mut fields = Fields::default();
    fields.one("camgrant", camgrant, "1", number);
    fields.pairs("lints", lints, |lint, level| {
        let level = match level {
            LevelWord::Allow => "allow",
            LevelWord::Warn => "warn",
            LevelWord::Deny => "deny",
        };
        vec![format!("{lint}: {level}")]
    });
    fields.one("max_link_days", max_link_days, "31", number);
    fields.many("mail_domains", mail_domains, |domain| lower(domain.0));
    if let Some(limits) = limits.as_ref().and_then(|limits| limits.value.as_ref()) {
        let decl::Limits {
            max_file_bytes,
            max_files,
            max_total_bytes,
            max_alternatives,
            max_table_bytes,
            max_depth,
            max_alias_expansion,
        } = limits;
        let limits = [
            ("max_file_bytes", max_file_bytes),
            ("max_files", max_files),
            ("max_total_bytes", max_total_bytes),
            ("max_alternatives", max_alternatives),
            ("max_table_bytes", max_table_bytes),
            ("max_depth", max_depth),
            ("max_alias_expansion", max_alias_expansion),
        ];
        limits.into_iter().for_each(|(name, limit)| fields.one(name, limit, "", number));
    }
    fields.0.retain(|name, stated| *name != "lints" || !stated.items.is_empty());
    fields.0
}
