//! Conditions as Cedar expressions over the request's context.
//!
//! What is not known is not in the context. A grant's part then does not hold, and a denial's does; but a condition that
//! no instant or no address can meet never holds, known or not (`semantics §4`).

use std::collections::BTreeSet;

use super::names::Names;
use super::text::{any, list, quoted};
use crate::model::{AddressSet, ScheduleIx, Stated, format_instant};

/// What an unknown instant or address does to a condition on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Unknown {
    /// Of a grant.
    Fails,
    /// Of a denial.
    Holds,
}

/// Several conditions at once, as they are stated: by the grant itself, and by each team of a way.
#[derive(Clone, Debug, Default)]
pub(super) struct Parts<'m> {
    from: Option<i64>,
    until: Option<i64>,
    schedules: BTreeSet<ScheduleIx>,
    networks: BTreeSet<&'m AddressSet>,
    outside: BTreeSet<&'m AddressSet>,
}

/// An expression, and what it means where the expression does not show it.
#[derive(Clone, Debug)]
pub(super) struct Part {
    pub text: String,
    pub note: Option<String>,
}

impl<'m> Parts<'m> {
    pub(super) fn of(stated: impl IntoIterator<Item = &'m Stated>) -> Parts<'m> {
        let mut parts = Parts::default();
        for stated in stated {
            parts.from = parts.from.max(stated.from);
            parts.until = [parts.until, stated.until].into_iter().flatten().min();
            parts.schedules.extend(stated.schedule);
            parts.networks.extend(&stated.networks);
            parts.outside.extend(&stated.outside);
        }
        parts
    }

    /// Those of a user's own account.
    pub(super) fn of_dates(from: Option<i64>, until: Option<i64>) -> Parts<'static> {
        Parts { from, until, ..Parts::default() }
    }

    pub(super) fn of_networks(networks: &'m AddressSet) -> Parts<'m> {
        Parts { networks: BTreeSet::from([networks]), ..Parts::default() }
    }

    /// The dates alone.
    pub(super) fn dates(&self) -> Parts<'static> {
        Parts::of_dates(self.from, self.until)
    }

    /// Whether nothing but dates is stated, or nothing at all.
    pub(super) fn is_dates_only(&self) -> bool {
        self.schedules.is_empty() && self.networks.is_empty() && self.outside.is_empty()
    }

    /// Whether no instant or no address can meet it. Schedules are not solved.
    pub(super) fn is_never(&self) -> bool {
        if matches!((self.from, self.until), (Some(from), Some(until)) if until <= from) {
            return true;
        }
        if self.networks.is_empty() && self.outside.is_empty() {
            return false;
        }
        let inside = self.networks.iter().fold(AddressSet::everything(), |left, set| left.intersection(set));
        let left = self.outside.iter().fold(inside, |left, set| left.difference(set));
        left.addresses().is_empty()
    }

    /// Its parts, all of which must hold.
    pub(super) fn written(&self, names: &Names<'_>, unknown: Unknown) -> Vec<Part> {
        let mut all = Vec::new();
        let mut add = |what: &str, test: String, note: Option<String>| {
            let text = match unknown {
                Unknown::Fails if test.contains("||") => format!("context has {what} && ({test})"),
                Unknown::Fails => format!("context has {what} && {test}"),
                Unknown::Holds => format!("if context has {what} then {test} else true"),
            };
            all.push(Part { text, note });
        };
        if let Some(from) = self.from {
            let note = format!("from {}", format_instant(from));
            add("instant", format!("context.instant >= {from}"), Some(note));
        }
        if let Some(until) = self.until {
            let note = format!("until {}", format_instant(until));
            add("instant", format!("context.instant < {until}"), Some(note));
        }
        let mut schedules: Vec<String> = self.schedules.iter().map(|s| quoted(&names.schedule(*s))).collect();
        schedules.sort_unstable();
        match &schedules[..] {
            [] => {}
            [one] => add("schedules", format!("context.schedules.contains({one})"), None),
            _ => add("schedules", format!("context.schedules.containsAll({})", list(schedules)), None),
        }
        for set in &self.networks {
            add("address", within(set), None);
        }
        for set in &self.outside {
            add("address", format!("!({})", within(set)), None);
        }
        all
    }
}

/// Whether the address is one of these.
fn within(set: &AddressSet) -> String {
    any(set.blocks().iter().map(|block| format!("context.address.isInRange(ip({}))", quoted(block))))
}
