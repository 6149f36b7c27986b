//! A picture of who follows whom around a user: the newest of both lists on a ring, by an order
//! that is the same each time, and the same as a table.

use std::collections::HashMap;
use std::fmt::Write as _;

use askama::Template;
use model::{Direction, User, UserId};
use store::{Detail, ListStart};

use super::super::cx::Cx;
use super::super::page::Frame;
use super::super::refusal::Refused;
use super::line::state_word;
use super::profile::Head;

/// So many of each list are drawn.
const EACH: usize = 75;
/// So many follows among them are drawn.
const MOST_EDGES: usize = 600;
/// The radius of the ring. The picture is 1000 wide; what is left holds the names.
const RADIUS: f64 = 355.0;

/// A neighbour, as the picture and the table show it.
struct Node {
    id: String,
    username: String,
    follows: bool,
    is_followed: bool,
    state: Option<&'static str>,
    /// Follows to and from other neighbours.
    among: usize,
    x: String,
    y: String,
    /// How its name is turned, and on which end it begins.
    turn: String,
    is_left: bool,
}

#[derive(Template)]
#[template(path = "portal/users/graph.html")]
pub(super) struct GraphPage {
    frame: Frame,
    head: Head,
    nodes: Vec<Node>,
    /// Paths of SVG: to the user, from the user, both ways, and among the others.
    inward: String,
    outward: String,
    mutual: String,
    among: String,
    each: usize,
    edges: usize,
    has_more_edges: bool,
}

/// Who is drawn, in the order of the ring: followers, then those who are both, then those who are
/// followed; each group by its id.
async fn neighbours(cx: &Cx<'_>, user: &User) -> Result<Vec<(UserId, [bool; 2])>, Refused> {
    let mut sides: HashMap<UserId, [bool; 2]> = HashMap::new();
    for (side, direction) in [Direction::Followers, Direction::Following].into_iter().enumerate() {
        let list = cx.portal.state.store.list_ids(user.id, direction, ListStart::Newest, EACH).await?;
        for (id, _) in list.into_iter().flat_map(|list| list.users).filter(|(id, _)| *id != user.id) {
            if let Some(stands) = sides.entry(id).or_default().get_mut(side) {
                *stands = true;
            }
        }
    }
    let mut all: Vec<_> = sides.into_iter().collect();
    let group = |sides: [bool; 2]| match sides {
        [true, false] => 0,
        [true, true] => 1,
        [false, _] => 2,
    };
    all.sort_unstable_by_key(|(id, sides)| (group(*sides), *id));
    Ok(all)
}

/// The tab with the picture.
pub(super) async fn page(cx: &Cx<'_>, user: &User) -> Result<GraphPage, Refused> {
    let store = &cx.portal.state.store;
    let all = neighbours(cx, user).await?;
    let ids: Vec<_> = all.iter().map(|(id, _)| *id).collect();
    let batch = store.users_by_ids(&ids, Detail::Core).await?;
    // What lies beyond the first pages of the two lists may still be a follow of the user.
    let relations = store.relations(user.id, &batch).await?;
    let mut edges = store.follows_among(&batch).await?;
    edges.retain(|(one, other)| one != other);
    let mut degrees = vec![0_usize; ids.len()];
    for at in edges.iter().flat_map(|(one, other)| [*one, *other]) {
        if let Some(degree) = degrees.get_mut(at) {
            *degree += 1;
        }
    }
    let places = ring(ids.len());
    let (mut inward, mut outward, mut mutual, mut among) = (String::new(), String::new(), String::new(), String::new());
    let mut nodes = Vec::with_capacity(ids.len());
    for (at, (&(angle, x, y), degree)) in places.iter().zip(degrees).enumerate() {
        let (Some(user), Some(relation)) = (batch.get(at), relations.get(at)) else { continue };
        let line = match (relation.followed_by, relation.following) {
            (true, true) => &mut mutual,
            (true, false) => &mut inward,
            (false, _) => &mut outward,
        };
        // Writing to a String cannot fail; so below.
        let _ = write!(line, "M0 0L{x:.0} {y:.0}");
        let is_left = x < 0.0;
        let degrees = angle.to_degrees();
        nodes.push(Node {
            id: user.id.to_string(),
            username: user.username.to_text(),
            follows: relation.followed_by,
            is_followed: relation.following,
            state: state_word(user.state),
            among: degree,
            x: format!("{x:.0}"),
            y: format!("{y:.0}"),
            turn: format!("{:.1}", if is_left { degrees + 180.0 } else { degrees }),
            is_left,
        });
    }
    for (one, other) in edges.iter().take(MOST_EDGES) {
        if let (Some((_, x, y)), Some((_, to_x, to_y))) = (places.get(*one), places.get(*other)) {
            // A bow towards the middle tells follows of neighbours on the ring apart.
            let (bend_x, bend_y) = ((x + to_x) * 0.3, (y + to_y) * 0.3);
            let _ = write!(among, "M{x:.0} {y:.0}Q{bend_x:.0} {bend_y:.0} {to_x:.0} {to_y:.0}");
        }
    }
    Ok(GraphPage {
        frame: Frame::of(cx),
        head: Head::of(user, "graph"),
        nodes,
        inward,
        outward,
        mutual,
        among,
        each: EACH,
        edges: edges.len(),
        has_more_edges: edges.len() > MOST_EDGES,
    })
}

/// Places on the ring, as an angle and a point: evenly, from the left over the top.
fn ring(count: usize) -> Vec<(f64, f64, f64)> {
    let step = std::f64::consts::TAU / count.max(1) as f64;
    let place = |at: usize| {
        let angle = std::f64::consts::PI + step * (at as f64 + 0.5) - std::f64::consts::FRAC_PI_2;
        (angle, RADIUS * angle.cos(), RADIUS * angle.sin())
    };
    (0..count).map(place).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_apart_and_within_the_picture() {
        for count in [1, 2, 150] {
            let places = ring(count);
            assert_eq!(places.len(), count);
            for (at, (_, x, y)) in places.iter().enumerate() {
                assert!(x.abs() < 500.0 && y.abs() < 500.0);
                for (_, other_x, other_y) in places.iter().skip(at + 1) {
                    assert!((x - other_x).hypot(y - other_y) > 10.0);
                }
            }
        }
        assert!(ring(0).is_empty());
    }
}
