//! The inheritance graph as a drawing: who is in which team, whom grants name, what they give on what, and what lies in
//! what. In: rights and what it is drawn around. Out: nodes and edges with their labels, then text for Graphviz or Mermaid.
//!
//! Users, devices and the like that are connected alike are one node, so that a drawing grows with the variety of a policy
//! and not with its size. Nothing here depends on the order of declarations; every name is escaped where it is written.

mod around;
mod dot;
mod fold;
mod labels;
mod mermaid;

pub use dot::dot;
pub use mermaid::mermaid;

use std::collections::{BTreeMap, BTreeSet};

use super::why::{Asker, Who};
use crate::effective::OrgRights;
use crate::graph::{Line, Resource, ResourceIx};
use crate::model::{GrantIx, LinkIx, RoleIx, RoleRef, Scope, Subject, TeamIx, UserIx};

/// What a drawing is drawn around. Of several things of a kind: the part around any of them; of subjects and resources:
/// what leads from those to these.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Around {
    /// Users and links.
    pub subjects: Vec<Who>,
    /// Teams.
    pub teams: Vec<TeamIx>,
    /// Resources.
    pub resources: Vec<ResourceIx>,
    /// Only grants and denials of this capability.
    pub capability: Option<usize>,
}

/// Something that is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Node {
    Everyone,
    User(UserIx),
    Team(TeamIx),
    Link(LinkIx),
    Grant(GrantIx),
    Role(RoleIx),
    BuiltInRole(&'static str),
    All,
    Unassigned,
    Resource(Resource),
}

/// What an edge says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Edge {
    /// A subject is in a team, a team in a grant's `to`; a grant gives a role, or is on a resource.
    Leads,
    /// A resource holds another.
    Holds,
    /// A device is recorded there, or a layout belongs there.
    Records,
    /// A user is listed wherever another is.
    SameAs,
    /// A user owns a resource.
    Owns,
    /// A role extends another.
    Extends,
    /// A grant leaves this subject or resource out.
    Except,
    /// A grant keeps of the devices those of this group.
    Only,
    /// A user has made a link.
    Makes,
}

/// The looks of a node.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Look {
    /// A user, a team, a link.
    Subject,
    /// A grant.
    Grant,
    /// A denial.
    Denial,
    /// A role.
    Role,
    /// A resource.
    Resource,
}

/// A node as it is drawn.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Drawn {
    /// Its looks.
    pub look: Look,
    /// Its lines: the first names it.
    pub lines: Vec<String>,
    /// Whether it was asked for.
    pub asked: bool,
}

/// A drawing. Nodes are sorted by what they say; edges name them by number.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Drawing {
    /// The nodes.
    pub nodes: Vec<Drawn>,
    /// From which to which, and what that says; sorted.
    pub edges: Vec<(usize, usize, Edge)>,
}

type Edges = BTreeSet<(Node, Node, Edge)>;

impl Edge {
    /// What stands beside it; nothing where its ends say enough.
    pub(super) fn label(self) -> Option<&'static str> {
        match self {
            Edge::Leads | Edge::Holds => None,
            Edge::Records => Some("records"),
            Edge::SameAs => Some("same as"),
            Edge::Owns => Some("owns"),
            Edge::Extends => Some("extends"),
            Edge::Except => Some("except"),
            Edge::Only => Some("only"),
            Edge::Makes => Some("makes"),
        }
    }
}

impl Asker<'_> {
    /// The graph of the organisation, or the part around something.
    #[must_use]
    pub fn drawing(&self, around: &Around) -> Drawing {
        let rights = self.rights;
        let all = edges(rights);
        let (nodes, asked) = around::nodes(rights, &all, around);
        let mut kept: Edges =
            all.into_iter().filter(|(from, to, _)| nodes.contains(from) && nodes.contains(to)).collect();
        // all users are of everyone: said of those that were asked for
        let users = asked.iter().filter(|node| matches!(node, Node::User(_)) && nodes.contains(&Node::Everyone));
        kept.extend(users.map(|user| (*user, Node::Everyone, Edge::Leads)));
        let labels = labels::labels(self, &nodes, &asked);
        let folded = fold::fold(&labels, &kept);
        // by what they say, so that the order of declarations has no say
        let mut order: Vec<(&Drawn, usize)> = folded.nodes.iter().zip(0..).collect();
        order.sort();
        let number: BTreeMap<usize, usize> = order.iter().zip(0..).map(|((_, old), new)| (*old, new)).collect();
        let new = |old: &usize| number.get(old).copied().unwrap_or_default();
        let edges: BTreeSet<_> = folded.edges.iter().map(|(from, to, edge)| (new(from), new(to), *edge)).collect();
        Drawing { nodes: order.into_iter().map(|(node, _)| node.clone()).collect(), edges: edges.into_iter().collect() }
    }
}

pub(super) fn of_subject(subject: Subject) -> Node {
    match subject {
        Subject::Everyone => Node::Everyone,
        Subject::User(user) => Node::User(user),
        Subject::Team(team) => Node::Team(team),
    }
}

pub(super) fn of_role(role: RoleRef) -> Node {
    match role {
        RoleRef::Declared(role) => Node::Role(role),
        RoleRef::BuiltIn(role) => Node::BuiltInRole(&role.name),
    }
}

pub(super) fn of_scope(scope: Scope) -> Node {
    Node::Resource(match scope {
        Scope::All => return Node::All,
        Scope::Unassigned => return Node::Unassigned,
        Scope::Org => Resource::Org,
        Scope::Place(place) => Resource::Place(place),
        Scope::Device(device) => Resource::Device(device),
        Scope::DeviceGroup(group) => Resource::DeviceGroup(group),
        Scope::Layout(layout) => Resource::Layout(layout),
        Scope::Recorder(recorder) => Resource::Recorder(recorder),
    })
}

/// Every edge of an organisation.
fn edges(rights: &OrgRights) -> Edges {
    let org = &rights.org;
    let mut edges = Edges::new();
    let mut own = |owners: &[(UserIx, crate::source::Span)], resource| {
        edges.extend(owners.iter().map(|(user, _)| (Node::User(*user), Node::Resource(resource), Edge::Owns)));
    };
    own(&org.owners, Resource::Org);
    org.recorders.iter().for_each(|(index, recorder)| own(&recorder.owners, Resource::Recorder(index)));
    org.devices.iter().for_each(|(index, device)| own(&device.owners, Resource::Device(index)));
    for (index, user) in org.users.iter() {
        edges.extend(user.same_as.map(|(other, _)| (Node::User(index), Node::User(other), Edge::SameAs)));
    }
    for (index, team) in org.teams.iter() {
        let listed = team.members.iter().map(|(member, _)| (of_subject(*member), Node::Team(index), Edge::Leads));
        edges.extend(listed);
    }
    for (index, role) in org.roles.iter() {
        edges.extend(role.extends.iter().map(|(other, _)| (Node::Role(index), of_role(*other), Edge::Extends)));
    }
    for role in crate::vocabulary::vocabulary().roles() {
        let extends = role.extends.as_deref();
        edges.extend(extends.map(|other| (Node::BuiltInRole(&role.name), Node::BuiltInRole(other), Edge::Extends)));
    }
    for (index, _) in org.grants.iter() {
        edges.extend(of_grant(rights, index));
    }
    for (index, link) in org.links.iter() {
        edges.extend(link.created_by.map(|(user, _)| (Node::User(user), Node::Link(index), Edge::Makes)));
        let opened = link.devices.iter().map(|(device, _)| Node::Resource(Resource::Device(*device)));
        edges.extend(opened.map(|device| (Node::Link(index), device, Edge::Leads)));
    }
    for (_, resource) in rights.graph.containment.resources() {
        for (holder, line) in rights.graph.containment.holders(resource) {
            let edge = if line == Line::Recorder { Edge::Records } else { Edge::Holds };
            edges.insert((Node::Resource(holder), Node::Resource(resource), edge));
        }
    }
    edges
}

fn of_grant(rights: &OrgRights, index: GrantIx) -> Vec<(Node, Node, Edge)> {
    let grant = &rights.org.grants[index];
    let this = Node::Grant(index);
    let mut edges: Vec<(Node, Node, Edge)> = Vec::new();
    edges.extend(grant.to.iter().map(|(subject, _)| (of_subject(*subject), this, Edge::Leads)));
    edges.extend(grant.except.iter().map(|(subject, _)| (of_subject(*subject), this, Edge::Except)));
    edges.extend(grant.roles.iter().map(|(role, _)| (this, of_role(*role), Edge::Leads)));
    edges.extend(grant.scope.iter().map(|(scope, _)| (this, of_scope(*scope), Edge::Leads)));
    edges.extend(grant.except_scope.iter().map(|(scope, _)| (this, of_scope(*scope), Edge::Except)));
    let only = grant.only.iter().flatten().map(|(group, _)| Node::Resource(Resource::DeviceGroup(*group)));
    edges.extend(only.map(|group| (this, group, Edge::Only)));
    edges
}
