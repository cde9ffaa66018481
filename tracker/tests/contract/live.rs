//! What is announced is committed, and reaches whom it concerns.

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
    cases![live:
        an_open_page_hears_of_changes,
        refusals_are_not_announced,
        a_page_that_was_away_hears_what_it_missed;
        only Postgres: servers_on_one_database_hear_each_other
    ]
}

/// The next message; a page that waits longer than this for one heard nothing.
async fn next(page: &mut Subscription) -> Option<Message> {
    tokio::time::timeout(Duration::from_secs(5), page.next()).await.ok()
}

async fn next_change(page: &mut Subscription) -> Option<Change> {
    match next(page).await? {
        Message::Event { change, .. } => Some(change),
        _ => None,
    }
}

async fn an_open_page_hears_of_changes(test: TestTracker) {
    let ana = test.create_actor(Role::Owner, "Acme").await;
    let project = test.create_project(&ana, "signs").await;
    let id = test.create_experiment(&ana, project, "yolo").await;
    let mut page = test.tracker.subscribe(&ana, Topic::Experiment(id), None).await.unwrap();
    assert!(matches!(next(&mut page).await, Some(Message::Hello { .. })));
    test.create_experiment(&ana, project, "another").await;
    test.tracker.set_status(&ana, id, Status::Running).await.unwrap();
    let heard = next_change(&mut page).await.unwrap();
    assert_eq!(
        (heard.location.experiment, heard.kind),
        (Some(id), ChangeKind::Updated),
        "and nothing of the other experiment"
    );
    test.tracker.delete_project(&ana, project).await.unwrap();
    let heard = next_change(&mut page).await.unwrap();
    assert_eq!(
        (heard.location.project, heard.location.experiment, heard.kind),
        (Some(project), None, ChangeKind::Deleted)
    );
}

async fn refusals_are_not_announced(test: TestTracker) {
    let ana = test.create_actor(Role::Owner, "Acme").await;
    let vic = test.create_actor(Role::Viewer, "Acme").await;
    let project = test.create_project(&ana, "signs").await;
    let id = test.create_experiment(&ana, project, "yolo").await;
    test.create_experiment(&ana, project, "taken").await;
    let mut page = test.tracker.subscribe(&vic, Topic::Experiment(id), None).await.unwrap();
    next(&mut page).await;
    let edit = ExperimentEdit { name: Some(parse_name("taken")), ..ExperimentEdit::default() };
    test.tracker.edit_experiment(&ana, id, &edit).await.unwrap_err();
    test.tracker.set_status(&vic, id, Status::Failed).await.unwrap_err();
    test.tracker.set_status(&ana, id, Status::Waiting).await.unwrap(); // it is already
    test.tracker.delete_experiment(&ana, id).await.unwrap();
    assert_eq!(next_change(&mut page).await.unwrap().kind, ChangeKind::Deleted, "the first thing that happened");
}

async fn a_page_that_was_away_hears_what_it_missed(test: TestTracker) {
    let ana = test.create_actor(Role::Owner, "Acme").await;
    let project = test.create_project(&ana, "signs").await;
    let id = test.create_experiment(&ana, project, "yolo").await;
    let topic = Topic::Project(project);
    let mut page = test.tracker.subscribe(&ana, topic, None).await.unwrap();
    let position = next(&mut page).await.unwrap().position();
    drop(page);
    test.tracker.set_status(&ana, id, Status::Running).await.unwrap();
    test.tracker.set_status(&ana, id, Status::Success).await.unwrap();
    let mut page = test.tracker.subscribe(&ana, topic, Some(position)).await.unwrap();
    assert_eq!(next(&mut page).await, Some(Message::Hello { position }));
    for ahead in 1..=2 {
        let heard = next(&mut page).await.unwrap();
        assert!(matches!(heard, Message::Event { .. }));
        assert_eq!(heard.position().seq, position.seq + ahead);
    }
}

async fn servers_on_one_database_hear_each_other(test: TestTracker) {
    let (ana, id) = test.owner_with_experiment().await;
    let there = test.another_tracker().await.unwrap();
    let mut page = there.subscribe(&ana, Topic::Experiment(id), None).await.unwrap();
    next(&mut page).await;
    // The line between the servers may still be on its way up, so the change is made until it is heard.
    let mut heard = None;
    for status in Status::ALL.into_iter().cycle().take(60) {
        test.tracker.set_status(&ana, id, status).await.unwrap();
        let waited = tokio::time::timeout(Duration::from_millis(250), page.next()).await;
        if let Ok(Message::Event { change, .. }) = waited {
            heard = Some(change);
            break;
        }
    }
    assert_eq!(heard.unwrap().location.experiment, Some(id));
    there.close().await;
}
