//! The components in their states.

use leptos::prelude::*;

use crate::ui::*;

/// The time shown in the examples: 2026-11-24 22:36 UTC.
const EXAMPLE_TIME: i64 = 1_795_559_760_000_000;

/// Badges, tabs, tables, Markdown, code.
pub(super) fn text_components(theme: Theme) -> AnyView {
    let tabs = vec![
        Tab::new("Logs", "/design").count(24),
        Tab::new("Artifacts", "#artifacts").count(5),
        Tab::new("Telemetry", "#telemetry").live(true),
        Tab::new("Settings", "#settings"),
    ];
    let statuses = ["WAITING", "RUNNING", "SUCCESS", "FAILED", "CANCELED", "TERMINATED"];
    let rows = statuses
        .map(|status| {
            view! {
                <tr class="row">
                    <td>
                        <a class="row-link" href="#content">
                            "yolo-640-"
                            {status.to_lowercase()}
                        </a>
                    </td>
                    <td>
                        <StatusBadge status/>
                    </td>
                    <td class="num" data-label="loss">
                        <Flash value="0.2143"/>
                    </td>
                    <td data-label="created">
                        <RelativeTime at=EXAMPLE_TIME absolute="2026-11-24 22:36 UTC"/>
                    </td>
                </tr>
            }
        })
        .collect_view();
    let table = view! {
            <div class="table-frame">
                <table class="table">
                    <thead>
                        <tr>
                            <th scope="col">"Name"</th>
                            <th scope="col">"Status"</th>
                            <th scope="col" class="num">
                                "Loss"
                            </th>
                            <th scope="col">"Created"</th>
                        </tr>
                    </thead>
                    <tbody>{rows}</tbody>
                </table>
            </div>
    }
    .into_any();
    view! {
        <section class="stack">
            <h2>"Text"</h2>
            <div class="button-row">{statuses.map(|status| view! { <StatusBadge status/> }).collect_view()}</div>
            <Tabs tabs path="/design" label=theme.name()/>
            {table}
            <Markdown html="<p>Larger input, <strong>mosaic off</strong>. See <a href=\"#content\">the baseline</a>:</p><ul><li>640 px instead of 512</li><li><code>--mosaic 0</code></li></ul><blockquote><p>Small signs were lost.</p></blockquote>"/>
            <CodeBlock
                label=format!("Python, {}", theme.name())
                code="import groundglass\n\nexperiment = groundglass.start(\"yolo-640-aug3\")\nexperiment.log(\"train/loss\", 0.2143)"
            />
        </section>
    }
    .into_any()
}

/// Buttons, fields, dialogs, menus, toasts.
pub(super) fn controls(theme: Theme) -> AnyView {
    let open = RwSignal::new(false);
    let toasts = use_toasts();
    let id = move |name: &str| format!("{}-{name}", theme.name());
    let (dialog, confirm) =
        if theme == Theme::Dark { ("dark-dialog", "dark-confirm") } else { ("light-dialog", "light-confirm") };
    let options = vec![("member".to_owned(), "Member".to_owned()), ("viewer".to_owned(), "Viewer".to_owned())];
    let buttons = view! {
            <div class="button-row">
                <Button kind=ButtonKind::Primary on:click=move |_| open.set(true)>
                    <Icon glyph=Glyph::Plus/>
                    "Primary"
                </Button>
                <Button on:click=move |_| toasts.show(ToastKind::Success, "Saved.")>"Plain"</Button>
                <Button kind=ButtonKind::Quiet on:click=move |_| toasts.show(ToastKind::Error, "Couldn't save. Try again.")>
                    "Quiet"
                </Button>
                <Button kind=ButtonKind::Danger>"Danger"</Button>
                <Button busy=true>"Busy"</Button>
                <Button kind=ButtonKind::Primary busy=true>
                    "Busy"
                </Button>
                <Button disabled=true>"Disabled"</Button>
                <IconButton glyph=Glyph::Pencil label="Edit"/>
                <Disclosure button=|| view! { <Icon glyph=Glyph::Ellipsis/> } label="More" class="button button-icon">
                    <a class="menu-item" href="#content">
                        <Icon glyph=Glyph::Download/>
                        "Download"
                    </a>
                    <hr class="menu-line"/>
                    <button class="menu-item" type="button">
                        <Icon glyph=Glyph::Trash/>
                        "Delete"
                    </button>
                </Disclosure>
            </div>
    }
    .into_any();
    view! {
        <section class="stack">
            <h2>"Controls"</h2>
            {buttons}
            <form class="form panel">
                <Field label="Name" name="name" id=id("name") hint="Up to 60 characters." maxlength=60 required=true/>
                <Field label="Name" name="taken" id=id("taken") value="Road signs" error="A project of this name exists."/>
                <TextArea label="Description" name="description" id=id("description") hint="Markdown."/>
                <Select label="Role" name="role" id=id("role") options value="viewer"/>
                <ConfirmByName name="yolo-640-aug3" field=confirm action="Delete this experiment"/>
            </form>
            <Dialog title="New project" id=dialog open>
                <form class="form" method="dialog">
                    <Field label="Name" name="project" id=id("project")/>
                    <DialogActions open>
                        <Button kind=ButtonKind::Primary submit=true>
                            "Create"
                        </Button>
                    </DialogActions>
                </form>
            </Dialog>
        </section>
    }
    .into_any()
}

/// Notices, errors, empty states, skeletons.
pub(super) fn states() -> AnyView {
    view! {
        <section class="stack">
            <h2>"States"</h2>
            <Notice>"Viewers cannot change experiments; ask an organization admin for another role."</Notice>
            <Notice kind=NoticeKind::Success>"Link copied."</Notice>
            <Notice kind=NoticeKind::Warn>"This token expires in three days."</Notice>
            <Notice kind=NoticeKind::Error>"Wrong e-mail or password."</Notice>
            <ErrorPanel
                title="This page couldn't be loaded"
                advice="The database didn't respond. Try again in a moment."
                id="018f3c2a77b1"
            >
                <Button>
                    <Icon glyph=Glyph::Refresh/>
                    "Try again"
                </Button>
            </ErrorPanel>
            <EmptyState glyph=Glyph::ChartLine title="No logs yet" text="Metrics and images that your script logs appear here.">
                <a class="button" href="#content">
                    "How to log"
                </a>
            </EmptyState>
            <Skeleton shape=SkeletonShape::Text/>
            <Skeleton shape=SkeletonShape::Rows/>
            <Skeleton shape=SkeletonShape::Cards count=1/>
        </section>
    }
    .into_any()
}
