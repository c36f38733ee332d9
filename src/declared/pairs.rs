//! The declarations of two policies beside each other: what was added, removed, changed, moved, renamed.
//!
//! In: two policies' declarations. Out: those that differ, organisation by organisation. Whatever has an id is the same
//! thing where it has the same id; of the rest, `ref` tells what was renamed, and grants and tests without an id are the
//! same where they say the same, or else where they say most of the same.

use std::collections::{BTreeMap, BTreeSet, HashMap, VecDeque};

use super::{Declaration, Declared, Kind, LooseComment, Stated, comments};
use crate::source::Span;

/// How a declaration differs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Turn {
    /// The new policy alone has it.
    Added,
    /// The old policy alone has it.
    Removed,
    /// It stands in another place.
    Moved,
    /// It has another id.
    Renamed,
    /// It states something else.
    Changed,
}

/// A declaration that differs; at least one side has it.
#[derive(Clone, Debug)]
pub struct Change<'d> {
    /// In the old policy.
    pub old: Option<&'d Declaration>,
    /// In the new policy.
    pub new: Option<&'d Declaration>,
    /// The fields that differ, sorted; empty where one side alone has it.
    pub fields: Vec<&'static str>,
    /// Whether comments that quiet lints in it differ: of one that was added, whether it has any; of one that was
    /// removed, never.
    pub comments: bool,
}

/// What differs in one organisation.
#[derive(Debug)]
pub struct OrgChanges<'d> {
    /// Its id.
    pub org: &'d str,
    /// Whether the old and the new policy have it.
    pub sides: [bool; 2],
    /// The declarations that differ, by kind and id.
    pub changes: Vec<Change<'d>>,
}

/// A field of the manifest that differs: what it said, and says.
#[derive(Debug)]
pub struct ManifestChange<'d> {
    /// The field.
    pub field: &'static str,
    /// In the old policy.
    pub old: Option<&'d Stated>,
    /// In the new policy.
    pub new: Option<&'d Stated>,
}

/// What differs between two policies.
#[derive(Debug)]
pub struct Changes<'d> {
    /// Organisations in which something differs, sorted by id.
    pub orgs: Vec<OrgChanges<'d>>,
    /// What differs in the manifest.
    pub manifest: Vec<ManifestChange<'d>>,
    /// Comments that quiet lints and speak of no declaration: those that the old, and that the new policy alone has.
    pub comments: [Vec<&'d LooseComment>; 2],
}

impl Changes<'_> {
    /// Whether nothing differs.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.orgs.is_empty() && self.manifest.is_empty() && self.comments.iter().all(Vec::is_empty)
    }
}

impl<'d> Change<'d> {
    /// What it declares.
    #[must_use]
    pub fn kind(&self) -> Kind {
        self.either().map_or(Kind::Org, |one| one.kind)
    }

    /// The declaration as it is, or as it was where it is no more.
    #[must_use]
    pub fn either(&self) -> Option<&'d Declaration> {
        self.new.or(self.old)
    }

    /// Whether a field differs; of what one side alone has, whether it is stated.
    #[must_use]
    pub fn touches(&self, field: &str) -> bool {
        match (self.old, self.new) {
            (Some(_), Some(_)) => self.fields.contains(&field),
            _ => self.either().is_some_and(|one| one.fields.contains_key(field)),
        }
    }

    /// How it differs, in a word.
    #[must_use]
    pub fn turn(&self) -> Turn {
        match (self.old, self.new) {
            (None, _) => Turn::Added,
            (_, None) => Turn::Removed,
            (Some(old), Some(new)) => {
                let parent = |one: &Declaration| {
                    let path = one.id.as_deref().filter(|_| one.kind == Kind::Group);
                    path.and_then(|path| path.rsplit_once('/')).map(|(parent, _)| parent.to_owned())
                };
                if self.fields.contains(&"in") || parent(old) != parent(new) {
                    Turn::Moved
                } else if old.kind != Kind::Grant && old.kind != Kind::Test && old.id != new.id {
                    Turn::Renamed
                } else {
                    Turn::Changed
                }
            }
        }
    }
}

/// In what the declarations of two policies differ.
#[must_use]
pub fn changes<'d>(old: &'d Declared, new: &'d Declared) -> Changes<'d> {
    let ids: BTreeSet<&str> = old.orgs.keys().chain(new.orgs.keys()).map(|id| &**id).collect();
    let orgs = ids.into_iter().map(|org| {
        let (was, is) = (old.orgs.get(org), new.orgs.get(org));
        let side = |declarations: Option<&'d Vec<Declaration>>| declarations.map_or(&[][..], |all| &all[..]);
        OrgChanges { org, sides: [was.is_some(), is.is_some()], changes: paired(side(was), side(is)) }
    });
    let fields: BTreeSet<&'static str> = old.manifest.keys().chain(new.manifest.keys()).copied().collect();
    let manifest = fields.into_iter().map(|field| ManifestChange {
        field,
        old: old.manifest.get(field),
        new: new.manifest.get(field),
    });
    Changes {
        orgs: orgs.filter(|org| !org.changes.is_empty()).collect(),
        manifest: manifest.filter(|change| change.old != change.new).collect(),
        comments: [comments::alone(old, new), comments::alone(new, old)],
    }
}

/// Those that are left of one side.
type Left<'d> = Vec<&'d Declaration>;

fn paired<'d>(old: &'d [Declaration], new: &'d [Declaration]) -> Vec<Change<'d>> {
    let mut pairing = Pairing { old: old.iter().collect(), new: new.iter().collect(), changes: Vec::new() };
    let by_id = |one: &Declaration| one.id.as_deref().map(|id| Key(one.kind, id.to_owned()));
    pairing.pair(|one| by_id(one).filter(|_| one.kind != Kind::Test));
    // of what has no id: what says the same, then what says most of the same
    let listed = |one: &Declaration| matches!(one.kind, Kind::Grant | Kind::Test);
    let says = |one: &Declaration, fields: Option<&[&str]>| {
        listed(one).then(|| Key(one.kind, one.says(|field| fields.is_none_or(|fields| fields.contains(&field)))))
    };
    pairing.pair(|one| says(one, None));
    pairing.pair(|one| by_id(one).filter(|_| one.kind == Kind::Test));
    let what = ["role", "allow", "deny", "can", "cannot", "never_together", "max_holders"];
    let beside = |field: &'static str| [&what[..], &[field]].concat();
    pairing.pair(|one| says(one, Some(&["to", "scope", "deny"])));
    pairing.pair(|one| says(one, Some(&beside("to"))));
    pairing.pair(|one| says(one, Some(&beside("scope"))));
    pairing.renamed();
    pairing.told()
}

/// By what two declarations are the same.
#[derive(PartialEq, Eq, Hash)]
struct Key(Kind, String);

struct Pairing<'d> {
    old: Left<'d>,
    new: Left<'d>,
    changes: Vec<Change<'d>>,
}

impl<'d> Pairing<'d> {
    /// Pairs those that are left by a key, in their order.
    fn pair(&mut self, key: impl Fn(&Declaration) -> Option<Key>) {
        if self.old.is_empty() || self.new.is_empty() {
            return;
        }
        let mut waiting: HashMap<Key, VecDeque<usize>> = HashMap::new();
        for (number, declaration) in self.new.iter().enumerate() {
            if let Some(key) = key(declaration) {
                waiting.entry(key).or_default().push_back(number);
            }
        }
        let mut taken = BTreeSet::new();
        let mut left = Vec::new();
        for old in std::mem::take(&mut self.old) {
            let found = key(old).and_then(|key| waiting.get_mut(&key)?.pop_front());
            let new = found.and_then(|number| self.new.get(number).copied().map(|new| (number, new)));
            match new {
                Some((number, new)) => {
                    taken.insert(number);
                    self.meet(old, new);
                }
                None => left.push(old),
            }
        }
        self.old = left;
        let new = std::mem::take(&mut self.new).into_iter().enumerate();
        self.new = new.filter(|(number, _)| !taken.contains(number)).map(|(_, new)| new).collect();
    }

    /// What was renamed keeps its `ref`; one that several bear tells nothing.
    fn renamed(&mut self) {
        let refs = |side: &[&Declaration]| {
            let mut counts: BTreeMap<(Kind, String), usize> = BTreeMap::new();
            for one in side {
                one.words("ref").for_each(|word| *counts.entry((one.kind, word.to_owned())).or_default() += 1);
            }
            counts
        };
        let (old, new) = (refs(&self.old), refs(&self.new));
        self.pair(|one| {
            let key = (one.kind, one.word("ref")?.to_owned());
            (old.get(&key) == Some(&1) && new.get(&key) == Some(&1)).then_some(Key(key.0, key.1))
        });
    }

    fn meet(&mut self, old: &'d Declaration, new: &'d Declaration) {
        let fields: BTreeSet<&'static str> = old.fields.keys().chain(new.fields.keys()).copied().collect();
        let fields: Vec<&'static str> =
            fields.into_iter().filter(|field| old.fields.get(field) != new.fields.get(field)).collect();
        let comments = old.comments != new.comments;
        let is_listed = matches!(old.kind, Kind::Grant | Kind::Test);
        if !fields.is_empty() || comments || (!is_listed && old.id != new.id) {
            self.changes.push(Change { old: Some(old), new: Some(new), fields, comments });
        }
    }

    /// All that differ, by kind, id and place.
    fn told(self) -> Vec<Change<'d>> {
        let removed =
            self.old.into_iter().map(|old| Change { old: Some(old), new: None, fields: Vec::new(), comments: false });
        let added = self.new.into_iter().map(|new| Change {
            old: None,
            new: Some(new),
            fields: Vec::new(),
            comments: !new.comments.is_empty(),
        });
        let mut all: Vec<Change<'d>> = self.changes.into_iter().chain(removed).chain(added).collect();
        let place = |change: &Change<'d>| {
            let one = change.either();
            let span: Option<Span> = one.map(|one| one.span);
            (
                change.kind(),
                one.and_then(|one| one.id.as_deref()),
                change.new.is_none(),
                span.map(|s| (s.file, s.start)),
            )
        };
        all.sort_by(|a, b| place(a).cmp(&place(b)));
        all
    }
}
