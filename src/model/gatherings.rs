//! Device groups and layouts.

use super::references::Resolver;
use super::types::{DeviceGroup, Layout};
use crate::syntax::Entry;
use crate::syntax::decl;

pub(super) fn device_group<'d>(r: &mut Resolver<'_, 'd>, entry: &'d Entry<'d, decl::DeviceGroup<'d>>) -> DeviceGroup {
    r.begin(entry.span, entry.end);
    let mut group = DeviceGroup { id: entry.id.into(), span: entry.span, devices: Vec::new(), broken: true };
    let Some(body) = &entry.body else { return group };
    let decl::DeviceGroup { name, reason, devices } = body;
    let _ = (r.value(name), r.value(reason));
    group.devices = r.devices(devices);
    group.broken = r.is_broken();
    group
}

pub(super) fn layout<'d>(r: &mut Resolver<'_, 'd>, entry: &'d Entry<'d, decl::Layout<'d>>) -> Layout {
    r.begin(entry.span, entry.end);
    let mut layout = Layout {
        id: entry.id.into(),
        span: entry.span,
        devices: Vec::new(),
        place: None,
        recorder: None,
        reference: None,
        broken: true,
    };
    let Some(body) = &entry.body else { return layout };
    let decl::Layout { name, reason, reference, devices, locked, place, recorder } = body;
    let _ = (r.value(name), r.value(reason), r.value(locked));
    layout.reference = r.reference(reference);
    layout.devices = r.devices(devices);
    layout.place = match r.value(place) {
        Some((path, span)) => r.place(path.0, span),
        None => None,
    };
    layout.recorder = r.recorder(recorder);
    layout.broken = r.is_broken();
    layout
}
