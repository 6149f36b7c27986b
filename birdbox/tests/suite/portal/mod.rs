//! The developer portal as browsers meet it.

mod apps;
mod explorer;
mod forms;
mod house;
mod keys;
mod limits;
mod links;
mod people;
mod reference;
mod requests;
mod roles;
mod text;
mod usage;
