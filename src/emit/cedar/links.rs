//! Temporary links: each is one permit, which says what the link opens and what its maker has to hold for it.
//!
//! Of the maker's grants and denials only the dates count (`semantics §4`), and the maker is asked for by name: a link
//! is no user, and in no team. All of it stands in one permit, so that nothing is given where a part cannot be judged.

use super::conditions::{Parts, Unknown};
use super::grants::Statement;
use super::names::Names;
use super::policy::{Draft, Policy};
use super::teams::Teams;
use super::text::{Uid, all, any, in_one, list};
use crate::model::{LinkIx, Org, UserIx};
use crate::vocabulary::{CapabilitySet, ResourceKind, vocabulary};

/// What the links of an organisation rest on.
#[derive(Clone, Copy, Debug)]
pub(super) struct Links<'a, 'm> {
    pub org: &'m Org,
    pub names: &'a Names<'m>,
    pub teams: &'a Teams<'m>,
    pub statements: &'a [Statement<'m>],
}

impl Links<'_, '_> {
    /// The permit of a link; none for one that gives nothing.
    pub(super) fn policy(&self, index: LinkIx) -> Option<Policy> {
        let link = &self.org.links[index];
        let (maker, _) = link.created_by?;
        let allow = link.allow & vocabulary().of_kind(ResourceKind::Device);
        if !link.enabled || link.broken || allow.is_empty() || self.org.users[maker].disabled != Some(false) {
            return None;
        }
        let actions = list(allow.iter().map(|number| Uid::new("Action", vocabulary().name(number))));
        let principal = format!("principal == {}", self.names.link(index));
        let mut draft = Draft::new("permit", &principal, &format!("action in {actions}"), "resource is Device");
        draft.when(&in_one("resource", &link.devices.iter().map(|(device, _)| self.names.device(*device)).collect()));
        draft.parts(&Parts::of([&link.condition]).written(self.names, Unknown::Fails));
        let account = &self.org.users[maker];
        draft.parts(&Parts::of_dates(account.from, account.until).written(self.names, Unknown::Fails));
        let share: CapabilitySet = vocabulary().expand("link.share").unwrap_or_default();
        let maker = Maker { links: *self, maker };
        maker.holds(share, false, &mut draft);
        maker.holds(allow, true, &mut draft);
        Some(draft.named(self.names.id(&format!("link:{}", link.id))))
    }
}

/// The maker of a link.
struct Maker<'a, 'm> {
    links: Links<'a, 'm>,
    maker: UserIx,
}

impl Maker<'_, '_> {
    /// That the maker holds, as far as dates go, these capabilities: the one that is asked for, or else all of them.
    fn holds(&self, capabilities: CapabilitySet, asked: bool, draft: &mut Draft) {
        let owner = format!("resource.owners.contains({})", self.links.names.user(self.maker));
        let granted = self.by(false, capabilities, asked);
        draft.when(&any(std::iter::once(owner.clone()).chain(granted)));
        let denied = self.by(true, capabilities, asked);
        if !denied.is_empty() {
            draft.unless(&all([format!("!{owner}"), any(denied)]));
        }
    }

    /// The grants, or the denials, that come to the maker with any of these capabilities, in the order of their texts.
    fn by(&self, denial: bool, capabilities: CapabilitySet, asked: bool) -> Vec<String> {
        let Links { names, teams, statements, .. } = self.links;
        let maker = names.user(self.maker);
        let holders = teams.holders(self.maker);
        let mut found = Vec::new();
        for statement in statements {
            let relevant = statement.grant.denial == denial && !(statement.capabilities & capabilities).is_empty();
            if !relevant || statement.left_out.iter().any(|uid| holders.contains(uid)) {
                continue;
            }
            for alternative in &statement.alternatives {
                let binds = !denial || alternative.parts.is_dates_only();
                if !binds || alternative.named.iter().all(|uid| !holders.contains(uid)) {
                    continue;
                }
                let unknown = if denial { Unknown::Holds } else { Unknown::Fails };
                let mut parts = vec![in_one(&maker.to_string(), &alternative.named)];
                if asked {
                    parts.extend(statement.covers_action());
                }
                parts.extend(statement.covers_resource());
                let dates = alternative.parts.dates().written(names, unknown);
                parts.extend(dates.into_iter().map(|part| part.text));
                found.push(all(parts));
            }
        }
        found.sort_unstable();
        found.dedup();
        found
    }
}
