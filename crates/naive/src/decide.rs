//! semantics §4: the decision.

use std::net::IpAddr;

use crate::condition::Of;
use crate::model::{Link, Org};
use crate::read::Policy;
use crate::resources::kind_of;
use crate::rights::Rights;
use crate::subjects::{is_disabled, own_condition, owns};

/// One question, within one organisation.
struct Question<'a> {
    policy: &'a Policy,
    org: &'a Org,
    rights: &'a Rights,
    capability: &'a str,
    resource: &'a str,
    at: Option<i64>,
    address: Option<IpAddr>,
}

impl Policy {
    /// semantics §4: whether the subject (`user:a@x`, `link:z`) may do `capability` on the resource (`device:cam1`,
    /// `group:hq/lobby`, `org`) at an instant (seconds since 1970) from an address; either may be unknown.
    #[must_use]
    pub fn decide(
        &self,
        org: &str,
        subject: &str,
        capability: &str,
        resource: &str,
        at: Option<i64>,
        address: Option<IpAddr>,
    ) -> bool {
        let (Some(rights), Some(org)) = (self.rights.get(org), self.orgs.get(org)) else {
            return false;
        };
        let question = Question { policy: self, org, rights, capability, resource, at, address };
        match subject.split_once(':') {
            Some(("user", id)) => question.user(&id.to_ascii_lowercase()),
            Some(("link", id)) => org.links.get(id).is_some_and(|link| question.link(link)),
            _ => false,
        }
    }
}

impl Question<'_> {
    /// semantics §4: a user.
    fn user(&self, user: &str) -> bool {
        let schedules = &self.org.schedules;
        if !self.org.users.contains_key(user)
            || !self.rights.resources.contains(self.resource)
            || !self.policy.vocabulary.applies(self.capability, kind_of(self.resource))
            || is_disabled(self.org, user)
            // a user's own parts do not hold for what is unknown, as a grant's
            || !own_condition(self.org, user).holds(Of::Grant, self.at, self.address, schedules)
        {
            return false;
        }
        if owns(self.org, user, self.resource) {
            return true;
        }
        let some = |denial: bool, of: Of| {
            let all = self.rights.conditions(denial, user, self.capability, self.resource);
            all.iter().any(|condition| condition.holds(of, self.at, self.address, schedules))
        };
        !self.rights.barred.contains(self.resource) && some(false, Of::Grant) && !some(true, Of::Denial)
    }

    /// semantics §4: a link.
    fn link(&self, link: &Link) -> bool {
        let vocabulary = &self.policy.vocabulary;
        let Some(device) = self.resource.strip_prefix("device:") else {
            return false;
        };
        vocabulary.expand_all(&link.allow).contains(self.capability)
            && vocabulary.applies(self.capability, "device")
            && link.devices.contains(device)
            && !self.rights.barred.contains(self.resource)
            && link.enabled
            && link.condition.holds(Of::Grant, self.at, self.address, &self.org.schedules)
            && self.maker_holds(&link.maker, "link.share")
            && self.maker_holds(&link.maker, self.capability)
    }

    /// semantics §4: the maker of a link holds a capability on the device *as far as dates go*.
    fn maker_holds(&self, maker: &str, capability: &str) -> bool {
        let schedules = &self.org.schedules;
        let own_dates = own_condition(self.org, maker).dates();
        if is_disabled(self.org, maker) || !own_dates.holds(Of::Grant, self.at, self.address, schedules) {
            return false;
        }
        if owns(self.org, maker, self.resource) {
            return true;
        }
        let given = self.rights.conditions(false, maker, capability, self.resource);
        let taken = self.rights.conditions(true, maker, capability, self.resource);
        given.iter().any(|condition| condition.dates().holds(Of::Grant, self.at, self.address, schedules))
            && !taken
                .iter()
                .filter(|condition| condition.states_only_dates())
                .any(|condition| condition.holds(Of::Denial, self.at, self.address, schedules))
    }
}
