//! The developer portal as browsers meet it.

mod apps;
mod forms;
mod house;
mod keys;
mod links;
mod people;
mod reference;
mod roles;
mod text;
