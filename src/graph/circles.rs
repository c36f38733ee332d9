//! Circles, as strongly connected components: each is reported once, whole, at its first member.

use std::collections::{HashMap, HashSet, VecDeque};

use petgraph::algo::kosaraju_scc;
use petgraph::graph::{DiGraph, NodeIndex};
use petgraph::visit::EdgeRef;

use crate::diagnostics::{Diagnostic, Rule};
use crate::source::Span;

/// A node of an inheritance graph: a name and where it is declared.
#[derive(Clone, Debug)]
pub(super) struct Named<'n> {
    pub name: &'n str,
    pub span: Span,
}

/// What the components of a graph tell.
pub(super) struct Components {
    /// Every node, those that others rest on first.
    pub order: Vec<NodeIndex>,
    /// Edges that lie on a circle.
    pub on_circle: HashSet<(NodeIndex, NodeIndex)>,
}

/// How a circle is told: the rule, the word for a member, and the word for the reference that makes it.
pub(super) struct Wording {
    pub rule: &'static Rule,
    pub thing: &'static str,
    pub prefix: &'static str,
    pub verb: &'static str,
    pub help: &'static str,
}

/// Finds the components of `graph`, whose edges bear the place of their reference. (Kosaraju's algorithm walks with
/// a stack of its own, so that no chain of references is too long for it.)
pub(super) fn components(
    graph: &DiGraph<Named<'_>, Span>,
    wording: &Wording,
    diagnostics: &mut Vec<Diagnostic>,
) -> Components {
    let mut order = Vec::with_capacity(graph.node_count());
    let mut on_circle = HashSet::new();
    for component in kosaraju_scc(graph) {
        let members: HashSet<NodeIndex> = component.iter().copied().collect();
        for node in &component {
            let inside = graph.edges(*node).map(|edge| edge.target()).filter(|target| members.contains(target));
            on_circle.extend(inside.map(|target| (*node, target)));
        }
        if let Some(first) = component.iter().copied().min_by_key(|node| graph[*node].span)
            && let Some(circle) = shortest_circle(graph, first, &members)
        {
            diagnostics.push(report(graph, &circle, wording));
        }
        order.extend(component);
    }
    Components { order, on_circle }
}

/// The shortest way from a node back to itself inside its component: the nodes in order, with the place of the edge
/// that leaves each.
fn shortest_circle(
    graph: &DiGraph<Named<'_>, Span>,
    first: NodeIndex,
    members: &HashSet<NodeIndex>,
) -> Option<Vec<(NodeIndex, Span)>> {
    let mut came_from: HashMap<NodeIndex, (NodeIndex, Span)> = HashMap::new();
    let mut queue = VecDeque::from([first]);
    while let Some(node) = queue.pop_front() {
        // petgraph lists a node's newest edge first; the order of the text decides between equals
        let mut edges: Vec<_> = graph.edges(node).map(|edge| (*edge.weight(), edge.target())).collect();
        edges.sort_unstable();
        for (span, target) in edges {
            if target == first {
                let mut circle = vec![(node, span)];
                let mut at = node;
                while at != first {
                    let (previous, span) = came_from[&at];
                    circle.push((previous, span));
                    at = previous;
                }
                circle.reverse();
                return Some(circle);
            }
            if members.contains(&target) && !came_from.contains_key(&target) {
                came_from.insert(target, (node, span));
                queue.push_back(target);
            }
        }
    }
    None
}

/// Members of a circle that a message names, at its start and at its end.
const NAMED: (usize, usize) = (8, 4);

/// The way round: the names in order, the first again at the end; the middle of a long way is only counted.
fn way(names: &[&str]) -> String {
    let quoted = |names: &[&str]| names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>();
    let (start, end) = NAMED;
    let mut steps = match names.len().checked_sub(start + end).filter(|more| *more > 1) {
        Some(more) => {
            let (first, rest) = names.split_at(start);
            [quoted(first), vec![format!("… {more} more …")], quoted(rest.get(more..).unwrap_or_default())].concat()
        }
        None => quoted(names),
    };
    steps.extend(quoted(names.get(..1).unwrap_or_default()));
    steps.join(" → ")
}

fn report(graph: &DiGraph<Named<'_>, Span>, circle: &[(NodeIndex, Span)], wording: &Wording) -> Diagnostic {
    let Wording { rule, thing, prefix, verb, help } = wording;
    let names: Vec<&str> = circle.iter().map(|(node, _)| graph[*node].name).collect();
    let first = names.first().copied().unwrap_or_default();
    let span = circle.first().map_or_else(Span::default, |(node, _)| graph[*node].span);
    let found = if names.len() == 1 {
        format!("the {thing} `{first}` {verb} itself")
    } else {
        format!("a circle of {thing}s, each of which {verb} the next: {}", way(&names))
    };
    let mut diagnostic = Diagnostic::new(rule, span, found).help(*help);
    for (index, (_, span)) in circle.iter().enumerate() {
        let next = names.get(index + 1).copied().unwrap_or(first);
        diagnostic = diagnostic.other(*span, format!("`{}` {verb} `{prefix}{next}`", names[index]));
    }
    diagnostic
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_way_is_told_by_its_ends_and_a_count() {
        assert_eq!(way(&["a", "b"]), "`a` → `b` → `a`");
        let names: Vec<String> = (0..1000).map(|number| format!("n{number}")).collect();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        let told = way(&names);
        assert!(told.starts_with("`n0` → `n1` → ") && told.ends_with("→ `n999` → `n0`"), "{told}");
        assert!(told.contains("→ `n7` → … 988 more … → `n996` →"), "{told}");
        assert_eq!(way(&names[..13]).matches('`').count(), 28, "one alone is named as well");
    }
}
