//! Bodies that stop, crawl, or break off, sent byte by byte over a plain socket.

use super::*;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    time::{Instant, timeout},
};

/// Opens a connection and sends the head of a presigned upload.
async fn begin(rig: &Rig, put: &Presigned, length: usize) -> TcpStream {
    let mut socket = TcpStream::connect(rig.address).await.unwrap();
    let target = put.url.split_once(&rig.address.to_string()).unwrap().1;
    let head = format!(
        "PUT {target} HTTP/1.1\r\nhost: {}\r\ncontent-type: {PNG}\r\ncontent-length: {length}\r\n\r\n",
        rig.address
    );
    socket.write_all(head.as_bytes()).await.unwrap();
    socket
}

async fn is_cut(mut socket: TcpStream, within: Duration) -> String {
    let mut answer = Vec::new();
    // the server may reset what it no longer reads; what it said before counts
    let _ = timeout(within, socket.read_to_end(&mut answer)).await.expect("the connection was not closed");
    String::from_utf8_lossy(&answer).into_owned()
}

#[actix_web::test]
async fn a_body_that_stops_is_cut() {
    let rig = Rig::with(|s| s.body_window = Duration::from_millis(150)).await;
    let key = key();
    let put = rig.presign_put(&key, &[7; 1000]).await;
    let begun = Instant::now();
    let mut socket = begin(&rig, &put, 1000).await;
    socket.write_all(&[7; 400]).await.unwrap();
    let answer = is_cut(socket, Duration::from_secs(10)).await;
    assert!(answer.starts_with("HTTP/1.1 408"), "{answer}");
    assert!(begun.elapsed() >= Duration::from_millis(150));
    assert_eq!(rig.get(Bucket::Quarantine, &key).await, None);
    assert_eq!(rig.folder.files("tmp"), Vec::<PathBuf>::new());
    assert_eq!(rig.send(&put, vec![7; 1000]).await.status(), 200, "the same request, sent whole");
}

#[actix_web::test]
async fn a_body_that_crawls_is_cut() {
    let rig = Rig::with(|s| {
        s.body_window = Duration::from_millis(200);
        s.body_window_bytes_min = 500;
    })
    .await;
    let key = key();
    let put = rig.presign_put(&key, &[7; 100_000]).await;
    let (mut reading, mut writing) = begin(&rig, &put, 100_000).await.into_split();
    let crawl = actix_web::rt::spawn(async move {
        while writing.write_all(&[7]).await.is_ok() {
            tokio::time::sleep(Duration::from_millis(10)).await
        }
    });
    let mut answer = vec![0; 12];
    timeout(Duration::from_secs(10), reading.read_exact(&mut answer)).await.expect("it was not cut").unwrap();
    crawl.abort();
    assert_eq!(answer, b"HTTP/1.1 408");
    assert_eq!(rig.get(Bucket::Quarantine, &key).await, None);
}

#[actix_web::test]
async fn a_slow_body_that_gets_on_is_taken() {
    let rig = Rig::with(|s| {
        s.body_window = Duration::from_millis(400);
        s.body_window_bytes_min = 10;
    })
    .await;
    let key = key();
    let put = rig.presign_put(&key, &[7; 200]).await;
    let begun = Instant::now();
    let mut socket = begin(&rig, &put, 200).await;
    for _ in 0..20 {
        socket.write_all(&[7; 10]).await.unwrap();
        tokio::time::sleep(Duration::from_millis(30)).await;
    }
    let mut answer = vec![0; 12];
    timeout(Duration::from_secs(10), socket.read_exact(&mut answer)).await.unwrap().unwrap();
    assert_eq!(answer, b"HTTP/1.1 200");
    assert!(begun.elapsed() > Duration::from_millis(400), "longer than one window");
    assert_eq!(rig.get(Bucket::Quarantine, &key).await.unwrap(), [7; 200].as_slice());
}

#[actix_web::test]
async fn a_body_may_not_take_for_ever() {
    let rig = Rig::with(|s| {
        s.body_window_bytes_min = 1;
        s.body_time_max = Duration::from_millis(200);
    })
    .await;
    let put = rig.presign_put(&key(), &[7; 1000]).await;
    let mut socket = begin(&rig, &put, 1000).await;
    socket.write_all(&[7; 10]).await.unwrap();
    assert!(is_cut(socket, Duration::from_secs(10)).await.starts_with("HTTP/1.1 408"));
}

#[actix_web::test]
async fn an_interrupted_upload_leaves_what_was_there_and_can_be_tried_again() {
    let rig = Rig::with(|s| s.body_window = Duration::from_millis(500)).await;
    let key = key();
    rig.storage.put_bytes(Bucket::Quarantine, &key, PNG, Bytes::from_static(b"before")).await.unwrap();
    let put = rig.presign_put(&key, &[7; 1000]).await;
    let mut socket = begin(&rig, &put, 1000).await;
    socket.write_all(&[7; 999]).await.unwrap();
    drop(socket);
    let limit = Instant::now() + Duration::from_secs(10);
    while !rig.folder.files("tmp").is_empty() {
        assert!(Instant::now() < limit, "the part that came is still there");
        tokio::task::yield_now().await;
    }
    assert_eq!(rig.get(Bucket::Quarantine, &key).await.unwrap(), "before");
    assert_eq!(rig.send(&put, vec![7; 1000]).await.status(), 200);
    assert_eq!(rig.get(Bucket::Quarantine, &key).await.unwrap(), vec![7; 1000]);
    assert_eq!(rig.folder.files("blobs").len(), 1);
}

#[actix_web::test]
async fn a_body_without_a_length_is_refused() {
    let rig = Rig::start().await;
    let put = rig.presign_put(&key(), b"12345").await;
    let target = put.url.split_once(&rig.address.to_string()).unwrap().1;
    let head = format!("PUT {target} HTTP/1.1\r\nhost: {}\r\ncontent-type: {PNG}\r\n", rig.address);
    let mut socket = TcpStream::connect(rig.address).await.unwrap();
    let body = "transfer-encoding: chunked\r\n\r\n5\r\n12345\r\n0\r\n\r\n";
    socket.write_all(format!("{head}{body}").as_bytes()).await.unwrap();
    let answer = is_cut(socket, Duration::from_secs(10)).await;
    assert!(answer.starts_with("HTTP/1.1 411"), "{answer}");
}
