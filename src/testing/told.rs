//! What tests came to, told: names, files and lines in place of indices and spans. In: outcomes. Out: a [`TestsTold`],
//! whose fields' comments are the descriptions in its schema.

use schemars::JsonSchema;
use serde::Serialize;

use super::Outcome;
use super::coverage::{Coverage, Item};
use super::verdict::{Counterexample, Counterexamples, Failure, Untrue};
use crate::effective::OrgRights;
use crate::query::told::{Names, PlaceTold, WhyTold};
use crate::query::{Asker, Edits, NamedSet, SetNames};
use crate::source::{Sources, Span};
use crate::vocabulary::vocabulary;

/// What `camgrant test --format json` prints.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[schemars(rename = "Tests")]
pub struct TestsTold {
    /// Whether all tests pass.
    pub passed: bool,
    /// How many tests there are.
    pub count: u64,
    /// How many of them fail.
    pub failed: u64,
    /// The tests, as they stand.
    pub tests: Vec<TestTold>,
    /// What they depend on, where that was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub coverage: Option<CoverageTold>,
}

/// What the tests that pass depend on: a grant, denial or role is covered where some test would fail without it.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[schemars(rename = "Coverage")]
pub struct CoverageTold {
    /// How many grants and denials in force, and declared roles there are.
    pub count: u64,
    /// How many of them are covered.
    pub covered: u64,
    /// The same in percent, rounded down.
    pub percent: u64,
    /// Grants and denials that are not in force (`enabled: false`, an offer that is not accepted); they are not counted.
    pub idle: u64,
    /// What no test depends on, by file and line.
    pub uncovered: Vec<ItemTold>,
}

/// Something that no test depends on.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[schemars(rename = "Item")]
pub struct ItemTold {
    /// Where it stands.
    pub place: PlaceTold,
    /// `grant`, `denial` or `role`.
    pub kind: &'static str,
    /// Its id, where it has one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// In which organisation.
    pub org: String,
}

/// A test, and whether it passes.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[schemars(rename = "Test")]
pub struct TestTold {
    /// The organisation of which it speaks.
    pub org: String,
    /// What it says; left out where it has no name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Where it stands.
    pub place: PlaceTold,
    /// Whether it passes.
    pub passed: bool,
    /// Why it does not.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub failure: Option<FailureTold>,
}

/// Why a test fails.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[schemars(rename = "Failure")]
pub struct FailureTold {
    /// What it is, in a word that stays the same: `names-nobody`, `applies-to-nothing`, `cannot`, `can`, `somebody-else`,
    /// `together`, `too-many`.
    pub kind: &'static str,
    /// The same in a sentence, with the first counterexample.
    pub text: String,
    /// How many counterexamples there are: subject × capability × resource, for `too-many` resources.
    pub count: u64,
    /// The first of them.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schemars(default)]
    pub counterexamples: Vec<CounterexampleTold>,
    /// Why the first of them is so: the proof, or what stands in the way. Where several capabilities are held at once,
    /// one proof for each.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schemars(default)]
    pub proofs: Vec<WhyTold>,
}

/// Where what a test claims is not so.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[schemars(rename = "Counterexample")]
pub struct CounterexampleTold {
    /// The subjects: one, or for `too-many` all who hold it there.
    pub subjects: NamedSet,
    /// The capability; for `together` one for each item of the test.
    pub capabilities: Vec<String>,
    /// The resource.
    pub resource: String,
    /// When; left out where it makes no difference.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub at: Option<String>,
    /// From where; left out where it makes no difference.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub address: Option<String>,
}

impl CounterexampleTold {
    /// The capabilities, in a sentence.
    pub(super) fn what(&self) -> String {
        self.capabilities.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(" and ")
    }

    /// When and from where, behind a sentence; nothing where it makes no difference.
    pub(super) fn when(&self) -> String {
        let at = self.at.iter().map(|at| format!(", at {at}"));
        at.chain(self.address.iter().map(|address| format!(", from {address}"))).collect()
    }
}

/// Tells what the tests of some organisations came to.
#[must_use]
pub fn tell(outcomes: &[Outcome<'_>], sources: &Sources) -> TestsTold {
    let mut tests = Vec::new();
    for outcome in outcomes {
        let mut teller = Teller::new(outcome.rights, sources);
        for (test, failure) in &outcome.tests {
            tests.push(TestTold {
                org: outcome.rights.org.id.to_string(),
                name: test.name.as_deref().map(str::to_owned),
                place: teller.names.place(test.span),
                passed: failure.is_none(),
                failure: failure.as_ref().map(|failure| teller.failure(failure)),
            });
        }
    }
    let failed = tests.iter().filter(|test| !test.passed).count() as u64;
    TestsTold { passed: failed == 0, count: tests.len() as u64, failed, tests, coverage: None }
}

/// Tells what the tests of some organisations depend on.
#[must_use]
pub fn tell_coverage(outcomes: &[(&OrgRights, Coverage)], sources: &Sources) -> CoverageTold {
    let mut told = CoverageTold { count: 0, covered: 0, percent: 100, idle: 0, uncovered: Vec::new() };
    for (rights, Coverage { covered, uncovered, idle }) in outcomes {
        let names = Names::new(rights, sources);
        told.covered += covered.len() as u64;
        told.count += (covered.len() + uncovered.len()) as u64;
        told.idle += idle;
        for item in uncovered {
            let (kind, id, span) = item.declared(rights);
            told.uncovered.push(ItemTold {
                place: names.place(span),
                kind,
                id: id.map(str::to_owned),
                org: rights.org.id.to_string(),
            });
        }
    }
    told.percent = (told.covered * 100).checked_div(told.count).unwrap_or(100);
    told.uncovered.sort();
    told
}

impl Item {
    /// What it is, its id, and where it is declared.
    #[must_use]
    pub fn declared<'r>(&self, rights: &'r OrgRights) -> (&'static str, Option<&'r str>, Span) {
        match self {
            Item::Grant(grant) => {
                let grant = &rights.org.grants[*grant];
                (if grant.denial { "denial" } else { "grant" }, grant.id.as_deref(), grant.span)
            }
            Item::Role(role) => {
                let role = &rights.org.roles[*role];
                ("role", Some(&role.id), role.span)
            }
        }
    }
}

impl ItemTold {
    /// In words: ``grant `guards` ``.
    #[must_use]
    pub fn text(&self) -> String {
        match &self.id {
            Some(id) => format!("{} `{id}`", self.kind),
            None => self.kind.to_owned(),
        }
    }
}

impl TestTold {
    /// What it is called: by its name, or by its place.
    #[must_use]
    pub fn title(&self) -> String {
        self.name.clone().unwrap_or_else(|| format!("the test at {}", self.place.text()))
    }
}

struct Teller<'r> {
    rights: &'r OrgRights,
    sources: &'r Sources,
    names: Names<'r>,
    /// Made where several subjects have to be told.
    sets: Option<SetNames<'r>>,
}

impl<'r> Teller<'r> {
    fn new(rights: &'r OrgRights, sources: &'r Sources) -> Teller<'r> {
        Teller { rights, sources, names: Names::new(rights, sources), sets: None }
    }

    fn failure(&mut self, failure: &Failure) -> FailureTold {
        let bare = |kind, text| FailureTold { kind, text, count: 0, counterexamples: Vec::new(), proofs: Vec::new() };
        match failure {
            Failure::NamesNobody => {
                bare("names-nobody", "it speaks of nobody: `to` without `except` is empty".to_owned())
            }
            Failure::AppliesToNothing(span) => {
                let item = self.text_at(*span);
                bare(
                    "applies-to-nothing",
                    format!("`{item}` applies to nothing in its scope, so it would prove nothing"),
                )
            }
            Failure::Untrue(untrue) => self.untrue(untrue),
        }
    }

    /// What is written in a place.
    fn text_at(&self, span: Span) -> &'r str {
        let text = &self.sources.file(span.file).text;
        let written = text.get(span.start as usize..span.end as usize).unwrap_or_default();
        written.trim_matches(['"', '\''])
    }

    fn untrue(&mut self, untrue: &Counterexamples) -> FailureTold {
        let Counterexamples { kind, count, shown } = untrue;
        let told: Vec<CounterexampleTold> = shown.iter().map(|one| self.counterexample(one)).collect();
        let said = told.first().map(|one| words(*kind, one)).unwrap_or_default();
        let more = match (count - 1, kind) {
            (0, _) => String::new(),
            (more, Untrue::TooMany { .. }) => format!("; likewise on {more} more"),
            (more, _) => format!(", and {more} more"),
        };
        let word = match kind {
            Untrue::Cannot => "cannot",
            Untrue::Can => "can",
            Untrue::Else => "somebody-else",
            Untrue::Together => "together",
            Untrue::TooMany { .. } => "too-many",
        };
        let proofs = shown.first().map(|one| self.proofs(one)).unwrap_or_default();
        FailureTold { kind: word, text: said + &more, count: *count, counterexamples: told, proofs }
    }

    fn counterexample(&mut self, one: &Counterexample) -> CounterexampleTold {
        let rights = self.rights;
        let subjects = match &one.who[..] {
            // the commonest needs no names to be looked up
            [who] => NamedSet { count: 1, names: Vec::new(), members: vec![self.names.who(*who)] },
            several => self.sets.get_or_insert_with(|| SetNames::new(rights)).subjects(several),
        };
        let request = one.request;
        CounterexampleTold {
            subjects,
            capabilities: one.capabilities.iter().map(|one| vocabulary().name(*one).to_owned()).collect(),
            resource: self.names.resource(rights.graph.containment.resource(one.resource)),
            at: request.and_then(|request| request.at).map(|at| self.names.instant(at)),
            address: request.and_then(|request| request.address).map(|address| address.to_string()),
        }
    }

    /// Why it is so: for each of the capabilities.
    fn proofs(&self, one: &Counterexample) -> Vec<WhyTold> {
        let asker = Asker { rights: self.rights, sources: self.sources };
        let questions = one.capabilities.iter().filter_map(|capability| {
            let mut question = one.question()?;
            question.capability = *capability;
            Some(question)
        });
        let edits = Edits { complete: true, ..Edits::default() };
        questions.map(|question| asker.tell(&asker.why(question), &edits, 0)).collect()
    }
}

/// A counterexample in a sentence.
pub(super) fn words(kind: Untrue, one: &CounterexampleTold) -> String {
    let (subjects, what, resource) = (one.subjects.text(), one.what(), &one.resource);
    let text = match kind {
        Untrue::Cannot => format!("{subjects} cannot {what} on `{resource}`"),
        Untrue::Can => format!("{subjects} can {what} on `{resource}`"),
        Untrue::Else => format!("{subjects} can {what} on `{resource}` as well"),
        Untrue::Together => format!("{subjects} can {what} on `{resource}` at once"),
        Untrue::TooMany { limit, holders } => {
            format!("{holders} hold {what} on `{resource}`, and at most {limit} may: {subjects}")
        }
    };
    text + &one.when()
}
