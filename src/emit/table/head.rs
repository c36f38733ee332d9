//! What every layout has: owners, recorders, devices, refs, schedules, what is said of each subject, offers.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use super::names::{Subject, user_text};
use super::rows::Rows;
use super::wire;
use crate::effective::{Offer, licenses_of, networks_of};
use crate::graph::{Resource, ResourceIx};
use crate::model::{Day, RecorderIx, Schedule, ScheduleIx, format_instant};
use crate::table::format;

type Text = Cow<'static, str>;

/// What stands before and behind the rights of one organisation.
pub(super) struct Head {
    pub owners: Vec<Text>,
    pub recorders: BTreeMap<Text, format::Recorder<'static>>,
    pub devices: BTreeMap<Text, format::Device<'static>>,
    pub refs: BTreeMap<Text, Text>,
    pub schedules: BTreeMap<Text, format::Schedule<'static>>,
    pub offers: Vec<format::Offer<'static>>,
}

/// Makes the head of a table whose rights rest on these schedules.
pub(super) fn head(rows: &Rows<'_>, mut schedules: BTreeSet<ScheduleIx>) -> Head {
    let rights = rows.selected.rights;
    let org = &rights.org;
    let mut named =
        rows.accessible.iter().filter(|(_, there)| **there).map(|(index, _)| index).collect::<BTreeSet<_>>();
    let mut offers = Vec::new();
    for offer in &rights.offers {
        let scope: Vec<ResourceIx> = offer.scope.iter().copied().filter(|r| rows.selected.keeps(*r)).collect();
        if !scope.is_empty() {
            wire::schedules_in(&rights.conditions, &offer.when, &mut schedules);
            offers.push(offer_wire(rows, offer, &scope));
            named.extend(scope);
        }
    }
    offers.sort_unstable_by(|a, b| {
        let key = |o: &format::Offer<'static>| (o.to.clone(), o.scope.clone(), o.capabilities.clone(), o.consent);
        key(a).cmp(&key(b)).then_with(|| a.when.cmp(&b.when))
    });
    let (recorders, devices) = hardware(rows, &named);
    Head {
        owners: sorted(org.owners.iter().map(|(user, _)| user_text(org, *user))),
        recorders,
        devices,
        refs: refs(rows, &named),
        schedules: schedules.into_iter().map(|index| schedule(&org.schedules[index])).collect(),
        offers,
    }
}

fn sorted(texts: impl Iterator<Item = String>) -> Vec<Text> {
    texts.collect::<BTreeSet<String>>().into_iter().map(Cow::Owned).collect()
}

fn offer_wire(rows: &Rows<'_>, offer: &Offer, scope: &[ResourceIx]) -> format::Offer<'static> {
    let rights = rows.selected.rights;
    format::Offer {
        to: sorted(offer.to.iter().map(|user| user_text(&rights.org, *user))),
        scope: sorted(scope.iter().map(|resource| rows.names.text(*resource).to_owned())),
        capabilities: wire::names(offer.capabilities),
        consent: match offer.consent {
            crate::model::Consent::Rejected => format::Consent::Rejected,
            _ => format::Consent::Pending,
        },
        when: wire::conditions(&rights.conditions, &offer.when),
    }
}

type Hardware = (BTreeMap<Text, format::Recorder<'static>>, BTreeMap<Text, format::Device<'static>>);

/// The devices that are named, the recorders that are, and those that record one of the devices.
fn hardware(rows: &Rows<'_>, named: &BTreeSet<ResourceIx>) -> Hardware {
    let rights = rows.selected.rights;
    let (org, containment) = (&rights.org, &rights.graph.containment);
    let mut devices = BTreeMap::new();
    let mut recorders: BTreeSet<RecorderIx> = BTreeSet::new();
    for resource in named {
        match containment.resource(*resource) {
            Resource::Device(index) => {
                let device = &org.devices[index];
                let recorder = containment.recorder_of[index];
                recorders.extend(recorder);
                let wire = format::Device {
                    kind: device.kind.name().into(),
                    recorder: recorder.map(|recorder| owned(&org.recorders[recorder].id)),
                    reference: device.reference.as_deref().map(owned),
                };
                devices.insert(owned(&device.id), wire);
            }
            Resource::Recorder(index) => drop(recorders.insert(index)),
            _ => {}
        }
    }
    let recorders = recorders.into_iter().map(|index| {
        let recorder = &org.recorders[index];
        let wire = format::Recorder {
            kind: recorder.kind.name().into(),
            server: owned(&recorder.server),
            reference: recorder.reference.as_deref().map(owned),
        };
        (owned(&recorder.id), wire)
    });
    (recorders.collect(), devices)
}

/// The recorder systems' own ids of subjects, sites, groups and layouts.
fn refs(rows: &Rows<'_>, named: &BTreeSet<ResourceIx>) -> BTreeMap<Text, Text> {
    let rights = rows.selected.rights;
    let org = &rights.org;
    let subjects = rows.subjects.iter().filter_map(|(text, subject)| match subject {
        Subject::User(user) => Some((Cow::Owned(text.clone()), owned(org.users[*user].reference.as_deref()?))),
        Subject::Link(_) => None,
    });
    let resources = named.iter().filter_map(|resource| {
        let reference = match rights.graph.containment.resource(*resource) {
            Resource::Place(place) => org.places[place].reference.as_deref()?,
            Resource::Layout(layout) => org.layouts[layout].reference.as_deref()?,
            _ => return None,
        };
        Some((Cow::Owned(rows.names.text(*resource).to_owned()), owned(reference)))
    });
    subjects.chain(resources).collect()
}

fn schedule(schedule: &Schedule) -> (Text, format::Schedule<'static>) {
    let windows = |day: Day| -> Vec<Text> {
        let windows = schedule.weekly[day as usize].iter().map(|window| window.text());
        sorted(windows)
    };
    let wire = format::Schedule {
        timezone: owned(&schedule.zone.name),
        weekly: format::Weekly {
            mon: windows(Day::Mon),
            tue: windows(Day::Tue),
            wed: windows(Day::Wed),
            thu: windows(Day::Thu),
            fri: windows(Day::Fri),
            sat: windows(Day::Sat),
            sun: windows(Day::Sun),
        },
        except: schedule.except.iter().map(|date| Cow::Owned(date.to_string())).collect(),
    };
    (owned(&schedule.id), wire)
}

/// What is said of a subject beside its rights.
pub(super) fn subject(rows: &Rows<'_>, subject: Subject) -> format::Subject<'static> {
    let Subject::User(index) = subject else { return format::Subject::default() };
    let rights = rows.selected.rights;
    let org = &rights.org;
    let user = &org.users[index];
    let instant = |seconds: i64| Cow::Owned(format_instant(seconds));
    let networks = networks_of(org, &rights.graph, index);
    let licenses = licenses_of(org, &rights.graph, index).into_iter().flatten();
    format::Subject {
        from: user.from.map(instant),
        until: user.until.map(instant),
        networks: networks.map(|set| set.blocks().into_iter().map(Cow::Owned).collect()),
        licenses: licenses.map(|(level, count, _)| (owned(level), *count)).collect(),
        owns: rows.owns.get(&index).map(|texts| sorted(texts.iter().cloned())).unwrap_or_default(),
        access: Vec::new(),
    }
}

fn owned(text: &str) -> Text {
    Cow::Owned(text.to_owned())
}
