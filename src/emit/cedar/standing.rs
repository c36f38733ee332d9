//! What holds beside grants: that capabilities apply to kinds, ownership, exclusion, sharing, users' own accounts.

use super::conditions::{Parts, Unknown};
use super::names::Names;
use super::policy::{Draft, Policy, UNLESS_OWNER};
use super::schema::KINDS;
use super::text::{Uid, all, any, in_one, list};
use crate::graph::Graph;
use crate::model::{Org, UserIx};
use crate::vocabulary::vocabulary;

/// What holds in every organisation.
pub(super) fn everywhere() -> Vec<Policy> {
    let mut all = Vec::new();
    // an engine that checks requests against the schema lets nothing else through; here it is so in any case
    let mut applies = Draft::new("forbid", "principal", "action", "resource");
    let kinds = KINDS.iter().map(|(kind, word)| {
        let actions = vocabulary().names(vocabulary().of_kind(*kind)).map(|name| Uid::new("Action", name));
        format!("resource is {word} && {}.contains(action)", list(actions))
    });
    applies.unless(&kinds.collect::<Vec<_>>().join(" ||\n  "));
    all.push(applies.named("applies".to_owned()));

    let mut disabled = Draft::new("forbid", "principal is User", "action", "resource");
    disabled.when("principal has disabled && principal.disabled");
    all.push(disabled.named("disabled".to_owned()));

    let mut mapped = Draft::new("forbid", "principal", "action", "resource");
    mapped.when(r#"context has address && context.address.isInRange(ip("::ffff:0:0/96"))"#);
    all.push(mapped.named("mapped-address".to_owned()));
    all
}

/// What holds in one organisation, whatever it grants.
pub(super) fn within(org: &Org, graph: &Graph, names: &Names<'_>) -> Vec<Policy> {
    let mut all = vec![owners(names), excluded(org, names)];
    for (index, recorder) in org.recorders.iter().filter(|(_, recorder)| !recorder.sharing) {
        let resource = format!("resource in {}", names.recorder(index));
        let mut draft = Draft::new("forbid", "principal", "action", &resource);
        draft.when("resource is Recorder || resource is Device");
        draft.unless(UNLESS_OWNER);
        all.push(draft.named(names.id(&format!("not-shared:{}", recorder.id))));
    }
    for (index, user) in org.users.iter() {
        if user.from.is_some() || user.until.is_some() {
            let principal = format!("principal == {}", names.user(index));
            let own = Parts::of_dates(user.from, user.until);
            all.push(bound(&principal, &[], &own, names).named(names.id(&format!("dates-of:{}", user.id))));
        }
        if let Some(networks) = &user.networks {
            let principal = format!("principal in {}", names.user(index));
            let others: Vec<Uid> = who_set_their_own(org, graph, index).map(|other| names.user(other)).collect();
            let draft = bound(&principal, &others, &Parts::of_networks(networks), names);
            all.push(draft.named(names.id(&format!("networks-of:{}", user.id))));
        }
    }
    all
}

/// Owners hold everything that is theirs.
fn owners(names: &Names<'_>) -> Policy {
    let mut draft = Draft::new("permit", "principal is User", "action", &format!("resource in {}", names.org()));
    draft.when("resource.owners.contains(principal)");
    draft.named(names.id("owners"))
}

/// Excluded devices are kept from everybody but owners: those that name `exclude`, and those below a place that does.
fn excluded(org: &Org, names: &Names<'_>) -> Policy {
    let mut draft = Draft::new("forbid", "principal", "action", "resource is Device");
    let places = org.places.iter().filter(|(_, place)| place.exclude).map(|(index, _)| names.place(index));
    draft.when(&in_one("resource", &places.chain([names.device_set("exclude")]).collect()));
    draft.unless(UNLESS_OWNER);
    draft.named(names.id("excluded"))
}

/// Those who equal a user and have networks of their own, nearest first: the user's do not bind them or their equals.
fn who_set_their_own<'m>(org: &'m Org, graph: &'m Graph, user: UserIx) -> impl Iterator<Item = UserIx> + use<'m> {
    let same_as = &graph.inheritance.same_as;
    org.users.iter().filter(|(_, other)| other.networks.is_some()).map(|(index, _)| index).filter(move |other| {
        let mut above = same_as[*other];
        while let Some(next) = above.filter(|next| org.users[*next].networks.is_none()) {
            above = same_as[next];
        }
        above == Some(user)
    })
}

/// Nothing is held outside these conditions, an owner's rights neither.
fn bound(principal: &str, but: &[Uid], own: &Parts<'_>, names: &Names<'_>) -> Draft {
    let mut draft = Draft::new("forbid", principal, "action", "resource");
    if !but.is_empty() {
        draft.unless(&any(but.iter().map(|other| format!("principal in {other}"))));
    }
    draft.unless(&all(own.written(names, Unknown::Fails).into_iter().map(|part| part.text)));
    draft
}
