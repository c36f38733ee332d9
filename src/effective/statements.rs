//! Statements: the grants and denials in force, and the subjects in classes to whom the same ones come under the same
//! conditions.

use std::collections::{BTreeMap, HashMap, HashSet};

use rustc_hash::{FxBuildHasher, FxHashMap};

use super::condition::{CondIx, Condition, Conditions};
use super::resources::{ResourceClassIx, Resources};
use super::targets::{Aim, TargetIx, Targets, reaches};
use super::ways::{SetIx, Sets, Ways};
use crate::graph::Graph;
use crate::model::{Arena, Consent, Grant, GrantIx, Index, Org, RoleRef, Scope, Subject, TeamIx, UserIx};
use crate::vocabulary::{CapabilityClass, CapabilitySet, ResourceKind, vocabulary};

/// A grant or denial in force.
#[derive(Clone, Debug)]
pub struct Statement {
    /// Where it was written.
    pub grant: GrantIx,
    /// Whether it denies.
    pub denial: bool,
    /// `caps(grant)` (`semantics §3`).
    pub capabilities: CapabilitySet,
    /// Where it applies.
    pub(super) target: TargetIx,
    /// Its own condition.
    pub condition: CondIx,
}

/// A statement by number; ascending as the grants stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct StatementIx(pub u32);

impl Index for StatementIx {
    fn new(number: usize) -> StatementIx {
        StatementIx(number as u32)
    }

    fn number(self) -> usize {
        self.0 as usize
    }
}

/// A class of subjects, by number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct SubjectClassIx(pub u32);

impl Index for SubjectClassIx {
    fn new(number: usize) -> SubjectClassIx {
        SubjectClassIx(number as u32)
    }

    fn number(self) -> usize {
        self.0 as usize
    }
}

/// Users to whom the same comes.
#[derive(Clone, Debug)]
pub struct SubjectClass {
    /// The users, ascending.
    pub members: Vec<UserIx>,
    /// Whether they own the organisation.
    pub owns_org: bool,
    /// The one user who owns resources, where this class is that user's own.
    pub owner: Option<UserIx>,
    /// The statements that come to them.
    pub(super) statements: Coming,
}

/// Through what, and in which ways, statements come to somebody.
type Entries = Vec<(Entry, SetIx)>;

/// Statements that come to somebody, ascending, each with the alternatives under which it does.
type Coming = Vec<(StatementIx, SetIx)>;

/// Through what, and less which statements.
type Through<'t> = (&'t [(Entry, SetIx)], &'t [StatementIx]);

/// The grants in force, and the classes of users by them.
#[derive(Debug)]
pub struct Statements {
    /// The statements.
    pub all: Arena<StatementIx, Statement>,
    /// The classes of enabled users.
    pub classes: Arena<SubjectClassIx, SubjectClass>,
    /// The class of each user; a disabled one has none.
    pub class_of: Arena<UserIx, Option<SubjectClassIx>>,
    pub(super) targets: Targets,
    pub(super) sets: Sets,
    /// For each user and team (or `None`: everyone, or the user by name) through which something comes: the ways.
    pub(super) entries: Arena<UserIx, Entries>,
    /// The statements that name each entry.
    pub(super) by_entry: FxHashMap<Entry, Vec<StatementIx>>,
    /// For each statement with an `except` the users whom it leaves out.
    pub(super) excepted: HashMap<StatementIx, HashSet<UserIx>>,
    /// For each user whom some `except` leaves out the statements with that `except`, ascending.
    left_out: HashMap<UserIx, Vec<StatementIx>, FxBuildHasher>,
    /// A statement's condition together with each way, where both have met.
    joined: Joined,
}

/// Through what a statement comes to a user: an item of its `to`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) enum Entry {
    Everyone,
    Team(TeamIx),
    User(UserIx),
}

impl Entry {
    pub(super) fn of(subject: Subject) -> Entry {
        match subject {
            Subject::Everyone => Entry::Everyone,
            Subject::Team(team) => Entry::Team(team),
            Subject::User(user) => Entry::User(user),
        }
    }
}

/// `caps(grant)` or `caps(denial)` (`semantics §3`).
pub(super) fn capabilities(graph: &Graph, grant: &Grant) -> CapabilitySet {
    let roles = grant.roles.iter().map(|(role, _)| capabilities_of(graph, role));
    let all: CapabilitySet = roles.chain(grant.capabilities.iter().map(|(set, _)| *set)).collect();
    left_by_read_only(grant, all)
}

/// `caps(role)`.
pub(super) fn capabilities_of(graph: &Graph, role: &RoleRef) -> CapabilitySet {
    match role {
        RoleRef::Declared(role) => graph.inheritance.capabilities[*role],
        RoleRef::BuiltIn(role) => role.capabilities,
    }
}

/// Of what a grant names, what its `read_only` leaves.
pub(crate) fn left_by_read_only(grant: &Grant, named: CapabilitySet) -> CapabilitySet {
    if grant.read_only { named & vocabulary().of_class(CapabilityClass::View) } else { named }
}

/// All users whom a list of subjects names, in any way at any time.
pub(super) fn named_users(
    org: &Org,
    graph: &Graph,
    ways: &Ways,
    subjects: &[(Subject, crate::source::Span)],
) -> HashSet<UserIx> {
    let mut users = HashSet::new();
    for (subject, _) in subjects {
        match subject {
            Subject::Everyone => users.extend(org.users.indices()),
            Subject::Team(team) => users.extend(ways.members[*team].iter().map(|(user, _)| *user)),
            Subject::User(user) => users.extend(&graph.inheritance.equals[*user]),
        }
    }
    users
}

impl Statements {
    pub(super) fn new(
        org: &Org,
        graph: &Graph,
        ways: &Ways,
        resources: &Resources,
        conditions: &mut Conditions,
    ) -> Statements {
        let mut this = Statements {
            all: Arena::default(),
            classes: Arena::default(),
            class_of: org.users.iter().map(|_| None).collect(),
            targets: Targets::default(),
            sets: Sets::default(),
            entries: org.users.iter().map(|_| Vec::new()).collect(),
            by_entry: FxHashMap::default(),
            excepted: HashMap::new(),
            left_out: HashMap::default(),
            joined: Joined::default(),
        };
        this.state(org, graph, ways, resources, conditions);
        this.enter(org, graph, ways);
        this.classify(org, resources, conditions);
        this
    }

    /// The grants in force, with what they say.
    fn state(&mut self, org: &Org, graph: &Graph, ways: &Ways, resources: &Resources, conditions: &mut Conditions) {
        for (index, grant) in org.grants.iter() {
            if !grant.enabled || grant.consent != Consent::Accepted || grant.broken.any {
                continue;
            }
            let statement = self.all.add(Statement {
                grant: index,
                denial: grant.denial,
                capabilities: capabilities(graph, grant),
                target: self.targets.add(org, resources, Aim::of(grant)),
                condition: conditions.add(Condition::from(&grant.condition)),
            });
            let mut entries: Vec<Entry> = grant.to.iter().map(|(subject, _)| Entry::of(*subject)).collect();
            entries.sort_unstable();
            entries.dedup();
            for entry in entries {
                self.by_entry.entry(entry).or_default().push(statement);
            }
            if !grant.except.is_empty() {
                let users = named_users(org, graph, ways, &grant.except);
                for user in &users {
                    self.left_out.entry(*user).or_default().push(statement);
                }
                self.excepted.insert(statement, users);
            }
        }
    }

    /// Through which entries statements come to each user, and in which ways.
    fn enter(&mut self, org: &Org, graph: &Graph, ways: &Ways) {
        let always = self.sets.add(vec![Conditions::ALWAYS]);
        let mut entries: Vec<Entry> = self.by_entry.keys().copied().collect();
        entries.sort_unstable();
        for entry in entries {
            match entry {
                Entry::Everyone => org.users.indices().for_each(|user| self.entries[user].push((entry, always))),
                Entry::User(named) => {
                    for user in &graph.inheritance.equals[named] {
                        self.entries[*user].push((entry, always));
                    }
                }
                Entry::Team(team) => {
                    let mut copied: HashMap<SetIx, SetIx, FxBuildHasher> = HashMap::default();
                    for (user, set) in &ways.members[team] {
                        let set = *copied.entry(*set).or_insert_with(|| self.sets.add(ways.sets.get(*set).to_vec()));
                        self.entries[*user].push((entry, set));
                    }
                }
            }
        }
    }

    fn classify(&mut self, org: &Org, resources: &Resources, conditions: &mut Conditions) {
        let org_owners: HashSet<UserIx> = org.owners.iter().map(|(user, _)| *user).collect();
        let mut joined = std::mem::take(&mut self.joined);
        let (entries, left_out) = (std::mem::take(&mut self.entries), std::mem::take(&mut self.left_out));
        // what comes to users goes by number; with the same entries, ways and exceptions it is put together but once
        let mut by_entries: HashMap<Through<'_>, usize> = HashMap::new();
        let mut comings: HashMap<Coming, usize> = HashMap::new();
        let mut classes: FxHashMap<(bool, Option<UserIx>, usize), SubjectClassIx> = FxHashMap::default();
        for (user, declared) in org.users.iter() {
            if declared.disabled != Some(false) {
                continue;
            }
            let owns_org = org_owners.contains(&user);
            let owner = (!owns_org && resources.owned.contains_key(&user)).then_some(user);
            // an owner holds everything, whatever is granted or denied
            let entries: &[(Entry, SetIx)] = if owns_org { &[] } else { &entries[user] };
            let exceptions = left_out.get(&user).filter(|_| !owns_org).map_or(&[][..], Vec::as_slice);
            let coming = *by_entries.entry((entries, exceptions)).or_insert_with(|| {
                let coming = self.put_together(entries, exceptions, conditions, &mut joined);
                let next = comings.len();
                *comings.entry(coming).or_insert(next)
            });
            let class = *classes.entry((owns_org, owner, coming)).or_insert_with(|| {
                self.classes.add(SubjectClass { members: Vec::new(), owns_org, owner, statements: Coming::new() })
            });
            self.classes[class].members.push(user);
            self.class_of[user] = Some(class);
        }
        drop(by_entries);
        let mut by_number: Vec<Coming> = vec![Coming::new(); comings.len()];
        for (coming, number) in comings {
            if let Some(place) = by_number.get_mut(number) {
                *place = coming;
            }
        }
        for ((.., number), class) in classes {
            self.classes[class].statements = by_number.get(number).cloned().unwrap_or_default();
        }
        (self.entries, self.left_out, self.joined) = (entries, left_out, joined);
    }

    /// The statements that come through these entries, each once, with all its alternatives.
    fn put_together(
        &mut self,
        entries: &[(Entry, SetIx)],
        exceptions: &[StatementIx],
        conditions: &mut Conditions,
        joined: &mut Joined,
    ) -> Vec<(StatementIx, SetIx)> {
        let mut statements: Vec<(StatementIx, SetIx)> = Vec::new();
        for (entry, ways) in entries {
            for statement in self.by_entry.get(entry).into_iter().flatten() {
                if exceptions.binary_search(statement).is_err() {
                    let own = self.all[*statement].condition;
                    statements.push((*statement, joined.ways(own, *ways, &mut self.sets, conditions)));
                }
            }
        }
        statements.sort_unstable();
        statements.dedup();
        let mut merged: Vec<(StatementIx, SetIx)> = Vec::with_capacity(statements.len());
        for (statement, set) in statements {
            match merged.last_mut() {
                Some((last, other)) if *last == statement => *other = joined.either(*other, set, &mut self.sets),
                _ => merged.push((statement, set)),
            }
        }
        merged
    }

    /// What the grants in force give together at each place where one of them applies, as classes of resources.
    pub fn given(&self) -> impl Iterator<Item = (CapabilitySet, &[ResourceClassIx])> {
        let mut at: BTreeMap<TargetIx, CapabilitySet> = BTreeMap::new();
        for (_, statement) in self.all.iter().filter(|(_, statement)| !statement.denial) {
            let given = at.entry(statement.target).or_default();
            *given = *given | statement.capabilities;
        }
        at.into_iter().map(|(target, given)| (given, &self.targets.targets[target].classes[..]))
    }

    /// The classes of resources that a statement reaches, what is barred aside, ascending.
    #[must_use]
    pub fn reached(&self, statement: &Statement) -> &[ResourceClassIx] {
        &self.targets.targets[statement.target].classes
    }

    /// The same of a statement by number.
    pub(super) fn reached_of(&self, statement: StatementIx) -> &[ResourceClassIx] {
        self.reached(&self.all[statement])
    }

    /// Whether a statement comes to a class of subjects.
    pub(super) fn comes_to(&self, statement: StatementIx, class: SubjectClassIx) -> bool {
        self.classes[class].statements.binary_search_by_key(&statement, |(index, _)| *index).is_ok()
    }

    /// Of the classes that a statement reaches, those that one scope of it does.
    #[must_use]
    pub fn reached_by(&self, resources: &Resources, statement: &Statement, scope: Scope) -> Vec<ResourceClassIx> {
        let all = self.reached(statement);
        match resources.reached.get(&scope) {
            // what the scope reaches may be far less than what the statement does, or far more
            Some(few) if few.len() < all.len() => {
                few.iter().copied().filter(|class| all.binary_search(class).is_ok()).collect()
            }
            _ => {
                let standing = |class: ResourceClassIx| &resources.classes[class].standing;
                all.iter().copied().filter(|class| reaches(scope, standing(*class), statement.denial)).collect()
            }
        }
    }

    /// What a statement gives, or denies, on resources of a kind that it reaches.
    #[must_use]
    pub fn on_kind(&self, statement: &Statement, kind: ResourceKind) -> CapabilitySet {
        statement.capabilities & self.targets.targets[statement.target].mask(kind)
    }

    /// The statements that come to a class of subjects, ascending.
    pub fn of_class(&self, class: SubjectClassIx) -> impl Iterator<Item = &Statement> {
        self.classes[class].statements.iter().map(|(index, _)| &self.all[*index])
    }

    pub(super) fn set(&self, set: SetIx) -> &[CondIx] {
        self.sets.get(set)
    }

    /// The grants and denials that come to a class of subjects, each with the classes of resources that it reaches.
    pub fn applying(&self, class: SubjectClassIx) -> impl Iterator<Item = (GrantIx, &[ResourceClassIx])> {
        self.classes[class].statements.iter().map(|(index, _)| {
            let statement = &self.all[*index];
            (statement.grant, &self.targets.targets[statement.target].classes[..])
        })
    }

    /// The statements that come to a class of subjects, ascending, each with the alternatives under which it does: its own
    /// condition joined with each way's, neither reduced nor freed of what can never hold.
    pub fn coming(&self, class: SubjectClassIx) -> impl Iterator<Item = (StatementIx, &Statement, &[CondIx])> {
        self.classes[class].statements.iter().map(|(index, set)| (*index, &self.all[*index], self.set(*set)))
    }

    /// What a statement gives, or denies, on the resources of a class, whose kind this is; nothing where it does not
    /// reach them.
    #[must_use]
    pub fn capabilities_on(&self, statement: StatementIx, class: ResourceClassIx, kind: ResourceKind) -> CapabilitySet {
        let stated = &self.all[statement];
        let target = &self.targets.targets[stated.target];
        let capabilities = stated.capabilities & target.mask(kind);
        if capabilities.is_empty() || target.classes.binary_search(&class).is_err() {
            return CapabilitySet::EMPTY;
        }
        capabilities
    }

    /// What brings statements to a user: each item of a `to`, with the ways.
    pub(super) fn shares(&self, user: UserIx) -> impl Iterator<Item = Share> + '_ {
        let left_out = self.left_out.get(&user).map_or(&[][..], Vec::as_slice);
        self.entries[user].iter().map(move |(entry, ways)| {
            let named = self.naming(*entry);
            let left_out = left_out.iter().copied().filter(|statement| named.binary_search(statement).is_ok());
            Share { entry: *entry, ways: *ways, left_out: left_out.collect() }
        })
    }

    /// The statements of a share, ascending.
    pub(super) fn of_share(&self, share: &Share) -> impl Iterator<Item = StatementIx> + use<'_> {
        let left_out = share.left_out.clone();
        self.naming(share.entry).iter().copied().filter(move |statement| left_out.binary_search(statement).is_err())
    }

    /// The statements that name an entry, ascending.
    fn naming(&self, entry: Entry) -> &[StatementIx] {
        self.by_entry.get(&entry).map_or(&[], Vec::as_slice)
    }

    /// The alternatives of a statement that comes in these ways.
    pub(super) fn alternatives(&self, statement: StatementIx, ways: SetIx) -> &[CondIx] {
        let own = self.all[statement].condition;
        let set = if own == Conditions::ALWAYS { Some(&ways) } else { self.joined.ways.get(&(own, ways)) };
        set.map_or(&[], |set| self.sets.get(*set))
    }
}

/// What brings statements to a user: an item of `to`, the ways through it, and the statements with that item which
/// leave the user out, ascending.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Share {
    pub entry: Entry,
    pub ways: SetIx,
    pub left_out: Vec<StatementIx>,
}

/// What has been joined before.
#[derive(Debug, Default)]
struct Joined {
    ways: HashMap<(CondIx, SetIx), SetIx, FxBuildHasher>,
    either: HashMap<(SetIx, SetIx), SetIx, FxBuildHasher>,
}

impl Joined {
    /// A condition together with each way.
    fn ways(&mut self, own: CondIx, ways: SetIx, sets: &mut Sets, conditions: &mut Conditions) -> SetIx {
        if own == Conditions::ALWAYS {
            return ways;
        }
        *self.ways.entry((own, ways)).or_insert_with(|| {
            let product = conditions.product(sets.get(ways), &[own]);
            sets.add(product)
        })
    }

    /// The alternatives of both.
    fn either(&mut self, a: SetIx, b: SetIx, sets: &mut Sets) -> SetIx {
        *self.either.entry((a, b)).or_insert_with(|| sets.add([sets.get(a), sets.get(b)].concat()))
    }
}
