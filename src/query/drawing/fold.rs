//! Folding: users, devices and links that are connected alike and say the same become one node. In: nodes with their labels,
//! and edges. Out: the same, with the alike together.

use std::collections::{BTreeMap, BTreeSet};

use super::{Drawing, Drawn, Edge, Edges, Node};
use crate::graph::Resource;

/// How many alike are folded at least, and how many of them are named.
const LEAST: usize = 3;
const NAMED: usize = 3;

/// Edges of a node: whether it is their start, the other end, what they say.
type Standing = BTreeSet<(bool, Node, Edge)>;

pub(super) fn fold(labels: &BTreeMap<Node, Drawn>, edges: &Edges) -> Drawing {
    let mut standing: BTreeMap<Node, Standing> = BTreeMap::new();
    for (from, to, edge) in edges {
        standing.entry(*from).or_default().insert((true, *to, *edge));
        standing.entry(*to).or_default().insert((false, *from, *edge));
    }
    let mut alike: BTreeMap<(&str, &[String], Standing), Vec<Node>> = BTreeMap::new();
    let mut groups: Vec<Vec<Node>> = Vec::new();
    for (node, drawn) in labels {
        match many(node).filter(|_| !drawn.asked) {
            Some(what) => {
                let more = drawn.lines.get(1..).unwrap_or_default();
                let standing = standing.get(node).cloned().unwrap_or_default();
                alike.entry((what, more, standing)).or_default().push(*node);
            }
            None => groups.push(vec![*node]),
        }
    }
    let mut nodes: Vec<Drawn> = Vec::new();
    for ((what, more, _), members) in alike {
        if members.len() < LEAST {
            groups.extend(members.into_iter().map(|node| vec![node]));
            continue;
        }
        let mut names: Vec<&str> =
            members.iter().filter_map(|node| Some(labels.get(node)?.lines.first()?.as_str())).collect();
        names.sort_unstable();
        let mut lines = vec![format!("{} {what}", members.len())];
        lines.extend(names.iter().take(NAMED).map(|name| (*name).to_owned()));
        if names.len() > NAMED {
            lines.push(format!("and {} more", names.len() - NAMED));
        }
        lines.extend(more.iter().cloned());
        let look = members.first().and_then(|node| labels.get(node)).map(|drawn| drawn.look);
        nodes.extend(look.map(|look| Drawn { look, lines, asked: false }));
        groups.insert(nodes.len() - 1, members);
    }
    // the groups that were folded stand first, as their nodes do
    let alone = groups.iter().skip(nodes.len()).filter_map(|group| labels.get(group.first()?)).cloned();
    let alone: Vec<Drawn> = alone.collect();
    nodes.extend(alone);
    let numbers: BTreeMap<Node, usize> =
        groups.iter().zip(0..).flat_map(|(group, number)| group.iter().map(move |node| (*node, number))).collect();
    let number = |node: &Node| numbers.get(node).copied();
    let edges: BTreeSet<(usize, usize, Edge)> =
        edges.iter().filter_map(|(from, to, edge)| Some((number(from)?, number(to)?, *edge))).collect();
    Drawing { nodes, edges: edges.into_iter().collect() }
}

/// What several such nodes are called together; none for those that are never folded.
fn many(node: &Node) -> Option<&'static str> {
    match node {
        Node::User(_) => Some("users"),
        Node::Link(_) => Some("links"),
        Node::Resource(Resource::Device(_)) => Some("devices"),
        Node::Resource(Resource::Place(_)) => Some("places"),
        _ => None,
    }
}
