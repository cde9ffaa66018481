//! The memory of password hashes.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use futures_util::future::join_all;
use tokio::net::TcpStream;

use crate::client::{get, read_response, send};
use crate::seeded_data::SeededData;

/// Number of sign-ins whose connection is closed before the response.
const HUNG_UP: u16 = 100;
/// Number of sign-ins at once, more than the queue of hashes has places.
const AT_ONCE: u16 = 200;
/// Number of sign-ins one after another.
const ONE_BY_ONE: u16 = 60;
/// Memory of the two hashes that are computed at once, and of the connections, in bytes.
const MAX_MEMORY: u64 = 70_000_000;
/// Memory that may remain when all is done, in bytes.
const MAX_REMAINING: u64 = 30_000_000;

/// Sends a sign-in from the client address and of the user with this number.
async fn send_sign_in(address: SocketAddr, number: u16) -> TcpStream {
    let body = format!("email=user{number}%40example.org&password=tripod-lens-17");
    let [high, low] = number.to_be_bytes();
    let headers = format!(
        "Origin: http://{address}\r\nContent-Type: application/x-www-form-urlencoded\r\nX-Forwarded-For: 10.0.{high}.{low}\r\n"
    );
    send(address, "POST", "/fn/sign-in", &headers, &body).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sign_ins_take_a_bounded_amount_of_memory_and_return_it() {
    let data = SeededData::create().await;
    let config = data.config.clone().with_serve_arguments(&["--trusted-proxy", "127.0.0.1"]);
    let instance = config.start().unwrap();
    let address = instance.address();
    let before = instance.memory().unwrap().current;

    join_all((0..HUNG_UP).map(async |number| {
        let stream = send_sign_in(address, number).await;
        tokio::time::sleep(Duration::from_millis(2)).await;
        drop(stream);
    }))
    .await;
    assert_eq!(get(address, "/healthz", "").await.status, 200);
    let hung_up = instance.memory().unwrap().peak - before;

    let responses = join_all((0..AT_ONCE).map(async |number| {
        let start = Instant::now();
        read_response(send_sign_in(address, 1_000 + number).await, start).await
    }))
    .await;
    let rejected: Vec<_> = responses.iter().filter(|response| response.status == 429).collect();
    let checked = responses.iter().filter(|response| response.status == 422).count();
    assert_eq!(checked + rejected.len(), responses.len(), "{:?}", responses.iter().map(|r| r.status).max());
    assert!(!rejected.is_empty() && rejected.iter().all(|response| response.head.contains("retry-after: ")));
    assert!(checked >= 60, "{checked}");
    let at_once = instance.memory().unwrap().peak - before;

    for number in 0..ONE_BY_ONE {
        let response = read_response(send_sign_in(address, 2_000 + number).await, Instant::now()).await;
        assert_eq!(response.status, 422, "{}", String::from_utf8_lossy(&response.body));
    }
    let remaining = instance.memory().unwrap().current.saturating_sub(before);
    println!(
        "{HUNG_UP} hung-up sign-ins take {} MB; {AT_ONCE} at once {} MB, {} rejected; {ONE_BY_ONE} one by one leave {} MB",
        hung_up / 1_000_000,
        at_once / 1_000_000,
        rejected.len(),
        remaining / 1_000_000,
    );
    assert!(hung_up < MAX_MEMORY && at_once < MAX_MEMORY, "{hung_up}, {at_once}");
    assert!(remaining < MAX_REMAINING, "{remaining}");
    instance.stop().unwrap();
}
