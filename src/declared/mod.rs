//! What a policy declares, and in what the declarations of two policies differ, whatever files they stand in.
//!
//! In: the texts of a policy that compiles. Out: [`Declared`], its declarations by organisation, each field in a form in
//! which equal words are equal; and [`changes`] between two of them, with places in both. Formatting, order, comments
//! for people, anchors and the spread over files are no change. Nothing here says what a change comes to.
//!
//! | file | holds |
//! |---|---|
//! | `fields` | a field's words in one form |
//! | `entities` | each kind of declaration, field by field |
//! | `comments` | comments that quiet lints, with the declaration of which they speak |
//! | `pairs` | declarations of two policies beside each other |

mod comments;
mod entities;
mod fields;
mod pairs;

use std::collections::BTreeMap;

pub use self::pairs::{Change, Changes, ManifestChange, OrgChanges, Turn, changes};
use crate::model::Budgets;
use crate::source::{FileId, MANIFEST, Sources, Span};
use crate::syntax::{self, PolicyDocument};

/// What is declared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Kind {
    /// The organisation itself, with its settings.
    Org,
    /// A user.
    User,
    /// A team.
    Team,
    /// A role.
    Role,
    /// A site.
    Site,
    /// A group of a site.
    Group,
    /// A recorder.
    Recorder,
    /// A device.
    Device,
    /// A device group.
    DeviceGroup,
    /// A layout.
    Layout,
    /// A schedule.
    Schedule,
    /// A list of networks.
    Network,
    /// A grant or denial.
    Grant,
    /// A temporary link.
    Link,
    /// One of the policy's own tests.
    Test,
}

impl Kind {
    /// In words.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Kind::Org => "organisation",
            Kind::User => "user",
            Kind::Team => "team",
            Kind::Role => "role",
            Kind::Site => "site",
            Kind::Group => "group",
            Kind::Recorder => "recorder",
            Kind::Device => "device",
            Kind::DeviceGroup => "device group",
            Kind::Layout => "layout",
            Kind::Schedule => "schedule",
            Kind::Network => "network",
            Kind::Grant => "grant",
            Kind::Link => "link",
            Kind::Test => "test",
        }
    }
}

/// A field: its items in one form, ascending, each once; a value that is no list is one item.
#[derive(Clone, Debug)]
pub struct Stated {
    /// Where the key stands, or the value where there is none.
    pub span: Span,
    /// The items, and where each stands.
    pub items: Vec<(Box<str>, Span)>,
}

impl Stated {
    /// The items.
    pub fn words(&self) -> impl ExactSizeIterator<Item = &str> {
        self.items.iter().map(|(item, _)| &**item)
    }

    /// Whether an item is among them.
    #[must_use]
    pub fn has(&self, word: &str) -> bool {
        self.words().any(|item| item == word)
    }
}

impl PartialEq for Stated {
    fn eq(&self, other: &Stated) -> bool {
        self.words().eq(other.words())
    }
}

/// A declaration.
#[derive(Clone, Debug)]
pub struct Declaration {
    /// What it declares.
    pub kind: Kind,
    /// The id that it has in references: of a group its path, of a user and a device group in lower case. A grant may
    /// have none; a test has its name, or none.
    pub id: Option<Box<str>>,
    /// Where it stands: the id, or where an item of a list begins.
    pub span: Span,
    /// The byte at which it ends.
    pub end: u32,
    /// What it states, by field; what equals the default is not stated.
    pub fields: BTreeMap<&'static str, Stated>,
    /// The comments that quiet lints in it, as written, each behind the field of which it speaks.
    pub comments: Vec<String>,
}

impl Declaration {
    /// The words of a field; none where it is not stated.
    pub fn words(&self, field: &str) -> impl Iterator<Item = &str> {
        self.fields.get(field).into_iter().flat_map(Stated::words)
    }

    /// The word of a field that has one.
    #[must_use]
    pub fn word(&self, field: &str) -> Option<&str> {
        self.words(field).next()
    }

    /// What it says in these fields, in one form: equal where the words are.
    pub(crate) fn says(&self, of: impl Fn(&str) -> bool) -> String {
        let fields = self.fields.iter().filter(|(field, _)| of(field));
        let words = fields.map(|(field, stated)| format!("{field}={:?}", stated.words().collect::<Vec<_>>()));
        words.collect::<Vec<_>>().join(" ")
    }

    /// Whether it is a denial.
    #[must_use]
    pub fn is_denial(&self) -> bool {
        self.kind == Kind::Grant && self.fields.contains_key("deny")
    }
}

/// A comment that quiets lints and speaks of no declaration.
#[derive(Clone, Debug)]
pub struct LooseComment {
    /// The organisation of its file, where that is one.
    pub org: Option<Box<str>>,
    /// What it says.
    pub words: String,
    /// Its line.
    pub span: Span,
}

/// What a policy declares.
#[derive(Debug, Default)]
pub struct Declared {
    /// By organisation, in the order of the texts.
    pub orgs: BTreeMap<Box<str>, Vec<Declaration>>,
    /// Comments that quiet lints and speak of no declaration.
    pub comments: Vec<LooseComment>,
    /// What the manifest says; nothing where there is none.
    pub manifest: BTreeMap<&'static str, Stated>,
    /// The file that is the manifest.
    pub manifest_file: Option<FileId>,
}

/// Reads the declarations of a policy that compiled within these budgets. What is wrong in a text is passed over: that
/// is told by who compiles it.
#[must_use]
pub fn read(sources: &Sources, budgets: Budgets) -> Declared {
    let mut declared = Declared::default();
    // a policy of one file has no manifest
    let is_manifest = |path: &str| path == MANIFEST && sources.len() > 1;
    let readable = || sources.iter().filter(|(_, file)| file.readable);
    let trees: Vec<_> = readable()
        .filter(|(_, file)| !is_manifest(&file.path))
        .map(|(id, file)| (id, syntax::parse(id, &file.text, budgets.depth()).0))
        .collect();
    let mut documents = Vec::new();
    for (file, tree) in &trees {
        documents.extend(syntax::policy_file(tree, *file, budgets.reading()).documents);
    }
    let alone = only_org(&documents);
    // which organisation each file speaks of, where all of its documents speak of one
    let mut org_of: BTreeMap<FileId, Option<Box<str>>> = BTreeMap::new();
    for PolicyDocument { file, body, .. } in &documents {
        let Some(body) = body else { continue };
        let own = body.org.as_ref().and_then(|org| org.value).map(|id| id.0).or(alone);
        let known = org_of.entry(*file).or_insert_with(|| own.map(Into::into));
        if known.as_deref() != own {
            *known = None;
        }
        entities::document(body, own, &mut declared.orgs);
    }
    for (file, tree) in &trees {
        let (found, _) = syntax::comments(tree, *file);
        comments::attach(&found, *file, tree.text(), org_of.get(file).cloned().flatten(), &mut declared);
    }
    if let Some((id, file)) = readable().find(|(_, file)| is_manifest(&file.path)) {
        let (tree, _) = syntax::parse(id, &file.text, budgets.depth());
        let (manifest, _) = syntax::manifest(&tree, id, budgets.reading());
        declared.manifest = manifest.map(|manifest| entities::manifest(&manifest)).unwrap_or_default();
        declared.manifest_file = Some(id);
    }
    declared
}

/// The one organisation of a policy that declares one.
fn only_org<'d>(documents: &[PolicyDocument<'d>]) -> Option<&'d str> {
    let bodies = documents.iter().filter_map(|document| document.body.as_ref());
    let entries = bodies.filter_map(|body| body.orgs.as_ref()?.value.as_ref()).flat_map(|orgs| &orgs.0);
    let mut ids = entries.map(|entry| entry.id);
    let first = ids.next()?;
    ids.next().is_none().then_some(first)
}
