//! The schema: kinds of entities, what a request says, every capability as an action with the kinds to which it applies.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use super::text::{Uid, list, quoted};
use crate::vocabulary::{CapabilityClass, ResourceKind, vocabulary};

/// The kinds of resources, with Cedar's words.
pub(super) const KINDS: [(ResourceKind, &str); 7] = [
    (ResourceKind::Org, "Org"),
    (ResourceKind::Site, "Site"),
    (ResourceKind::Group, "Group"),
    (ResourceKind::Device, "Device"),
    (ResourceKind::DeviceGroup, "DeviceGroup"),
    (ResourceKind::Layout, "Layout"),
    (ResourceKind::Recorder, "Recorder"),
];

const ENTITIES: &str = r#"// What a request says beside who, what and where. What is not known is left out.
type Request = {
  // seconds since 1970-01-01T00:00:00Z, rounded down
  instant?: Long,
  // the ids of the schedules that hold at that instant; left out where the instant is
  schedules?: Set<String>,
  // an IPv4 address within ::ffff:0:0/96 is given as the IPv4 address that it is
  address?: ipaddr,
};

// Teams, as far as nothing is stated: a team with a condition is in no other, and policies name it apart.
entity Team in [Team];
// A user is in the one whose equal it is.
entity User in [User, Team] = { disabled?: Bool };
// A link is in nothing; what it opens is in its policy.
entity Link;

// Owners of a resource: of itself, of the recorder behind it, of the organisation.
entity Org = { owners: Set<User> };
entity Site in [Org] = { owners: Set<User> };
entity Group in [Site, Group] = { owners: Set<User> };
entity Recorder in [Org] = { owners: Set<User> };
entity DeviceGroup in [Org] = { owners: Set<User> };
entity Layout in [Org, Site, Group, Recorder] = { owners: Set<User> };
// Devices gathered: those of a layout, and `unassigned`, `ungrouped`, `exclude`.
entity DeviceSet;
entity Device in [Org, Site, Group, Recorder, DeviceGroup, DeviceSet] = {
  kind: String,
  owners: Set<User>,
};
"#;

/// The schema, over the hierarchy of actions.
pub(super) fn schema(actions: &BTreeMap<Uid, BTreeSet<Uid>>) -> String {
    let mut text = ENTITIES.to_owned();
    text.push_str("\n// Groups: patterns of capabilities, and roles.\n");
    let is_group = |action: &Uid| vocabulary().number(&action.id).is_none();
    for (action, parents) in actions.iter().filter(|(action, _)| is_group(action)) {
        let _ = writeln!(text, "action {}{};", quoted(&action.id), member_of(parents)); // a string takes everything
    }
    text.push_str("\n// Capabilities.\n");
    let links = vocabulary().of_kind(ResourceKind::Device) & vocabulary().of_class(CapabilityClass::View);
    for (number, capability) in vocabulary().capabilities().iter().enumerate() {
        let parents = actions.get(&Uid::new("Action", &*capability.name)).map(member_of).unwrap_or_default();
        let principals = if links.has(number) { "[User, Link]" } else { "[User]" };
        let resources = KINDS.iter().filter(|(kind, _)| capability.applies_to.contains(kind)).map(|(_, word)| word);
        let _ = writeln!(
            text,
            "// {}\naction {}{parents} appliesTo {{\n  principal: {principals},\n  resource: {},\n  context: Request,\n}};",
            capability.meaning,
            quoted(&capability.name),
            list(resources),
        );
    }
    text
}

fn member_of(groups: &BTreeSet<Uid>) -> String {
    if groups.is_empty() {
        String::new()
    } else {
        format!(" in {}", list(groups.iter().map(|group| quoted(&group.id))))
    }
}
