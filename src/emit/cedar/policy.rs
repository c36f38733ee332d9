//! One Cedar policy, as it stands in the file.

use std::fmt::Write as _;

use super::conditions::Part;

/// Who is spared by a forbid: in Cedar a forbid beats every permit, and here nothing beats ownership.
pub(super) const UNLESS_OWNER: &str = "principal is User && resource.owners.contains(principal)";

/// A policy. Its clauses must all hold.
#[derive(Clone, Debug)]
pub(super) struct Policy {
    /// Unique in the file.
    pub id: String,
    pub text: String,
}

/// A policy under way.
#[derive(Clone, Debug)]
pub(super) struct Draft {
    body: String,
}

impl Draft {
    /// The three parts of the head: all principals, actions or resources where a part is only its variable's name.
    pub(super) fn new(effect: &str, principal: &str, action: &str, resource: &str) -> Draft {
        Draft { body: format!("{effect} (\n  {principal},\n  {action},\n  {resource}\n)") }
    }

    pub(super) fn when(&mut self, expression: &str) {
        let _ = write!(self.body, "\nwhen {{ {expression} }}"); // a string takes everything
    }

    pub(super) fn unless(&mut self, expression: &str) {
        let _ = write!(self.body, "\nunless {{ {expression} }}");
    }

    /// The parts of a condition, with notes on what cannot be read at a glance. Such a note ends its line, and the
    /// policy's last sign stands on the next.
    pub(super) fn parts(&mut self, parts: &[Part]) {
        for Part { text, note } in parts {
            self.when(text);
            if let Some(note) = note {
                let _ = write!(self.body, " // {note}");
            }
        }
    }

    pub(super) fn body(&self) -> &str {
        &self.body
    }

    pub(super) fn named(self, id: String) -> Policy {
        let text = format!("@id({})\n{}\n;\n", super::text::quoted(&id), self.body);
        Policy { id, text }
    }
}
