//! Answers are those of the table, and their reasons are real: on random policies, at sampled instants and from sampled
//! addresses.

#![allow(clippy::disallowed_methods)] // tests read their cases and write to temporary folders
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // a test fails by panicking

#[path = "query/clock.rs"]
mod clock;
#[path = "query/sets.rs"]
mod sets;
mod support;
#[path = "query/timeline.rs"]
mod timeline;

use std::collections::BTreeSet;
use std::net::IpAddr;

use camgrant::compile::Compiled;
use camgrant::effective::{Effective, OrgRights, compute};
use camgrant::graph::{self, ResourceIx};
use camgrant::model::Org;
use camgrant::query::{Answer, Asker, Cells, Change, Question, Request, Who};
use camgrant::source::Sources;
use camgrant::table::Table;
use camgrant::table::format::Document;
use camgrant::vocabulary::vocabulary;
use camgrant_naive::Policy;
use camgrant_naive::random::{self, Rng};
use jiff::Timestamp;
use support::{compile_files, table_of};

/// How many policies are drawn, and how many questions each of their organisations is asked.
const SEEDS: std::ops::Range<u64> = 0..60;
const QUESTIONS: usize = 60;
/// Of how many questions the edits are looked for, since each is compiled.
const EDITED: usize = 4;

/// One organisation of a random policy.
struct Case<'c> {
    seed: u64,
    rights: &'c OrgRights,
    sources: &'c Sources,
    table: &'c Table,
    /// What the table has: subject, capability, resource.
    table_cells: BTreeSet<(String, String, String)>,
    moments: Vec<i64>,
    addresses: Vec<IpAddr>,
}

fn each_case(mut test: impl FnMut(&Case<'_>)) {
    let mut count = 0;
    for seed in SEEDS {
        let files = random::random_policy(seed);
        let Compiled { sources, policy: Some(policy), .. } = compile_files(&files) else { continue };
        let naive = Policy::read(&files).unwrap();
        let table = Table::load(table_of(&policy, "factored")).unwrap();
        for rights in &policy.orgs {
            let (moments, addresses) = (naive.moments(&rights.org.id), naive.addresses(&rights.org.id));
            let table_cells = rights_of(&policy, Some(&rights.org.id));
            test(&Case { seed, rights, sources: &sources, table: &table, table_cells, moments, addresses });
        }
        count += 1;
    }
    assert!(count * 2 > SEEDS.end, "only {count} policies compile: too few to mean anything");
}

impl Case<'_> {
    fn asker(&self) -> Asker<'_> {
        Asker { rights: self.rights, sources: self.sources }
    }

    /// A question, an instant and an address now and then unknown.
    fn question(&self, rng: &mut Rng) -> Question {
        let org = &self.rights.org;
        let users = org.users.indices().map(Who::User).chain(org.links.indices().map(Who::Link));
        let users: Vec<Who> = users.collect();
        let resources: Vec<ResourceIx> = self.rights.graph.containment.resources().map(|(index, _)| index).collect();
        let resource = *rng.pick(&resources);
        let kind = self.rights.graph.containment.resource(resource).kind(org);
        let all: Vec<usize> = if rng.chance(95) {
            vocabulary().of_kind(kind).iter().collect()
        } else {
            (0..vocabulary().capabilities().len()).collect()
        };
        let request = Request {
            at: (!rng.chance(20)).then(|| *rng.pick(&self.moments)),
            address: (!rng.chance(20)).then(|| *rng.pick(&self.addresses)),
        };
        Question { who: *rng.pick(&users), capability: *rng.pick(&all), resource, request }
    }

    fn decide(&self, question: &Question) -> bool {
        let Question { who, capability, resource, request } = *question;
        decide(self.table, &self.rights.org, &subject(&self.rights.org, who), capability, self.name(resource), request)
    }

    fn name(&self, resource: ResourceIx) -> String {
        self.rights.graph.containment.resource(resource).text(&self.rights.org)
    }

    fn told(&self, answer: &Answer) -> String {
        let Question { who, capability, resource, .. } = answer.question;
        let subject = subject(&self.rights.org, who);
        let (seed, resource) = (self.seed, self.name(resource));
        format!("seed {seed}: {subject} {} {resource}: {answer:?}", vocabulary().name(capability))
    }
}

fn decide(table: &Table, org: &Org, subject: &str, capability: usize, resource: String, request: Request) -> bool {
    let at = request.at.map(|at| Timestamp::from_second(at).unwrap());
    table.decide(&org.id, subject, vocabulary().name(capability), &resource, at, request.address)
}

fn subject(org: &Org, who: Who) -> String {
    match who {
        Who::User(user) => format!("user:{}", org.users[user].id),
        Who::Link(link) => format!("link:{}", org.links[link].id),
    }
}

/// What an organisation comes to that has only these of its grants.
fn with_grants(org: &Org, keep: impl Fn(camgrant::model::GrantIx) -> bool) -> OrgRights {
    let mut org = org.clone();
    for index in org.grants.indices() {
        org.grants[index].enabled &= keep(index);
    }
    let (graph, _) = graph::build(&org);
    compute(org, graph, 256, false).0
}

#[test]
fn why_says_yes_exactly_where_the_table_does_and_names_what_makes_it_so() {
    let (mut asked, mut yes) = (0, 0);
    each_case(|case| {
        let mut rng = Rng::new(case.seed);
        for _ in 0..QUESTIONS {
            let question = case.question(&mut rng);
            let answer = case.asker().why(question);
            assert_eq!(answer.yes, case.decide(&question), "{}", case.told(&answer));
            assert_eq!(answer.yes, answer.obstacles.is_empty(), "{}", case.told(&answer));
            if let Who::User(_) = question.who {
                assert_eq!(answer.yes, answer.yes && answer.derivations() > 0, "{}", case.told(&answer));
            }
            asked += 1;
            yes += u32::from(answer.yes);
        }
    });
    assert!(yes > asked / 20, "only {yes} of {asked} are allowed: too few to mean anything");
}

#[test]
fn each_derivation_gives_the_right_by_itself() {
    let mut judged = 0;
    each_case(|case| {
        let mut rng = Rng::new(case.seed + 1000);
        for _ in 0..QUESTIONS {
            let question = case.question(&mut rng);
            let answer = case.asker().why(question);
            if !answer.yes || !answer.ownership.is_empty() || matches!(question.who, Who::Link(_)) {
                continue;
            }
            for given in answer.given.iter().filter(|given| given.holds) {
                let alone = with_grants(&case.rights.org, |grant| grant == given.grant);
                let asker = Asker { rights: &alone, sources: case.sources };
                assert!(asker.why(question).yes, "grant {:?} alone: {}", given.grant, case.told(&answer));
                judged += 1;
            }
            // without all of them, nothing is left
            let holding: Vec<_> = answer.given.iter().filter(|given| given.holds).map(|given| given.grant).collect();
            let without = with_grants(&case.rights.org, |grant| !holding.contains(&grant));
            assert!(!Asker { rights: &without, sources: case.sources }.why(question).yes, "{}", case.told(&answer));
        }
    });
    assert!(judged > 50, "only {judged} derivations were judged");
}

#[test]
fn a_route_leads_from_the_subject_to_the_grant() {
    use camgrant::query::SubjectStep;
    let mut judged = 0;
    each_case(|case| {
        let org = &case.rights.org;
        let mut rng = Rng::new(case.seed + 2000);
        for _ in 0..QUESTIONS {
            let question = case.question(&mut rng);
            let Who::User(user) = question.who else { continue };
            let answer = case.asker().why(question);
            for given in answer.given.iter().chain(&answer.denials) {
                assert!(!given.subject.shown.is_empty() && !given.capability.shown.is_empty());
                assert!(!given.resource.is_empty(), "{}", case.told(&answer));
                assert!(given.subject.total >= given.subject.shown.len() as u64);
                for route in &given.subject.shown {
                    let mut at = camgrant::model::Subject::User(user);
                    for step in &route.steps {
                        at = match *step {
                            SubjectStep::SameAs { user, other, .. } => {
                                assert_eq!(at, camgrant::model::Subject::User(user));
                                camgrant::model::Subject::User(other)
                            }
                            SubjectStep::Listed { team, member, .. } => {
                                assert!(member == at || member == camgrant::model::Subject::Everyone);
                                assert!(org.teams[team].members.iter().any(|(listed, _)| *listed == member));
                                camgrant::model::Subject::Team(team)
                            }
                            SubjectStep::Named { subject, .. } => {
                                assert!(subject == at || subject == camgrant::model::Subject::Everyone);
                                assert!(org.grants[given.grant].to.iter().any(|(named, _)| *named == subject));
                                subject
                            }
                        };
                        judged += 1;
                    }
                    assert!(matches!(route.steps.last(), Some(SubjectStep::Named { .. })), "{}", case.told(&answer));
                }
            }
        }
    });
    assert!(judged > 100, "only {judged} steps were judged");
}

/// Every right, of one organisation or all, held under some condition or none: subject, capability, resource.
fn rights_of(policy: &Effective, only: Option<&str>) -> BTreeSet<(String, String, String)> {
    let json = table_of(policy, "expanded");
    let document: Document<'_> = serde_json::from_str(&json).unwrap();
    let mut all = BTreeSet::new();
    for (_, org) in document.orgs.iter().filter(|(id, _)| only.is_none_or(|only| only == &***id)) {
        for (id, subject) in &org.subjects {
            for entry in &subject.access {
                let held = entry.allow.iter().chain(entry.allow_when.iter().flat_map(|item| &item.capabilities));
                for capability in held {
                    for resource in &entry.resources {
                        all.insert((id.to_string(), capability.to_string(), resource.to_string()));
                    }
                }
            }
        }
    }
    all
}

/// What the count of an effect says of these rights.
fn agrees(cells: &Cells, rights: &BTreeSet<&(String, String, String)>) -> bool {
    let count = |part: fn(&(String, String, String)) -> &String| {
        rights.iter().map(|right| part(right)).collect::<BTreeSet<_>>().len() as u64
    };
    let counts = (count(|r| &r.0), count(|r| &r.1), count(|r| &r.2));
    (cells.rights, (cells.subjects, cells.capabilities.len() as u64, cells.resources)) == (rights.len() as u64, counts)
}

#[test]
fn each_edit_turns_the_answer_and_does_beside_what_it_says() {
    let (mut judged, mut forms) = (0, BTreeSet::new());
    each_case(|case| {
        let mut rng = Rng::new(case.seed + 3000);
        let mut before = None;
        for _ in 0..EDITED {
            let question = case.question(&mut rng);
            let answer = case.asker().why(question);
            let edits = case.asker().edits(&answer, 256);
            for edit in edits.found.iter().take(6) {
                let before = before.get_or_insert_with(|| rights_of(&with_changes(case.rights, &[]), None));
                let policy = with_changes(case.rights, &edit.changes);
                let after = rights_of(&policy, None);
                let table = Table::load(table_of(&policy, "factored")).unwrap();
                let org = &case.rights.org;
                let (subject, name) = (subject(org, question.who), case.name(question.resource));
                let now = decide(&table, org, &subject, question.capability, name.clone(), question.request);
                assert_ne!(now, answer.yes, "{:?}: {}", edit.changes, case.told(&answer));
                let asked = (subject, vocabulary().name(question.capability).to_owned(), name);
                let gained: BTreeSet<_> = after.difference(before).filter(|right| **right != asked).collect();
                let lost: BTreeSet<_> = before.difference(&after).filter(|right| **right != asked).collect();
                assert!(agrees(&edit.effect.gained, &gained), "{edit:?}: {gained:?}, {}", case.told(&answer));
                assert!(agrees(&edit.effect.lost, &lost), "{edit:?}: {lost:?}, {}", case.told(&answer));
                judged += 1;
                forms.extend(edit.changes.iter().map(form));
            }
        }
    });
    assert!(judged > 100, "only {judged} edits were judged");
    assert!(forms.len() > 20, "only these forms of edits were judged: {forms:?}");
}

/// The first word of a change.
fn form(change: &Change) -> String {
    let text = format!("{change:?}");
    text.split(|c: char| !c.is_alphanumeric()).next().unwrap().to_owned()
}

/// What an organisation comes to with these changes.
fn with_changes(rights: &OrgRights, changes: &[Change]) -> Effective {
    let mut org = rights.org.clone();
    changes.iter().for_each(|change| change.apply(&mut org, rights));
    let (graph, _) = graph::build(&org);
    Effective { orgs: vec![compute(org, graph, 256, false).0] }
}
