//! What was found of a layout or device group that is shown to somebody who may not watch all of it, with all that tells
//! of it: an error where `live.view` was never granted, lints otherwise.

use std::sync::Arc;

use super::OrgRights;
use super::gap::Differing;
use super::resources::ResourceClassIx;
use super::rules;
use super::targets::Aim;
use crate::diagnostics::{Diagnostic, Rule, listed};
use crate::graph::Resource;
use crate::model::{DeviceIx, GrantIx, Org, UserIx};
use crate::source::Span;

/// Why somebody may not watch a device that is shown to them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Why {
    /// It was never granted.
    NotGranted,
    /// It was granted, and is denied without any condition.
    Denied,
    /// They may, under conditions that are not shown to cover those of the view.
    Conditions,
}

/// A layout or device group that is shown to users who may not watch some of its devices. No declaration that this rests
/// on has a mistake.
#[derive(Clone, Debug)]
pub struct Uncovered {
    /// The layout or device group.
    pub gathering: Resource,
    /// What is wrong.
    pub why: Why,
    /// The item of a grant's scope that shows it.
    pub shown_at: Span,
    /// The devices, ascending.
    pub devices: Vec<DeviceIx>,
    /// The users, ascending.
    pub users: Vec<UserIx>,
    /// How the view and the access part, for [`Why::Conditions`].
    pub differing: Option<Arc<Differing>>,
    /// What keeps the first of them from the first of these devices, and what that is.
    pub in_the_way: Option<(Span, &'static str)>,
}

impl Uncovered {
    /// The first users in words.
    #[must_use]
    pub fn who(&self, org: &Org) -> String {
        listed(self.users.iter().map(|user| &*org.users[*user].id), "user")
    }

    /// The first devices in words.
    #[must_use]
    pub fn what(&self, org: &Org) -> String {
        listed(self.devices.iter().map(|device| &*org.devices[*device].id), "device")
    }

    /// `the layout` or `the device group`.
    #[must_use]
    pub fn thing(&self) -> &'static str {
        if matches!(self.gathering, Resource::Layout(_)) { "the layout" } else { "the device group" }
    }

    /// What one does with it, and its name: ``open the layout `wall` ``.
    #[must_use]
    pub fn shown(&self, org: &Org) -> String {
        let verb = if matches!(self.gathering, Resource::Layout(_)) { "open" } else { "see" };
        format!("{verb} {} `{}`", self.thing(), self.declared(org).0)
    }

    /// The capability by which it is shown.
    #[must_use]
    pub fn capability(&self) -> &'static str {
        if matches!(self.gathering, Resource::Layout(_)) { "layout.view" } else { "device_group.view" }
    }

    /// The id of the layout or device group.
    #[must_use]
    pub fn id<'o>(&self, org: &'o Org) -> &'o str {
        self.declared(org).0
    }

    fn declared<'o>(&self, org: &'o Org) -> (&'o str, Span) {
        match self.gathering {
            Resource::Layout(layout) => (&org.layouts[layout].id, org.layouts[layout].span),
            Resource::DeviceGroup(group) => (&org.device_groups[group].id, org.device_groups[group].span),
            _ => (&org.id, org.span),
        }
    }

    /// A finding with all the places that matter.
    #[must_use]
    pub fn diagnostic(&self, org: &Org, rule: &'static Rule, found: String, help: String) -> Diagnostic {
        let mut diagnostic = Diagnostic::new(rule, self.shown_at, found)
            .label("shown by this")
            .other(self.declared(org).1, "declared here")
            .help(help);
        if let Some(device) = self.devices.first() {
            diagnostic = diagnostic.other(org.devices[*device].span, "in it");
        }
        match self.in_the_way {
            Some((span, label)) => diagnostic.other(span, label),
            None => diagnostic,
        }
    }

    /// The error where `live.view` was never granted.
    pub(super) fn error(&self, org: &Org) -> Diagnostic {
        let rule = match self.gathering {
            Resource::Layout(_) => &rules::LAYOUT_UNCOVERED,
            _ => &rules::DEVICE_GROUP_UNCOVERED,
        };
        let found = format!("{} may {}, and not watch {} in it", self.who(org), self.shown(org), self.what(org));
        let help = format!("grant `live.view` there too, or do not show {}", self.thing());
        self.diagnostic(org, rule, found, help)
    }
}

/// The item of a grant's scope that reaches a class of resources.
pub(super) fn scope_span(rights: &OrgRights, grant: GrantIx, class: ResourceClassIx) -> Span {
    let grant = &rights.org.grants[grant];
    let standing = &rights.resources.classes[class].standing;
    let reaching = grant.scope.iter().find(|(scope, _)| {
        let mut alone = grant.clone();
        alone.scope = vec![(*scope, grant.span)];
        Aim::of(&alone).takes(&rights.org, standing)
    });
    reaching.map_or(grant.span, |(_, span)| *span)
}

/// What keeps a user from watching a device: a denial, or an `only` that leaves it out.
pub(super) fn in_the_way(
    rights: &OrgRights,
    watch: usize,
    user: UserIx,
    device: DeviceIx,
) -> Option<(Span, &'static str)> {
    let resource = rights.graph.containment.index(Resource::Device(device));
    let class = rights.resources.class_of[resource];
    let standing = &rights.resources.classes[class].standing;
    let subjects = &rights.statements.classes[rights.statements.class_of[user]?];
    for (index, _) in &subjects.statements {
        let statement = &rights.statements.all[*index];
        if !statement.capabilities.has(watch) {
            continue;
        }
        let grant = &rights.org.grants[statement.grant];
        let target = &rights.statements.targets.targets[statement.target];
        if statement.denial {
            if target.classes.binary_search(&class).is_ok() {
                return Some((grant.span, "denied here"));
            }
        } else if grant.only.is_some() {
            let mut wider = grant.clone();
            wider.only = None;
            if Aim::of(&wider).takes(&rights.org, standing) && target.classes.binary_search(&class).is_err() {
                return Some((grant.span, "this grant's `only` leaves it out"));
            }
        }
    }
    None
}
