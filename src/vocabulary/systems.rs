//! What each make of recorder knows: the capabilities that its documentation names. In one place, and derived from the
//! built-in roles that transcribe that documentation.

use std::sync::LazyLock;

use super::{CapabilityClass, CapabilitySet, vocabulary};

/// The makes of recorders that know less than everything, as policies write them, each with the prefix of its roles.
const SYSTEMS: [(&str, &str); 5] = [
    ("agent-dvr", "agent/"),
    ("verkada", "verkada/"),
    ("dw-spectrum", "dw/"),
    ("cloud", "cloud/"),
    ("web-client", "web/"),
];

static KNOWN: LazyLock<Vec<(&str, CapabilitySet)>> = LazyLock::new(|| {
    let vocabulary = vocabulary();
    // links and the rights over rights are this policy's own, whatever enforces the table
    let own = vocabulary.of_class(CapabilityClass::Administer) | vocabulary.expand("link.share").unwrap_or_default();
    let of_roles = |prefix: &str| -> CapabilitySet {
        vocabulary.roles().iter().filter(|role| role.name.starts_with(prefix)).map(|role| role.capabilities).collect()
    };
    SYSTEMS.iter().map(|(kind, prefix)| (*kind, own | of_roles(prefix))).collect()
});

/// The capabilities that a make of recorder knows: what its system's built-in roles give together, and what is this
/// policy's own (`link.share` and class `administer`). None where it knows all: `generic`, and what is no make.
#[must_use]
pub fn known_to(kind: &str) -> Option<CapabilitySet> {
    KNOWN.iter().find(|(known, _)| *known == kind).map(|(_, set)| *set)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_system_knows_what_its_roles_give_and_no_more() {
        let knows = |kind: &str, capability: &str| {
            let number = vocabulary().number(capability).unwrap_or(127);
            known_to(kind).is_none_or(|known| known.has(number))
        };
        for (kind, _) in SYSTEMS {
            assert!(knows(kind, "live.view"), "{kind}");
        }
        assert!(knows("agent-dvr", "audio.playback") && !knows("dw-spectrum", "audio.playback"));
        assert!(!knows("cloud", "ptz.control") && knows("generic", "ptz.control"));
        assert_eq!(vocabulary().names(known_to("cloud").unwrap_or_default()).filter(|n| n.contains('.')).count(), {
            vocabulary().of_class(CapabilityClass::Administer).len() + 1 + 4
        });
    }
}
