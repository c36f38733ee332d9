//! Turns: classes of subjects in an order in which neighbours are alike. Where the same statements come to both in the
//! same ways, what was seen at the one need not be looked at again at the other.

use std::cmp::Reverse;

use super::OrgRights;
use super::statements::{StatementIx, SubjectClassIx};
use super::ways::SetIx;
use crate::model::UserIx;

/// One class of subjects, owners of the organisation aside.
#[derive(Clone, Debug)]
pub(super) struct Turn {
    pub subjects: SubjectClassIx,
    /// The one user who owns resources, where this class is that user's own.
    pub owner: Option<UserIx>,
    /// By which statements it differs from the one before it that owns nothing; none known of the first.
    pub differs: Option<Vec<StatementIx>>,
}

/// A statement that comes in these ways, and to how many classes it does.
type Popular = (Reverse<u32>, StatementIx, SetIx);

/// All classes. What comes to many goes first in comparing them: so a team's stand together.
pub(super) fn turns(rights: &OrgRights) -> Vec<Turn> {
    let statements = &rights.statements;
    let mut times = vec![0_u32; statements.all.indices().count()];
    for (_, class) in statements.classes.iter() {
        for (statement, _) in &class.statements {
            if let Some(times) = times.get_mut(statement.0 as usize) {
                *times += 1;
            }
        }
    }
    let often = |statement: StatementIx| times.get(statement.0 as usize).copied().unwrap_or_default();
    let mut order: Vec<(Vec<Popular>, SubjectClassIx)> = Vec::new();
    for (subjects, class) in statements.classes.iter().filter(|(_, class)| !class.owns_org) {
        let mut key: Vec<Popular> =
            class.statements.iter().map(|(one, set)| (Reverse(often(*one)), *one, *set)).collect();
        key.sort_unstable();
        order.push((key, subjects));
    }
    order.sort_unstable();
    let mut before: Option<SubjectClassIx> = None;
    let mut turns = Vec::with_capacity(order.len());
    for (_, subjects) in order {
        let of_class = &statements.classes[subjects].statements;
        let differs = before.map(|before| difference(&statements.classes[before].statements, of_class));
        let owner = statements.classes[subjects].owner;
        turns.push(Turn { subjects, owner, differs });
        if owner.is_none() {
            before = Some(subjects);
        }
    }
    turns
}

/// What stands in one of two ascending lists alone.
fn difference(a: &[(StatementIx, SetIx)], b: &[(StatementIx, SetIx)]) -> Vec<StatementIx> {
    let (mut a, mut b) = (a, b);
    let mut differs = Vec::new();
    loop {
        match (a.split_first(), b.split_first()) {
            (Some((x, rest_a)), Some((y, rest_b))) if x == y => (a, b) = (rest_a, rest_b),
            (Some((x, rest)), Some((y, _))) if x < y => {
                differs.push(x.0);
                a = rest;
            }
            (_, Some((y, rest))) => {
                differs.push(y.0);
                b = rest;
            }
            (Some((x, rest)), None) => {
                differs.push(x.0);
                a = rest;
            }
            (None, None) => break,
        }
    }
    differs.dedup();
    differs
}
