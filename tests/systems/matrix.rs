//! A matrix: what a system's roles may do, as its manual prints it. Every cell is a check of its own: the capability is
//! taken out of its role, or put into it, and exactly this answer turns.

use camgrant::vocabulary::applies;
use serde::Deserialize;
use serde_yaml::Mapping;

use crate::policy::{ADD, Edits, Outcome, Policy, Question};
use crate::support::markdown::Fence;
use crate::topic::{OneOrMany, is_id, pairs};

/// A table of roles and capabilities.
#[derive(Debug)]
pub(crate) struct Matrix {
    pub(crate) line: usize,
    pub(crate) columns: Vec<Column>,
    pub(crate) rows: Vec<Row>,
}

/// A role, and a user who has it.
#[derive(Debug)]
pub(crate) struct Column {
    pub(crate) title: String,
    user: String,
    /// Where it is asked: on each of these to which the capability applies.
    on: Vec<String>,
    way: Way,
}

/// How the user comes to the rights of a column.
#[derive(Debug)]
enum Way {
    /// By a role, that of the column or, where it has none, of the row. Its name stands once in the policy.
    Role(Option<String>),
    /// By ownership, which these edits take away.
    Owner(Edits),
}

/// What can be done.
#[derive(Debug)]
pub(crate) struct Row {
    pub(crate) words: String,
    /// The role that gives it, where this is no matter of the column.
    pub(crate) role: Option<String>,
    pub(crate) capabilities: Vec<String>,
    /// One for each column.
    pub(crate) cells: Vec<Cell>,
}

/// Whether it can be done, and which statement says so.
#[derive(Clone, Debug)]
pub(crate) enum Cell {
    /// Not asked.
    Blank,
    Is {
        yes: bool,
        id: Option<String>,
    },
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    columns: Mapping,
    rows: Vec<WrittenRow>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenColumn {
    user: String,
    on: OneOrMany,
    role: Option<String>,
    #[serde(default)]
    owner: Mapping,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenRow {
    what: String,
    role: Option<String>,
    is: OneOrMany,
    cells: Vec<String>,
}

impl Matrix {
    /// Reads a fence.
    pub(crate) fn read(fence: &Fence) -> Result<Matrix, String> {
        let written: Written = serde_yaml::from_str(&fence.text).map_err(|error| error.to_string())?;
        let mut columns = Vec::new();
        for (title, column) in written.columns {
            let title = title.as_str().ok_or("the title of a column must be text")?.to_owned();
            let column: WrittenColumn =
                serde_yaml::from_value(column).map_err(|error| format!("column `{title}`: {error}"))?;
            let owner = Edits(pairs(&column.owner)?);
            let way = match column.role {
                role if owner.0.is_empty() => Way::Role(role),
                None => Way::Owner(owner),
                Some(_) => return Err(format!("column `{title}`: either `role` or `owner`")),
            };
            columns.push(Column { title, user: column.user, on: column.on.into_vec(), way });
        }
        let rows = written.rows.into_iter().map(|row| {
            let cells: Vec<Cell> = row.cells.iter().map(|cell| Cell::read(cell)).collect::<Result<_, _>>()?;
            if cells.len() != columns.len() {
                return Err(format!("row `{}`: {} cells for {} columns", row.what, cells.len(), columns.len()));
            }
            let capabilities = row.is.into_vec();
            if capabilities.is_empty() {
                return Err(format!("row `{}` asks for nothing", row.what));
            }
            Ok(Row { words: row.what, role: row.role, capabilities, cells })
        });
        let rows = rows.collect::<Result<Vec<_>, String>>()?;
        Ok(Matrix { line: fence.line, columns, rows })
    }

    /// The ids of its cells, with their words.
    pub(crate) fn statements(&self) -> Vec<(String, String)> {
        let mut all = Vec::new();
        for (cell, row, column) in self.cells() {
            if let Cell::Is { yes, id: Some(id) } = cell {
                all.push((id.clone(), format!("{}: {}{}", column.title, if *yes { "" } else { "not " }, row.words)));
            }
        }
        all
    }

    /// The capabilities that some cell says are held.
    pub(crate) fn held(&self) -> impl Iterator<Item = &str> {
        let yes = |row: &&Row| row.cells.iter().any(|cell| matches!(cell, Cell::Is { yes: true, .. }));
        self.rows.iter().filter(yes).flat_map(|row| &row.capabilities).map(String::as_str)
    }

    fn cells(&self) -> impl Iterator<Item = (&Cell, &Row, &Column)> {
        let cells = self.rows.iter().flat_map(|row| row.cells.iter().zip(&self.columns).map(move |cell| (row, cell)));
        cells.map(|(row, (cell, column))| (cell, row, column))
    }

    /// Everything that is wrong with it under a policy.
    pub(crate) fn judge(&self, policy: &Policy) -> Vec<String> {
        let mut wrong = Vec::new();
        let before = match policy.outcome() {
            Ok(outcome) => outcome,
            Err(error) => return vec![error],
        };
        for (cell, row, column) in self.cells() {
            let Cell::Is { yes, id } = cell else { continue };
            let id = id.as_deref().map(|id| format!("{id}: ")).unwrap_or_default();
            for capability in &row.capabilities {
                if let Err(error) = self.judge_cell(policy, &before, (column, row.role.as_deref()), capability, *yes) {
                    wrong.push(format!("{id}`{}` × `{}`, {capability}: {error}", row.words, column.title));
                }
            }
        }
        wrong
    }

    fn judge_cell(
        &self,
        policy: &Policy,
        before: &Outcome,
        (column, role): (&Column, Option<&str>),
        capability: &str,
        yes: bool,
    ) -> Result<(), String> {
        column.expect(before, capability, yes)?;
        let after = column.turned(policy, role, capability, yes)?.outcome()?;
        column.expect(&after, capability, !yes).map_err(|error| format!("after the turn: {error}"))?;
        // an owner's turn takes everything; a role's turn, this and nothing else
        if matches!(column.way, Way::Owner(_)) {
            return Ok(());
        }
        for other in self.rows.iter().flat_map(|row| &row.capabilities).filter(|other| *other != capability) {
            for question in column.questions(other) {
                if before.decide(&question)? != after.decide(&question)? {
                    return Err(format!("the turn turns {other} on {} too", question.resource));
                }
            }
        }
        Ok(())
    }
}

impl Column {
    /// Asks for a capability on every resource of the column to which it applies.
    fn questions(&self, capability: &str) -> Vec<Question> {
        let applies_to = |resource: &&String| applies(capability, resource.split(':').next().unwrap_or_default());
        let question = |resource: &String| Question {
            subject: format!("user:{}", self.user),
            capability: capability.to_owned(),
            resource: resource.clone(),
            at: None,
            from: None,
        };
        self.on.iter().filter(applies_to).map(question).collect()
    }

    fn expect(&self, outcome: &Outcome, capability: &str, yes: bool) -> Result<(), String> {
        let questions = self.questions(capability);
        if questions.is_empty() {
            return Err("it applies to nothing in the column".to_owned());
        }
        for question in questions {
            outcome.knows(&question)?;
            if outcome.decide(&question)? == yes {
                continue;
            }
            return Err(format!("it is {} on {}", if yes { "no" } else { "yes" }, question.resource));
        }
        Ok(())
    }

    /// The policy in which the role (the row's, or else the column's) has lost a capability, or got it.
    fn turned(&self, policy: &Policy, role: Option<&str>, capability: &str, yes: bool) -> Result<Policy, String> {
        let own = match &self.way {
            Way::Role(own) => own.as_deref(),
            Way::Owner(edits) if yes => return policy.edited(edits),
            Way::Owner(_) => return Err("nothing is kept from an owner".to_owned()),
        };
        let role = role.or(own).ok_or("neither its row nor its column has a role")?;
        let is_name = |c: char| c.is_ascii_alphanumeric() || "._/-".contains(c);
        let whole =
            |at: &usize| !policy.text[..*at].ends_with(is_name) && !policy.text[at + role.len()..].starts_with(is_name);
        let places: Vec<usize> = policy.text.match_indices(role).map(|(at, _)| at).filter(whole).collect();
        let [at] = places[..] else {
            return Err(format!("the role `{role}` occurs {} times in the policy, and must occur once", places.len()));
        };
        let change = if yes { "without" } else { "allow" };
        let mut turned = policy.clone();
        turned.text.replace_range(at..at + role.len(), "cell");
        let declared = format!("roles: {{ cell: {{ extends: {role}, {change}: {capability} }} }}");
        turned.edited(&Edits(vec![(ADD.to_owned(), declared)]))
    }
}

impl Cell {
    /// `VERK-46`, `not VERK-56`, `yes`, `no`, or a dot.
    fn read(text: &str) -> Result<Cell, String> {
        let (yes, id) = match text {
            "." => return Ok(Cell::Blank),
            "yes" => (true, None),
            "no" => (false, None),
            _ => text.strip_prefix("not ").map_or((true, Some(text)), |id| (false, Some(id))),
        };
        match id {
            Some(id) if !is_id(id) => Err(format!("`{text}` is no cell")),
            id => Ok(Cell::Is { yes, id: id.map(str::to_owned) }),
        }
    }
}
