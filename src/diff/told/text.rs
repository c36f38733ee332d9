//! A difference as text for people. In: what was told. Out: lines, gains before losses.

use std::fmt::Write as _;

use super::{BlockTold, CauseTold, Counts, DiffTold, OrgTold, TurnTold};
use crate::diff::Version;
use crate::query::told::HeldTold;

/// How many blocks of one kind are written out.
const SHOWN: usize = 40;

/// How many causes of one block are written out.
const CAUSES: usize = 5;

/// The difference for people, lines that end in a newline. With `all`, every block is written out.
#[must_use]
pub fn diff_text(told: &DiffTold, all: bool) -> String {
    if told.orgs.is_empty() {
        return "no effective change: every right is held as before\n".to_owned();
    }
    let mut text = String::new();
    for (number, org) in told.orgs.iter().enumerate() {
        if number > 0 {
            text.push('\n');
        }
        org_text(&mut text, org, all);
    }
    text
}

fn org_text(text: &mut String, org: &OrgTold, all: bool) {
    let only = match org.only {
        Some(Version::Old) => ", which is not in the new version",
        Some(Version::New) => ", which is new",
        None => "",
    };
    let _ = writeln!(text, "organisation `{}`{only}: {}", org.org, counts_text(&org.counts));
    for (turns, title) in [
        (&[TurnTold::Gained][..], "gained"),
        (&[TurnTold::Wider, TurnTold::Otherwise, TurnTold::Narrower], "under other conditions"),
        (&[TurnTold::Lost], "lost"),
    ] {
        let of_kind: Vec<&BlockTold> = org.blocks.iter().filter(|block| turns.contains(&block.turn)).collect();
        if of_kind.is_empty() {
            continue;
        }
        let _ = writeln!(text, "\n{title}:");
        let shown = if all { of_kind.len() } else { SHOWN };
        of_kind.iter().take(shown).for_each(|block| block_text(text, org, block));
        let left = of_kind.get(shown..).unwrap_or_default();
        if !left.is_empty() {
            let rights: u64 = left.iter().map(|block| block.rights).sum();
            let _ = writeln!(text, "  and {} more blocks of {rights} rights: `--all` shows them", left.len());
        }
    }
    for schedule in &org.schedules {
        let _ = writeln!(text, "\nthe schedule `{schedule}` has other hours than before");
    }
}

/// `3 rights gained, 1 lost`.
pub(super) fn counts_text(counts: &Counts) -> String {
    let Counts { gained, lost, changed, .. } = *counts;
    let parts = [(gained, "gained"), (lost, "lost"), (changed, "under other conditions")];
    let parts: Vec<(u64, &str)> = parts.into_iter().filter(|(count, _)| *count > 0).collect();
    let Some(((first, word), rest)) = parts.split_first() else { return "no right differs".to_owned() };
    let mut text = format!("{first} {} {word}", if *first == 1 { "right" } else { "rights" });
    for (count, word) in rest {
        let _ = write!(text, ", {count} {word}");
    }
    text
}

fn block_text(text: &mut String, org: &OrgTold, block: &BlockTold) {
    let _ = writeln!(text, "  {}", block.subjects.text());
    let _ = writeln!(text, "      {}", block.capabilities.join(", "));
    let _ = writeln!(text, "      on {}", block.resources.text());
    match (&block.was, &block.now) {
        (Some(was), Some(now)) => {
            let word = match block.turn {
                TurnTold::Wider => "wider: ",
                TurnTold::Narrower => "narrower: ",
                _ => "",
            };
            let _ = writeln!(text, "      {word}was {}; now {}", was.text(), now.text());
        }
        (Some(one), None) | (None, Some(one)) if *one != HeldTold::default() => {
            let _ = writeln!(text, "      {}", one.text());
        }
        _ => {}
    }
    for mark in &block.marks {
        let _ = writeln!(text, "      ! {}", mark.text());
    }
    let causes: Vec<&CauseTold> = block.causes.iter().filter_map(|cause| org.causes.get(*cause)).collect();
    for cause in causes.iter().take(CAUSES) {
        let _ = writeln!(text, "      by {}", cause.text());
    }
    if let Some(more) = causes.len().checked_sub(CAUSES).filter(|more| *more > 0) {
        let _ = writeln!(text, "      and by {more} more changes");
    }
}
