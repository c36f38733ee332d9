//! An organisation's rights, each kept once: which capabilities they allow and deny, and under which conditions
//! (`table: Expanded layout`).

use std::borrow::Cow;

use super::condition::{Condition, Request};
use super::error::Fault;
use super::format;
use super::interner::Interner;
use super::schedule::Schedules;

/// The rights by number, and what they are made of.
#[derive(Debug)]
pub(super) struct Rights {
    capabilities: Interner<str>,
    schedules: Schedules,
    conditions: Interner<Condition>,
    rights: Interner<Right>,
}

/// A right, in the numbers of its capabilities and conditions. Capabilities are in order.
#[derive(Debug, PartialEq, Eq, Hash)]
struct Right {
    allow: Box<[u32]>,
    deny: Box<[u32]>,
    allow_when: Box<[Conditional]>,
    deny_when: Box<[Conditional]>,
}

#[derive(Debug, PartialEq, Eq, Hash)]
struct Conditional {
    capabilities: Box<[u32]>,
    when: Box<[u32]>,
}

impl Rights {
    pub(super) fn new(schedules: Schedules) -> Self {
        Self {
            capabilities: Interner::default(),
            schedules,
            conditions: Interner::default(),
            rights: Interner::default(),
        }
    }

    /// The number of an entry's right.
    pub(super) fn load_entry(&mut self, entry: &format::Entry<'_>) -> Result<u32, Fault> {
        self.load_parts(&entry.allow, &[], &entry.allow_when, &entry.deny_when)
    }

    /// The number of a right.
    pub(super) fn load(&mut self, right: &format::Right<'_>) -> Result<u32, Fault> {
        self.load_parts(&right.allow, &right.deny, &right.allow_when, &right.deny_when)
    }

    fn load_parts(
        &mut self,
        allow: &[Cow<'_, str>],
        deny: &[Cow<'_, str>],
        allow_when: &[format::Conditional<'_>],
        deny_when: &[format::Conditional<'_>],
    ) -> Result<u32, Fault> {
        let right = Right {
            allow: self.load_capabilities(allow)?,
            deny: self.load_capabilities(deny)?,
            allow_when: allow_when.iter().map(|item| self.load_conditional(item)).collect::<Result<_, _>>()?,
            deny_when: deny_when.iter().map(|item| self.load_conditional(item)).collect::<Result<_, _>>()?,
        };
        self.rights.intern(right)
    }

    fn load_capabilities(&mut self, names: &[Cow<'_, str>]) -> Result<Box<[u32]>, Fault> {
        let mut numbers =
            names.iter().map(|name| self.capabilities.intern(name.as_ref())).collect::<Result<Box<[_]>, _>>()?;
        numbers.sort_unstable();
        Ok(numbers)
    }

    fn load_conditional(&mut self, item: &format::Conditional<'_>) -> Result<Conditional, Fault> {
        if item.when.is_empty() {
            return Err(Fault::NoCondition);
        }
        let capabilities = self.load_capabilities(&item.capabilities)?;
        Ok(Conditional { capabilities, when: self.load_conditions(&item.when)? })
    }

    /// The numbers of those conditions that can hold at all.
    pub(super) fn load_conditions(&mut self, conditions: &[format::Condition<'_>]) -> Result<Box<[u32]>, Fault> {
        let mut numbers = Vec::with_capacity(conditions.len());
        for condition in conditions {
            if let Some(condition) = Condition::load(condition, &self.schedules)? {
                numbers.push(self.conditions.intern(condition)?);
            }
        }
        Ok(numbers.into_boxed_slice())
    }

    /// Whether the capability is allowed by one of the rights of these numbers and denied by none.
    pub(super) fn decide(&self, rights: impl IntoIterator<Item = u32>, capability: &str, request: &Request) -> bool {
        let Some(capability) = self.capabilities.find(capability) else {
            return false;
        };
        let mut allowed = false;
        for right in rights {
            let right = &self.rights[right];
            if has(&right.deny, capability) || self.any_holds(&right.deny_when, capability, request, true) {
                return false;
            }
            allowed = allowed
                || has(&right.allow, capability)
                || self.any_holds(&right.allow_when, capability, request, false);
        }
        allowed
    }

    fn any_holds(&self, items: &[Conditional], capability: u32, request: &Request, unknown: bool) -> bool {
        items.iter().filter(|item| has(&item.capabilities, capability)).any(|item| {
            item.when.iter().any(|&condition| self.conditions[condition].holds(request, &self.schedules, unknown))
        })
    }

    /// Whether the right of that number allows anything at all, some time, from somewhere.
    pub(super) fn gives(&self, right: u32) -> bool {
        let right = &self.rights[right];
        !right.allow.is_empty()
            || right.allow_when.iter().any(|item| !item.capabilities.is_empty() && !item.when.is_empty())
    }

    /// Whether what binds all access of a subject holds.
    pub(super) fn own_holds(&self, own: &Condition, request: &Request) -> bool {
        own.holds(request, &self.schedules, false)
    }
}

fn has(capabilities: &[u32], capability: u32) -> bool {
    capabilities.binary_search(&capability).is_ok()
}
