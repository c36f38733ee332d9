//! Review by effect: the five rules, on every right that is held otherwise in the new policy than in the old one.
//!
//! In: the difference of two versions in blocks, and who vouches for the change. Out: what is missing. A block is judged
//! by classes: all its resources on which the same people hold the same are one question, all its subjects to whom the
//! same comes are another; no right is left out, and none is looked at by itself.

use std::collections::{BTreeMap, BTreeSet};

use super::authority::{Authority, Need, class_owns};
use super::cause::Causes;
use super::passed::Unchanged;
use super::standing::{Resources, Standing, Subjects};
use super::{Lack, Wanted, rules};
use crate::diagnostics::Rule;
use crate::diff::{Block, Cond, HeldIx, OrgDifference, Turn, Turned, Version};
use crate::effective::{Evaluator, OrgRights, ResourceClassIx, SubjectClassIx};
use crate::graph::ResourceIx;
use crate::model::UserIx;
use crate::query::{Account, held};
use crate::vocabulary::{CapabilityClass, CapabilitySet, vocabulary};

/// Who vouches for a change.
#[derive(Clone, Debug)]
pub(super) struct Voters {
    /// The author.
    pub author: UserIx,
    /// The author and those who approve, by the old policy.
    pub all: BTreeSet<UserIx>,
}

/// Judges the rules by effect.
pub(super) struct Judge<'j, 'd> {
    pub authority: &'j Authority<'d>,
    pub voters: &'j Voters,
    pub subjects: Subjects,
    pub resources: Resources,
    pub unchanged: Unchanged<'d>,
    pub causes: &'j Causes<'d>,
    pub difference: &'j mut OrgDifference,
    /// How rights turned, as `Need::Gives` numbers them.
    pub turns: Vec<Turned>,
    admins: [Admins<'d>; 2],
    gives: BTreeMap<(SubjectClassIx, Account, ResourceClassIx, usize, usize), bool>,
}

/// What subjects hold of class `administer`.
struct Admins<'d> {
    evaluator: Evaluator<'d>,
    known: BTreeMap<(SubjectClassIx, ResourceClassIx), bool>,
}

impl Admins<'_> {
    fn any(&mut self, subject: Option<SubjectClassIx>, resource: Option<ResourceClassIx>) -> bool {
        let (Some(subject), Some(resource)) = (subject, resource) else { return false };
        let Admins { evaluator, known } = self;
        *known.entry((subject, resource)).or_insert_with(|| {
            let right = evaluator.cell(subject, resource);
            !(evaluator.right(right).held() & administer()).is_empty()
        })
    }
}

fn administer() -> CapabilitySet {
    vocabulary().of_class(CapabilityClass::Administer)
}

/// A part of a block of which one thing is to be said.
struct Part {
    subjects: Vec<u32>,
    capabilities: CapabilitySet,
    resources: Vec<u32>,
    turn: Turn,
    under: usize,
    /// Whether rules 2 to 5 pass over it.
    passed: bool,
}

impl<'j, 'd> Judge<'j, 'd> {
    pub(super) fn new(
        authority: &'j Authority<'d>,
        voters: &'j Voters,
        was: &'d OrgRights,
        is: &'d OrgRights,
        causes: &'j Causes<'d>,
        difference: &'j mut OrgDifference,
    ) -> Judge<'j, 'd> {
        let subjects = Subjects::new(was, is, difference);
        let resources = Resources::new(authority, was, is, difference);
        let unchanged = Unchanged::new(was, is, causes);
        let admins = [was, is].map(|rights| Admins { evaluator: Evaluator::new(rights), known: BTreeMap::new() });
        let (turns, gives) = (Vec::new(), BTreeMap::new());
        Judge { authority, voters, subjects, resources, unchanged, causes, difference, turns, admins, gives }
    }

    /// Everything that is missing.
    pub(super) fn judge(&mut self) -> Vec<Lack> {
        let blocks = self.difference.blocks.clone();
        let mut lacks = Vec::new();
        for block in &blocks {
            if self.says_the_same(&block.turned) {
                continue;
            }
            let under = self.turns.len();
            self.turns.push(block.turned);
            for part in self.parts(block, under) {
                if part.passed {
                    self.part(&part, &self.voters.all.clone(), None, &mut lacks);
                    continue;
                }
                // nobody vouches for the own account
                let is_voter = |number: &u32| {
                    let user = self.subjects.of(*number).user;
                    user.filter(|user| self.voters.all.contains(user))
                };
                let (own, others): (Vec<u32>, Vec<u32>) =
                    part.subjects.iter().partition(|number| is_voter(number).is_some());
                let own: Vec<(u32, UserIx)> = own.iter().filter_map(|one| Some((*one, is_voter(one)?))).collect();
                for (number, user) in own {
                    let mut left = self.voters.all.clone();
                    left.remove(&user);
                    let part = Part { subjects: vec![number], resources: part.resources.clone(), ..part };
                    self.part(&part, &left, Some(user), &mut lacks);
                }
                if !others.is_empty() {
                    let part = Part { subjects: others, ..part };
                    self.part(&part, &self.voters.all.clone(), None, &mut lacks);
                }
            }
        }
        lacks
    }

    /// Whether two ways of holding are one, once the account's networks and dates are joined to the conditions.
    fn says_the_same(&mut self, turned: &Turned) -> bool {
        let Turned { old, new, old_account, new_account } = *turned;
        if old == HeldIx::NOT || new == HeldIx::NOT {
            return false;
        }
        let (old, new) = (self.difference.held(old).clone(), self.difference.held(new).clone());
        old.denied == new.denied && self.joined(&old.when, old_account) == self.joined(&new.when, new_account)
    }

    fn joined(&mut self, when: &[Cond], account: Cond) -> BTreeSet<Cond> {
        let conditions = self.difference.conditions_mut();
        let joined: Vec<Cond> = when.iter().map(|one| conditions.joined(*one, account)).collect();
        conditions.reduce(&joined, Version::New).into_iter().collect()
    }

    /// A block in parts: what is on a resource that was added, removed or moved is judged more closely.
    fn parts(&mut self, block: &Block, under: usize) -> Vec<Part> {
        let (special, ordinary): (Vec<u32>, Vec<u32>) =
            block.resources.iter().partition(|number| self.resources.of(**number).special);
        let (turn, capabilities) = (block.turn, block.capabilities);
        let part = |subjects: Vec<u32>, capabilities: CapabilitySet, resources: Vec<u32>, passed: bool| Part {
            subjects,
            capabilities,
            resources,
            turn,
            under,
            passed,
        };
        let mut parts = Vec::new();
        if !ordinary.is_empty() {
            parts.push(part(block.subjects.clone(), capabilities, ordinary, false));
        }
        if special.is_empty() {
            return parts;
        }
        let subjects = alike(&block.subjects, |number| self.subjects.of(*number).class());
        let resources = alike(&special, |number| self.resources.of(*number).classes());
        for subjects in subjects.values() {
            for resources in resources.values() {
                let (Some(subject), Some(resource)) = (subjects.first(), resources.first()) else { continue };
                let (subject, resource) = (self.subjects.of(*subject), self.resources.of(*resource));
                let passed = capabilities.iter().filter(|capability| {
                    let conditions = self.difference.conditions_mut();
                    self.unchanged.is(subject, resource, *capability, conditions)
                });
                let passed: CapabilitySet = passed.map(CapabilitySet::one).collect();
                for (capabilities, passed) in [(passed, true), (capabilities.without(passed), false)] {
                    if !capabilities.is_empty() {
                        parts.push(part(subjects.clone(), capabilities, resources.clone(), passed));
                    }
                }
            }
        }
        parts
    }

    /// The five rules on a part. `own` is whose account it is, where that is one of those who vouch.
    fn part(&mut self, part: &Part, voters: &BTreeSet<UserIx>, own: Option<UserIx>, lacks: &mut Vec<Lack>) {
        let resources = alike(&part.resources, |number| self.resources.of(*number).classes());
        for resources in resources.values() {
            let Some(first) = resources.first() else { continue };
            let standing = self.resources.of(*first).clone();
            let mut missing: Vec<(&'static Rule, usize, Vec<Need>)> = Vec::new();
            self.missing(part, &standing, voters, &mut missing);
            for (rule, capability, any) in missing {
                let is_author = own == Some(self.voters.author);
                let rule = if is_author { &rules::OWN_ACCOUNT } else { rule };
                let (Some(subject), wanted) = (part.subjects.first(), Wanted { any, but: own }) else { continue };
                let change = self.causes.of(self.subjects.of(*subject), &standing, capability);
                let (subject, resource) = (self.difference.subject(*subject), self.difference.resource(*first));
                let verb = match part.turn {
                    Turn::Gained => "gains",
                    Turn::Lost => "loses",
                    Turn::Changed(_) => "holds under other conditions",
                };
                let count = part.subjects.len() as u64 * resources.len() as u64;
                let example = format!("`{subject}` {verb} `{}` on `{resource}`", vocabulary().name(capability));
                lacks.push(Lack { rule, wanted, change, example, why: "", others: count.saturating_sub(1) });
            }
        }
    }

    /// What is missing for the rights of a part on resources of one standing: the rule, a capability for which it is
    /// missing, and what would do.
    fn missing(
        &mut self,
        part: &Part,
        standing: &Standing,
        voters: &BTreeSet<UserIx>,
        missing: &mut Vec<(&'static Rule, usize, Vec<Need>)>,
    ) {
        let names = Names::known();
        let place = standing.place;
        let holds = |capability| Need::Holds { capability, resource: place };
        let any_holds = |capability| voters.iter().any(|user| self.authority.holds(*user, capability, place));
        let Some(first) = part.capabilities.iter().next() else { return };
        if !any_holds(names.manage) {
            missing.push((&rules::MANAGE, first, vec![holds(names.manage)]));
        }
        if part.passed {
            return;
        }
        if !any_holds(names.manage_admins) {
            let of_class = (part.capabilities & administer()).iter().next();
            let capability = of_class.or_else(|| self.someone_administers(part, standing).then_some(first));
            if let Some(capability) = capability {
                missing.push((&rules::MANAGE_ADMINS, capability, vec![holds(names.manage_admins)]));
            }
        }
        if part.turn != Turn::Lost && !any_holds(names.grant_any) {
            for capability in part.capabilities.iter() {
                let gives = voters.iter().any(|user| self.gives(*user, capability, standing, part.under));
                if !gives {
                    let own = standing.was.map(|resource| Need::Gives { capability, resource, under: part.under });
                    missing.push((&rules::GIVE, capability, own.into_iter().chain([holds(names.grant_any)]).collect()));
                }
            }
        }
        let owned = standing.was.unwrap_or(self.authority.org());
        if self.someone_owns(part, standing) && !voters.iter().any(|user| self.authority.owns(*user, owned)) {
            missing.push((&rules::OWNERSHIP, first, vec![Need::Owns { resource: owned }]));
        }
    }

    /// What is known of a resource of the old policy that is in the difference.
    pub(super) fn resources_standing(&self, resource: ResourceIx) -> Option<Standing> {
        self.resources.by_old(resource).cloned()
    }

    fn someone_administers(&mut self, part: &Part, standing: &Standing) -> bool {
        let subjects = alike(&part.subjects, |number| self.subjects.of(*number).class());
        subjects.keys().any(|class| {
            let [was, is] = &mut self.admins;
            was.any(class.was, standing.old_class) || is.any(class.is, standing.new_class)
        })
    }

    fn someone_owns(&self, part: &Part, standing: &Standing) -> bool {
        let subjects = alike(&part.subjects, |number| self.subjects.of(*number).class());
        let owns = |rights: &OrgRights, subject: Option<SubjectClassIx>, resource: Option<ResourceClassIx>| {
            subject.zip(resource).is_some_and(|(subject, resource)| class_owns(rights, subject, resource))
        };
        let (was, is) = self.unchanged.sides();
        subjects.keys().any(|class| owns(was, class.was, standing.old_class) || owns(is, class.is, standing.new_class))
    }

    /// Whether a user holds a capability on a resource under conditions that contain those under which it is gained
    /// (`semantics §5`). The user's own dates and networks bind what is held.
    pub(super) fn gives(&mut self, user: UserIx, capability: usize, standing: &Standing, under: usize) -> bool {
        let rights = self.authority.rights;
        let (Some(resource), Some(class)) = (standing.was, rights.statements.class_of[user]) else { return false };
        if !self.authority.is_enabled(user) {
            return false;
        }
        let resource = rights.resources.class_of[resource];
        let account = Account::of(rights, user);
        let key = (class, account.clone(), resource, capability, under);
        if let Some(known) = self.gives.get(&key) {
            return *known;
        }
        let held = held(rights, class, resource, capability);
        let conditions = self.difference.conditions_mut();
        let mut read = |one: &crate::effective::Condition| conditions.of_policy(Version::Old, one, &rights.org);
        let own = read(&account.condition());
        let mut all = |when: &[crate::effective::CondIx]| -> Vec<Cond> {
            when.iter().map(|one| read(rights.conditions.get(*one))).collect()
        };
        let (when, denied) = (all(&held.when), all(&held.denied));
        let gives = self.turns.get(under).copied().is_some_and(|turned| self.contains(&when, &denied, own, turned));
        self.gives.insert(key, gives);
        gives
    }

    /// Whether what is gained lies in what somebody holds.
    fn contains(&mut self, when: &[Cond], denied: &[Cond], own: Cond, turned: Turned) -> bool {
        let Turned { old, new, old_account, new_account } = turned;
        let (old, new) = (self.difference.held(old).clone(), self.difference.held(new).clone());
        let conditions = self.difference.conditions_mut();
        let joined: Vec<Cond> = new.when.iter().map(|one| conditions.joined(*one, new_account)).collect();
        let before: Vec<Cond> = old.when.iter().map(|one| conditions.joined(*one, old_account)).collect();
        let wide: Vec<Cond> = when.iter().map(|one| conditions.joined(*one, own)).collect();
        let inside = |one: &Cond, all: &[Cond]| all.iter().any(|wide| conditions.lies_in(*one, *wide));
        // where a denial fell, everything may be more than before
        let loosened = !old.denied.iter().all(|one| inside(one, &new.denied));
        let gained: Vec<&Cond> = joined.iter().filter(|one| loosened || !inside(one, &before)).collect();
        gained.is_empty()
            || (gained.iter().all(|one| inside(one, &wide)) && denied.iter().all(|one| inside(one, &new.denied)))
    }
}

/// The capabilities of which the rules speak, by number.
#[derive(Clone, Copy)]
pub(super) struct Names {
    pub manage: usize,
    pub manage_admins: usize,
    pub grant_any: usize,
}

impl Names {
    pub(super) fn known() -> Names {
        let number = |name| vocabulary().number(name).unwrap_or_default();
        Names {
            manage: number("access.manage"),
            manage_admins: number("access.manage_admins"),
            grant_any: number("access.grant_any"),
        }
    }
}

/// Numbers by what is the same of them.
pub(super) fn alike<K: Ord>(numbers: &[u32], key: impl Fn(&u32) -> K) -> BTreeMap<K, Vec<u32>> {
    let mut alike: BTreeMap<K, Vec<u32>> = BTreeMap::new();
    numbers.iter().for_each(|number| alike.entry(key(number)).or_default().push(*number));
    alike
}
