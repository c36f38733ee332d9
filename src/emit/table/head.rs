//! What every layout has: owners, recorders, devices, refs, schedules, what is said of each subject, offers.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use super::names::{Subject, user_text};
use super::rows::Rows;
use super::wire;
use crate::effective::{Offer, licenses_of, networks_of};
use crate::graph::{Resource, ResourceIx};
use crate::model::{Arena, Day, RecorderIx, Schedule, ScheduleIx, format_instant};
use crate::table::format;

type Text<'r> = Cow<'r, str>;

/// What stands before and behind the rights of one organisation.
pub(super) struct Head<'r> {
    pub owners: Vec<Text<'r>>,
    /// Recorders, devices and refs in the table's order.
    pub recorders: Vec<(Text<'r>, format::Recorder<'r>)>,
    pub devices: Vec<(Text<'r>, format::Device<'r>)>,
    pub refs: Vec<(Text<'r>, Text<'r>)>,
    pub schedules: BTreeMap<Text<'r>, format::Schedule<'r>>,
    pub offers: Vec<format::Offer<'static>>,
}

/// Makes the head of a table whose rights rest on these schedules.
pub(super) fn head<'r>(rows: &Rows<'r>, mut schedules: BTreeSet<ScheduleIx>) -> Head<'r> {
    let rights = rows.selected.rights;
    let org = &rights.org;
    let mut named = rows.accessible.clone();
    let mut offers = Vec::new();
    for offer in &rights.offers {
        let scope: Vec<ResourceIx> = offer.scope.iter().copied().filter(|r| rows.selected.keeps(*r)).collect();
        if !scope.is_empty() {
            wire::schedules_in(&rights.conditions, &offer.when, &mut schedules);
            offers.push(offer_wire(rows, offer, &scope));
            scope.iter().for_each(|resource| named[*resource] = true);
        }
    }
    offers.sort_unstable_by(|a, b| {
        let key = |o: &format::Offer<'static>| (o.to.clone(), o.scope.clone(), o.capabilities.clone(), o.consent);
        key(a).cmp(&key(b)).then_with(|| a.when.cmp(&b.when))
    });
    let named: Vec<ResourceIx> = rows.names.order().filter(|resource| named[*resource]).collect();
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

fn sorted(texts: impl Iterator<Item = String>) -> Vec<Text<'static>> {
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

type Hardware<'r> = (Vec<(Text<'r>, format::Recorder<'r>)>, Vec<(Text<'r>, format::Device<'r>)>);

/// The devices that are named, the recorders that are, and those that record one of the devices. What is named stands in
/// the order of its texts, which for devices is that of their ids.
fn hardware<'r>(rows: &Rows<'r>, named: &[ResourceIx]) -> Hardware<'r> {
    let rights = rows.selected.rights;
    let (org, containment) = (&rights.org, &rights.graph.containment);
    let mut devices = Vec::new();
    let mut is_there: Arena<RecorderIx, bool> = org.recorders.iter().map(|_| false).collect();
    for resource in named {
        match containment.resource(*resource) {
            Resource::Device(index) => {
                let device = &org.devices[index];
                let recorder = containment.recorder_of[index];
                recorder.iter().for_each(|recorder| is_there[*recorder] = true);
                let wire = format::Device {
                    kind: device.kind.name().into(),
                    recorder: recorder.map(|recorder| lent(&org.recorders[recorder].id)),
                    reference: device.reference.as_deref().map(lent),
                };
                devices.push((lent(&device.id), wire));
            }
            Resource::Recorder(index) => is_there[index] = true,
            _ => {}
        }
    }
    let recorders = org.recorders.iter().filter(|(index, _)| is_there[*index]).map(|(_, recorder)| {
        let wire = format::Recorder {
            kind: recorder.kind.name().into(),
            server: lent(&recorder.server),
            reference: recorder.reference.as_deref().map(lent),
        };
        (lent(&recorder.id), wire)
    });
    let mut recorders: Vec<_> = recorders.collect();
    recorders.sort_by(|(a, _), (b, _)| a.cmp(b));
    (recorders, devices)
}

/// The recorder systems' own ids of subjects, sites, groups and layouts.
fn refs<'r>(rows: &Rows<'r>, named: &[ResourceIx]) -> Vec<(Text<'r>, Text<'r>)> {
    let rights = rows.selected.rights;
    let org = &rights.org;
    let subjects = rows.subjects.iter().filter_map(|(text, subject)| match subject {
        Subject::User(user) => Some((Cow::Owned(text.clone()), lent(org.users[*user].reference.as_deref()?))),
        Subject::Link(_) => None,
    });
    let resources = named.iter().filter_map(|resource| {
        let reference = match rights.graph.containment.resource(*resource) {
            Resource::Place(place) => org.places[place].reference.as_deref()?,
            Resource::Layout(layout) => org.layouts[layout].reference.as_deref()?,
            _ => return None,
        };
        Some((Cow::Owned(rows.names.text(*resource).to_owned()), lent(reference)))
    });
    let mut refs: Vec<(Text<'r>, Text<'r>)> = subjects.chain(resources).collect();
    refs.sort_by(|(a, _), (b, _)| a.cmp(b)); // two lists in order already
    refs
}

fn schedule(schedule: &Schedule) -> (Text<'_>, format::Schedule<'_>) {
    let windows = |day: Day| {
        let windows = schedule.weekly[day as usize].iter().map(|window| window.text());
        sorted(windows)
    };
    let wire = format::Schedule {
        timezone: lent(&schedule.zone.name),
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
    (lent(&schedule.id), wire)
}

/// What is said of a subject beside its rights.
pub(super) fn subject<'r>(rows: &Rows<'r>, subject: Subject) -> format::Subject<'r> {
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
        licenses: licenses.map(|(level, count, _)| (lent(level), *count)).collect(),
        owns: rows.owns.get(&index).map(|texts| sorted(texts.iter().cloned())).unwrap_or_default(),
        access: Vec::new(),
    }
}

fn lent(text: &str) -> Text<'_> {
    Cow::Borrowed(text)
}
