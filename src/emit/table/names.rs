//! Subjects and resources as text, in the table's order: bytewise.

use crate::effective::OrgRights;
use crate::graph::ResourceIx;
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
    texts: Arena<ResourceIx, Box<str>>,
    ranks: Arena<ResourceIx, u32>,
    /// All of them, by rank.
    order: Vec<ResourceIx>,
}

impl ResourceNames {
    pub(super) fn new(rights: &OrgRights) -> ResourceNames {
        let containment = &rights.graph.containment;
        let texts: Arena<ResourceIx, Box<str>> =
            containment.resources().map(|(_, resource)| resource.text(&rights.org).into()).collect();
        let mut order: Vec<ResourceIx> = texts.indices().collect();
        order.sort_unstable_by(|a, b| texts[*a].cmp(&texts[*b]));
        let mut ranks: Arena<ResourceIx, u32> = texts.iter().map(|_| 0).collect();
        for (rank, resource) in order.iter().enumerate() {
            ranks[*resource] = rank as u32;
        }
        ResourceNames { texts, ranks, order }
    }

    pub(super) fn text(&self, resource: ResourceIx) -> &str {
        &self.texts[resource]
    }

    pub(super) fn rank(&self, resource: ResourceIx) -> u32 {
        self.ranks[resource]
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
