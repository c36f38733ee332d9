//! Runs a property over random policies, and shows that it can fail.
//!
//! A property makes two [`Side`]s, a policy before and after some change, and says which answers may differ. To show
//! that it would notice, it runs once more with a table in which one right was taken out, or put in, after the change.

use camgrant::catalogue;
use camgrant::compile::{Options, compile};
use camgrant::diagnostics::Level;
use camgrant::effective::Effective;
use camgrant::source::MemoryWorld;
use camgrant::table::Table;
use camgrant_naive::Policy;
use camgrant_naive::random::{Draft, Renaming, Rng};
use serde_json::Value;

use crate::questions::{Question, Questions};
use crate::support::{Files, table_of};

/// What came of one policy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// The property was judged, and held.
    Held,
    /// There was nothing to judge: a side does not compile, or the policy has nothing of what the property is about.
    Passed,
}

/// The outcome, or what is wrong.
pub(crate) type Judged = Result<Outcome, String>;

/// Which answers may differ.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Rule {
    /// None.
    Same,
    /// A `no` may become a `yes`.
    NeverLess,
    /// A `yes` may become a `no`.
    NeverMore,
}

impl Rule {
    fn broken(self, before: bool, after: bool) -> bool {
        match self {
            Rule::Same => before != after,
            Rule::NeverLess => before && !after,
            Rule::NeverMore => !before && after,
        }
    }
}

/// A policy and its expanded table.
pub(crate) struct Side {
    pub(crate) files: Files,
    pub(crate) policy: Effective,
    pub(crate) json: String,
}

impl Side {
    /// Compiles a draft; none where it has errors. (Lints do not count: they judge a policy, and change no right.)
    pub(crate) fn of(draft: &Draft) -> Option<Side> {
        Side::of_files(draft.files())
    }

    /// The same, of files.
    pub(crate) fn of_files(files: Files) -> Option<Side> {
        let levels = catalogue::lints().filter_map(|rule| Some((rule.name?.to_owned(), Level::Allow))).collect();
        let options = Options { levels, ..Options::default() };
        let policy = compile(&MemoryWorld::new(files.iter().cloned()), &options).policy?;
        let json = table_of(&policy, "expanded");
        Some(Side { files, policy, json })
    }
}

/// One policy of a property.
pub(crate) struct Case {
    pub(crate) seed: u64,
    pub(crate) rng: Rng,
    tamper: Option<Rule>,
    tampered: bool,
    asked: u64,
    yes: u64,
}

impl Case {
    fn new(seed: u64, tamper: Option<Rule>) -> Case {
        Case { seed, rng: Rng::new(seed ^ 0x0bad_5eed), tamper, tampered: false, asked: 0, yes: 0 }
    }

    /// Judges two sides by their answers.
    pub(crate) fn judge(&mut self, rule: Rule, before: &Side, after: &Side, names: Option<&Renaming>) -> Judged {
        let questions = Questions::of(&[&read(&before.files), &read(&after.files)]);
        self.judge_tables(rule, &before.json, &after.json, &questions, names)
    }

    /// Judges two expanded tables by their answers; names of the first are those of `questions`.
    pub(crate) fn judge_tables(
        &mut self,
        rule: Rule,
        before: &str,
        after: &str,
        questions: &Questions,
        names: Option<&Renaming>,
    ) -> Judged {
        let before = load(before);
        let tampered = self.tampered_with(&before, after, questions, names);
        let after = load(tampered.as_deref().unwrap_or(after));
        for question in self.questions(questions) {
            let (was, is) = (question.ask(&before), question.renamed(names).ask(&after));
            self.count(was || is);
            if rule.broken(was, is) {
                return Err(format!("{question}: {was} before, {is} after"));
            }
        }
        Ok(Outcome::Held)
    }

    /// Those of the questions that are to be asked: all that need no condition to hold, where it is to be shown that one right
    /// is noticed, and some else.
    pub(crate) fn questions<'q>(&mut self, questions: &'q Questions) -> Vec<Question<'q>> {
        if self.tamper.is_some() { questions.plain().collect() } else { questions.some(&mut self.rng) }
    }

    /// Counts an answer.
    pub(crate) fn count(&mut self, yes: bool) {
        self.asked += 1;
        self.yes += u64::from(yes);
    }

    /// The expanded table with one right more or less, where it is to be shown that it is noticed.
    pub(crate) fn tampered(&mut self, table: &str, questions: &Questions) -> Option<String> {
        self.tampered_with(&load(table), table, questions, None)
    }

    fn tampered_with(
        &mut self,
        before: &Table,
        after: &str,
        questions: &Questions,
        names: Option<&Renaming>,
    ) -> Option<String> {
        let tampered = tamper(self.tamper?, before, after, questions, names, &mut self.rng);
        self.tampered |= tampered.is_some();
        tampered
    }
}

/// The naive evaluator's reading, for the questions that can be asked.
pub(crate) fn read(files: &Files) -> Policy {
    Policy::read(files).unwrap_or_else(|error| panic!("{error}"))
}

pub(crate) fn load(json: &str) -> Table {
    Table::load(json).unwrap_or_else(|error| panic!("{error}\n{json}"))
}

/// How many policies each property is judged on.
pub(crate) fn cases(default: u64) -> u64 {
    std::env::var("CAMGRANT_CASES").ok().and_then(|count| count.parse().ok()).unwrap_or(default)
}

/// Judges a property on random policies. Those of one property begin at `first`.
pub(crate) fn hold(first: u64, property: impl Fn(&mut Case) -> Judged) {
    if let Some(seed) = std::env::var("CAMGRANT_SEED").ok().and_then(|seed| seed.parse().ok()) {
        let outcome =
            property(&mut Case::new(seed, None)).unwrap_or_else(|difference| panic!("seed {seed}: {difference}"));
        return println!("seed {seed}: {outcome:?}");
    }
    let count = cases(16);
    let (mut held, mut asked, mut yes) = (0, 0, 0);
    for seed in first..first + count {
        let mut case = Case::new(seed, None);
        match property(&mut case) {
            Ok(outcome) => held += u64::from(outcome == Outcome::Held),
            Err(difference) => panic!("seed {seed}: {difference}"),
        }
        asked += case.asked;
        yes += case.yes;
    }
    println!("{held} of {count} policies, {asked} questions, {yes} times yes");
    assert!(held * 4 >= count, "only {held} of {count} policies could be judged: too few to mean anything");
    assert!(yes * 50 > asked, "only {yes} of {asked} are allowed: too few to mean anything");
}

/// Shows that a property fails where a right is missing (for [`Rule::NeverLess`]), or where there is one too many
/// ([`Rule::NeverMore`]), or in either case.
pub(crate) fn can_fail(first: u64, how: Rule, property: impl Fn(&mut Case) -> Judged) {
    let ways = match how {
        Rule::Same => vec![Rule::NeverLess, Rule::NeverMore],
        one => vec![one],
    };
    for how in ways {
        let mut noticed = 0;
        // (not every policy compiles, or has a right that stands alone)
        for seed in first..first + 60 {
            if noticed == 4 {
                break;
            }
            let mut case = Case::new(seed, Some(how));
            let judged = property(&mut case);
            if case.tampered {
                assert!(judged.is_err(), "seed {seed}: a table that {how:?} says is wrong went unnoticed");
                noticed += 1;
            }
        }
        assert!(noticed == 4, "only {noticed} tables could be tampered with");
    }
}

/// A table in which one right was taken out that stood before, or put in that did not: one that holds always.
fn tamper(
    how: Rule,
    before: &Table,
    after: &str,
    questions: &Questions,
    names: Option<&Renaming>,
    rng: &mut Rng,
) -> Option<String> {
    let mut table: Value = serde_json::from_str(after).unwrap();
    let mut all: Vec<Question<'_>> = questions.plain().collect();
    rng.shuffle(&mut all);
    let take_out = how == Rule::NeverLess;
    all.into_iter().filter(|question| question.ask(before) == take_out).find_map(|question| {
        let changed = change(&mut table, &question.renamed(names), take_out);
        changed.then(|| table.to_string())
    })
}

/// Changes the entry that a question is about, where that alone decides it.
fn change(table: &mut Value, question: &Question<'_>, take_out: bool) -> bool {
    let Question { org, subject, capability, resource, .. } = question;
    let subject = table["orgs"].get_mut(org).and_then(|org| org["subjects"].get_mut(subject));
    let Some(subject) = subject.and_then(Value::as_object_mut) else { return false };
    if ["from", "until", "networks"].iter().any(|key| subject.contains_key(*key)) {
        return false;
    }
    let has = |list: Option<&Value>, name: &str| {
        list.and_then(Value::as_array).is_some_and(|list| list.iter().any(|one| one == name))
    };
    let entries = subject.get_mut("access").and_then(Value::as_array_mut).into_iter().flatten();
    let Some(entry) = entries.into_iter().find(|entry| has(entry.get("resources"), resource)) else { return false };
    let items = ["allow_when", "deny_when"].into_iter().filter_map(|key| entry.get(key)?.as_array()).flatten();
    let is_conditional = items.into_iter().any(|item| has(item.get("capabilities"), capability));
    let Some(allow) = entry.get_mut("allow").and_then(Value::as_array_mut) else { return false };
    let place = allow.iter().position(|one| one == capability);
    match place {
        Some(place) if take_out && !is_conditional && allow.len() > 1 => drop(allow.remove(place)),
        None if !take_out && !is_conditional => allow.push((*capability).into()),
        _ => return false,
    }
    true
}
