//! What `can` is asked: words on the command line to subjects and resources as the table writes them.
//!
//! A name that is not declared is wrong usage and never a `no`. A team stands for its users, `all` and `unassigned` for
//! the resources that they reach.

use camgrant::diagnostics::{did_you_mean, nearest};
use camgrant::effective::OrgRights;
use camgrant::graph::{Resource, ResourceIx};
use camgrant::model::TeamIx;
use camgrant::query::{Who, reach};
use camgrant::vocabulary::{ResourceKind, applies, vocabulary};

use super::exit::Failure;

/// A question, by its form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Question {
    subject: Whom,
    capability: String,
    resource: What,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Whom {
    /// `user:…` in lower case, or `link:…`.
    One(String),
    /// The id of a team.
    Team(String),
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum What {
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

    /// Subject, capability and resource as they were read.
    pub(crate) fn text(&self) -> [String; 3] {
        [self.subject.text(), self.capability.clone(), self.resource.text().to_owned()]
    }

    /// The question for a table, which knows nothing beside what it grants.
    pub(crate) fn for_table(self) -> Result<Asked, Failure> {
        let (Whom::One(subject), What::One(resource)) = (self.subject, self.resource) else {
            return Err(Failure::new("a table knows neither teams nor what has no rights on it")
                .help(Some("ask the policy, with `-p`".to_owned())));
        };
        Ok(Asked { subjects: vec![subject], capability: self.capability, resources: vec![resource] })
    }

    /// The question for an organisation, if it knows what is spoken of.
    pub(crate) fn for_policy(self, rights: &OrgRights) -> Result<Asked, Failure> {
        let Meant { subjects, resources, .. } = self.meant(rights)?;
        let org = &rights.org;
        let resource = |index| rights.graph.containment.resource(index).text(org);
        Ok(Asked {
            subjects: subjects.into_iter().map(|who| who.text(org)).collect(),
            capability: self.capability,
            resources: resources.into_iter().map(resource).collect(),
        })
    }

    /// What is meant in an organisation, if it knows what is spoken of.
    pub(crate) fn meant(&self, rights: &OrgRights) -> Result<Meant, Failure> {
        Ok(Meant {
            subjects: self.subject.meant(rights)?,
            capability: number(&self.capability)?,
            resources: self.resource.meant(rights, &self.capability)?,
        })
    }
}

/// What a question means in an organisation. There is at least one of either.
#[derive(Clone, Debug)]
pub(crate) struct Meant {
    pub(crate) subjects: Vec<Who>,
    pub(crate) capability: usize,
    pub(crate) resources: Vec<ResourceIx>,
}

/// The number of a capability that was read.
pub(crate) fn number(capability: &str) -> Result<usize, Failure> {
    vocabulary().number(capability).ok_or_else(|| Failure::new(format!("no capability is called `{capability}`")))
}

impl Whom {
    /// As it was read.
    pub(crate) fn text(&self) -> String {
        match self {
            Whom::One(name) => name.clone(),
            Whom::Team(id) => format!("team:{id}"),
        }
    }

    /// The subjects that are meant: one, or the users of a team.
    pub(crate) fn meant(&self, rights: &OrgRights) -> Result<Vec<Who>, Failure> {
        let org = &rights.org;
        match self {
            Whom::One(name) => {
                let users = org.users.iter().map(|(user, declared)| (format!("user:{}", declared.id), Who::User(user)));
                let links = org.links.iter().map(|(link, declared)| (format!("link:{}", declared.id), Who::Link(link)));
                Ok(vec![declared("subject", name, users.chain(links), &org.id)?])
            }
            Whom::Team(name) => users_of(rights, name),
        }
    }
}

impl What {
    /// Everything in its reach: of a resource itself and what it reaches as a scope.
    pub(crate) fn reach(&self, rights: &OrgRights) -> Result<Vec<ResourceIx>, Failure> {
        let org = &rights.org;
        match self {
            What::One(name) => Ok(reach(rights, resource_of(rights, name)?)),
            scope => {
                let reached = rights.graph.containment.resources().filter(|(_, resource)| match resource {
                    Resource::Org => false,
                    Resource::Device(device) if *scope == What::Unassigned => org.devices[*device].place.is_none(),
                    _ => *scope == What::All,
                });
                Ok(reached.map(|(index, _)| index).collect())
            }
        }
    }

    /// As it was written.
    pub(crate) fn text(&self) -> &str {
        match self {
            What::One(name) => name,
            What::All => "all",
            What::Unassigned => "unassigned",
        }
    }

    /// The resources that are meant: one, or those of a scope to which the capability applies.
    pub(crate) fn meant(&self, rights: &OrgRights, capability: &str) -> Result<Vec<ResourceIx>, Failure> {
        let org = &rights.org;
        if let What::One(name) = self {
            return Ok(vec![resource_of(rights, name)?]);
        }
        let mut resources = self.reach(rights)?;
        resources.retain(|index| applies(capability, rights.graph.containment.resource(*index).kind(org).name()));
        if resources.is_empty() {
            return Err(Failure::new(format!("`{capability}` applies to nothing in this scope")));
        }
        Ok(resources)
    }
}

/// What a name is declared as. Device groups alone are compared without regard to case.
fn declared<T>(what: &str, name: &str, names: impl Iterator<Item = (String, T)>, org: &str) -> Result<T, Failure> {
    let kind = |name: &str| name.split(':').next().map(str::to_owned);
    let alike: Vec<(String, T)> = names.filter(|(known, _)| kind(known) == kind(name)).collect();
    let same = |known: &str| known == name || (name.starts_with("device_group:") && known.eq_ignore_ascii_case(name));
    let near = did_you_mean(name, alike.iter().map(|(known, _)| known.as_str()));
    let found = alike.into_iter().find(|(known, _)| same(known)).map(|(_, found)| found);
    found.ok_or_else(|| Failure::new(format!("`{org}` has no {what} `{name}`")).help(near))
}

/// The resource with this name.
pub(crate) fn resource_of(rights: &OrgRights, name: &str) -> Result<ResourceIx, Failure> {
    let names = rights.graph.containment.resources().map(|(index, one)| (one.text(&rights.org), index));
    declared("resource", name, names, &rights.org.id)
}

/// The team with this id.
pub(crate) fn team_of(rights: &OrgRights, name: &str) -> Result<TeamIx, Failure> {
    let org = &rights.org;
    let found = org.teams.iter().find(|(_, team)| &*team.id == name).map(|(team, _)| team);
    found.ok_or_else(|| {
        let near = did_you_mean(name, org.teams.iter().map(|(_, team)| &*team.id));
        Failure::new(format!("`{}` has no team `{name}`", org.id)).help(near)
    })
}

/// The users of a team and of the teams in it, with those who are listed wherever one of them is.
fn users_of(rights: &OrgRights, name: &str) -> Result<Vec<Who>, Failure> {
    let org = &rights.org;
    let users = rights.graph.inheritance.users_of(org, team_of(rights, name)?);
    if users.is_empty() {
        return Err(Failure::new(format!("the team `{name}` has no users")));
    }
    Ok(users.into_iter().map(Who::User).collect())
}

/// Users are in lower case.
pub(crate) fn read_subject(text: &str) -> Result<Whom, Failure> {
    let help = || Some("write a user's id, `team:<id>` or `link:<id>`".to_owned());
    match text.split_once(':') {
        None if text.eq_ignore_ascii_case("everyone") => {
            Err(Failure::new("`everyone` is no single subject").help(help()))
        }
        None | Some(("user" | "link" | "team", "")) if text.is_empty() || text.ends_with(':') => {
            Err(Failure::new(format!("`{text}` is no subject")).help(help()))
        }
        None => Ok(Whom::One(format!("user:{}", text.to_ascii_lowercase()))),
        Some(("user", id)) => Ok(Whom::One(format!("user:{}", id.to_ascii_lowercase()))),
        Some(("link", _)) => Ok(Whom::One(text.to_owned())),
        Some(("team", id)) => Ok(Whom::Team(id.to_owned())),
        Some((kind, id)) => Err(Failure::new(format!("`{text}` is no subject"))
            .help(kind_meant(kind, id, ["user", "link", "team"]).or_else(help))),
    }
}

pub(crate) fn read_capability(text: &str) -> Result<String, Failure> {
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
pub(crate) fn read_resource(text: &str) -> Result<What, Failure> {
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
            Err(Failure::new(format!("`{text}` is no resource")).help(kind_meant(kind, id, kinds()).or_else(forms)))
        }
        _ => Err(Failure::new(format!("`{text}` is no resource")).help(forms())),
    }
}

/// The help line for a mistyped kind: with the id behind it, as it is to be written.
fn kind_meant<'c>(kind: &str, id: &str, kinds: impl IntoIterator<Item = &'c str>) -> Option<String> {
    nearest(kind, kinds).map(|near| format!("did you mean `{near}:{id}`?"))
}
