//! A sign of life for work that takes long: on a terminal, after a second, in one line that vanishes at the end.

use std::io::Write;
use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use super::common::{Common, Format, Stream};

/// How long nothing is said, and how often something is.
const PATIENCE: Duration = Duration::from_secs(1);

/// Work under way; it is over when this is dropped.
pub(crate) struct Progress {
    running: Option<(Sender<()>, JoinHandle<()>)>,
}

impl Progress {
    /// Begins to watch, unless nobody is looking.
    pub(crate) fn start(what: &'static str, common: &Common) -> Progress {
        let watched = !common.quiet && common.format == Format::Human && Stream::Stderr.is_terminal();
        let running = watched.then(|| {
            let (stop, stopped) = mpsc::channel();
            let thread = thread::spawn(move || {
                let started = Instant::now();
                let mut shown = false;
                // a terminal that cannot be written to is no reason to stop the work
                while stopped.recv_timeout(PATIENCE) == Err(RecvTimeoutError::Timeout) {
                    let _ = write!(std::io::stderr(), "\r{what} … {} s", started.elapsed().as_secs());
                    shown = true;
                }
                if shown {
                    let _ = write!(std::io::stderr(), "\r{:40}\r", "");
                }
            });
            (stop, thread)
        });
        Progress { running }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if let Some((stop, thread)) = self.running.take() {
            drop(stop);
            let _ = thread.join();
        }
    }
}
