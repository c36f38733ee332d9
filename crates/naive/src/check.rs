//! What a policy must be before its meaning can be judged: references resolve, no circles, and the fields' own rules.
//! The real compiler reports each of these with its place; here one sentence is enough.

use std::collections::BTreeSet;

use crate::condition::Condition;
use crate::model::{Grant, Named, Org};
use crate::read::Policy;
use crate::vocabulary::Vocabulary;

type Checked = Result<(), String>;

impl Policy {
    /// semantics §5, first two rules, and what `language.md` says of single fields.
    pub(crate) fn check(&self) -> Checked {
        for (id, org) in &self.orgs {
            Checker { org, vocabulary: &self.vocabulary }.all().map_err(|error| format!("{id}: {error}"))?;
        }
        Ok(())
    }
}

struct Checker<'a> {
    org: &'a Org,
    vocabulary: &'a Vocabulary,
}

fn must(holds: bool, what: &str, id: &str) -> Checked {
    if holds { Ok(()) } else { Err(format!("{what} `{id}`")) }
}

/// Two ids of one section that differ in case alone are an error.
fn differ<'a>(ids: impl Iterator<Item = &'a String>) -> Checked {
    let mut seen = BTreeSet::new();
    for id in ids {
        must(seen.insert(id.to_ascii_lowercase()), "ids differ in case alone:", id)?;
    }
    Ok(())
}

impl Checker<'_> {
    fn all(&self) -> Checked {
        self.ids()?;
        self.users_and_teams()?;
        self.roles()?;
        self.things()?;
        for grant in &self.org.grants {
            self.grant(grant).map_err(|error| format!("grant {:?} to {:?}: {error}", grant.id, grant.to))?;
        }
        let ids: Vec<&String> = self.org.grants.iter().filter_map(|grant| grant.id.as_ref()).collect();
        differ(ids.into_iter())?;
        for (id, link) in &self.org.links {
            link.devices.iter().try_for_each(|device| self.device(device))?;
            self.user(&link.maker)?;
            self.condition(&link.condition)?;
            must(!link.devices.is_empty(), "no devices in link", id)?;
            must(link.condition.from.is_some() && link.condition.until.is_some(), "no dates in link", id)?;
            self.patterns(&link.allow)?;
            let classes_fit =
                self.vocabulary.expand_all(&link.allow).iter().all(|c| self.vocabulary.class(c) == "view");
            must(classes_fit, "a capability beyond class view in link", id)?;
        }
        Ok(())
    }

    fn ids(&self) -> Checked {
        let org = self.org;
        differ(org.users.keys())?;
        differ(org.teams.keys())?;
        differ(org.roles.keys())?;
        differ(org.places.keys())?;
        differ(org.recorders.keys())?;
        differ(org.devices.keys())?;
        differ(org.device_groups.keys())?;
        differ(org.layouts.keys())?;
        differ(org.schedules.keys())?;
        differ(org.links.keys())
    }

    fn users_and_teams(&self) -> Checked {
        self.org.owners.iter().try_for_each(|id| self.user(id))?;
        for (id, user) in &self.org.users {
            self.condition(&user.own)?;
            let mut seen = BTreeSet::from([id]);
            let mut next = user.same_as.as_ref();
            while let Some(other) = next {
                self.user(other)?;
                must(seen.insert(other), "a circle of same_as at", id)?;
                next = self.org.users.get(other).and_then(|one| one.same_as.as_ref());
            }
        }
        for (id, team) in &self.org.teams {
            self.condition(&team.condition)?;
            self.named(&team.members)?;
            self.no_circle_of_teams(id, &mut vec![id])?;
        }
        Ok(())
    }

    fn no_circle_of_teams<'a>(&'a self, id: &'a String, above: &mut Vec<&'a String>) -> Checked {
        for member in self.org.teams.get(id).map(|team| team.members.as_slice()).unwrap_or_default() {
            if let Named::Team(below) = member {
                must(!above.contains(&below), "a circle of teams at", below)?;
                above.push(below);
                self.no_circle_of_teams(below, above)?;
                above.pop();
            }
        }
        Ok(())
    }

    fn roles(&self) -> Checked {
        for (id, role) in &self.org.roles {
            self.patterns(&role.allow)?;
            self.patterns(&role.without)?;
            self.no_circle_of_roles(id, &mut vec![id])?;
        }
        Ok(())
    }

    fn no_circle_of_roles<'a>(&'a self, id: &'a String, above: &mut Vec<&'a String>) -> Checked {
        for other in self.org.roles.get(id).map(|role| role.extends.as_slice()).unwrap_or_default() {
            must(self.org.roles.contains_key(other), "unknown role", other)?;
            must(!above.contains(&other), "a circle of roles at", other)?;
            above.push(other);
            self.no_circle_of_roles(other, above)?;
            above.pop();
        }
        Ok(())
    }

    fn things(&self) -> Checked {
        let org = self.org;
        for (path, place) in &org.places {
            must(path.matches('/').count() <= org.max_group_depth, "nested too deep:", path)?;
            self.recorder(place.recorder.as_ref())?;
        }
        let mut servers = BTreeSet::new();
        for (id, recorder) in &org.recorders {
            let unique = servers.insert((recorder.kind.clone(), recorder.server.to_ascii_lowercase()));
            must(unique && !recorder.server.contains(','), "the server of recorder", id)?;
            recorder.owners.iter().try_for_each(|id| self.user(id))?;
        }
        for device in org.devices.values() {
            self.place(device.place.as_ref())?;
            self.recorder(device.recorder.as_ref())?;
            device.owners.iter().try_for_each(|id| self.user(id))?;
            let declared = |group: &String| group == "exclude" || org.device_groups.contains_key(group);
            device.device_groups.iter().try_for_each(|one| must(declared(one), "unknown device group", one))?;
        }
        for (id, devices) in &org.device_groups {
            must(!id.eq_ignore_ascii_case("exclude"), "a built-in device group declared:", id)?;
            devices.iter().try_for_each(|device| self.device(device))?;
        }
        for layout in org.layouts.values() {
            self.place(layout.place.as_ref())?;
            self.recorder(layout.recorder.as_ref())?;
            layout.devices.iter().try_for_each(|device| self.device(device))?;
        }
        Ok(())
    }

    fn grant(&self, grant: &Grant) -> Checked {
        self.named(&grant.to)?;
        self.named(&grant.except)?;
        must(!grant.to.is_empty() && !grant.scope.is_empty(), "without `to` or `scope`", "")?;
        grant.scope.iter().chain(&grant.except_scope).try_for_each(|scope| self.scope(scope))?;
        let gives = !grant.roles.is_empty() || !grant.allow.is_empty();
        must(gives != grant.is_denial(), "`deny` beside `role` or `allow`, or none of them", "")?;
        must(!grant.is_denial() || (!grant.read_only && grant.consent == "accepted"), "fields no denial bears", "")?;
        must(grant.is_denial() || grant.condition.outside.is_none(), "`outside` in a grant", "")?;
        grant.roles.iter().try_for_each(|role| must(self.org.roles.contains_key(role), "unknown role", role))?;
        self.patterns(&grant.allow)?;
        self.patterns(grant.deny.as_deref().unwrap_or_default())?;
        let group = |name: &String| must(self.org.device_groups.contains_key(name), "no device group", name);
        grant.only.iter().flatten().try_for_each(group)?;
        self.condition(&grant.condition)
    }

    fn scope(&self, scope: &str) -> Checked {
        let org = self.org;
        let known = match scope.split_once(':') {
            None => matches!(scope, "org" | "unassigned" | "all"),
            Some(("site", path)) => !path.contains('/') && org.places.contains_key(path),
            Some(("group", path)) => path.contains('/') && org.places.contains_key(path),
            Some(("device", id)) => org.devices.contains_key(id),
            Some(("device_group", id)) => org.device_groups.contains_key(id),
            Some(("layout", id)) => org.layouts.contains_key(id),
            Some(("recorder", id)) => org.recorders.contains_key(id),
            Some(_) => false,
        };
        must(known, "unknown scope", scope)
    }

    fn named(&self, all: &[Named]) -> Checked {
        all.iter().try_for_each(|named| match named {
            Named::User(id) => self.user(id),
            Named::Team(id) => must(self.org.teams.contains_key(id), "unknown team", id),
            Named::Everyone => Ok(()),
        })
    }

    fn patterns(&self, patterns: &[String]) -> Checked {
        let matches = |one: &String| must(!self.vocabulary.expand(one).is_empty(), "no capability matches", one);
        patterns.iter().try_for_each(matches)
    }

    fn condition(&self, condition: &Condition) -> Checked {
        let known = |id: &String| must(self.org.schedules.contains_key(id), "unknown schedule", id);
        condition.schedules.iter().try_for_each(known)?;
        let in_order = !matches!((condition.from, condition.until), (Some(from), Some(until)) if until <= from);
        must(in_order, "`until` not after `from`", "")
    }

    fn user(&self, id: &str) -> Checked {
        must(self.org.users.contains_key(id), "unknown user", id)
    }

    fn device(&self, id: &str) -> Checked {
        must(self.org.devices.contains_key(id), "unknown device", id)
    }

    fn place(&self, path: Option<&String>) -> Checked {
        path.map_or(Ok(()), |path| must(self.org.places.contains_key(path), "unknown place", path))
    }

    fn recorder(&self, id: Option<&String>) -> Checked {
        id.map_or(Ok(()), |id| must(self.org.recorders.contains_key(id), "unknown recorder", id))
    }
}
