//! How things are called in the text. In: numbers. Out: ids and scopes that can be written.

use std::fmt::{Display, Formatter, Result};

/// `s123`
#[derive(Clone, Copy)]
pub(crate) struct SiteId(pub(crate) usize);

impl Display for SiteId {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        write!(f, "s{:03}", self.0)
    }
}

/// `r12`
#[derive(Clone, Copy)]
pub(crate) struct RegionId(pub(crate) usize);

impl Display for RegionId {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        write!(f, "r{:02}", self.0)
    }
}

/// `nvr-123`, the recorder of a site; `nvr-123-b`, its second one
#[derive(Clone, Copy)]
pub(crate) struct RecorderId {
    pub(crate) site: usize,
    pub(crate) second: bool,
}

impl Display for RecorderId {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        write!(f, "nvr-{:03}{}", self.site, if self.second { "-b" } else { "" })
    }
}

/// `s123-c045`, the 45th device of a site
#[derive(Clone, Copy)]
pub(crate) struct DeviceId {
    pub(crate) site: usize,
    pub(crate) number: usize,
}

impl Display for DeviceId {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        write!(f, "{}-c{:03}", SiteId(self.site), self.number)
    }
}

/// `r12-doors`
#[derive(Clone, Copy)]
pub(crate) struct DeviceGroupId {
    pub(crate) region: usize,
    pub(crate) name: &'static str,
}

impl Display for DeviceGroupId {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        write!(f, "{}-{}", RegionId(self.region), self.name)
    }
}

/// The walls of a region are numbered, `r12-wall-1`; a site has one, `s123-wall`
#[derive(Clone, Copy)]
pub(crate) enum LayoutId {
    Region { region: usize, number: usize },
    Site(usize),
}

impl Display for LayoutId {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        match self {
            LayoutId::Region { region, number } => write!(f, "{}-wall-{number}", RegionId(*region)),
            LayoutId::Site(site) => write!(f, "{}-wall", SiteId(*site)),
        }
    }
}

/// `r12-t07` and what is in or around it
#[derive(Clone, Copy)]
pub(crate) enum TeamId {
    /// Everybody who works in a region.
    Region(usize),
    /// Those who run it.
    Leads(usize),
    /// Those who work at night.
    Nights(usize),
    /// A home team.
    Home { region: usize, team: usize },
    /// A part of a home team.
    Crew { region: usize, team: usize },
}

impl Display for TeamId {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        match self {
            TeamId::Region(region) => write!(f, "{}-all", RegionId(*region)),
            TeamId::Leads(region) => write!(f, "{}-leads", RegionId(*region)),
            TeamId::Nights(region) => write!(f, "{}-nights", RegionId(*region)),
            TeamId::Home { region, team } => write!(f, "{}-t{team:02}", RegionId(*region)),
            TeamId::Crew { region, team } => write!(f, "{}-t{team:02}-crew", RegionId(*region)),
        }
    }
}

/// `akeller17`: an initial, a family name and the number that tells people of one name apart
#[derive(Clone, Copy)]
pub(crate) struct Login {
    pub(crate) first: &'static str,
    pub(crate) last: &'static str,
    pub(crate) user: usize,
}

impl Display for Login {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        write!(f, "{}{}{}", &self.first[..1].to_ascii_lowercase(), self.last, self.user)
    }
}

/// A team as a member or in `to`
pub(crate) struct Team(pub(crate) TeamId);

impl Display for Team {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        write!(f, "team:{}", self.0)
    }
}

/// Where a device, a layout or a scope is: a site, or a group in one
#[derive(Clone, Copy)]
pub(crate) struct Place {
    pub(crate) site: usize,
    pub(crate) group: Option<&'static str>,
}

impl Display for Place {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        match self.group {
            Some(path) => write!(f, "{}/{path}", SiteId(self.site)),
            None => write!(f, "{}", SiteId(self.site)),
        }
    }
}

/// What a grant is about
#[derive(Clone, Copy)]
pub(crate) enum Scope {
    Place(Place),
    Device(DeviceId),
    DeviceGroup(DeviceGroupId),
    Layout(LayoutId),
    Recorder(RecorderId),
}

impl Scope {
    pub(crate) fn site(site: usize) -> Scope {
        Scope::Place(Place { site, group: None })
    }

    pub(crate) fn group(site: usize, path: &'static str) -> Scope {
        Scope::Place(Place { site, group: Some(path) })
    }
}

impl Display for Scope {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        match self {
            Scope::Place(place) if place.group.is_some() => write!(f, "group:{place}"),
            Scope::Place(place) => write!(f, "site:{place}"),
            Scope::Device(id) => write!(f, "device:{id}"),
            Scope::DeviceGroup(id) => write!(f, "device_group:{id}"),
            Scope::Layout(id) => write!(f, "layout:{id}"),
            Scope::Recorder(id) => write!(f, "recorder:{id}"),
        }
    }
}
