//! The resolver: turns one field after the other into what it means, and keeps track of whether the item at hand has
//! a mistake. All that says "unknown name" is here.

use std::collections::HashMap;
use std::hash::Hash;

use super::forms::{Misfit, shortened};
use super::instants::{Edge, Zone, instant};
use super::names::{Elsewhere, Kind, Names};
use super::rules;
use super::types::{
    At, DeviceGroupIx, DeviceIx, LayoutIx, NetworkIx, PlaceIx, RecorderIx, Repeated, RoleIx, RoleRef, Scope, Subject,
    TeamIx, UserIx,
};
use crate::diagnostics::{Diagnostic, is_certain, nearest};
use crate::source::{FileId, Span};
use crate::syntax::decl;
use crate::syntax::rules as shape;
use crate::syntax::{Field, Many};
use crate::vocabulary::{CapabilitySet, vocabulary};

/// Resolves the fields of one organisation.
pub(super) struct Resolver<'r, 'd> {
    pub names: &'r Names<'d>,
    pub elsewhere: &'r Elsewhere<'r, 'd>,
    pub zone: Zone,
    pub diagnostics: Vec<Diagnostic>,
    /// Where mistakes of shape were found, sorted: an item with one inside is broken.
    pub shape_mistakes: &'r [(FileId, u32)],
    broken: bool,
    /// Where the item at hand is declared.
    item: Span,
    /// Lists that name networks, and items that stand twice in their list, for the model.
    pub network_lists: Vec<Vec<At<NetworkIx>>>,
    pub repeated: Vec<Repeated>,
    /// Whether the last list had an item that could not be resolved.
    missed: bool,
}

impl<'r, 'd> Resolver<'r, 'd> {
    pub(super) fn new(
        names: &'r Names<'d>,
        elsewhere: &'r Elsewhere<'r, 'd>,
        shape_mistakes: &'r [(FileId, u32)],
    ) -> Resolver<'r, 'd> {
        Resolver {
            names,
            elsewhere,
            zone: Zone::utc(),
            diagnostics: Vec::new(),
            shape_mistakes,
            broken: false,
            item: Span::default(),
            network_lists: Vec::new(),
            repeated: Vec::new(),
            missed: false,
        }
    }

    /// Begins an item that stands from `span` to `end`.
    pub(super) fn begin(&mut self, span: Span, end: u32) {
        self.item = span;
        let from = (span.file, span.start);
        let at = self.shape_mistakes.partition_point(|place| *place < from);
        self.broken = self.shape_mistakes.get(at).is_some_and(|(file, start)| *file == span.file && *start <= end);
    }

    /// Whether the item at hand has a mistake so far.
    pub(super) fn is_broken(&self) -> bool {
        self.broken
    }

    pub(super) fn report(&mut self, diagnostic: Diagnostic) {
        self.broken = true;
        self.missed = true;
        self.diagnostics.push(diagnostic);
    }

    fn misfit(&mut self, misfit: Misfit, span: Span) {
        let Misfit { rule, message, help, instead: text } = misfit;
        self.report(instead(Diagnostic::new(rule, span, message).help(help), text));
    }

    /// What a form's reading gives, or nothing and a report.
    pub(super) fn formed<T>(&mut self, result: Result<T, Misfit>, span: Span) -> Option<T> {
        result.map_err(|misfit| self.misfit(misfit, span)).ok()
    }

    /// The value of a field, where there is one and it is right.
    pub(super) fn value<'f, T>(&mut self, field: &'f Option<Field<T>>) -> Option<(&'f T, Span)> {
        let field = field.as_ref()?;
        if field.value.is_none() {
            self.broken = true;
            self.missed = true;
        }
        field.value.as_ref().map(|value| (value, field.span))
    }

    pub(super) fn flag(&mut self, field: &Option<Field<bool>>, default: bool) -> bool {
        self.value(field).map_or(default, |(flag, _)| *flag)
    }

    pub(super) fn reference(&mut self, field: &Option<Field<decl::Text<'d>>>) -> Option<Box<str>> {
        self.value(field).map(|(text, _)| text.0.into())
    }

    /// Each item of a list, resolved; wrong ones are left out. Also says whether any was.
    pub(super) fn list<T, R: Eq + Hash>(
        &mut self,
        field: &Option<Field<Many<T>>>,
        mut resolve: impl FnMut(&mut Self, &T, Span) -> Option<R>,
    ) -> (Vec<At<R>>, bool) {
        self.missed = false;
        let mut resolved = Vec::new();
        if let Some((Many(items), _)) = self.value(field) {
            resolved.reserve(items.len());
            for item in items {
                match &item.value {
                    Some(value) => resolved.extend(resolve(self, value, item.span).map(|r| (r, item.span))),
                    None => (self.broken, self.missed) = (true, true),
                }
            }
        }
        self.find_repeated(&resolved);
        (resolved, self.missed)
    }

    /// Notes which items of a list stand there before.
    pub(super) fn find_repeated<R: Eq + Hash>(&mut self, items: &[At<R>]) {
        const FEW: usize = 8;
        if items.len() <= FEW {
            for (position, (item, again)) in items.iter().enumerate() {
                let mut before = items.iter().take(position);
                if let Some((_, first)) = before.find(|(earlier, first)| earlier == item && first != again) {
                    self.repeated.push(Repeated { first: *first, again: *again });
                }
            }
            return;
        }
        // not a quicker hash: of blocks and dates somebody could choose many that collide
        let mut seen: HashMap<&R, Span> = HashMap::new();
        for (item, again) in items {
            let first = *seen.entry(item).or_insert(*again);
            if first != *again {
                self.repeated.push(Repeated { first, again: *again });
            }
        }
    }

    /// Reports a list that stands there with nothing in it.
    pub(super) fn not_empty<T>(&mut self, name: &str, field: &Option<Field<Many<T>>>) {
        if let Some(Field { value: Some(Many(items)), span, .. }) = field
            && items.is_empty()
        {
            let found = format!("`{name}` is an empty list, which could be read as nothing and as everything");
            self.report(Diagnostic::new(&shape::EMPTY_LIST, *span, found).help(match name {
                "to" | "scope" | "devices" => "name at least one".to_owned(),
                _ => format!("name something, or leave `{name}` out"),
            }));
        }
    }

    /// Reports a field that must be there and is not.
    pub(super) fn required<T>(&mut self, name: &str, field: &Option<Field<T>>, of: &str, at: Span) {
        if field.is_none() {
            self.report(
                Diagnostic::new(&shape::MISSING_FIELD, at, format!("{of} has no `{name}`"))
                    .help(format!("add `{name}:`")),
            );
        }
    }

    /// The number of a name of one kind, or nothing and a report.
    pub(super) fn name(&mut self, kind: Kind, name: &str, span: Span) -> Option<u32> {
        self.named(kind, "", name, span)
    }

    /// As [`Self::name`], for a name that stands behind a prefix such as `team:`.
    fn named(&mut self, kind: Kind, prefix: &str, name: &str, span: Span) -> Option<u32> {
        if let Some(number) = self.names.get(kind, name) {
            return Some(number);
        }
        self.broken = true;
        self.missed = true;
        if self.names.may_be_declared(name) {
            return None;
        }
        let word = kind.word();
        let diagnostic = if let Some(org) = self.elsewhere.find(self.names, kind, name) {
            let found = format!("the {word} `{}` belongs to the organisation `{org}`", shortened(name));
            Diagnostic::new(&rules::OTHER_ORGANISATION, span, found)
                .help("references never cross organisations: declare it in this one too, or name another")
        } else {
            let found = format!("no {word} `{}` is declared", shortened(name));
            let unknown = Diagnostic::new(&rules::UNKNOWN_NAME, span, found);
            match self.names.near(kind, name, self.item) {
                Some(near) => meant(unknown, &format!("{prefix}{near}"), is_certain(near, name)),
                None => unknown.help(format!("declare it under `{}`", kind.section())),
            }
        };
        self.report(diagnostic);
        None
    }

    pub(super) fn user(&mut self, text: &str, span: Span) -> Option<UserIx> {
        let id = text.strip_prefix("user:").unwrap_or(text);
        if let Some(team) = text.strip_prefix("team:") {
            let found = format!("`team:{}` is a team, and a single user is expected", shortened(team));
            let misfit = Misfit::new(&shape::MALFORMED_SUBJECT, found, "name a user by login or e-mail address");
            self.misfit(misfit, span);
            return None;
        }
        let prefix = text.strip_suffix(id).unwrap_or_default();
        self.named(Kind::User, prefix, id, span).map(UserIx)
    }

    pub(super) fn owners(&mut self, field: &Option<Field<Many<decl::UserRef<'d>>>>) -> Vec<At<UserIx>> {
        self.list(field, |r, user, span| r.user(user.0, span)).0
    }

    pub(super) fn subject(&mut self, text: &str, span: Span) -> Option<Subject> {
        if text.eq_ignore_ascii_case("everyone") {
            return Some(Subject::Everyone);
        }
        match text.split_once(':') {
            Some(("team", team)) if team.eq_ignore_ascii_case("everyone") => Some(Subject::Everyone),
            Some(("team", team)) => {
                self.named(Kind::Team, "team:", team, span).map(|number| Subject::Team(TeamIx(number)))
            }
            Some(("user", user)) => {
                self.named(Kind::User, "user:", user, span).map(|number| Subject::User(UserIx(number)))
            }
            Some((word, _)) => {
                let found = format!("`{}` is no subject", shortened(text));
                let help = match word {
                    "link" => "a link is given rights by its maker alone".to_owned(),
                    "group" => format!("write `team:{}` for a team", shortened(&text["group:".len()..])),
                    _ => "write a user id, `team:<id>` or `everyone`".to_owned(),
                };
                let diagnostic = Diagnostic::new(&shape::MALFORMED_SUBJECT, span, found).help(help);
                let team = text.strip_prefix("group:").filter(|team| self.names.get(Kind::Team, team).is_some());
                self.report(instead(diagnostic, team.map(|team| format!("team:{team}"))));
                None
            }
            None => {
                // a team's name without `team:` is the commonest slip
                if self.names.get(Kind::User, text).is_none() && self.names.get(Kind::Team, text).is_some() {
                    let found = format!("no user `{}` is declared, but a team is", shortened(text));
                    let fix = format!("team:{text}");
                    self.report(
                        Diagnostic::new(&rules::UNKNOWN_NAME, span, found)
                            .help(format!("write `{fix}` for the team"))
                            .replace("name the team", fix),
                    );
                    return None;
                }
                self.name(Kind::User, text, span).map(|number| Subject::User(UserIx(number)))
            }
        }
    }

    pub(super) fn role(&mut self, text: &str, span: Span) -> Option<RoleRef> {
        if let Some(number) = self.names.get(Kind::Role, text) {
            return Some(RoleRef::Declared(RoleIx(number)));
        }
        if let Some(role) = vocabulary().role(text) {
            return Some(RoleRef::BuiltIn(role));
        }
        self.broken = true;
        self.missed = true;
        if !text.contains('/') && self.names.may_be_declared(text) {
            return None;
        }
        if let Some(org) = self.elsewhere.find(self.names, Kind::Role, text) {
            let found = format!("the role `{}` belongs to the organisation `{org}`", shortened(text));
            self.report(
                Diagnostic::new(&rules::OTHER_ORGANISATION, span, found)
                    .help("references never cross organisations: declare it in this one too, or name another"),
            );
            return None;
        }
        let declared = self.names.near(Kind::Role, text, self.item);
        let built_in = vocabulary().roles().iter().map(|role| role.name.as_str());
        let unknown = format!("no role `{}` is declared or built in", shortened(text));
        let unknown = Diagnostic::new(&rules::UNKNOWN_NAME, span, unknown);
        self.report(match nearest(text, built_in.chain(declared)) {
            Some(near) => meant(unknown, near, is_certain(near, text)),
            None => unknown.help("declare it under `roles`, or see `camgrant roles` for those that are built in"),
        });
        None
    }

    /// Capabilities by name or pattern.
    pub(super) fn capabilities(&mut self, field: &Option<Field<Many<decl::Capability<'d>>>>) -> Vec<At<CapabilitySet>> {
        self.list(field, |r, capability, span| r.capability(capability.0, span)).0
    }

    pub(super) fn capability(&mut self, text: &str, span: Span) -> Option<CapabilitySet> {
        self.capability_of(vocabulary().expand("*").unwrap_or_default(), text, span)
    }

    /// As [`Self::capability`], where only these may stand; what is beyond them is judged elsewhere.
    pub(super) fn capability_of(&mut self, allowed: CapabilitySet, text: &str, span: Span) -> Option<CapabilitySet> {
        let expand = |pattern: &str| vocabulary().expand(pattern);
        if let Some(set) = expand(text) {
            return Some(set);
        }
        let fits = |pattern: &String| expand(pattern).is_some_and(|set| set.without(allowed).is_empty());
        let patterns: Vec<String> = vocabulary().patterns().filter(fits).collect();
        let what = if text.contains('*') || text.starts_with("class:") {
            "capability matches"
        } else {
            "capability is called"
        };
        let found = format!("no {what} `{}`", shortened(text));
        let unknown = Diagnostic::new(&rules::UNKNOWN_CAPABILITY, span, found);
        self.report(match nearest(text, patterns.iter().map(String::as_str)) {
            Some(near) => meant(unknown, near, is_certain(near, text)),
            None if vocabulary().role(text).is_some() => {
                unknown.help(format!("`{text}` is a role: name it under `role`"))
            }
            None => unknown.help("see `camgrant capabilities` for all of them"),
        });
        None
    }

    pub(super) fn place(&mut self, text: &str, span: Span) -> Option<PlaceIx> {
        let kind = if text.contains('/') { Kind::Group } else { Kind::Site };
        self.name(kind, text, span).map(PlaceIx)
    }

    pub(super) fn recorder(&mut self, field: &Option<Field<decl::Id<'d>>>) -> Option<RecorderIx> {
        let (id, span) = self.value(field)?;
        self.name(Kind::Recorder, id.0, span).map(RecorderIx)
    }

    pub(super) fn devices(&mut self, field: &Option<Field<Many<decl::Id<'d>>>>) -> Vec<At<DeviceIx>> {
        self.list(field, |r, id, span| r.name(Kind::Device, id.0, span).map(DeviceIx)).0
    }

    /// A device group that is not the built-in `exclude`.
    pub(super) fn device_group(&mut self, prefix: &str, text: &str, span: Span, place: &str) -> Option<DeviceGroupIx> {
        if text.eq_ignore_ascii_case("exclude") {
            let found = format!("`{text}` is built in and cannot {place}");
            self.report(
                Diagnostic::new(&rules::RESERVED, span, found)
                    .help("what is excluded is kept from everybody but owners: no grant can reach it"),
            );
            return None;
        }
        self.named(Kind::DeviceGroup, prefix, text, span).map(DeviceGroupIx)
    }

    pub(super) fn scope(&mut self, text: &str, span: Span) -> Option<Scope> {
        match text {
            "org" => return Some(Scope::Org),
            "unassigned" => return Some(Scope::Unassigned),
            "all" => return Some(Scope::All),
            _ => {}
        }
        let Some((kind, id)) = text.split_once(':') else {
            let found = format!("`{}` is no scope", shortened(text));
            let slip = self.scope_slip(text, Diagnostic::new(&shape::MALFORMED_SCOPE, span, found));
            self.report(slip);
            return None;
        };
        let wrong = match kind {
            "site" if !id.contains('/') => {
                return self.named(Kind::Site, "site:", id, span).map(|n| Scope::Place(PlaceIx(n)));
            }
            "group" if id.contains('/') => {
                return self.named(Kind::Group, "group:", id, span).map(|n| Scope::Place(PlaceIx(n)));
            }
            "device" => return self.named(Kind::Device, "device:", id, span).map(|n| Scope::Device(DeviceIx(n))),
            "device_group" => {
                return self.device_group("device_group:", id, span, "be a scope").map(Scope::DeviceGroup);
            }
            "layout" => return self.named(Kind::Layout, "layout:", id, span).map(|n| Scope::Layout(LayoutIx(n))),
            "recorder" => {
                return self.named(Kind::Recorder, "recorder:", id, span).map(|n| Scope::Recorder(RecorderIx(n)));
            }
            "site" => self.wrong_place(id, "group", span),
            "group" => self.wrong_place(id, "site", span),
            _ => {
                let found = format!("`{}` is no kind of scope", shortened(kind));
                let wrong = Diagnostic::new(&shape::MALFORMED_SCOPE, span, found);
                // a kind is meant only where the id is one of that kind
                let there = SCOPE_KINDS.iter().filter(|(kind, _)| self.names.get(*kind, id).is_some());
                let there = there.filter(|(kind, _)| *kind != Kind::Site || !id.contains('/'));
                match nearest(kind, there.map(|(_, word)| *word)) {
                    Some(near) => meant(wrong, &format!("{near}:{id}"), is_certain(near, kind)),
                    None => {
                        let kinds: Vec<String> = SCOPE_KINDS.iter().map(|(_, word)| format!("`{word}:`")).collect();
                        wrong.help(format!("kinds are {}", kinds.join(", ")))
                    }
                }
            }
        };
        self.report(wrong);
        None
    }

    /// A group's path behind `site:`, or a site's id behind `group:`.
    fn wrong_place(&self, id: &str, right: &str, span: Span) -> Diagnostic {
        let wrong = |found| Diagnostic::new(&shape::MALFORMED_SCOPE, span, found);
        let kind = if right == "site" { Kind::Site } else { Kind::Group };
        let there = self.names.get(kind, id).map(|_| format!("{right}:{id}"));
        if kind == Kind::Group {
            let found = format!("`{}` is the path of a group, and a site is no group", shortened(id));
            return instead(wrong(found).help(format!("write `group:{}`", shortened(id))), there);
        }
        let found = format!("`{}` is no path of a group", shortened(id));
        let help = match &there {
            Some(site) => format!("write `{site}` for the site"),
            None => "a group's path begins with its site: `group:hq/lobby`".to_owned(),
        };
        instead(wrong(found).help(help), there)
    }

    /// What a scope without a kind was probably meant to be: certainly, where one thing alone has this name.
    fn scope_slip(&self, text: &str, slip: Diagnostic) -> Diagnostic {
        let there = SCOPE_KINDS.iter().filter(|(kind, _)| self.names.get(*kind, text).is_some());
        let fits = |kind: Kind| match kind {
            Kind::Site => !text.contains('/'),
            Kind::Group => text.contains('/'),
            _ => true,
        };
        let meanings: Vec<String> =
            there.filter(|(kind, _)| fits(*kind)).map(|(_, word)| format!("{word}:{text}")).collect();
        match meanings.as_slice() {
            [] => match nearest(text, ["org", "unassigned", "all"]) {
                Some(near) => meant(slip, near, is_certain(near, text)),
                None => slip.help("write `org`, `unassigned`, `all`, or a kind and an id such as `site:hq`"),
            },
            [only] => meant(slip, only, true),
            several => {
                let several: Vec<String> = several.iter().map(|meaning| format!("`{meaning}`")).collect();
                slip.help(format!("did you mean {}?", several.join(" or ")))
            }
        }
    }

    pub(super) fn instant(&mut self, field: &Option<Field<decl::Instant<'d>>>, edge: Edge) -> Option<i64> {
        let (text, span) = self.value(field)?;
        let result = instant(text.0, edge, &self.zone);
        self.formed(result, span)
    }
}

/// The kinds of scope that name something.
const SCOPE_KINDS: [(Kind, &str); 6] = [
    (Kind::Site, "site"),
    (Kind::Group, "group"),
    (Kind::Device, "device"),
    (Kind::DeviceGroup, "device_group"),
    (Kind::Layout, "layout"),
    (Kind::Recorder, "recorder"),
];

/// Offers what was probably meant, and writes it where it is certain.
fn meant(diagnostic: Diagnostic, near: &str, certain: bool) -> Diagnostic {
    let diagnostic = diagnostic.help(format!("did you mean `{near}`?"));
    instead(diagnostic, certain.then(|| near.to_owned()))
}

/// Writes what is certainly meant, where anything is.
fn instead(diagnostic: Diagnostic, text: Option<String>) -> Diagnostic {
    match text {
        Some(text) => diagnostic.replace(format!("write `{}`", shortened(&text)), text),
        None => diagnostic,
    }
}
