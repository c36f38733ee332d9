//! Places, recorders and devices.

use std::collections::HashMap;

use super::declare::DeclaredPlace;
use super::keys::{Keys, key};
use super::names::Kind;
use super::references::Resolver;
use super::rules;
use super::types::{Device, DeviceGroupIx, DeviceKind, Place, Recorder, RecorderKind};
use crate::diagnostics::Diagnostic;
use crate::source::Span;
use crate::syntax::Entry;
use crate::syntax::decl;
use crate::syntax::rules as shape;

pub(super) fn place<'d>(r: &mut Resolver<'_, 'd>, declared: &DeclaredPlace<'d>) -> Place {
    r.begin(declared.span, declared.end);
    let mut place = Place {
        path: declared.path.as_str().into(),
        span: declared.span,
        parent: declared.parent,
        depth: declared.depth,
        recorder: None,
        exclude: false,
        reference: None,
        broken: true,
        keys: Keys::default(),
    };
    let Some(body) = declared.body else { return place };
    // the groups in it are places of their own
    let decl::SiteOrGroup { name, reason, reference, groups: _, recorder, exclude } = body;
    let _ = (r.value(name), r.value(reason));
    place.reference = r.reference(reference);
    place.recorder = r.recorder(recorder);
    place.keys = Keys::of([key("recorder", recorder), key("exclude", exclude)]);
    place.exclude = r.flag(exclude, false);
    place.broken = r.is_broken();
    place
}

pub(super) fn recorder<'d>(r: &mut Resolver<'_, 'd>, entry: &'d Entry<'d, decl::Recorder<'d>>) -> Recorder {
    r.begin(entry.span, entry.end);
    let mut recorder = Recorder {
        id: entry.id.into(),
        span: entry.span,
        kind: RecorderKind::Generic,
        server: entry.id.into(),
        owners: Vec::new(),
        sharing: true,
        reference: None,
        broken: true,
        keys: Keys::default(),
    };
    let Some(body) = &entry.body else { return recorder };
    let decl::Recorder { name, reason, reference, kind, server, owner, sharing } = body;
    let _ = (r.value(name), r.value(reason));
    recorder.reference = r.reference(reference);
    recorder.kind = r.value(kind).map_or(RecorderKind::Generic, |(kind, _)| *kind);
    if recorder.kind == RecorderKind::AgentDvr {
        recorder.server = "Agent".into();
    }
    if let Some((text, span)) = r.value(server) {
        if text.0.contains(',') || text.0.is_empty() {
            let found = if text.0.is_empty() { "the server's name is empty" } else { "the server's name has a comma" };
            r.report(
                Diagnostic::new(&shape::SERVER_NAME, span, found)
                    .help("recorders list server and group names with commas between them: write a name without one"),
            );
        }
        recorder.server = text.0.into();
    }
    recorder.owners = r.owners(owner);
    recorder.keys = Keys::of([key("sharing", sharing)]);
    recorder.sharing = r.flag(sharing, true);
    recorder.broken = r.is_broken();
    recorder
}

/// No two recorders of one kind share a server name, letter case aside.
pub(super) fn check_servers<'a>(recorders: impl Iterator<Item = &'a Recorder>, diagnostics: &mut Vec<Diagnostic>) {
    let mut seen: HashMap<(RecorderKind, String), (&str, Span)> = HashMap::new();
    for recorder in recorders.filter(|recorder| !recorder.broken) {
        let key = (recorder.kind, recorder.server.to_lowercase());
        match seen.get(&key) {
            None => drop(seen.insert(key, (&recorder.id, recorder.span))),
            // an id that stands twice has been reported as such
            Some((first, _)) if **first == *recorder.id => {}
            Some((first, earlier)) => {
                let found = format!(
                    "the recorders `{first}` and `{}` have one server name, `{}`",
                    recorder.id, recorder.server
                );
                diagnostics.push(
                    Diagnostic::new(&rules::SERVER_TWICE, recorder.span, found)
                        .label("one of them")
                        .other(*earlier, "one of them")
                        .help("give each a name of its own with `server:`, the one that the system itself bears"),
                );
            }
        }
    }
}

pub(super) fn device<'d>(r: &mut Resolver<'_, 'd>, entry: &'d Entry<'d, decl::Device<'d>>) -> Device {
    r.begin(entry.span, entry.end);
    let mut device = Device {
        id: entry.id.into(),
        span: entry.span,
        kind: DeviceKind::Camera,
        place: None,
        recorder: None,
        device_groups: Vec::new(),
        exclude: false,
        owners: Vec::new(),
        reference: None,
        broken: true,
        keys: Keys::default(),
    };
    let Some(body) = &entry.body else { return device };
    let decl::Device { name, reason, reference, kind, place, recorder, device_groups, owner } = body;
    let _ = (r.value(name), r.value(reason));
    device.reference = r.reference(reference);
    device.kind = r.value(kind).map_or(DeviceKind::Camera, |(kind, _)| *kind);
    device.keys =
        Keys::of([key("kind", kind), key("in", place), key("recorder", recorder), key("device_groups", device_groups)]);
    device.place = match r.value(place) {
        Some((path, span)) => r.place(path.0, span),
        None => None,
    };
    device.recorder = r.recorder(recorder);
    let (groups, _) = r.list(device_groups, |r, name, span| {
        if name.0.eq_ignore_ascii_case("exclude") {
            return Some(None);
        }
        r.name(Kind::DeviceGroup, name.0, span).map(|number| Some(DeviceGroupIx(number)))
    });
    device.exclude = groups.iter().any(|(group, _)| group.is_none());
    device.device_groups = groups.into_iter().filter_map(|(group, at)| Some((group?, at))).collect();
    device.owners = r.owners(owner);
    device.broken = r.is_broken();
    device
}
