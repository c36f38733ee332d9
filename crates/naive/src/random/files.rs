//! Spreads a draft's declarations over files and documents.

use super::model::{Draft, OrgDraft};
use super::nodes::{Item, Node};
use super::render::{Style, document};
use super::respell::respelled;
use super::rng::Rng;

const NAMES: [&str; 10] = [
    "policy.yaml",
    "a/first.yaml",
    "a/b/second.yml",
    "users.yml",
    "zz-last.yaml",
    "sites/hq.yaml",
    "more/sites/hq.yml",
    "Ünï code.yaml",
    "0.yaml",
    "access.yaml",
];

impl Draft {
    /// The policy as paths and texts, in one formatting.
    #[must_use]
    pub fn files(&self) -> Vec<(String, String)> {
        let mut rng = Rng::new(self.seed ^ 0x00f1_1e5f_11e5);
        write(self, &mut rng, false)
    }

    /// The same declarations in another order, spread over other files and documents, in another formatting. The
    /// meaning is the same.
    #[must_use]
    pub fn files_shuffled(&self, seed: u64) -> Vec<(String, String)> {
        let mut rng = Rng::new(seed ^ 0x5af3_107a_4000);
        let other = respelled(self, &mut rng);
        write(&other, &mut rng, true)
    }
}

/// One document: which organisation its sections belong to, and its declarations.
struct Document {
    org: Option<String>,
    items: Vec<Item>,
}

fn write(draft: &Draft, rng: &mut Rng, shuffle: bool) -> Vec<(String, String)> {
    let mut documents = Vec::new();
    for org in &draft.orgs {
        documents.extend(spread(org, draft.orgs.len(), rng, shuffle));
    }
    if shuffle {
        rng.shuffle(&mut documents);
    }
    let names = rng.between(1, 5);
    let mut files: Vec<(String, String)> = Vec::new();
    for document in documents {
        let name = NAMES[rng.below(names)];
        let text = text_of(document, rng, shuffle);
        match files.iter_mut().find(|(path, _)| path == name) {
            Some((_, whole)) => {
                whole.push_str("---\n");
                whole.push_str(&text);
            }
            None => {
                let start = if rng.chance(20) { "---\n" } else { "" };
                files.push((name.to_owned(), format!("{start}{text}")));
            }
        }
    }
    if let Some(manifest) = &draft.manifest {
        let text = document(manifest.node(), &style(rng, shuffle), rng);
        files.push(("camgrant.yaml".to_owned(), text));
    }
    for (_, text) in &mut files {
        if rng.chance(if shuffle { 20 } else { 5 }) {
            *text = text.replace('\n', "\r\n");
        }
        if rng.chance(if shuffle { 15 } else { 3 }) {
            text.insert(0, '\u{feff}');
        }
    }
    if shuffle {
        rng.shuffle(&mut files);
    }
    files
}

/// The declarations of one organisation, spread over documents.
fn spread(org: &OrgDraft, orgs: usize, rng: &mut Rng, shuffle: bool) -> Vec<Document> {
    let mut items = org.items();
    if shuffle {
        rng.shuffle(&mut items);
    }
    let count = if rng.chance(35) { 1 } else { rng.between(2, 6) };
    let mut all: Vec<Document> = (0..count)
        .map(|_| {
            let named = orgs > 1 || rng.chance(40);
            Document { org: named.then(|| org.id.clone()), items: Vec::new() }
        })
        .collect();
    // whole sections together in the usual case, single declarations anywhere when shuffled
    let mut homes: Vec<(&'static str, usize)> = Vec::new();
    for item in items {
        let home = match homes.iter().find(|(section, _)| *section == item.section) {
            Some((_, home)) if !shuffle => *home,
            _ => rng.below(count),
        };
        homes.push((item.section, home));
        all[home].items.push(item);
    }
    let alone = rng.chance(40);
    let declaration = org.declaration();
    if alone {
        all.insert(0, Document { org: None, items: vec![declaration] });
    } else {
        let home = rng.below(count);
        all[home].items.insert(0, declaration);
    }
    all.retain(|document| !document.items.is_empty());
    all
}

fn text_of(one: Document, rng: &mut Rng, shuffle: bool) -> String {
    let mut entries: Vec<(String, Node)> = Vec::new();
    entries.extend(one.org.map(|id| ("org".to_owned(), Node::Text(id))));
    for item in one.items {
        let at = match entries.iter().position(|(section, _)| section == item.section) {
            Some(at) => at,
            None => {
                let empty = if item.id.is_some() { Node::Map(Vec::new()) } else { Node::List(Vec::new()) };
                entries.push((item.section.to_owned(), empty));
                entries.len() - 1
            }
        };
        match (&mut entries[at].1, item.id) {
            (Node::Map(section), Some(id)) => section.push((id, item.body)),
            (Node::List(section), _) => section.push(item.body),
            _ => {}
        }
    }
    document(Node::Map(entries), &style(rng, shuffle), rng)
}

fn style(rng: &mut Rng, shuffle: bool) -> Style {
    if shuffle {
        Style {
            flow: *rng.pick(&[5, 20, 40, 80]),
            quotes: *rng.pick(&[0, 20, 100]),
            comments: *rng.pick(&[0, 10, 40]),
            anchors: *rng.pick(&[0, 0, 30, 80]),
            singles: *rng.pick(&[0, 50, 100]),
            shallow: rng.chance(50),
            shuffle: true,
        }
    } else {
        Style {
            flow: *rng.pick(&[20, 40]),
            quotes: *rng.pick(&[0, 5]),
            comments: *rng.pick(&[0, 5]),
            anchors: *rng.pick(&[0, 0, 0, 30]),
            singles: *rng.pick(&[0, 70]),
            shallow: rng.chance(30),
            shuffle: false,
        }
    }
}
