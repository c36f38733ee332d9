//! What a changed declaration bears on: of which subjects, capabilities and resources it can have changed anything, and
//! through which grants and denials. In: a change, and both policies. Out: [`Bearing`]s, which may say too much and never
//! too little.

use std::collections::BTreeSet;

use super::view::{View, Views};
use crate::declared::{Change, Declaration, Kind};
use crate::model::{GrantIx, Subject, TeamIx, UserIx};
use crate::vocabulary::CapabilitySet;

/// Numbers of subjects, or of resources.
pub(super) type Numbers = BTreeSet<u32>;

/// What a change bears on; of each part that is not stated, all.
#[derive(Debug, Default)]
pub(super) struct Bearing {
    /// Any of these subjects.
    pub subjects: Option<Numbers>,
    /// Any of these resources.
    pub resources: Option<Numbers>,
    /// Any of these capabilities.
    pub capabilities: Option<CapabilitySet>,
    /// Through any of these grants and denials, of the old and the new version. Not stated: also without any.
    pub grants: Option<[BTreeSet<GrantIx>; 2]>,
}

/// Fields of conditions.
const CONDITION: [&str; 4] = ["schedule", "networks", "from", "until"];

/// What one version has of something, beside the other.
type Both<T> = [T; 2];

impl Bearing {
    fn subjects(subjects: Numbers) -> Bearing {
        Bearing { subjects: Some(subjects), ..Bearing::default() }
    }

    fn resources(resources: Numbers) -> Bearing {
        Bearing { resources: Some(resources), ..Bearing::default() }
    }

    fn grants(grants: Both<BTreeSet<GrantIx>>) -> Bearing {
        Bearing { grants: Some(grants), ..Bearing::default() }
    }
}

impl<'v> Views<'v> {
    /// What a change bears on; nothing where it changes words for people alone.
    pub(super) fn bearings(&self, change: &Change<'_>) -> Vec<Bearing> {
        match change.kind() {
            Kind::Org => self.of_org(change),
            Kind::User if states(change, &["same_as", "networks", "from", "until", "disabled"]) => {
                vec![Bearing::subjects(self.union(change, View::users_with))]
            }
            Kind::Team if states(change, &CONDITION) || change.touches("members") => self.of_team(change),
            Kind::Role if states(change, &["extends", "allow", "without"]) => self.of_role(change),
            Kind::Site | Kind::Group if states(change, &["exclude", "recorder"]) => {
                vec![Bearing::resources(self.union(change, View::under_place))]
            }
            Kind::Device if states(change, &["in", "recorder", "device_groups", "owner", "kind"]) => {
                vec![Bearing::resources(self.union(change, |view, one| view.named("device", one)))]
            }
            Kind::Recorder if states(change, &["owner", "sharing"]) => {
                vec![Bearing::resources(self.union(change, View::of_recorder))]
            }
            Kind::DeviceGroup if states(change, &["devices"]) => self.of_gathering(change, "device_group"),
            Kind::Layout if states(change, &["devices", "in", "recorder"]) => self.of_gathering(change, "layout"),
            Kind::Schedule if states(change, &["timezone", "weekly", "except"]) => self.of_schedule(change),
            Kind::Network if states(change, &["blocks"]) => self.of_network(),
            Kind::Grant => self.of_grant(change).into_iter().collect(),
            Kind::Link => vec![Bearing::subjects(self.union(change, |view, one| view.named("link", one)))],
            _ => Vec::new(),
        }
    }

    /// What is said of a declaration in each version that has it.
    fn each<T: Default>(&self, change: &Change<'_>, of: impl Fn(&View<'v>, &Declaration) -> T) -> Both<T> {
        [
            change.old.map(|one| of(&self.old, one)).unwrap_or_default(),
            change.new.map(|one| of(&self.new, one)).unwrap_or_default(),
        ]
    }

    fn union(&self, change: &Change<'_>, of: impl Fn(&View<'v>, &Declaration) -> Numbers) -> Numbers {
        let [old, new] = self.each(change, of);
        old.union(&new).copied().collect()
    }

    fn of_org(&self, change: &Change<'_>) -> Vec<Bearing> {
        if change.old.is_none() || change.new.is_none() {
            return vec![Bearing::default()];
        }
        let mut all = Vec::new();
        if change.touches("owner") {
            let [old, new] = self.each(change, |view, _| view.owners());
            all.push(Bearing::subjects(old.symmetric_difference(&new).copied().collect()));
        }
        if change.touches("timezone") {
            all.push(Bearing::default()); // dates and hours of grants, teams, users and links
        }
        if change.touches("ungrouped_devices") {
            let narrowed = |view: &View<'v>, _: &Declaration| view.grants(|grant| grant.only.is_some());
            all.push(Bearing::grants(self.each(change, narrowed)));
        }
        all
    }

    fn of_team(&self, change: &Change<'_>) -> Vec<Bearing> {
        // a condition binds all of the team; a membership those who come or go by it
        let subjects = if states(change, &CONDITION) {
            self.union(change, |view, one| view.team(one).map(|team| view.users_of(team)).unwrap_or_default())
        } else {
            self.those_who_differ(self.each(change, View::members_of))
        };
        let through = |view: &View<'v>, one: &Declaration| view.team(one).map(|team| view.through(team));
        let grants = self.each(change, through).map(Option::unwrap_or_default);
        vec![Bearing { subjects: Some(subjects), grants: Some(grants), ..Bearing::default() }]
    }

    /// The users of those items that one of two lists of subjects alone has.
    fn those_who_differ(&self, [old, new]: Both<Vec<Subject>>) -> Numbers {
        let [was, is] = [(&self.old, &old), (&self.new, &new)]
            .map(|(view, all)| all.iter().map(|one| view.subject_text(*one)).collect::<BTreeSet<String>>());
        let alone = |view: &View<'v>, all: Vec<Subject>, others: &BTreeSet<String>| -> Numbers {
            let alone = all.into_iter().filter(|one| !others.contains(&view.subject_text(*one)));
            alone.flat_map(|one| view.users_of_subject(one)).collect()
        };
        alone(&self.old, old, &is).into_iter().chain(alone(&self.new, new, &was)).collect()
    }

    fn of_role(&self, change: &Change<'_>) -> Vec<Bearing> {
        let [old, new] = self
            .each(change, |view, one| view.role(one).map(|role| view.capabilities(role)))
            .map(Option::unwrap_or_default);
        let grants = self.each(change, |view, one| view.role(one).map(|role| view.with_role(role)));
        let differ = old.without(new) | new.without(old);
        let grants = Some(grants.map(Option::unwrap_or_default));
        vec![Bearing { capabilities: Some(differ), grants, ..Bearing::default() }]
    }

    /// A device group or layout: itself, and the devices that come and go through the grants that name it.
    fn of_gathering(&self, change: &Change<'_>, kind: &str) -> Vec<Bearing> {
        let mut all = Vec::new();
        if states(change, &["in", "recorder"]) {
            all.push(Bearing::resources(self.union(change, |view, one| view.named(kind, one))));
        }
        let [old, new] = self.each(change, |view, one| view.gathered(kind, one));
        let devices: Numbers = old.symmetric_difference(&new).copied().collect();
        let grants = self.each(change, |view, one| view.naming_gathering(kind, one));
        all.push(Bearing { resources: Some(devices), grants: Some(grants), ..Bearing::default() });
        all
    }

    fn of_schedule(&self, change: &Change<'_>) -> Vec<Bearing> {
        let ids = self.each(change, |_, one| one.id.as_deref().map(str::to_owned));
        let [old, new] = ids.map(Option::unwrap_or_default);
        let within = |view: &View<'v>, id: &str, stated: &crate::model::Stated| {
            stated.schedule.is_some_and(|schedule| &*view.rights.org.schedules[schedule].id == id)
        };
        self.of_condition(|view, stated| within(view, if view.is_new { &new } else { &old }, stated), false)
    }

    fn of_network(&self) -> Vec<Bearing> {
        self.of_condition(|_, stated| stated.networks.is_some() || stated.outside.is_some(), true)
    }

    /// Whatever states a condition of this sort: grants, teams on the way, links; and accounts, where those can.
    fn of_condition(
        &self,
        of_sort: impl Fn(&View<'v>, &crate::model::Stated) -> bool,
        with_accounts: bool,
    ) -> Vec<Bearing> {
        let both = [&self.old, &self.new];
        let mut all = vec![Bearing::grants(both.map(|view| view.grants(|grant| of_sort(view, &grant.condition))))];
        let links = both.map(|view| view.links(|link| of_sort(view, &link.condition)));
        all.extend(links.map(Bearing::subjects));
        for (side, view) in both.into_iter().enumerate() {
            let teams = view.rights.org.teams.iter().filter(|(_, team)| of_sort(view, &team.condition));
            for team in teams.map(|(team, _)| team).collect::<Vec<TeamIx>>() {
                let mut grants = [BTreeSet::new(), BTreeSet::new()];
                grants.get_mut(side).into_iter().for_each(|grants| *grants = view.through(team));
                let subjects = Some(view.users_of(team));
                all.push(Bearing { subjects, grants: Some(grants), ..Bearing::default() });
            }
            if with_accounts {
                let bound = view.rights.org.users.iter().filter(|(_, user)| user.networks.is_some());
                let bound: Vec<UserIx> = bound.map(|(user, _)| user).collect();
                all.push(Bearing::subjects(bound.into_iter().flat_map(|user| view.equal_to(user)).collect()));
            }
        }
        all
    }

    fn of_grant(&self, change: &Change<'_>) -> Option<Bearing> {
        const WORDS: [&str; 3] = ["name", "reason", "id"];
        let parts: [(&[&str], u8); 4] = [
            (&["to"], 0),
            (&["except"], 0),
            (&["scope", "except_scope"], 1),
            (&["role", "allow", "deny", "read_only"], 2),
        ];
        let grants = self.each(change, View::grant).map(|grant| grant.into_iter().collect());
        let mut bearing = Bearing::grants(grants);
        if change.old.is_none() || change.new.is_none() {
            return Some(bearing);
        }
        let told: Vec<&&str> = change.fields.iter().filter(|field| !WORDS.contains(*field)).collect();
        if told.is_empty() {
            return None;
        }
        // where one part alone differs, it bears on that in which the part differs
        let one = parts.iter().find(|(fields, _)| told.iter().all(|field| fields.contains(*field)));
        let differ = |of: Both<Numbers>| Some(of[0].symmetric_difference(&of[1]).copied().collect());
        match one.map(|(_, part)| part) {
            Some(0) => bearing.subjects = Some(self.those_who_differ(self.each(change, View::named_by))),
            Some(1) => bearing.resources = differ(self.each(change, View::reached_by)),
            Some(_) => {
                let [old, new] = self.each(change, View::given_by);
                bearing.capabilities = Some(old.without(new) | new.without(old));
            }
            None => {}
        }
        Some(bearing)
    }
}

/// Whether it states any of these otherwise, is called otherwise, or is in one version alone.
fn states(change: &Change<'_>, fields: &[&str]) -> bool {
    let (Some(old), Some(new)) = (change.old, change.new) else { return true };
    old.id != new.id || fields.iter().any(|field| change.fields.contains(field))
}
