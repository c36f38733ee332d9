//! Named: whom entries name, and in which ways statements come to them. Of a class of subjects only those are told apart
//! to whom some item of a `to` comes otherwise than to others.

use std::collections::{HashMap, HashSet};

use rustc_hash::FxBuildHasher;

use super::needs::{What, provides};
use crate::effective::OrgRights;
use crate::effective::condition::CondIx;
use crate::effective::statements::{Entry, StatementIx, SubjectClassIx};
use crate::effective::ways::SetIx;
use crate::model::{Arena, UserIx};

/// Whom some entries name.
#[derive(Debug)]
pub(super) struct Named<'r> {
    rights: &'r OrgRights,
    /// For each class users of it, one for each way in which the entries name them; one at least.
    users: Arena<SubjectClassIx, Vec<UserIx>>,
    /// The entries that name anybody of a class, ascending.
    entries: Arena<SubjectClassIx, Vec<Entry>>,
    /// Of `users`, those whom an entry names.
    by_entry: HashMap<(SubjectClassIx, Entry), Vec<UserIx>, FxBuildHasher>,
}

impl<'r> Named<'r> {
    /// Knows whom these entries name.
    pub(super) fn new(rights: &'r OrgRights, known: &HashSet<Entry>) -> Named<'r> {
        let classes = &rights.statements.classes;
        let mut named = Named {
            rights,
            users: classes.iter().map(|_| Vec::new()).collect(),
            entries: classes.iter().map(|_| Vec::new()).collect(),
            by_entry: HashMap::default(),
        };
        for (class, of_class) in classes.iter() {
            let mut met: HashSet<Vec<(Entry, SetIx)>, FxBuildHasher> = HashSet::default();
            for user in &of_class.members {
                let all = rights.statements.entries[*user].iter();
                let ways: Vec<(Entry, SetIx)> = all.filter(|(entry, _)| known.contains(entry)).copied().collect();
                if met.contains(&ways) {
                    continue;
                }
                named.users[class].push(*user);
                for (entry, _) in &ways {
                    named.entries[class].push(*entry);
                    named.by_entry.entry((class, *entry)).or_default().push(*user);
                }
                met.insert(ways);
            }
            named.entries[class].sort_unstable();
            named.entries[class].dedup();
        }
        named
    }

    /// Users of a class, one for each way in which entries name them.
    pub(super) fn users(&self, class: SubjectClassIx) -> &[UserIx] {
        &self.users[class]
    }

    /// Of these, those whom an entry names.
    pub(super) fn among(&self, entry: Entry, class: SubjectClassIx) -> &[UserIx] {
        self.by_entry.get(&(class, entry)).map_or(&[], Vec::as_slice)
    }

    /// The entries that name anybody of a class.
    pub(super) fn entries(&self, class: SubjectClassIx) -> &[Entry] {
        &self.entries[class]
    }

    /// Under which alternatives a statement comes to a user by those of its entries that stay.
    pub(super) fn alternatives(
        &self,
        statement: StatementIx,
        user: UserIx,
        stays: impl Fn(Entry) -> bool,
    ) -> Vec<CondIx> {
        let statements = &self.rights.statements;
        let by_it =
            |entry: Entry| statements.by_entry.get(&entry).is_some_and(|all| all.binary_search(&statement).is_ok());
        let ways = statements.entries[user].iter().filter(|(entry, _)| by_it(*entry) && stays(*entry));
        ways.flat_map(|(_, ways)| statements.alternatives(statement, *ways)).copied().collect()
    }

    /// Whether a user loses something with an entry.
    pub(super) fn loses(&self, statement: StatementIx, user: UserIx, lost: Entry, what: What) -> bool {
        let conditions = &self.rights.conditions;
        provides(what, &self.alternatives(statement, user, |_| true), conditions)
            && !provides(what, &self.alternatives(statement, user, |entry| entry != lost), conditions)
    }
}

/// Which statements have something to do with an entry: what is asked of a class goes by the entries that name it.
#[derive(Debug)]
pub(super) struct ByEntry<T>(HashMap<Entry, Vec<(StatementIx, T)>, FxBuildHasher>);

impl<T: Copy> ByEntry<T> {
    pub(super) fn new(all: impl Iterator<Item = (Entry, StatementIx, T)>) -> ByEntry<T> {
        let mut by_entry: HashMap<Entry, Vec<(StatementIx, T)>, FxBuildHasher> = HashMap::default();
        all.for_each(|(entry, statement, what)| by_entry.entry(entry).or_default().push((statement, what)));
        ByEntry(by_entry)
    }

    /// All that has to do with a class, ascending by statement.
    pub(super) fn of(&self, named: &Named<'_>, class: SubjectClassIx) -> Vec<(StatementIx, Entry, T)> {
        let entries = named.entries(class).iter();
        let of_entry = |entry: &Entry| {
            let entry = *entry;
            self.0.get(&entry).into_iter().flatten().map(move |(statement, what)| (*statement, entry, *what))
        };
        let mut all: Vec<(StatementIx, Entry, T)> = entries.flat_map(of_entry).collect();
        all.sort_by_key(|(statement, ..)| *statement);
        all
    }
}
