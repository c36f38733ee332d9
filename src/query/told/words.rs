//! What stands in the way, in words: each obstacle, miss and unmet part as a word that stays the same, a sentence, its place
//! and, where it is a matter of time, when it next holds.

use super::why::{ObstacleTold, Teller};
use crate::effective::{CondIx, Condition};
use crate::graph::Resource;
use crate::model::{Consent, GrantIx};
use crate::query::clock::next_holding;
use crate::query::near::Miss;
use crate::query::unmet::{Bearer, Part, Unmet};
use crate::query::why::{Obstacle, Who};
use crate::vocabulary::vocabulary;

impl Teller<'_, '_> {
    pub(super) fn miss(&self, grant: GrantIx, miss: &Miss) -> ObstacleTold {
        let question = &self.answer.question;
        let subject = self.names.who(question.who);
        let capability = vocabulary().name(question.capability);
        let resource = self.names.resource(self.names.rights.graph.containment.resource(question.resource));
        let grant = &self.names.rights.org.grants[grant];
        let (kind, text, place) = match *miss {
            Miss::NotNamed => ("not_named", format!("does not name `{subject}`"), grant.keys.at("to")),
            Miss::Excepted(place) => ("excepted", format!("its `except` names `{subject}`"), Some(place)),
            Miss::NotReached => ("not_reached", format!("does not reach `{resource}`"), grant.keys.at("scope")),
            Miss::ScopeExcepted(place) => {
                ("scope_excepted", format!("its `except_scope` reaches `{resource}`"), Some(place))
            }
            Miss::Kinds(place) => ("kinds", format!("its `kinds` leave `{resource}` out"), Some(place)),
            Miss::Only(place) => ("only", format!("its `only` leaves `{resource}` out"), Some(place)),
            Miss::NoCapability => {
                let place = grant.keys.at("allow").or(grant.keys.at("role"));
                ("no_capability", format!("does not give `{capability}`"), place)
            }
            Miss::ReadOnly(place) => (
                "read_only",
                format!("`read_only` leaves `{capability}` out, which is not of class `view`"),
                Some(place),
            ),
            Miss::Without(role, place) => {
                let role = &self.names.rights.org.roles[role].id;
                ("without", format!("its role `{role}` takes `{capability}` out again"), Some(place))
            }
            Miss::NotEnabled(place) => ("not_enabled", "is not enabled".to_owned(), Some(place)),
            Miss::Consent(Consent::Rejected, place) => ("rejected", "was offered and rejected".to_owned(), Some(place)),
            Miss::Consent(_, place) => ("pending", "was offered and not accepted yet".to_owned(), Some(place)),
        };
        let place = place.map(|place| self.names.place(place));
        ObstacleTold { kind, text, place, opens: None }
    }

    pub(super) fn obstacle(&self, obstacle: &Obstacle) -> ObstacleTold {
        let question = &self.answer.question;
        let org = &self.names.rights.org;
        let capability = vocabulary().name(question.capability);
        let resource = self.names.resource(self.names.rights.graph.containment.resource(question.resource));
        let (kind, text, place) = match *obstacle {
            Obstacle::Own(unmet) => {
                let condition = self.own_condition(unmet.bearer);
                return self.unmet(&unmet, &condition);
            }
            Obstacle::NotApplicable(of) => {
                let kinds: Vec<&str> = vocabulary()
                    .capabilities()
                    .get(question.capability)
                    .map(|one| one.applies_to.iter().map(|kind| kind.name()).collect())
                    .unwrap_or_default();
                let text = format!(
                    "`{capability}` does not apply to a {}, only to: {}",
                    of.name().replace('_', " "),
                    kinds.join(", ").replace('_', " ")
                );
                ("not_applicable", text, None)
            }
            Obstacle::UserDisabled(user, place) => {
                ("user_disabled", format!("`{}` is disabled", self.names.user(user)), Some(place))
            }
            Obstacle::Excluded(None, place) => {
                ("excluded", format!("`{resource}` names `exclude`: only owners see it"), Some(place))
            }
            Obstacle::Excluded(Some(at), place) => {
                let at = self.names.resource(Resource::Place(at));
                ("excluded", format!("`{at}` excludes the devices in it: only owners see them"), Some(place))
            }
            Obstacle::NotShared(recorder, place) => {
                let id = &org.recorders[recorder].id;
                (
                    "not_shared",
                    format!("`recorder:{id}` has `sharing: false`: only owners hold anything on it"),
                    Some(place),
                )
            }
            Obstacle::NotGiven => ("not_given", "no grant gives it, at any time".to_owned(), None),
            Obstacle::NotNow => {
                let unknown = self.answer.given.iter().flat_map(|given| &given.subject.shown).all(|route| {
                    let unknown = |part| matches!(part, Part::InstantUnknown | Part::AddressUnknown);
                    route.unmet.iter().all(|unmet| unknown(unmet.part))
                });
                let opens = self.opens();
                let text = match &opens {
                    _ if unknown => {
                        "what gives it has conditions, and whether they hold is not known: say `--at`, `--address`"
                            .into()
                    }
                    Some(opens) => format!("what gives it does not hold now, and next does {opens}"),
                    None => "what gives it does not hold now".to_owned(),
                };
                return ObstacleTold { kind: "not_now", text, place: None, opens };
            }
            Obstacle::Denied(grant) => {
                let name = self.names.grant_or_denial(grant);
                ("denied", format!("the {name} denies it"), Some(org.grants[grant].span))
            }
            Obstacle::LinkDisabled(link, place) => {
                ("link_disabled", format!("the link `{}` is switched off", org.links[link].id), Some(place))
            }
            Obstacle::LinkWithoutDevice(link, place) => (
                "link_without_device",
                format!("the link `{}` does not open `{resource}`", org.links[link].id),
                Some(place),
            ),
            Obstacle::LinkWithoutCapability(link, place) => (
                "link_without_capability",
                format!("the link `{}` does not allow `{capability}`", org.links[link].id),
                Some(place),
            ),
            Obstacle::MakerMayNotShare(user, place) => (
                "maker_may_not_share",
                format!("its maker `{}` holds no `link.share` on `{resource}`", self.names.user(user)),
                Some(place),
            ),
            Obstacle::MakerHoldsNot(user, place) => (
                "maker_holds_not",
                format!("its maker `{}` does not hold `{capability}` on `{resource}`", self.names.user(user)),
                Some(place),
            ),
        };
        ObstacleTold { kind, text, place: place.map(|place| self.names.place(place)), opens: None }
    }

    /// When one of the grants that give it next holds, addresses and denials aside.
    fn opens(&self) -> Option<String> {
        let rights = self.names.rights;
        let (at, Who::User(user)) = (self.answer.question.request.at?, self.answer.question.who) else { return None };
        let class = rights.statements.class_of[user]?;
        let own = self.own_condition(Bearer::User(user));
        let ways = rights
            .statements
            .coming(class)
            .filter(|(_, statement, _)| self.answer.given.iter().any(|given| given.grant == statement.grant));
        let ways = ways.flat_map(|(_, _, ways)| ways).filter(|way: &&CondIx| !rights.conditions.is_never(**way));
        let next = ways.filter_map(|way| next_holding(&rights.conditions.get(*way).and(&own), &rights.org, at)).min();
        next.filter(|next| *next > at).map(|next| self.names.instant(next))
    }

    fn own_condition(&self, bearer: Bearer) -> Condition {
        let org = &self.names.rights.org;
        match bearer {
            Bearer::User(user) => {
                Condition { from: org.users[user].from, until: org.users[user].until, ..Condition::default() }
            }
            Bearer::Team(team) => Condition::from(&org.teams[team].condition),
            Bearer::Grant(grant) => Condition::from(&org.grants[grant].condition),
            Bearer::Link(link) => Condition::from(&org.links[link].condition),
        }
    }

    /// A part that does not hold; `whole` says with what it has to hold together, for when it next does.
    pub(super) fn unmet(&self, unmet: &Unmet, whole: &Condition) -> ObstacleTold {
        let request = &self.answer.question.request;
        let whose = match unmet.bearer {
            Bearer::Grant(_) => format!("the {}", self.names.bearer(unmet.bearer)),
            other => format!("`{}`", self.names.bearer(other)),
        };
        let mut opens = None;
        let mut next = || {
            let at = request.at?;
            opens = next_holding(whole, &self.names.rights.org, at).map(|next| self.names.instant(next));
            opens.clone()
        };
        let against = matches!(unmet.bearer, Bearer::Grant(grant) if self.names.rights.org.grants[grant].denial);
        let (kind, text) = match unmet.part {
            Part::InstantUnknown if against => {
                ("instant_unknown", format!("{whose} counts while the time is not known: say `--at`"))
            }
            Part::AddressUnknown if against => {
                ("address_unknown", format!("{whose} counts while the address is not known: say `--address`"))
            }
            Part::NotYet(from) => {
                next();
                ("not_yet", format!("{whose} begins {}", self.names.instant(from)))
            }
            Part::Ended(until) => ("ended", format!("{whose} ended {}", self.names.instant(until))),
            Part::Closed(schedule) => {
                let id = &self.names.rights.org.schedules[schedule].id;
                let next = match next() {
                    Some(next) => format!("it opens next {next}"),
                    None => "it does not open within a year".to_owned(),
                };
                ("closed", format!("{whose} holds within the schedule `{id}`: {next}"))
            }
            Part::Elsewhere | Part::Inside => {
                let address = request.address.map(|address| address.to_string()).unwrap_or_default();
                ("elsewhere", format!("{whose} holds from other addresses than {address}"))
            }
            Part::InstantUnknown => ("instant_unknown", format!("{whose} depends on the time: say `--at`")),
            Part::AddressUnknown => ("address_unknown", format!("{whose} depends on the address: say `--address`")),
        };
        ObstacleTold { kind, text, place: Some(self.names.place(unmet.place)), opens }
    }
}
