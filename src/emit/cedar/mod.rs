//! The policy as Cedar has it (`docs/cedar.md`): policies, entities and a schema, which mean the same.
//!
//! In: organisations and their graphs, and nothing of the rights that were computed from them: users stay in teams,
//! devices in places, each grant is a permit and each denial a forbid, and Cedar's engine decides. Where the two
//! disagree, one of them is wrong. Out: three files, the same for the same policy.
//!
//! | file | holds |
//! |---|---|
//! | `schema` | kinds of entities, actions, the request |
//! | `entities` | who and what there is |
//! | `actions` | capabilities, patterns and roles |
//! | `teams` | who is in which team, by which ways |
//! | `standing` | ownership, exclusion, sharing, users' own accounts |
//! | `grants`, `scopes`, `conditions` | a grant or denial: for whom, where, when |
//! | `links` | temporary links |
//! | `names`, `policy`, `text` | uids, policies and expressions as text |

mod actions;
mod conditions;
mod entities;
mod grants;
mod links;
mod names;
mod policy;
mod schema;
mod scopes;
mod standing;
mod teams;
mod text;

use std::collections::BTreeMap;

use self::links::Links;
use self::names::Names;
use self::teams::Teams;
use super::{Artefact, EmitFault};
use crate::effective::OrgRights;
use crate::graph::Graph;
use crate::model::Org;

const HEAD: &str = "// A camera access policy, written by camgrant. The context of a request says `instant`, `schedules` and \
                    `address`, as far\n// as they are known; see the schema.\n";

/// Writes organisations, each in its own names; where there are several, every id begins with its organisation's.
///
/// # Errors
/// Where it would take more bytes than the limit, or too many ways into a team would have to be written.
pub(super) fn emit(orgs: &[&OrgRights], limit: u64) -> Result<Vec<Artefact>, EmitFault> {
    let orgs: Vec<(&Org, &Graph, Names<'_>)> =
        orgs.iter().map(|rights| (&rights.org, &rights.graph, Names::new(&rights.org, orgs.len() > 1))).collect();
    let hierarchy = actions::hierarchy(orgs.iter().copied());
    let mut entities = BTreeMap::new();
    entities::actions(&hierarchy, &mut entities);
    let mut policies = Written { text: HEAD.to_owned(), limit };
    standing::everywhere().into_iter().try_for_each(|policy| policies.add(policy))?;
    for (org, graph, names) in orgs {
        let teams = Teams::new(org, graph, names).map_err(EmitFault::Finding)?;
        entities::of_org(org, graph, &teams, &names, &mut entities);
        policies.org(org, graph, &teams, &names)?;
    }
    let artefacts = [
        ("entities.json", entities::written(&entities)),
        ("policies.cedar", policies.text),
        ("schema.cedarschema", schema::schema(&hierarchy)),
    ];
    Ok(artefacts.map(|(path, text)| Artefact { path: path.to_owned(), text }).into())
}

/// The policies written so far.
struct Written {
    text: String,
    limit: u64,
}

impl Written {
    fn org(&mut self, org: &Org, graph: &Graph, teams: &Teams<'_>, names: &Names<'_>) -> Result<(), EmitFault> {
        let mut standing = standing::within(org, graph, names);
        standing.sort_by(|a, b| a.id.cmp(&b.id));
        standing.into_iter().try_for_each(|policy| self.add(policy))?;
        let statements = grants::statements(org, graph, teams, names);
        // two grants without an id that say the same are one
        let mut by_id: BTreeMap<String, policy::Policy> = BTreeMap::new();
        for statement in &statements {
            by_id.extend(statement.policies(names).into_iter().map(|policy| (policy.id.clone(), policy)));
        }
        by_id.into_values().try_for_each(|policy| self.add(policy))?;
        let links = Links { org, names, teams, statements: &statements };
        let mut order: Vec<_> = org.links.iter().collect();
        order.sort_by(|(_, a), (_, b)| a.id.cmp(&b.id));
        order.into_iter().filter_map(|(link, _)| links.policy(link)).try_for_each(|policy| self.add(policy))
    }

    fn add(&mut self, policy: policy::Policy) -> Result<(), EmitFault> {
        self.text.push('\n');
        self.text.push_str(&policy.text);
        if self.text.len() as u64 > self.limit { Err(EmitFault::TooLarge) } else { Ok(()) }
    }
}
