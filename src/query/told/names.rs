//! Names and places: indices and spans as people and tools read them.

use std::cell::RefCell;

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::Serialize;

use crate::effective::{Condition, OrgRights};
use crate::graph::Resource;
use crate::model::{GrantIx, Scope, Subject, UserIx};
use crate::query::unmet::Bearer;
use crate::query::why::Who;
use crate::source::{Places, Sources, Span};
use crate::table::format;

/// Where something stands in the policy.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[schemars(rename = "Place")]
pub struct PlaceTold {
    /// The file, inside the policy.
    pub file: String,
    /// The line, from 1.
    pub line: usize,
    /// The column, from 1, in Unicode scalar values.
    pub column: usize,
}

/// A grant or denial, by its id and place.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[schemars(rename = "GrantName")]
pub struct GrantName {
    /// Its id, where it has one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// Where it stands.
    pub place: PlaceTold,
}

/// When and from where something holds; as in tables. Nothing stated: always.
pub type ConditionTold = format::Condition<'static>;

/// Names things of one organisation.
pub(crate) struct Names<'r> {
    pub(crate) rights: &'r OrgRights,
    places: RefCell<Places<'r>>,
}

impl<'r> Names<'r> {
    pub(crate) fn new(rights: &'r OrgRights, sources: &'r Sources) -> Names<'r> {
        Names { rights, places: RefCell::new(Places::new(sources)) }
    }

    pub(crate) fn place(&self, span: Span) -> PlaceTold {
        let mut places = self.places.borrow_mut();
        let (file, at) = places.locate(span);
        PlaceTold { file: file.to_owned(), line: at.line, column: at.column }
    }

    pub(crate) fn user(&self, user: UserIx) -> String {
        format!("user:{}", self.rights.org.users[user].id)
    }

    pub(crate) fn who(&self, who: Who) -> String {
        who.text(&self.rights.org)
    }

    pub(crate) fn subject(&self, subject: Subject) -> String {
        match subject {
            Subject::Everyone => "everyone".to_owned(),
            Subject::User(user) => self.user(user),
            Subject::Team(team) => format!("team:{}", self.rights.org.teams[team].id),
        }
    }

    pub(crate) fn resource(&self, resource: Resource) -> String {
        resource.text(&self.rights.org)
    }

    pub(crate) fn scope(&self, scope: Scope) -> String {
        match scope {
            Scope::All => "all".to_owned(),
            Scope::Unassigned => "unassigned".to_owned(),
            Scope::Org => self.resource(Resource::Org),
            Scope::Place(place) => self.resource(Resource::Place(place)),
            Scope::Device(device) => self.resource(Resource::Device(device)),
            Scope::DeviceGroup(group) => self.resource(Resource::DeviceGroup(group)),
            Scope::Layout(layout) => self.resource(Resource::Layout(layout)),
            Scope::Recorder(recorder) => self.resource(Resource::Recorder(recorder)),
        }
    }

    pub(crate) fn grant(&self, grant: GrantIx) -> GrantName {
        let grant = &self.rights.org.grants[grant];
        GrantName { id: grant.id.as_deref().map(str::to_owned), place: self.place(grant.span) }
    }

    /// A grant or denial, in the middle of a sentence.
    pub(crate) fn grant_or_denial(&self, grant: GrantIx) -> String {
        self.grant(grant).text(self.rights.org.grants[grant].denial)
    }

    pub(crate) fn bearer(&self, bearer: Bearer) -> String {
        match bearer {
            Bearer::User(user) => self.user(user),
            Bearer::Team(team) => self.subject(Subject::Team(team)),
            Bearer::Link(link) => self.who(Who::Link(link)),
            Bearer::Grant(grant) => self.grant_or_denial(grant),
        }
    }

    pub(crate) fn condition(&self, condition: &Condition) -> ConditionTold {
        self.rights.conditions.write(condition)
    }

    /// An instant in the organisation's zone.
    pub(crate) fn instant(&self, second: i64) -> String {
        match Timestamp::from_second(second) {
            Ok(at) => at.display_with_offset(self.rights.org.zone.rules.to_offset(at)).to_string(),
            Err(_) => second.to_string(),
        }
    }
}

impl GrantName {
    /// In the middle of a sentence: as a grant, or as a denial.
    pub(crate) fn text(&self, denial: bool) -> String {
        let kind = if denial { "denial" } else { "grant" };
        match &self.id {
            Some(id) => format!("{kind} `{id}`"),
            None => format!("{kind} at {}", self.place.text()),
        }
    }
}

impl PlaceTold {
    /// `file:line`.
    #[must_use]
    pub fn text(&self) -> String {
        format!("{}:{}", self.file, self.line)
    }
}

/// A condition in words; empty where it states nothing.
pub(crate) fn in_words(condition: &ConditionTold) -> String {
    let quoted = |items: &[std::borrow::Cow<'_, str>]| {
        items.iter().map(|item| format!("`{item}`")).collect::<Vec<_>>().join(" and ")
    };
    let listed = |items: &[std::borrow::Cow<'_, str>]| {
        const SHOWN: usize = 4;
        let mut text = items.iter().take(SHOWN).map(AsRef::as_ref).collect::<Vec<&str>>().join(", ");
        if items.len() > SHOWN {
            text.push_str(&format!(" and {} more blocks", items.len() - SHOWN));
        }
        text
    };
    let mut parts = Vec::new();
    parts.extend(condition.from.as_ref().map(|from| format!("from {from}")));
    parts.extend(condition.until.as_ref().map(|until| format!("until {until}")));
    if !condition.schedules.is_empty() {
        parts.push(format!("within {}", quoted(&condition.schedules)));
    }
    parts.extend(condition.networks.as_ref().map(|networks| format!("from the addresses {}", listed(networks))));
    if !condition.outside.is_empty() {
        parts.push(format!("from any address but {}", listed(&condition.outside)));
    }
    parts.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_denial_keeps_its_id_and_its_place() {
        let place = PlaceTold { file: "grants/house.yaml".to_owned(), line: 3, column: 5 };
        let name = GrantName { id: None, place };
        assert_eq!(name.text(true), "denial at grants/house.yaml:3");
        let name = GrantName { id: Some("grants-office".to_owned()), ..name };
        assert_eq!([name.text(false), name.text(true)], ["grant `grants-office`", "denial `grants-office`"]);
    }
}
