//! table: what each subject holds on each resource, reduced as the table writes it.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use crate::condition::{Condition, Schedules, widest};
use crate::model::{Link, Org};
use crate::resources::kind_of;
use crate::rights::Rights;
use crate::subjects::{is_disabled, own_condition, owns};
use crate::vocabulary::Vocabulary;

/// Conditions, in the table's order.
pub(crate) type Conditions = BTreeSet<Condition>;

/// The rights on one resource.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Right {
    pub(crate) allow: BTreeSet<String>,
    pub(crate) allow_when: BTreeMap<String, Conditions>,
    pub(crate) deny_when: BTreeMap<String, Conditions>,
}

impl Right {
    pub(crate) fn is_empty(&self) -> bool {
        self.allow.is_empty() && self.allow_when.is_empty()
    }

    /// Whether the capability is held at all.
    pub(crate) fn holds(&self, capability: &str) -> bool {
        self.allow.contains(capability) || self.allow_when.contains_key(capability)
    }
}

/// What a subject holds: rights by resource, none of them empty.
pub(crate) type Access = BTreeMap<String, Right>;

/// One capability on one resource, reduced.
#[derive(Debug, Clone)]
enum Held {
    Not,
    Always { deny: Conditions },
    When { when: Conditions, deny: Conditions },
}

/// One organisation, in which access is worked out.
pub(crate) struct Accesses<'a> {
    pub(crate) org: &'a Org,
    pub(crate) rights: &'a Rights,
    pub(crate) vocabulary: &'a Vocabulary,
    /// The reductions already made; many resources have the same conditions.
    made: RefCell<BTreeMap<Sides<'a>, Held>>,
}

/// The conditions under which something is given, and under which it is taken.
type Sides<'a> = (BTreeSet<&'a Condition>, BTreeSet<&'a Condition>);
/// The same by resource and capability.
type Gathered<'a> = BTreeMap<&'a str, BTreeMap<&'a str, Sides<'a>>>;

impl<'a> Accesses<'a> {
    pub(crate) fn new(org: &'a Org, rights: &'a Rights, vocabulary: &'a Vocabulary) -> Self {
        Self { org, rights, vocabulary, made: RefCell::default() }
    }

    /// table: one capability, from the conditions under which it is given and taken.
    fn held(&self, sides: Sides<'a>) -> Held {
        if let Some(held) = self.made.borrow().get(&sides) {
            return held.clone();
        }
        let owned = |side: &BTreeSet<&Condition>| -> Conditions { side.iter().map(|one| (*one).clone()).collect() };
        let held = reduced(&owned(&sides.0), &owned(&sides.1), &self.org.schedules);
        self.made.borrow_mut().insert(sides, held.clone());
        held
    }

    /// table: what a user holds. A disabled one holds nothing (semantics §2).
    pub(crate) fn user(&self, user: &str) -> Access {
        let mut access = Access::new();
        if is_disabled(self.org, user) {
            return access;
        }
        for (resource, cells) in self.gathered(user) {
            if self.rights.barred.contains(resource) {
                continue;
            }
            let right = access.entry(resource.to_owned()).or_default();
            for (capability, sides) in cells {
                put(right, capability, self.held(sides));
            }
        }
        for resource in self.rights.resources.iter().filter(|resource| owns(self.org, user, resource)) {
            let applying = self.vocabulary.capabilities.keys();
            let allow = applying.filter(|capability| self.vocabulary.applies(capability, kind_of(resource)));
            access.insert(resource.clone(), Right { allow: allow.cloned().collect(), ..Right::default() });
        }
        access.retain(|_, right| !right.is_empty());
        access
    }

    /// Under which conditions the active grants give each capability on each resource, and the active denials take it.
    fn gathered(&self, user: &str) -> Gathered<'a> {
        let mut all = Gathered::new();
        for effect in self.rights.effects.iter().filter(|effect| effect.active) {
            let Some(conditions) = effect.conditions.get(user) else {
                continue;
            };
            for (resource, given) in &effect.given {
                let cells = all.entry(resource).or_default();
                for capability in given {
                    let cell = cells.entry(capability).or_default();
                    let side = if effect.denial { &mut cell.1 } else { &mut cell.0 };
                    side.extend(conditions);
                }
            }
        }
        all
    }

    /// table: what a link holds. Its own condition is joined with its maker's own dates and with the dates of each
    /// alternative of its maker for `link.share` and for the capability; its maker's dated denials are its `deny_when`.
    pub(crate) fn link(&self, link: &Link) -> Access {
        let mut access = Access::new();
        if !link.enabled || is_disabled(self.org, &link.maker) {
            return access;
        }
        let own = link.condition.and(&own_condition(self.org, &link.maker).dates());
        for device in &link.devices {
            let resource = format!("device:{device}");
            if self.rights.barred.contains(&resource) {
                continue;
            }
            let owner = owns(self.org, &link.maker, &resource);
            let side = |denial: bool, capability: &str| -> Conditions {
                match (owner, denial) {
                    (true, false) => Conditions::from([Condition::default()]),
                    (true, true) => Conditions::new(),
                    (false, _) => self.rights.conditions(denial, &link.maker, capability, &resource),
                }
            };
            let dates =
                |capability: &str| -> Conditions { side(false, capability).iter().map(Condition::dates).collect() };
            let denials = |capability: &str| -> Conditions {
                side(true, capability).into_iter().filter(Condition::states_only_dates).collect()
            };
            let right = access.entry(resource.clone()).or_default();
            for capability in self.vocabulary.expand_all(&link.allow) {
                if !self.vocabulary.applies(&capability, "device") {
                    continue;
                }
                let mut given = Conditions::new();
                for share in dates("link.share") {
                    for view in dates(&capability) {
                        given.insert(own.and(&share).and(&view));
                    }
                }
                let taken = denials("link.share").union(&denials(&capability)).cloned().collect();
                put(right, &capability, reduced(&given, &taken, &self.org.schedules));
            }
        }
        access.retain(|_, right| !right.is_empty());
        access
    }
}

/// Puts one capability into the rights on a resource.
fn put(right: &mut Right, capability: &str, held: Held) {
    let deny = match held {
        Held::Not => return,
        Held::Always { deny } => {
            right.allow.insert(capability.to_owned());
            deny
        }
        Held::When { when, deny } => {
            right.allow_when.insert(capability.to_owned(), when);
            deny
        }
    };
    if !deny.is_empty() {
        right.deny_when.insert(capability.to_owned(), deny);
    }
}

/// table: one under an unconditional denial is nowhere; what can never hold is left out; of two conditions only the
/// wider is kept; an alternative contained in a denial's condition is left out; one that is held always is in no
/// `allow_when`; `deny_when` names only what some allow names.
fn reduced(given: &Conditions, taken: &Conditions, schedules: &Schedules) -> Held {
    if taken.iter().any(Condition::states_nothing) {
        return Held::Not;
    }
    let possible = |all: &Conditions| -> Conditions { all.iter().filter(|one| one.can_hold()).cloned().collect() };
    let deny = widest(&possible(taken), schedules);
    let given = possible(given);
    if given.iter().any(Condition::states_nothing) {
        return Held::Always { deny };
    }
    let mut when = widest(&given, schedules);
    when.retain(|one| !deny.iter().any(|denial| one.lies_in(denial, schedules)));
    if when.is_empty() { Held::Not } else { Held::When { when, deny } }
}

/// table: offers and `when` lists alike: what can never hold is left out, and of two conditions only the wider is kept.
pub(crate) fn alternatives(all: &Conditions, schedules: &Schedules) -> Conditions {
    widest(&all.iter().filter(|one| one.can_hold()).cloned().collect(), schedules)
}
