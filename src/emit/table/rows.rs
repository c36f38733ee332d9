//! Who holds what in one organisation, made once and read by every part of a table.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::names::{ResourceNames, Subject};
use super::selection::Selected;
use crate::effective::{Evaluator, Holding, ResourceClassIx, Right, RightIx, Row, SubjectClassIx, holding};
use crate::graph::ResourceIx;
use crate::model::{Arena, At, Org, UserIx};

/// What every layout says of one organisation.
pub(super) struct Rows<'r> {
    pub selected: Selected<'r>,
    pub names: ResourceNames,
    pub evaluator: Evaluator<'r>,
    /// For each link that gives something, in the order of links, what it gives on kept devices.
    pub of_link: BTreeMap<Subject, Vec<(ResourceIx, RightIx)>>,
    /// All subjects with access to anything, with their texts, in the table's order.
    pub subjects: Vec<(String, Subject)>,
    /// The resources on which somebody holds something.
    pub accessible: Arena<ResourceIx, bool>,
    /// What the policy names each owner's own.
    pub owns: HashMap<UserIx, Vec<String>>,
}

/// For each class of users its rights, on classes with a kept member: what the layouts need that part rights by user.
pub(super) type OfClass = Arena<SubjectClassIx, Row>;

impl<'r> Rows<'r> {
    /// With the rights of all classes of users.
    pub(super) fn of_classes(selected: Selected<'r>) -> (Rows<'r>, OfClass) {
        let mut evaluator = Evaluator::new(selected.rights);
        let kept = kept_classes(&selected);
        let mut resources: Arena<ResourceClassIx, bool> = kept.iter().map(|_| false).collect();
        let mut of_class = OfClass::default();
        for class in selected.rights.statements.classes.indices() {
            let row = evaluator.row_on(class, |class| kept[class]);
            row.iter().for_each(|(class, _)| resources[*class] = true);
            of_class.add(row);
        }
        let subjects = of_class.iter().map(|(_, row)| !row.is_empty()).collect();
        (Rows::new(selected, evaluator, &Holding { subjects, resources }), of_class)
    }

    /// Without them.
    pub(super) fn in_common(selected: Selected<'r>) -> Rows<'r> {
        let mut evaluator = Evaluator::new(selected.rights);
        let held = holding(&mut evaluator, &kept_classes(&selected));
        Rows::new(selected, evaluator, &held)
    }

    fn new(selected: Selected<'r>, mut evaluator: Evaluator<'r>, held: &Holding) -> Rows<'r> {
        let rights = selected.rights;
        let class_of = rights.resources.class_of.iter();
        let mut accessible: Arena<ResourceIx, bool> =
            class_of.map(|(resource, class)| held.resources[*class] && selected.keeps(resource)).collect();
        let mut of_link = BTreeMap::new();
        for link in &rights.links {
            let access = link.access.iter().filter(|(device, _)| selected.keeps(*device));
            let access: Vec<_> = access.map(|(device, right)| (*device, evaluator.number(right.clone()))).collect();
            if !access.is_empty() {
                access.iter().for_each(|(device, _)| accessible[*device] = true);
                of_link.insert(Subject::Link(link.link), access);
            }
        }
        let holds = |user: &UserIx| rights.statements.class_of[*user].is_some_and(|class| held.subjects[class]);
        let users = rights.org.users.indices().filter(holds).map(Subject::User);
        let all = of_link.keys().copied().chain(users);
        let mut subjects: Vec<(String, Subject)> = all.map(|subject| (subject.text(&rights.org), subject)).collect();
        // a stable sort is quick with what stands in order already, as most policies have it
        subjects.sort();
        let (names, owns) = (ResourceNames::new(rights), owns(&rights.org));
        Rows { selected, names, evaluator, of_link, subjects, accessible, owns }
    }

    pub(super) fn right(&self, right: RightIx) -> &Right {
        self.evaluator.right(right)
    }

    /// The class of a user with access; every such user has one.
    pub(super) fn class_of(&self, user: UserIx) -> Option<SubjectClassIx> {
        self.selected.rights.statements.class_of[user]
    }

    /// The kept members of a class of resources.
    pub(super) fn members(&self, class: ResourceClassIx) -> impl Iterator<Item = ResourceIx> + '_ {
        let members = self.selected.rights.resources.classes[class].members.iter().copied();
        members.filter(|member| self.selected.keeps(*member))
    }

    /// Every right that some row or link has, each once.
    pub(super) fn rights_used(&self, of_class: &OfClass) -> Vec<RightIx> {
        let of_classes = of_class.iter().flat_map(|(_, row)| row.iter().map(|(_, right)| *right));
        let of_links = self.of_link.values().flat_map(|access| access.iter().map(|(_, right)| *right));
        of_classes.chain(of_links).collect::<BTreeSet<_>>().into_iter().collect()
    }
}

/// The classes of resources with a kept member.
fn kept_classes(selected: &Selected<'_>) -> Arena<ResourceClassIx, bool> {
    let classes = selected.rights.resources.classes.iter();
    classes.map(|(_, class)| class.members.iter().any(|member| selected.keeps(*member))).collect()
}

fn owns(org: &Org) -> HashMap<UserIx, Vec<String>> {
    let mut owns: HashMap<UserIx, Vec<String>> = HashMap::new();
    let mut add = |owners: &[At<UserIx>], text: &dyn Fn() -> String| {
        for (owner, _) in owners {
            owns.entry(*owner).or_default().push(text());
        }
    };
    add(&org.owners, &|| "org".to_owned());
    for (_, recorder) in org.recorders.iter() {
        add(&recorder.owners, &|| format!("recorder:{}", recorder.id));
    }
    for (_, device) in org.devices.iter() {
        add(&device.owners, &|| format!("device:{}", device.id));
    }
    owns
}
