//! Resolves the fields of single declarations: names, spellings, addresses and instants.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use jiff::tz::TimeZone;

use crate::address::{Addresses, Block};
use crate::condition::Condition;
use crate::model::{Grant, Link, Named, Team, User};
use crate::raw::{RawGrant, RawLink, RawTeam, RawTest, RawUser, Texts};
use crate::time::{from_instant, until_instant};
use crate::verdicts::Test;
use crate::vocabulary::ListOf;

/// What the parts of one organisation are read with.
pub(crate) struct Reader {
    pub(crate) zone: TimeZone,
    pub(crate) networks: BTreeMap<String, Vec<Block>>,
    /// The declared spelling of each device group, by its name in lower case.
    pub(crate) spelling: BTreeMap<String, String>,
    pub(crate) blocks: RefCell<BTreeSet<Block>>,
}

/// language: grants, `to`: a user id (also `user:<id>`), `team:<id>`, `everyone` (also `team:everyone`), in any case.
fn named(text: &str) -> Named {
    if let Some(team) = text.strip_prefix("team:") {
        if team.eq_ignore_ascii_case("everyone") { Named::Everyone } else { Named::Team(team.to_owned()) }
    } else if text.eq_ignore_ascii_case("everyone") {
        Named::Everyone
    } else {
        Named::User(text.strip_prefix("user:").unwrap_or(text).to_ascii_lowercase())
    }
}

fn all_named(texts: Texts) -> Vec<Named> {
    texts.list().iter().map(|text| named(text)).collect()
}

impl Reader {
    /// language: ids. Device-group names are compared without regard to case; outputs bear the declared spelling.
    pub(crate) fn device_group(&self, name: &str) -> String {
        let lower = name.to_ascii_lowercase();
        if lower == "exclude" { lower } else { self.spelling.get(&lower).cloned().unwrap_or_else(|| name.to_owned()) }
    }

    fn scopes(&self, texts: Texts) -> Vec<String> {
        let spelled = |text: &String| match text.strip_prefix("device_group:") {
            Some(name) => format!("device_group:{}", self.device_group(name)),
            None => text.clone(),
        };
        texts.list().iter().map(spelled).collect()
    }

    /// A list of network ids and CIDR blocks.
    fn addresses(&self, texts: Texts) -> Result<Option<Addresses>, String> {
        let Some(texts) = texts else { return Ok(None) };
        let mut blocks = Vec::new();
        for text in texts.0 {
            match self.networks.get(&text) {
                Some(network) => blocks.extend(network),
                None => blocks.push(Block::parse(&text)?),
            }
        }
        self.blocks.borrow_mut().extend(&blocks);
        Ok(Some(Addresses::new(&blocks)))
    }

    fn condition(&self, from: Option<String>, until: Option<String>, networks: Texts) -> Result<Condition, String> {
        Ok(Condition {
            from: from.map(|text| from_instant(&text, &self.zone)).transpose()?,
            until: until.map(|text| until_instant(&text, &self.zone)).transpose()?,
            networks: self.addresses(networks)?,
            ..Condition::default()
        })
    }

    pub(crate) fn user(&self, raw: RawUser) -> Result<User, String> {
        Ok(User {
            same_as: raw.same_as.map(|id| id.to_ascii_lowercase()),
            own: self.condition(raw.from, raw.until, raw.networks)?,
            licenses: raw.licenses,
            disabled: raw.disabled,
            reference: raw.r#ref,
        })
    }

    pub(crate) fn team(&self, raw: RawTeam) -> Result<Team, String> {
        let mut condition = self.condition(raw.from, raw.until, raw.networks)?;
        condition.schedules.extend(raw.schedule);
        Ok(Team { members: all_named(raw.members), condition })
    }

    pub(crate) fn grant(&self, raw: RawGrant) -> Result<Grant, String> {
        let mut condition = self.condition(raw.from, raw.until, raw.networks)?;
        condition.schedules.extend(raw.schedule);
        condition.outside = self.addresses(raw.outside)?;
        Ok(Grant {
            id: raw.id,
            to: all_named(raw.to),
            except: all_named(raw.except),
            scope: self.scopes(raw.scope),
            except_scope: self.scopes(raw.except_scope),
            roles: raw.role.list(),
            allow: raw.allow.list(),
            deny: raw.deny.map(|patterns| patterns.0),
            kinds: raw.kinds.map(|kinds| kinds.0.into_iter().collect()),
            only: raw.only.map(|names| names.0.iter().map(|name| self.device_group(name)).collect()),
            read_only: raw.read_only,
            condition,
            consent: raw.consent.unwrap_or_else(|| "accepted".to_owned()),
            enabled: raw.enabled.unwrap_or(true),
        })
    }

    pub(crate) fn test(&self, mut raw: RawTest) -> Result<Test, String> {
        let scope = self.scopes(raw.scope.take());
        let at = raw.at.take().map(|text| from_instant(&text, &self.zone)).transpose()?;
        Test::from_raw(raw, scope, at)
    }

    pub(crate) fn link(&self, raw: RawLink) -> Result<Link, String> {
        let mut condition = self.condition(raw.from, raw.until, raw.networks)?;
        condition.schedules.extend(raw.schedule);
        Ok(Link {
            devices: raw.devices.list().into_iter().collect(),
            condition,
            enabled: raw.enabled.unwrap_or(true),
            allow: raw.allow.map_or_else(|| vec!["live.view".to_owned()], |allow| allow.0),
            maker: raw.created_by.ok_or("a link without `created_by`")?.to_ascii_lowercase(),
        })
    }
}
