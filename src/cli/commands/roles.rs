//! `roles`: the built-in roles, and what one of them comes to.

use camgrant::diagnostics::did_you_mean;
use camgrant::vocabulary::{Role, vocabulary};
use serde_json::json;

use super::capabilities::{as_json as capability_as_json, columns};
use crate::cli::common::{Common, Format};
use crate::cli::exit::{Failure, Status};
use crate::cli::output;

/// List the built-in roles, or what one of them comes to
#[derive(Debug, clap::Args)]
#[command(after_long_help = "Examples:\n  \
    camgrant roles\n  \
    camgrant roles std/operator")]
pub(crate) struct Args {
    /// A built-in role; without it, all are listed
    #[arg(value_name = "ROLE")]
    role: Option<String>,
}

pub(crate) fn run(args: &Args, common: &Common) -> Result<Status, Failure> {
    let json = common.format == Format::Json;
    match &args.role {
        None if json => output::print_json(&vocabulary().roles().iter().map(as_json).collect::<Vec<_>>())?,
        None => output::print_text(&list())?,
        Some(name) => {
            let role = vocabulary().role(name).ok_or_else(|| unknown(name))?;
            if json {
                let mut page = as_json(role);
                page["capabilities"] = role.capabilities.iter().map(capability_as_json).collect();
                output::print_json(&page)?;
            } else {
                output::print_text(&one(role))?;
            }
        }
    }
    Ok(Status::Clean)
}

fn unknown(name: &str) -> Failure {
    let near = did_you_mean(name, vocabulary().roles().iter().map(|role| role.name.as_str()));
    Failure::new(format!("no built-in role is called `{name}`"))
        .help(near.or_else(|| Some("`camgrant roles` lists them all".to_owned())))
}

fn list() -> String {
    let row = |role: &Role| [role.name.clone(), written(role)];
    columns(["ROLE", "IS"], vocabulary().roles().iter().map(row))
}

/// A role as a policy would write it: what it extends, and what it adds.
fn written(role: &Role) -> String {
    let extends = role.extends.iter().cloned();
    let adds = (!role.allow.is_empty()).then(|| role.allow.join(", "));
    extends.chain(adds).collect::<Vec<_>>().join(" + ")
}

fn one(role: &Role) -> String {
    let row = |number: usize| {
        let capability = &vocabulary().capabilities()[number];
        [capability.name.clone(), capability.class.name().to_owned(), capability.meaning.clone()]
    };
    let table = columns(["CAPABILITY", "CLASS", "LETS ONE"], role.capabilities.iter().map(row));
    format!("{} = {}\n\n{table}", role.name, written(role))
}

fn as_json(role: &Role) -> serde_json::Value {
    let capabilities: Vec<&str> = vocabulary().names(role.capabilities).collect();
    json!({ "name": role.name, "extends": role.extends, "allow": role.allow, "capabilities": capabilities })
}
