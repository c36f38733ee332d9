//! Who may vouch for what: what each user holds and owns by the old policy, at the time of the review.
//!
//! In: the rights of one organisation, an instant, an address or none. Out: yes or no for a user and a need. A user's own networks are passed over: a review is done from wherever one sits.

use std::cell::RefCell;
use std::collections::{BTreeMap, HashMap};

use super::Wanted;
use crate::effective::{OrgRights, ResourceClassIx, SubjectClassIx};
use crate::graph::{Resource, ResourceIx};
use crate::model::UserIx;
use crate::query::{Bearer, Counting, Request, held, unmet};
use crate::vocabulary::vocabulary;

/// What somebody must hold by the old policy.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Need {
    /// A capability on a resource.
    Holds {
        /// Which.
        capability: usize,
        /// Where.
        resource: ResourceIx,
    },
    /// Ownership: of the resource itself, of what records it, or of the organisation.
    Owns {
        /// Of what.
        resource: ResourceIx,
    },
    /// A capability on a resource, under conditions that contain those under which it is given.
    Gives {
        /// Which.
        capability: usize,
        /// Where.
        resource: ResourceIx,
        /// The conditions, by number, in one organisation's difference.
        under: usize,
    },
}

/// Users by what they may vouch for.
pub(super) struct Authority<'r> {
    pub rights: &'r OrgRights,
    request: Request,
    resources: HashMap<String, ResourceIx>,
    users: BTreeMap<&'r str, UserIx>,
    known: RefCell<HashMap<(SubjectClassIx, ResourceClassIx, usize), bool>>,
}

impl<'r> Authority<'r> {
    pub(super) fn new(rights: &'r OrgRights, request: Request) -> Authority<'r> {
        Authority {
            rights,
            request,
            resources: rights.graph.containment.by_name(&rights.org),
            users: rights.org.users.iter().map(|(index, user)| (&*user.id, index)).collect(),
            known: RefCell::default(),
        }
    }

    /// The user with an id, whose letter case does not count.
    pub(super) fn user(&self, id: &str) -> Option<UserIx> {
        self.users.get(id.to_ascii_lowercase().as_str()).copied()
    }

    /// The resource that tables call so.
    pub(super) fn resource(&self, name: &str) -> Option<ResourceIx> {
        self.resources.get(name).copied()
    }

    /// The organisation itself.
    pub(super) fn org(&self) -> ResourceIx {
        self.rights.graph.containment.index(Resource::Org)
    }

    /// Whether a user is enabled, and within the dates of the account.
    pub(super) fn is_enabled(&self, user: UserIx) -> bool {
        let OrgRights { org, graph, .. } = self.rights;
        self.rights.statements.class_of[user].is_some()
            && unmet(Bearer::User(user), org, graph, &self.request, Counting::Dates).is_empty()
    }

    /// Whether a user holds a capability on a resource, now.
    pub(super) fn holds(&self, user: UserIx, capability: usize, resource: ResourceIx) -> bool {
        let Some(class) = self.rights.statements.class_of[user] else { return false };
        self.is_enabled(user) && self.class_holds(class, capability, resource)
    }

    fn class_holds(&self, class: SubjectClassIx, capability: usize, resource: ResourceIx) -> bool {
        let resources = self.rights.resources.class_of[resource];
        let key = (class, resources, capability);
        if let Some(known) = self.known.borrow().get(&key) {
            return *known;
        }
        let holds = held(self.rights, class, resources, capability).holds(self.rights, &self.request);
        self.known.borrow_mut().insert(key, holds);
        holds
    }

    /// Whether a user owns a resource, what records it, or the organisation.
    pub(super) fn owns(&self, user: UserIx, resource: ResourceIx) -> bool {
        self.is_enabled(user) && owns(self.rights, user, resource)
    }

    /// Whether a user meets what is wanted, and the user's word counts for it. What somebody may give, `gives` is asked.
    pub(super) fn meets(&self, user: UserIx, wanted: &Wanted, mut gives: impl FnMut(UserIx, &Need) -> bool) -> bool {
        wanted.but != Some(user)
            && wanted.any.iter().any(|need| match *need {
                Need::Holds { capability, resource } => self.holds(user, capability, resource),
                Need::Owns { resource } => self.owns(user, resource),
                Need::Gives { .. } => self.is_enabled(user) && gives(user, need),
            })
    }

    /// A need in words.
    pub(super) fn text(&self, need: &Need) -> String {
        let OrgRights { org, graph, .. } = self.rights;
        let name = |resource: ResourceIx| graph.containment.resource(resource).text(org);
        match *need {
            Need::Holds { capability, resource } => {
                format!("`{}` on `{}`", vocabulary().name(capability), name(resource))
            }
            Need::Owns { resource } => format!("ownership of `{}`", name(resource)),
            Need::Gives { capability, resource, .. } => {
                format!("`{}` on `{}` under no narrower conditions", vocabulary().name(capability), name(resource))
            }
        }
    }
}

/// Whether a user owns a resource by a policy (`semantics §4`, rule 1), whatever the account's dates.
pub(super) fn owns(rights: &OrgRights, user: UserIx, resource: ResourceIx) -> bool {
    let Some(class) = rights.statements.class_of[user] else { return false };
    class_owns(rights, class, rights.resources.class_of[resource])
}

/// The same of a class of users and one of resources.
pub(super) fn class_owns(rights: &OrgRights, class: SubjectClassIx, resources: ResourceClassIx) -> bool {
    let class = &rights.statements.classes[class];
    let owners = &rights.resources.classes[resources].standing.owners;
    class.owns_org || class.owner.is_some_and(|owner| owners.binary_search(&owner).is_ok())
}
