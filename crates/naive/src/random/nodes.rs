//! Drafts as trees of YAML nodes, not yet as text.

use super::model::{ConditionDraft, ManifestDraft, OrgDraft, PlaceDraft};

/// A YAML node.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Node {
    Text(String),
    Number(u64),
    Bool(bool),
    List(Vec<Node>),
    Map(Vec<(String, Node)>),
}

/// One declaration: its section, its id (none for a grant), its body.
#[derive(Debug, Clone)]
pub(crate) struct Item {
    pub(crate) section: &'static str,
    pub(crate) id: Option<String>,
    pub(crate) body: Node,
}

/// A mapping under way; what is absent is not put.
#[derive(Default)]
struct Body(Vec<(String, Node)>);

impl Body {
    fn text(mut self, key: &str, value: Option<&String>) -> Self {
        self.0.extend(value.map(|text| (key.to_owned(), Node::Text(text.clone()))));
        self
    }

    fn list(mut self, key: &str, values: &[String]) -> Self {
        if !values.is_empty() {
            self.0.push((key.to_owned(), Node::List(values.iter().cloned().map(Node::Text).collect())));
        }
        self
    }

    fn bool(mut self, key: &str, value: Option<bool>) -> Self {
        self.0.extend(value.map(|value| (key.to_owned(), Node::Bool(value))));
        self
    }

    fn number(mut self, key: &str, value: Option<u64>) -> Self {
        self.0.extend(value.map(|value| (key.to_owned(), Node::Number(value))));
        self
    }

    fn counts(mut self, key: &str, counts: &[(String, u64)]) -> Self {
        if !counts.is_empty() {
            let map = counts.iter().map(|(level, count)| (level.clone(), Node::Number(*count))).collect();
            self.0.push((key.to_owned(), Node::Map(map)));
        }
        self
    }

    fn condition(self, condition: &ConditionDraft) -> Self {
        self.text("schedule", condition.schedule.as_ref())
            .text("from", condition.from.as_ref())
            .text("until", condition.until.as_ref())
            .list("networks", &condition.networks)
            .list("outside", &condition.outside)
    }

    fn node(self) -> Node {
        Node::Map(self.0)
    }
}

impl ManifestDraft {
    /// The manifest's whole text, as a node.
    pub(crate) fn node(&self) -> Node {
        let mut body = Body::default().number("camgrant", Some(1));
        if !self.lints.is_empty() {
            let map = self.lints.iter().map(|(name, level)| (name.clone(), Node::Text(level.clone()))).collect();
            body.0.push(("lints".to_owned(), Node::Map(map)));
        }
        let body = body.counts("limits", &self.limits).number("max_link_days", self.max_link_days);
        body.list("mail_domains", &self.mail_domains).node()
    }
}

fn place(draft: &PlaceDraft) -> Node {
    let mut body = Body::default().text("name", draft.name.as_ref()).text("ref", draft.reference.as_ref());
    body = body.text("recorder", draft.recorder.as_ref()).bool("exclude", draft.exclude.then_some(true));
    if !draft.groups.is_empty() {
        let groups = draft.groups.iter().map(|group| (group.id.clone(), place(group))).collect();
        body.0.push(("groups".to_owned(), Node::Map(groups)));
    }
    body.node()
}

impl OrgDraft {
    /// The organisation's own declaration.
    pub(crate) fn declaration(&self) -> Item {
        let body = Body::default()
            .text("name", self.name.as_ref())
            .list("owner", &self.owner)
            .text("timezone", self.timezone.as_ref())
            .number("max_group_depth", self.max_group_depth)
            .text("ungrouped_devices", self.ungrouped_devices.as_ref())
            .counts("licenses", &self.licenses);
        Item { section: "orgs", id: Some(self.id.clone()), body: body.node() }
    }

    /// All other declarations.
    pub(crate) fn items(&self) -> Vec<Item> {
        let mut all = Vec::new();
        let mut put = |section: &'static str, id: Option<&String>, body: Body| {
            all.push(Item { section, id: id.cloned(), body: body.node() });
        };
        for one in &self.users {
            let body = Body::default().text("name", one.name.as_ref()).text("ref", one.reference.as_ref());
            let body = body.text("same_as", one.same_as.as_ref()).condition(&one.condition);
            let body = body.counts("licenses", &one.licenses).bool("disabled", one.disabled.then_some(true));
            put("users", Some(&one.id), body);
        }
        for one in &self.teams {
            let body = Body::default().text("name", one.name.as_ref()).list("members", &one.members);
            put("teams", Some(&one.id), body.condition(&one.condition));
        }
        for one in &self.roles {
            let body = Body::default().list("extends", &one.extends).list("allow", &one.allow);
            put("roles", Some(&one.id), body.list("without", &one.without));
        }
        for one in &self.recorders {
            let body = Body::default().text("name", one.name.as_ref()).text("ref", one.reference.as_ref());
            let body = body.text("kind", one.kind.as_ref()).text("server", one.server.as_ref());
            put("recorders", Some(&one.id), body.list("owner", &one.owner).bool("sharing", one.sharing));
        }
        for one in &self.devices {
            let body = Body::default().text("name", one.name.as_ref()).text("ref", one.reference.as_ref());
            let body = body.text("kind", one.kind.as_ref()).text("in", one.place.as_ref());
            let body = body.text("recorder", one.recorder.as_ref()).list("device_groups", &one.device_groups);
            put("devices", Some(&one.id), body.list("owner", &one.owner));
        }
        for one in &self.device_groups {
            let body = Body::default().text("name", one.name.as_ref()).list("devices", &one.devices);
            put("device_groups", Some(&one.id), body);
        }
        for one in &self.layouts {
            let body = Body::default().text("name", one.name.as_ref()).text("ref", one.reference.as_ref());
            let body = body.list("devices", &one.devices).bool("locked", one.locked);
            let body = body.text("in", one.place.as_ref()).text("recorder", one.recorder.as_ref());
            put("layouts", Some(&one.id), body);
        }
        for one in &self.schedules {
            let mut body = Body::default().text("timezone", one.timezone.as_ref());
            let windows = |texts: &[String]| Node::List(texts.iter().cloned().map(Node::Text).collect());
            let weekly = one.weekly.iter().map(|(days, texts)| (days.clone(), windows(texts))).collect();
            body.0.push(("weekly".to_owned(), Node::Map(weekly)));
            put("schedules", Some(&one.id), body.list("except", &one.except));
        }
        for one in &self.grants {
            let body = Body::default().text("id", one.id.as_ref()).list("to", &one.to).list("role", &one.role);
            let body = body.list("allow", &one.allow).list("deny", &one.deny).list("scope", &one.scope);
            let body = body.list("except", &one.except).list("except_scope", &one.except_scope);
            let body = body.list("kinds", &one.kinds).list("only", &one.only);
            let body = body.bool("read_only", one.read_only.then_some(true)).condition(&one.condition);
            let body = body.text("consent", one.consent.as_ref()).bool("enabled", one.enabled);
            put("grants", None, body.text("reason", one.reason.as_ref()));
        }
        for one in &self.links {
            let body = Body::default().text("name", one.name.as_ref()).list("devices", &one.devices);
            let body = body.condition(&one.condition).bool("enabled", one.enabled).list("allow", &one.allow);
            put("links", Some(&one.id), body.text("created_by", Some(&one.created_by)));
        }
        for one in &self.networks {
            let blocks = Node::List(one.blocks.iter().cloned().map(Node::Text).collect());
            all.push(Item { section: "networks", id: Some(one.id.clone()), body: blocks });
        }
        let sites = self.sites.iter().map(|one| Item { section: "sites", id: Some(one.id.clone()), body: place(one) });
        all.extend(sites);
        all
    }
}
