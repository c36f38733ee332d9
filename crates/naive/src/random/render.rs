//! Writes nodes as YAML text, in one of the many ways in which the same thing can be written.

use super::nodes::Node;
use super::rng::Rng;

/// How one document is written; each share is of a hundred.
#[derive(Debug, Clone)]
pub(crate) struct Style {
    /// Collections in flow style.
    pub(crate) flow: usize,
    /// Scalars in quotes that need none.
    pub(crate) quotes: usize,
    /// Comments.
    pub(crate) comments: usize,
    /// Repeated nodes as anchors and aliases.
    pub(crate) anchors: usize,
    /// Lists of one item without their list.
    pub(crate) singles: usize,
    /// Lists in block style as deep as their key, not deeper.
    pub(crate) shallow: bool,
    /// Keys of mappings in any order.
    pub(crate) shuffle: bool,
}

/// Writes one document; the node is a mapping.
pub(crate) fn document(node: Node, style: &Style, rng: &mut Rng) -> String {
    let node = settle(node, style, rng);
    let mut nodes = Vec::new();
    collect(&node, &mut nodes);
    let mut anchors: Vec<Anchor> = Vec::new();
    for one in &nodes {
        let twice = nodes.iter().filter(|other| other == &one).count() > 1;
        if twice && !anchors.iter().any(|anchor| &anchor.node == *one) && rng.chance(style.anchors) {
            anchors.push(Anchor { node: (*one).clone(), name: format!("a{}", anchors.len()), written: false });
        }
    }
    let mut writer = Writer { style, rng, anchors, text: String::new() };
    let Node::Map(mut entries) = node else {
        return String::new();
    };
    // a place for anchors: keys that begin with `x-` are passed over
    for index in 0..writer.anchors.len() {
        if writer.rng.chance(30) {
            let anchor = &writer.anchors[index];
            entries.insert(0, (format!("x-{}", anchor.name), anchor.node.clone()));
        }
    }
    writer.entries(&entries, 0, false);
    writer.text
}

struct Anchor {
    node: Node,
    name: String,
    written: bool,
}

/// Leaves lists of one item out of their list now and then, and shuffles keys.
fn settle(node: Node, style: &Style, rng: &mut Rng) -> Node {
    match node {
        Node::List(mut items) => {
            if items.len() == 1 && rng.chance(style.singles) {
                return settle(items.remove(0), style, rng);
            }
            if style.shuffle {
                rng.shuffle(&mut items);
            }
            Node::List(items.into_iter().map(|item| settle(item, style, rng)).collect())
        }
        Node::Map(mut entries) => {
            if style.shuffle {
                rng.shuffle(&mut entries);
            }
            Node::Map(entries.into_iter().map(|(key, value)| (key, settle(value, style, rng))).collect())
        }
        scalar => scalar,
    }
}

/// All nodes that an anchor may stand for: collections that are not empty, and longer texts.
fn collect<'a>(node: &'a Node, into: &mut Vec<&'a Node>) {
    match node {
        Node::Text(text) if text.len() > 8 => into.push(node),
        Node::List(items) if !items.is_empty() => {
            into.push(node);
            items.iter().for_each(|item| collect(item, into));
        }
        Node::Map(entries) if !entries.is_empty() => {
            into.push(node);
            entries.iter().for_each(|(_, value)| collect(value, into));
        }
        _ => {}
    }
}

struct Writer<'a> {
    style: &'a Style,
    rng: &'a mut Rng,
    anchors: Vec<Anchor>,
    text: String,
}

const COMMENTS: [&str; 6] =
    ["checked", "see the plan: floor 2", "- not a list", "TODO {later}", "ünïcode", "'\"&*!|>%@`"];

impl Writer<'_> {
    /// The end of a line, with a comment now and then.
    fn end(&mut self) {
        if self.rng.chance(self.style.comments) {
            let comment = *self.rng.pick(&COMMENTS);
            self.text.push_str("  # ");
            self.text.push_str(comment);
        }
        self.text.push('\n');
    }

    fn indent(&mut self, depth: usize) {
        self.text.extend(std::iter::repeat_n(' ', depth));
    }

    /// The entries of a mapping in block style; the first may stand behind a dash.
    fn entries(&mut self, entries: &[(String, Node)], depth: usize, behind_dash: bool) {
        for (index, (key, value)) in entries.iter().enumerate() {
            if index > 0 || !behind_dash {
                if self.rng.chance(self.style.comments) {
                    self.indent(depth);
                    let comment = *self.rng.pick(&COMMENTS);
                    self.text.push_str(&format!("# {comment}\n"));
                }
                self.indent(depth);
            }
            let key = self.scalar(key, false);
            self.text.push_str(&key);
            self.text.push(':');
            self.value(value, depth, false);
        }
    }

    /// A value behind a key, or behind a dash.
    fn value(&mut self, node: &Node, depth: usize, behind_dash: bool) {
        let mut anchored = false;
        if let Some(anchor) = self.anchors.iter_mut().find(|anchor| anchor.node == *node) {
            let (sign, name) = (if anchor.written { '*' } else { '&' }, anchor.name.clone());
            anchored = !anchor.written;
            anchor.written = true;
            self.text.push_str(&format!(" {sign}{name}"));
            if !anchored {
                self.end();
                return;
            }
        }
        match node {
            Node::Map(entries) if entries.is_empty() && !behind_dash && !anchored && self.rng.chance(50) => self.end(),
            Node::Map(entries) if !entries.is_empty() && !self.rng.chance(self.style.flow) => {
                if behind_dash && !anchored {
                    self.text.push(' ');
                    self.entries(entries, depth + 2, true);
                } else {
                    self.end();
                    self.entries(entries, depth + 2, false);
                }
            }
            Node::List(items) if !items.is_empty() && !behind_dash && !self.rng.chance(self.style.flow) => {
                self.end();
                let depth = if self.style.shallow { depth } else { depth + 2 };
                for item in items {
                    self.indent(depth);
                    self.text.push('-');
                    self.value(item, depth, true);
                }
            }
            _ => {
                self.text.push(' ');
                let text = self.flow(node);
                self.text.push_str(&text);
                self.end();
            }
        }
    }

    /// A scalar, or a collection in flow style. The node's own anchor is written already.
    fn flow(&mut self, node: &Node) -> String {
        match node {
            Node::Text(text) => self.scalar(text, true),
            Node::Number(number) => number.to_string(),
            Node::Bool(value) => value.to_string(),
            Node::List(items) => {
                let items: Vec<String> = items.iter().map(|item| self.flow_item(item)).collect();
                format!("[{}]", items.join(", "))
            }
            Node::Map(entries) => {
                let mut parts = Vec::new();
                for (key, value) in entries {
                    let key = self.scalar(key, true);
                    parts.push(format!("{key}: {}", self.flow_item(value)));
                }
                if parts.is_empty() { "{}".to_owned() } else { format!("{{ {} }}", parts.join(", ")) }
            }
        }
    }

    fn flow_item(&mut self, node: &Node) -> String {
        if let Some(anchor) = self.anchors.iter_mut().find(|anchor| anchor.node == *node) {
            let (name, written) = (anchor.name.clone(), anchor.written);
            anchor.written = true;
            if written {
                return format!("*{name}");
            }
            return format!("&{name} {}", self.flow(node));
        }
        self.flow(node)
    }

    fn scalar(&mut self, text: &str, flow: bool) -> String {
        if is_plain(text, flow) && !self.rng.chance(self.style.quotes) {
            return text.to_owned();
        }
        if !text.chars().any(char::is_control) && self.rng.chance(50) {
            return format!("'{}'", text.replace('\'', "''"));
        }
        serde_json::to_string(text).expect("a text")
    }
}

/// Whether a text may stand without quotes, and still reads as that text. Stricter than YAML.
fn is_plain(text: &str, flow: bool) -> bool {
    let fits = |c: char| c.is_ascii_alphanumeric() || "._/@+:*- ".contains(c) || (c == ',' && !flow);
    let other_type =
        ["true", "false", "null", "0x", "0o", "."].iter().any(|word| text.to_lowercase().starts_with(word))
            || text.parse::<f64>().is_ok();
    text.starts_with(|c: char| c.is_ascii_alphanumeric())
        && text.chars().all(fits)
        && !text.contains(": ")
        && !text.ends_with([':', ' '])
        && !other_type
}
