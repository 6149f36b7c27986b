//! The developer portal as browsers meet it.

mod apps;
mod explorer;
mod forms;
mod house;
mod keys;
mod links;
mod people;
mod roles;
mod text;
