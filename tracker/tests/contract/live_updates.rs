//! Live updates: only committed changes are published, and only to the pages that they affect.

use std::time::Duration;

use domain::{
    experiments::Status,
    live::{Change, ChangeKind, Message, Topic},
    people::Role,
};
use tracker::{ExperimentEdit, LiveAccess, NewUser, Subscription};

use crate::{
    Case, cases,
    test_tracker::{TestTracker, parse_email, parse_name, test_password},
};

pub fn cases() -> Vec<Case> {
    cases![live_updates:
        a_page_receives_relevant_changes_only,
        rejected_changes_are_not_published,
        a_page_receives_missed_changes_after_reconnecting,
        access_ends_with_the_membership_on_all_servers;
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

async fn access_ends_with_the_membership_on_all_servers(test: TestTracker) {
    let (ana, experiment) = test.owner_with_experiment().await;
    let page = test.tracker.experiment(&ana, experiment).await.unwrap();
    let email = parse_email("bo@example.org");
    let new = NewUser {
        email: email.clone(),
        name: parse_name("Bo"),
        role: Some(Role::Viewer),
        password: test_password(),
        organization: Some(page.organization_name),
    };
    test.tracker.operator().create_user(&new).await.unwrap();
    let session = test.tracker.sign_in(&email, test_password().reveal(), [127, 0, 0, 1].into()).await.unwrap();
    let other = test.another_tracker().await.unwrap();
    let topics = [
        Topic::Organization(page.organization),
        Topic::Project(page.experiment.project),
        Topic::Experiment(experiment),
    ];
    let check = async |expected: [LiveAccess; 3], why: &str| {
        for tracker in [&test.tracker, &other] {
            for (topic, expected) in topics.into_iter().zip(expected) {
                assert_eq!(tracker.live_access(session.reveal(), topic).await.unwrap(), expected, "{why} {topic:?}");
            }
        }
    };
    check([LiveAccess::Granted; 3], "a viewer").await;
    test.execute("UPDATE memberships SET role = 'member' WHERE role = 'viewer'").await;
    check([LiveAccess::Granted; 3], "a member").await;
    test.tracker.delete_experiment(&ana, experiment).await.unwrap();
    check([LiveAccess::Granted, LiveAccess::Granted, LiveAccess::Denied], "a deleted experiment").await;
    test.execute("DELETE FROM memberships WHERE role = 'member'").await;
    check([LiveAccess::Denied; 3], "a removed member").await;
    test.tracker.operator().set_password(&email, &test_password()).await.unwrap();
    check([LiveAccess::SessionEnded; 3], "an ended session").await;
    other.close().await;
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
