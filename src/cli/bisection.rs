//! `bisect`: by which commits an answer turned. In: the way of a range. Out: each turn, with the commit that did it.
//!
//! Every commit that changes the policy is judged, since between two equal answers a right may have come and gone: a binary
//! search would miss that. A policy that stands in several commits is compiled once.

use std::collections::BTreeMap;
use std::ops::RangeInclusive;

use camgrant::compile::Compiled;
use camgrant::query::told::{AnswerTold, BisectTold, CommitTold, MergeTold, PassedOverTold, TurnedTold};
use camgrant::query::{Frame, Request, blocks};
use camgrant::vocabulary::CapabilitySet;

use super::chosen::choose_rights;
use super::common::Common;
use super::diagnose;
use super::exit::Failure;
use super::git::{Repository, Revision, short};
use super::history::instant;
use super::policy::PolicyOptions;
use super::question::{Meant, Question};
use super::walk::{Walk, fork};

/// What is asked of every revision.
pub(crate) struct Asked<'a> {
    pub(crate) question: &'a Question,
    pub(crate) org: Option<&'a str>,
    /// For one request; otherwise at some time, from somewhere.
    pub(crate) request: Option<Request>,
}

/// The answer of one policy.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Answer {
    /// Whether the right is held.
    Held(bool),
    /// It is not held, since what was asked about is not declared; in these words.
    Unknown(String),
    /// There is none, in these words.
    None(String),
}

impl Answer {
    fn held(&self) -> Option<bool> {
        match self {
            Answer::Held(held) => Some(*held),
            Answer::Unknown(_) => Some(false),
            Answer::None(_) => None,
        }
    }
}

/// Judges revisions, each policy once.
pub(crate) struct Bisection<'a> {
    repository: &'a Repository,
    asked: Asked<'a>,
    options: &'a PolicyOptions,
    common: &'a Common,
    /// Answers by the id of the folder's tree.
    known: BTreeMap<String, Answer>,
}

impl<'a> Bisection<'a> {
    pub(crate) fn new(
        repository: &'a Repository,
        asked: Asked<'a>,
        options: &'a PolicyOptions,
        common: &'a Common,
    ) -> Bisection<'a> {
        Bisection { repository, asked, options, common, known: BTreeMap::new() }
    }

    /// By which commits of a range the answer turned.
    pub(crate) fn run(mut self, range: &str) -> Result<BisectTold, Failure> {
        let Walk { start, changes } = Walk::of(self.repository, range)?;
        let revisions: Vec<Revision> = std::iter::once(start).chain(changes).collect();
        let answers = revisions.iter().map(|one| self.judge(one)).collect::<Result<Vec<_>, _>>()?;
        if let Some(refusal) = never_declared(&answers) {
            return Err(refusal);
        }
        let held: Vec<Option<bool>> = answers.iter().map(Answer::held).collect();
        let answered = |at: Option<usize>| {
            let at = at?;
            Some(AnswerTold { revision: revisions.get(at)?.text(), held: (*held.get(at)?)? })
        };
        let first = answered(held.iter().position(Option::is_some));
        let last = answered(held.iter().rposition(Option::is_some));
        let (Some(first), Some(last)) = (first, last) else {
            let why = answers.iter().rev().find_map(|answer| match answer {
                Answer::None(why) => Some(format!("the last one says: {why}")),
                _ => None,
            });
            return Err(Failure::new(format!("no revision of {range} has an answer")).help(why));
        };
        let mut turned = Vec::new();
        for (held, candidates) in turns(&held) {
            turned.push(self.turned(held, revisions.get(candidates).unwrap_or_default())?);
        }
        let passed_over = revisions.iter().zip(&answers).filter_map(|(revision, answer)| match answer {
            Answer::None(reason) => Some(PassedOverTold { revision: revision.id.clone(), reason: reason.clone() }),
            _ => None,
        });
        let [subject, capability, resource] = self.asked.question.text();
        Ok(BisectTold {
            subject,
            capability,
            resource,
            at: self.asked.request.and_then(|request| request.at).map(instant),
            address: self.asked.request.and_then(|request| request.address).map(|address| address.to_string()),
            range: range.to_owned(),
            first,
            last,
            turned,
            passed_over: passed_over.collect(),
            commits: revisions.len() as u64 - 1,
            compiled: self.known.len() as u64,
        })
    }

    /// The answer in a revision.
    fn judge(&mut self, revision: &Revision) -> Result<Answer, Failure> {
        let Some(tree) = self.repository.tree(revision)? else {
            return Ok(Answer::Unknown("there is no policy".to_owned()));
        };
        if let Some(answer) = self.known.get(&tree) {
            return Ok(answer.clone());
        }
        let world = self.repository.world(revision)?;
        let Compiled { diagnostics, policy, .. } = self.options.answer_from_world(&world, self.common);
        let answer = match policy {
            Some(policy) => self.ask(&policy)?,
            None => Answer::None(diagnose::does_not_compile(&diagnostics)),
        };
        self.known.insert(tree, answer.clone());
        Ok(answer)
    }

    /// The answer of a policy that compiled.
    fn ask(&self, policy: &camgrant::effective::Effective) -> Result<Answer, Failure> {
        // which organisation is meant, the user has to say
        if self.asked.org.is_none() && policy.orgs.len() > 1 {
            choose_rights(policy, None)?;
        }
        let meant =
            choose_rights(policy, self.asked.org).and_then(|rights| Ok((rights, self.asked.question.meant(rights)?)));
        // what was not declared then is no wrong usage, but an answer
        let (rights, Meant { mut subjects, capability, mut resources }) = match meant {
            Ok(meant) => meant,
            Err(Failure::Told(told)) => return Ok(Answer::Unknown(told.message().to_owned())),
            Err(other) => return Err(other),
        };
        subjects.sort_unstable();
        subjects.dedup();
        resources.sort_unstable();
        resources.dedup();
        let all = subjects.len() * resources.len();
        let frame =
            Frame { subjects, capabilities: CapabilitySet::one(capability), resources, request: self.asked.request };
        // each cell is in one block
        let held: usize = blocks(rights, &frame).iter().map(|block| block.subjects.len() * block.resources.len()).sum();
        Ok(Answer::Held(held == all))
    }

    fn turned(&mut self, held: bool, candidates: &[Revision]) -> Result<TurnedTold, Failure> {
        let merge = match candidates {
            [only] => self.merge(held, only)?,
            _ => None,
        };
        let commits = candidates.iter().map(|revision| {
            Ok(CommitTold {
                id: revision.id.clone(),
                committed: instant(revision.committed),
                title: self.repository.title(revision)?,
            })
        });
        Ok(TurnedTold { held, commits: commits.collect::<Result<_, Failure>>()?, merge })
    }

    /// What of a merge turned the answer; none for any other commit.
    fn merge(&mut self, held: bool, commit: &Revision) -> Result<Option<MergeTold>, Failure> {
        let parents = self.repository.parents(commit)?;
        let Some((first, others)) = parents.split_first().filter(|(_, others)| !others.is_empty()) else {
            return Ok(None);
        };
        let mut unknown = false;
        for other in others {
            match self.judge(other)?.held() {
                Some(answer) if answer == held => {
                    let fork = fork(self.repository, &first.id, &other.id)?;
                    let range = fork.map(|fork| format!("{}..{}", short(&fork), short(&other.id)));
                    return Ok(Some(MergeTold { by: "branch", range }));
                }
                Some(_) => {}
                None => unknown = true,
            }
        }
        Ok(Some(MergeTold { by: if unknown { "unknown" } else { "together" }, range: None }))
    }
}

/// A subject or resource that no revision declares is wrong usage: a slip, and not an answer.
fn never_declared(answers: &[Answer]) -> Option<Failure> {
    if answers.iter().any(|answer| matches!(answer, Answer::Held(_))) {
        return None;
    }
    let newest = answers.iter().rev().find_map(|answer| match answer {
        Answer::Unknown(why) => Some(why),
        _ => None,
    });
    newest.map(|why| {
        let help = "no revision of this range that compiles knows what is asked about".to_owned();
        Failure::new(why.clone()).help(Some(help))
    })
}

/// The turns of a row of answers: to what, and by which of them. Several where those before the last have none.
fn turns(answers: &[Option<bool>]) -> Vec<(bool, RangeInclusive<usize>)> {
    let mut turns = Vec::new();
    let mut last: Option<(usize, bool)> = None;
    for (at, answer) in answers.iter().enumerate() {
        let Some(answer) = answer else { continue };
        if let Some((before, was)) = last
            && was != *answer
        {
            turns.push((*answer, before + 1..=at));
        }
        last = Some((at, *answer));
    }
    turns
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_turn_is_between_two_answers_and_no_answer_widens_it() {
        let read = |text: &str| -> Vec<Option<bool>> {
            let answer = |c| match c {
                'y' => Some(true),
                'n' => Some(false),
                _ => None,
            };
            text.chars().map(answer).collect()
        };
        for (answers, wanted) in [
            ("", vec![]),
            ("y", vec![]),
            ("nnyy", vec![(true, 2..=2)]),
            ("nyny", vec![(true, 1..=1), (false, 2..=2), (true, 3..=3)]),
            ("n??y", vec![(true, 1..=3)]),
            ("n?n?y?", vec![(true, 3..=4)]),
            ("??ny", vec![(true, 3..=3)]),
            ("y?", vec![]),
            ("??", vec![]),
        ] {
            assert_eq!(turns(&read(answers)), wanted, "{answers}");
        }
    }
}
