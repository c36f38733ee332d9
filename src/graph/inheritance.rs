//! Teams, roles and `same_as`: the orders in which they can be put together, and what roles come to.

use std::collections::BTreeSet;
use std::ops::{Index, Range};

use petgraph::graph::{DiGraph, NodeIndex};

use super::circles::{Components, Named, Wording, components};
use super::rules;
use crate::diagnostics::Diagnostic;
use crate::model::{Arena, Index as _, Org, Role, RoleIx, RoleRef, Subject, Team, TeamIx, User, UserIx};
use crate::source::Span;
use crate::vocabulary::CapabilitySet;

/// Inheritance without circles.
#[derive(Clone, Debug)]
pub struct Inheritance {
    /// All teams, a team behind those that it lists.
    pub team_order: Vec<TeamIx>,
    /// Whom each team lists, less what made a circle.
    pub members: Arena<TeamIx, Vec<Subject>>,
    /// All roles, a role behind those that it extends.
    pub role_order: Vec<RoleIx>,
    /// What each role comes to: `(⋃ caps(extended) ∪ allow) ∖ without` (`semantics §3`).
    pub capabilities: Arena<RoleIx, CapabilitySet>,
    /// Of this, what is named for what it is: one by one, or by the role of a system.
    pub named: Arena<RoleIx, CapabilitySet>,
    /// Whether a role, or one that it extends, has a mistake.
    pub broken_roles: Arena<RoleIx, bool>,
    /// Whose equal each user is in the first place, less what made a circle.
    pub same_as: Arena<UserIx, Option<UserIx>>,
    /// For each user, all who are listed wherever it is listed: itself, and its equals through chains (`semantics §2`).
    pub equals: Equals,
    /// Whose own networks, and whose own licences, each user has: its own, or those of the nearest user whom it equals.
    pub networks_of: Arena<UserIx, Option<UserIx>>,
    /// The same for licences.
    pub licenses_of: Arena<UserIx, Option<UserIx>>,
}

/// Users with all who equal them. Who equals a user stands right behind it, so that each has a part of one list, and a
/// chain of any length costs no more than its users.
#[derive(Clone, Debug)]
pub struct Equals {
    users: Vec<UserIx>,
    parts: Arena<UserIx, Range<usize>>,
}

impl Index<UserIx> for Equals {
    type Output = [UserIx];

    fn index(&self, user: UserIx) -> &[UserIx] {
        self.users.get(self.parts[user].clone()).unwrap_or_default()
    }
}

impl Inheritance {
    /// The users of a team and of those that it lists, ascending, with all who are listed wherever one of them is.
    #[must_use]
    pub fn users_of(&self, org: &Org, team: TeamIx) -> BTreeSet<UserIx> {
        let (mut users, mut seen, mut open) = (BTreeSet::new(), BTreeSet::new(), vec![team]);
        while let Some(team) = open.pop() {
            if !seen.insert(team) {
                continue;
            }
            for member in &self.members[team] {
                match member {
                    Subject::Everyone => users.extend(org.users.indices()),
                    Subject::User(user) => users.extend(&self.equals[*user]),
                    Subject::Team(inner) => open.push(*inner),
                }
            }
        }
        users
    }
}

pub(super) fn build(org: &Org, diagnostics: &mut Vec<Diagnostic>) -> Inheritance {
    let (team_order, members) = teams(org, diagnostics);
    let (role_order, capabilities, named, broken_roles) = roles(org, diagnostics);
    let same_as = users(org, diagnostics);
    let equals = equals(&same_as);
    let networks_of = nearest_own(&same_as, &equals, |user| org.users[user].networks.is_some());
    let licenses_of = nearest_own(&same_as, &equals, |user| org.users[user].licenses.is_some());
    Inheritance {
        team_order,
        members,
        role_order,
        capabilities,
        named,
        broken_roles,
        same_as,
        equals,
        networks_of,
        licenses_of,
    }
}

fn graph_of<'n, I: crate::model::Index, T>(
    things: &'n Arena<I, T>,
    name: impl Fn(&'n T) -> Named<'n>,
    edges: impl Fn(&'n T) -> Vec<(I, Span)>,
) -> DiGraph<Named<'n>, Span> {
    let mut graph = DiGraph::with_capacity(things.len(), things.len());
    for (_, thing) in things.iter() {
        graph.add_node(name(thing));
    }
    for (index, thing) in things.iter() {
        for (target, span) in edges(thing) {
            graph.add_edge(NodeIndex::new(index.number()), NodeIndex::new(target.number()), span);
        }
    }
    graph
}

fn teams(org: &Org, diagnostics: &mut Vec<Diagnostic>) -> (Vec<TeamIx>, Arena<TeamIx, Vec<Subject>>) {
    let graph = graph_of(
        &org.teams,
        |team: &Team| Named { name: &team.id, span: team.span },
        |team| {
            let teams = team.members.iter().filter_map(|(member, span)| match member {
                Subject::Team(team) => Some((*team, *span)),
                _ => None,
            });
            teams.collect()
        },
    );
    let wording = Wording {
        rule: &rules::TEAM_CIRCLE,
        thing: "team",
        prefix: "team:",
        verb: "contains",
        help: "take one of these members out",
    };
    let Components { order, on_circle } = components(&graph, &wording, diagnostics);
    let members = org.teams.iter().map(|(team, declared)| {
        let listed = declared.members.iter().map(|(member, _)| *member);
        let node = NodeIndex::new(team.number());
        let kept = listed.filter(|member| match member {
            Subject::Team(other) => !on_circle.contains(&(node, NodeIndex::new(other.number()))),
            _ => true,
        });
        kept.collect()
    });
    (order.into_iter().map(|node| TeamIx::new(node.index())).collect(), members.collect())
}

/// Roles behind those that they extend; what each comes to, what of it is named, and whether it has a mistake.
type Roles = (Vec<RoleIx>, Arena<RoleIx, CapabilitySet>, Arena<RoleIx, CapabilitySet>, Arena<RoleIx, bool>);

fn roles(org: &Org, diagnostics: &mut Vec<Diagnostic>) -> Roles {
    let declared = |base: &RoleRef| match base {
        RoleRef::Declared(role) => Some(*role),
        RoleRef::BuiltIn(_) => None,
    };
    let graph = graph_of(
        &org.roles,
        |role: &Role| Named { name: &role.id, span: role.span },
        |role| role.extends.iter().filter_map(|(base, span)| Some((declared(base)?, *span))).collect(),
    );
    let wording = Wording {
        rule: &rules::ROLE_CIRCLE,
        thing: "role",
        prefix: "",
        verb: "extends",
        help: "take one of these `extends` out",
    };
    let Components { order, on_circle } = components(&graph, &wording, diagnostics);
    let mut capabilities: Arena<RoleIx, CapabilitySet> = org.roles.iter().map(|_| CapabilitySet::EMPTY).collect();
    let mut named = capabilities.clone();
    let mut broken: Arena<RoleIx, bool> = org.roles.iter().map(|(_, role)| role.broken).collect();
    let order: Vec<RoleIx> = order.into_iter().map(|node| RoleIx::new(node.index())).collect();
    for index in order.iter().copied() {
        let (node, role) = (NodeIndex::new(index.number()), &org.roles[index]);
        let (mut all, mut by_name) = (role.allow, role.named);
        for (base, _) in &role.extends {
            match base {
                RoleRef::BuiltIn(role) => {
                    all = all | role.capabilities;
                    by_name = by_name | role.named();
                }
                RoleRef::Declared(base) => {
                    if on_circle.contains(&(node, NodeIndex::new(base.number()))) {
                        broken[index] = true;
                    } else {
                        all = all | capabilities[*base];
                        by_name = by_name | named[*base];
                        broken[index] |= broken[*base];
                    }
                }
            }
        }
        capabilities[index] = all.without(role.without);
        named[index] = by_name.without(role.without);
    }
    (order, capabilities, named, broken)
}

/// Whose equal each user is, less what made a circle.
fn users(org: &Org, diagnostics: &mut Vec<Diagnostic>) -> Arena<UserIx, Option<UserIx>> {
    let graph = graph_of(
        &org.users,
        |user: &User| Named { name: &user.id, span: user.span },
        |user| user.same_as.into_iter().collect(),
    );
    let wording = Wording {
        rule: &rules::SAME_AS_CIRCLE,
        thing: "user",
        prefix: "",
        verb: "equals",
        help: "take one of these `same_as` out",
    };
    let Components { order: _, on_circle } = components(&graph, &wording, diagnostics);
    let same_as = org.users.iter().map(|(user, declared)| {
        let (other, _) = declared.same_as?;
        (!on_circle.contains(&(NodeIndex::new(user.number()), NodeIndex::new(other.number())))).then_some(other)
    });
    same_as.collect()
}

/// Every user, and right behind it all who equal it.
fn equals(same_as: &Arena<UserIx, Option<UserIx>>) -> Equals {
    let mut direct: Arena<UserIx, Vec<UserIx>> = same_as.iter().map(|_| Vec::new()).collect();
    let mut open = Vec::new();
    for (user, other) in same_as.iter() {
        match other {
            Some(other) => direct[*other].push(user),
            None => open.push(user),
        }
    }
    let mut users: Vec<UserIx> = Vec::with_capacity(same_as.len());
    let mut starts: Arena<UserIx, usize> = same_as.iter().map(|_| 0).collect();
    while let Some(user) = open.pop() {
        starts[user] = users.len();
        users.push(user);
        open.extend(&direct[user]);
    }
    let mut sizes: Arena<UserIx, usize> = same_as.iter().map(|_| 1).collect();
    for user in users.iter().rev() {
        if let Some(other) = same_as[*user] {
            let size = sizes[*user];
            sizes[other] += size;
        }
    }
    let parts = starts.iter().map(|(user, start)| *start..*start + sizes[user]).collect();
    Equals { users, parts }
}

/// For each user the nearest that has something of its own: itself, or one whom it equals.
fn nearest_own(
    same_as: &Arena<UserIx, Option<UserIx>>,
    equals: &Equals,
    has_own: impl Fn(UserIx) -> bool,
) -> Arena<UserIx, Option<UserIx>> {
    let mut nearest: Arena<UserIx, Option<UserIx>> = same_as.iter().map(|_| None).collect();
    for user in &equals.users {
        nearest[*user] = if has_own(*user) { Some(*user) } else { same_as[*user].and_then(|other| nearest[other]) };
    }
    nearest
}
