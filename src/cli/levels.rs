//! `--deny`, `--warn` and `--allow`: the levels of lints, in the order in which the command line names them, so that the
//! last word on a lint counts.

use camgrant::catalogue;
use camgrant::diagnostics::{Level, did_you_mean};
use clap::error::ErrorKind;
use clap::{Arg, ArgAction, ArgMatches, Args, Command, FromArgMatches};

/// What stands for every warning.
const WARNINGS: &str = "warnings";

/// The levels that the command line sets.
#[derive(Clone, Debug, Default)]
pub(crate) struct Levels(pub(crate) Vec<(String, Level)>);

const OPTIONS: [(&str, Level, &str); 3] = [
    ("deny", Level::Deny, "Report this lint as an error; `warnings` stands for every warning"),
    ("warn", Level::Warn, "Report this lint as a warning"),
    ("allow", Level::Allow, "Do not report this lint"),
];

impl Args for Levels {
    fn augment_args(command: Command) -> Command {
        OPTIONS.iter().fold(command, |command, (id, level, help)| {
            let level = *level;
            command.arg(
                Arg::new(*id)
                    .long(*id)
                    .value_name("NAME")
                    .help(*help)
                    .help_heading("Lints")
                    .action(ArgAction::Append)
                    .value_parser(move |name: &str| lint(name, level)),
            )
        })
    }

    fn augment_args_for_update(command: Command) -> Command {
        Self::augment_args(command)
    }
}

impl FromArgMatches for Levels {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Levels, clap::Error> {
        let mut levels: Vec<(usize, (String, Level))> = Vec::new();
        for (id, level, _) in OPTIONS {
            let wrong = |error| clap::Error::raw(ErrorKind::InvalidValue, error);
            let names = matches.try_get_many::<String>(id).map_err(wrong)?.into_iter().flatten();
            let places = matches.indices_of(id).into_iter().flatten();
            levels.extend(places.zip(names).map(|(place, name)| (place, (name.clone(), level))));
        }
        levels.sort_by_key(|(place, _)| *place);
        Ok(Levels(levels.into_iter().map(|(_, level)| level).collect()))
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        *self = Levels::from_arg_matches(matches)?;
        Ok(())
    }
}

/// The name of a lint from its name or code.
fn lint(name: &str, level: Level) -> Result<String, String> {
    if name == WARNINGS && level == Level::Deny {
        return Ok(name.to_owned());
    }
    if let Some(lint) = catalogue::find(name).and_then(|rule| rule.name) {
        return Ok(lint.to_owned());
    }
    let mut known: Vec<&str> = catalogue::lints().filter_map(|rule| rule.name).collect();
    if level == Level::Deny {
        known.push(WARNINGS);
    }
    let help = did_you_mean(name, known).unwrap_or_else(|| "see `camgrant explain` for their names".to_owned());
    Err(format!("no lint is called `{name}`; {help}"))
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use super::*;

    fn levels(arguments: &[&str]) -> Result<Vec<(String, Level)>, String> {
        let command = Levels::augment_args(Command::new("test").no_binary_name(true));
        let matches = command.try_get_matches_from(arguments).map_err(|error| error.to_string())?;
        Ok(Levels::from_arg_matches(&matches).unwrap().0)
    }

    #[test]
    fn levels_come_in_the_order_of_the_command_line() {
        let found = levels(&["--allow", "lapsed-link", "--deny", "warnings", "--allow", "CG1002"]).unwrap();
        let names: Vec<_> = found.iter().map(|(name, level)| (name.as_str(), *level)).collect();
        assert_eq!(
            names,
            [("lapsed-link", Level::Allow), ("warnings", Level::Deny), ("condition-not-covered", Level::Allow)]
        );
        assert!(levels(&["--warn", "redundant-grant"]).is_ok());
    }

    #[test]
    fn a_mistyped_lint_is_wrong_usage() {
        assert!(levels(&["--deny", "lapsed-lnik"]).unwrap_err().contains("did you mean `lapsed-link`?"));
        assert!(levels(&["--allow", "warnings"]).is_err());
        assert!(levels(&["--allow", "CG0301"]).is_err());
    }
}
