//! A drawing for Graphviz, in its language DOT. A name stands in quotes alone, and nothing in it is an escape or an entity.

use std::fmt::Write as _;

use super::{Drawing, Drawn, Edge, Look};
use crate::diagnostics::render::inline;

/// As DOT.
#[must_use]
pub fn dot(drawing: &Drawing) -> String {
    let mut text = String::from(
        "digraph camgrant {\n  rankdir=LR;\n  node [shape=box, style=\"rounded,filled\", fontname=\"Helvetica\", \
         fontsize=11, margin=\"0.16,0.08\", color=\"#64748b\"];\n  edge [fontname=\"Helvetica\", fontsize=9, color=\"#64748b\"];\n",
    );
    for (number, node) in drawing.nodes.iter().enumerate() {
        let wide = if node.asked { ", penwidth=2.5" } else { "" };
        let _ = writeln!(text, "  n{number} [label=\"{}\", fillcolor=\"{}\"{wide}];", label(node), fill(node.look));
    }
    for (from, to, edge) in &drawing.edges {
        let label = edge.label().map(|label| format!("label=\"{label}\"")).unwrap_or_default();
        let style = match edge {
            Edge::Except => ", style=dashed, color=\"#dc2626\"",
            Edge::SameAs | Edge::Only => ", style=dashed",
            _ => "",
        };
        let _ = match (label.as_str(), style) {
            ("", _) => writeln!(text, "  n{from} -> n{to};"),
            (label, style) => writeln!(text, "  n{from} -> n{to} [{label}{style}];"),
        };
    }
    text.push_str("}\n");
    text
}

pub(super) fn fill(look: Look) -> &'static str {
    match look {
        Look::Subject => "#dbeafe",
        Look::Grant => "#dcfce7",
        Look::Denial => "#fee2e2",
        Look::Role => "#fef9c3",
        Look::Resource => "#f1f5f9",
    }
}

fn label(node: &Drawn) -> String {
    node.lines.iter().map(|line| escaped(line)).collect::<Vec<_>>().join("\\n")
}

/// In a quoted string `\` begins an escape and `&` an entity; what cannot be shown is written out before.
fn escaped(line: &str) -> String {
    let mut text = String::with_capacity(line.len());
    for c in inline(line).chars() {
        match c {
            '\\' => text.push_str("\\\\"),
            '"' => text.push_str("\\\""),
            '&' => text.push_str("&amp;"),
            c => text.push(c),
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_stays_in_its_quotes() {
        assert_eq!(escaped(r#"a"]; b -> c ["#), r#"a\"]; b -> c ["#);
        assert_eq!(escaped(r"\N \G \"), r"\\N \\G \\");
        assert_eq!(escaped("&lt;&amp;<b>"), "&amp;lt;&amp;amp;<b>");
        assert_eq!(escaped("a\nb\u{202e}"), "a\\\\nb\\\\u{202e}");
        assert_eq!(escaped("カメラ ü"), "カメラ ü");
    }
}
