//! How the program ends: its exit status, and what it says where it could not do its work.

use std::fmt;
use std::io;
use std::process::ExitCode;

use camgrant::compile::files;
use camgrant::diagnostics::Diagnostic;
use camgrant::diff::Unknown;
use camgrant::source::disk::words;

/// The exit status.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Status {
    /// Clean, or a `yes`.
    Clean = 0,
    /// Findings of level error or deny, or a `no`.
    Findings = 1,
    /// Wrong usage, or an input or output that failed.
    Failed = 2,
}

impl Status {
    /// What findings come to: an input that could not be read weighs more than anything found in what could.
    pub(crate) fn of(diagnostics: &[Diagnostic]) -> Status {
        let unread = [files::UNREADABLE.code, files::NOTHING_TO_READ.code];
        if diagnostics.iter().any(|diagnostic| unread.contains(&diagnostic.rule.code)) {
            Status::Failed
        } else if diagnostics.iter().any(Diagnostic::is_error) {
            Status::Findings
        } else {
            Status::Clean
        }
    }
}

impl From<Status> for ExitCode {
    fn from(status: Status) -> ExitCode {
        ExitCode::from(status as u8)
    }
}

/// Why a command could not do its work. The exit status is then [`Status::Failed`].
#[derive(Debug)]
pub(crate) enum Failure {
    /// What to tell the user.
    Told(Told),
    /// The user was told already: by a report on the policy.
    Reported,
    /// Whoever read the output has stopped reading: there is nobody left to tell.
    ClosedPipe,
}

/// A message with a way out.
#[derive(Debug)]
pub(crate) struct Told {
    message: String,
    help: Option<String>,
}

impl Told {
    /// The message alone.
    pub(crate) fn message(&self) -> &str {
        &self.message
    }
}

impl Failure {
    /// A failure with this message: lower case, no full stop.
    pub(crate) fn new(message: impl Into<String>) -> Failure {
        Failure::Told(Told { message: message.into(), help: None })
    }

    /// Says what to do, where something can be said.
    pub(crate) fn help(self, help: Option<String>) -> Failure {
        match self {
            Failure::Told(told) => Failure::Told(Told { help, ..told }),
            other => other,
        }
    }

    /// An output that failed.
    pub(crate) fn output(what: &str, error: &io::Error) -> Failure {
        if error.kind() == io::ErrorKind::BrokenPipe {
            Failure::ClosedPipe
        } else {
            Failure::new(format!("cannot write {what}: {}", words(error)))
                .help(way_out(error.kind()).map(str::to_owned))
        }
    }

    /// Standard output or standard error that failed.
    pub(crate) fn stream(error: &io::Error) -> Failure {
        Failure::output("to the output stream", error)
    }

    /// An input that failed.
    pub(crate) fn input(what: &str, error: &io::Error) -> Failure {
        Failure::new(format!("cannot read {what}: {}", words(error)))
    }
}

impl From<Unknown> for Failure {
    fn from(Unknown(what): Unknown) -> Failure {
        Failure::new(format!("{what} is not known to this version of the program"))
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Failure::Told(told) => f.write_str(&told.message),
            Failure::Reported => f.write_str("the policy does not compile"),
            Failure::ClosedPipe => f.write_str("nobody reads it"),
        }
    }
}

impl fmt::Display for Told {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "error: {}", self.message)?;
        match &self.help {
            Some(help) => write!(f, "\n  help: {help}"),
            None => Ok(()),
        }
    }
}

/// What to do about an output that failed, where that is known.
fn way_out(kind: io::ErrorKind) -> Option<&'static str> {
    use io::ErrorKind;
    Some(match kind {
        ErrorKind::NotFound | ErrorKind::NotADirectory => "name a place in a folder that is there",
        ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem => {
            "check who may write into that folder, or name another one"
        }
        ErrorKind::IsADirectory => "name a file, in this folder or in another one",
        ErrorKind::AlreadyExists => "choose another folder, or remove it first",
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => "make room there, or name another place",
        ErrorKind::FileTooLarge => {
            "raise the limit (`ulimit -f`), or choose a smaller output such as `--layout factored`"
        }
        _ => return None,
    })
}
