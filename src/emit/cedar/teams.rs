//! Who is in which team, as Cedar's hierarchy has it, and by which ways a team's users come to be named.
//!
//! A team that bears a condition is a *shift*. Whatever comes to a user through it holds only while its condition does,
//! so a shift is in no other team here: the hierarchy has the ways on which nothing is stated, and the ways through
//! shifts are named one by one (`semantics §2`).

use std::collections::{BTreeMap, BTreeSet};

use super::conditions::Parts;
use super::names::Names;
use super::text::Uid;
use crate::diagnostics::Diagnostic;
use crate::effective::rules::TOO_MANY_ALTERNATIVES;
use crate::graph::Graph;
use crate::model::{Arena, Org, Stated, Subject, TeamIx, UserIx};

/// The most ways into one team that are written. The compiler has refused nearly all policies that come near.
const MOST_WAYS: usize = 1024;

/// Some ways to a team's users at once: all who are in `through` without a condition, while these shifts are on.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Way {
    through: TeamIx,
    shifts: BTreeSet<TeamIx>,
}

/// Users and teams.
#[derive(Debug)]
pub(super) struct Teams<'m> {
    org: &'m Org,
    names: Names<'m>,
    /// What each user and team is in directly.
    parents: BTreeMap<Uid, BTreeSet<Uid>>,
    ways: Arena<TeamIx, Vec<Way>>,
    /// The shifts below each team, at any depth, through whatever teams.
    shifts_below: Arena<TeamIx, BTreeSet<TeamIx>>,
}

/// Users by one condition: those who are in one of these entities.
#[derive(Clone, Debug)]
pub(super) struct Alternative<'m> {
    pub named: BTreeSet<Uid>,
    pub parts: Parts<'m>,
}

impl<'m> Teams<'m> {
    /// Reads the teams of an organisation.
    ///
    /// # Errors
    /// A finding, where the ways into a team are too many to be written.
    pub(super) fn new(org: &'m Org, graph: &Graph, names: Names<'m>) -> Result<Teams<'m>, Box<Diagnostic>> {
        let mut teams = Teams {
            org,
            names,
            parents: BTreeMap::new(),
            ways: org.teams.iter().map(|_| Vec::new()).collect(),
            shifts_below: org.teams.iter().map(|_| BTreeSet::new()).collect(),
        };
        teams.put_in_place(graph);
        let alike = shifts_alike(org);
        let mut has_users: Arena<TeamIx, bool> = org.teams.iter().map(|_| false).collect();
        for team in &graph.inheritance.team_order {
            has_users[*team] = graph.inheritance.members[*team].iter().any(|member| match member {
                Subject::User(_) => true,
                Subject::Everyone => !org.users.is_empty(),
                Subject::Team(inner) => !is_shift(org, *inner) && has_users[*inner],
            });
            teams.lead(graph, *team, &alike, has_users[*team])?;
        }
        Ok(teams)
    }

    /// The hierarchy: where `same_as` makes a user equal to another, it is in that other, and so wherever that is.
    fn put_in_place(&mut self, graph: &Graph) {
        for user in self.org.users.indices() {
            let equal = graph.inheritance.same_as[user].map(|other| self.names.user(other));
            self.parents.insert(self.names.user(user), equal.into_iter().chain([self.names.everyone()]).collect());
        }
        self.parents.insert(self.names.everyone(), BTreeSet::new());
        for team in self.org.teams.indices() {
            self.parents.entry(self.names.team(team)).or_default();
            for member in &graph.inheritance.members[team] {
                let inner = match member {
                    Subject::User(user) => self.names.user(*user),
                    Subject::Everyone => self.names.everyone(),
                    Subject::Team(inner) if is_shift(self.org, *inner) => continue,
                    Subject::Team(inner) => self.names.team(*inner),
                };
                self.parents.entry(inner).or_default().insert(self.names.team(team));
            }
        }
    }

    /// The ways into a team, from those into the teams that it lists.
    fn lead(
        &mut self,
        graph: &Graph,
        team: TeamIx,
        alike: &Arena<TeamIx, TeamIx>,
        has_users: bool,
    ) -> Result<(), Box<Diagnostic>> {
        let own = is_shift(self.org, team).then(|| alike[team]);
        let mut ways: BTreeSet<Way> = BTreeSet::new();
        if has_users {
            ways.insert(Way { through: team, shifts: own.into_iter().collect() });
        }
        for member in &graph.inheritance.members[team] {
            let Subject::Team(inner) = member else { continue };
            let shifts = self.shifts_below[*inner].iter().copied().chain(is_shift(self.org, *inner).then_some(*inner));
            let shifts: Vec<TeamIx> = shifts.collect();
            self.shifts_below[team].extend(shifts);
            for way in &self.ways[*inner] {
                if way.shifts.is_empty() {
                    continue; // the hierarchy has it
                }
                let shifts = way.shifts.iter().copied().chain(own).collect();
                ways.insert(Way { through: way.through, shifts });
            }
            if ways.len() > MOST_WAYS * 4 {
                ways = without_narrower(ways);
                if ways.len() > MOST_WAYS {
                    return Err(Box::new(self.too_many(team)));
                }
            }
        }
        let ways = without_narrower(ways);
        if ways.len() > MOST_WAYS {
            return Err(Box::new(self.too_many(team)));
        }
        self.ways[team] = ways.into_iter().collect();
        Ok(())
    }

    fn too_many(&self, team: TeamIx) -> Diagnostic {
        let team = &self.org.teams[team];
        let found = format!("there are more than {MOST_WAYS} ways into the team `{}` to be written for Cedar", team.id);
        Diagnostic::new(&TOO_MANY_ALTERNATIVES, team.span, found).help("nest teams with conditions less")
    }

    /// What each user and team is in directly.
    pub(super) fn parents(&self) -> &BTreeMap<Uid, BTreeSet<Uid>> {
        &self.parents
    }

    /// Everything that a user is in without a condition, the user too.
    pub(super) fn holders(&self, user: UserIx) -> BTreeSet<Uid> {
        let mut all = BTreeSet::new();
        let mut left = vec![self.names.user(user)];
        while let Some(uid) = left.pop() {
            if !all.contains(&uid) {
                left.extend(self.parents.get(&uid).into_iter().flatten().cloned());
                all.insert(uid);
            }
        }
        all
    }

    /// Whom these items of a `to` name, by the conditions of the ways, joined with what the grant states.
    pub(super) fn named(&self, to: impl Iterator<Item = Subject>, stated: &'m Stated) -> Vec<Alternative<'m>> {
        let mut by_shifts: BTreeMap<BTreeSet<TeamIx>, BTreeSet<Uid>> = BTreeMap::new();
        let mut add = |shifts: BTreeSet<TeamIx>, uid: Uid| {
            by_shifts.entry(shifts).or_default().insert(uid);
        };
        for item in to {
            match item {
                Subject::User(user) => add(BTreeSet::new(), self.names.user(user)),
                Subject::Everyone => add(BTreeSet::new(), self.names.everyone()),
                Subject::Team(team) => {
                    self.ways[team].iter().for_each(|way| add(way.shifts.clone(), self.names.team(way.through)));
                }
            }
        }
        let alternatives = by_shifts.into_iter().map(|(shifts, named)| {
            let of_shifts = shifts.iter().map(|shift| &self.org.teams[*shift].condition);
            Alternative { named, parts: Parts::of(of_shifts.chain([stated])) }
        });
        alternatives.collect()
    }

    /// Whom these items of an `except` leave out: whoever is in them at any time.
    pub(super) fn left_out(&self, except: impl Iterator<Item = Subject>) -> BTreeSet<Uid> {
        let mut all = BTreeSet::new();
        for item in except {
            match item {
                Subject::User(user) => {
                    all.insert(self.names.user(user));
                }
                Subject::Everyone => {
                    all.insert(self.names.everyone());
                }
                Subject::Team(team) => {
                    all.insert(self.names.team(team));
                    all.extend(self.shifts_below[team].iter().map(|shift| self.names.team(*shift)));
                }
            }
        }
        all
    }
}

fn is_shift(org: &Org, team: TeamIx) -> bool {
    org.teams[team].condition != Stated::default()
}

/// For each team the first that states the same.
fn shifts_alike(org: &Org) -> Arena<TeamIx, TeamIx> {
    let mut first = BTreeMap::new();
    org.teams
        .iter()
        .map(|(team, declared)| {
            let Stated { from, until, schedule, networks, outside } = &declared.condition;
            *first.entry((from, until, schedule, networks, outside)).or_insert(team)
        })
        .collect()
}

/// Of ways through the same team those that need the fewest shifts: whoever comes by more comes by fewer too.
fn without_narrower(ways: BTreeSet<Way>) -> BTreeSet<Way> {
    let mut by_team: BTreeMap<TeamIx, Vec<BTreeSet<TeamIx>>> = BTreeMap::new();
    for way in ways {
        by_team.entry(way.through).or_default().push(way.shifts);
    }
    let mut kept = BTreeSet::new();
    for (through, mut all) in by_team {
        all.sort_by_key(BTreeSet::len);
        let mut fewest: Vec<BTreeSet<TeamIx>> = Vec::new();
        for shifts in all {
            if !fewest.iter().any(|fewer| fewer.is_subset(&shifts)) {
                fewest.push(shifts);
            }
        }
        kept.extend(fewest.into_iter().map(|shifts| Way { through, shifts }));
    }
    kept
}
