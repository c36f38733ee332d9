//! Which nodes a drawing has: all, or those around some of them. In: all edges, and what is asked for. Out: nodes.

use std::collections::{BTreeMap, BTreeSet};

use super::{Around, Edge, Edges, Node, of_scope};
use crate::effective::{OrgRights, capabilities_of};
use crate::model::GrantIx;
use crate::query::why::{Who, scopes_of};

type Nodes = BTreeSet<Node>;

/// The nodes to draw, and those of them that were asked for.
pub(super) fn nodes(rights: &OrgRights, edges: &Edges, around: &Around) -> (Nodes, Nodes) {
    let grants = |index: &GrantIx| {
        let grant = &rights.org.grants[*index];
        around.capability.is_none_or(|capability| capabilities_of(&rights.graph, grant).has(capability))
    };
    let subjects: Nodes = asked_subjects(around);
    let resources: Nodes =
        around.resources.iter().map(|index| Node::Resource(rights.graph.containment.resource(*index))).collect();
    let graph = Neighbours::of(edges);
    let named: Nodes = rights.org.grants.indices().filter(grants).map(Node::Grant).collect();
    if subjects.is_empty() && resources.is_empty() {
        let mut all = everything(rights);
        if around.capability.is_some() {
            all.retain(|node| !matches!(node, Node::Grant(_)) || named.contains(node));
        }
        all.extend(graph.roles(&all));
        return (all, Nodes::new());
    }
    let up_subjects = graph.above_subjects(&subjects);
    let mut up_resources = above_resources(rights, &resources);
    // what a link gives is what its maker holds there
    let opened = graph.opened(&subjects);
    if resources.is_empty() {
        up_resources.extend(above_resources(rights, &opened));
    }
    let touches = |wanted: &Nodes, found: &[(Node, Edge)]| {
        wanted.is_empty() || found.iter().any(|(node, _)| wanted.contains(node))
    };
    let mut nodes: Nodes = named
        .into_iter()
        .filter(|grant| touches(&up_subjects, graph.before(grant)) && touches(&up_resources, graph.after(grant)))
        .collect();
    let chosen: Vec<Node> = nodes.iter().copied().collect();
    for grant in &chosen {
        let leading = |wanted: &Nodes, node: &Node| wanted.is_empty() || wanted.contains(node);
        let is_role = |node: &Node| matches!(node, Node::Role(_) | Node::BuiltInRole(_));
        nodes.extend(graph.before(grant).iter().map(|(node, _)| *node).filter(|node| leading(&up_subjects, node)));
        let after = graph.after(grant).iter().map(|(node, _)| *node);
        nodes.extend(after.filter(|node| is_role(node) || leading(&up_resources, node)));
    }
    nodes.extend(graph.roles(&nodes));
    if resources.is_empty() && opened.is_empty() {
        nodes.extend(&up_subjects);
    } else {
        // of the teams, those that lead to one of the grants
        nodes.extend(graph.leading(&up_subjects, &nodes));
    }
    nodes.extend(up_resources.iter().filter(|node| matches!(node, Node::Resource(_))));
    let asked: Nodes = subjects.union(&resources).copied().collect();
    // a step further from what was asked for: members, what it holds, who owns it
    let both = !subjects.is_empty() && !resources.is_empty();
    for node in &asked {
        let near = graph.before(node).iter().chain(graph.after(node));
        let wanted = |edge: &Edge| !both && !matches!(edge, Edge::Except | Edge::Only);
        let near = near.filter(|(other, edge)| wanted(edge) && !matches!(other, Node::Grant(_) | Node::Link(_)));
        nodes.extend(near.map(|(other, _)| *other));
        nodes.extend(graph.before(node).iter().filter(|(_, edge)| *edge == Edge::Owns).map(|(owner, _)| *owner));
    }
    nodes.extend(&asked);
    (nodes, asked)
}

fn asked_subjects(around: &Around) -> Nodes {
    let subjects = around.subjects.iter().map(|who| match who {
        Who::User(user) => Node::User(*user),
        Who::Link(link) => Node::Link(*link),
    });
    subjects.chain(around.teams.iter().map(|team| Node::Team(*team))).collect()
}

fn everything(rights: &OrgRights) -> Nodes {
    let org = &rights.org;
    let mut all: Nodes = org.users.indices().map(Node::User).collect();
    all.extend(org.teams.indices().map(Node::Team));
    all.extend(org.links.indices().map(Node::Link));
    all.extend(org.grants.indices().map(Node::Grant));
    all.extend(org.roles.indices().map(Node::Role));
    all.extend(rights.graph.containment.resources().map(|(_, resource)| Node::Resource(resource)));
    let grants = org.grants.indices().flat_map(|index| super::of_grant(rights, index));
    all.extend(grants.flat_map(|(from, to, _)| [from, to]));
    let listed = org.teams.iter().flat_map(|(_, team)| &team.members).map(|(member, _)| super::of_subject(*member));
    all.extend(listed);
    all
}

/// Resources with all that reaches them, `all` and `unassigned` among it.
fn above_resources(rights: &OrgRights, resources: &Nodes) -> Nodes {
    let mut above = resources.clone();
    for node in resources {
        let Node::Resource(resource) = *node else { continue };
        above.extend(scopes_of(rights, resource).into_iter().map(of_scope));
        above.insert(Node::All);
    }
    above
}

/// Edges by their ends.
struct Neighbours {
    before: BTreeMap<Node, Vec<(Node, Edge)>>,
    after: BTreeMap<Node, Vec<(Node, Edge)>>,
}

impl Neighbours {
    fn of(edges: &Edges) -> Neighbours {
        let mut neighbours = Neighbours { before: BTreeMap::new(), after: BTreeMap::new() };
        for (from, to, edge) in edges {
            neighbours.after.entry(*from).or_default().push((*to, *edge));
            neighbours.before.entry(*to).or_default().push((*from, *edge));
        }
        neighbours
    }

    fn before(&self, node: &Node) -> &[(Node, Edge)] {
        self.before.get(node).map(Vec::as_slice).unwrap_or_default()
    }

    fn after(&self, node: &Node) -> &[(Node, Edge)] {
        self.after.get(node).map(Vec::as_slice).unwrap_or_default()
    }

    /// All that follows from some nodes, themselves among it.
    fn closure(&self, from: &Nodes, next: impl Fn(Node) -> Vec<Node>) -> Nodes {
        let mut all = Nodes::new();
        let mut open: Vec<Node> = from.iter().copied().collect();
        while let Some(node) = open.pop() {
            if all.insert(node) {
                open.extend(next(node));
            }
        }
        all
    }

    /// Subjects with all by which a grant may name them: their equals, teams, everyone; of a link, its maker's.
    fn above_subjects(&self, subjects: &Nodes) -> Nodes {
        self.closure(subjects, |node| {
            let mut next: Vec<Node> = Vec::new();
            let teams = self.after(&node).iter().filter(|(to, edge)| match edge {
                Edge::SameAs => true,
                Edge::Leads => matches!(to, Node::Team(_)),
                _ => false,
            });
            next.extend(teams.map(|(to, _)| *to));
            if matches!(node, Node::User(_)) {
                next.push(Node::Everyone);
            }
            if matches!(node, Node::Link(_)) {
                let makers = self.before(&node).iter().filter(|(_, edge)| *edge == Edge::Makes);
                next.extend(makers.map(|(maker, _)| *maker));
            }
            next
        })
    }

    /// The devices that links among these open.
    fn opened(&self, subjects: &Nodes) -> Nodes {
        let links = subjects.iter().filter(|node| matches!(node, Node::Link(_)));
        links.flat_map(|link| self.after(link)).map(|(device, _)| *device).collect()
    }

    /// The roles that these give, and those that they extend.
    fn roles(&self, nodes: &Nodes) -> Nodes {
        let given: Nodes =
            nodes.iter().copied().filter(|node| matches!(node, Node::Role(_) | Node::BuiltInRole(_))).collect();
        self.closure(&given, |node| self.after(&node).iter().map(|(to, _)| *to).collect())
    }

    /// Those of some subjects from which a way leads to one of the targets.
    fn leading(&self, subjects: &Nodes, targets: &Nodes) -> Nodes {
        let ends: Nodes = subjects.intersection(targets).copied().collect();
        let mut leading = self.closure(&ends, |node| {
            let before = self.before(&node).iter().filter(|(from, edge)| {
                subjects.contains(from) && matches!(edge, Edge::Leads | Edge::SameAs | Edge::Makes)
            });
            before.map(|(from, _)| *from).collect()
        });
        leading.retain(|node| subjects.contains(node));
        leading
    }
}
