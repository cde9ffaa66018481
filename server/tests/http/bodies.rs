//! Bodies: too large, broken, and of the wrong kind.

use axum::body::Body;
use futures_util::stream;
use http::Request;

use crate::house::House;

const LIMIT: usize = 1 << 20;

#[tokio::test]
async fn too_large_is_refused_whether_announced_or_not() {
    let house = House::empty().await;
    let streamed = |chunks: usize| {
        Body::from_stream(stream::iter((0..chunks).map(|_| Ok::<_, std::io::Error>("x".repeat(1 << 16)))))
    };
    for (body, announced, expected) in [
        (Body::from("x".repeat(LIMIT)), Some(LIMIT), "not_found"),
        (Body::from("x".repeat(LIMIT + 1)), Some(LIMIT + 1), "too_large"),
        (streamed(16), None, "not_found"),
        (streamed(17), None, "too_large"),
        (streamed(1000), None, "too_large"),
        (Body::empty(), Some(usize::MAX), "too_large"),
    ] {
        let mut request = Request::post("/api/nothing");
        if let Some(length) = announced {
            request = request.header("content-length", length);
        }
        let answer = house.ask(request, body).await;
        assert_eq!(answer.code(), expected, "{announced:?}");
    }
}

#[tokio::test]
async fn a_body_that_breaks_off_is_said_to() {
    let house = House::empty().await;
    let broken = Body::from_stream(stream::iter([Ok("{"), Err(std::io::Error::other("gone"))]));
    let answer = house.ask(Request::post("/api/nothing"), broken).await;
    assert_eq!((answer.status.as_u16(), answer.code().as_str()), (400, "broken_body"));
}
