//! Names are names: under other ids, in another order, over other files and in other spellings, everybody may the same.

use camgrant_naive::random;

use crate::harness::{Case, Judged, Outcome, Rule, Side, can_fail, hold};

/// Every id is another one, so that everything stands elsewhere in every order; and the declarations are shuffled, spread
/// and respelt as well.
fn renamed(case: &mut Case) -> Judged {
    let draft = random::draft(case.seed);
    let (other, names) = draft.renamed(case.seed);
    let (before, after) = (Side::of(&draft), Side::of_files(other.files_shuffled(case.seed)));
    match (before, after) {
        (Some(before), Some(after)) => case.judge(Rule::Same, &before, &after, Some(&names)),
        (None, None) => Ok(Outcome::Passed),
        (before, _) => Err(format!("only under {} names it compiles", if before.is_some() { "old" } else { "new" })),
    }
}

#[test]
fn other_names_give_the_same_rights() {
    hold(200_000, renamed);
}

#[test]
fn a_right_that_comes_or_goes_with_a_name_is_noticed() {
    can_fail(200_000, Rule::Same, renamed);
}
