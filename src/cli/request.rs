//! When and from where something is asked, and in which organisation: options common to the commands that ask.

use std::net::IpAddr;

use camgrant::query::Request;
use clap::Args;
use jiff::Timestamp;

/// When, from where, in which organisation.
#[derive(Clone, Debug, Args)]
pub(crate) struct RequestOptions {
    /// When: an RFC 3339 instant, such as `2026-11-23T02:00:00+01:00`
    #[arg(long, value_name = "INSTANT")]
    pub(crate) at: Option<Timestamp>,
    /// From where: an IPv4 or IPv6 address
    #[arg(long, value_name = "ADDRESS")]
    pub(crate) address: Option<IpAddr>,
    /// In which organisation, where there are several
    #[arg(long, value_name = "ID")]
    pub(crate) org: Option<String>,
}

impl RequestOptions {
    /// The request, in whole seconds.
    pub(crate) fn request(&self) -> Request {
        Request { at: self.at.map(second), address: self.address }
    }
}

impl RequestOptions {
    /// The request, where anything of it is known.
    pub(crate) fn known(&self) -> Option<Request> {
        (self.at.is_some() || self.address.is_some()).then(|| self.request())
    }
}

/// The whole second in which an instant lies.
pub(crate) fn second(at: Timestamp) -> i64 {
    // jiff rounds towards 1970
    at.as_second() - i64::from(at.subsec_nanosecond() < 0)
}
