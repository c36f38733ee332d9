//! What a review has to know of each subject and resource of a difference: which they are in the old policy and in the
//! new one, and where a resource that is new stands.

use std::collections::{BTreeMap, HashMap};

use super::authority::Authority;
use crate::diff::OrgDifference;
use crate::effective::{OrgRights, ResourceClassIx, SubjectClassIx};
use crate::graph::{Line, Resource, ResourceIx};
use crate::model::UserIx;
use crate::query::Account;

/// A subject in both policies.
#[derive(Clone, Debug, Default)]
pub(super) struct Subject {
    /// As a user of the old policy; none of a link, or of a user who is new.
    pub user: Option<UserIx>,
    /// As a user of the new policy.
    pub new_user: Option<UserIx>,
    /// Whether it is a link.
    pub link: bool,
    class: Classes,
}

/// Subjects alike are one question.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Classes {
    pub was: Option<SubjectClassIx>,
    pub is: Option<SubjectClassIx>,
    /// Whether the dates and networks of the account are the same.
    pub same_account: bool,
}

impl Subject {
    pub(super) fn class(&self) -> Classes {
        self.class
    }
}

/// The subjects of a difference.
#[derive(Debug)]
pub(super) struct Subjects(BTreeMap<u32, Subject>, Subject);

impl Subjects {
    pub(super) fn new(was: &OrgRights, is: &OrgRights, difference: &OrgDifference) -> Subjects {
        let users = |rights: &OrgRights| -> HashMap<String, UserIx> {
            rights.org.users.iter().map(|(index, user)| (format!("user:{}", user.id), index)).collect()
        };
        let (old, new) = (users(was), users(is));
        let subject = |number: u32| {
            let name = difference.subject(number);
            let (user, new_user) = (old.get(name).copied(), new.get(name).copied());
            let class = Classes {
                was: user.and_then(|user| was.statements.class_of[user]),
                is: new_user.and_then(|user| is.statements.class_of[user]),
                same_account: user
                    .zip(new_user)
                    .is_some_and(|(old, new)| Account::of(was, old) == Account::of(is, new)),
            };
            Subject { user, new_user, link: name.starts_with("link:"), class }
        };
        let mut all = BTreeMap::new();
        for number in difference.blocks.iter().flat_map(|block| &block.subjects) {
            all.entry(*number).or_insert_with(|| subject(*number));
        }
        Subjects(all, Subject::default())
    }

    pub(super) fn of(&self, number: u32) -> &Subject {
        self.0.get(&number).unwrap_or(&self.1)
    }
}

/// A resource in both policies.
#[derive(Clone, Debug)]
pub(super) struct Standing {
    /// In the old policy.
    pub was: Option<ResourceIx>,
    /// In the new policy.
    pub is: Option<ResourceIx>,
    /// Its class in the old policy.
    pub old_class: Option<ResourceClassIx>,
    /// Its class in the new policy.
    pub new_class: Option<ResourceClassIx>,
    /// Where access to it is managed, by the old policy: itself, or where it is new, the place where it stands.
    pub place: ResourceIx,
    place_class: ResourceClassIx,
    /// Whether it was added, removed or moved.
    pub special: bool,
}

impl Standing {
    /// Resources alike are one question.
    pub(super) fn classes(&self) -> impl Ord + Copy + use<> {
        (self.place_class, self.old_class, self.new_class, self.special)
    }
}

/// The resources of a difference.
#[derive(Debug)]
pub(super) struct Resources(BTreeMap<u32, Standing>, Standing);

impl Resources {
    pub(super) fn new(
        authority: &Authority<'_>,
        was: &OrgRights,
        is: &OrgRights,
        difference: &OrgDifference,
    ) -> Resources {
        let [old, new] = [was, is].map(|rights| rights.graph.containment.by_name(&rights.org));
        let standing = |name: &str| {
            let (in_old, in_new) = (old.get(name).copied(), new.get(name).copied());
            let place = in_old.unwrap_or_else(|| in_new.map_or(authority.org(), |index| stands(authority, is, index)));
            let moved = in_old.zip(in_new).is_some_and(|(old, new)| place_of(was, old) != place_of(is, new));
            Standing {
                was: in_old,
                is: in_new,
                old_class: in_old.map(|index| was.resources.class_of[index]),
                new_class: in_new.map(|index| is.resources.class_of[index]),
                place,
                place_class: authority.rights.resources.class_of[place],
                special: moved || in_old.is_none() || in_new.is_none(),
            }
        };
        let mut all = BTreeMap::new();
        for number in difference.blocks.iter().flat_map(|block| &block.resources) {
            all.entry(*number).or_insert_with(|| standing(difference.resource(*number)));
        }
        Resources(all, standing("org"))
    }

    /// The one that the old policy has so.
    pub(super) fn by_old(&self, resource: ResourceIx) -> Option<&Standing> {
        self.0.values().find(|standing| standing.was == Some(resource))
    }

    pub(super) fn of(&self, number: u32) -> &Standing {
        self.0.get(&number).unwrap_or(&self.1)
    }
}

/// The place of a device or layout.
fn place_of(rights: &OrgRights, index: ResourceIx) -> Option<&str> {
    let org = &rights.org;
    let place = match rights.graph.containment.resource(index) {
        Resource::Device(device) => org.devices[device].place,
        Resource::Layout(layout) => org.layouts[layout].place,
        _ => None,
    };
    place.map(|place| &*org.places[place].path)
}

/// Where a resource that is new stands, by the old policy: the nearest place above it that is there. A device without a
/// place, a site, a recorder, a layout and a device group stand in the organisation itself.
pub(super) fn stands(authority: &Authority<'_>, is: &OrgRights, index: ResourceIx) -> ResourceIx {
    let containment = &is.graph.containment;
    let resource = containment.resource(index);
    if !matches!(resource, Resource::Device(_) | Resource::Place(_)) {
        return authority.org();
    }
    let above = |resource| containment.holders(resource).find(|(_, line)| *line == Line::Place).map(|(place, _)| place);
    let places = std::iter::successors(above(resource), |place| above(*place));
    places.filter_map(|place| authority.resource(&place.text(&is.org))).next().unwrap_or(authority.org())
}
