//! What nodes say: a name first, then what matters of it in a few words. In: nodes. Out: their lines and looks.

use std::collections::{BTreeMap, BTreeSet};

use super::{Drawn, Look, Node};
use crate::effective::Condition;
use crate::graph::Resource;
use crate::model::{AddressSet, Consent, Grant, RoleIx};
use crate::query::told::{Names, in_words};
use crate::query::why::{Asker, Who};
use crate::vocabulary::{CapabilitySet, vocabulary};

/// How many capabilities are named.
const NAMED: usize = 4;

pub(super) fn labels(asker: &Asker<'_>, nodes: &BTreeSet<Node>, asked: &BTreeSet<Node>) -> BTreeMap<Node, Drawn> {
    let names = Names::new(asker.rights, asker.sources);
    nodes.iter().map(|node| (*node, Drawn { asked: asked.contains(node), ..of(&names, *node) })).collect()
}

fn of(names: &Names<'_>, node: Node) -> Drawn {
    let org = &names.rights.org;
    let drawn = |look, name: String, more: Vec<String>| {
        let more = more.into_iter().filter(|line| !line.is_empty());
        Drawn { look, lines: [name].into_iter().chain(more).collect(), asked: false }
    };
    let condition = |condition: &Condition| condition_text(names, condition);
    match node {
        Node::Everyone => drawn(Look::Subject, "everyone".to_owned(), Vec::new()),
        Node::User(user) => {
            let declared = &org.users[user];
            let own = Condition { from: declared.from, until: declared.until, ..Condition::default() };
            let networks = declared.networks.as_ref().map(|_| "from its networks".to_owned());
            let disabled = (declared.disabled == Some(true)).then(|| "disabled".to_owned());
            let more = [Some(condition(&own)), networks, disabled].into_iter().flatten().collect();
            drawn(Look::Subject, names.user(user), more)
        }
        Node::Team(team) => {
            let stated = condition(&Condition::from(&org.teams[team].condition));
            drawn(Look::Subject, format!("team:{}", org.teams[team].id), vec![stated])
        }
        Node::Link(link) => {
            let declared = &org.links[link];
            let disabled = if declared.enabled { String::new() } else { "not enabled".to_owned() };
            let more = vec![capabilities(declared.allow), condition(&Condition::from(&declared.condition)), disabled];
            drawn(Look::Subject, names.who(Who::Link(link)), more)
        }
        Node::Grant(index) => {
            let grant = &org.grants[index];
            let look = if grant.denial { Look::Denial } else { Look::Grant };
            let mut more = state(grant);
            more.insert(
                0,
                capabilities(grant.capabilities.iter().fold(CapabilitySet::EMPTY, |all, (set, _)| all | *set)),
            );
            more.push(condition(&Condition::from(&grant.condition)));
            drawn(look, names.grant_or_denial(index), more)
        }
        Node::Role(role) => drawn(Look::Role, format!("role {}", org.roles[role].id), of_role(names, role)),
        Node::BuiltInRole(name) => drawn(Look::Role, format!("role {name}"), Vec::new()),
        Node::All => drawn(Look::Resource, "all".to_owned(), Vec::new()),
        Node::Unassigned => drawn(Look::Resource, "unassigned".to_owned(), Vec::new()),
        Node::Resource(resource) => {
            let closed = match resource {
                Resource::Device(device) => names.rights.graph.containment.excluded[device].then_some("excluded"),
                Resource::Place(place) => org.places[place].exclude.then_some("excluded"),
                Resource::Recorder(recorder) => (!org.recorders[recorder].sharing).then_some("not shared"),
                _ => None,
            };
            let name = match resource {
                Resource::Org => format!("org ({})", org.id),
                _ => names.resource(resource),
            };
            drawn(Look::Resource, name, closed.map(str::to_owned).into_iter().collect())
        }
    }
}

/// A condition on a line or two: of addresses the first block.
fn condition_text(names: &Names<'_>, condition: &Condition) -> String {
    let time = Condition { networks: None, outside: None, ..condition.clone() };
    let time = in_words(&names.condition(&time));
    let first = |set: &AddressSet| {
        let blocks = set.blocks();
        let more = if blocks.len() > 1 { format!(" and {} more", blocks.len() - 1) } else { String::new() };
        blocks.first().map_or("nowhere".to_owned(), |block| format!("{block}{more}"))
    };
    let networks = condition.networks.as_ref().map(|set| format!("from {}", first(set)));
    let outside = condition.outside.as_ref().map(|set| format!("not from {}", first(set)));
    let parts = [Some(time).filter(|time| !time.is_empty()), networks, outside];
    parts.into_iter().flatten().collect::<Vec<_>>().join(", ")
}

fn of_role(names: &Names<'_>, role: RoleIx) -> Vec<String> {
    let role = &names.rights.org.roles[role];
    let without = capabilities(role.without);
    let without = if without.is_empty() { without } else { format!("without {without}") };
    vec![capabilities(role.allow), without]
}

/// What of a grant is not as usual.
fn state(grant: &Grant) -> Vec<String> {
    let kinds = grant.kinds.iter().flatten().map(|(kind, _)| kind.name()).collect::<Vec<_>>();
    let mut state = Vec::new();
    state.extend((!kinds.is_empty()).then(|| format!("kinds {}", kinds.join(", "))));
    state.extend(grant.read_only.then(|| "read only".to_owned()));
    state.extend((!grant.enabled).then(|| "not enabled".to_owned()));
    match grant.consent {
        Consent::Pending => state.push("not accepted yet".to_owned()),
        Consent::Rejected => state.push("rejected".to_owned()),
        _ => {}
    }
    state
}

/// The first of a set, and how many there are beside.
fn capabilities(set: CapabilitySet) -> String {
    let names: Vec<&str> = vocabulary().names(set).take(NAMED).collect();
    let more = if set.len() > NAMED { format!(" and {} more", set.len() - NAMED) } else { String::new() };
    names.join(", ") + &more
}
