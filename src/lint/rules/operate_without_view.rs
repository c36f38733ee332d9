//! `operate-without-view`: turning, talking, focusing or switching on a device that one may not watch.

use crate::diagnostics::{Diagnostic, Level, Rule};
use crate::effective::lacking;
use crate::lint::words::{capabilities, devices, users};
use crate::lint::{Basis, Findings, Lint, Rights};
use crate::model::DeviceKind;
use crate::vocabulary::{CapabilitySet, vocabulary};

pub(in crate::lint) static LINT: Lint = Lint {
    rule: Rule::lint("CG1016", "operate-without-view", Level::Warn, include_str!("operate_without_view.md")),
    basis: Basis::Rights(look),
};

/// What one does to a scene, and had better see.
const BLIND: [&str; 4] = ["ptz.*", "audio.talk", "lens.*", "io.trigger"];

/// Only devices with a picture: a loudspeaker has nothing to watch.
fn look(policy: &Rights<'_>, findings: &mut Findings) {
    let org = &policy.rights.org;
    let operate = BLIND.into_iter().filter_map(|name| vocabulary().expand(name)).collect();
    let watch = vocabulary().expand("live.view").unwrap_or_default();
    let has_picture = |device| matches!(org.devices[device].kind, DeviceKind::Camera | DeviceKind::Intercom);
    for found in lacking(policy.rights, operate, CapabilitySet::EMPTY, watch, has_picture) {
        let (who, what) = (users(org, &found.users), devices(org, &found.devices));
        let given = capabilities(found.capabilities);
        let message = format!("{who} may use {given} on {what}, and not watch: `live.view` is not held there");
        findings.push(
            Diagnostic::new(&LINT.rule, org.grants[found.grant].span, message)
                .label("gives it")
                .help("grant `live.view` there too, or take out what cannot be done blindly"),
        );
    }
}
