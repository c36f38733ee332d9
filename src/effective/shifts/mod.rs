//! Shifts escaped: a right that comes only within a shift, but for a grant that comes around it.
//!
//! A grant comes *by a shift* to a user where every way of it goes through a team with a schedule or networks. A shift
//! is escaped where a user holds a capability on a device without any condition although a grant of it comes there by a
//! shift too, and on other devices of the same site the capability comes by that shift alone. A grant that also names
//! people outside the shift is no way around it: it is about something else.

mod pair;

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::rc::Rc;

use self::pair::{Pair, Sites};
use super::OrgRights;
use super::condition::Conditions;
use super::gap::Differing;
use super::resources::ResourceClassIx;
use super::rows::{Evaluator, Row};
use super::statements::{Entry, StatementIx, SubjectClassIx};
use super::ways::SetIx;
use crate::model::{DeviceIx, Grant, GrantIx, PlaceIx, TeamIx, UserIx};
use crate::vocabulary::{CapabilitySet, ResourceKind};

/// A grant that comes around a shift.
#[derive(Clone, Debug)]
pub struct ShiftEscaped {
    /// The grant that states no condition.
    pub grant: GrantIx,
    /// The grant that comes by the shift.
    pub shift: GrantIx,
    /// The team that bears the shift, or one of them.
    pub team: TeamIx,
    /// The site where both apply.
    pub site: PlaceIx,
    /// What is held around the shift.
    pub capabilities: CapabilitySet,
    /// Who holds each of them so, ascending.
    pub users: Vec<UserIx>,
    /// Where each is held so, ascending.
    pub devices: Vec<DeviceIx>,
    /// Devices of the site on which each comes by shifts alone, ascending.
    pub bound: Vec<DeviceIx>,
    /// How it holds around the shift, and by the shift.
    pub differing: Differing,
}

/// Grants that come around shifts, ascending.
#[must_use]
pub fn shifts_escaped(rights: &OrgRights) -> Vec<ShiftEscaped> {
    let mut shifts = Shifts {
        rights,
        evaluator: Evaluator::new(rights),
        inside: HashMap::new(),
        sites: None,
        found: BTreeMap::new(),
    };
    for (subjects, class) in rights.statements.classes.iter() {
        if let (false, Some(user)) = (class.owns_org, class.members.first()) {
            shifts.look(subjects, *user);
        }
    }
    shifts.tell()
}

/// What is the same for all whom one finding is about.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Found {
    grant: GrantIx,
    shift: GrantIx,
    site: PlaceIx,
    capabilities: CapabilitySet,
    devices: Vec<DeviceIx>,
    bound: Vec<DeviceIx>,
    differing: Differing,
}

struct Shifts<'r> {
    rights: &'r OrgRights,
    evaluator: Evaluator<'r>,
    /// Whether all whom an entry names come by the shift to a statement.
    inside: HashMap<(Entry, StatementIx), bool>,
    /// The devices of each site, once somebody has asked.
    sites: Option<Rc<Sites>>,
    found: BTreeMap<Found, BTreeSet<SubjectClassIx>>,
}

/// A grant that comes to somebody, and how.
struct Comes<'s> {
    statement: StatementIx,
    /// The ways in which it does.
    ways: SetIx,
    capabilities: CapabilitySet,
    classes: &'s [ResourceClassIx],
}

impl Shifts<'_> {
    fn look(&mut self, subjects: SubjectClassIx, user: UserIx) {
        let statements = &self.rights.statements;
        let (mut by_shift, mut otherwise, mut around) = (Vec::new(), Vec::new(), Vec::new());
        for (index, set) in &statements.classes[subjects].statements {
            let stated = &statements.all[*index];
            let capabilities = statements.on_kind(stated, ResourceKind::Device);
            if stated.denial || capabilities.is_empty() {
                continue;
            }
            let comes = |statement| Comes { statement, ways: *set, capabilities, classes: statements.reached(stated) };
            if statements.set(*set).contains(&Conditions::ALWAYS) {
                around.push(comes(*index));
            }
            if self.comes_by_shift(*index, user) {
                by_shift.push(comes(*index));
            } else {
                otherwise.push(comes(*index));
            }
        }
        if by_shift.is_empty() || around.is_empty() {
            return;
        }
        let mut row: Option<Row> = None;
        for shift in &by_shift {
            for grant in &around {
                let both = shift.capabilities & grant.capabilities;
                if both.is_empty() || !self.names_only_the_shift(grant.statement, shift.statement, user) {
                    continue;
                }
                let sites = Rc::clone(self.sites.get_or_insert_with(|| Rc::new(Sites::new(self.rights))));
                let classes = &self.rights.resources.classes;
                let device = |class| classes[class].standing.kind == ResourceKind::Device;
                let row = row.get_or_insert_with(|| self.evaluator.row_on(subjects, device));
                let pair = Pair { grant, shift, both, otherwise: &otherwise };
                for (found, capabilities) in pair.compare(self.rights, &self.evaluator, row, &sites) {
                    self.found.entry(Found { capabilities, ..found }).or_default().insert(subjects);
                }
            }
        }
    }

    /// Whether every way of a statement to a user goes through a team with a schedule or networks.
    fn comes_by_shift(&self, statement: StatementIx, user: UserIx) -> bool {
        let statements = &self.rights.statements;
        let grant = &self.rights.org.grants[statements.all[statement].grant];
        let mut ways = entries(grant)
            .filter_map(|entry| {
                let of_user = &statements.entries[user];
                let at = of_user.binary_search_by_key(&entry, |(entry, _)| *entry).ok()?;
                of_user.get(at).map(|(_, ways)| statements.set(*ways))
            })
            .flatten()
            .peekable();
        ways.peek().is_some()
            && ways.all(|way| {
                let condition = self.rights.conditions.get(*way);
                !condition.schedules.is_empty() || condition.networks.is_some()
            })
    }

    /// Whether nobody comes to a grant, by the entries that bring it to a user without condition, who does not come to the
    /// other by its shift.
    fn names_only_the_shift(&mut self, grant: StatementIx, shift: StatementIx, user: UserIx) -> bool {
        let statements = &self.rights.statements;
        let named = &self.rights.org.grants[statements.all[grant].grant];
        let of_user = &statements.entries[user];
        let bringing: Vec<Entry> = entries(named)
            .filter(|entry| {
                let at = of_user.binary_search_by_key(entry, |(entry, _)| *entry).ok();
                let ways = at.and_then(|at| of_user.get(at)).map(|(_, ways)| statements.set(*ways));
                ways.is_some_and(|ways| ways.contains(&Conditions::ALWAYS))
            })
            .collect();
        !bringing.is_empty() && bringing.into_iter().all(|entry| self.is_inside(entry, shift))
    }

    fn is_inside(&mut self, entry: Entry, shift: StatementIx) -> bool {
        if let Some(known) = self.inside.get(&(entry, shift)) {
            return *known;
        }
        let statements = &self.rights.statements;
        let named = statements
            .entries
            .iter()
            .filter(|(_, entries)| entries.binary_search_by_key(&entry, |(entry, _)| *entry).is_ok());
        let mut enabled = named.map(|(user, _)| user).filter(|user| statements.class_of[*user].is_some());
        let excepted = statements.excepted.get(&shift);
        let left_out = |user: UserIx| excepted.is_some_and(|excepted| excepted.contains(&user));
        let inside = enabled.all(|user| !left_out(user) && self.comes_by_shift(shift, user));
        self.inside.insert((entry, shift), inside);
        inside
    }

    fn tell(self) -> Vec<ShiftEscaped> {
        let rights = self.rights;
        let tell = |(found, subjects): (Found, BTreeSet<SubjectClassIx>)| {
            let members = subjects.iter().flat_map(|class| &rights.statements.classes[*class].members);
            let mut users: Vec<UserIx> = members.copied().collect();
            users.sort_unstable();
            let Found { grant, shift, site, capabilities, devices, bound, differing } = found;
            let team = bearing(rights, &rights.org.grants[shift])?;
            Some(ShiftEscaped { grant, shift, team, site, capabilities, users, devices, bound, differing })
        };
        self.found.into_iter().filter_map(tell).collect()
    }
}

fn entries(grant: &Grant) -> impl Iterator<Item = Entry> + '_ {
    grant.to.iter().map(|(subject, _)| Entry::of(*subject))
}

/// The first team on the way to a grant that states a schedule or networks.
fn bearing(rights: &OrgRights, grant: &Grant) -> Option<TeamIx> {
    let mut next: Vec<TeamIx> = Vec::new();
    let teams = |entry: Entry| match entry {
        Entry::Team(team) => Some(team),
        Entry::Everyone | Entry::User(_) => None,
    };
    next.extend(entries(grant).filter_map(teams));
    let mut at = 0;
    while let Some(team) = next.get(at).copied() {
        let condition = &rights.org.teams[team].condition;
        if condition.schedule.is_some() || condition.networks.is_some() {
            return Some(team);
        }
        for member in &rights.graph.inheritance.members[team] {
            if let Some(inner) = teams(Entry::of(*member)).filter(|inner| !next.contains(inner)) {
                next.push(inner);
            }
        }
        at += 1;
    }
    None
}
