//! Cedar's engine over the three files of one output.

use std::collections::BTreeSet;
use std::net::IpAddr;
use std::str::FromStr;

use camgrant::emit::Artefact;
use cedar_policy::{
    Authorizer, Context, Decision, Entities, EntityId, EntityTypeName, EntityUid, PolicySet, Request,
    RestrictedExpression, Schema, ValidationMode, Validator,
};

/// The engine, loaded. Its files were found to be in order.
#[derive(Debug)]
pub struct Engine {
    authorizer: Authorizer,
    schema: Schema,
    policies: PolicySet,
    entities: Entities,
    /// Loaded without a schema, as a careless caller would do it.
    bare: Entities,
}

/// What is known when a question is asked.
#[derive(Clone, Debug, Default)]
pub struct Known {
    /// Seconds since 1970.
    pub instant: Option<i64>,
    /// The schedules that hold then.
    pub schedules: Option<BTreeSet<String>>,
    /// From where; IPv4-mapped addresses as IPv4.
    pub address: Option<IpAddr>,
}

impl Engine {
    /// Loads an output.
    ///
    /// # Errors
    /// Where Cedar does not take a file, where its validator has anything against the policies in strict mode, be it a
    /// warning, or where the entities do not conform to the schema.
    pub fn load(files: &[Artefact]) -> Result<Engine, String> {
        Engine::read(files, true)
    }

    /// The same, but the validator may warn: of ids that look odd.
    ///
    /// # Errors
    /// As [`Engine::load`], warnings aside.
    pub fn load_with_warnings(files: &[Artefact]) -> Result<Engine, String> {
        Engine::read(files, false)
    }

    fn read(files: &[Artefact], strict: bool) -> Result<Engine, String> {
        let text = |path: &str| {
            let file = files.iter().find(|file| file.path == path);
            file.map(|file| file.text.as_str()).ok_or_else(|| format!("no file `{path}`"))
        };
        let (schema, warnings) =
            Schema::from_cedarschema_str(text("schema.cedarschema")?).map_err(|error| format!("schema: {error:?}"))?;
        let warnings: Vec<String> = warnings.map(|warning| warning.to_string()).collect();
        if !warnings.is_empty() {
            return Err(format!("schema: {warnings:#?}"));
        }
        let policies = PolicySet::from_str(text("policies.cedar")?).map_err(|error| format!("policies: {error:?}"))?;
        let result = Validator::new(schema.clone()).validate(&policies, ValidationMode::Strict);
        let errors = result.validation_errors().map(ToString::to_string);
        let found: Vec<String> =
            errors.chain(result.validation_warnings().map(ToString::to_string).filter(|_| strict)).collect();
        if !found.is_empty() {
            return Err(format!("policies: {found:#?}"));
        }
        let json = text("entities.json")?;
        let load = |schema: Option<&Schema>| {
            Entities::from_json_str(json, schema).map_err(|error| format!("entities: {error:?}"))
        };
        let (entities, bare) = (load(Some(&schema))?, load(None)?);
        Ok(Engine { authorizer: Authorizer::new(), schema, policies, entities, bare })
    }

    /// The `id` of each policy.
    #[must_use]
    pub fn ids(&self) -> Vec<String> {
        self.policies.policies().filter_map(|policy| policy.annotation("id")).map(ToOwned::to_owned).collect()
    }

    /// Whether the entities hold one of this type and id.
    #[must_use]
    pub fn holds(&self, kind: &str, id: &str) -> bool {
        self.entities.get(&uid(kind, id)).is_some()
    }

    /// Decides. The request is asked as it is, over entities with and without a schema; where the schema takes it, it is
    /// also asked as one that was checked, and what the schema does not take must be refused anyway.
    ///
    /// # Errors
    /// Where any policy could not be evaluated, or these answers differ.
    pub fn decide(
        &self,
        subject: &EntityUid,
        action: &EntityUid,
        resource: &EntityUid,
        known: &Known,
    ) -> Result<bool, String> {
        let context = || context(known);
        let parts = || (subject.clone(), action.clone(), resource.clone(), context());
        let ask = |entities: &Entities, schema: Option<&Schema>| -> Result<Option<bool>, String> {
            let (subject, action, resource, context) = parts();
            let request = match Request::new(subject, action, resource, context, schema) {
                Ok(request) => request,
                Err(_) if schema.is_some() => return Ok(None),
                Err(error) => return Err(error.to_string()),
            };
            let response = self.authorizer.is_authorized(&request, &self.policies, entities);
            let errors: Vec<String> = response.diagnostics().errors().map(ToString::to_string).collect();
            if errors.is_empty() { Ok(Some(response.decision() == Decision::Allow)) } else { Err(errors.join("; ")) }
        };
        let checked = ask(&self.entities, Some(&self.schema))?;
        let unchecked = ask(&self.bare, None)?;
        match (checked, unchecked) {
            (None, Some(true)) => Err("allowed, though the schema does not take the request".to_owned()),
            (Some(checked), Some(unchecked)) if checked != unchecked => {
                Err(format!("{checked} where the request is checked, {unchecked} where it is not"))
            }
            (_, unchecked) => Ok(unchecked == Some(true)),
        }
    }
}

/// A uid.
#[must_use]
pub fn uid(kind: &str, id: &str) -> EntityUid {
    EntityUid::from_type_name_and_id(EntityTypeName::from_str(kind).expect("a type"), EntityId::new(id))
}

/// The context of a request, as `docs/cedar.md` asks for it.
fn context(known: &Known) -> Context {
    let instant = known.instant.map(|at| ("instant".to_owned(), RestrictedExpression::new_long(at)));
    let schedules = known.schedules.iter().map(|ids| {
        let ids = ids.iter().map(|id| RestrictedExpression::new_string(id.clone()));
        ("schedules".to_owned(), RestrictedExpression::new_set(ids))
    });
    let address =
        known.address.map(|address| ("address".to_owned(), RestrictedExpression::new_ip(address.to_string())));
    Context::from_pairs(instant.into_iter().chain(schedules).chain(address)).expect("keys differ")
}
