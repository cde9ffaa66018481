//! Live updates: only committed changes are published, and only to the pages that they affect.

use std::time::Duration;

use domain::{
    experiments::Status,
    live::{Change, ChangeKind, Message, Topic},
    people::Role,
};
use tracker::{ExperimentEdit, Subscription};

use crate::{
    Case, cases,
    test_tracker::{TestTracker, parse_name},
};

pub fn cases() -> Vec<Case> {
    cases![live_updates:
        a_page_receives_relevant_changes_only,
        rejected_changes_are_not_published,
        a_page_receives_missed_changes_after_reconnecting;
        only Postgres: servers_on_one_database_receive_the_changes_of_each_other
    ]
}

/// Returns the next message, or `None` if none arrives within five seconds.
async fn next_message(page: &mut Subscription) -> Option<Message> {
    tokio::time::timeout(Duration::from_secs(5), page.next()).await.ok()
}

async fn next_change(page: &mut Subscription) -> Option<Change> {
    match next_message(page).await? {
        Message::Event { change, .. } => Some(change),
        _ => None,
    }
}

async fn a_page_receives_relevant_changes_only(test: TestTracker) {
    let ana = test.create_actor(Role::Owner, "Acme").await;
    let project = test.create_project(&ana, "signs").await;
    let id = test.create_experiment(&ana, project, "yolo").await;
    let mut page = test.tracker.subscribe(&ana, Topic::Experiment(id), None).await.unwrap();
    assert!(matches!(next_message(&mut page).await, Some(Message::Hello { .. })));
    test.create_experiment(&ana, project, "another").await;
    test.tracker.set_status(&ana, id, Status::Running).await.unwrap();
    let received = next_change(&mut page).await.unwrap();
    assert_eq!(
        (received.location.experiment, received.kind),
        (Some(id), ChangeKind::Updated),
        "changes of other experiments are not received"
    );
    test.tracker.delete_project(&ana, project).await.unwrap();
    let received = next_change(&mut page).await.unwrap();
    assert_eq!(
        (received.location.project, received.location.experiment, received.kind),
        (Some(project), None, ChangeKind::Deleted)
    );
}

async fn rejected_changes_are_not_published(test: TestTracker) {
    let ana = test.create_actor(Role::Owner, "Acme").await;
    let vic = test.create_actor(Role::Viewer, "Acme").await;
    let project = test.create_project(&ana, "signs").await;
    let id = test.create_experiment(&ana, project, "yolo").await;
    test.create_experiment(&ana, project, "taken").await;
    let mut page = test.tracker.subscribe(&vic, Topic::Experiment(id), None).await.unwrap();
    next_message(&mut page).await;
    let edit = ExperimentEdit { name: Some(parse_name("taken")), ..ExperimentEdit::default() };
    test.tracker.edit_experiment(&ana, id, &edit).await.unwrap_err();
    test.tracker.set_status(&vic, id, Status::Failed).await.unwrap_err();
    test.tracker.set_status(&ana, id, Status::Waiting).await.unwrap(); // no change: it is the current status
    test.tracker.delete_experiment(&ana, id).await.unwrap();
    assert_eq!(next_change(&mut page).await.unwrap().kind, ChangeKind::Deleted, "the first published change");
}

async fn a_page_receives_missed_changes_after_reconnecting(test: TestTracker) {
    let ana = test.create_actor(Role::Owner, "Acme").await;
    let project = test.create_project(&ana, "signs").await;
    let id = test.create_experiment(&ana, project, "yolo").await;
    let topic = Topic::Project(project);
    let mut page = test.tracker.subscribe(&ana, topic, None).await.unwrap();
    let position = next_message(&mut page).await.unwrap().position();
    drop(page);
    test.tracker.set_status(&ana, id, Status::Running).await.unwrap();
    test.tracker.set_status(&ana, id, Status::Success).await.unwrap();
    let mut page = test.tracker.subscribe(&ana, topic, Some(position)).await.unwrap();
    assert_eq!(next_message(&mut page).await, Some(Message::Hello { position }));
    for ahead in 1..=2 {
        let received = next_message(&mut page).await.unwrap();
        assert!(matches!(received, Message::Event { .. }));
        assert_eq!(received.position().seq, position.seq + ahead);
    }
}

async fn servers_on_one_database_receive_the_changes_of_each_other(test: TestTracker) {
    let (ana, id) = test.owner_with_experiment().await;
    let other = test.another_tracker().await.unwrap();
    let mut page = other.subscribe(&ana, Topic::Experiment(id), None).await.unwrap();
    next_message(&mut page).await;
    // The servers may not be connected yet, so changes are made until one is received.
    let mut received = None;
    for status in Status::ALL.into_iter().cycle().take(60) {
        test.tracker.set_status(&ana, id, status).await.unwrap();
        let message = tokio::time::timeout(Duration::from_millis(250), page.next()).await;
        if let Ok(Message::Event { change, .. }) = message {
            received = Some(change);
            break;
        }
    }
    assert_eq!(received.unwrap().location.experiment, Some(id));
    other.close().await;
}
