//! When a right is held, over all instants and addresses. In: formulas. Out: whether somebody holds one at all, or at all
//! times and from everywhere, with an instant and addresses that show it. Exact: instants by [`moments`],
//! addresses by their sets.

use std::collections::{BTreeSet, HashMap};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::rc::Rc;

use super::support::{Bound, Formula};
use crate::effective::{Condition, Conditions, OrgRights};
use crate::model::{AddressSet, ScheduleIx};
use crate::query::{Request, moments};

/// What of instants and addresses a test looks at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Window {
    /// This instant alone.
    pub at: Option<i64>,
    /// This address alone.
    pub address: Option<IpAddr>,
}

/// Schedules and dates.
type Timing = (BTreeSet<ScheduleIx>, BTreeSet<i64>);

/// Judges rights.
#[derive(Debug)]
pub(super) struct Judge<'r> {
    rights: &'r OrgRights,
    accounts: Vec<Condition>,
    now: i64,
    /// All addresses.
    everywhere: AddressSet,
    moments: HashMap<Timing, Rc<Vec<i64>>>,
    known: HashMap<(Window, Formula, bool), bool>,
}

/// What the conditions of formulas ask for.
#[derive(Debug, Default)]
struct Asked {
    schedules: BTreeSet<ScheduleIx>,
    dates: BTreeSet<i64>,
    addresses: bool,
}

impl Asked {
    fn add(&mut self, condition: &Condition) {
        self.schedules.extend(&condition.schedules);
        self.dates.extend(condition.from.into_iter().chain(condition.until));
        self.addresses |= condition.networks.is_some() || condition.outside.is_some();
    }
}

impl<'r> Judge<'r> {
    pub(super) fn new(rights: &'r OrgRights, accounts: Vec<Condition>, now: i64) -> Judge<'r> {
        let everywhere = AddressSet::everything().addresses();
        Judge { rights, accounts, now, everywhere, moments: HashMap::new(), known: HashMap::new() }
    }

    /// Whether a right is held at some instant from some address.
    pub(super) fn ever(&mut self, window: Window, formula: Formula) -> bool {
        self.remembered(window, formula, false, |judge, formula| judge.together(window, &[vec![formula]]).is_some())
    }

    /// Whether a right is held at every instant from every address.
    pub(super) fn always(&mut self, window: Window, formula: Formula) -> bool {
        self.remembered(window, formula, true, |judge, formula| judge.gap(window, &formula).is_none())
    }

    fn remembered(
        &mut self,
        window: Window,
        formula: Formula,
        always: bool,
        decide: impl FnOnce(&mut Self, Formula) -> bool,
    ) -> bool {
        // most rights are held, or not, whatever the time and the address
        if formula.is_never() {
            return false;
        }
        let plain = formula.takes.is_empty() && formula.clauses.iter().all(|clause| *clause == [Conditions::ALWAYS]);
        if plain && self.bound(formula.bound).is_always() {
            return true;
        }
        let key = (window, formula, always);
        if let Some(known) = self.known.get(&key) {
            return *known;
        }
        let decided = decide(self, key.1.clone());
        self.known.insert(key, decided);
        decided
    }

    /// When and from where one of each list is held at once, if ever: the first such request.
    pub(super) fn together(&mut self, window: Window, items: &[Vec<Formula>]) -> Option<Request> {
        if items.iter().any(|item| item.iter().all(Formula::is_never)) {
            return None;
        }
        let asked = self.asked(items.iter().flatten());
        let universe = self.universe(window);
        self.moments(window, &asked).iter().find_map(|at| {
            let mut left = universe.clone();
            for item in items {
                let held: Vec<AddressSet> = item.iter().map(|formula| self.held(formula, *at, &left)).collect();
                left = AddressSet::union_of(&held);
                if left.is_empty() {
                    return None;
                }
            }
            Some(request(window, &asked, *at, &left))
        })
    }

    /// When and from where a right is not held, if ever.
    pub(super) fn gap(&mut self, window: Window, formula: &Formula) -> Option<Request> {
        let asked = self.asked([formula]);
        let universe = self.universe(window);
        self.moments(window, &asked).iter().find_map(|at| {
            let left = universe.difference(&self.held(formula, *at, &universe));
            (!left.is_empty()).then(|| request(window, &asked, *at, &left))
        })
    }

    fn universe(&self, window: Window) -> AddressSet {
        match window.address {
            Some(address) => AddressSet::one(address),
            None => self.everywhere.clone(),
        }
    }

    fn moments(&mut self, window: Window, asked: &Asked) -> Rc<Vec<i64>> {
        if let Some(at) = window.at {
            return Rc::new(vec![at]);
        }
        let (rights, now) = (self.rights, self.now);
        let key = (asked.schedules.clone(), asked.dates.clone());
        let find = |key: &Timing| Rc::new(moments(&rights.org, &key.0, &key.1, now));
        Rc::clone(self.moments.entry(key).or_insert_with_key(find))
    }

    fn asked<'f>(&self, formulas: impl IntoIterator<Item = &'f Formula>) -> Asked {
        let mut asked = Asked::default();
        for formula in formulas {
            asked.add(&self.bound(formula.bound));
            for condition in formula.clauses.iter().flatten() {
                let condition = self.rights.conditions.get(*condition);
                match formula.bound {
                    Bound::Account(_) => asked.add(condition),
                    Bound::Link(_) => asked.add(&condition.dates()),
                }
            }
            formula.takes.iter().for_each(|condition| asked.add(self.rights.conditions.get(*condition)));
        }
        asked
    }

    /// What bounds all that a subject holds.
    fn bound(&self, bound: Bound) -> Condition {
        match bound {
            Bound::Account(number) => self.accounts.get(number as usize).cloned().unwrap_or_default(),
            Bound::Link(link) => {
                let link = &self.rights.org.links[link];
                let own = Condition::from(&link.condition);
                let maker = link.created_by.map(|(maker, _)| &self.rights.org.users[maker]);
                maker.map_or(own.clone(), |maker| {
                    own.and(&Condition { from: maker.from, until: maker.until, ..Condition::default() })
                })
            }
        }
    }

    /// Of these addresses, those from which a right is held at an instant (`semantics §4`).
    fn held(&self, formula: &Formula, at: i64, from: &AddressSet) -> AddressSet {
        let conditions = &self.rights.conditions;
        let mut left = self.meeting(&self.bound(formula.bound), at, from);
        for clause in &formula.clauses {
            if left.is_empty() {
                return left;
            }
            let met: Vec<AddressSet> = clause
                .iter()
                .map(|condition| match formula.bound {
                    Bound::Account(_) => self.meeting(conditions.get(*condition), at, &left),
                    // schedules and addresses are the maker's working hours and desk
                    Bound::Link(_) => self.meeting(&conditions.get(*condition).dates(), at, &left),
                })
                .collect();
            left = AddressSet::union_of(&met);
        }
        for denial in &formula.takes {
            if left.is_empty() {
                return left;
            }
            left = left.difference(&self.meeting(conditions.get(*denial), at, &left));
        }
        left
    }

    /// Of these addresses, those from which a condition holds at an instant.
    fn meeting(&self, condition: &Condition, at: i64, from: &AddressSet) -> AddressSet {
        let dates = condition.from.is_none_or(|from| from <= at) && condition.until.is_none_or(|until| at < until);
        if !dates || !condition.schedules.iter().all(|schedule| self.rights.org.schedules[*schedule].holds(at)) {
            return AddressSet::default();
        }
        let inside = condition.networks.as_ref().map_or(from.clone(), |networks| from.intersection(networks));
        condition.outside.as_ref().map_or(inside.clone(), |outside| inside.difference(outside))
    }
}

/// A request that shows it: what no condition asks for, and the test does not state, is left out.
fn request(window: Window, asked: &Asked, at: i64, from: &AddressSet) -> Request {
    let timed = !asked.schedules.is_empty() || !asked.dates.is_empty();
    Request {
        at: window.at.or_else(|| timed.then_some(at)),
        address: window.address.or_else(|| somewhere(from).filter(|_| asked.addresses)),
    }
}

/// One of these addresses; where it may be anywhere, one that is nobody's.
fn somewhere(from: &AddressSet) -> Option<IpAddr> {
    const ANYWHERE: [IpAddr; 2] =
        [IpAddr::V4(Ipv4Addr::new(203, 0, 113, 9)), IpAddr::V6(Ipv6Addr::new(0x2001, 0xdb8, 0, 0, 0, 0, 0, 9))];
    ANYWHERE.into_iter().find(|address| from.contains(*address)).or_else(|| from.first())
}
