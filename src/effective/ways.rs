//! Ways: by which conditions a user is in a team (`semantics §2`). Each path through teams is a way; its condition is
//! the conjunction of the conditions of the teams along it.

use std::collections::{HashMap, HashSet};

use rustc_hash::FxBuildHasher;

use super::condition::{CondIx, Condition, Conditions};
use super::rules;
use crate::diagnostics::Diagnostic;
use crate::graph::Graph;
use crate::model::{Arena, Index as _, Org, Subject, TeamIx, UserIx};

/// A set of conditions by number: alternatives, ascending, each once.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct SetIx(pub u32);

/// Sets of conditions, each kept once.
#[derive(Debug, Default)]
pub(super) struct Sets {
    sets: Vec<Box<[CondIx]>>,
    numbers: HashMap<Box<[CondIx]>, SetIx, FxBuildHasher>,
}

impl Sets {
    pub(super) fn add(&mut self, mut set: Vec<CondIx>) -> SetIx {
        set.sort_unstable();
        set.dedup();
        if let Some(number) = self.numbers.get(&set[..]) {
            return *number;
        }
        let number = SetIx(self.sets.len() as u32);
        let set: Box<[CondIx]> = set.into();
        self.numbers.insert(set.clone(), number);
        self.sets.push(set);
        number
    }

    pub(super) fn get(&self, number: SetIx) -> &[CondIx] {
        &self.sets[number.0 as usize]
    }
}

/// Who is in which team, in which ways.
#[derive(Debug)]
pub(super) struct Ways {
    /// For each team its users, ascending, with the conditions of their ways, the team's own joined.
    pub members: Arena<TeamIx, Vec<(UserIx, SetIx)>>,
    pub sets: Sets,
}

/// How many ways of one user into one team are kept apart before they are reduced, as a multiple of
/// `max_alternatives`. Reducing early could name another of two conditions that mean the same; not reducing would let
/// nested teams multiply without end.
const KEPT_APART: usize = 4;

pub(super) fn ways(
    org: &Org,
    graph: &Graph,
    conditions: &mut Conditions,
    max_alternatives: u64,
    diagnostics: &mut Vec<Diagnostic>,
) -> Ways {
    let budget = usize::try_from(max_alternatives).unwrap_or(usize::MAX).max(16).saturating_mul(KEPT_APART);
    let mut sets = Sets::default();
    // users with too many ways into some team
    let mut over: HashSet<UserIx> = HashSet::new();
    let mut members: Arena<TeamIx, Vec<(UserIx, SetIx)>> = org.teams.iter().map(|_| Vec::new()).collect();
    for team in &graph.inheritance.team_order {
        let own = conditions.add(Condition::from(&org.teams[*team].condition));
        let mut ways: HashMap<UserIx, Vec<CondIx>, FxBuildHasher> = HashMap::default();
        for member in &graph.inheritance.members[*team] {
            match member {
                Subject::User(user) => {
                    for equal in &graph.inheritance.equals[*user] {
                        ways.entry(*equal).or_default().push(own);
                    }
                }
                Subject::Everyone => {
                    for user in org.users.indices() {
                        ways.entry(user).or_default().push(own);
                    }
                }
                Subject::Team(inner) => {
                    let mut joined: HashMap<SetIx, Vec<CondIx>, FxBuildHasher> = HashMap::default();
                    for (user, set) in &members[*inner] {
                        let through = joined.entry(*set).or_insert_with(|| conditions.product(sets.get(*set), &[own]));
                        ways.entry(*user).or_default().extend(&*through);
                    }
                }
            }
        }
        let mut users: Vec<(UserIx, Vec<CondIx>)> = ways.into_iter().collect();
        users.sort_unstable_by_key(|(user, _)| user.number());
        let mut bounded: HashMap<Vec<CondIx>, (SetIx, bool), FxBuildHasher> = HashMap::default();
        for (user, mut set) in users {
            set.sort_unstable();
            set.dedup();
            let (set, too_many) = *bounded.entry(set).or_insert_with_key(|set| {
                let mut set = set.clone();
                if set.len() > budget {
                    set = conditions.without_narrower(&set);
                }
                let too_many = set.len() > budget;
                if too_many {
                    set.truncate(1); // said once; the teams above need not multiply it further
                }
                (sets.add(set), too_many)
            });
            members[*team].push((user, set));
            if too_many && over.insert(user) && over.len() == 1 {
                diagnostics.push(too_many_ways(org, *team, user, budget));
            }
        }
    }
    Ways { members, sets }
}

fn too_many_ways(org: &Org, team: TeamIx, user: UserIx, budget: usize) -> Diagnostic {
    let (team, user) = (&org.teams[team], &org.users[user].id);
    let found =
        format!("`{user}` is in the team `{}` in more than {budget} ways, each under another condition", team.id);
    Diagnostic::new(&rules::TOO_MANY_ALTERNATIVES, team.span, found)
        .help("nest teams with conditions less, or raise the limit with `--max-alternatives`")
}
