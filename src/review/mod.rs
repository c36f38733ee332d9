//! Review: whether an author may make a change, by the policy before it; and whose approval would let it pass.
//!
//! In: two policies that compile, with their declarations; who made the change, who approves, when. Out: what is missing,
//! each with the change for which it is, and who holds it. Two tests, and both must pass: by effect, on every right that
//! is held otherwise, and by declaration, on every declaration that differs. What is in doubt is refused. Nothing is
//! decided anew: what the author holds, the old policy says.
//!
//! | file | holds |
//! |---|---|
//! | `authority` | who holds and owns what by the old policy |
//! | `effect`, `standing`, `passed` | the rules by effect; what they pass over |
//! | `declaration` | the table by declaration |
//! | `cause` | the change at which something is reported |
//! | `approvals` | who could approve |
//! | `findings`, `told` | the outcome as findings, and as data and text |

mod approvals;
mod authority;
mod cause;
mod declaration;
mod effect;
mod findings;
mod passed;
pub mod rules;
mod standing;
mod told;

use std::collections::BTreeSet;

pub use self::approvals::Approvals;
use self::authority::Authority;
pub use self::authority::Need;
use self::cause::Causes;
use self::declaration::{Needed, Table, is_own_consent};
use self::effect::{Judge, Voters};
pub use self::findings::{Shown, findings};
pub use self::told::{ApprovalsTold, ReviewTold, ViolationTold, approvers_text, review_markdown, review_text, tell};
use crate::declared::{self, Change, Changes, Declared, OrgChanges};
use crate::diagnostics::Rule;
use crate::diff::{self, Side};
use crate::effective::{self, Effective, OrgRights};
use crate::graph;
use crate::model::{Budgets, UserIx};
use crate::query::Request;
use crate::source::{Sources, Span};
use crate::vocabulary::vocabulary;

/// One of the two policies.
#[derive(Clone, Copy, Debug)]
pub struct ReviewSide<'v> {
    /// What it comes to.
    pub policy: &'v Effective,
    /// Its texts.
    pub sources: &'v Sources,
    /// What it declares.
    pub declared: &'v Declared,
}

/// Who made a change, and who approves of it, when and from where.
#[derive(Clone, Debug)]
pub struct Asked<'a> {
    /// The author's user id, without `user:`.
    pub author: &'a str,
    /// User ids of those who approve.
    pub approvers: &'a [String],
    /// When; and from where, if that is known.
    pub request: Request,
    /// The budgets of the old policy.
    pub budgets: Budgets,
}

/// What would do: any one of some needs, held by somebody other than the one whose account it is.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Wanted {
    /// Any one of these. None: nobody can hold it.
    pub any: Vec<Need>,
    /// Whose word does not count for it.
    pub but: Option<UserIx>,
}

/// What is missing for one right or declaration.
#[derive(Clone, Debug)]
struct Lack {
    rule: &'static Rule,
    wanted: Wanted,
    /// The change for which it is, by number.
    change: Option<usize>,
    /// One right, or the declaration.
    example: String,
    /// What for, where a declaration asks for it.
    why: &'static str,
    /// How many rights more.
    others: u64,
}

/// Where something is to be shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Place {
    /// In the old policy alone.
    Old(Span),
    /// In the new policy.
    New(Span),
}

/// What is missing for one change.
#[derive(Clone, Debug)]
pub struct Violation {
    /// The rule that it breaks.
    pub rule: &'static Rule,
    /// The organisation.
    pub org: String,
    /// Where: the change.
    pub places: Vec<Place>,
    /// What is missing, in words: each item is one thing that is needed.
    pub missing: Vec<String>,
    /// For what: one right that turns, or the declaration.
    pub example: String,
    /// What for, where a declaration asks for it: `to change what grants rest on`.
    pub why: &'static str,
    /// How many rights more.
    pub others: u64,
    /// The users who hold all that is missing here, and whose word counts, sorted.
    pub holders: Vec<String>,
}

impl Violation {
    /// One thing that is missing, for no declaration in particular, and held by nobody.
    fn new(rule: &'static Rule, org: &str, places: Vec<Place>, missing: String, example: String) -> Violation {
        let (missing, org) = (vec![missing], org.to_owned());
        Violation { rule, org, places, missing, example, why: "", others: 0, holders: Vec::new() }
    }
}

/// The outcome of a review.
#[derive(Debug, Default)]
pub struct Review {
    /// What is missing; nothing where the author may make the change.
    pub violations: Vec<Violation>,
    /// Who could approve.
    pub approvals: Approvals,
    /// What else is to be said: approvals that do not count, and why.
    pub notes: Vec<String>,
}

/// Reviews a change.
#[must_use]
pub fn review(old: ReviewSide<'_>, new: ReviewSide<'_>, asked: &Asked<'_>) -> Review {
    let changes = declared::changes(old.declared, new.declared);
    let mut review = Review::default();
    let mut approvals = Vec::new();
    for was in &old.policy.orgs {
        let is = new.policy.orgs.iter().find(|is| is.org.id == was.org.id);
        let own = changes.orgs.iter().find(|org| org.org == &*was.org.id);
        let reviewed = OrgReview { old, new, was, is, own, changes: &changes, asked };
        approvals.push(reviewed.review(&mut review));
    }
    for added in changes.orgs.iter().filter(|org| !org.sides[0]) {
        let place = added.changes.first().map(findings::place_of).unwrap_or_default();
        let missing = format!("ownership of the organisation `{}`, which the old policy does not have", added.org);
        let example = format!("the organisation `{}` is added", added.org);
        review.violations.push(Violation::new(&rules::DECLARATION, added.org, place, missing, example));
        approvals.push(Approvals { nobody: true, ..Approvals::default() });
    }
    review.approvals = Approvals::together(approvals);
    review
}

/// The review of one organisation of the old policy.
struct OrgReview<'r> {
    old: ReviewSide<'r>,
    new: ReviewSide<'r>,
    was: &'r OrgRights,
    is: Option<&'r OrgRights>,
    own: Option<&'r OrgChanges<'r>>,
    changes: &'r Changes<'r>,
    asked: &'r Asked<'r>,
}

impl<'r> OrgReview<'r> {
    fn review(&self, review: &mut Review) -> Approvals {
        let authority = Authority::new(self.was, self.asked.request);
        let differs = self.own.is_some() || self.is.is_none() || !self.common(&authority).is_empty();
        let author = authority.user(self.asked.author).filter(|user| authority.is_enabled(*user));
        let Some(author) = author else {
            if differs {
                review.violations.push(self.no_user(&authority));
                return Approvals { nobody: true, ..Approvals::default() };
            }
            return Approvals::default();
        };
        let voters = self.voters(&authority, author, review);
        let Some(is) = self.is else { return self.removed(&authority, &voters, review) };
        let changes = self.own.map_or(&[][..], |own| &own.changes[..]);

        // what the author alone is offered is the author's to take: the change is judged without it
        let offered: Vec<&Change<'r>> =
            changes.iter().filter(|c| is_own_consent(c, &self.was.org.users[author].id)).collect();
        let taken = self.taken(&offered, author);
        let was = taken.as_ref().and_then(|taken| taken.orgs.first()).unwrap_or(self.was);
        let is_taken = |change: &Change<'r>| taken.is_some() && is_own_consent(change, &self.was.org.users[author].id);

        let table = Table::new(&authority, self.was, is);
        let mut lacks = Vec::new();
        for (number, change) in changes.iter().enumerate().filter(|(_, change)| !is_taken(change)) {
            for mut needed in table.needs(change) {
                needed.wanted.but = table.own_account(change);
                self.declared(&authority, &voters, needed, Some((number, change)), &mut lacks);
            }
        }
        for needed in self.common(&authority) {
            self.declared(&authority, &voters, needed, None, &mut lacks);
        }
        let causes = Causes::new(was, is, changes, [self.old.declared, self.new.declared]);
        for (device, needed) in table.barred() {
            let cause = causes.of_resource(device);
            let change = cause.and_then(|number| Some((number, changes.get(number)?)));
            self.declared(&authority, &voters, needed, change, &mut lacks);
        }
        self.own_licenses(&authority, &voters, is, &causes, &mut lacks);

        let old = Side::Policy(taken.as_ref().unwrap_or(self.old.policy), self.old.sources);
        let differences = diff::compare(old, Side::Policy(self.new.policy, self.new.sources), Some(&self.was.org.id));
        // policies are known whole, tables alone may not be
        let mut difference = differences.ok().and_then(|mut found| found.pop());
        let mut touched: BTreeSet<UserIx> = BTreeSet::new();
        let Some(difference) = &mut difference else {
            review.violations.push(self.not_compared());
            return Approvals { nobody: true, ..Approvals::default() };
        };
        for block in &difference.blocks {
            let names = block.subjects.iter().map(|number| difference.subject(*number));
            touched.extend(names.filter_map(|name| authority.user(name.strip_prefix("user:")?)));
        }
        touched.extend(changes.iter().filter_map(|change| table.own_account(change)));
        let mut judge = Judge::new(&authority, &voters, was, is, &causes, difference);
        lacks.extend(judge.judge());
        approvals::tell(
            &authority,
            &mut judge,
            &voters,
            lacks,
            &touched,
            |lack, missing, holders| {
                let change = lack.change.and_then(|number| changes.get(number)).or(changes.first());
                Violation {
                    rule: lack.rule,
                    org: self.was.org.id.to_string(),
                    places: change.map_or_else(|| self.common_places(), |change| self.places(change)),
                    missing,
                    example: lack.example.clone(),
                    why: lack.why,
                    others: lack.others,
                    holders,
                }
            },
            review,
        )
    }

    /// Who vouches, by this organisation's old policy.
    fn voters(&self, authority: &Authority<'_>, author: UserIx, review: &mut Review) -> Voters {
        let mut all = BTreeSet::from([author]);
        for name in self.asked.approvers {
            match authority.user(name).filter(|user| authority.is_enabled(*user)) {
                Some(user) => _ = all.insert(user),
                None => review.notes.push(format!(
                    "`{name}` is no enabled user of `{}` by the old policy: this approval does not count there",
                    self.was.org.id
                )),
            }
        }
        Voters { author, all }
    }

    fn no_user(&self, authority: &Authority<'_>) -> Violation {
        let name = self.asked.author;
        let why = match authority.user(name) {
            Some(_) => format!("`{name}` is disabled, or outside the dates of the account"),
            None => format!("`{name}` is no user of the organisation `{}`", self.was.org.id),
        };
        Violation::new(&rules::NO_USER, &self.was.org.id, self.first_places(), why, "something changes".to_owned())
    }

    /// What cannot be judged is refused.
    fn not_compared(&self) -> Violation {
        let (missing, example) = ("a comparison of the two policies", "their rights could not be compared");
        let places = self.common_places();
        Violation::new(&rules::MANAGE, &self.was.org.id, places, missing.to_owned(), example.to_owned())
    }

    /// The manifest, and comments that speak of no declaration: what they need.
    fn common(&self, authority: &Authority<'_>) -> Vec<Needed> {
        let of_org = |org: &Option<Box<str>>| org.as_ref().is_none_or(|org| *org == self.was.org.id);
        let comments = self.changes.comments.iter().flatten().any(|comment| of_org(&comment.org));
        let mut needs = Vec::new();
        let capability = vocabulary().number("access.manage_admins").unwrap_or_default();
        let any = vec![Need::Holds { capability, resource: authority.org() }];
        let mut add = |why| needs.push(Needed { wanted: Wanted { any: any.clone(), but: None }, why, field: None });
        if !self.changes.manifest.is_empty() {
            add("to change the manifest");
        }
        if comments {
            add("to change which lints are quieted");
        }
        needs
    }

    fn common_places(&self) -> Vec<Place> {
        let manifest = self.changes.manifest.first();
        let place = manifest.and_then(|change| {
            change.new.map(|new| Place::New(new.span)).or(change.old.map(|old| Place::Old(old.span)))
        });
        let [old, new] = &self.changes.comments;
        let comment = new.first().map(|one| Place::New(one.span)).or(old.first().map(|one| Place::Old(one.span)));
        let org = self.is.map_or(Place::Old(self.was.org.span), |is| Place::New(is.org.span));
        vec![place.or(comment).unwrap_or(org)]
    }

    /// Where the first change is shown.
    fn first_places(&self) -> Vec<Place> {
        let change = self.own.and_then(|own| own.changes.first());
        change.map_or_else(|| self.common_places(), |change| self.places(change))
    }

    /// Where a change is shown: of what was removed, beside what stands before it.
    fn places(&self, change: &Change<'_>) -> Vec<Place> {
        let places = findings::place_of(change);
        match places.first() {
            Some(Place::Old(span)) => {
                let beside = findings::beside(*span, self.old, self.new, &self.was.org.id);
                beside.map(Place::New).into_iter().chain(places).collect()
            }
            _ => places,
        }
    }

    fn declared(
        &self,
        authority: &Authority<'_>,
        voters: &Voters,
        needed: Needed,
        change: Option<(usize, &Change<'_>)>,
        lacks: &mut Vec<Lack>,
    ) {
        let Needed { wanted, why, field } = needed;
        if voters.all.iter().any(|user| authority.meets(*user, &wanted, |_, _| false)) {
            return;
        }
        let example = match change {
            Some((_, change)) => findings::change_text(change, field),
            None => "what speaks of no declaration differs".to_owned(),
        };
        let owner = field == Some("owner");
        let own = wanted.but == Some(voters.author);
        let rule = if own {
            &rules::OWN_ACCOUNT
        } else if owner {
            &rules::OWNERSHIP
        } else {
            &rules::DECLARATION
        };
        lacks.push(Lack { rule, wanted, change: change.map(|(number, _)| number), example, why, others: 0 });
    }

    /// The old policy with the offers taken or turned down; none where that would change more than the author's own
    /// rights, or where there is none.
    fn taken(&self, offered: &[&Change<'r>], author: UserIx) -> Option<Effective> {
        if offered.is_empty() {
            return None;
        }
        let mut org = self.was.org.clone();
        let is = self.is?;
        for change in offered {
            let (old, new) = (change.old?, change.new?);
            let at = |span: Span| (span.file, span.start);
            let (_, said) = is.org.grants.iter().find(|(_, grant)| at(grant.span) == at(new.span))?;
            let (index, _) = self.was.org.grants.iter().find(|(_, grant)| at(grant.span) == at(old.span))?;
            org.grants[index].consent = said.consent;
        }
        let (graph, _) = graph::build(&org);
        let (rights, _) = effective::compute(org, graph, self.asked.budgets.max_alternatives, false);
        let taken = Effective { orgs: vec![rights] };
        let sides = [self.old.policy, &taken].map(|policy| Side::Policy(policy, self.old.sources));
        let found = diff::compare(sides[0], sides[1], Some(&self.was.org.id)).ok()?;
        let name = format!("user:{}", self.was.org.users[author].id);
        let alone = found.iter().all(|found| {
            found.blocks.iter().flat_map(|block| &block.subjects).all(|number| found.subject(*number) == name)
        });
        alone.then_some(taken)
    }

    /// Licences are of an account, and not a right: the author's own are nobody's to change but another's.
    fn own_licenses(
        &self,
        authority: &Authority<'_>,
        voters: &Voters,
        is: &OrgRights,
        causes: &Causes<'_>,
        lacks: &mut Vec<Lack>,
    ) {
        let licenses = |rights: &OrgRights, user| {
            let mut all: Vec<(String, u64)> = Vec::new();
            let own = effective::licenses_of(&rights.org, &rights.graph, user);
            all.extend(own.into_iter().flatten().map(|(level, count, _)| (level.to_string(), *count)));
            all.sort();
            all
        };
        let id = &self.was.org.users[voters.author].id;
        let Some((user, _)) = is.org.users.iter().find(|(_, user)| user.id == *id) else { return };
        if licenses(self.was, voters.author) == licenses(is, user) {
            return;
        }
        let capability = vocabulary().number("users.manage").unwrap_or_default();
        let need = Need::Holds { capability, resource: authority.org() };
        let wanted = Wanted { any: vec![need], but: Some(voters.author) };
        if !voters.all.iter().any(|user| authority.meets(*user, &wanted, |_, _| false)) {
            let example = format!("`user:{id}` gets other licences");
            lacks.push(Lack {
                rule: &rules::OWN_ACCOUNT,
                wanted,
                change: causes.of_users(),
                example,
                why: "",
                others: 0,
            });
        }
    }

    /// The organisation is there no more: every account of it ends, the author's too.
    fn removed(&self, authority: &Authority<'_>, voters: &Voters, review: &mut Review) -> Approvals {
        let owns = |user: &UserIx| authority.owns(*user, authority.org());
        if voters.all.iter().any(|user| *user != voters.author && owns(user)) {
            return Approvals::default();
        }
        let (rule, but) =
            if owns(&voters.author) { (&rules::OWN_ACCOUNT, Some(voters.author)) } else { (&rules::DECLARATION, None) };
        let wanted = Wanted { any: vec![Need::Owns { resource: authority.org() }], but };
        let holders = approvals::holders(authority, &wanted, |_, _| false);
        let example = format!("the organisation `{}` is removed, with every account in it", self.was.org.id);
        let missing = format!("ownership of the organisation `{}`", self.was.org.id);
        review.violations.push(Violation {
            holders: holders.iter().map(|user| format!("user:{}", self.was.org.users[*user].id)).collect(),
            ..Violation::new(rule, &self.was.org.id, self.first_places(), missing, example)
        });
        Approvals { nobody: true, ..Approvals::default() }
    }
}
