//! Makes what can be watched, and when: schedules, recorders, sites, devices, device groups and layouts.

use super::generate::{Size, ZONES, name, owner, reference, texts};
use super::model::{DeviceDraft, DeviceGroupDraft, LayoutDraft, OrgDraft, PlaceDraft, RecorderDraft, ScheduleDraft};
use super::rng::Rng;

pub(crate) fn schedules(size: &Size, rng: &mut Rng) -> Vec<ScheduleDraft> {
    type Week<'a> = &'a [(&'a str, &'a [&'a str])];
    let weeks: [Week<'_>; 10] = [
        &[("mon-fri", &["08:00-18:00"])],
        &[("mon-fri", &["08:00-12:00", "13:00-18:00"])],
        &[("fri,wed-thu,mon-tue", &["08:00-18:00"])],
        &[("mon-fri", &["22:00-06:00"]), ("sat,sun", &["00:00-12:00", "18:00-24:00"])],
        &[("mon-sun", &["22:00-00:00"])],
        &[("sat,sun", &["00:00-24:00"])],
        &[("sat-sun", &["12:00-24:00", "00:00-12:00", "09:00-10:00"])],
        &[("fri-mon", &["01:30-03:30"]), ("tue", &["23:30-02:30"])],
        &[("mon-sun", &["22:00-06:00"]), ("fri", &["02:00-03:00"])],
        &[("sun", &["00:00-03:00", "23:00-01:00"])],
    ];
    let ids = ["office", "night", "weekend", "shift-a", "Shift.B", "guards", "on"];
    let zone = rng.chance(70).then(|| (*rng.pick(&ZONES)).to_owned());
    let count = rng.below(size.others + 1);
    let mut all: Vec<ScheduleDraft> = Vec::new();
    for id in ids.iter().take(count) {
        // a copy of another, under another id, lies in it and it in the copy
        let mut draft = if !all.is_empty() && rng.chance(35) {
            rng.pick(&all).clone()
        } else {
            let weekly = rng.pick(&weeks).iter().map(|(days, windows)| ((*days).to_owned(), texts(windows))).collect();
            ScheduleDraft { weekly, ..ScheduleDraft::default() }
        };
        draft.id = (*id).to_owned();
        draft.timezone =
            if rng.chance(80) { zone.clone() } else { rng.chance(50).then(|| (*rng.pick(&ZONES)).to_owned()) };
        if rng.chance(40) {
            let dates = ["2026-03-29", "2026-12-25", "2026-06-03", "2026-10-24"];
            draft.except.extend(rng.some(&texts(&dates), 2));
            draft.except.sort();
            draft.except.dedup();
        }
        all.push(draft);
    }
    all
}

pub(crate) fn recorders(org: &mut OrgDraft, size: &Size, rng: &mut Rng) {
    let kinds = ["agent-dvr", "verkada", "dw-spectrum", "cloud", "web-client", "generic"];
    for index in 0..rng.between(0, size.others) {
        let kind = rng.chance(80).then(|| (*rng.pick(&kinds)).to_owned());
        let agents = org.recorders.iter().any(|one| one.kind.as_deref() == Some("agent-dvr") && one.server.is_none());
        let is_agent = kind.as_deref() == Some("agent-dvr");
        let server = (rng.chance(30) || (is_agent && agents)).then(|| format!("Server {index}"));
        org.recorders.push(RecorderDraft {
            id: format!("nvr-{index}"),
            name: name(rng, 15),
            reference: reference(rng),
            kind,
            server,
            owner: if rng.chance(15) { owner(org, rng, 2) } else { Vec::new() },
            sharing: rng.chance(20).then(|| rng.chance(40)),
        });
    }
}

fn recorder(org: &OrgDraft, rng: &mut Rng, percent: usize) -> Option<String> {
    (rng.chance(percent) && !org.recorders.is_empty()).then(|| rng.pick(&org.recorders).id.clone())
}

pub(crate) fn sites(org: &mut OrgDraft, size: &Size, rng: &mut Rng) {
    let deepest = usize::try_from(org.max_group_depth.unwrap_or(5)).unwrap_or(5).min(6);
    for id in ["hq", "Plant-2", "yard"].iter().take(rng.between(0, size.others.min(3))) {
        let mut left = size.others + 2;
        let site = place(org, id, deepest, &mut left, rng);
        org.sites.push(site);
    }
}

fn place(org: &OrgDraft, id: &str, deepest: usize, left: &mut usize, rng: &mut Rng) -> PlaceDraft {
    let mut draft =
        PlaceDraft { id: id.to_owned(), name: name(rng, 20), reference: reference(rng), ..PlaceDraft::default() };
    draft.recorder = recorder(org, rng, 35);
    draft.exclude = rng.chance(6);
    let groups = if deepest == 0 { 0 } else { rng.below(4) };
    for id in ["lobby", "vault", "east.wing"].iter().take(groups) {
        if *left > 0 {
            *left -= 1;
            draft.groups.push(place(org, id, deepest - 1, left, rng));
        }
    }
    draft
}

/// The paths of all places.
pub(crate) fn paths(org: &OrgDraft) -> Vec<String> {
    fn below(path: &str, place: &PlaceDraft, into: &mut Vec<String>) {
        into.push(path.to_owned());
        place.groups.iter().for_each(|group| below(&format!("{path}/{}", group.id), group, into));
    }
    let mut all = Vec::new();
    org.sites.iter().for_each(|site| below(&site.id, site, &mut all));
    all
}

pub(crate) fn devices(org: &mut OrgDraft, size: &Size, rng: &mut Rng) {
    let kinds = ["camera", "microphone", "speaker", "intercom", "io-module", "sensor"];
    for id in ["Neighbours", "Police", "night-cams", "yard"].iter().take(rng.below(size.others + 1)) {
        org.device_groups.push(DeviceGroupDraft { id: (*id).to_owned(), name: name(rng, 15), ..Default::default() });
    }
    let paths = paths(org);
    for index in 0..size.devices {
        // ids that YAML would read as numbers, did they stand without quotes
        let id = match index {
            3 => "1.10".to_owned(),
            4 => "0x1F".to_owned(),
            _ => format!("cam{index}"),
        };
        let mut device = DeviceDraft { id, name: name(rng, 15), ..DeviceDraft::default() };
        device.reference = reference(rng);
        device.kind = rng.chance(45).then(|| (*rng.pick(&kinds)).to_owned());
        device.place = (rng.chance(80) && !paths.is_empty()).then(|| rng.pick(&paths).clone());
        device.recorder = recorder(org, rng, 40);
        if rng.chance(45) && !org.device_groups.is_empty() {
            let names: Vec<String> = org.device_groups.iter().map(|group| group.id.to_lowercase()).collect();
            device.device_groups = rng.some(&names, 2);
        }
        if rng.chance(6) {
            device.device_groups.push((*rng.pick(&["exclude", "Exclude", "EXCLUDE"])).to_owned());
        }
        if rng.chance(8) {
            device.owner = owner(org, rng, 2);
        }
        org.devices.push(device);
    }
    let ids: Vec<String> = org.devices.iter().map(|device| device.id.clone()).collect();
    for group in &mut org.device_groups {
        if rng.chance(40) {
            group.devices = rng.some(&ids, 4);
        }
    }
}

pub(crate) fn layouts(org: &mut OrgDraft, size: &Size, rng: &mut Rng) {
    let ids: Vec<String> = org.devices.iter().map(|device| device.id.clone()).collect();
    let paths = paths(org);
    for id in ["wall", "Entrances", "night", "all.in"].iter().take(rng.below(size.others + 1)) {
        org.layouts.push(LayoutDraft {
            id: (*id).to_owned(),
            name: name(rng, 15),
            reference: reference(rng),
            devices: if rng.chance(95) { rng.some(&ids, 5) } else { Vec::new() },
            locked: rng.chance(30).then(|| rng.chance(50)),
            place: (rng.chance(40) && !paths.is_empty()).then(|| rng.pick(&paths).clone()),
            recorder: recorder(org, rng, 30),
        });
    }
}
