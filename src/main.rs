//! Arguments in, exit status out. All that the program does is in the library; all that touches the outside world is in
//! `cli`.
#![forbid(unsafe_code)]

use std::process::ExitCode;

mod cli;

fn main() -> ExitCode {
    cli::main()
}
