//! Rights and conditions as the format has them, with borrowed strings.

use std::borrow::Cow;
use std::collections::BTreeSet;

use crate::effective::{CondIx, Conditional, Conditions, Right};
use crate::model::ScheduleIx;
use crate::table::format;
use crate::vocabulary::{CapabilitySet, vocabulary};

pub(super) fn names(capabilities: CapabilitySet) -> Vec<Cow<'static, str>> {
    vocabulary().names(capabilities).map(Cow::Borrowed).collect()
}

pub(super) fn conditions(conditions: &Conditions, when: &[CondIx]) -> Vec<format::Condition<'static>> {
    when.iter().map(|condition| conditions.written(*condition).clone()).collect()
}

fn conditionals(all: &Conditions, items: &[Conditional]) -> Vec<format::Conditional<'static>> {
    let item = |item: &Conditional| format::Conditional {
        capabilities: names(item.capabilities),
        when: conditions(all, &item.when),
    };
    items.iter().map(item).collect()
}

pub(super) fn right(all: &Conditions, right: &Right, deny: CapabilitySet) -> format::Right<'static> {
    format::Right {
        allow: names(right.allow),
        deny: names(deny),
        allow_when: conditionals(all, &right.allow_when),
        deny_when: conditionals(all, &right.deny_when),
    }
}

/// The schedules that a right rests on.
pub(super) fn schedules_of(all: &Conditions, right: &Right, used: &mut BTreeSet<ScheduleIx>) {
    for item in right.allow_when.iter().chain(&right.deny_when) {
        schedules_in(all, &item.when, used);
    }
}

pub(super) fn schedules_in(all: &Conditions, when: &[CondIx], used: &mut BTreeSet<ScheduleIx>) {
    used.extend(when.iter().flat_map(|condition| &all.get(*condition).schedules));
}
