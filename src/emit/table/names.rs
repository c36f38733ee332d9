//! Subjects and resources as text, in the table's order: bytewise.

use std::ops::Range;

use crate::effective::OrgRights;
use crate::graph::{Resource, ResourceIx};
use crate::model::{Arena, Index as _, LinkIx, Org, UserIx};

/// A subject of a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) enum Subject {
    Link(LinkIx),
    User(UserIx),
}

impl Subject {
    pub(super) fn text(self, org: &Org) -> String {
        match self {
            Subject::Link(link) => format!("link:{}", org.links[link].id),
            Subject::User(user) => user_text(org, user),
        }
    }
}

pub(super) fn user_text(org: &Org, user: UserIx) -> String {
    format!("user:{}", org.users[user].id)
}

/// All resources of an organisation, each with its text and its rank among them.
#[derive(Debug)]
pub(super) struct ResourceNames {
    /// All texts, one behind the other.
    all: String,
    texts: Arena<ResourceIx, Range<usize>>,
    ranks: Arena<ResourceIx, u32>,
    /// All of them, by rank.
    order: Vec<ResourceIx>,
}

impl ResourceNames {
    pub(super) fn new(rights: &OrgRights) -> ResourceNames {
        let containment = &rights.graph.containment;
        let mut all = String::new();
        let text = |(_, resource): (ResourceIx, Resource)| {
            let start = all.len();
            resource.write(&rights.org, &mut all);
            start..all.len()
        };
        let texts: Arena<ResourceIx, Range<usize>> = containment.resources().map(text).collect();
        let text = |resource: ResourceIx| all.get(texts[resource].clone()).unwrap_or_default();
        let mut order: Vec<ResourceIx> = texts.indices().collect();
        // a stable sort is quick with what stands in order already, as most policies have it
        order.sort_by(|a, b| text(*a).cmp(text(*b)));
        let mut ranks: Arena<ResourceIx, u32> = texts.iter().map(|_| 0).collect();
        for (rank, resource) in order.iter().enumerate() {
            ranks[*resource] = rank as u32;
        }
        ResourceNames { all, texts, ranks, order }
    }

    pub(super) fn text(&self, resource: ResourceIx) -> &str {
        self.all.get(self.texts[resource].clone()).unwrap_or_default()
    }

    pub(super) fn rank(&self, resource: ResourceIx) -> u32 {
        self.ranks[resource]
    }

    /// All resources, in the table's order.
    pub(super) fn order(&self) -> impl Iterator<Item = ResourceIx> {
        self.order.iter().copied()
    }

    /// The texts of all resources, in the table's order.
    pub(super) fn ranked(&self) -> impl Iterator<Item = &str> {
        self.order.iter().map(|resource| self.text(*resource))
    }

    pub(super) fn sort(&self, resources: &mut [ResourceIx]) {
        resources.sort_unstable_by_key(|resource| self.ranks[*resource]);
    }

    /// For walks over every resource.
    pub(super) fn all(&self) -> impl Iterator<Item = ResourceIx> + use<> {
        (0..self.texts.len()).map(ResourceIx::new)
    }
}
