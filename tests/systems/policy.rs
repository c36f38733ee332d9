//! A policy of a topic, its small changes, and what it compiles to.

use std::collections::BTreeSet;

use camgrant::compile::Compiled;
use camgrant::source::Places;
use camgrant::table::Table;
use camgrant::vocabulary::vocabulary;
use camgrant_naive::Policy as Naive;
use serde_json::Value;

use crate::support::{codes, compile_files, lines, table_of};

/// The text of a policy.
#[derive(Clone, Debug)]
pub(crate) struct Policy {
    pub(crate) text: String,
}

/// Pairs of a text, which must occur exactly once, and of what stands there afterwards. In place of a text, `add`: a
/// document that is added to the policy.
#[derive(Clone, Debug)]
pub(crate) struct Edits(pub(crate) Vec<(String, String)>);

/// The word for a document that is added.
pub(crate) const ADD: &str = "add";

impl Policy {
    /// The policy after some edits.
    pub(crate) fn edited(&self, edits: &Edits) -> Result<Policy, String> {
        let mut policy = self.clone();
        for (old, new) in &edits.0 {
            if old == ADD {
                policy.text = format!("{}\n---\n{new}\n", policy.text);
                continue;
            }
            let count = policy.text.matches(old.as_str()).count();
            if count != 1 {
                return Err(format!("`{old}` occurs {count} times in the policy, and must occur once"));
            }
            policy.text = policy.text.replacen(old.as_str(), new, 1);
        }
        Ok(policy)
    }

    /// Compiles it. A policy that compiles must mean to the compiler what it means to the naive evaluator.
    pub(crate) fn outcome(&self) -> Result<Outcome, String> {
        let files = [("policy.yaml".to_owned(), self.text.clone())];
        let compiled = compile_files(&files);
        let Some(policy) = &compiled.policy else { return Ok(Outcome { compiled, table: None }) };
        let text = table_of(policy, "expanded");
        if Naive::read(&files)?.table_text() != text {
            return Err(format!("the naive evaluator makes another table of\n{}", self.text));
        }
        let table = Table::load(&text).map_err(|error| error.to_string())?;
        Ok(Outcome { compiled, table: Some((text, table)) })
    }
}

/// What a policy compiled to.
pub(crate) struct Outcome {
    compiled: Compiled,
    /// The table, as text and loaded; none where it does not compile.
    table: Option<(String, Table)>,
}

/// Who, what, on what, when and from where.
#[derive(Clone, Debug)]
pub(crate) struct Question {
    pub(crate) subject: String,
    pub(crate) capability: String,
    pub(crate) resource: String,
    pub(crate) at: Option<jiff::Timestamp>,
    pub(crate) from: Option<std::net::IpAddr>,
}

impl Outcome {
    /// Everything that was found, one a line.
    pub(crate) fn found(&self) -> Vec<String> {
        lines(&self.compiled)
    }

    /// The codes of everything that was found.
    pub(crate) fn codes(&self) -> BTreeSet<&'static str> {
        codes(&self.compiled)
    }

    /// The places of what was found under a code: the texts that the findings point at.
    pub(crate) fn places(&self, code: &str) -> Vec<String> {
        let found = self.compiled.diagnostics.iter().filter(|d| d.rule.code == code);
        found.map(|d| self.compiled.sources.slice(d.span).to_owned()).collect()
    }

    /// The lines of what was found under a code.
    pub(crate) fn found_under(&self, code: &str) -> Vec<String> {
        let mut places = Places::new(&self.compiled.sources);
        let found = self.compiled.diagnostics.iter().filter(|d| d.rule.code == code);
        found.map(|d| format!("line {}: {}", places.locate(d.span).1.line, d.message)).collect()
    }

    /// The table, where it compiled.
    pub(crate) fn table(&self) -> Result<&(String, Table), String> {
        self.table.as_ref().ok_or_else(|| format!("the policy does not compile: {:#?}", self.found()))
    }

    /// The organisation's object in the table.
    pub(crate) fn organisation(&self) -> Result<Value, String> {
        let mut table: Value = serde_json::from_str(&self.table()?.0).map_err(|error| error.to_string())?;
        let orgs = table["orgs"].as_object_mut().ok_or("a table without organisations")?;
        let (_, org) = std::mem::take(orgs).into_iter().next().ok_or("a table without an organisation")?;
        Ok(org)
    }

    /// Whether the table says yes.
    pub(crate) fn decide(&self, q: &Question) -> Result<bool, String> {
        let (_, table) = self.table()?;
        let org = table.orgs().next().ok_or("a table without an organisation")?;
        Ok(table.decide(org, &q.subject, &q.capability, &q.resource, q.at, q.from))
    }

    /// Complains where a question names what there is not: its answer would be no by chance.
    pub(crate) fn knows(&self, q: &Question) -> Result<(), String> {
        self.table()?;
        let rights = self.compiled.policy.iter().flat_map(|policy| &policy.orgs).next();
        let rights = rights.ok_or("the policy has no organisation")?;
        let org = &rights.org;
        let users = org.users.iter().map(|(_, user)| format!("user:{}", user.id));
        let links = org.links.iter().map(|(_, link)| format!("link:{}", link.id));
        let mut resources = rights.graph.containment.resources().map(|(_, resource)| resource.text(org));
        if !users.chain(links).any(|subject| subject == q.subject) {
            return Err(format!("there is no subject `{}`", q.subject));
        }
        if !resources.any(|resource| resource == q.resource) {
            return Err(format!("there is no resource `{}`", q.resource));
        }
        vocabulary().number(&q.capability).map(|_| ()).ok_or(format!("there is no capability `{}`", q.capability))
    }
}
