//! semantics §5: the rules that need meaning.

use std::collections::{BTreeMap, BTreeSet};

use crate::access::{Access, Accesses, Conditions};
use crate::condition::Condition;
use crate::model::Org;
use crate::read::Policy;
use crate::resources::members;
use crate::rights::Rights;
use crate::subjects::{is_disabled, licenses, owns};

/// A broken rule: the policy compiles to nothing. Fields are ids; `view` is `layout:x` or `device_group:y`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
#[allow(missing_docs)] // the fields are ids of what they are called after
pub enum Violation {
    /// `layout.view` without `live.view` on a device of the layout.
    LayoutUncovered { org: String, user: String, layout: String, device: String },
    /// `device_group.view` without `live.view` on a member.
    DeviceGroupUncovered { org: String, user: String, device_group: String, device: String },
    /// `live.view` on a device of a view granted and then denied (a lint of level deny by default).
    ViewOverDenied { org: String, user: String, view: String, device: String },
    /// The counts of a level sum to more than the pool.
    LicencePool { org: String, level: String },
    /// A level outside the pool.
    LicenceUnknown { org: String, user: String, level: String },
    /// An owner who is disabled.
    OwnerDisabled { org: String, user: String },
    /// More alternatives for one right than the budget.
    TooManyAlternatives { org: String },
}

/// A warning of semantics §5.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
#[allow(missing_docs)] // the fields are ids of what they are called after
pub enum Warning {
    /// The access is there, but under conditions that are not shown to cover those of the view.
    ConditionNotCovered { org: String, user: String, view: String, device: String },
}

/// Whether, and why not, a user holds something under some condition.
#[derive(Debug, PartialEq, Eq)]
enum Syntactic {
    Held,
    Denied,
    NotGranted,
}

impl Policy {
    /// semantics §5: the broken rules. A policy compiles if and only if there are none.
    #[must_use]
    pub fn violations(&self) -> BTreeSet<Violation> {
        let mut all = BTreeSet::new();
        for (id, org) in &self.orgs {
            let rights = &self.rights[id];
            self.views(id, org, rights, &mut all);
            licence_rules(id, org, &mut all);
            let things =
                org.recorders.values().map(|one| &one.owners).chain(org.devices.values().map(|one| &one.owners));
            for user in things.chain([&org.owners]).flatten().filter(|user| is_disabled(org, user)) {
                all.insert(Violation::OwnerDisabled { org: id.clone(), user: user.clone() });
            }
            if self.most_alternatives(org, rights) > self.max_alternatives {
                all.insert(Violation::TooManyAlternatives { org: id.clone() });
            }
        }
        all
    }

    /// semantics §5: the views whose access is there, but not shown to be there whenever the view is.
    #[must_use]
    pub fn warnings(&self) -> BTreeSet<Warning> {
        let mut all = BTreeSet::new();
        for (id, org) in &self.orgs {
            let rights = &self.rights[id];
            let accesses = Accesses::new(org, rights, &self.vocabulary);
            for user in org.users.keys() {
                let access = accesses.user(user);
                for (view, capability, device) in shown(org, rights) {
                    let resource = format!("device:{device}");
                    if held(org, rights, user, capability, &view) == Syntactic::Held
                        && held(org, rights, user, "live.view", &resource) == Syntactic::Held
                        && !covered(org, &access, capability, &view, &resource)
                    {
                        let (org, user) = (id.clone(), user.clone());
                        all.insert(Warning::ConditionNotCovered { org, user, view, device });
                    }
                }
            }
        }
        all
    }

    /// semantics §5, layouts and device groups.
    fn views(&self, id: &str, org: &Org, rights: &Rights, all: &mut BTreeSet<Violation>) {
        for user in org.users.keys() {
            for (view, capability, device) in shown(org, rights) {
                if held(org, rights, user, capability, &view) != Syntactic::Held {
                    continue;
                }
                let (org_id, user_id) = (id.to_owned(), user.clone());
                match held(org, rights, user, "live.view", &format!("device:{device}")) {
                    Syntactic::Held => {}
                    Syntactic::Denied if self.view_over_denied => {
                        all.insert(Violation::ViewOverDenied { org: org_id, user: user_id, view, device });
                    }
                    Syntactic::Denied => {}
                    Syntactic::NotGranted => {
                        all.insert(match view.split_once(':') {
                            Some(("layout", layout)) => Violation::LayoutUncovered {
                                org: org_id,
                                user: user_id,
                                layout: layout.to_owned(),
                                device,
                            },
                            _ => Violation::DeviceGroupUncovered {
                                org: org_id,
                                user: user_id,
                                device_group: view.trim_start_matches("device_group:").to_owned(),
                                device,
                            },
                        });
                    }
                }
            }
        }
    }

    /// The most alternatives under which a subject holds a capability on a resource, as the table lists them.
    fn most_alternatives(&self, org: &Org, rights: &Rights) -> usize {
        let accesses = Accesses::new(org, rights, &self.vocabulary);
        let users = org.users.keys().map(|user| accesses.user(user));
        let links = org.links.values().map(|link| accesses.link(link));
        let of = |access: Access| -> usize {
            access.values().flat_map(|right| right.allow_when.values()).map(Conditions::len).max().unwrap_or(0)
        };
        users.chain(links).map(of).max().unwrap_or(0)
    }
}

/// semantics §5: each view, the capability that shows it, and each of its devices. Devices that are excluded, or on a
/// recorder with `sharing: false`, are passed over.
fn shown(org: &Org, rights: &Rights) -> Vec<(String, &'static str, String)> {
    let mut all = Vec::new();
    for (id, layout) in &org.layouts {
        all.extend(layout.devices.iter().map(|device| (format!("layout:{id}"), "layout.view", device.clone())));
    }
    for id in org.device_groups.keys() {
        let members = members(org, id).into_iter();
        all.extend(members.map(|device| (format!("device_group:{id}"), "device_group.view", device)));
    }
    all.retain(|(_, _, device)| !rights.barred.contains(&format!("device:{device}")));
    all
}

/// semantics §5: *under some condition*: not disabled, and ownership, or an active grant by some way and no active
/// denial that, by some way, states no condition, neither its own nor the way's; `exclude` and `sharing: false` bar all
/// but owners.
fn held(org: &Org, rights: &Rights, user: &str, capability: &str, resource: &str) -> Syntactic {
    if is_disabled(org, user) {
        return Syntactic::NotGranted;
    }
    if owns(org, user, resource) {
        return Syntactic::Held;
    }
    if rights.barred.contains(resource) || rights.conditions(false, user, capability, resource).is_empty() {
        return Syntactic::NotGranted;
    }
    if rights.conditions(true, user, capability, resource).iter().any(Condition::states_nothing) {
        return Syntactic::Denied;
    }
    Syntactic::Held
}

/// semantics §5: each alternative of the view is contained in one alternative of the access, and no conditional denial
/// stands on either. A view that the table never shows needs no cover.
fn covered(org: &Org, access: &Access, capability: &str, view: &str, resource: &str) -> bool {
    let Some(shown) = access.get(view).filter(|right| right.holds(capability)) else {
        return true;
    };
    let Some(seen) = access.get(resource).filter(|right| right.holds("live.view")) else {
        return false;
    };
    if shown.deny_when.contains_key(capability) || seen.deny_when.contains_key("live.view") {
        return false;
    }
    if seen.allow.contains("live.view") {
        return true;
    }
    let wide = &seen.allow_when["live.view"];
    !shown.allow.contains(capability)
        && shown.allow_when[capability].iter().all(|one| wide.iter().any(|two| one.lies_in(two, &org.schedules)))
}

/// semantics §5: each licence level.
fn licence_rules(id: &str, org: &Org, all: &mut BTreeSet<Violation>) {
    let pool = org.licenses.clone().unwrap_or_default();
    for (user, one) in &org.users {
        for level in one.licenses.iter().flat_map(BTreeMap::keys).filter(|level| !pool.contains_key(*level)) {
            let (org, user, level) = (id.to_owned(), user.clone(), level.clone());
            all.insert(Violation::LicenceUnknown { org, user, level });
        }
    }
    for (level, &most) in &pool {
        let enabled = org.users.keys().filter(|user| !is_disabled(org, user));
        let sum: u64 = enabled.map(|user| licenses(org, user).get(level).copied().unwrap_or(0)).sum();
        if sum > most {
            all.insert(Violation::LicencePool { org: id.to_owned(), level: level.clone() });
        }
    }
}
