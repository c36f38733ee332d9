//! Of whom and of what a test speaks. In: its lists. Out: groups of subjects of whom the same is true, and classes of
//! resources with the members that are meant.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use crate::effective::{Condition, OrgRights, ResourceClassIx, SubjectClassIx};
use crate::graph::{Resource, ResourceIx};
use crate::model::{Arena, At, LinkIx, Scope, Subject, Tested, UserIx};
use crate::query::{Account, Who, everybody, scopes_of};
use crate::vocabulary::{CapabilitySet, vocabulary};

/// Subjects of whom the same is true, wherever one looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) enum Holder {
    /// Users of a class, within an account by number.
    Users(SubjectClassIx, u32),
    /// A link.
    Link(LinkIx),
    /// Users who are disabled.
    Disabled,
}

/// Subjects, by whose rights are the same.
pub(super) type Groups = BTreeMap<Holder, Vec<Who>>;

/// Resources, by class; ascending in both.
pub(super) type Places = BTreeMap<ResourceClassIx, Vec<ResourceIx>>;

/// Looks up whom and what tests name.
#[derive(Debug)]
pub(super) struct Frames<'r> {
    rights: &'r OrgRights,
    /// The accounts that bind users, each once.
    pub accounts: Vec<Condition>,
    holder_of: Arena<UserIx, Holder>,
    reached: HashMap<Scope, Vec<ResourceIx>>,
}

impl<'r> Frames<'r> {
    pub(super) fn new(rights: &'r OrgRights) -> Frames<'r> {
        let mut accounts: Vec<Condition> = Vec::new();
        let mut numbers: BTreeMap<Account, u32> = BTreeMap::new();
        let mut holder_of = Arena::default();
        for user in rights.org.users.indices() {
            let holder = match rights.statements.class_of[user] {
                None => Holder::Disabled,
                Some(class) => {
                    let account = Account::of(rights, user);
                    let number = *numbers.entry(account).or_insert_with_key(|account| {
                        accounts.push(account.condition());
                        accounts.len() as u32 - 1
                    });
                    Holder::Users(class, number)
                }
            };
            holder_of.add(holder);
        }
        Frames { rights, accounts, holder_of, reached: reached(rights) }
    }

    /// The subjects of a list. A user stands for himself alone, a team for all who are in it at any time.
    pub(super) fn named(&self, list: &[At<Tested>]) -> BTreeSet<Who> {
        let (org, inheritance) = (&self.rights.org, &self.rights.graph.inheritance);
        let mut named = BTreeSet::new();
        for (tested, _) in list {
            match tested {
                Tested::Named(Subject::User(user)) => drop(named.insert(Who::User(*user))),
                Tested::Named(Subject::Team(team)) => {
                    named.extend(inheritance.users_of(org, *team).into_iter().map(Who::User));
                }
                Tested::Named(Subject::Everyone) => named.extend(everybody(self.rights)),
                Tested::Link(link) => drop(named.insert(Who::Link(*link))),
            }
        }
        named
    }

    /// Subjects, by whose rights are the same.
    pub(super) fn groups(&self, subjects: impl IntoIterator<Item = Who>) -> Groups {
        let mut groups = Groups::new();
        for who in subjects {
            let holder = match who {
                Who::User(user) => self.holder_of[user],
                Who::Link(link) => Holder::Link(link),
            };
            groups.entry(holder).or_default().push(who);
        }
        groups
    }

    /// What a list of scopes reaches, as in a grant (`semantics §1`).
    pub(super) fn places(&self, scopes: &[At<Scope>]) -> Places {
        let resources: BTreeSet<ResourceIx> =
            scopes.iter().filter_map(|(scope, _)| self.reached.get(scope)).flatten().copied().collect();
        let mut places = Places::new();
        for resource in resources {
            places.entry(self.rights.resources.class_of[resource]).or_default().push(resource);
        }
        places
    }

    /// Whether a subject owns the resources of a class.
    pub(super) fn owns(&self, holder: Holder, class: ResourceClassIx) -> bool {
        let Holder::Users(subjects, _) = holder else { return false };
        let subjects = &self.rights.statements.classes[subjects];
        let owners = &self.rights.resources.classes[class].standing.owners;
        subjects.owns_org || subjects.owner.is_some_and(|owner| owners.binary_search(&owner).is_ok())
    }

    /// The capabilities that apply to a class of resources.
    pub(super) fn applying(&self, class: ResourceClassIx) -> CapabilitySet {
        vocabulary().of_kind(self.rights.resources.classes[class].standing.kind)
    }
}

/// For each scope the resources that it reaches, ascending.
fn reached(rights: &OrgRights) -> HashMap<Scope, Vec<ResourceIx>> {
    let containment = &rights.graph.containment;
    let mut reached: HashMap<Scope, Vec<ResourceIx>> = HashMap::new();
    for (index, resource) in containment.resources() {
        let mut scopes = scopes_of(rights, resource);
        if resource != Resource::Org {
            // from the organisation nothing is inherited
            scopes.remove(&Scope::Org);
            scopes.insert(Scope::All);
        }
        for scope in scopes {
            reached.entry(scope).or_default().push(index);
        }
    }
    reached
}
