//! Sets of subjects and resources by the names that the policy has for them: teams, sites, groups, device groups,
//! recorders, layouts, everyone, all.
//!
//! In: a set. Out: names that together are exactly this set, with exceptions where that is shorter, and the members that
//! are left, each by its own name. Deterministic, and about as short as can be: at each step the name that saves most.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, BinaryHeap, HashMap, HashSet};

use rustc_hash::FxBuildHasher;
use schemars::JsonSchema;
use serde::Serialize;

use super::why::Who;
use crate::effective::OrgRights;
use crate::graph::{Resource, ResourceIx};
use crate::model::{Index as _, UserIx};
use crate::vocabulary::ResourceKind;

/// How many names an exception is as bad as.
const EXCEPTION: i64 = 2;

/// A set in names.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, JsonSchema)]
pub struct NamedSet {
    /// How many members it has.
    pub count: u64,
    /// Names of more than one member, the largest first.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schemars(default)]
    pub names: Vec<NamedPart>,
    /// The other members, each by its own name, sorted.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schemars(default)]
    pub members: Vec<String>,
}

/// A name, and what it stands for in a set.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, JsonSchema)]
pub struct NamedPart {
    /// `everyone`, `team:…`; `all`, `unassigned`, `site:…` and so on.
    pub name: String,
    /// Of resources: of which kind those are that are meant, of all that the name reaches.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kind: Option<&'static str>,
    /// How many are meant, without the exceptions.
    pub count: u64,
    /// Those of the name that are not meant, sorted.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schemars(default)]
    pub except: Vec<String>,
}

/// Members of one kind, by number, and the names that stand for several of them.
#[derive(Debug, Default)]
struct Universe {
    names: Vec<String>,
    members: Vec<Vec<u32>>,
    /// For each member, by its number, the names that it has.
    names_of: Vec<Vec<u32>>,
}

impl Universe {
    /// Names are added in the order in which the first of equals is taken.
    fn add(&mut self, name: String, members: Vec<u32>) {
        if members.len() < 2 {
            return; // its own name is as short
        }
        let number = self.names.len() as u32;
        let end = members.iter().max().map_or(0, |last| *last as usize + 1);
        self.names_of.resize_with(self.names_of.len().max(end), Vec::new);
        for member in &members {
            self.names_of[*member as usize].push(number);
        }
        self.names.push(name);
        self.members.push(members);
    }

    /// The names that are exactly `target`, which ascends, with what each leaves out, and the members that no name is
    /// worth.
    fn cover(&self, target: &[u32]) -> (Vec<(u32, Vec<u32>)>, Vec<u32>) {
        let mut inside: HashMap<u32, usize, FxBuildHasher> = HashMap::default();
        for member in target {
            for name in self.names_of.get(*member as usize).into_iter().flatten() {
                *inside.entry(*name).or_default() += 1;
            }
        }
        let size = |name: u32| self.members.get(name as usize).map_or(0, Vec::len);
        // what is saved: the members that need not be listed, less this name and its exceptions, which read worse
        let saved =
            |name: u32, gained: usize, inside: usize| gained as i64 - 1 - EXCEPTION * (size(name) - inside) as i64;
        let mut heap: BinaryHeap<(i64, Reverse<usize>, Reverse<u32>)> = BinaryHeap::new();
        for (name, count) in &inside {
            let promised = saved(*name, *count, *count);
            if promised > 0 {
                heap.push((promised, Reverse(size(*name) - count), Reverse(*name)));
            }
        }
        let mut open: HashSet<u32, FxBuildHasher> = target.iter().copied().collect();
        let mut taken = Vec::new();
        while let Some((promised, left_out, Reverse(name))) = heap.pop() {
            if promised <= 0 {
                break;
            }
            let Some(members) = self.members.get(name as usize) else { continue };
            let gained = members.iter().filter(|member| open.contains(member)).count();
            let count = inside.get(&name).copied().unwrap_or_default();
            let now = saved(name, gained, count);
            if now < promised {
                heap.push((now, left_out, Reverse(name)));
                continue;
            }
            for member in members {
                open.remove(member);
            }
            let except = members.iter().copied().filter(|member| target.binary_search(member).is_err()).collect();
            taken.push((name, except));
        }
        (taken, target.iter().copied().filter(|member| open.contains(member)).collect())
    }
}

/// Names the sets of one organisation.
#[derive(Debug)]
pub struct SetNames<'r> {
    rights: &'r OrgRights,
    users: Universe,
    resources: [Universe; 7],
}

impl<'r> SetNames<'r> {
    /// Looks all names up.
    #[must_use]
    pub fn new(rights: &'r OrgRights) -> SetNames<'r> {
        let resources = ResourceKind::ALL.map(|kind| resources(rights, kind));
        SetNames { rights, users: users(rights), resources }
    }

    /// A set of subjects. A team stands for those of its users who are enabled: the others hold nothing.
    #[must_use]
    pub fn subjects(&self, subjects: &[Who]) -> NamedSet {
        let org = &self.rights.org;
        let users = subjects.iter().filter_map(|who| match who {
            Who::User(user) => Some(user.number() as u32),
            Who::Link(_) => None,
        });
        let name = |user: u32| format!("user:{}", org.users[UserIx(user)].id);
        let mut set = named(&self.users, users.collect(), None, name);
        set.members.extend(subjects.iter().filter_map(|who| match who {
            Who::Link(link) => Some(format!("link:{}", org.links[*link].id)),
            Who::User(_) => None,
        }));
        set.finished(subjects.iter().collect::<BTreeSet<_>>().len())
    }

    /// A set of resources; those of each kind are named by themselves.
    #[must_use]
    pub fn resources(&self, resources: &[ResourceIx]) -> NamedSet {
        let containment = &self.rights.graph.containment;
        let org = &self.rights.org;
        let mut by_kind: BTreeMap<ResourceKind, Vec<u32>> = BTreeMap::new();
        for resource in resources {
            by_kind.entry(containment.resource(*resource).kind(org)).or_default().push(resource.0);
        }
        let mut all = NamedSet::default();
        for (kind, members) in by_kind {
            let Some(universe) = self.resources.get(kind as usize) else { continue };
            let name = |resource: u32| containment.resource(ResourceIx(resource)).text(org);
            let set = named(universe, members, Some(kind.name()), name);
            all.names.extend(set.names);
            all.members.extend(set.members);
        }
        all.finished(resources.iter().collect::<BTreeSet<_>>().len())
    }
}

fn named(
    universe: &Universe,
    mut target: Vec<u32>,
    kind: Option<&'static str>,
    name: impl Fn(u32) -> String,
) -> NamedSet {
    target.sort_unstable();
    target.dedup();
    let (taken, left) = universe.cover(&target);
    let part = |(number, except): (u32, Vec<u32>)| {
        let size = universe.members.get(number as usize).map_or(0, Vec::len);
        let mut except: Vec<String> = except.into_iter().map(&name).collect();
        except.sort_unstable();
        let own = universe.names.get(number as usize).cloned().unwrap_or_default();
        NamedPart { name: own, kind, count: (size - except.len()) as u64, except }
    };
    let names = taken.into_iter().map(part).collect();
    NamedSet { count: 0, names, members: left.into_iter().map(name).collect() }
}

impl NamedSet {
    /// With the number of its members, which names that overlap do not add up to.
    fn finished(mut self, count: usize) -> NamedSet {
        self.members.sort_unstable();
        self.count = count as u64;
        self
    }

    /// In words: names first, then members; of either as many as fit.
    #[must_use]
    pub fn text(&self) -> String {
        const SHOWN: usize = 12;
        const EXCEPT: usize = 6;
        let listed = |items: &[String], shown: usize| {
            let mut text = items.iter().take(shown).map(|item| format!("`{item}`")).collect::<Vec<_>>().join(", ");
            if items.len() > shown {
                text.push_str(&format!(" and {} more", items.len() - shown));
            }
            text
        };
        let mut parts: Vec<String> = Vec::new();
        for part in self.names.iter().take(SHOWN) {
            let what = match part.kind {
                Some(kind) => format!("{} {}s", part.count, kind.replace('_', " ")),
                None => part.count.to_string(),
            };
            let except = match part.except.len() {
                0 => String::new(),
                _ => format!(", all but {}", listed(&part.except, EXCEPT)),
            };
            parts.push(format!("`{}` ({what}{except})", part.name));
        }
        if self.names.len() > SHOWN {
            parts.push(format!("{} more names", self.names.len() - SHOWN));
        }
        if !self.members.is_empty() {
            parts.push(listed(&self.members, SHOWN));
        }
        if parts.is_empty() { "nobody and nothing".to_owned() } else { parts.join(", ") }
    }
}

/// Enabled users: everyone, and the teams by id.
fn users(rights: &OrgRights) -> Universe {
    let org = &rights.org;
    let enabled = |user: &UserIx| org.users[*user].disabled == Some(false);
    let mut universe = Universe::default();
    let numbers = |users: &mut dyn Iterator<Item = UserIx>| users.map(|user| user.0).collect::<Vec<u32>>();
    universe.add("everyone".to_owned(), numbers(&mut org.users.indices().filter(enabled)));
    let mut teams: Vec<_> = org.teams.iter().collect();
    teams.sort_by(|a, b| a.1.id.cmp(&b.1.id));
    for (index, team) in teams {
        let users = rights.graph.inheritance.users_of(org, index);
        universe.add(format!("team:{}", team.id), numbers(&mut users.into_iter().filter(enabled)));
    }
    universe
}

/// Resources of one kind: all, and by what reaches several of them.
fn resources(rights: &OrgRights, kind: ResourceKind) -> Universe {
    let containment = &rights.graph.containment;
    let org = &rights.org;
    let mut all = Vec::new();
    let mut unassigned = Vec::new();
    let mut above: BTreeMap<Resource, Vec<u32>> = BTreeMap::new();
    for (index, resource) in containment.resources().filter(|(_, resource)| resource.kind(org) == kind) {
        all.push(index.0);
        if matches!(resource, Resource::Device(device) if org.devices[device].place.is_none()) {
            unassigned.push(index.0);
        }
        let mut holders = containment.above(resource);
        if matches!(resource, Resource::Place(_)) {
            holders.push(resource); // a group's name reaches the group itself
        }
        holders.sort_unstable();
        holders.dedup();
        for holder in holders {
            above.entry(holder).or_default().push(index.0);
        }
    }
    let mut universe = Universe::default();
    universe.add("all".to_owned(), all);
    let mut named: Vec<(Resource, Vec<u32>)> = above.into_iter().collect();
    let order = |resource: &Resource| match resource {
        Resource::Org => 0,
        Resource::Place(_) => 1,
        Resource::DeviceGroup(_) => 2,
        Resource::Recorder(_) => 3,
        Resource::Layout(_) => 4,
        Resource::Device(_) => 5,
    };
    named.sort_by_cached_key(|(resource, _)| (order(resource), resource.text(org)));
    for (resource, members) in named {
        universe.add(resource.text(org), members);
    }
    universe.add("unassigned".to_owned(), unassigned);
    universe
}
