//! The reader: a table loaded and indexed, to be asked who may do what.

use std::collections::BTreeMap;
use std::net::IpAddr;

use jiff::Timestamp;
use serde::Deserialize;

use super::condition::Request;
use super::error::LoadError;
use super::format::{Document, FORMAT, Layout};
use super::organisation::Organisation;

/// An effective-permission table, ready to be asked.
///
/// A question costs a few lookups and allocates nothing. What the table does not state is not allowed: an organisation,
/// subject, capability or resource that it does not name is simply answered `false`. Names are compared as written;
/// users are `user:` and their id in lower case.
///
/// ```
/// use camgrant::table::Table;
///
/// let table = Table::load(r#"{
///   "format": "camgrant.table/1",
///   "layout": "expanded",
///   "orgs": {
///     "acme": {
///       "subjects": {
///         "user:nina@acme.example": {
///           "networks": ["10.0.0.0/8"],
///           "access": [
///             {
///               "resources": ["device:lobby"],
///               "allow": ["live.view"],
///               "allow_when": [
///                 { "capabilities": ["ptz.control"], "when": [ { "until": "2027-01-01T00:00:00Z" } ] }
///               ]
///             }
///           ]
///         }
///       }
///     }
///   }
/// }"#)?;
///
/// let nina = |capability, at, address| {
///     table.decide("acme", "user:nina@acme.example", capability, "device:lobby", at, address)
/// };
/// let office = "10.1.2.3".parse().ok();
/// assert!(nina("live.view", None, office));
/// assert!(!nina("live.view", None, None), "her networks do not hold for an unknown address");
/// assert!(nina("ptz.control", "2026-12-31T23:59:59Z".parse().ok(), office));
/// assert!(!nina("ptz.control", "2027-01-01T00:00:00Z".parse().ok(), office));
/// # Ok::<(), camgrant::table::LoadError>(())
/// ```
#[derive(Debug)]
pub struct Table {
    layout: Layout,
    orgs: BTreeMap<Box<str>, Organisation>,
}

impl Table {
    /// Loads a table in any of the three layouts from its JSON.
    ///
    /// Everything is validated here, so that no question can fail later. Time and space are bounded by the input's
    /// size, whoever wrote it.
    ///
    /// # Errors
    ///
    /// [`LoadError`] where it is not a table of a known format and layout, or anything in it is malformed. A table is
    /// never loaded in part.
    pub fn load(json: impl AsRef<[u8]>) -> Result<Self, LoadError> {
        let json = json.as_ref();
        match serde_json::from_slice(json) {
            Ok(document) => Self::from_document(&document),
            Err(error) => Err(unknown_header(json).unwrap_or_else(|| LoadError::from_json(&error))),
        }
    }

    /// Loads a table from its document.
    ///
    /// # Errors
    ///
    /// As [`Table::load`], where the document is of another format, or anything in it is malformed.
    pub fn from_document(document: &Document<'_>) -> Result<Self, LoadError> {
        if document.format != FORMAT {
            return Err(LoadError::Format(document.format.to_string()));
        }
        let layout = document.layout;
        let orgs = document.orgs.iter().map(|(id, org)| Ok((id.as_ref().into(), Organisation::load(id, org, layout)?)));
        Ok(Self { layout, orgs: orgs.collect::<Result<_, _>>()? })
    }

    /// Whether `subject` (`user:…` or `link:…`) may use `capability` on `resource` (`device:…`, `org`, …) at the instant
    /// `at`, from `address` (`table: To decide`).
    ///
    /// Where `at` or `address` is not known, a condition that asks for it does not hold where it allows, and does hold
    /// where it denies; the subject's own `from`, `until` and `networks` do not hold (`semantics §4`).
    #[must_use]
    pub fn decide(
        &self,
        org: &str,
        subject: &str,
        capability: &str,
        resource: &str,
        at: Option<Timestamp>,
        address: Option<IpAddr>,
    ) -> bool {
        let request = Request::new(at, address);
        self.orgs.get(org).is_some_and(|org| org.decide(subject, capability, resource, &request))
    }

    /// The layout that the table was in.
    #[must_use]
    pub fn layout(&self) -> Layout {
        self.layout
    }

    /// The organisations, in order.
    pub fn orgs(&self) -> impl Iterator<Item = &str> {
        self.orgs.keys().map(AsRef::as_ref)
    }

    /// The subjects of an organisation, in order; none where there is no such organisation.
    pub fn subjects(&self, org: &str) -> impl Iterator<Item = &str> {
        self.orgs.get(org).into_iter().flat_map(Organisation::subjects)
    }

    /// The resources on which a right of the subject allows something, under some condition or none, in order. In the
    /// factored layout another of its rights may deny it all.
    pub fn resources(&self, org: &str, subject: &str) -> impl Iterator<Item = &str> {
        self.orgs.get(org).map(|org| org.resources(subject)).into_iter().flatten()
    }
}

/// What of a document says how the rest is to be read.
#[derive(Deserialize)]
struct Header {
    format: String,
    layout: String,
}

/// The error of a table whose version or layout this reader does not know; that its other keys are unknown, too, is no
/// wonder then.
fn unknown_header(json: &[u8]) -> Option<LoadError> {
    let header: Header = serde_json::from_slice(json).ok()?;
    if header.format != FORMAT {
        return Some(LoadError::Format(header.format));
    }
    let known =
        [Layout::Expanded, Layout::Compact, Layout::Factored].iter().any(|layout| layout.name() == header.layout);
    (!known).then_some(LoadError::Layout(header.layout))
}
