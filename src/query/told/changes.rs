//! Edits, told: what to write, where, and what it does beside.

use schemars::JsonSchema;
use serde::Serialize;

use super::names::{Names, PlaceTold};
use crate::graph::Resource;
use crate::model::Subject;
use crate::query::edits::{Cells, Change, Edit, Effect};
use crate::query::unmet::Bearer;
use crate::query::why::Who;
use crate::vocabulary::vocabulary;

/// Changes that together turn the answer.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[schemars(rename = "Edit")]
pub struct EditTold {
    /// All of these.
    pub changes: Vec<ChangeTold>,
    /// The rights that they give beside.
    pub gained: CellsTold,
    /// The rights that they take beside.
    pub lost: CellsTold,
    /// The rights that are then held under other conditions.
    pub changed: CellsTold,
}

/// A change of the policy.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[schemars(rename = "Change")]
pub struct ChangeTold {
    /// What to do.
    pub text: String,
    /// What to write, as YAML.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub yaml: Option<String>,
    /// Where.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub place: Option<PlaceTold>,
}

/// Rights, counted: each subject, capability and resource once.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[schemars(rename = "Cells")]
pub struct CellsTold {
    /// How many.
    pub rights: u64,
    /// Of how many subjects.
    pub subjects: u64,
    /// Which capabilities.
    pub capabilities: Vec<String>,
    /// On how many resources.
    pub resources: u64,
}

impl From<Cells> for CellsTold {
    fn from(cells: Cells) -> CellsTold {
        let Cells { rights, subjects, capabilities, resources } = cells;
        let capabilities = vocabulary().names(capabilities).map(str::to_owned).collect();
        CellsTold { rights, subjects, capabilities, resources }
    }
}

pub(super) fn edit(names: &Names<'_>, edit: &Edit) -> EditTold {
    let Effect { gained, lost, changed } = edit.effect;
    EditTold {
        changes: edit.changes.iter().map(|one| change(names, one)).collect(),
        gained: gained.into(),
        lost: lost.into(),
        changed: changed.into(),
    }
}

/// A subject as policies write it: users without a prefix.
fn written(subject: &str) -> String {
    let bare = subject.strip_prefix("user:").unwrap_or(subject);
    if bare.contains(':') { format!("\"{bare}\"") } else { bare.to_owned() }
}

fn change(names: &Names<'_>, change: &Change) -> ChangeTold {
    let (text, yaml) = words(names, change);
    let place = change.place(names.rights).map(|place| names.place(place));
    ChangeTold { text, yaml, place }
}

fn words(names: &Names<'_>, change: &Change) -> (String, Option<String>) {
    let org = &names.rights.org;
    let user = |user: &crate::model::UserIx| names.user(*user);
    let bare = |user: &crate::model::UserIx| written(&names.user(*user));
    let team = |team: &crate::model::TeamIx| names.subject(Subject::Team(*team));
    let device = |device: &crate::model::DeviceIx| org.devices[*device].id.to_string();
    let grant = |grant: &crate::model::GrantIx| names.grant_or_denial(*grant);
    let capability = |number: &usize| vocabulary().name(*number).to_owned();
    let bearer = |bearer: &Bearer| match bearer {
        Bearer::Grant(of) => format!("the {}", grant(of)),
        other => format!("`{}`", names.bearer(*other)),
    };
    let day = |at: &i64| org.zone.day_of(*at).map(|(day, ..)| day).unwrap_or_default();
    match change {
        Change::Grant { to, allow, on } => {
            let allow = allow.iter().map(capability).collect::<Vec<_>>().join(", ");
            let yaml = format!("- {{ to: {}, allow: [{allow}], scope: {} }}", bare(to), names.resource(*on));
            ("add to `grants`".to_owned(), Some(yaml))
        }
        Change::Deny { to, capability: number, on } => {
            let yaml =
                format!("- {{ to: {}, deny: [{}], scope: {} }}", bare(to), capability(number), names.resource(*on));
            ("add to `grants`".to_owned(), Some(yaml))
        }
        Change::Join(of, who) => (format!("add `{}` to the `members` of `{}`", user(who), team(of)), None),
        Change::Leave(of, who) => (format!("take `{}` out of the `members` of `{}`", user(who), team(of)), None),
        Change::Name(of, who) => (format!("add `{}` to the `to` of the {}", bare(who), grant(of)), None),
        Change::Except(of, who) => {
            (format!("leave `{}` out of the {}", user(who), grant(of)), Some(format!("except: [{}]", bare(who))))
        }
        Change::Unexcept(of, _) => (format!("take this out of the `except` of the {}", grant(of)), None),
        Change::Allow(of, number) => {
            (format!("add `{}` to the `allow` of the {}", capability(number), grant(of)), None)
        }
        Change::Reach(of, on) => (format!("add `{}` to the `scope` of the {}", names.resource(*on), grant(of)), None),
        Change::Spare(of, on) => {
            let on = names.resource(*on);
            (format!("leave `{on}` out of the {}", grant(of)), Some(format!("except_scope: [{on}]")))
        }
        Change::Unspare(of, _) => (format!("take this out of the `except_scope` of the {}", grant(of)), None),
        Change::Kind(of, which) => {
            let kind = org.devices[*which].kind.name();
            (format!("add `{kind}` to the `kinds` of the {}", grant(of)), None)
        }
        Change::DropKinds(of) => (format!("take `kinds` off the {}", grant(of)), None),
        Change::Gather(which, group) => {
            let group = &org.device_groups[*group].id;
            (format!("add `{group}` to the `device_groups` of the device `{}`", device(which)), None)
        }
        Change::DropOnly(of) => (format!("take `only` off the {}", grant(of)), None),
        Change::DropReadOnly(of) => (format!("take `read_only` off the {}", grant(of)), None),
        Change::Keep(role, number) => {
            let role = &org.roles[*role].id;
            (format!("take `{}` out of the `without` of the role `{role}`", capability(number)), None)
        }
        Change::Enable(of) => (format!("take `enabled: false` off the {}", grant(of)), None),
        Change::Disable(of) => (format!("switch the {} off", grant(of)), Some("enabled: false".to_owned())),
        Change::Accept(of) => (format!("have the {} accepted", grant(of)), Some("consent: accepted".to_owned())),
        Change::Include(which) => {
            (format!("take `exclude` out of the `device_groups` of the device `{}`", device(which)), None)
        }
        Change::IncludePlace(place) => {
            (format!("take `exclude: true` off `{}`", names.resource(Resource::Place(*place))), None)
        }
        Change::Exclude(which) => {
            (format!("add `exclude` to the `device_groups` of the device `{}`", device(which)), None)
        }
        Change::Share(recorder) => {
            (format!("take `sharing: false` off the recorder `{}`", org.recorders[*recorder].id), None)
        }
        Change::EnableUser(who) => (format!("take `disabled: true` off `{}`", user(who)), None),
        Change::DisableUser(who) => (format!("disable `{}`", user(who)), Some("disabled: true".to_owned())),
        Change::From(of, at) => (format!("let {} begin earlier", bearer(of)), Some(format!("from: {}", day(at)))),
        Change::Until(of, at) => (format!("extend {}", bearer(of)), Some(format!("until: {}", day(at)))),
        Change::DropSchedule(of) => (format!("take `schedule` off {}", bearer(of)), None),
        Change::Address(of, address) => (format!("add `{address}` to the `networks` of {}", bearer(of)), None),
        Change::Disown(who, owned) => {
            (format!("take `{}` out of the `owner` of `{}`", user(who), names.resource(*owned)), None)
        }
        Change::EnableLink(link) => {
            (format!("switch `{}` on", names.who(Who::Link(*link))), Some("enabled: true".into()))
        }
        Change::LinkDevice(link, which) => {
            (format!("add `{}` to the `devices` of `{}`", device(which), names.who(Who::Link(*link))), None)
        }
        Change::LinkAllow(link, number) => {
            (format!("add `{}` to the `allow` of `{}`", capability(number), names.who(Who::Link(*link))), None)
        }
    }
}
