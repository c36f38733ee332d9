//! The whole table, in every layout, an organisation's, and all slices together answer every question alike; and so does
//! the table that `can` asks.

use camgrant::emit::table;
use camgrant::table::Table;
use camgrant::table::format::Document;
use camgrant_naive::random;

use crate::harness::{Case, Judged, Outcome, Rule, Side, can_fail, hold, load, read};
use crate::questions::Questions;
use crate::support::{LAYOUTS, slice_of, table_of, written};

fn judge(case: &mut Case, forms: impl Fn(&Side, &mut Case) -> Vec<(String, Vec<Table>)>) -> Judged {
    let draft = random::draft(case.seed);
    let Some(side) = Side::of(&draft) else { return Ok(Outcome::Passed) };
    let questions = Questions::of(&[&read(&side.files)]);
    let forms = forms(&side, case);
    // (where it is to be shown that a difference is noticed, it is the expanded table that is tampered with)
    let tampered = case.tampered(&side.json, &questions);
    let expanded = load(tampered.as_deref().unwrap_or(&side.json));
    for question in case.questions(&questions) {
        let expected = question.ask(&expanded);
        case.count(expected);
        for (form, tables) in &forms {
            let is_held = tables.iter().any(|table| question.ask(table));
            if is_held != expected {
                return Err(format!("{question}: {expected} by the expanded table, {is_held} by {form}"));
            }
        }
    }
    Ok(Outcome::Held)
}

/// The whole in the other layouts; as `can` asks it, organisation by organisation; and the table loaded from one that was
/// read and written anew.
fn wholes(side: &Side, _: &mut Case) -> Vec<(String, Vec<Table>)> {
    let mut forms = Vec::new();
    for layout in LAYOUTS {
        let json = table_of(&side.policy, layout);
        let document: Document<'_> = serde_json::from_str(&json).unwrap();
        let anew = serde_json::to_string(&document).unwrap();
        forms.push((format!("the {layout} table"), vec![load(&json)]));
        forms.push((format!("the {layout} table, written anew"), vec![load(&anew)]));
        let of_orgs = side.policy.orgs.iter().map(|rights| {
            let selection = table::select(&side.policy, Some(&rights.org.id), None).unwrap();
            load(&written(&selection, layout))
        });
        forms.push((format!("the {layout} tables of each organisation"), of_orgs.collect()));
    }
    forms
}

#[test]
fn all_layouts_answer_alike() {
    hold(300_000, |case| judge(case, wholes));
}

#[test]
fn a_layout_that_answers_otherwise_is_noticed() {
    can_fail(300_000, Rule::Same, |case| judge(case, wholes));
}

/// All slices of a split, in each layout. A slice that is asked for alone is the same file.
fn slices(side: &Side, case: &mut Case) -> Vec<(String, Vec<Table>)> {
    let selection = table::select(&side.policy, None, None).unwrap();
    let slices = table::slices(&selection);
    let alone = case.rng.pick(&slices);
    let (org, recorder) = alone.path.trim_end_matches(".json").split_once('/').unwrap();
    LAYOUTS
        .into_iter()
        .map(|layout| {
            if recorder != "_unrecorded" {
                let of_recorder = slice_of(&side.policy, layout, Some((org, recorder)));
                assert_eq!(of_recorder, written(&alone.selection, layout), "seed {}: {}", case.seed, alone.path);
            }
            let tables = slices.iter().map(|slice| load(&written(&slice.selection, layout)));
            (format!("all slices of the {layout} layout"), tables.collect())
        })
        .collect()
}

#[test]
fn the_slices_together_answer_as_the_whole() {
    hold(310_000, |case| judge(case, slices));
}

#[test]
fn a_slice_that_answers_otherwise_is_noticed() {
    can_fail(310_000, Rule::Same, |case| judge(case, slices));
}
