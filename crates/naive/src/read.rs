//! Reads the texts of a policy, and puts the sections of all files and documents of an organisation together.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;

use crate::address::Block;
use crate::model::{Device, Layout, Org, Place, Recorder};
use crate::raw::{
    Entities, RawDocument, RawGrant, RawLink, RawManifest, RawOrg, RawPlace, RawRecorder, RawTeam, RawTest, RawUser,
    Texts,
};
use crate::resolve::Reader;
use crate::rights::Rights;
use crate::time::{Schedule, zone};
use crate::vocabulary::{ListOf, Role, Vocabulary};

/// A policy that was read.
#[derive(Debug)]
pub struct Policy {
    pub(crate) orgs: BTreeMap<String, Org>,
    pub(crate) rights: BTreeMap<String, Rights>,
    pub(crate) vocabulary: Vocabulary,
    pub(crate) max_alternatives: usize,
    pub(crate) view_over_denied: bool,
}

impl Policy {
    /// Reads a policy from its files, each a path and a text. The file `camgrant.yaml` is the manifest.
    ///
    /// # Errors
    ///
    /// What cannot be read or resolved; the rules of meaning are not judged here ([`Policy::violations`]).
    pub fn read(files: &[(String, String)]) -> Result<Self, String> {
        let mut manifest = RawManifest::default();
        let mut documents = Vec::new();
        for (path, text) in files {
            let text = text.strip_prefix('\u{feff}').unwrap_or(text);
            if path.trim_start_matches("./") == "camgrant.yaml" {
                manifest = serde_yaml::from_str::<Option<RawManifest>>(text)
                    .map_err(|error| format!("{path}: {error}"))?
                    .unwrap_or_default();
                continue;
            }
            for document in serde_yaml::Deserializer::from_str(text) {
                let document =
                    Option::<RawDocument>::deserialize(document).map_err(|error| format!("{path}: {error}"))?;
                documents.extend(document);
            }
        }
        let vocabulary = Vocabulary::built_in();
        let mut orgs = BTreeMap::new();
        for (id, sections) in put_together(documents)? {
            let org = organisation(sections, &vocabulary).map_err(|error| format!("{id}: {error}"))?;
            orgs.insert(id, org);
        }
        let limit = manifest.limits.get("max_alternatives").copied().unwrap_or(256);
        let mut policy = Self {
            orgs,
            rights: BTreeMap::new(),
            vocabulary,
            max_alternatives: usize::try_from(limit).map_err(|error| error.to_string())?,
            view_over_denied: manifest.lints.get("view-over-denied").is_none_or(|level| level == "deny"),
        };
        policy.check()?;
        policy.rights = policy.orgs.iter().map(|(id, org)| (id.clone(), Rights::of(org, &policy.vocabulary))).collect();
        Ok(policy)
    }
}

/// language: files. The sections of all documents of each organisation, together.
fn put_together(documents: Vec<RawDocument>) -> Result<BTreeMap<String, (RawOrg, Vec<RawDocument>)>, String> {
    let mut orgs: BTreeMap<String, (RawOrg, Vec<RawDocument>)> = BTreeMap::new();
    let mut rest = Vec::new();
    for mut document in documents {
        for (id, raw) in std::mem::take(&mut document.orgs) {
            if orgs.insert(id.clone(), (raw.unwrap_or_default(), Vec::new())).is_some() {
                return Err(format!("organisation `{id}` declared twice"));
            }
        }
        rest.push(document);
    }
    for document in rest.into_iter().filter(RawDocument::has_sections) {
        let id = match &document.org {
            Some(id) => id.clone(),
            None if orgs.len() == 1 => orgs.keys().next().cloned().unwrap_or_default(),
            None => return Err("a document without `org`".to_owned()),
        };
        orgs.get_mut(&id).ok_or_else(|| format!("unknown organisation `{id}`"))?.1.push(document);
    }
    Ok(orgs)
}

/// One section of all documents together; the same id twice is an error.
fn together<T: Default>(into: &mut BTreeMap<String, T>, section: Entities<T>) -> Result<(), String> {
    for (id, body) in section {
        if into.insert(id.clone(), body.unwrap_or_default()).is_some() {
            return Err(format!("`{id}` declared twice"));
        }
    }
    Ok(())
}

fn organisation((raw, documents): (RawOrg, Vec<RawDocument>), vocabulary: &Vocabulary) -> Result<Org, String> {
    let mut all = Sections::default();
    for document in documents {
        together(&mut all.users, lower_keys(document.users))?;
        together(&mut all.teams, document.teams)?;
        together(&mut all.roles, document.roles)?;
        together(&mut all.sites, document.sites)?;
        together(&mut all.recorders, document.recorders)?;
        together(&mut all.devices, document.devices)?;
        together(&mut all.device_groups, document.device_groups)?;
        together(&mut all.layouts, document.layouts)?;
        together(&mut all.schedules, document.schedules)?;
        together(&mut all.links, document.links)?;
        for (id, blocks) in document.networks {
            let blocks: Vec<Block> = blocks.0.iter().map(|text| Block::parse(text)).collect::<Result<_, _>>()?;
            if all.networks.insert(id.clone(), blocks).is_some() {
                return Err(format!("`{id}` declared twice"));
            }
        }
        all.grants.extend(document.grants.list());
        all.tests.extend(document.tests.list());
    }
    let zone_name = raw.timezone.unwrap_or_else(|| "UTC".to_owned());
    let reader = Reader {
        zone: zone(&zone_name)?,
        spelling: all.device_groups.keys().map(|name| (name.to_ascii_lowercase(), name.clone())).collect(),
        blocks: std::cell::RefCell::new(all.networks.values().flatten().copied().collect()),
        networks: all.networks,
    };
    let mut places = BTreeMap::new();
    for (id, site) in all.sites {
        place(&id, site, &mut places);
    }
    let mut schedules = BTreeMap::new();
    for (id, schedule) in all.schedules {
        schedules.insert(id, Schedule::from_raw(schedule, &zone_name)?);
    }
    let mut roles = vocabulary.roles.clone();
    roles.extend(all.roles.into_iter().map(|(id, raw)| (id, Role::from_raw(raw))));
    let devices = all.devices.into_iter().map(|(id, raw)| {
        let device = Device {
            kind: raw.kind.unwrap_or_else(|| "camera".to_owned()),
            place: raw.r#in,
            recorder: raw.recorder,
            device_groups: raw.device_groups.list().iter().map(|name| reader.device_group(name)).collect(),
            owners: users(raw.owner),
            reference: raw.r#ref,
        };
        (id, device)
    });
    let layouts = all.layouts.into_iter().map(|(id, raw)| {
        let devices = raw.devices.list().into_iter().collect();
        (id, Layout { devices, place: raw.r#in, recorder: raw.recorder, reference: raw.r#ref })
    });
    Ok(Org {
        owners: users(raw.owner),
        max_group_depth: usize::try_from(raw.max_group_depth.unwrap_or(5)).map_err(|error| error.to_string())?,
        ungrouped_visible: raw.ungrouped_devices.is_none_or(|text| text == "visible"),
        licenses: raw.licenses,
        users: all.users.into_iter().map(|(id, raw)| Ok((id, reader.user(raw)?))).collect::<Result<_, String>>()?,
        teams: all.teams.into_iter().map(|(id, raw)| Ok((id, reader.team(raw)?))).collect::<Result<_, String>>()?,
        roles,
        places,
        recorders: all.recorders.into_iter().map(|(id, raw)| (id.clone(), recorder(&id, raw))).collect(),
        devices: devices.collect(),
        device_groups: all
            .device_groups
            .into_iter()
            .map(|(id, raw)| (id, raw.devices.list().into_iter().collect()))
            .collect(),
        layouts: layouts.collect(),
        schedules,
        grants: all.grants.into_iter().map(|raw| reader.grant(raw)).collect::<Result<_, _>>()?,
        tests: all.tests.into_iter().map(|raw| reader.test(raw)).collect::<Result<_, _>>()?,
        links: all.links.into_iter().map(|(id, raw)| Ok((id, reader.link(raw)?))).collect::<Result<_, String>>()?,
        blocks: reader.blocks.into_inner(),
    })
}

#[derive(Default)]
struct Sections {
    users: BTreeMap<String, RawUser>,
    teams: BTreeMap<String, RawTeam>,
    roles: BTreeMap<String, crate::raw::RawRole>,
    sites: BTreeMap<String, RawPlace>,
    recorders: BTreeMap<String, RawRecorder>,
    devices: BTreeMap<String, crate::raw::RawDevice>,
    device_groups: BTreeMap<String, crate::raw::RawDeviceGroup>,
    layouts: BTreeMap<String, crate::raw::RawLayout>,
    schedules: BTreeMap<String, crate::raw::RawSchedule>,
    networks: BTreeMap<String, Vec<Block>>,
    grants: Vec<RawGrant>,
    tests: Vec<RawTest>,
    links: BTreeMap<String, RawLink>,
}

/// language: ids. User ids are written in lower case in every output.
fn lower_keys<T>(section: Entities<T>) -> Entities<T> {
    section.into_iter().map(|(id, body)| (id.to_ascii_lowercase(), body)).collect()
}

fn users(texts: Texts) -> BTreeSet<String> {
    texts.list().iter().map(|id| id.to_ascii_lowercase()).collect()
}

/// language: sites. A site or group and all below it, by path.
fn place(path: &str, raw: RawPlace, into: &mut BTreeMap<String, Place>) {
    for (id, group) in raw.groups {
        place(&format!("{path}/{id}"), group.unwrap_or_default(), into);
    }
    into.insert(path.to_owned(), Place { recorder: raw.recorder, exclude: raw.exclude, reference: raw.r#ref });
}

/// language: recorders. `server` is by default the recorder's id; `Agent` for kind `agent-dvr`.
fn recorder(id: &str, raw: RawRecorder) -> Recorder {
    let kind = raw.kind.unwrap_or_else(|| "generic".to_owned());
    let default = if kind == "agent-dvr" { "Agent" } else { id };
    Recorder {
        server: raw.server.unwrap_or_else(|| default.to_owned()),
        kind,
        owners: users(raw.owner),
        sharing: raw.sharing.unwrap_or(true),
        reference: raw.r#ref,
    }
}
