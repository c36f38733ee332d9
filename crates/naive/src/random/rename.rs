//! The same policy under other names: every id is another one, wherever it stands.

use std::collections::BTreeMap;

use super::model::{ConditionDraft, Draft, OrgDraft, PlaceDraft};
use super::rng::Rng;

/// What was called what: the names of a table before, to those after.
#[derive(Debug, Clone, Default)]
pub struct Renaming {
    /// Organisations.
    pub orgs: BTreeMap<String, String>,
    /// Subjects and resources as a table spells them (`user:…`, `group:hq/lobby`), by organisation.
    names: BTreeMap<(String, String), String>,
}

impl Renaming {
    /// A subject or resource of an organisation under its new name. `org` keeps its own.
    #[must_use]
    pub fn name<'a>(&'a self, org: &str, name: &'a str) -> &'a str {
        self.names.get(&(org.to_owned(), name.to_owned())).map_or(name, String::as_str)
    }
}

impl Draft {
    /// The same draft with other ids throughout, and what became of them.
    #[must_use]
    pub fn renamed(&self, seed: u64) -> (Draft, Renaming) {
        let mut rng = Rng::new(seed ^ 0x7e4a_3e00);
        let mut other = self.clone();
        let mut renaming = Renaming::default();
        for (number, org) in other.orgs.iter_mut().enumerate() {
            let mut ids = Ids { rng: &mut rng, new: BTreeMap::new() };
            ids.declare(org);
            let old = org.id.clone();
            org.id = ids.fresh(&format!("org{number}"), "");
            ids.rename(org);
            for (name, new) in ids.new {
                let kind = name.split(':').next().unwrap_or_default().to_owned();
                if !matches!(kind.as_str(), "team" | "role" | "schedule" | "network") {
                    let new = format!("{kind}:{new}");
                    renaming.names.insert((old.clone(), name), new);
                }
            }
            renaming.orgs.insert(old, org.id.clone());
        }
        (other, renaming)
    }
}

/// The ids of one organisation: `kind:id` as it was, to the id that it becomes.
struct Ids<'r> {
    rng: &'r mut Rng,
    new: BTreeMap<String, String>,
}

impl Ids<'_> {
    /// An id that stands anywhere in the alphabet, and nowhere twice.
    fn fresh(&mut self, number: &str, end: &str) -> String {
        let letter = *self.rng.pick(&["a", "B", "f", "k", "M", "q", "t", "X", "z"]);
        let sign = *self.rng.pick(&["", "-", ".", "_"]);
        format!("{letter}{sign}{number}{end}")
    }

    fn add(&mut self, kind: &str, id: &str) {
        let fold = kind == "user";
        let key = if fold { format!("{kind}:{}", id.to_lowercase()) } else { format!("{kind}:{id}") };
        let number = self.new.len().to_string();
        let end = if fold { "@other.example" } else { "" };
        let mut new = self.fresh(&number, end);
        if fold {
            new = new.to_lowercase();
        }
        self.new.insert(key, new);
    }

    fn declare(&mut self, org: &OrgDraft) {
        org.users.iter().for_each(|one| self.add("user", &one.id));
        org.teams.iter().for_each(|one| self.add("team", &one.id));
        org.roles.iter().for_each(|one| self.add("role", &one.id));
        org.recorders.iter().for_each(|one| self.add("recorder", &one.id));
        org.devices.iter().for_each(|one| self.add("device", &one.id));
        org.device_groups.iter().for_each(|one| self.add("device_group", &one.id));
        org.layouts.iter().for_each(|one| self.add("layout", &one.id));
        org.schedules.iter().for_each(|one| self.add("schedule", &one.id));
        org.networks.iter().for_each(|one| self.add("network", &one.id));
        org.links.iter().for_each(|one| self.add("link", &one.id));
        for site in &org.sites {
            self.add("site", &site.id);
            let new = self.new[&format!("site:{}", site.id)].clone();
            self.groups(site, &site.id, &new);
        }
    }

    fn groups(&mut self, place: &PlaceDraft, old: &str, new: &str) {
        for group in &place.groups {
            let number = self.new.len().to_string();
            let (old, new) = (format!("{old}/{}", group.id), format!("{new}/{}", self.fresh(&number, "")));
            self.new.insert(format!("group:{old}"), new.clone());
            self.groups(group, &old, &new);
        }
    }

    /// The new id of what a reference names; what is built in, and what is no reference, stays.
    fn to(&self, kind: &str, id: &str) -> String {
        let same = |key: &&String| match key.split_once(':') {
            Some((of, known)) if matches!(kind, "user" | "device_group") => {
                of == kind && known.eq_ignore_ascii_case(id)
            }
            Some((of, known)) => of == kind && known == id,
            None => false,
        };
        self.new.keys().find(same).map_or_else(|| id.to_owned(), |key| self.new[key].clone())
    }

    fn path(&self, path: &str) -> String {
        self.to(if path.contains('/') { "group" } else { "site" }, path)
    }

    fn all(&self, kind: &str, ids: &mut [String]) {
        ids.iter_mut().for_each(|id| *id = self.to(kind, id));
    }

    fn subjects(&self, all: &mut [String]) {
        for text in all {
            *text = match text.split_once(':') {
                Some((kind, id)) => format!("{kind}:{}", self.to(kind, id)),
                None => self.to("user", text),
            };
        }
    }

    fn scopes(&self, all: &mut [String]) {
        for text in all {
            if let Some((kind, id)) = text.split_once(':') {
                *text = format!("{kind}:{}", self.to(kind, id));
            }
        }
    }

    fn condition(&self, condition: &mut ConditionDraft) {
        condition.schedule.iter_mut().for_each(|id| *id = self.to("schedule", id));
        self.all("network", &mut condition.networks);
        self.all("network", &mut condition.outside);
    }

    fn recorder(&self, id: &mut Option<String>) {
        id.iter_mut().for_each(|id| *id = self.to("recorder", id));
    }

    fn place(&self, place: &mut PlaceDraft, path: &str) {
        self.recorder(&mut place.recorder);
        for group in &mut place.groups {
            let path = format!("{path}/{}", group.id);
            let new = self.path(&path);
            group.id = new.rsplit('/').next().unwrap_or_default().to_owned();
            self.place(group, &path);
        }
    }

    fn rename(&self, org: &mut OrgDraft) {
        self.all("user", &mut org.owner);
        for one in &mut org.users {
            one.id = self.to("user", &one.id);
            one.same_as.iter_mut().for_each(|id| *id = self.to("user", id));
            self.condition(&mut one.condition);
        }
        for one in &mut org.teams {
            one.id = self.to("team", &one.id);
            self.subjects(&mut one.members);
            self.condition(&mut one.condition);
        }
        for one in &mut org.roles {
            one.id = self.to("role", &one.id);
            self.all("role", &mut one.extends);
        }
        for one in &mut org.sites {
            let path = one.id.clone();
            one.id = self.path(&path);
            self.place(one, &path);
        }
        self.things(org);
        for one in &mut org.grants {
            self.subjects(&mut one.to);
            self.subjects(&mut one.except);
            self.all("role", &mut one.role);
            self.scopes(&mut one.scope);
            self.scopes(&mut one.except_scope);
            self.all("device_group", &mut one.only);
            self.condition(&mut one.condition);
            one.id.iter_mut().for_each(|id| *id = format!("renamed-{id}"));
        }
        for one in &mut org.links {
            one.id = self.to("link", &one.id);
            self.all("device", &mut one.devices);
            self.condition(&mut one.condition);
            one.created_by = self.to("user", &one.created_by);
        }
    }

    fn things(&self, org: &mut OrgDraft) {
        for one in &mut org.recorders {
            one.id = self.to("recorder", &one.id);
            self.all("user", &mut one.owner);
            one.server.iter_mut().for_each(|server| *server = server.to_uppercase());
        }
        for one in &mut org.devices {
            one.id = self.to("device", &one.id);
            one.place.iter_mut().for_each(|path| *path = self.path(path));
            self.recorder(&mut one.recorder);
            self.all("device_group", &mut one.device_groups);
            self.all("user", &mut one.owner);
        }
        for one in &mut org.device_groups {
            one.id = self.to("device_group", &one.id);
            self.all("device", &mut one.devices);
        }
        for one in &mut org.layouts {
            one.id = self.to("layout", &one.id);
            self.all("device", &mut one.devices);
            one.place.iter_mut().for_each(|path| *path = self.path(path));
            self.recorder(&mut one.recorder);
        }
        org.schedules.iter_mut().for_each(|one| one.id = self.to("schedule", &one.id));
        org.networks.iter_mut().for_each(|one| one.id = self.to("network", &one.id));
    }
}
