//! Answers, told: names, files and lines in place of indices and spans. In: an answer. Out: plain data that goes to JSON
//! as it is, and text for people made of the same.

mod answer;
mod bisect;
mod blocks;
mod changes;
mod history;
mod names;
mod text;
mod timeline;
mod why;
mod words;

pub use answer::{PairsTold, WhyAnswer, why_answer_text};
pub use bisect::{AnswerTold, BisectTold, CommitTold, MergeTold, PassedOverTold, TurnedTold, bisect_text};
pub use blocks::{BlockTold, DatesOf, GrantBlockTold, Holders, what_text, who_text};
pub use changes::{CellsTold, ChangeTold, EditTold};
pub use history::{HistoryTold, PeriodTold, SpanTold, history_text};
pub use names::{ConditionTold, GrantName, PlaceTold};
pub(crate) use names::{Names, in_words};
pub use text::why_text;
pub use timeline::{
    AheadTold, HeldSpanTold, HeldTold, TimedBlockTold, TimelineTold, TurnBlockTold, TurnTold, ahead_text, timeline_text,
};
pub use why::{GivenTold, MakerTold, NearTold, ObstacleTold, OwnedTold, Step, SubjectRouteTold, WhyTold};
