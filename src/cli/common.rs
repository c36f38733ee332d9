//! What every command understands: the format of reports, colour, and how much is said.

use std::io::IsTerminal;

use camgrant::diagnostics::render;
use clap::{Args, ValueEnum};

/// Options of every command.
#[derive(Clone, Debug, Args)]
pub(crate) struct Common {
    /// How reports are written
    #[arg(long, global = true, value_enum, default_value = "human", value_name = "FORMAT", help_heading = "Output")]
    pub(crate) format: Format,
    /// Colour; `auto` means on a terminal, unless NO_COLOR is set
    #[arg(long, global = true, value_enum, default_value = "auto", value_name = "WHEN", help_heading = "Output")]
    pub(crate) color: Color,
    /// No summary and no progress; findings stay
    #[arg(long, short, global = true, help_heading = "Output")]
    pub(crate) quiet: bool,
}

/// The formats of reports.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// With the source lines, and a summary at the end
    Human,
    /// One line each: `file:line:col: error[CG0301]: message`
    Short,
    /// One JSON array
    Json,
    /// SARIF 2.1.0, for platforms that show findings in code
    Sarif,
    /// Workflow commands of GitHub Actions
    Github,
    /// The code quality report of GitLab
    Gitlab,
    /// JUnit XML
    Junit,
    /// Of `review`: for a comment on a pull request
    #[value(hide = true)]
    Markdown,
    /// Of `graph`: for Graphviz
    #[value(hide = true)]
    Dot,
    /// Of `graph`: a Mermaid flowchart
    #[value(hide = true)]
    Mermaid,
    /// Of `graph`: drawn by Graphviz
    #[value(hide = true)]
    Svg,
}

impl Format {
    /// Whether it is one for drawings, which `graph` alone has.
    pub(crate) fn is_drawing(self) -> bool {
        matches!(self, Format::Dot | Format::Mermaid | Format::Svg)
    }
}

impl From<Format> for render::Format {
    fn from(format: Format) -> render::Format {
        match format {
            // a drawing is no report
            Format::Human | Format::Markdown | Format::Dot | Format::Mermaid | Format::Svg => render::Format::Human,
            Format::Short => render::Format::Short,
            Format::Json => render::Format::Json,
            Format::Sarif => render::Format::Sarif,
            Format::Github => render::Format::Github,
            Format::Gitlab => render::Format::Gitlab,
            Format::Junit => render::Format::Junit,
        }
    }
}

/// When to colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Color {
    /// On a terminal
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

/// Where text goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stream {
    /// Results.
    Stdout,
    /// What is said beside them.
    Stderr,
}

impl Stream {
    pub(crate) fn is_terminal(self) -> bool {
        match self {
            Stream::Stdout => std::io::stdout().is_terminal(),
            Stream::Stderr => std::io::stderr().is_terminal(),
        }
    }

    /// Columns of the terminal, or of a page where there is none.
    pub(crate) fn width(self) -> usize {
        const PAGE: usize = 100;
        let size = match self {
            Stream::Stdout => terminal_size::terminal_size_of(std::io::stdout()),
            Stream::Stderr => terminal_size::terminal_size_of(std::io::stderr()),
        };
        size.map_or(PAGE, |(terminal_size::Width(columns), _)| usize::from(columns))
    }
}

impl Common {
    /// Whether to colour what goes to a stream.
    pub(crate) fn colored(&self, stream: Stream) -> bool {
        let set = |name| std::env::var_os(name).is_some_and(|value| !value.is_empty());
        match self.color {
            Color::Always => true,
            Color::Never => false,
            Color::Auto => {
                let dumb = std::env::var_os("TERM").is_some_and(|terminal| terminal == "dumb");
                stream.is_terminal() && !set("NO_COLOR") && !dumb
            }
        }
    }
}
