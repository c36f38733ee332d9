//! The hours that lints tell are those of the table: on random policies, every gap is walked over instants and addresses
//! and held against what the table decides.

use std::collections::BTreeMap;
use std::net::IpAddr;

use camgrant::effective::{
    self, Days, Differing, Evaluator, Gap, Gaps, Held, Hours, OrgRights, Piece, ShiftEscaped, Uncovered, Why,
};
use camgrant::graph::{Resource, ResourceIx};
use camgrant::model::{DeviceIx, Org, UserIx};
use camgrant::query::Request;
use camgrant::table::Table;
use camgrant::vocabulary::vocabulary;
use camgrant_naive::{Policy, random_policy};
use jiff::Timestamp;

use crate::support::{compile_files, table_of};

const DAY: i64 = 24 * 60 * 60;

fn cases() -> u64 {
    std::env::var("CAMGRANT_CASES").ok().and_then(|count| count.parse().ok()).unwrap_or(60)
}

/// A piece by its meaning, and not by the windows that it was made of.
fn has(org: &Org, piece: &Piece, at: i64, address: IpAddr) -> bool {
    let dates = piece.from.is_none_or(|from| from <= at) && piece.until.is_none_or(|until| at < until);
    dates
        && piece.addresses.as_ref().is_none_or(|set| set.contains(address))
        && piece.hours.as_ref().is_none_or(|hours| within(org, hours, at))
}

fn within(org: &Org, hours: &Hours, at: i64) -> bool {
    let zone = &org.schedules[hours.clock].zone;
    let local = Timestamp::from_second(at).unwrap().to_zoned(zone.rules.clone());
    let minute = u16::try_from(local.hour()).unwrap() * 60 + u16::try_from(local.minute()).unwrap();
    let open = |windows: &[(u16, u16)]| windows.iter().any(|(start, end)| (*start..*end).contains(&minute));
    match &hours.days {
        Days::Weekly { week, except } => {
            let weekday = usize::try_from(local.weekday().to_monday_zero_offset()).unwrap();
            !except.contains(&local.date()) && open(&week[weekday])
        }
        Days::On(date, windows) => *date == local.date() && open(windows),
        Days::Named { within, outside } => {
            let holds = |schedule: &_| org.schedules[*schedule].holds(at);
            within.iter().all(holds) && !outside.iter().any(holds)
        }
    }
}

/// What is walked of an organisation: instants and addresses, and what the table says there.
struct Walk<'w> {
    rights: &'w OrgRights,
    table: &'w Table,
    instants: Vec<i64>,
    addresses: Vec<IpAddr>,
    met: &'w mut BTreeMap<&'static str, usize>,
}

impl<'w> Walk<'w> {
    fn new(
        rights: &'w OrgRights,
        table: &'w Table,
        naive: &Policy,
        met: &'w mut BTreeMap<&'static str, usize>,
    ) -> Walk<'w> {
        // whatever a policy names, each with the seconds beside it, and a walk in steps that miss no weekday and hour
        let mut instants = naive.moments(&rights.org.id);
        if let (Some(first), Some(last)) = (instants.first().copied(), instants.last().copied()) {
            let most = 150;
            let step = (instants.len() / most).max(1);
            instants = instants.into_iter().step_by(step).collect();
            instants.extend((0..90).map(|number| first - 2 * DAY + number * ((last - first) / 80 + 5 * 3600 + 60)));
            instants.extend([first - 400 * DAY, last + 400 * DAY]);
        }
        instants.sort_unstable();
        let addresses = naive.addresses(&rights.org.id);
        Walk { rights, table, instants, addresses, met }
    }

    fn decides(&self, user: UserIx, what: (&str, &str), at: i64, address: IpAddr) -> bool {
        let user = format!("user:{}", self.rights.org.users[user].id);
        let at = Timestamp::from_second(at).ok();
        self.table.decide(&self.rights.org.id, &user, what.0, what.1, at, Some(address))
    }

    /// Holds a gap against a judge of single instants and addresses.
    fn compare(&mut self, context: &str, gap: &Gap, differs: impl Fn(&Self, i64, IpAddr) -> bool) {
        let Gap::Told { pieces, .. } = gap else {
            *self.met.entry("not told").or_default() += 1;
            return;
        };
        self.count(pieces);
        let org = &self.rights.org;
        for at in &self.instants {
            for address in &self.addresses {
                let told = pieces.iter().filter(|piece| has(org, piece, *at, *address)).count();
                let expected = usize::from(differs(self, *at, *address));
                let instant = Timestamp::from_second(*at).unwrap();
                assert_eq!(told, expected, "{context}: at {instant} from {address}\n{pieces:#?}");
            }
        }
    }

    fn count(&mut self, pieces: &[Piece]) {
        let mut count = |kind: &'static str| *self.met.entry(kind).or_default() += 1;
        if pieces.is_empty() {
            count("none");
        }
        for piece in pieces {
            match piece.hours.as_ref().map(|hours| &hours.days) {
                None => count("at any hour"),
                Some(Days::Weekly { except, .. }) if !except.is_empty() => count("with exceptions"),
                Some(Days::Weekly { .. }) => count("weekly"),
                Some(Days::On(..)) => count("on a date"),
                Some(Days::Named { .. }) => count("by name"),
            }
            if piece.from.is_some() || piece.until.is_some() {
                count("dated");
            }
            if piece.addresses.is_some() {
                count("from addresses");
            }
        }
    }

    /// What `condition-not-covered` tells.
    fn uncovered(&mut self, gaps: &mut Gaps<'_>, shown: &Uncovered) {
        let (rights, access) = (self.rights, "live.view");
        let view = shown.gathering.text(&rights.org);
        let differing = shown.differing.as_deref().unwrap();
        for (user, device) in shown.users.iter().zip(shown.devices.iter().cycle()) {
            let device = format!("device:{}", rights.org.devices[*device].id);
            let context = format!("{} sees {view}, {device}", rights.org.users[*user].id);
            let gap = gaps.of(*user, differing);
            self.compare(&context, &gap, |walk, at, address| {
                walk.decides(*user, (shown.capability(), &view), at, address)
                    && !walk.decides(*user, (access, &device), at, address)
            });
            *self.met.entry("not covered").or_default() += 1;
        }
    }

    /// What `shift-escaped` tells: held, and not by the shift.
    fn escaped(&mut self, gaps: &mut Gaps<'_>, escaped: &ShiftEscaped) {
        let rights = self.rights;
        let names: Vec<&str> = vocabulary().names(escaped.capabilities).collect();
        let reaching =
            |capability: &str, device: DeviceIx| (capability.to_owned(), rights.org.devices[device].id.clone());
        let held: Vec<_> = names.iter().flat_map(|name| escaped.devices.iter().map(|d| reaching(name, *d))).collect();
        for (user, (capability, device)) in escaped.users.iter().zip(held.iter().cycle()) {
            let device = format!("device:{device}");
            let gap = gaps.of(*user, &escaped.differing);
            self.compare(&format!("{capability} on {device}"), &gap, |walk, at, address| {
                let request = Request { at: Some(at), address: Some(address) };
                walk.decides(*user, (capability, &device), at, address)
                    && !request.meets_any(&escaped.differing.lacks.allow, rights, false)
            });
            *self.met.entry("escaped").or_default() += 1;
        }
    }

    /// Any two rights of a user, whatever they are.
    fn any(&mut self, gaps: &mut Gaps<'_>, evaluator: &mut Evaluator<'_>) {
        let rights = self.rights;
        for (class, subjects) in rights.statements.classes.iter() {
            let user = *subjects.members.first().unwrap();
            let row = evaluator.row(class);
            let mut held: Vec<(String, String, Held)> = Vec::new();
            for (resources, right) in row {
                let right = evaluator.right(right);
                let member: ResourceIx = rights.resources.classes[resources].members[0];
                let resource: Resource = rights.graph.containment.resource(member);
                let conditional = right.allow_when.iter().chain(&right.deny_when);
                for capability in conditional.filter_map(|item| item.capabilities.iter().next()) {
                    let name = vocabulary().names(camgrant::vocabulary::CapabilitySet::one(capability)).next().unwrap();
                    held.push((name.to_owned(), resource.text(&rights.org), Held::of(right, capability)));
                }
            }
            held.dedup_by(|a, b| a.2 == b.2);
            for pair in held.windows(2).take(3) {
                let [(a, on, holds), (b, there, lacks)] = pair else { continue };
                let differing = Differing { holds: holds.clone(), lacks: lacks.clone() };
                let gap = gaps.of(user, &differing);
                self.compare(&format!("{a} on {on}, not {b} on {there}"), &gap, |walk, at, address| {
                    walk.decides(user, (a, on), at, address) && !walk.decides(user, (b, there), at, address)
                });
            }
        }
    }
}

#[test]
fn the_hours_told_are_those_of_the_table() {
    let mut met = BTreeMap::new();
    for seed in 0..cases() {
        let files = random_policy(seed);
        let Some(policy) = compile_files(&files).policy else { continue };
        let table = Table::load(table_of(&policy, "expanded")).unwrap();
        let naive = Policy::read(&files).unwrap();
        for rights in &policy.orgs {
            let mut walk = Walk::new(rights, &table, &naive, &mut met);
            let mut gaps = Gaps::new(rights);
            for shown in rights.uncovered.iter().filter(|shown| shown.why == Why::Conditions) {
                walk.uncovered(&mut gaps, shown);
            }
            for escaped in effective::shifts_escaped(rights) {
                walk.escaped(&mut gaps, &escaped);
            }
            walk.any(&mut gaps, &mut Evaluator::new(rights));
        }
    }
    let kinds = ["none", "at any hour", "weekly", "with exceptions", "on a date", "by name", "dated", "from addresses"];
    for kind in kinds.into_iter().chain(["not covered"]) {
        assert!(met.get(kind).is_some_and(|times| *times >= 3), "{kind} hardly met: {met:?}");
    }
    eprintln!("{met:?}");
}
