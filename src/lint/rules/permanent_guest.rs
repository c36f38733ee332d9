//! `permanent-guest`: a grant without an end to somebody outside the organisation.

use std::borrow::Cow;
use std::collections::BTreeSet;

use crate::diagnostics::{Diagnostic, Level, Rule, listed};
use crate::effective::OrgRights;
use crate::lint::{Basis, Findings, Lint, Rights};
use crate::model::{Arena, Consent, Grant, Subject, TeamIx, UserIx};

pub(in crate::lint) static LINT: Lint = Lint {
    rule: Rule::lint("CG1020", "permanent-guest", Level::Allow, include_str!("permanent_guest.md")),
    basis: Basis::Rights(look),
};

fn look(policy: &Rights<'_>, findings: &mut Findings) {
    let (rights, domains) = (policy.rights, &policy.settings.mail_domains);
    let org = &rights.org;
    if domains.is_empty() {
        return; // nothing says who is a guest
    }
    let guests = Guests::of(rights, domains);
    for (_, grant) in org.grants.iter().filter(|(_, grant)| is_open(grant)) {
        let excepted: BTreeSet<UserIx> = grant
            .except
            .iter()
            .flat_map(|(subject, _)| guests.named(rights, subject, &guests.in_team).into_owned())
            .collect();
        for (subject, at) in &grant.to {
            let mut named = guests.named(rights, subject, &guests.for_ever);
            if !excepted.is_empty() {
                named.to_mut().retain(|user| !excepted.contains(user));
            }
            if named.is_empty() {
                continue;
            }
            let who = listed(named.iter().map(|user| &*org.users[*user].id), "guest");
            let found = format!("this grant never ends, and is given to {who}");
            findings.push(
                Diagnostic::new(&LINT.rule, *at, found)
                    .label("from outside")
                    .help("let it end with `until:`, here, at the team or at the user"),
            );
        }
    }
}

fn is_open(grant: &Grant) -> bool {
    grant.enabled && !grant.denial && grant.consent != Consent::Rejected && grant.condition.until.is_none()
}

/// Users whose mail address is of no domain of the organisation, and whose accounts do not end; ascending.
struct Guests {
    all: Vec<UserIx>,
    /// Those in each team.
    in_team: Arena<TeamIx, Vec<UserIx>>,
    /// Those in each team by a way that never ends.
    for_ever: Arena<TeamIx, Vec<UserIx>>,
}

impl Guests {
    fn of(rights: &OrgRights, domains: &[String]) -> Guests {
        let (org, inheritance) = (&rights.org, &rights.graph.inheritance);
        let users = org.users.iter().filter(|(_, user)| user.disabled == Some(false) && user.until.is_none());
        let from_outside = |id: &str| match id.rsplit_once('@') {
            Some((_, domain)) => !domains.iter().any(|own| own.eq_ignore_ascii_case(domain)),
            None => false,
        };
        let all = users.filter(|(_, user)| from_outside(&user.id)).map(|(index, _)| index).collect();
        let none = || org.teams.iter().map(|_| Vec::new()).collect();
        let mut guests = Guests { all, in_team: none(), for_ever: none() };
        for team in &inheritance.team_order {
            let members = &inheritance.members[*team];
            let gather = |teams| -> Vec<UserIx> {
                let named = members.iter().flat_map(|member| guests.named(rights, member, teams).into_owned());
                let mut all: Vec<UserIx> = named.collect();
                all.sort_unstable();
                all.dedup();
                all
            };
            let (all, for_ever) = (gather(&guests.in_team), gather(&guests.for_ever));
            guests.in_team[*team] = all;
            if org.teams[*team].condition.until.is_none() {
                guests.for_ever[*team] = for_ever;
            }
        }
        guests
    }

    /// The guests whom a subject names, by what is known of teams.
    fn named<'g>(
        &'g self,
        rights: &OrgRights,
        subject: &Subject,
        teams: &'g Arena<TeamIx, Vec<UserIx>>,
    ) -> Cow<'g, [UserIx]> {
        match subject {
            Subject::Everyone => Cow::Borrowed(&self.all),
            Subject::Team(team) => Cow::Borrowed(&teams[*team]),
            Subject::User(user) => {
                let equals = rights.graph.inheritance.equals[*user].iter().copied();
                Cow::Owned(equals.filter(|user| self.all.binary_search(user).is_ok()).collect())
            }
        }
    }
}
