//! `who` and `what` are exactly the cells of the table, and names are exactly the sets that they stand for.

use std::collections::BTreeSet;

use camgrant::graph::ResourceIx;
use camgrant::query::{Block, Frame, NamedSet, Request, SetNames, Who, blocks, everybody, reach};
use camgrant::vocabulary::{CapabilitySet, vocabulary};
use camgrant_naive::random::Rng;

use crate::{Case, decide, each_case, subject};

type Cell = (String, String, String);

impl Case<'_> {
    fn everything(&self, request: Option<Request>) -> Frame {
        Frame {
            subjects: everybody(self.rights),
            capabilities: (0..vocabulary().capabilities().len()).map(CapabilitySet::one).collect(),
            resources: self.rights.graph.containment.resources().map(|(index, _)| index).collect(),
            request,
        }
    }

    /// The cells of blocks; no cell is in two.
    fn cells(&self, blocks: &[Block]) -> BTreeSet<Cell> {
        let mut cells = BTreeSet::new();
        for block in blocks {
            for who in &block.subjects {
                for capability in vocabulary().names(block.capabilities) {
                    for resource in &block.resources {
                        let cell = (subject(&self.rights.org, *who), capability.to_owned(), self.name(*resource));
                        assert!(cells.insert(cell.clone()), "seed {}: {cell:?} is in two blocks", self.seed);
                    }
                }
            }
        }
        cells
    }

    /// The members of a set that is told in names.
    fn members(&self, set: &NamedSet) -> BTreeSet<String> {
        let mut members: BTreeSet<String> = set.members.iter().cloned().collect();
        for part in &set.names {
            let of_name: BTreeSet<String> = match part.kind {
                None => self.users(&part.name),
                Some(kind) => {
                    let reached = self.reached(&part.name).into_iter();
                    reached.map(|index| self.name(index)).filter(|name| name.split(':').next() == Some(kind)).collect()
                }
            };
            let except: BTreeSet<String> = part.except.iter().cloned().collect();
            assert!(except.is_subset(&of_name), "seed {}: {part:?}", self.seed);
            let meant: BTreeSet<String> = of_name.difference(&except).cloned().collect();
            assert_eq!(meant.len() as u64, part.count, "seed {}: {part:?}", self.seed);
            members.extend(meant);
        }
        members
    }

    fn users(&self, name: &str) -> BTreeSet<String> {
        let org = &self.rights.org;
        let users: Vec<_> = match name.strip_prefix("team:") {
            None => org.users.indices().collect(),
            Some(id) => {
                let team = org.teams.iter().find(|(_, team)| &*team.id == id).unwrap().0;
                self.rights.graph.inheritance.users_of(org, team).into_iter().collect()
            }
        };
        let enabled = users.into_iter().filter(|user| org.users[*user].disabled == Some(false));
        enabled.map(|user| subject(org, Who::User(user))).collect()
    }

    fn reached(&self, name: &str) -> Vec<ResourceIx> {
        let all = || self.rights.graph.containment.resources();
        match name {
            "all" => all().map(|(index, _)| index).collect(),
            "unassigned" => {
                let unplaced = all().filter(|(_, one)| {
                    matches!(one, camgrant::graph::Resource::Device(device) if self.rights.org.devices[*device].place.is_none())
                });
                unplaced.map(|(index, _)| index).collect()
            }
            name => reach(self.rights, all().find(|(index, _)| self.name(*index) == name).unwrap().0),
        }
    }
}

#[test]
fn blocks_are_exactly_the_cells_of_the_table() {
    let mut count = 0;
    each_case(|case| {
        let blocks = blocks(case.rights, &case.everything(None));
        let mut ours = case.cells(&blocks);
        for right in &case.table_cells {
            assert!(ours.remove(right), "seed {}: {right:?} is in no block", case.seed);
            count += 1;
        }
        assert!(ours.is_empty(), "seed {}: {ours:?} are not in the table", case.seed);
    });
    assert!(count > 1000, "only {count} cells were judged");
}

#[test]
fn for_one_request_blocks_are_what_the_table_says_then() {
    each_case(|case| {
        let mut rng = Rng::new(case.seed + 4000);
        let request = case.question(&mut rng).request;
        let ours = case.cells(&blocks(case.rights, &case.everything(Some(request))));
        let org = &case.rights.org;
        for (who, capability, resource) in &case.table_cells {
            let number = vocabulary().number(capability).unwrap();
            let theirs = decide(case.table, org, who, number, resource.clone(), request);
            let cell = (who.clone(), capability.clone(), resource.clone());
            assert_eq!(ours.contains(&cell), theirs, "seed {}: {cell:?} at {request:?}", case.seed);
        }
        let outside: Vec<_> = ours.difference(&case.table_cells).collect();
        assert!(outside.is_empty(), "seed {}: {outside:?}", case.seed);
    });
}

#[test]
fn names_are_exactly_the_sets_that_they_stand_for() {
    let (mut named, mut excepted) = (0, 0);
    each_case(|case| {
        let names = SetNames::new(case.rights);
        let mut rng = Rng::new(case.seed + 5000);
        let (subjects, resources) = (everybody(case.rights), case.everything(None).resources);
        let enabled = |who: &Who| match who {
            Who::User(user) => case.rights.org.users[*user].disabled == Some(false),
            Who::Link(_) => true,
        };
        for kept in [3, 50, 90, 100] {
            let subjects: Vec<Who> = subjects.iter().copied().filter(|who| enabled(who) && rng.chance(kept)).collect();
            let resources: Vec<ResourceIx> = resources.iter().copied().filter(|_| rng.chance(kept)).collect();
            let set = names.subjects(&subjects);
            let expected: BTreeSet<String> = subjects.iter().map(|who| subject(&case.rights.org, *who)).collect();
            assert_eq!(case.members(&set), expected, "seed {}: {set:?}", case.seed);
            assert_eq!(set.count, expected.len() as u64);
            let of_resources = names.resources(&resources);
            let expected: BTreeSet<String> = resources.iter().map(|index| case.name(*index)).collect();
            assert_eq!(case.members(&of_resources), expected, "seed {}: {of_resources:?}", case.seed);
            for set in [set, of_resources] {
                // never longer than the plain list
                let length = set.names.iter().map(|part| 1 + part.except.len()).sum::<usize>() + set.members.len();
                assert!(length as u64 <= set.count, "{set:?}");
                named += set.names.len();
                excepted += set.names.iter().filter(|part| !part.except.is_empty()).count();
            }
        }
    });
    assert!(named > 100 && excepted > 10, "{named} names, {excepted} of them with exceptions");
}
