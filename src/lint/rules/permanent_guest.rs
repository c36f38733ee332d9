//! `permanent-guest`: a grant without an end to somebody outside the organisation.

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
        let excepted: BTreeSet<UserIx> =
            grant.except.iter().flat_map(|(subject, _)| guests.named(rights, subject, &guests.in_team)).collect();
        for (subject, at) in &grant.to {
            let mut named = guests.named(rights, subject, &guests.for_ever);
            named.retain(|user| !excepted.contains(user));
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

/// Users whose mail address is of no domain of the organisation, and whose accounts do not end.
struct Guests {
    all: BTreeSet<UserIx>,
    /// Those in each team.
    in_team: Arena<TeamIx, BTreeSet<UserIx>>,
    /// Those in each team by a way that never ends.
    for_ever: Arena<TeamIx, BTreeSet<UserIx>>,
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
        let none = || org.teams.iter().map(|_| BTreeSet::new()).collect();
        let mut guests = Guests { all, in_team: none(), for_ever: none() };
        for team in &inheritance.team_order {
            let members = &inheritance.members[*team];
            let gather = |teams| members.iter().flat_map(|member| guests.named(rights, member, teams)).collect();
            let (all, for_ever) = (gather(&guests.in_team), gather(&guests.for_ever));
            guests.in_team[*team] = all;
            if org.teams[*team].condition.until.is_none() {
                guests.for_ever[*team] = for_ever;
            }
        }
        guests
    }

    /// The guests whom a subject names, by what is known of teams.
    fn named(&self, rights: &OrgRights, subject: &Subject, teams: &Arena<TeamIx, BTreeSet<UserIx>>) -> Vec<UserIx> {
        match subject {
            Subject::Everyone => self.all.iter().copied().collect(),
            Subject::Team(team) => teams[*team].iter().copied().collect(),
            Subject::User(user) => {
                let equals = &rights.graph.inheritance.equals[*user];
                equals.iter().copied().filter(|user| self.all.contains(user)).collect()
            }
        }
    }
}
