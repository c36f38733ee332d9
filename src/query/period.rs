//! What can hold within a period. In: blocks and a period. Out: the blocks of which something can hold in it, with the
//! alternatives that can.
//!
//! Dates and schedules are judged exactly, so that a grant that ended before or a shift that never came is no answer. A
//! denial that covers an alternative for the whole period by its dates takes it away; one with a schedule or addresses
//! stays beside it as a condition.

use super::blocks::Block;
use super::clock::next_holding;
use crate::effective::{CondIx, Condition, OrgRights};

/// The blocks of which something can hold from `from` until just before `until`, or ever after.
#[must_use]
pub fn within(rights: &OrgRights, blocks: Vec<Block>, from: i64, until: Option<i64>) -> Vec<Block> {
    let period = Condition { from: Some(from), until, ..Condition::default() };
    let kept = blocks.into_iter().filter_map(|mut block| {
        let account = block.account.condition().and(&period);
        let can = |alternative: &CondIx| {
            let meant = rights.conditions.get(*alternative).and(&account);
            let denied = block.held.denied.iter().any(|denied| covers(rights.conditions.get(*denied), &meant));
            !denied && !meant.is_never() && can_hold(&meant, rights)
        };
        let when: Vec<CondIx> = block.held.when.iter().copied().filter(can).collect();
        block.held.when = when;
        (!block.held.is_nothing()).then_some(block)
    });
    kept.collect()
}

/// The dates of each alternative of a block within a period.
#[must_use]
pub(super) fn dates_of(rights: &OrgRights, block: &Block, from: i64, until: Option<i64>) -> Vec<(i64, Option<i64>)> {
    let bounds = block.account.condition().and(&Condition { from: Some(from), until, ..Condition::default() });
    let alternatives = block.held.when.iter().map(|alternative| rights.conditions.get(*alternative).and(&bounds));
    alternatives.map(|meant| (meant.from.unwrap_or(from), meant.until)).collect()
}

/// Whether a condition with a start holds at some instant. One that goes on for ever and has schedules is looked for as
/// far as the next opening is.
fn can_hold(condition: &Condition, rights: &OrgRights) -> bool {
    condition.from.is_none_or(|from| next_holding(condition, &rights.org, from).is_some())
}

/// Whether a denial holds whenever a condition does, by its dates alone.
fn covers(denial: &Condition, condition: &Condition) -> bool {
    denial.is_dates_only()
        && denial.from.is_none_or(|from| condition.from.is_some_and(|begins| from <= begins))
        && denial.until.is_none_or(|until| condition.until.is_some_and(|ends| ends <= until))
}
