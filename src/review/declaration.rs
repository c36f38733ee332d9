//! Review by declaration: each declaration that differs needs something, whether or not it has an effect today.
//!
//! In: the declarations that differ, with both policies. Out: for each what somebody must hold by the old policy. The
//! table of the documents (`docs/reviews.md`), row by row; what no row names needs ownership of the organisation.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::Wanted;
use super::authority::{Authority, Need};
use super::effect::Names;
use super::standing::stands;
use crate::declared::{Change, Declaration, Kind};
use crate::effective::{OrgRights, capabilities_of};
use crate::graph::{Resource, ResourceIx};
use crate::model::{Grant, GrantIx, Org, UserIx};
use crate::source::FileId;
use crate::vocabulary::{CapabilityClass, CapabilitySet, vocabulary};

/// Something that a declaration needs, and why.
pub(super) struct Needed {
    pub wanted: Wanted,
    /// What for, in a few words: `to change it`.
    pub why: &'static str,
    /// The field that asks for it, where one does.
    pub field: Option<&'static str>,
}

/// Reads what declarations need.
pub(super) struct Table<'t, 'd> {
    authority: &'t Authority<'d>,
    was: &'d OrgRights,
    is: &'d OrgRights,
    /// Resources of the new policy, by name.
    new: HashMap<String, ResourceIx>,
    /// Device groups of the old policy, by name in lower case, and whether the new one has them too.
    groups: HashMap<String, (ResourceIx, bool)>,
    /// Grants of both, by place.
    grants: [HashMap<(FileId, u32), GrantIx>; 2],
}

/// The needs of one declaration, as they are put together.
struct Needs<'t, 'd> {
    table: &'t Table<'t, 'd>,
    all: Vec<Needed>,
}

impl Needs<'_, '_> {
    fn add(&mut self, any: Vec<Need>, why: &'static str, field: Option<&'static str>) {
        self.all.push(Needed { wanted: Wanted { any, but: None }, why, field });
    }

    fn holds(&mut self, capability: &str, resource: ResourceIx, why: &'static str) {
        self.add(vec![holds(capability, resource)], why, None);
    }

    fn on_org(&mut self, capability: &str, why: &'static str) {
        self.holds(capability, self.table.authority.org(), why);
    }

    fn owns(&mut self, resource: ResourceIx, why: &'static str, field: Option<&'static str>) {
        self.add(vec![Need::Owns { resource }], why, field);
    }
}

fn holds(capability: &str, resource: ResourceIx) -> Need {
    Need::Holds { capability: vocabulary().number(capability).unwrap_or_default(), resource }
}

/// Whether a change is a grant whose only subject is somebody, in which nothing differs but the `consent`.
pub(super) fn is_own_consent(change: &Change<'_>, author: &str) -> bool {
    change.kind() == Kind::Grant
        && change.fields == ["consent"]
        && !change.comments
        && change.new.is_some_and(|grant| grant.words("to").eq([author]))
}

impl<'t, 'd> Table<'t, 'd> {
    pub(super) fn new(authority: &'t Authority<'d>, was: &'d OrgRights, is: &'d OrgRights) -> Table<'t, 'd> {
        let new_groups: HashSet<String> =
            is.org.device_groups.iter().map(|(_, group)| group.id.to_ascii_lowercase()).collect();
        let groups = was.org.device_groups.iter().map(|(index, group)| {
            let name = group.id.to_ascii_lowercase();
            let in_both = new_groups.contains(&name);
            (name, (was.graph.containment.index(Resource::DeviceGroup(index)), in_both))
        });
        let grants = [was, is].map(|rights| {
            rights.org.grants.iter().map(|(index, grant)| ((grant.span.file, grant.span.start), index)).collect()
        });
        Table { authority, was, is, new: is.graph.containment.by_name(&is.org), groups: groups.collect(), grants }
    }

    /// Whose account a declaration is, by the old policy: of a user, in more than words for people.
    pub(super) fn own_account(&self, change: &Change<'_>) -> Option<UserIx> {
        let words = |field: &&str| ["name", "reason"].contains(field);
        let in_words = change.old.is_some() && change.new.is_some() && change.fields.iter().all(words);
        let user = change.either().filter(|one| one.kind == Kind::User && !in_words)?;
        self.authority.user(user.id.as_deref()?)
    }

    /// What a declaration that differs needs.
    pub(super) fn needs(&self, change: &Change<'d>) -> Vec<Needed> {
        let mut needs = Needs { table: self, all: Vec::new() };
        if change.comments {
            needs.on_org("access.manage_admins", "to change which lints are quieted");
        }
        // two with different ids are two things, though one `ref` says that they are the same
        let renamed = !matches!(change.kind(), Kind::Grant | Kind::Test)
            && change.old.zip(change.new).is_some_and(|(old, new)| old.id != new.id);
        if renamed {
            let alone = |old, new| Change { old, new, fields: Vec::new(), comments: false };
            self.declared(&mut needs, &alone(change.old, None));
            self.declared(&mut needs, &alone(None, change.new));
        } else if change.fields.is_empty() && change.old.is_some() && change.new.is_some() {
            // comments alone
        } else {
            self.declared(&mut needs, change);
        }
        needs.all
    }

    fn declared(&self, needs: &mut Needs<'_, 'd>, change: &Change<'d>) {
        let Some(either) = change.either() else { return };
        match either.kind {
            Kind::Org => self.settings(needs, &change.fields),
            Kind::User | Kind::Team => needs.on_org("users.manage", "to change users and teams"),
            Kind::Role | Kind::Schedule | Kind::Network => {
                needs.on_org("access.manage", "to change what grants rest on");
            }
            Kind::Site | Kind::Group => self.place(needs, change),
            Kind::Recorder => self.recorder(needs, change),
            Kind::Device => self.device(needs, change),
            Kind::DeviceGroup => {
                self.gathering(needs, change, ["device_group.create", "device_group.edit", "device_group.delete"]);
            }
            Kind::Layout => self.gathering(needs, change, ["layout.create", "layout.edit", "layout.delete"]),
            Kind::Grant => self.grant(needs, change),
            Kind::Link => self.link(needs, change),
            Kind::Test => {
                if change.old.is_some() {
                    needs.on_org("access.manage", "to change or remove a test");
                }
            }
        }
    }

    fn settings(&self, needs: &mut Needs<'_, 'd>, fields: &[&'static str]) {
        if fields.contains(&"owner") {
            needs.owns(self.authority.org(), "to change who owns it", Some("owner"));
        }
        if fields.iter().any(|field| *field != "owner") {
            needs.on_org("org.settings", "to change the organisation's settings");
        }
    }

    fn place(&self, needs: &mut Needs<'_, 'd>, change: &Change<'d>) {
        let org = self.authority.org();
        let is_site = change.kind() == Kind::Site;
        let known = self.standing(change.old);
        match (known, change.new) {
            (None, Some(new)) => {
                if is_site {
                    needs.on_org("site.create", "to add a site");
                } else {
                    // in a place that is new as well, what its parent needs
                    let place = self.new_place(&resource_name(new));
                    let capability = if place == org { "site.create" } else { "group.create" };
                    needs.holds(capability, place, "to add a group");
                }
            }
            (Some(place), Some(_)) => {
                let edit = if is_site { "site.edit" } else { "group.edit" };
                if change.fields.iter().any(|field| *field != "exclude") {
                    needs.holds(edit, place, "to change it");
                }
            }
            (Some(place), None) => {
                let delete = if is_site { "site.delete" } else { "group.delete" };
                needs.holds(delete, place, "to remove it");
            }
            (None, None) => needs.owns(org, "to change it", None),
        }
        self.exclusion(needs, change, "exclude", |one| one.fields.contains_key("exclude"));
    }

    /// What comes into `exclude` or out of it, by a field.
    fn exclusion(
        &self,
        needs: &mut Needs<'_, 'd>,
        change: &Change<'d>,
        field: &'static str,
        excludes: impl Fn(&Declaration) -> bool,
    ) {
        let org = self.authority.org();
        let known = self.standing(change.old);
        match (change.old.is_some_and(&excludes), change.new.is_some_and(&excludes)) {
            (true, false) => needs.owns(known.unwrap_or(org), "to take it out of `exclude`", Some(field)),
            (false, true) => {
                let new = || change.new.map(|one| self.new_place(&resource_name(one)));
                let place = known.or_else(new).unwrap_or(org);
                needs.add(vec![holds("access.manage", place)], "to exclude it", Some(field));
            }
            _ => {}
        }
    }

    /// The resource of the old policy that a declaration of it is.
    fn standing(&self, old: Option<&Declaration>) -> Option<ResourceIx> {
        self.authority.resource(&resource_name(old?))
    }

    fn recorder(&self, needs: &mut Needs<'_, 'd>, change: &Change<'d>) {
        let known = self.standing(change.old).unwrap_or(self.authority.org());
        for (field, why) in [("sharing", "to change its `sharing`"), ("owner", "to change who owns it")] {
            if change.touches(field) {
                needs.owns(known, why, Some(field));
            }
        }
        let whole = change.old.is_none() || change.new.is_none();
        if whole || change.fields.iter().any(|field| !["sharing", "owner"].contains(field)) {
            needs.on_org("device.add", "to add, change or remove a recorder");
        }
    }

    fn device(&self, needs: &mut Needs<'_, 'd>, change: &Change<'d>) {
        let org = self.authority.org();
        match (self.standing(change.old), change.old, change.new) {
            (None, None, Some(new)) => {
                let mut any = vec![holds("device.add", org)];
                any.extend(self.recorder_of(new).map(|recorder| holds("device.add", recorder)));
                needs.add(any, "to add a device", None);
                if new.fields.contains_key("owner") {
                    needs.owns(org, "to say who owns it", Some("owner"));
                }
            }
            (Some(device), Some(_), None) => {
                needs.holds("device.remove", device, "to remove it");
                if self.is_owned(device) || self.is_excluded(device) {
                    needs.owns(device, "to remove what is excluded or has an owner", None);
                }
            }
            (Some(device), Some(_), Some(new)) => self.device_changed(needs, device, new, &change.fields),
            _ => needs.owns(org, "to change it", None),
        }
        self.memberships(needs, change);
        self.exclusion(needs, change, "device_groups", |one| {
            one.words("device_groups").any(|group| group == "exclude")
        });
    }

    fn device_changed(
        &self,
        needs: &mut Needs<'_, 'd>,
        device: ResourceIx,
        new: &'d Declaration,
        fields: &[&'static str],
    ) {
        for field in fields {
            match *field {
                "in" => {
                    needs.add(vec![holds("device.move", device)], "to move it", Some("in"));
                    let place = self.new_place(&resource_name(new));
                    needs.add(vec![holds("access.manage", place)], "on the place to which it moves", Some("in"));
                }
                "name" | "reason" | "kind" | "ref" => {
                    needs.add(vec![holds("device.settings.edit", device)], "to change it", Some(field));
                }
                "device_groups" => {} // a change of those groups
                "owner" => needs.owns(device, "to change who owns it", Some(field)),
                // what the table does not name
                _ => needs.owns(self.authority.org(), "to change what records it", Some(field)),
            }
        }
    }

    /// What a device states of groups is a change of their members.
    fn memberships(&self, needs: &mut Needs<'_, 'd>, change: &Change<'d>) {
        let groups = |one: Option<&'d Declaration>| -> Vec<&'d str> {
            one.into_iter().flat_map(|one| one.words("device_groups")).filter(|group| *group != "exclude").collect()
        };
        let (before, after) = (groups(change.old), groups(change.new));
        let turned = before.iter().filter(|group| !after.contains(group));
        for group in turned.chain(after.iter().filter(|group| !before.contains(group))) {
            // a group that one policy alone has is added or removed, which needs enough
            if let Some(group) = self.group(group) {
                needs.add(vec![holds("device_group.edit", group)], "to change its members", Some("device_groups"));
            }
        }
    }

    /// A device group that both policies have; letter case does not count.
    fn group(&self, name: &str) -> Option<ResourceIx> {
        self.groups.get(&name.to_ascii_lowercase()).filter(|(_, in_both)| *in_both).map(|(group, _)| *group)
    }

    fn gathering(&self, needs: &mut Needs<'_, 'd>, change: &Change<'d>, [create, edit, delete]: [&'static str; 3]) {
        let known = change.old.and_then(|old| self.known(&resource_name(old)));
        match (known, change.new) {
            (None, _) => needs.on_org(create, "to add it"),
            (Some(index), Some(_)) => needs.holds(edit, index, "to change it"),
            (Some(index), None) => needs.holds(delete, index, "to remove it"),
        }
    }

    fn grant(&self, needs: &mut Needs<'_, 'd>, change: &Change<'d>) {
        let names = Names::known();
        let mut administers = false;
        let mut scopes: Vec<ResourceIx> = Vec::new();
        for (one, rights, grants) in [(change.old, self.was, &self.grants[0]), (change.new, self.is, &self.grants[1])] {
            let Some(one) = one else { continue };
            administers |=
                !(named(one, rights, grants) & vocabulary().of_class(CapabilityClass::Administer)).is_empty();
            scopes.extend(one.words("scope").map(|scope| self.scope(scope)));
        }
        scopes.sort_unstable();
        scopes.dedup();
        for scope in scopes {
            let why = "to change a grant or denial there";
            needs.add(vec![Need::Holds { capability: names.manage, resource: scope }], why, None);
            if administers {
                let admins = Need::Holds { capability: names.manage_admins, resource: scope };
                needs.add(vec![admins], "to change a grant or denial that administers", None);
            }
        }
    }

    fn link(&self, needs: &mut Needs<'_, 'd>, change: &Change<'d>) {
        let devices = [change.old, change.new].into_iter().flatten().flat_map(|one| one.words("devices"));
        let mut devices: Vec<ResourceIx> = devices.map(|device| self.scope(&format!("device:{device}"))).collect();
        devices.sort_unstable();
        devices.dedup();
        for device in devices {
            needs.holds("access.manage", device, "to change a link to it");
        }
    }

    /// Where access in a scope is managed, by the old policy.
    fn scope(&self, scope: &str) -> ResourceIx {
        if ["org", "all", "unassigned"].contains(&scope) {
            return self.authority.org();
        }
        self.known(scope).unwrap_or_else(|| self.new_place(scope))
    }

    /// A resource of the old policy; letter case does not count in device groups.
    fn known(&self, name: &str) -> Option<ResourceIx> {
        match name.strip_prefix("device_group:") {
            Some(group) => self.groups.get(&group.to_ascii_lowercase()).map(|(group, _)| *group),
            None => self.authority.resource(name),
        }
    }

    /// Where a resource of the new policy stands, by the old one: the nearest place above it that is there, or the
    /// organisation.
    fn new_place(&self, name: &str) -> ResourceIx {
        let found = self.new.get(name);
        found.map_or(self.authority.org(), |index| stands(self.authority, self.is, *index))
    }

    /// What records a device in the new policy, where the old policy has it.
    fn recorder_of(&self, device: &Declaration) -> Option<ResourceIx> {
        let Resource::Device(index) = self.is.graph.containment.resource(*self.new.get(&resource_name(device))?) else {
            return None;
        };
        let recorder = self.is.graph.containment.recorder_of[index]?;
        self.authority.resource(&format!("recorder:{}", self.is.org.recorders[recorder].id))
    }

    fn is_owned(&self, device: ResourceIx) -> bool {
        let class = self.was.resources.class_of[device];
        !self.was.resources.classes[class].standing.owners.is_empty()
    }

    fn is_excluded(&self, device: ResourceIx) -> bool {
        excluded(self.was, device)
    }

    /// What follows for devices that come into or out of exclusion, or from under `sharing: false`, whatever was changed
    /// for it: each device, with what it needs.
    pub(super) fn barred(&self) -> Vec<(ResourceIx, Needed)> {
        let mut all = Vec::new();
        let ids = |org: &'d Org| org.devices.iter().map(|(index, device)| (&*device.id, index));
        let new: BTreeMap<&str, _> = ids(&self.is.org).collect();
        for (id, old) in ids(&self.was.org) {
            let Some(new) = new.get(id) else { continue };
            let old = self.was.graph.containment.index(Resource::Device(old));
            let new = self.is.graph.containment.index(Resource::Device(*new));
            let mut needs = Needs { table: self, all: Vec::new() };
            match (excluded(self.was, old), excluded(self.is, new)) {
                (true, false) => needs.owns(old, "to take it out of `exclude`", None),
                (false, true) => needs.holds("access.manage", old, "to exclude it"),
                _ => {}
            }
            if unshared(self.was, old) && !unshared(self.is, new) {
                needs.owns(old, "to share again what `sharing: false` keeps", None);
            }
            all.extend(needs.all.into_iter().map(|needed| (old, needed)));
        }
        all
    }
}

fn excluded(rights: &OrgRights, device: ResourceIx) -> bool {
    match rights.graph.containment.resource(device) {
        Resource::Device(device) => rights.graph.containment.excluded[device],
        _ => false,
    }
}

fn unshared(rights: &OrgRights, device: ResourceIx) -> bool {
    let Resource::Device(device) = rights.graph.containment.resource(device) else { return false };
    let recorder = rights.graph.containment.recorder_of[device];
    recorder.is_some_and(|recorder| !rights.org.recorders[recorder].sharing)
}

/// What a grant or denial names, `read_only` aside. Where it is not known, everything.
fn named(grant: &Declaration, rights: &OrgRights, grants: &HashMap<(FileId, u32), GrantIx>) -> CapabilitySet {
    let Some(index) = grants.get(&(grant.span.file, grant.span.start)) else {
        return vocabulary().of_class(CapabilityClass::Administer);
    };
    let open = Grant { read_only: false, ..rights.org.grants[*index].clone() };
    capabilities_of(&rights.graph, &open)
}

/// What tables call a declared resource.
pub(super) fn resource_name(one: &Declaration) -> String {
    let id = one.id.as_deref().unwrap_or_default();
    let kind = match one.kind {
        Kind::Site => "site",
        Kind::Group => "group",
        Kind::Recorder => "recorder",
        Kind::Device => "device",
        Kind::DeviceGroup => "device_group",
        Kind::Layout => "layout",
        _ => return "org".to_owned(),
    };
    format!("{kind}:{id}")
}
