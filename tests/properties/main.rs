//! What has to hold between two policies, or between two forms of one: properties of the meaning as a whole, which no
//! single case shows. Every property is judged on random policies by what they decide, under known and unknown
//! instants and addresses; and every one is shown to be able to fail, on tables that were tampered with.
//!
//! A failure prints its seed and the question whose answer is wrong. `CAMGRANT_CASES=1000` asks for that many policies
//! for each property, `CAMGRANT_SEED=…` for one.

#![allow(clippy::disallowed_methods)] // the harness takes the number of cases from the environment
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // a test fails by panicking

#[path = "../support/mod.rs"]
mod support;

mod accounts;
mod coverage;
mod features;
mod harness;
mod layouts;
mod monotone;
mod names;
mod questions;
mod same_as;
mod teams;
mod windows;
