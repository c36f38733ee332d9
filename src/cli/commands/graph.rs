//! `graph`: the inheritance graph, or the part around some subjects and resources, as DOT, Mermaid or SVG.

use std::path::PathBuf;

use camgrant::effective::OrgRights;
use camgrant::query::{Around, Asker, Drawing, dot, mermaid};

use crate::cli::chosen::choose_rights;
use crate::cli::common::{Common, Format, Stream};
use crate::cli::exit::{Failure, Status};
use crate::cli::graphviz::svg;
use crate::cli::output;
use crate::cli::policy::{Answering, PolicyOptions};
use crate::cli::question::{Whom, number, read_capability, read_resource, read_subject, resource_of, team_of};

/// More nodes are no drawing.
const MOST_NODES: usize = 1000;
/// Mermaid draws no more edges, where its settings are not changed; platforms do not change them.
const MOST_MERMAID_EDGES: usize = 500;

/// Draw who is in which team, whom grants name, what they give, and what lies in what
///
/// The whole graph, or with `--for` the part around subjects and resources; of both together, the grants that lead from
/// those to these. As DOT for Graphviz (the default), as Mermaid, or with Graphviz installed as SVG. Three or more users or
/// devices that are connected alike are drawn as one.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "Examples:\n  \
    camgrant graph -p policy/ --format mermaid\n  \
    camgrant graph -p policy/ --for team:guards --format svg > guards.svg\n  \
    camgrant graph -p policy/ --for nina@acme.example --for device:gate --capability live.view")]
pub(crate) struct Args {
    /// Around what: a user's id, `user:<id>`, `link:<id>`, `team:<id>`, or a resource such as `group:hq/lobby`. May be
    /// repeated
    #[arg(long = "for", value_name = "SUBJECT|RESOURCE")]
    around: Vec<String>,
    /// Only grants and denials of this capability
    #[arg(long, value_name = "CAPABILITY")]
    capability: Option<String>,
    /// The policy: a folder or a file; `-` is standard input, `git:REV` the current folder at a revision
    #[arg(long, short, default_value = ".", value_name = "POLICY")]
    policy: PathBuf,
    /// Of which organisation, where there are several
    #[arg(long, value_name = "ID")]
    org: Option<String>,
    #[command(flatten)]
    options: PolicyOptions,
}

pub(crate) fn run(args: Args, common: &Common) -> Result<Status, Failure> {
    let capability = args.capability.as_deref().map(read_capability).transpose()?;
    let Answering { sources, policy, .. } = args.options.ask(&args.policy, common)?;
    let rights = choose_rights(&policy, args.org.as_deref())?;
    let capability = capability.as_deref().map(number).transpose()?;
    let mut around = Around { capability, ..Around::default() };
    for text in &args.around {
        add(&mut around, text, rights)?;
    }
    let drawing = Asker { rights, sources: &sources }.drawing(&around);
    print(&drawing, common)?;
    Ok(Status::Clean)
}

/// A subject or a resource, by its form.
fn add(around: &mut Around, text: &str, rights: &OrgRights) -> Result<(), Failure> {
    let kind = text.split_once(':').map(|(kind, _)| kind);
    if matches!(text, "all" | "unassigned") {
        return Err(Failure::new(format!("`{text}` is no single resource"))
            .help(Some("without `--for` everything is drawn".to_owned())));
    }
    if text != "org" && matches!(kind, None | Some("user" | "link" | "team")) {
        match read_subject(text)? {
            Whom::Team(id) => around.teams.push(team_of(rights, &id)?),
            one => around.subjects.extend(one.meant(rights)?),
        }
    } else {
        around.resources.push(resource_of(rights, read_resource(text)?.text())?);
    }
    Ok(())
}

fn print(drawing: &Drawing, common: &Common) -> Result<(), Failure> {
    let count = drawing.nodes.len();
    if count > MOST_NODES {
        return Err(Failure::new(format!("this graph has {count} nodes; more than {MOST_NODES} are not drawn")).help(
            Some(
                "draw the part around something: `--for team:<id>`, `--for device:<id>`, `--capability <name>`".into(),
            ),
        ));
    }
    match common.format {
        Format::Mermaid => {
            let edges = drawing.edges.len();
            if edges > MOST_MERMAID_EDGES && !common.quiet {
                let note = format!(
                    "note: {edges} edges; Mermaid draws {MOST_MERMAID_EDGES} unless its `maxEdges` is raised: narrow the \
                     graph with `--for`\n"
                );
                output::print(Stream::Stderr, |out| out.write_all(note.as_bytes()))?;
            }
            output::print_text(&mermaid(drawing))
        }
        Format::Svg => output::print_text(&svg(&dot(drawing))?),
        _ => output::print_text(&dot(drawing)),
    }
}
