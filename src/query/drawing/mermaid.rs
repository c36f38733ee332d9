//! A drawing for Mermaid, which platforms show in Markdown. A name stands in quotes alone, with everything but letters,
//! digits and a few marks that mean nothing there as an entity.

use std::fmt::Write as _;

use super::dot::fill;
use super::{Drawing, Drawn, Edge, Look};
use crate::diagnostics::render::inline;

/// As a Mermaid flowchart.
#[must_use]
pub fn mermaid(drawing: &Drawing) -> String {
    let mut text = String::from("flowchart LR\n");
    for (number, node) in drawing.nodes.iter().enumerate() {
        let _ = writeln!(text, "  n{number}[\"{}\"]:::{}", label(node), class(node.look));
    }
    for (from, to, edge) in &drawing.edges {
        let arrow = if matches!(edge, Edge::Except | Edge::SameAs | Edge::Only) { "-.->" } else { "-->" };
        let label = edge.label().map(|label| format!("|{label}|")).unwrap_or_default();
        let _ = writeln!(text, "  n{from} {arrow}{label} n{to}");
    }
    for look in [Look::Subject, Look::Grant, Look::Denial, Look::Role, Look::Resource] {
        if drawing.nodes.iter().any(|node| node.look == look) {
            let fill = fill(look);
            let _ = writeln!(text, "  classDef {} fill:{fill},stroke:#64748b,color:#0f172a", class(look));
        }
    }
    for (number, _) in drawing.nodes.iter().enumerate().filter(|(_, node)| node.asked) {
        let _ = writeln!(text, "  style n{number} stroke-width:3px");
    }
    text
}

fn class(look: Look) -> &'static str {
    match look {
        Look::Subject => "subject",
        Look::Grant => "grant",
        Look::Denial => "denial",
        Look::Role => "role",
        Look::Resource => "resource",
    }
}

fn label(node: &Drawn) -> String {
    node.lines.iter().map(|line| escaped(line)).collect::<Vec<_>>().join("<br/>")
}

/// Entities of Mermaid are `#…;`, by the number of the character.
fn escaped(line: &str) -> String {
    let mut text = String::with_capacity(line.len());
    for c in inline(line).chars() {
        match c {
            ' ' | '-' | '.' | ',' | ':' | '/' | '_' => text.push(c),
            c if c.is_alphanumeric() => text.push(c),
            c => {
                let _ = write!(text, "#{};", u32::from(c));
            }
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_stays_in_its_quotes() {
        assert_eq!(escaped(r#"a"] --> b"#), "a#34;#93; --#62; b");
        assert_eq!(
            escaped("%%{init: {}}%% `x` #quot;"),
            "#37;#37;#123;init: #123;#125;#125;#37;#37; #96;x#96; #35;quot#59;"
        );
        assert_eq!(escaped("<img src=x>\n"), "#60;img src#61;x#62;#92;n");
        assert_eq!(escaped("nina@acme.example, カメラ"), "nina#64;acme.example, カメラ");
    }
}
