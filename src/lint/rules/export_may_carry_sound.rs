//! `export-may-carry-sound`: download of recordings without the right to hear recorded sound.

use crate::diagnostics::{Diagnostic, Level, Rule};
use crate::effective::lacking;
use crate::lint::words::{devices, users};
use crate::lint::{Basis, Findings, Lint, Rights};
use crate::model::DeviceKind;
use crate::vocabulary::{known_to, vocabulary};

pub(in crate::lint) static LINT: Lint = Lint {
    rule: Rule::lint("CG1015", "export-may-carry-sound", Level::Warn, include_str!("export_may_carry_sound.md")),
    basis: Basis::Rights(look),
};

/// Only where they may view what they download (of the others, `export-without-view` tells), and only where the right to hear recorded sound can be given: systems that do not know it leave no way to mend this.
fn look(policy: &Rights<'_>, findings: &mut Findings) {
    let (org, containment) = (&policy.rights.org, &policy.rights.graph.containment);
    let known = |name| vocabulary().expand(name).unwrap_or_default();
    let [export, view, hear] = ["archive.export", "archive.view", "audio.playback"].map(known);
    let found = lacking(policy.rights, export, view, hear, |device| {
        let records_sound =
            matches!(org.devices[device].kind, DeviceKind::Camera | DeviceKind::Microphone | DeviceKind::Intercom);
        let kind = containment.recorder_of[device].map(|recorder| org.recorders[recorder].kind);
        let known = kind.and_then(|kind| known_to(kind.name()));
        records_sound && known.is_none_or(|known| !(known & hear).is_empty())
    });
    for found in found {
        let (who, what) = (users(org, &found.users), devices(org, &found.devices));
        let message =
            format!("{who} may download recordings of {what}, and not hear their sound: a download may carry it");
        findings.push(
            Diagnostic::new(&LINT.rule, org.grants[found.grant].span, message)
                .label("gives `archive.export`")
                .help("grant `audio.playback` there too, or take `archive.export` out"),
        );
    }
}
