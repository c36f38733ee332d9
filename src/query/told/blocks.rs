//! Answers to `who` and `what`, told. In: blocks. Out: sets by the names that the policy has for them.

use schemars::JsonSchema;
use serde::Serialize;

use super::names::{ConditionTold, GrantName, Names, in_words};
use crate::effective::{CondIx, Conditions};
use crate::graph::ResourceIx;
use crate::query::blocks::{Account, Block, Frame, blocks};
use crate::query::by_grant::by_grant;
use crate::query::period::{dates_of, within};
use crate::query::sets::{NamedSet, SetNames};
use crate::query::why::{Asker, Who};
use crate::vocabulary::{CapabilitySet, vocabulary};

/// What `camgrant who` and `camgrant what` print as JSON.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Holders {
    /// The organisation.
    pub org: String,
    /// The instant that was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub at: Option<String>,
    /// The address that was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub address: Option<String>,
    /// The resources that were asked about.
    pub resources: NamedSet,
    /// All who hold any of it.
    pub subjects: NamedSet,
    /// How many rights they are: subject × capability × resource.
    pub rights: u64,
    /// Who holds what, under which condition: each right in one block.
    pub blocks: Vec<BlockTold>,
    /// The same by the grants that give it, with the denials; where that was asked for.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schemars(default)]
    pub grants: Vec<GrantBlockTold>,
}

/// Each of the subjects holds each of the capabilities on each of the resources.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "Block")]
pub struct BlockTold {
    /// The subjects.
    pub subjects: NamedSet,
    /// The capabilities.
    pub capabilities: Vec<String>,
    /// The resources.
    pub resources: NamedSet,
    /// Under any one of these; always where there is none.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schemars(default)]
    pub when: Vec<ConditionTold>,
    /// And under none of these.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schemars(default)]
    pub except_when: Vec<ConditionTold>,
    /// And within the dates and networks of their accounts.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub account: Option<ConditionTold>,
}

/// What one grant gives, or one denial takes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "GrantBlock")]
pub struct GrantBlockTold {
    /// Which; none for what is owned.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub grant: Option<GrantName>,
    /// Whether it denies.
    pub denial: bool,
    /// To whom it comes.
    pub subjects: NamedSet,
    /// The capabilities.
    pub capabilities: Vec<String>,
    /// The resources.
    pub resources: NamedSet,
    /// Under any one of these; always where there is none.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schemars(default)]
    pub when: Vec<ConditionTold>,
}

/// Dates between which a subject can do something, as far as dates go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DatesOf {
    /// The subject.
    pub subject: String,
    /// Seconds since 1970.
    pub from: i64,
    /// Seconds since 1970, excluded; none where there is no end.
    pub until: Option<i64>,
}

impl Asker<'_> {
    /// Who of a frame holds what of it.
    #[must_use]
    pub fn holders(&self, frame: &Frame, with_grants: bool) -> Holders {
        self.holders_of(frame, blocks(self.rights, frame), with_grants)
    }

    /// Who of a frame holds what of it at some time from `from` until just before `until`, or ever after: in seconds since
    /// 1970. With it each subject, and the dates between which it can: there may be several for one.
    #[must_use]
    pub fn holders_within(&self, frame: &Frame, from: i64, until: Option<i64>) -> (Holders, Vec<DatesOf>) {
        let names = Names::new(self.rights, self.sources);
        let blocks = within(self.rights, blocks(self.rights, frame), from, until);
        let mut dates = Vec::new();
        for block in &blocks {
            for (from, until) in dates_of(self.rights, block, from, until) {
                let of_subject = |who: &Who| DatesOf { subject: names.who(*who), from, until };
                dates.extend(block.subjects.iter().map(of_subject));
            }
        }
        (self.holders_of(frame, blocks, false), dates)
    }

    fn holders_of(&self, frame: &Frame, blocks: Vec<Block>, with_grants: bool) -> Holders {
        let names = Names::new(self.rights, self.sources);
        let sets = SetNames::new(self.rights);
        let rights =
            blocks.iter().map(|block| (block.subjects.len() * block.capabilities.len() * block.resources.len()) as u64);
        let rights = rights.sum();
        let mut subjects: Vec<Who> = blocks.iter().flat_map(|block| block.subjects.iter().copied()).collect();
        subjects.sort_unstable();
        subjects.dedup();
        let mut teller = Teller { names: &names, sets: &sets, known: Vec::new() };
        let grants = if with_grants { by_grant(self.rights, frame) } else { Vec::new() };
        Holders {
            org: self.rights.org.id.to_string(),
            at: frame.request.and_then(|request| request.at).map(|at| names.instant(at)),
            address: frame.request.and_then(|request| request.address).map(|address| address.to_string()),
            resources: sets.resources(&frame.resources),
            subjects: sets.subjects(&subjects),
            rights,
            blocks: blocks.iter().map(|block| teller.block(block)).collect(),
            grants: grants
                .iter()
                .map(|block| GrantBlockTold {
                    grant: block.grant.map(|grant| names.grant(grant)),
                    denial: block.grant.is_some_and(|grant| self.rights.org.grants[grant].denial),
                    subjects: sets.subjects(&block.subjects),
                    capabilities: capabilities(block.capabilities),
                    resources: teller.resources(&block.resources),
                    when: teller.conditions(&block.when),
                })
                .collect(),
        }
    }
}

struct Teller<'t, 'r> {
    names: &'t Names<'r>,
    sets: &'t SetNames<'r>,
    /// Sets of resources that were named last: many blocks share one.
    known: Vec<(Vec<ResourceIx>, NamedSet)>,
}

pub(super) fn capabilities(set: CapabilitySet) -> Vec<String> {
    vocabulary().names(set).map(str::to_owned).collect()
}

impl Teller<'_, '_> {
    fn block(&mut self, block: &Block) -> BlockTold {
        let account = self.names.condition(&block.account.condition());
        BlockTold {
            subjects: self.sets.subjects(&block.subjects),
            capabilities: capabilities(block.capabilities),
            resources: self.resources(&block.resources),
            when: self.conditions(&block.held.when),
            except_when: self.conditions(&block.held.denied),
            account: (block.account != Account::default()).then_some(account),
        }
    }

    fn resources(&mut self, resources: &[ResourceIx]) -> NamedSet {
        const KEPT: usize = 32;
        if let Some((_, known)) = self.known.iter().find(|(members, _)| members == resources) {
            return known.clone();
        }
        let set = self.sets.resources(resources);
        if self.known.len() < KEPT {
            self.known.push((resources.to_vec(), set.clone()));
        }
        set
    }

    fn conditions(&self, when: &[CondIx]) -> Vec<ConditionTold> {
        let stated = when.iter().filter(|one| **one != Conditions::ALWAYS);
        stated.map(|one| self.names.condition(self.names.rights.conditions.get(*one))).collect()
    }
}

/// The conditions of a block as a line; `always` where there is none.
pub(super) fn conditions_text(
    when: &[ConditionTold],
    except_when: &[ConditionTold],
    account: Option<&ConditionTold>,
) -> String {
    let joined = |all: &[ConditionTold]| all.iter().map(in_words).collect::<Vec<_>>().join("; or ");
    let mut text = if when.is_empty() { "always".to_owned() } else { joined(when) };
    if !except_when.is_empty() {
        text.push_str(&format!(", but not {}", joined(except_when)));
    }
    if let Some(account) = account {
        text.push_str(&format!("; its account {}", in_words(account)));
    }
    text
}

/// The answer to `who` for people.
#[must_use]
pub fn who_text(told: &Holders, capability: &str, asked: &str) -> String {
    let count = told.subjects.count;
    let subjects = if count == 1 { "1 subject".to_owned() } else { format!("{count} subjects") };
    let when = if told.at.is_some() || told.address.is_some() { " then" } else { "" };
    let mut text = format!("{subjects} may `{capability}` on {asked}{when}");
    text.push_str(if count == 0 { "\n" } else { ":\n" });
    for block in &told.blocks {
        text.push_str(&format!("  {}\n", block.subjects.text()));
        if block.resources != told.resources {
            text.push_str(&format!("      on {}\n", block.resources.text()));
        }
        let conditions = conditions_text(&block.when, &block.except_when, block.account.as_ref());
        if conditions != "always" {
            text.push_str(&format!("      {conditions}\n"));
        }
    }
    text.push_str(&grants_text(told, false));
    text
}

/// The answer to `what` for people.
#[must_use]
pub fn what_text(told: &Holders, subject: &str, asked: Option<&str>) -> String {
    let when = if told.at.is_some() || told.address.is_some() { " then" } else { "" };
    let on = asked.map(|asked| format!(" on {asked}")).unwrap_or_default();
    let rights = if told.rights == 1 { "1 right".to_owned() } else { format!("{} rights", told.rights) };
    let mut text = format!("{subject} holds {rights}{on}{when}");
    text.push_str(if told.rights == 0 { "\n" } else { ":\n" });
    for block in &told.blocks {
        text.push_str(&format!("  {}\n      on {}\n", block.capabilities.join(", "), block.resources.text()));
        if block.subjects != told.subjects {
            text.push_str(&format!("      {}\n", block.subjects.text()));
        }
        let conditions = conditions_text(&block.when, &block.except_when, block.account.as_ref());
        if conditions != "always" {
            text.push_str(&format!("      {conditions}\n"));
        }
    }
    text.push_str(&grants_text(told, true));
    text
}

fn grants_text(told: &Holders, with_capabilities: bool) -> String {
    let mut text = String::new();
    if !told.grants.is_empty() {
        text.push_str("\nby grant:\n");
    }
    for block in &told.grants {
        let name = match &block.grant {
            None => "owned".to_owned(),
            Some(grant) => {
                let name = grant.text(block.denial);
                let place = if grant.id.is_some() { format!("  {}", grant.place.text()) } else { String::new() };
                format!("{name}{place}")
            }
        };
        text.push_str(&format!("  {name}\n      {}\n", block.subjects.text()));
        if with_capabilities {
            text.push_str(&format!("      {}\n", block.capabilities.join(", ")));
        }
        if block.resources != told.resources {
            text.push_str(&format!("      on {}\n", block.resources.text()));
        }
        if !block.when.is_empty() {
            text.push_str(&format!("      {}\n", conditions_text(&block.when, &[], None)));
        }
    }
    text
}
