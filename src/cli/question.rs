//! What `can` is asked: words on the command line to subjects and resources as the table writes them.
//!
//! A name that is not declared is wrong usage and never a `no`. A team stands for its users, `all` and `unassigned` for
//! the resources that they reach.

use std::collections::BTreeSet;

use camgrant::diagnostics::did_you_mean;
use camgrant::effective::OrgRights;
use camgrant::graph::Resource;
use camgrant::model::{Subject, TeamIx, UserIx};
use camgrant::vocabulary::{ResourceKind, applies, vocabulary};

use super::exit::Failure;

/// A question, by its form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Question {
    subject: Who,
    capability: String,
    resource: What,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Who {
    /// `user:…` in lower case, or `link:…`.
    One(String),
    /// The id of a team.
    Team(String),
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum What {
    /// `device:…`, `org` and so on.
    One(String),
    /// `all`.
    All,
    /// `unassigned`.
    Unassigned,
}

/// A question that a table can be asked: whether each of the subjects may on each of the resources. There is at least one
/// of either.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Asked {
    pub(crate) subjects: Vec<String>,
    pub(crate) capability: String,
    pub(crate) resources: Vec<String>,
}

impl Question {
    /// Reads the words of the command line.
    pub(crate) fn read(subject: &str, capability: &str, resource: &str) -> Result<Question, Failure> {
        Ok(Question {
            subject: read_subject(subject)?,
            capability: read_capability(capability)?,
            resource: read_resource(resource)?,
        })
    }

    /// A hint where the answer is `no` for any subject: the capability does not apply to such a resource.
    pub(crate) fn never(&self) -> Option<String> {
        let What::One(resource) = &self.resource else {
            return None;
        };
        let kind = resource.split(':').next().unwrap_or(resource);
        let Question { capability, .. } = self;
        (!applies(capability, kind))
            .then(|| format!("note: `{capability}` does not apply to a resource of kind `{kind}`"))
    }

    /// The question for a table, which knows nothing beside what it grants.
    pub(crate) fn for_table(self) -> Result<Asked, Failure> {
        let (Who::One(subject), What::One(resource)) = (self.subject, self.resource) else {
            return Err(Failure::new("a table knows neither teams nor what has no rights on it")
                .help(Some("ask the policy, with `-p`".to_owned())));
        };
        Ok(Asked { subjects: vec![subject], capability: self.capability, resources: vec![resource] })
    }

    /// The question for an organisation, if it knows what is spoken of.
    pub(crate) fn for_policy(self, rights: &OrgRights) -> Result<Asked, Failure> {
        let org = &rights.org;
        let subjects = match self.subject {
            Who::One(name) => {
                let users = org.users.iter().map(|(_, user)| format!("user:{}", user.id));
                let links = org.links.iter().map(|(_, link)| format!("link:{}", link.id));
                vec![declared("subject", &name, users.chain(links), &org.id)?]
            }
            Who::Team(name) => users_of(rights, &name)?,
        };
        let named = rights.graph.containment.resources().map(|(_, resource)| resource);
        let resources = match &self.resource {
            What::One(name) => {
                let names = named.map(|resource| resource.text(org).to_string());
                vec![declared("resource", name, names, &org.id)?]
            }
            scope => {
                let reached = named.filter(|resource| match resource {
                    Resource::Org => false,
                    Resource::Device(device) if *scope == What::Unassigned => org.devices[*device].place.is_none(),
                    _ => *scope == What::All,
                });
                let reached = reached.filter(|resource| applies(&self.capability, resource.kind(org).name()));
                let names: Vec<String> = reached.map(|resource| resource.text(org).to_string()).collect();
                if names.is_empty() {
                    let message = format!("`{}` applies to nothing in this scope", self.capability);
                    return Err(Failure::new(message));
                }
                names
            }
        };
        Ok(Asked { subjects, capability: self.capability, resources })
    }
}

/// A name as it is declared. Device groups alone are compared without regard to case.
fn declared(what: &str, name: &str, names: impl Iterator<Item = String>, org: &str) -> Result<String, Failure> {
    let kind = |name: &str| name.split(':').next().map(str::to_owned);
    let alike: Vec<String> = names.filter(|known| kind(known) == kind(name)).collect();
    let same =
        |known: &&String| *known == name || (name.starts_with("device_group:") && known.eq_ignore_ascii_case(name));
    if let Some(known) = alike.iter().find(same) {
        return Ok(known.clone());
    }
    let near = did_you_mean(name, alike.iter().map(String::as_str));
    Err(Failure::new(format!("`{org}` has no {what} `{name}`")).help(near))
}

/// The users of a team and of the teams in it, with those who are listed wherever one of them is.
fn users_of(rights: &OrgRights, name: &str) -> Result<Vec<String>, Failure> {
    let org = &rights.org;
    let Some((team, _)) = org.teams.iter().find(|(_, team)| &*team.id == name) else {
        let near = did_you_mean(name, org.teams.iter().map(|(_, team)| &*team.id));
        return Err(Failure::new(format!("`{}` has no team `{name}`", org.id)).help(near));
    };
    let mut users: BTreeSet<UserIx> = BTreeSet::new();
    let mut seen: BTreeSet<TeamIx> = BTreeSet::new();
    let mut open = vec![team];
    while let Some(team) = open.pop() {
        if !seen.insert(team) {
            continue;
        }
        for member in &rights.graph.inheritance.members[team] {
            match member {
                Subject::Everyone => users.extend(org.users.indices()),
                Subject::Team(team) => open.push(*team),
                Subject::User(user) => users.extend(&rights.graph.inheritance.equals[*user]),
            }
        }
    }
    if users.is_empty() {
        return Err(Failure::new(format!("the team `{name}` has no users")));
    }
    Ok(users.into_iter().map(|user| format!("user:{}", org.users[user].id)).collect())
}

/// Users are in lower case.
fn read_subject(text: &str) -> Result<Who, Failure> {
    let help = || Some("write a user's id, `team:<id>` or `link:<id>`".to_owned());
    match text.split_once(':') {
        None if text.eq_ignore_ascii_case("everyone") => {
            Err(Failure::new("`everyone` is no single subject").help(help()))
        }
        None | Some(("user" | "link" | "team", "")) if text.is_empty() || text.ends_with(':') => {
            Err(Failure::new(format!("`{text}` is no subject")).help(help()))
        }
        None => Ok(Who::One(format!("user:{}", text.to_ascii_lowercase()))),
        Some(("user", id)) => Ok(Who::One(format!("user:{}", id.to_ascii_lowercase()))),
        Some(("link", _)) => Ok(Who::One(text.to_owned())),
        Some(("team", id)) => Ok(Who::Team(id.to_owned())),
        Some((kind, _)) => Err(Failure::new(format!("`{text}` is no subject"))
            .help(did_you_mean(kind, ["user", "link", "team"]).or_else(help))),
    }
}

fn read_capability(text: &str) -> Result<String, Failure> {
    if vocabulary().number(text).is_some() {
        return Ok(text.to_owned());
    }
    if vocabulary().expand(text).is_some() {
        return Err(Failure::new(format!("`{text}` stands for several capabilities"))
            .help(Some("ask for one of them".to_owned())));
    }
    let names = vocabulary().capabilities().iter().map(|capability| capability.name.as_str());
    let all = || Some("`camgrant capabilities` lists them all".to_owned());
    Err(Failure::new(format!("no capability is called `{text}`")).help(did_you_mean(text, names).or_else(all)))
}

/// What it names is looked up later, where there is a policy.
fn read_resource(text: &str) -> Result<What, Failure> {
    let kinds = || {
        let kinds = ResourceKind::ALL.into_iter().map(ResourceKind::name);
        kinds.filter(|kind| *kind != "org")
    };
    let forms = || Some("write `org`, or a kind and an id: `device:gate`, `group:hq/lobby`; or `all`".to_owned());
    match text.split_once(':') {
        None if text == "org" => Ok(What::One(text.to_owned())),
        None if text == "all" => Ok(What::All),
        None if text == "unassigned" => Ok(What::Unassigned),
        Some((kind, id)) if !id.is_empty() && kinds().any(|known| known == kind) => Ok(What::One(text.to_owned())),
        Some((kind, id)) if !id.is_empty() => {
            Err(Failure::new(format!("`{text}` is no resource")).help(did_you_mean(kind, kinds()).or_else(forms)))
        }
        _ => Err(Failure::new(format!("`{text}` is no resource")).help(forms())),
    }
}
